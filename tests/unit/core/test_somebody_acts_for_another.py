"""A delegate performs steps for another: both count for separation of duties, and the first for whom nothing forbids it is chosen."""

from __future__ import annotations

from engine.core.event import Commented, Corrected
from roles.actor import Lent
from tests.process import TEAM, Walk, coded, definition

PARCEL = """
fields:
  note: {type: text, title: 备注}
  size: {type: integer, title: 尺寸}
start:
  open: {title: 受理, by: desk, to: working}
states:
  working:
    title: 维修中
    transitions:
      work:  {title: 维修, by: bench, to: checking}
  checking:
    title: 待批
    transitions:
      again:   {title: 返工, by: bench, to: working}
      approve: {title: 批准, by: [bench, boss], not_by: work, requires: [{that: acting(boss) or size is set, say: 须主管}], to: done}
  done: {title: 完成, final: success}
"""


def whole(person: str) -> Lent:
    return Lent(person, TEAM[person], whole=True, held=TEAM[person])


def worked(by: str = "tom", **lent: tuple[Lent, ...]) -> Walk:
    """A case on which somebody has worked."""
    walk = Walk(definition(PARCEL))
    walk.lent.update(lent)
    walk.open("dan")
    walk.do("work", by)
    return walk


def who(walk: Walk) -> tuple[str, str | None]:
    """Who performed the last step, and for whom."""
    last = walk.case.performed[-1]
    return last.actor, last.on_behalf_of


def test_what_a_delegate_does_is_recorded_for_both() -> None:
    walk = worked("nil", nil=(whole("tom"),))

    assert who(walk) == ("nil", "tom")
    assert walk.case.performed[-1].on_behalf_of == "tom"


def test_his_own_right_comes_first() -> None:
    assert who(worked("tim", tim=(whole("tom"),))) == ("tim", None)


def test_an_approver_on_leave_is_not_replaced_by_the_original_performer() -> None:
    """PRODUCT §6, scenario 17."""
    walk = worked("tom", tom=(whole("bea"),))

    assert ("separation_of_duties", "approve") in coded(walk.refused("approve", "tom"))
    assert walk.do("approve", "bea").outcome == "success"


def test_for_whom_somebody_else_did_it_does_not_approve_it_either() -> None:
    walk = worked("nil", nil=(whole("tom"),))

    assert ("separation_of_duties", "approve") in coded(walk.refused("approve", "tom"))
    assert ("separation_of_duties", "approve") in coded(walk.refused("approve", "nil"))


def test_the_first_whom_nothing_forbids_is_acted_for() -> None:
    walk = worked("tom", nil=(whole("tom"), whole("bea"), whole("bob")))

    walk.do("approve", "nil")

    assert who(walk) == ("nil", "bea")


def test_acting_is_asked_of_the_right_that_is_used() -> None:
    walk = worked("tom", nil=(whole("tim"),))
    assert [reason.code for reason in walk.refused("approve", "nil")] == ["guard_unmet"]

    walk = worked("tom", nil=(whole("bea"),))
    assert walk.do("approve", "nil").outcome == "success"


def test_remarks_and_corrections_of_a_delegate_are_recorded_for_both() -> None:
    walk = worked("tom", nil=(whole("bea"),))

    walk.comment("nil", "客户催促")
    comment = walk.events[-1]
    walk.correct("nil", size=2)

    assert isinstance(comment, Commented)
    assert isinstance(walk.events[-1], Corrected)
    assert [(each.actor, each.on_behalf_of) for each in (comment, walk.events[-1])] == [("nil", "bea"), ("nil", "bea")]


def test_a_case_opened_for_another_belongs_to_that_ones_unit() -> None:
    walk = Walk(definition(PARCEL))
    walk.lent["nil"] = (whole("sam"),)

    assert walk.open("nil").unit == "south-1"


def test_whoever_takes_a_case_for_another_goes_on_with_it_as_long_as_the_role_is_lent_to_him() -> None:
    taking = "take: {title: 接单, by: bench, set: {tester: actor}, to: stay}\n      test: {title: 检测, by: tester, to: stay}\n      work: "
    text = PARCEL.replace("fields:\n", "fields:\n  tester: {type: person, title: 维修员, role: bench}\n").replace("work:  ", taking, 1)
    walk = Walk(definition(text))
    walk.lent["nil"] = (Lent("tom", TEAM["tom"], whole=False, held=TEAM["tom"]),)
    walk.open("dan")
    walk.do("take", "nil")

    walk.do("test", "nil")
    assert who(walk) == ("nil", "tom")

    walk.lent["nil"] = ()
    assert coded(walk.refused("test", "nil")) == [("not_authorised", "test")]
