"""A step that several persons must sign: who, how many, in which order – and what makes a signature void."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import pytest

from engine.core.approval import pending, within_reach
from engine.core.event import Event, Moved, Signed, Voided
from engine.core.kind import rows_in
from roles.actor import Grant, Lent
from tests.process import Walk, coded, codes, definition, person

TEXT = """
fields:
  sum: {type: integer, title: 金额}
  why: {type: text, title: 理由}
  photo: {type: text, title: 照片}
  keeper: {type: person, title: 经办, role: desk}
start:
  open: {title: 申请, by: desk, asks: [photo], to: waiting}
states:
  waiting:
    title: 待批
    transitions:
      grant:
        title: 批准
        by: [boss, desk, bench, store]
        not_by: [open]
        asks: [sum, why?]
        shows: [photo]
        approvals: {at_least: [{when: sum >= 1000, then: "3"}, {else: "2"}], each_of: [boss, bench]}
        requires: [{that: sum <= 5000, say: 超限}]
        to: done
      look: {title: 查看, by: [desk, bench], asks: [photo?], to: stay}
      test: {title: 检查, by: bench, to: stay}
      back: {title: 退回, by: [boss, desk], to: waiting}
  done: {title: 完成, final: success}
"""


E = TypeVar("E", bound=Event)


def last(walk: Walk, kind: type[E]) -> E:
    """The newest event, which must be of this kind."""
    event = walk.events[-1]
    assert isinstance(event, kind)
    return event


@pytest.fixture
def walk() -> Walk:
    walk = Walk(definition(TEXT))
    walk.open("dot", photo="正面")
    return walk


def test_the_last_of_several_persons_makes_the_move(walk: Walk) -> None:
    waiting = walk.do("grant", "tom", sum="300", why="损坏")
    assert waiting.state == "waiting"
    assert waiting.data == {"photo": "正面"}
    assert last(walk, Signed).actor == "tom"

    done = walk.do("grant", "bob")

    moved = last(walk, Moved)
    assert (done.state, moved.actor, moved.at, done.ended_at) == ("done", "bob", moved.at, moved.at)
    assert moved.changes == {"sum": 300, "why": "损坏"}
    assert done.signing == {}
    assert done.performed[-1].persons == {"tom", "bob"}


def test_the_number_may_depend_on_what_is_signed(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1000)
    assert walk.do("grant", "bob").state == "waiting"
    (left,) = pending(walk.definition, walk.case, walk.facts("bob")).values()
    assert (left.signed, left.needed, left.roles) == (2, 3, ())
    assert walk.do("grant", "dan").state == "done"


def test_enough_signatures_without_the_role_are_not_enough(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1)
    assert walk.do("grant", "tim").state == "waiting"
    (left,) = pending(walk.definition, walk.case, walk.facts("tim")).values()
    assert (left.signed, left.needed, left.roles) == (2, 3, ("boss",))
    assert walk.do("grant", "bea").state == "done"


def test_one_person_is_one_signature_whatever_roles_he_holds(walk: Walk) -> None:
    walk.team["max"] = frozenset({Grant("boss"), Grant("bench")})
    walk.do("grant", "max", sum=1)
    assert coded(walk.refused("grant", "max")) == [("approval_repeated", "grant")]
    assert walk.do("grant", "tom").state == "done", "one stands for the boss, the other for the bench"


def test_tiers_of_the_same_approver_take_different_persons(walk: Walk) -> None:
    """PRODUCT scenario 20: A, A, B, A in a row – A counts once, and nobody is skipped for having signed."""
    walk.do("grant", "tom", sum=2000)
    assert coded(walk.refused("grant", "tom")) == [("approval_repeated", "grant")]
    assert walk.do("grant", "bob").state == "waiting"
    assert coded(walk.refused("grant", "tom")) == [("approval_repeated", "grant")]
    assert coded(walk.refused("grant", "bob")) == [("approval_repeated", "grant")]
    assert walk.do("grant", "bea").state == "done"
    assert walk.case.performed[-1].persons == {"tom", "bob", "bea"}


def test_a_signature_counts_no_more_once_its_signer_has_lost_the_right(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1, why="损坏")
    walk.do("grant", "tim")
    walk.team["tim"] = frozenset()

    assert walk.do("grant", "bob").state == "done"
    assert [(each.why, each.signers) for each in walk.events if isinstance(each, Voided)] == [("revoked", ("tim",))]
    assert walk.case.performed[-1].persons == {"tom", "bob"}


def test_the_form_is_gone_with_the_last_signature_that_counts(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1)
    walk.team["tom"] = frozenset()

    assert coded(walk.refused("grant", "bob")) == [("data_invalid", "sum")]
    assert walk.do("grant", "bob", sum=2).signing["grant"].form["sum"] == 2


def test_who_may_not_perform_it_may_not_sign_it(walk: Walk) -> None:
    assert coded(walk.refused("grant", "nil", sum=1)) == [("not_authorised", "grant")]
    assert coded(walk.refused("grant", "dot", sum=1)) == [("separation_of_duties", "grant")]
    walk.do("grant", "tom", sum=1)
    assert coded(walk.refused("grant", "dot")) == [("separation_of_duties", "grant")]


def test_every_signer_has_performed_it() -> None:
    check = "check: {title: 复核, by: [boss, bench], not_by: [grant], to: done}"
    text = TEXT.replace("to: done\n      look", "to: checked\n      look")
    text = text.replace("  done: {", f"  checked: {{title: 核对, transitions: {{{check}}}}}\n  done: {{")
    walk = Walk(definition(text))
    walk.open("dot", photo="正面")
    walk.do("grant", "tom", sum=1)
    walk.do("grant", "bob")
    for signer in ("tom", "bob"):
        assert coded(walk.refused("check", signer)) == [("separation_of_duties", "check")]
    assert walk.do("check", "tim").state == "done"


def test_the_first_signer_fills_the_form_like_any_form(walk: Walk) -> None:
    assert coded(walk.refused("grant", "tom")) == [("data_invalid", "sum")]
    assert coded(walk.refused("grant", "tom", sum="many")) == [("data_invalid", "sum")]
    assert walk.case.signing == {}


def test_others_sign_what_was_filled_and_nothing_else(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1)
    assert coded(walk.refused("grant", "bob", sum=2)) == [("data_invalid", "sum")]
    assert coded(walk.refused("grant", "bob", why="急")) == [("data_invalid", "why")]
    assert coded(walk.refused("grant", "bob", color="red")) == [("data_invalid", "color")]
    assert walk.do("grant", "bob", sum="1", why="").state == "done"


EVERY_KIND = """
fields:
  day: {type: date, title: 日期}
  at: {type: datetime, title: 时刻}
  cost: {type: money, title: 费用, currency: CNY}
  share: {type: decimal, title: 比例}
  count: {type: integer, title: 数量}
  good: {type: boolean, title: 合格}
  grade: {type: choice, title: 等级, choices: {high: 高, low: 低}}
  phone: {type: phone, title: 电话}
  helper: {type: person, title: 协办, role: bench}
  helpers: {type: people, title: 众人}
  lines:
    type: list
    title: 明细
    of: {part: {type: text, title: 料号}, pieces: {type: integer, title: 件数}}
