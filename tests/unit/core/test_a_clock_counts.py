"""When a clock of a case runs, stands still, begins again – and when it is therefore due (docs/reference/language.md, Clocks)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.core.clock import due_of
from tests.process import Walk, coded, definition
from tests.unit.core.bench import counted, fires, local, opened, run, step

LEGAL = "legal: true, source: [CON3]"


def latest(walk: Walk, clock: str) -> str:
    """The latest date that can be defended."""
    rule = walk.definition.clocks[clock]
    found = due_of(rule, run(walk, clock), walk.definition.calendars[rule.calendar])
    assert found is not None
    return local(found.latest)


def test_it_starts_with_entering_its_state_and_stops_with_leaving() -> None:
    walk = opened("  repair: {title: 维修, runs_in: working, limit: 4wh}\n")

    assert walk.case.clocks == {}
    assert step(walk, "2026-09-28 16:00", "take").due("repair") == "2026-09-29 11:00"
    assert step(walk, "2026-09-28 17:00", "back").due("repair") is None
    assert run(walk, "repair").standing == "stopped"


@pytest.mark.parametrize(
    ("limit", "begins", "due"),
    [
        ("30m", "2026-09-28 23:45", "2026-09-29 00:15"),
        ("4h", "2026-09-28 16:00", "2026-09-28 20:00"),
        ("3d", "2026-09-28 16:00", "2026-10-02 00:00"),
        ("4wh", "2026-09-28 16:00", "2026-09-29 11:00"),
        ("3wh", "2026-10-03 10:00", "2026-10-05 12:00"),
        ("1wd", "2026-09-28 16:00", "2026-09-29 18:00"),
        ("1wd", "2026-10-03 10:00", "2026-10-05 18:00"),
        ("1mo", "2027-01-31 16:00", "2027-03-01 00:00"),
        ("1mo", "2028-01-31 16:00", "2028-03-01 00:00"),
        ("1mo", "2028-02-29 10:00", "2028-03-30 00:00"),
        ("1mo", "2026-12-31 10:00", "2027-02-01 00:00"),
        ("1y", "2028-02-29 10:00", "2029-03-01 00:00"),
        ("4y", "2028-02-29 10:00", "2032-03-01 00:00"),
    ],
)
def test_it_is_due_as_its_unit_counts(limit: str, begins: str, due: str) -> None:
    walk = opened(f"  repair: {{title: 维修, runs_in: working, limit: {limit}}}\n")

    assert step(walk, begins, "take").due("repair") == due


@pytest.mark.parametrize(
    ("limit", "pauses", "goes_on", "meanwhile", "due"),
    [
        ("4h", "2026-09-28 17:00", "2026-09-28 18:30", None, "2026-09-28 21:30"),
        ("4wh", "2026-09-29 09:30", "2026-09-29 10:30", None, "2026-09-29 12:00"),
        ("4wh", "2026-09-28 18:30", "2026-09-29 08:30", None, "2026-09-29 11:00"),
        ("3d", "2026-09-29 22:00", "2026-09-30 08:00", None, "2026-10-03 00:00"),
        ("3d", "2026-09-29 08:00", "2026-09-29 22:00", None, "2026-10-02 00:00"),
        ("1wd", "2026-09-28 17:00", "2026-09-30 08:00", None, "2026-09-30 18:00"),
        ("1wd", "2026-09-29 10:00", "2026-09-30 10:00", "2026-09-29 18:00", "2026-09-29 18:00"),
        ("1mo", "2026-09-29 10:00", "2026-10-09 10:00", None, "2026-11-08 00:00"),
    ],
)
def test_a_pause_moves_it_as_its_unit_counts(limit: str, pauses: str, goes_on: str, meanwhile: str | None, due: str) -> None:
    walk = opened(f"  repair: {{title: 维修, runs_in: [working, missing], pauses: missing, limit: {limit}}}\n")
    step(walk, "2026-09-28 16:00", "take")

    assert step(walk, pauses, "need").due("repair") == meanwhile
    assert run(walk, "repair").standing == "paused"
    assert step(walk, goes_on, "arrive").due("repair") == due


def test_what_was_overdue_when_the_pause_began_stays_overdue() -> None:
    walk = opened("  repair: {title: 维修, runs_in: [working, missing], pauses: missing, limit: 4h}\n")
    step(walk, "2026-09-28 10:00", "take")

    assert step(walk, "2026-09-28 16:00", "need").due("repair") == "2026-09-28 14:00"
    assert step(walk, "2026-09-30 16:00", "arrive").due("repair") == "2026-09-28 14:00"


def test_each_clock_has_its_own_pauses() -> None:
    walk = opened("""
  repair:  {title: 维修, runs_in: all, pauses: {waits_on: parts}, limit: 8h}
  patient: {title: 宽限, runs_in: all, pauses: [{waits_on: parts}, {waits_on: customer}], limit: 8h}
  strict:  {title: 总时, runs_in: all, limit: 8h}
