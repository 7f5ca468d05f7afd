"""Undo: who may take which step back, for how long, and what becomes of everything that the step has done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.account import accounts
from engine.core.case import Parent
from engine.core.command import Fire, Undo
from engine.core.decide import decide
from engine.core.decision import Accepted, Refused
from engine.core.effect import Notify, RecallNotices
from engine.core.event import Moved, Undone, Voided
from engine.core.undoing import rewound
from roles.policy import Right
from tests.process import Walk, coded, definition

TEXT = """
calendar: desk-hours
undo: 10m
parties:
  customer: {name: who, email: mail}
fields:
  who: {type: text, title: 客户, personal: true}
  mail: {type: email, title: 邮箱, personal: true}
  code: {type: text, title: 编号, unique: open}
  note: {type: text, title: 备注}
  tries: {type: integer, title: 次数}
start:
  open: {title: 受理, by: desk, asks: [who, mail, code], to: new}
states:
  new:
    title: 新建
    transitions:
      take:
        title: 接单
        by: bench
        asks: [note?]
        set: {tries: times(take)}
        assign: actor
        to: busy
        notify: [{tell: [customer, boss], template: ready-for-pickup}]
      sign: {title: 会签, by: [bench, desk], approvals: {at_least: 2}, to: busy}
      mark: {title: 记录, by: [bench, desk], asks: [note?], to: stay}
      drop: {title: 作废, by: desk, undo: no, to: gone}
  busy:
    title: 在修
    transitions:
      finish: {title: 完工, by: [bench, desk], not_by: [take], to: done}
      back: {title: 退回, by: bench, requires: [{that: not done(take), say: 已接}], to: new}
  done: {title: 完成, final: success, transitions: {again: {title: 重开, by: [bench, desk], to: busy}}}
  gone: {title: 作废, final: abandoned}
clocks:
  legal:
    title: 三包
    runs_in: [busy]
    limit: 4h
    legal: true
    source: [law]
    restart: on_entry
    ladder: [{at: due, tell: boss, template: overdue}]
