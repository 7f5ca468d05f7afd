"""Coverage: each kind of thing that a scenario can show is counted once it was shown, and named in both languages while it was not."""

from __future__ import annotations

from engine.authoring.scenario.coverage import Coverage, coverage
from engine.authoring.scenario.trace import Trace
from engine.authoring.scenario.watching import Notes, watched
from engine.core.case import Case
from engine.core.command import Command, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Decision
from engine.core.facts import Facts
from engine.core.machine import BIRTH
from tests.process import Walk, definition

WORK = definition("""
calendar: desk-hours
fields:
  size:   {type: choice, title: 大小, choices: {small: 小, large: 大}}
  price:  {type: integer, title: 报价}
  level:  {type: text, title: 档次, computed: [{when: price > 100, then: "'high'"}, {else: "'low'"}]}
  note:   {type: text, title: 备注}
  mender: {type: person, title: 维修员, role: bench}
  passed: {type: boolean, title: 合格}
start:
  open: {title: 受理, by: desk, asks: [size, price], to: [{when: price < 500, then: mending}, {else: asking}]}
states:
  asking:
    title: 待批准
    transitions:
      allow: {title: 批准, by: boss, to: mending}
  mending:
    title: 维修中
    transitions:
      finish:
        title: 完工
        by: bench
        asks: note?
        requires: [{that: size == small or note is set, say: 大件须备注}]
        set: {mender: actor}
        to: testing
  testing:
    title: 检验中
    transitions:
      pass:
        title: 检验
        by: bench
        not_by: [finish]
        asks: passed
        assign: {field: size, is: {small: nobody, large: mender}}
        to: [{when: passed, then: done}, {else: mending}]
  done: {title: 完成, final: success}
  gone: {title: 取消, final: abandoned}
anywhere:
  cancel: {title: 作废, by: boss, in: [asking, mending], to: gone}
  remark: {title: 备注, by: desk, in: [mending], asks: note, to: stay}
clocks:
  work:
    title: 时限
    runs_in: mending
    limit: [{when: size == small, then: 4wh}, {else: 2wd}]
    ladder: [{at: 50%, tell: bench, template: due-soon}, {at: due, tell: boss, template: overdue}]
""")


class Told(Walk):
    """A walk that keeps what coverage reads."""

    def __init__(self, process: CompiledDefinition = WORK) -> None:
        super().__init__(process)
        self.traces: list[Trace] = []

    def decide(self, command: Command, by: str) -> Decision:
        before: Case | None = None if isinstance(command, OpenCase) else self.current
        facts: Facts = self.facts(by)
        decision = super().decide(command, by)
        self.traces.append(Trace(self.definition, before, command, facts, decision))
        return decision

    def covered(self) -> Coverage:
        return coverage(self.definition, self.traces)


def missing(found: Coverage, family: str) -> list[str]:
    return [goal.sentence.en for goal in found.missing if goal.family == family]


def test_of_no_story_everything_is_missing() -> None:
    found = coverage(WORK, [])
    assert len(found.missing) == len(found.goals)
    assert found.share().covered == 0
    assert {family: found.share(family).total for family in ("states", "transitions", "choices", "guards", "rungs", "refusals")} == {
        "states": 5,
        "transitions": 6,  # the start, three of states, two of anywhere
        "choices": 10,  # two each of open, level, assign, pass and limit
        "guards": 2,
        "rungs": 2,
        "refusals": 7,
    }


def test_states_are_covered_by_entering_them() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("remark", "dan", note="急")
    found = walk.covered()
    assert found.states == {"asking": False, "mending": True, "testing": False, "done": False, "gone": False}
    assert "no scenario enters “检验中”" in missing(found, "states")


def test_transitions_are_counted_for_each_way_that_was_gone() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("finish", "tom")
    walk.do("pass", "tim", passed=False)
    walk.do("finish", "tom")
    walk.do("pass", "tim", passed=True)
    found = walk.covered()
    assert found.transitions == {
        (BIRTH, "open", "mending"): 1,
        (BIRTH, "open", "asking"): 0,
        ("asking", "allow", "mending"): 0,
        ("asking", "cancel", "gone"): 0,
        ("mending", "cancel", "gone"): 0,
        ("mending", "remark", "mending"): 0,
        ("mending", "finish", "testing"): 2,
        ("testing", "pass", "done"): 1,
        ("testing", "pass", "mending"): 1,
    }
    assert missing(found, "transitions") == [
        "no scenario performs “批准” in “待批准”",
        "no scenario performs “作废”",
        "no scenario performs “备注”",
    ]


def test_a_step_of_many_states_counts_once() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("cancel", "bea")
    assert "no scenario performs “作废”" not in missing(walk.covered(), "transitions")


