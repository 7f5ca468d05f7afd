"""What the words of `clocks`, `ladders` and `notify` become: states, points, recipients – and what they are refused for."""

from __future__ import annotations

import pytest

from engine.core.compiled import CompiledDefinition
from engine.core.ladder import Rung
from engine.timing.period import Period
from roles.policy import Right
from tests.process import definition, library

PROCESS = """
calendar: desk-hours
parties: {customer: {email: mail}}
fields:
  mail: {type: email, title: 邮箱, personal: true}
  note: {type: text, title: 备注}
  kind: {type: choice, title: 类别, choices: {big: 大, small: 小}}
  days: {type: integer, title: 天数}
  promised: {type: date, title: 承诺, computed: begun + 3wd}
  begun: {type: date, title: 开始}
  tester: {type: person, title: 维修员, role: bench}
  helpers: {type: people, title: 协助}
start:
  open: {title: 受理, by: desk, asks: [mail, kind, days, begun?, tester, helpers, note?], to: waiting}
states:
  waiting: {title: 等待, phase: receive, waits_on: parts, transitions: {go: {title: 开始, by: desk, to: working}}}
  working:
    title: 维修
    phase: repair
    transitions:
      done: {title: 完成, by: bench, to: testing}
      wait: {title: 待件, by: bench, to: waiting}
  testing:
    title: 检验
    phase: repair
    waits_on: customer
    transitions:
      pass: {title: 合格, by: bench, to: ended}
      drop: {title: 放弃, by: system, to: ended}
  ended: {title: 结案, phase: done, final: success, transitions: {reopen: {title: 重开, by: boss, to: working}}}
clocks:
  main:
    title: 时限
    RUNS
    LIMIT
    ladder: [{at: due, fire: drop}]
"""


def clock(runs: str = "runs_in: testing", limit: str = "limit: 1d", *more: str) -> CompiledDefinition:
    return definition(text(runs, limit, *more))


def text(runs: str = "runs_in: testing", limit: str = "limit: 1d", *more: str) -> str:
    found = PROCESS.replace("RUNS", runs).replace("LIMIT", "\n    ".join([limit, *more]))
    if runs != "runs_in: testing":
        # Only where the clock runs in no other state may its rung fire.
        found = found.replace("ladder: [{at: due, fire: drop}]", "ladder: []").replace(
            "      drop: {title: 放弃, by: system, to: ended}\n", ""
        )
    return found


def faults(found: str) -> list[tuple[str, str]]:
    return [(one.code, one.sentence.en) for one in library(found).diagnostics]


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("working", {"working"}),
        ("[working, waiting]", {"working", "waiting"}),
        ("{phase: repair}", {"working", "testing"}),
        ("[{waits_on: parts}, {waits_on: customer}]", {"waiting", "testing"}),
        ("[{phase: receive}, working]", {"waiting", "working"}),
        ("all", {"waiting", "working", "testing"}),
    ],
)
def test_a_set_of_states_stands_for_their_ids(words: str, states: set[str]) -> None:
    rule = clock(f"runs_in: {words}").clocks["main"]

    assert rule.states == states
    assert not rule.pauses | rule.until


def test_until_a_step_it_runs_in_every_open_state() -> None:
    rule = clock("until: [pass, wait]", "limit: 1d", "pauses: {waits_on: parts}").clocks["main"]

    assert rule.states == {"waiting", "working", "testing"}
    assert rule.until == {"pass", "wait"}
    assert rule.pauses == {"waiting"}


def test_a_set_of_pauses_holds_within_the_clock_only() -> None:
    rule = clock("runs_in: [waiting, working]", "limit: 1d", "pauses: [{waits_on: parts}, {waits_on: customer}]").clocks["main"]

    assert rule.pauses == {"waiting"}


@pytest.mark.parametrize(
    ("word", "restart"),
    [("never", "never"), ("on_entry", "on_entry"), ("any_step", "any_step"), ("wait", {"wait"}), ("[wait, reopen]", {"wait", "reopen"})],
)
def test_a_cycle_begins_again_as_the_word_says(word: str, restart: object) -> None:
    assert clock("runs_in: all", "limit: 1d", f"restart: {word}").clocks["main"].restart == restart


def test_what_is_left_out_has_its_default() -> None:
    rule = clock().clocks["main"]

    assert (rule.since, rule.due, rule.when, rule.restart, rule.legal, rule.calendar) == (None, None, None, "never", False, "desk-hours")


def rungs(ladder: str) -> tuple[Rung, ...]:
    found = text("runs_in: all").replace("ladder: []", f"ladder: {ladder}")
    return definition(found).clocks["main"].ladder


@pytest.mark.parametrize(
    ("at", "id", "percent", "after_start", "after_due"),
    [
        ("75%", "75%", 75, None, None),
        ("due", "due", None, None, None),
        ("due + 1wd", "due+1wd", None, None, Period(1, "wd")),
        ("due - 30m", "due-30m", None, None, Period(-30, "m")),
        ("7d", "7d", None, Period(7, "d"), None),
    ],
)
def test_the_point_of_a_rung(at: str, id: str, percent: int | None, after_start: Period | None, after_due: Period | None) -> None:
    (rung,) = rungs(f"[{{at: {at}, tell: desk, template: overdue}}]")

    assert (rung.id, rung.percent, rung.after_start, rung.after_due) == (id, percent, after_start, after_due)
    assert (rung.every, rung.times, rung.late) == (None, 1, "merge")


def test_rungs_at_one_point_are_told_apart_and_repeat_as_written() -> None:
    line = "{at: due, tell: desk, template: overdue, every: 1wd"
    first, second, third = rungs(f"[{line}}}, {line}, times: 3, late: skip}}, {line}, times: 2, when: kind == big}}]")

    assert [each.id for each in (first, second, third)] == ["due", "due/2", "due/3"]
    assert [each.times for each in (first, second, third)] == [1000, 3, 2]
    assert (second.every, second.late) == (Period(1, "wd"), "skip")
    assert third.when is not None
    assert third.notice is not None
    assert third.notice.when is None