""")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    assert [walk.due(name) for name in ("repair", "patient", "strict")] == [None, None, "2026-09-28 17:30"]
    step(walk, "2026-09-28 12:00", "arrive")
    step(walk, "2026-09-28 13:00", "ask")
    assert [walk.due(name) for name in ("repair", "patient", "strict")] == ["2026-09-28 18:30", None, "2026-09-28 17:30"]
    step(walk, "2026-09-28 15:00", "answer")
    assert [walk.due(name) for name in ("repair", "patient", "strict")] == ["2026-09-28 18:30", "2026-09-28 20:30", "2026-09-28 17:30"]


def test_it_runs_only_while_its_condition_holds() -> None:
    walk = opened("  rushed: {title: 加急, runs_in: all, when: urgent, limit: 4h}\n")
    assert walk.case.clocks == {}
    assert step(walk, "2026-09-28 10:00", "rush", urgent=False).due("rushed") is None
    assert step(walk, "2026-09-28 11:00", "rush", urgent=True).due("rushed") == "2026-09-28 15:00"
    assert step(walk, "2026-09-28 12:00", "rush").due("rushed") is None
    assert run(walk, "rushed").breaks[-1].why == "condition"
    assert step(walk, "2026-09-29 12:00", "rush", urgent=True).due("rushed") == "2026-09-29 15:00"
    assert run(walk, "rushed").cycle == 1


@pytest.mark.parametrize(
    ("limit", "data", "due"),
    [
        ("30d", {"bought": "2026-09-20"}, "2026-10-21 00:00"),
        ("30d", {"bought": "2026-10-10"}, "2026-11-10 00:00"),
        ("1mo", {"bought": "2026-01-31"}, "2026-03-01 00:00"),
        ("2wd", {"bought": "2026-09-25"}, "2026-09-29 18:00"),
    ],
)
def test_from_a_date_it_counts_from_the_day(limit: str, data: dict[str, Any], due: str) -> None:
    walk = opened(f"  warranty: {{title: 三包, runs_in: working, from: bought, limit: {limit}}}\n", **data)
    assert walk.case.clocks == {}

    assert step(walk, "2026-09-28 10:00", "take").due("warranty") == due
    assert local(run(walk, "warranty").start) == f"{data['bought']} 00:00"


def test_from_an_instant_it_counts_from_there() -> None:
    walk = opened("  reply: {title: 答复, runs_in: all, from: begun, limit: 8h}\n", begun="2026-09-28 07:15")

    assert walk.due("reply") == "2026-09-28 15:15"
    assert counted(walk, "reply", "2026-09-28 09:30") == timedelta(hours=2, minutes=15)


def test_a_start_that_changes_moves_the_clock_and_an_empty_one_stops_it() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: all, from: bought, limit: 30d}\n")
    assert walk.case.clocks == {}

    assert step(walk, "2026-09-28 10:00", "sold", bought="2026-09-20").due("warranty") == "2026-10-21 00:00"
    assert step(walk, "2026-09-28 11:00", "sold", bought="2026-09-10").due("warranty") == "2026-10-11 00:00"
    assert step(walk, "2026-09-28 12:00", "sold").due("warranty") is None
    assert run(walk, "warranty").standing == "stopped"
    assert step(walk, "2026-09-28 13:00", "sold", bought="2026-09-11").due("warranty") == "2026-10-12 00:00"
    assert run(walk, "warranty").cycle == 1


def test_a_promised_date_wins_over_the_limit_while_it_is_set() -> None:
    walk = opened("  reply: {title: 答复, runs_in: all, limit: 3d, due: promised}\n")
    assert walk.due("reply") == "2026-10-02 00:00"

    assert step(walk, "2026-09-28 10:00", "promise", promised="2026-10-09").due("reply") == "2026-10-10 00:00"
    assert step(walk, "2026-09-28 11:00", "promise", promised="2026-09-29").due("reply") == "2026-09-30 00:00"
    assert step(walk, "2026-09-28 12:00", "promise").due("reply") == "2026-10-02 00:00"
    assert local(run(walk, "reply").start) == "2026-09-28 09:30"


def test_a_promise_is_not_moved_by_a_pause() -> None:
    walk = opened("  reply: {title: 答复, runs_in: all, pauses: missing, due: agreed}\n", agreed="2026-09-30 15:00")
    step(walk, "2026-09-28 10:00", "take")
    assert step(walk, "2026-09-28 11:00", "need").due("reply") == "2026-09-30 15:00"

    assert step(walk, "2026-09-30 11:00", "arrive").due("reply") == "2026-09-30 15:00"


def test_without_limit_and_promise_it_does_not_run_yet() -> None:
    walk = opened("  reply: {title: 答复, runs_in: all, due: agreed}\n")
    assert walk.case.clocks == {}

    assert step(walk, "2026-09-28 10:00", "agree", agreed="2026-09-30 15:00").due("reply") == "2026-09-30 15:00"
    step(walk, "2026-09-28 11:00", "agree")
    assert (walk.due("reply"), run(walk, "reply").standing) == (None, "stopped")


@pytest.mark.parametrize(
    ("limit", "first", "then", "before", "after"),
    [
        ("[{when: urgent, then: 4wh}, {else: 8wh}]", {"urgent": False}, ("rush", {"urgent": True}), "2026-09-29 10:30", "2026-09-28 15:30"),
        ("{field: level, is: {high: 4h, low: 1d}}", {"level": "low"}, ("grade", {"level": "high"}), "2026-09-30 00:00", "2026-09-28 14:00"),
        ("1d * days", {"days": 3}, ("allow", {"days": 5}), "2026-10-02 00:00", "2026-10-04 00:00"),
        ("10d - 2d * days", {"days": 1}, ("allow", {"days": 4}), "2026-10-07 00:00", "2026-10-01 00:00"),
    ],
)
def test_a_limit_follows_the_data_and_the_start_stays(
    limit: str, first: dict[str, Any], then: tuple[str, dict[str, Any]], before: str, after: str
) -> None:
    walk = opened(f"  repair: {{title: 维修, runs_in: working, limit: {limit}}}\n", **first)
    assert step(walk, "2026-09-28 10:00", "take").due("repair") == before

    assert step(walk, "2026-09-28 13:00", then[0], **then[1]).due("repair") == after
    assert local(run(walk, "repair").start) == "2026-09-28 10:00"
    assert run(walk, "repair").breaks == ()


def test_a_limit_whose_field_is_empty_does_not_run_yet() -> None:
    walk = opened("  repair: {title: 维修, runs_in: all, limit: 1d * days}\n")
    assert walk.case.clocks == {}

    assert step(walk, "2026-09-29 10:00", "allow", days=3).due("repair") == "2026-10-03 00:00"
    assert step(walk, "2026-09-29 12:00", "allow").due("repair") is None
    assert run(walk, "repair").standing == "stopped"


def test_a_limit_without_an_answer_refuses_only_the_step_that_leads_there() -> None:
    walk = opened(
        "  repair: {title: 维修, runs_in: working, limit: [{when: days == 1, then: 1d}, {when: days == 2, then: 2d}]}\n",
        faults=("choice-gap",),
        days=3,
    )

    assert coded(walk.refused("take", "tom")) == [("no_single_choice", "clocks.repair.limit")]
    step(walk, "2026-09-28 10:00", "allow", days=2)
    step(walk, "2026-09-28 11:00", "take")
    assert coded(walk.refused("allow", "tom", days=4)) == [("no_single_choice", "clocks.repair.limit")]


def test_what_a_step_has_done_counts_for_the_clocks_that_are_read_after_it() -> None:
    walk = opened(
        "  opened: {title: 受理后, runs_in: all, when: done(open), limit: 2d}\n"
        "  before: {title: 接单前, runs_in: all, when: not done(take), limit: 2d}\n"
        "  after:  {title: 接单后, runs_in: all, when: done(take), limit: 2d}\n"
    )
    assert (walk.due("opened"), walk.due("before"), walk.due("after")) == ("2026-10-01 00:00", "2026-10-01 00:00", None)

    step(walk, "2026-09-29 10:00", "take")
    assert (walk.due("opened"), walk.due("before"), walk.due("after")) == ("2026-10-01 00:00", None, "2026-10-02 00:00")


def test_whom_a_step_has_given_the_case_counts_for_its_clocks() -> None:
    walk = Walk(
        definition("""