"""
MAIL = {"who": "测试客户甲", "mail": "a@example.com", "code": "C1"}


@pytest.fixture
def walk() -> Walk:
    walk = Walk(definition(TEXT))
    walk.open("dan", **MAIL)
    return walk


def after(walk: Walk, minutes: int) -> Walk:
    """So many minutes after the last entry."""
    walk.now = walk.case.last_at + timedelta(minutes=minutes)
    return walk


def test_the_case_is_what_it_was(walk: Walk) -> None:
    before = walk.case
    walk.do("take", "tom", note="外壳裂")
    case = after(walk, 9).undo("tom")

    undone = walk.events[-1]
    assert isinstance(undone, Undone)
    assert (undone.step, undone.undoes, undone.reason) == ("take", 2, "点错")
    same = ("state", "data", "assignee", "visit", "entered_at", "ended_at", "unit", "outcome")
    assert [getattr(case, name) for name in same] == [getattr(before, name) for name in same]
    assert (case.seq, case.revision) == (3, 3)


def test_it_counts_for_the_separation_of_duties_and_for_nothing_else(walk: Walk) -> None:
    walk.do("take", "tom")
    after(walk, 1).undo("tom")
    walk.do("take", "tim")
    assert walk.case.data["tries"] == 0
    assert coded(walk.refused("finish", "tom")) == [("separation_of_duties", "finish")]
    assert [code for code, _ in coded(walk.refused("back", "tim"))] == ["guard_unmet"]
    after(walk, 1).undo("tim")
    walk.do("sign", "tom")
    walk.do("sign", "dan")
    assert walk.do("back", "tim").state == "new", "nothing that was undone is done"


@pytest.mark.parametrize(("minutes", "is_over"), [(0, False), (9, False), (10, True), (600, True)])
def test_the_window_ends(walk: Walk, minutes: int, is_over: bool) -> None:
    walk.do("take", "tom")
    after(walk, minutes)
    if is_over:
        assert coded(walk.not_undone("tom")) == [("not_undoable", None)]
    else:
        assert walk.undo("tom").state == "new"


def test_only_who_performed_it_takes_it_back(walk: Walk) -> None:
    walk.do("take", "tom")
    for other in ("tim", "bea"):
        assert coded(after(walk, 1).not_undone(other)) == [("not_undoable", None)]


def test_a_reason_is_required_and_the_revision_counts(walk: Walk) -> None:
    walk.do("take", "tom")
    assert coded(after(walk, 1).not_undone("tom", reason=" ")) == [("data_invalid", "reason")]
    assert coded(after(walk, 1).not_undone("tom", expect=1)) == [("stale", None)]


def test_what_has_happened_since_keeps_the_step(walk: Walk) -> None:
    walk.do("take", "tom")
    after(walk, 1).comment("dan", "客户来电")
    case = after(walk, 1).undo("tom")
    assert case.state == "new", "a remark is no obstacle"
    assert coded(after(walk, 1).not_undone("tom")) == [("not_undoable", None)], "what was undone is not undone again"
    walk.do("take", "tom")
    after(walk, 1).correct("bea", note="补")
    assert coded(after(walk, 1).not_undone("tom")) == [("not_undoable", None)]


def test_the_document_may_forbid_it(walk: Walk) -> None:
    walk.do("drop", "dan")
    assert coded(after(walk, 1).not_undone("dan")) == [("not_undoable", None)]
    never = Walk(definition(TEXT.replace("undo: 10m\n", "")))
    never.open("dan", **MAIL)
    assert coded(never.not_undone("dan")) == [("not_undoable", None)]
    never.do("take", "tom")
    assert coded(after(never, 1).not_undone("tom")) == [("not_undoable", None)]


def test_an_opening_is_never_taken_back(walk: Walk) -> None:
    assert coded(after(walk, 1).not_undone("dan")) == [("not_undoable", None)]


def test_parties_are_told_when_the_window_is_over(walk: Walk) -> None:
    at = walk.now
    walk.do("take", "tom")
    inside, outside = walk.told
    assert (inside.tell, inside.not_before) == ((Right("role", "boss"),), None)
    assert (outside.tell, outside.not_before) == ((Right("party", "customer"),), at + timedelta(minutes=10))


def test_parties_are_told_at_once_of_a_step_that_the_system_follows_up() -> None:
    goes_on = TEXT.replace("      finish:", "      auto: {title: 自动, by: system, when: note is set, to: done}\n      finish:", 1)
    walk = Walk(definition(goes_on))
    walk.open("dan", **MAIL)
    walk.do("take", "tom", note="直接完工")
    assert walk.case.state == "done"
    assert [(each.tell[0].name, each.not_before) for each in walk.told] == [("boss", None), ("customer", None)]
    assert coded(after(walk, 1).not_undone("tom")) == [("not_undoable", None)]


def test_what_was_not_told_yet_is_recalled_and_who_was_told_is_corrected(walk: Walk) -> None:
    walk.do("take", "tom")
    after(walk, 1)
    told = rewound(walk.events)
    assert told is not None
    facts = replace(walk.facts("tom"), rewind=replace(told, told=("bea", "bob")))
    decision = decide(walk.definition, walk.case, Undo("点错"), facts)
    assert isinstance(decision, Accepted)
    recalled = [effect for effect in decision.effects if isinstance(effect, RecallNotices)]
    notices = [effect for effect in decision.effects if isinstance(effect, Notify)]
    assert recalled == [RecallNotices(2)]
    assert [(each.tell, each.template) for each in notices] == [
        ((Right("person", "bea"), Right("person", "bob")), "step-undone"),
        ((Right("role", "boss"),), "step-undone"),
    ]
    assert [each.values["clocks"].zh for each in notices] == ["", "三包"], "the owner hears which legal clock was struck out"


def test_a_step_that_a_customer_has_heard_of_stands(walk: Walk) -> None:
    """PRODUCT scenario 19: undo after the customer was informed."""
    walk.do("take", "tom")
    after(walk, 1)
    told = rewound(walk.events)
    assert told is not None
    refused = decide(walk.definition, walk.case, Undo("点错"), replace(walk.facts("tom"), rewind=replace(told, informed=True)))
    assert isinstance(refused, Refused)
    assert coded(refused.reasons) == [("not_undoable", None)]


def test_an_end_is_taken_back_unless_its_values_are_taken(walk: Walk) -> None:
    walk.do("take", "tom")
    walk.do("finish", "tim")
    assert walk.case.outcome == "success"
    walk.taken["code", '"C1"'] = "P26-0002"
    assert coded(after(walk, 1).not_undone("tim")) == [("duplicate", "code")]
    walk.taken.clear()
    case = after(walk, 1).undo("tim")
    assert (case.state, case.outcome, case.ended_at) == ("busy", None, None)


def test_signatures_that_the_step_made_void_stay_void(walk: Walk) -> None:
    walk.do("sign", "dan")
    walk.do("take", "tom")
    assert [type(event) for event in walk.events[-2:]] == [Moved, Voided]
    case = after(walk, 1).undo("tom")
    assert (case.state, case.signing) == ("new", {})
    assert [type(event) for event in walk.events[-1:]] == [Undone]
    assert RecallNotices(4) in walk.effects, "the messages lie under the last entry of their decision"


def test_signatures_that_the_step_left_alone_stay(walk: Walk) -> None:
    walk.do("sign", "dan")
    walk.do("mark", "tom", note="外壳裂")
    after(walk, 1).undo("tom")
    assert walk.do("sign", "tim").state == "busy"


def test_an_approved_step_is_taken_back_as_one(walk: Walk) -> None:
    walk.do("sign", "dan")
    walk.do("sign", "tom")
    assert coded(after(walk, 1).not_undone("dan")) == [("not_undoable", None)]
    case = after(walk, 1).undo("tom")
    assert (case.state, case.signing) == ("new", {})
    assert [(done.step, done.undone) for done in case.performed] == [("open", False), ("sign", True)]


def test_a_struck_cycle_is_never_counted_again(walk: Walk) -> None:
    walk.do("take", "tom")
    assert walk.case.clocks["legal"].cycle == 1
    after(walk, 1).undo("tom")
    assert walk.due("legal") is None
    walk.do("take", "tom")
    assert walk.case.clocks["legal"].cycle == 2


def test_the_account_of_a_clock_leaves_out_what_was_struck(walk: Walk) -> None:
    walk.do("take", "tom")
    after(walk, 1).undo("tom")
    assert accounts(walk.definition, walk.events, walk.definition.calendars, walk.now) == ()
    walk.do("take", "tom")
    (account,) = accounts(walk.definition, walk.events, walk.definition.calendars, walk.now)
    assert (account.run.cycle, account.run.start, account.over_at) == (2, walk.case.last_at, None)


WAITING = """
calendar: desk-hours
undo: 10m
fields:
  note: {type: text, title: 备注}