def test_clocks_share_a_ladder_by_its_name() -> None:
    shared = "ladders: {late: [{at: due, tell: boss, template: overdue}]}\n"
    found = definition(shared + text("runs_in: all").replace("ladder: []", "ladder: late"))

    (rung,) = found.clocks["main"].ladder
    assert rung.path == ("ladders", "late", 0)
    assert rung.notice is not None
    assert rung.notice.template.values() == ("overdue",)


def test_whoever_can_be_reached_can_be_told() -> None:
    notify = "notify: [{tell: [boss, tester, helpers, customer, assignee], template: ready-for-pickup, when: days > 1}], "
    found = definition(text().replace("{title: 合格, by: bench, ", "{title: 合格, by: bench, " + notify))

    (rule,) = found.states["testing"].steps["pass"].notify
    assert rule.tell == (
        Right("role", "boss"),
        Right("field", "tester"),
        Right("field", "helpers"),
        Right("party", "customer"),
        Right("assignee", "assignee"),
    )
    assert rule.when is not None
    assert "ready-for-pickup" in found.templates


def test_only_the_system_does_what_a_rung_fires() -> None:
    assert clock().states["testing"].steps["drop"].by == (Right("system", "system"),)


def test_what_a_clock_reads_is_corrected_by_the_owner_alone_and_for_a_legal_one_by_nobody() -> None:
    reading = ("due: promised", "limit: [{when: kind == big, then: 1d * days}, {else: 2d}]", "from: begun")
    plain = clock("runs_in: all", *reading)
    legal = clock("runs_in: all", *reading, "legal: true", "source: [CON3]")

    assert plain.clocks["main"].reads == {"promised", "kind", "days", "begun"}
    assert {"promised", "kind", "days", "begun"} <= plain.deciding
    assert plain.guarded == frozenset()
    assert legal.guarded == {"promised", "kind", "days", "begun"}


def test_a_legal_clock_guards_what_its_fields_are_computed_from() -> None:
    assert clock("runs_in: all", "due: promised", "legal: true", "source: [CON3]").guarded == {"promised", "begun"}


def test_a_limit_by_the_choice_of_a_field_reads_that_field() -> None:
    assert clock("runs_in: all", "limit: {field: kind, is: {big: 2d, small: 1d}}").clocks["main"].reads == {"kind"}


def test_what_may_be_empty_may_be_read_by_a_clock() -> None:
    rule = clock("runs_in: all", "limit: 1d", "when: note == '急' or begun is set").clocks["main"]

    assert rule.when is not None
    assert rule.reads == {"note", "begun"}


@pytest.mark.parametrize(
    "reading", ["today() > begun", "now() > done_at(go)", "actor == tester", "acting(boss)", "sampled(5)", "days_since(begun) > 1"]
)
def test_a_clock_reads_nothing_that_would_not_wake_it(reading: str) -> None:
    assert [code for code, _ in faults(text("runs_in: all", "limit: 1d", f"when: {reading}"))] == ["not-allowed-here"]
    assert [code for code, _ in faults(text("runs_in: all", f"limit: [{{when: {reading}, then: 1d}}, {{else: 2d}}]"))] == [
        "not-allowed-here"
    ]


def test_a_clock_may_read_what_was_done() -> None:
    assert faults(text("runs_in: all", "limit: 1d", "when: done(go) and assignee is not set and times(done) < 3")) == []


def test_a_rung_fires_its_step_wherever_the_clock_runs() -> None:
    elsewhere = text().replace("runs_in: testing", "runs_in: [testing, working, waiting]")

    assert faults(elsewhere) == [
        ("fired-step-missing", "“drop” must be open to the system wherever the clock runs; it is not in: waiting, working")
    ]
    assert faults(elsewhere.replace("limit: 1d", "limit: 1d\n    pauses: [working, waiting]")) == []


def test_a_step_of_the_system_that_no_rung_fires_is_dead() -> None:
    assert faults(text().replace("fire: drop", "tell: desk, template: overdue")) == [
        ("step-never-fired", "no rung fires “drop”: the system never performs it")
    ]


def test_names_in_clocks_are_offered_as_they_were_meant() -> None:
    for wrong, right in (("testin", "testing"), ("al", "all")):
        (one,) = library(text("runs_in: [working, " + wrong + "]")).diagnostics
        assert one.way_out is not None
        assert one.way_out.en == f"Did you mean “{right}”?"
    (one,) = library(text("runs_in: all", "limit: 1d", "restart: on_entri")).diagnostics
    assert one.way_out is not None
    assert one.way_out.en == "Did you mean “on_entry”?"


def test_one_mistake_in_a_shared_ladder_is_told_once() -> None:
    shared = "ladders: {late: [{at: due, tell: bosss, template: overdue}]}\n"
    twice = text("runs_in: all").replace("ladder: []", "ladder: late") + "  other: {title: 另一, runs_in: all, limit: 2d, ladder: late}\n"

    assert [code for code, _ in faults(shared + twice)] == ["unknown-role"]


def test_a_clock_may_have_a_calendar_of_its_own() -> None:
    own = (
        text("runs_in: all", "limit: 1wh", "calendar: desk-hours")
        .replace("\ncalendar: desk-hours", "", 1)
        .replace("computed: begun + 3wd", "computed: begun + 3d")
    )

    found = definition(own)

    assert found.calendar is None
    assert found.clocks["main"].calendar == "desk-hours"
    assert found.calendars.keys() == {"desk-hours"}