calendar: desk-hours
fields: {note: {type: text, title: 备注}}
start:
  open: {title: 受理, by: desk, to: waiting}
states:
  waiting:
    title: 待修
    transitions:
      take:   {title: 接单, by: bench, assign: actor, to: stay}
      drop:   {title: 退回, by: bench, assign: nobody, to: stay}
      finish: {title: 完成, by: bench, to: done}
  done: {title: 完成, final: success}
clocks:
  held: {title: 在手, runs_in: waiting, when: assignee is set, limit: 2d}
""")
    )
    walk.open("dan")

    assert walk.case.clocks == {}
    walk.do("take", "tom")
    assert run(walk, "held").standing == "running"
    walk.do("drop", "tom")
    assert run(walk, "held").standing == "stopped"


def test_a_comment_changes_no_clock() -> None:
    walk = opened("  idle: {title: 闲置, runs_in: all, restart: any_step, limit: [{when: urgent, then: 1d}, {else: 3d}]}\n", urgent=True)
    before, timers = walk.case.clocks, dict(walk.timers)
    walk.to("2026-09-28 18:00").comment("tom", "客户来电")

    assert (walk.case.clocks, walk.timers) == (before, timers)


def test_a_correction_moves_a_limit_but_only_the_owner_makes_it() -> None:
    walk = opened("  repair: {title: 维修, runs_in: all, limit: [{when: urgent, then: 4wh}, {else: 8wh}]}\n", urgent=False)

    assert coded(walk.not_corrected("tom", urgent=True)) == [("not_authorised", "urgent")]
    walk.to("2026-09-28 14:00").correct("bea", urgent=True)
    assert walk.due("repair") == "2026-09-28 15:00"
    assert local(run(walk, "repair").start) == "2026-09-28 09:30"


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ("limit: 1d * days", {"days": 5}),
        ("limit: 30d, from: bought", {"bought": "2026-09-01"}),
        ("due: promised", {"promised": "2026-12-01"}),
        ("limit: 3d, when: urgent", {"urgent": True}),
    ],
)
def test_what_a_legal_clock_reads_is_corrected_by_nobody(words: str, data: dict[str, Any]) -> None:
    walk = opened(f"  law: {{title: 法定, runs_in: all, {words}, {LEGAL}}}\n")

    assert coded(walk.not_corrected("bea", **data)) == [("data_invalid", name) for name in data]


def test_a_legal_clock_acts_on_the_earlier_reading_and_knows_the_later() -> None:
    walk = opened(f"""
  law:   {{title: 法定, runs_in: all, limit: 5d, calendar: rolling, {LEGAL}}}
  plain: {{title: 普通, runs_in: all, limit: 5d, calendar: rolling}}