start:
  open: {title: 受理, by: desk, asks: [note?], to: waiting}
states:
  waiting: {title: 待件, waits_on: parts, transitions: {arrive: {title: 到件, by: desk, to: busy}}}
  busy: {title: 在修, transitions: {finish: {title: 完工, by: desk, to: done}}}
  done: {title: 完成, final: success}
clocks:
  ours: {title: 维修, runs_in: all, pauses: waiting, limit: 4h, ladder: [{at: due, tell: boss, template: overdue}]}
  legal:
    title: 三包
    runs_in: all
    pauses: waiting
    limit: 4h
    legal: true
    source: [law]
    ladder: [{at: due, tell: boss, template: overdue}]
"""


def test_for_a_legal_clock_the_time_between_counts() -> None:
    walk = Walk(definition(WAITING))
    walk.to("2026-09-28 09:00").open("dan")
    walk.to("2026-09-28 10:00").do("arrive", "dan")
    walk.to("2026-09-28 10:09").undo("dan")
    assert (walk.due("ours"), walk.due("legal")) == (None, None)
    walk.to("2026-09-28 11:00").do("arrive", "dan")
    assert (walk.due("ours"), walk.due("legal")) == ("2026-09-28 15:00", "2026-09-28 14:51")


@pytest.mark.parametrize("wish", [Fire("again"), Undo("点错")])
def test_a_case_whose_parent_has_ended_stays_ended(walk: Walk, wish: Fire | Undo) -> None:
    walk.do("take", "tom")
    walk.do("finish", "tim")
    case = replace(walk.case, parent=Parent("parent", "P26-0009", "parts"))
    after(walk, 1)
    told = rewound(walk.events)
    assert told is not None
    facts = replace(walk.facts("tim"), parent_is_open=False, rewind=told)
    refused = decide(walk.definition, case, wish, facts)
    assert isinstance(refused, Refused)
    assert [code for code, _ in coded(refused.reasons)] == ["not_available"]
