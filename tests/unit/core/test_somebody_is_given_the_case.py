"""`assign`: a person field, the actor, a holder of a role. Never somebody who is away; of nobody being found, somebody hears."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core.assigning import NOBODY_TO_ASSIGN
from engine.core.case import Case
from engine.core.command import Fire
from engine.core.decision import Accepted
from engine.core.effect import Effect, Notify, OpenIncident, TakeTurn
from engine.core.facts import Candidate
from roles.policy import Right
from tests.process import Walk, codes, definition

PARCEL = """
fields:
  note:   {type: text, title: 备注}
  tester: {type: person, title: 维修员, role: bench}
  keeper: {type: person, title: 仓管, role: store}
  friend: {type: person, title: 同事}
  unit:   {type: unit, title: 单位}
start:
  open:   {title: 受理, by: desk, asks: [unit?], to: waiting}
  hand:   {title: 派单, by: desk, assign: {role: bench, pick: least_open}, to: waiting}
states:
  waiting:
    title: 待修
    transitions:
      give:   {title: 派给, by: desk, asks: [tester], assign: tester, to: working}
      keep:   {title: 入库, by: desk, asks: [keeper], assign: keeper, to: working}
      ask:    {title: 请教, by: desk, asks: [friend], assign: friend, to: working}
      take:   {title: 接单, by: [bench, integration], assign: actor, to: working}
      share:  {title: 均派, by: desk, assign: {role: bench, pick: least_open}, to: working}
      rotate: {title: 轮派, by: desk, assign: {role: bench, pick: in_turn}, to: stay}
      send:   {title: 移交, by: desk, asks: [unit, tester?], to: stay}
      south:  {title: 南方, by: desk, asks: [unit], assign: {role: bench, pick: in_turn}, to: working}
  working:
    title: 维修中
    transitions:
      drop:   {title: 退回, by: bench, assign: nobody, to: waiting}
      again:  {title: 再派, by: desk, requires: [{that: tester is set, say: 未派}], assign: tester, to: stay}
      finish: {title: 完成, by: bench, to: done}
  done: {title: 完成, final: success}