""")

    assert (walk.due("law"), latest(walk, "law")) == ("2026-10-04 00:00", "2026-10-06 00:00")
    assert (walk.due("plain"), latest(walk, "plain")) == ("2026-10-06 00:00", "2026-10-06 00:00")


def test_the_clocks_of_a_process_may_go_by_several_calendars() -> None:
    walk = opened("""
  desk:   {title: 前台, runs_in: all, limit: 4wh}
  berlin: {title: 柏林, runs_in: all, limit: 8wh, calendar: berlin}
  nights: {title: 夜班, runs_in: all, limit: 8wh, calendar: nights}
  given:  {title: 承诺, runs_in: all, due: promised, calendar: berlin}
  law:    {title: 三包, runs_in: all, from: bought, limit: 1d, calendar: berlin}
""")
    step(walk, "2026-09-28 09:45", "promise", promised="2026-09-30")
    step(walk, "2026-09-28 09:50", "sold", bought="2026-09-28")

    assert [walk.due(name) for name in ("desk", "berlin", "nights")] == ["2026-09-28 15:00", "2026-09-28 23:00", "2026-09-29 09:30"]
    assert walk.due("given") == "2026-10-01 06:00"
    assert (local(run(walk, "law").start), walk.due("law")) == ("2026-09-28 06:00", "2026-09-30 06:00")


@pytest.mark.parametrize(
    ("limit", "percent", "reached"),
    [
        ("4wh", 75, "2026-09-29 10:00"),
        ("4wh", 1, "2026-09-28 16:02"),
        ("4h", 75, "2026-09-28 19:00"),
        ("1wd", 50, "2026-09-29 11:45"),
        ("3d", 50, "2026-09-30 08:00"),
    ],
)
def test_a_part_of_the_way_is_measured_in_the_clocks_own_time(limit: str, percent: int, reached: str) -> None:
    ladder = f"ladder: [{{at: {percent}%, tell: boss, template: due-soon}}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: working, limit: {limit}, {ladder}}}\n")

    assert fires(step(walk, "2026-09-28 16:00", "take"), "repair") == (f"{percent}%", reached)


def test_a_part_of_the_way_does_not_count_the_pauses() -> None:
    ladder = "ladder: [{at: 75%, tell: boss, template: due-soon}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: [working, missing], pauses: missing, limit: 4wh, {ladder}}}\n")
    step(walk, "2026-09-28 16:00", "take")
    assert fires(step(walk, "2026-09-29 09:30", "need"), "repair") == (None, None)

    assert fires(step(walk, "2026-09-29 10:30", "arrive"), "repair") == ("75%", "2026-09-29 11:00")


@pytest.mark.parametrize("limit", ["1m * days", "1h * days", "1d * days", "1mo * days", "1wh * days", "1wd * days"])
@pytest.mark.parametrize("days", [-999_999_999_999_999, -1, 0, 999_999_999_999_999])
def test_an_absurd_limit_breaks_nothing(limit: str, days: int) -> None:
    ladder = "ladder: [{at: 50%, tell: boss, template: due-soon}, {at: due + 10y, tell: boss, template: overdue, every: 1y}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: all, limit: {limit}, {ladder}}}\n", days=days)
    due = walk.due("repair")
    assert due is not None
    assert due >= "2026-09-28 09:30"
    walk.elapse("2026-10-28 10:00")

    assert counted(walk, "repair", "2026-09-28 10:30") == timedelta(hours=1)


def test_a_part_of_the_way_to_a_promise_passes_on_the_wall() -> None:
    ladder = "ladder: [{at: 50%, tell: boss, template: due-soon}]"
    walk = opened(f"  reply: {{title: 答复, runs_in: all, limit: 4wh, due: agreed, {ladder}}}\n", agreed="2026-09-28 19:30")

    assert fires(walk, "reply") == ("50%", "2026-09-28 14:30")
    assert counted(walk, "reply", "2026-09-28 13:30") == timedelta(hours=4)


def test_a_refused_step_changes_no_clock() -> None:
    walk = opened("  idle: {title: 闲置, runs_in: all, restart: any_step, limit: 3d}\n")
    before = walk.case
    walk.to("2026-09-29 10:00")

    assert coded(walk.refused("take", "dan")) == [("not_authorised", "take")]
    assert walk.case is before


def test_a_case_given_by_hand_is_seen_by_clocks_that_ask_who_holds_it() -> None:
    walk = opened("  held: {title: 有人承办, runs_in: all, when: assignee is set, limit: 2d}\n")
    assert walk.due("held") is None

    walk.assign("tom", "tom")
    assert walk.due("held") == "2026-10-01 00:00"

    walk.assign(None, "tom")
    assert run(walk, "held").standing == "stopped"