start:
  open: {title: 申请, by: desk, to: waiting}
states:
  waiting:
    title: 待批
    transitions:
      grant:
        title: 批准
        by: [boss, desk]
        asks: [day, at, cost, share, count, good, grade, phone, helper, helpers, {rows: lines, columns: [part, pieces], add: true}]
        approvals: {at_least: 2}
        to: done
  done: {title: 完成, final: success}
"""
FORM: Mapping[str, Any] = {
    "day": "2026-09-30",
    "at": "2026-09-30 10:00",
    "cost": "¥1,200.50",
    "share": "0.25",
    "count": "３",
    "good": "是",
    "grade": "高",
    "phone": "128 0000 0001",
    "helper": "tom",
    "helpers": "tom, tim",
    "lines": [{"part": "屏", "pieces": "2"}, {"part": "壳", "pieces": 1}],
}


def test_values_of_every_kind_wait_until_the_last_has_signed() -> None:
    walk = Walk(definition(EVERY_KIND))
    walk.open("dan")
    signed = dict(walk.do("grant", "dan", **FORM).signing["grant"].form)
    done = walk.do("grant", "bob")
    assert done.state == "done"
    rows = [[row.cells for row in rows_in(data["lines"])] for data in (done.data, signed)]
    assert rows[0] == rows[1] == [{"part": "屏", "pieces": 2}, {"part": "壳", "pieces": 1}]
    assert {**done.data, "lines": ()} == {**signed, "lines": ()}


def test_guards_are_asked_with_the_last_signature_and_the_others_stay(walk: Walk) -> None:
    walk.do("grant", "tom", sum=6000)
    walk.do("grant", "bob")
    assert [code for code, _ in coded(walk.refused("grant", "dan"))] == ["guard_unmet"]
    assert [each.actor for each in walk.case.signing["grant"].signatures] == ["tom", "bob"]


def test_leaving_the_state_voids_every_signature(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1)
    case = walk.do("back", "bob")
    voided = last(walk, Voided)
    assert (voided.step, voided.signers, voided.why) == ("grant", ("tom",), "left")
    assert case.signing == {}
    assert walk.do("grant", "bob", sum=2).state == "waiting", "signatures count in one visit"


@pytest.mark.parametrize("change", ["correct", "step"])
def test_a_change_of_what_was_shown_voids_them(walk: Walk, change: str) -> None:
    walk.do("grant", "tom", sum=1)
    if change == "correct":
        walk.correct("bob", photo="背面")
    else:
        walk.do("look", "dan", photo="背面")
    voided = last(walk, Voided)
    assert voided.why == "changed"
    assert walk.case.signing == {}


def test_a_step_that_changes_nothing_signed_leaves_them(walk: Walk) -> None:
    walk.do("grant", "bob", sum=1)
    walk.do("look", "dan", photo="正面")
    assert walk.do("grant", "tim").state == "done"


def test_who_has_excluded_himself_since_counts_no_more() -> None:
    walk = Walk(definition(TEXT.replace("not_by: [open]", "not_by: [open, test]")))
    walk.open("dot", photo="正面")
    walk.do("grant", "tom", sum=1)
    walk.do("grant", "tim")
    walk.do("test", "tom")
    voided = last(walk, Voided)
    assert (voided.signers, voided.why) == (("tom",), "excluded")
    assert walk.do("grant", "bob").state == "done"
    assert walk.case.performed[-1].persons == {"tim", "bob"}


def test_a_signature_is_taken_back_by_its_signer_only(walk: Walk) -> None:
    walk.do("grant", "tom", sum=1)
    assert coded(walk.not_withdrawn("grant", "bob")) == [("not_available", "grant")]
    assert walk.withdraw("grant", "tom").signing == {}
    walk.do("grant", "tom", sum=2)


def lend(walk: Walk, delegate: str, delegator: str) -> None:
    """Let the delegate act for the delegator in everything."""
    walk.lent[delegate] = (Lent(delegator, walk.team[delegator], whole=True, held=walk.team[delegator]),)


def test_delegate_and_delegator_are_one_signature(walk: Walk) -> None:
    lend(walk, "nil", "bob")
    lend(walk, "tim", "tom")
    walk.do("grant", "nil", sum=2000)
    assert coded(walk.refused("grant", "bob")) == [("approval_repeated", "grant")]
    walk.do("grant", "tom")
    assert walk.do("grant", "tim").state == "done", "he signs by his own right, though he could act for one who has signed"
    assert walk.case.performed[-1].persons == {"nil", "bob", "tom", "tim"}


def test_a_delegate_takes_back_what_was_signed_by_whom_he_stands_in_for(walk: Walk) -> None:
    lend(walk, "nil", "bob")
    walk.do("grant", "bob", sum=1)
    walk.withdraw("grant", "nil")
    voided = last(walk, Voided)
    assert (voided.actor, voided.on_behalf_of, voided.signers, voided.why) == ("nil", "bob", ("bob",), "withdrawn")


def test_options_tell_a_signer_what_he_would_sign(walk: Walk) -> None:
    first = walk.option("grant", "tom")
    assert (first.allowed, [ask.field.id for ask in first.asks]) == (True, ["sum", "why"])
    walk.do("grant", "tom", sum=6000)
    assert [reason.code for reason in walk.option("grant", "tom").reasons] == ["approval_repeated"]
    second = walk.option("grant", "bob")
    assert (second.allowed, second.asks, second.shows) == (True, (), ("sum", "why", "photo"))


def test_whether_the_signatures_can_still_be_had(walk: Walk) -> None:
    step = walk.definition.states["waiting"].steps["grant"]

    def can(*names: str) -> bool:
        assert step.approvals is not None
        actors = [person(name) for name in names]
        return within_reach(walk.definition, walk.case, step, step.approvals, actors, walk.facts("bob")).is_enough

    assert can("bob", "tom")
    assert not can("bob", "dan"), "nobody signs for the bench"
    assert not can("tom", "tim", "sam"), "sam sits in another shop"
    assert not can("dot", "tom"), "who opened the case may not sign"
    walk.do("grant", "tom", sum=1000)
    assert not can("tom", "bob"), "of three persons, two are left to be found"
    assert can("bob", "dan")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('then: "3"', "then: several", "bad-number"),
        ('else: "2"', 'else: "1"', "out-of-range"),
        ("each_of: [boss, bench]", "each_of: [bosses]", "unknown-role"),
        ("by: [boss, desk, bench, store]", "by: [boss, desk]", "signer-without-right"),
        ("by: [boss, desk, bench, store]", "by: [boss, bench, integration]", "not-allowed-here"),
        ("title: 理由}", "title: 理由, personal: true}", "unsignable-field"),
        ("by: desk, asks: [photo], to", "by: desk, approvals: {at_least: 2}, asks: [photo], to", "not-allowed-here"),
    ],
)
def test_what_cannot_be_signed_is_found_when_the_process_is_read(old: str, new: str, code: str) -> None:
    assert codes(TEXT.replace(old, new)) == [code]