def test_a_branch_is_covered_by_the_decision_that_took_it() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    assert missing(walk.covered(), "choices") == [
        "no scenario opens a case by “受理” into “待批准” (else)",
        "no scenario takes this branch of “assign” of “检验”: 大小 = 小",
        "no scenario takes this branch of “assign” of “检验”: 大小 = 大",
        "no scenario sends a case from “检验中” to “完成” by “检验” (passed)",
        "no scenario sends a case from “检验中” to “维修中” by “检验” (else)",
        "no scenario takes this branch of “computed” of “档次”: price > 100",
        "no scenario takes this branch of “limit” of “时限”: else",
    ]
    walk.do("finish", "tom")
    walk.do("pass", "tim", passed=False)
    assert missing(walk.covered(), "choices") == [
        "no scenario opens a case by “受理” into “待批准” (else)",
        "no scenario takes this branch of “assign” of “检验”: 大小 = 大",
        "no scenario sends a case from “检验中” to “完成” by “检验” (passed)",
        "no scenario takes this branch of “computed” of “档次”: price > 100",
        "no scenario takes this branch of “limit” of “时限”: else",
    ]


def test_a_refused_step_takes_no_branch() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("finish", "tom")
    walk.refused("pass", "tom", passed=True)
    assert "no scenario sends a case from “检验中” to “完成” by “检验” (passed)" in missing(walk.covered(), "choices")


def test_a_guard_line_is_covered_when_it_was_met_and_when_it_was_not() -> None:
    walk = Told()
    walk.open("dan", size="large", price=20)
    walk.refused("finish", "tom")
    assert missing(walk.covered(), "guards") == ["no scenario performs “完工” while “size == small or note is set” holds"]
    walk.do("finish", "tom", note="换屏")
    assert missing(walk.covered(), "guards") == []


def test_a_met_guard_line_says_nothing_about_being_unmet() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("finish", "tom")
    assert missing(walk.covered(), "guards") == ["no scenario is refused “完工” because of “大件须备注”"]


SIGNED = definition("""
fields: {note: {type: text, title: 备注}}
start: {open: {title: 受理, by: desk, asks: note, to: asked}}
states:
  asked:
    title: 待批
    transitions:
      allow: {title: 批准, by: boss, approvals: {at_least: 2}, requires: [{that: note == 'go', say: 未定}], to: done}
  done: {title: 完成, final: success}
""")


def test_who_signs_does_not_yet_perform_the_step() -> None:
    walk = Told(SIGNED)
    walk.open("dan", note="go")
    walk.do("allow", "bea")
    unseen = "no scenario performs “批准” while “note == 'go'” holds"
    assert unseen in missing(walk.covered(), "guards")
    walk.do("allow", "bob")
    assert unseen not in missing(walk.covered(), "guards")


def test_rungs_are_covered_when_somebody_is_told() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.elapse("2026-09-28 11:31")
    assert missing(walk.covered(), "rungs") == ["no scenario reaches the rung due of “时限”"]


def test_refusals_are_told_apart_by_their_code() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    walk.do("finish", "tom")
    walk.refused("pass", "tom", passed=True)
    found = missing(walk.covered(), "refusals")
    assert "no scenario is refused “检验” for separation of duties" not in found
    assert "no scenario is refused “检验” for want of the right" in found
    walk.refused("pass", "dan", passed=True)
    walk.not_opened("tom", size="small", price=20)
    found = missing(walk.covered(), "refusals")
    assert found == [f"no scenario is refused “{step}” for want of the right" for step in ("批准", "作废", "完工", "备注")]


def test_what_is_missing_stands_at_its_place_and_in_both_languages() -> None:
    found = coverage(WORK, [])
    at = {goal.path: goal for goal in found.missing if goal.family == "choices"}
    back = at[("states", "testing", "transitions", "pass", "to", 1)]
    assert back.sentence.zh == "没有场景以“检验”把工单从“检验中”送到“维修中”（其余情况）"
    assert at[("clocks", "work", "limit", 0)].sentence.zh == "没有场景用到“时限”的“limit”的分支“size == small”"


def test_whoever_is_watched_decides_the_same() -> None:
    walk = Told()
    walk.open("dan", size="large", price=700)
    walk.do("allow", "bea")
    walk.refused("finish", "tom")
    walk.do("finish", "tom", note="换屏")
    walk.do("pass", "tim", passed=False)
    walk.elapse("2026-10-08 09:00")
    for trace in walk.traces:
        assert decide(watched(WORK, Notes()), trace.before, trace.command, trace.facts) == trace.decision


def test_decisions_about_other_processes_are_passed_over() -> None:
    walk = Told()
    walk.open("dan", size="small", price=20)
    other = definition("""
workflow: other
version: 1
title: 其他
owner: boss
organisation: shop
number: "O{yy}-{seq:04}"
fields: {note: {type: text, title: 备注}}
start: {open: {title: 受理, by: desk, asks: note, to: done}}
states: {waiting: {title: 等待, transitions: {end: {title: 结束, by: desk, to: done}}}, done: {title: 完成, final: success}}
anywhere: {back: {title: 重来, by: desk, in: [done], to: waiting}}
""")
    assert coverage(other, walk.traces).share().covered == 0
