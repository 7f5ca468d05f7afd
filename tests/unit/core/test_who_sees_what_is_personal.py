"""What is personal is shown to whoever has the case in hand, masked to everybody else who sees it, and read by others only on record."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.command import Disclose
from engine.core.decision import Accepted, Refused
from engine.core.disclosure import discloses, is_seen
from engine.core.event import Disclosed, Undone
from engine.core.masking import masked_options, masked_refusal
from roles.actor import Actor, Grant, Lent
from tests.process import LINEAGES, TEAM, Walk, definition, person

PARCEL = definition(
    """
undo: 6h
fields:
  mobile: {type: phone, title: 电话, personal: true}
  size:   {type: integer, title: 尺寸, personal: true}
  expert: {type: person, title: 专家}
  work:   {type: text, title: 措施}
start:
  open: {title: 受理, by: desk, asks: [mobile, size], to: received}
states:
  received:
    title: 已受理
    transitions:
      take: {title: 接单, by: bench, assign: actor, to: working}
      ask:  {title: 请教, by: bench, asks: expert, to: asking}
  asking: {title: 请教中, transitions: {answer: {title: 答复, by: expert, to: received}}}
  working:
    title: 维修中
    transitions:
      check: {title: 复核, by: bench, not_by: take, requires: [{that: size < 9, say: 过大}], asks: work, to: done}
      hand:  {title: 转交, by: boss, to: received}
  done: {title: 完成, final: success, transitions: {reopen: {title: 重开, by: boss, to: received}}}
"""
)
NORTH = LINEAGES["north-1"]
EVERYBODY = sorted(TEAM)


def opened(size: int = 3) -> Walk:
    """A parcel of shop north-1."""
    walk = Walk(PARCEL)
    walk.open("dan", mobile="12800000001", size=size)
    return walk


def told(walk: Walk, *names: str) -> set[str]:
    """To whom of them it is shown in full."""
    return {name for name in names or EVERYBODY if discloses(walk.definition, walk.case, person(name), LINEAGES[walk.case.unit or ""])}


def seen(walk: Walk) -> set[str]:
    """Who sees the case at all."""
    return {name for name in EVERYBODY if is_seen(walk.definition, walk.case, person(name), LINEAGES[walk.case.unit or ""])}


def codes(decision: Any) -> set[str]:
    assert isinstance(decision, Refused), decision
    return {reason.code for reason in decision.reasons}


def test_in_full_to_whoever_may_perform_a_step_of_its_state() -> None:
    walk = opened()
    assert told(walk) == {"tom", "tim"}
    assert seen(walk) == {"bea", "bob", "dan", "dot", "tom", "tim", "sol"}

    walk.do("take", "tom")
    assert told(walk) == {"tom", "tim", "bea", "bob"}


def test_separation_and_conditions_keep_nobody_from_reading() -> None:
    walk = opened(size=9)
    walk.do("take", "tom")
    assert {reason.code for reason in walk.refused("check", "tom", work="…")} >= {"separation_of_duties", "guard_unmet"}
    assert told(walk, "tom") == {"tom"}


def test_whoever_holds_the_case_sees_it_wherever_he_belongs() -> None:
    walk = opened()
    walk.do("take", "tom")
    moved = Actor("tom", "person", frozenset({Grant("store", "south-1")}))
    nobody = Actor("tom", "person")
    for actor in (moved, nobody):
        assert is_seen(PARCEL, walk.case, actor, NORTH)
        assert discloses(PARCEL, walk.case, actor, NORTH)
    assert not is_seen(PARCEL, walk.case, Actor("tom", "disabled"), NORTH)
    assert not is_seen(PARCEL, walk.case, Actor("tom", "integration"), NORTH)


def test_so_does_whoever_was_lent_everything_but_not_who_was_lent_a_role_elsewhere() -> None:
    walk = opened()
    walk.do("take", "tom")
    elsewhere = frozenset({Grant("desk", "south-1")})
    for whole in (True, False):
        stand_in = Actor("sam", "person", elsewhere, lent=(Lent("tom", elsewhere, whole=whole, held=elsewhere),))
        assert discloses(PARCEL, walk.case, stand_in, NORTH) is whole
        assert is_seen(PARCEL, walk.case, stand_in, NORTH) is whole


def test_whose_step_it_is_by_his_place_in_a_field_sees_it_and_having_done_one_is_not_enough() -> None:
    walk = opened()
    walk.do("ask", "tom", expert="sam")
    assert told(walk) == {"sam"}
    assert "sam" in seen(walk)

    walk.do("answer", "sam")
    assert told(walk) == {"tom", "tim"}
    assert "sam" not in seen(walk)


def test_of_an_ended_case_to_whoever_may_reopen_it() -> None:
    walk = opened()
    walk.do("take", "tom")
    walk.do("check", "tim", work="…")
    assert walk.case.assignee == "tom"
    assert told(walk) == {"bea", "bob"}
    assert is_seen(PARCEL, walk.case, Actor("tom", "person"), NORTH)  # he held it to the end


def test_refusals_and_options_tell_whom_it_is_masked_no_value() -> None:
    walk = opened(size=97)
    walk.do("take", "tom")
    reasons = walk.decide(Disclose(""), "dan")
    assert isinstance(reasons, Refused)
    plain = walk.option("check", "dan")
    (option,) = masked_options(PARCEL, [plain])
    assert "97" in str(plain.checks)
    assert "97" not in str((option.checks, option.reasons))
    assert [each.code for each in option.reasons] == [each.code for each in plain.reasons]
    refused = Refused(plain.reasons, plain.checks)
    assert "97" not in str(masked_refusal(PARCEL, refused))


def test_whoever_takes_part_reads_it_on_record() -> None:
    walk = opened()
    before = walk.case
    assert isinstance(walk.decide(Disclose("回访"), "dan"), Accepted)
    event = walk.events[-1]
    assert isinstance(event, Disclosed)
    assert (event.actor, event.reason, event.fields) == ("dan", "回访", ())
    assert (walk.case.seq, walk.case.revision) == (before.seq + 1, before.revision)

    walk.decide(Disclose("回访", ("mobile", "size", "mobile")), "bea")
    assert walk.events[-1] == Disclosed(walk.case.last_at, "bea", None, "回访", ("mobile", "size"))


@pytest.mark.parametrize(
    ("wish", "by", "expected"),
    [
        (Disclose("回访"), "sol", {"not_authorised"}),  # sees it, and has no part in the process
        (Disclose("回访"), "sam", {"not_authorised"}),  # of another shop
        (Disclose(" "), "dan", {"data_invalid"}),
        (Disclose("回访", ("phone",)), "dan", {"data_invalid"}),
        (Disclose("回访", ("work",)), "dan", {"data_invalid"}),  # never masked
    ],
)
def test_others_do_not_and_not_without_a_reason(wish: Disclose, by: str, expected: set[str]) -> None:
    walk = opened()
    assert codes(walk.decide(wish, by)) == expected


def test_it_stands_in_no_step_s_way_and_in_no_undo_s() -> None:
    walk = opened()
    walk.do("take", "tom")
    seen_at = walk.case.revision
    walk.decide(Disclose("回访"), "dan")
    walk.undo("tom", expect=seen_at)
    assert isinstance(walk.events[-1], Undone)
    assert walk.case.state == "received"