"""


def opened() -> Walk:
    walk = Walk(definition(PARCEL))
    walk.open("dan")
    return walk


def fired(walk: Walk, step: str, form: dict[str, object]) -> Case:
    """A step with a form of one field."""
    decision = walk.decide(Fire(step, form), "dan")
    assert isinstance(decision, Accepted)
    return decision.case


def at(day: int) -> datetime:
    return datetime(2026, 9, day, tzinfo=UTC)


def bench(person: str, open: int = 0, last_at: datetime | None = None, *units: str | None) -> Candidate:
    """Somebody at the bench of shop north-1, where nothing else is said."""
    return Candidate(person, open, last_at, frozenset(units or {"north-1"}))


def alarms(effects: tuple[Effect, ...]) -> list[tuple[str, str]]:
    """Incidents about an assignment, and whom they are told."""
    told = [right.name for each in effects if isinstance(each, Notify) and each.template == NOBODY_TO_ASSIGN for right in each.tell]
    subjects = [each.subject for each in effects if isinstance(each, OpenIncident) and each.kind == "nobody_to_assign"]
    return list(zip(subjects, told, strict=True))


@pytest.mark.parametrize(
    ("pool", "least_open", "in_turn"),
    [
        pytest.param([bench("tom", 2), bench("tim", 1, at(9))], "tim", "tom", id="fewest open; never before longest ago"),
        pytest.param([bench("tom", 1, at(3)), bench("tim", 1, at(2))], "tim", "tim", id="as many open: who was given one longest ago"),
        pytest.param([bench("tom", 1), bench("tim", 1)], "tim", "tim", id="all alike: by id"),
        pytest.param([bench("tom", 9), bench("hal", 0, None, "head")], "tom", "tom", id="the nearest unit that has somebody"),
        pytest.param([bench("bob", 3, None, "north"), bench("hal", 0, None, None)], "bob", "bob", id="nobody in the shop: the unit above"),
    ],
)
def test_one_of_a_role_is_picked(pool: list[Candidate], least_open: str, in_turn: str) -> None:
    for step, chosen in (("share", least_open), ("rotate", in_turn)):
        walk = opened()
        walk.pools["bench"] = tuple(pool)

        assert walk.do(step, "dan").assignee == chosen
        assert TakeTurn("bench", chosen) in walk.effects
        assert not alarms(walk.effects)


def test_a_start_picks_in_the_unit_that_the_case_will_have() -> None:
    walk = Walk(definition(PARCEL))
    walk.pools["bench"] = (bench("tom", 5), bench("sue", 0, None, "south-1"))

    assert walk.open("dan", "hand").assignee == "tom"


def test_a_step_that_moves_the_case_picks_where_it_goes() -> None:
    walk = opened()
    walk.pools["bench"] = (bench("tom", 0), bench("sue", 5, None, "south-1"))

    assert walk.do("south", "dan", unit="south-1").assignee == "sue"


@pytest.mark.parametrize("pool", [(), (bench("sue", 0, None, "south-1"),)])
def test_an_empty_pool_leaves_nobody_and_alarms_whom_the_role_reports_to(pool: tuple[Candidate, ...]) -> None:
    walk = opened()
    walk.pools["bench"] = pool

    assert walk.do("share", "dan").assignee is None
    assert alarms(walk.effects) == [("bench", "boss")]
    assert walk.told[0].state == "working"
    assert not any(isinstance(each, TakeTurn) for each in walk.effects)


@pytest.mark.parametrize(
    ("step", "person", "field", "told"),
    [
        pytest.param("give", "tom", "tester", "boss", id="the role of the field reports to the boss"),
        pytest.param("keep", "sol", "keeper", "boss", id="the role of the field reports to nobody: the owner"),
        pytest.param("ask", "nil", "friend", "boss", id="a field without a role: the owner"),
    ],
)
def test_a_field_in_which_somebody_is_away_gives_the_case_to_nobody(step: str, person: str, field: str, told: str) -> None:
    walk = opened()
    assert fired(walk, step, {field: person}).assignee == person

    walk = opened()
    walk.away.add(person)
    case = fired(walk, step, {field: person})

    assert (case.assignee, case.data[field]) == (None, person)
    assert alarms(walk.effects) == [(field, told)]


def test_whoever_acts_while_recorded_as_away_is_given_nothing_either() -> None:
    walk = opened()
    walk.away.add("tom")

    assert walk.do("take", "tom").assignee is None
    assert alarms(walk.effects) == [("actor", "boss")]


def test_a_step_that_assigns_nothing_leaves_the_case_with_its_holder_though_he_is_away() -> None:
    walk = opened()
    walk.do("take", "tom")
    walk.away.add("tom")

    assert walk.do("finish", "tim").assignee == "tom"
    assert walk.effects == ()


def test_a_step_moves_the_case_to_another_unit_and_rights_follow_at_once() -> None:
    walk = opened()
    assert walk.case.unit == "north-1"

    assert walk.do("send", "dan", unit="south-1").unit == "south-1"
    assert {reason.code for reason in walk.refused("send", "dan", unit="north-1")} == {"not_authorised"}
    assert walk.do("send", "sam", unit="north-1").unit == "north-1"


def test_whom_a_form_names_must_hold_his_role_where_the_case_goes() -> None:
    walk = opened()

    assert [(reason.code, reason.subject) for reason in walk.refused("send", "dan", unit="south-1", tester="tom")] == [
        ("data_invalid", "tester")
    ]
    walk.do("send", "dan", unit="north-1", tester="tom")


def test_a_case_whose_field_unit_is_empty_stays_where_it_is() -> None:
    walk = opened()

    assert "unit" not in walk.case.data
    assert walk.do("take", "tom").unit == "north-1"


WORDS = """
fields:
  unit:   {type: unit, title: 单位}
  centre: {type: unit, title: 维修中心}
start:
  open: {title: 受理, by: [{role: desk, in: any}], to: waiting}
states:
  waiting:
    title: 待修
    transitions:
      send: {title: 移交, by: desk, asks: [centre], set: {unit: centre}, to: stay}
      take: {title: 接单, by: {role: bench, in: any}, notify: [{tell: {role: boss, in: any}, template: ready-for-pickup}], to: done}
  done: {title: 完成, final: success}
"""


def test_a_role_in_any_unit_may_perform_and_be_told() -> None:
    walk = Walk(definition(WORDS))
    walk.open("dan", within="south-1")

    assert {reason.code for reason in walk.refused("send", "dan", centre="north-1")} == {"not_authorised"}
    walk.do("take", "tom")
    assert walk.told[0].tell == (Right("role", "boss", anywhere=True),)


def test_set_moves_a_case_to_the_unit_of_a_field() -> None:
    walk = Walk(definition(WORDS))
    walk.open("sam")

    assert walk.do("send", "sam", centre="north").unit == "north"
    assert {reason.code for reason in walk.refused("send", "sam", centre="south-1")} == {"not_authorised"}


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("by: [{role: desk, in: any}]", "by: [{role: dusk, in: any}]"),
        ("tell: {role: boss, in: any}", "tell: {role: bass, in: any}"),
        ("by: {role: bench, in: any}", "by: {role: bench, in: any}, assign: {role: bensch, pick: in_turn}"),
    ],
)
def test_a_role_that_does_not_exist_is_told_wherever_it_stands(written: str, instead: str) -> None:
    assert codes(WORDS.replace(written, instead)) == ["unknown-role"]


def test_a_program_holds_no_case() -> None:
    walk = opened()

    assert (walk.do("take", "integration").assignee, walk.effects) == (None, ())


def test_who_goes_away_keeps_what_he_holds() -> None:
    walk = opened()
    walk.do("give", "dan", tester="tom")
    walk.away.add("tom")

    assert walk.do("again", "dan").assignee == "tom"
    assert not alarms(walk.effects)
