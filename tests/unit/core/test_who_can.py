"""Who can: the same evaluator over everybody – those who can, those who are away, and those who have the right but are kept from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.core.ability import Able, who_can
from engine.core.moving import before_of
from engine.core.opening import blank
from roles.actor import Grant, Lent
from tests.process import TEAM, Walk, definition, person

WORK = definition("""
fields:
  helper: {type: person, title: 协助人}
  proof:  {type: text, title: 凭据}
start:
  open: {title: 受理, by: desk, to: bench}
states:
  bench:
    title: 维修
    transitions:
      finish: {title: 完工, by: bench, to: checking}
      confirm:
        title: 确认
        by: [bench, boss]
        asks: proof?
        requires: [{that: acting(boss), say: 须主管}, {that: proof is set, say: 须有凭据}]
        to: stay
  checking:
    title: 质检
    transitions:
      pass: {title: 放行, by: [bench, helper], not_by: [finish], to: done}
      sign: {title: 会签, by: [bench, boss], approvals: {at_least: 2}, to: done}
  done: {title: 完成, final: success}
""")


def who(
    walk: Walk, step: str, *, away: frozenset[str] = frozenset(), lent: Mapping[str, tuple[Lent, ...]] | None = None
) -> tuple[Able, ...]:
    found = walk.definition.states[walk.case.state].steps[step]
    people = [replace(person(name, walk.team), lent=(lent or {}).get(name, ())) for name in sorted(walk.team)]
    facts = replace(walk.facts("nil"), away=away)
    return who_can(walk.definition, walk.case, before_of(walk.definition, walk.case, found), found, people, facts)


def names(found: tuple[Able, ...]) -> list[str]:
    return [each.person for each in found if not each.hindrances]


def at_bench() -> Walk:
    walk = Walk(WORK)
    walk.open("dan", within="north-1")
    return walk


def checking() -> Walk:
    walk = at_bench()
    walk.do("finish", "tom")
    return walk


def test_those_are_named_who_hold_the_role_in_the_unit_of_the_case() -> None:
    walk = at_bench()
    walk.team["far"] = frozenset({Grant("bench", "south-1")})

    assert names(who(walk, "finish")) == ["tim", "tom"]


def test_those_who_are_there_come_first() -> None:
    found = who(at_bench(), "finish", away=frozenset({"tim"}))

    assert [(each.person, each.is_present) for each in found] == [("tom", True), ("tim", False)]


def test_whoever_stands_in_is_named_with_the_one_he_acts_for() -> None:
    lent = {"nil": (Lent("tom", TEAM["tom"], whole=False, held=TEAM["tom"]),)}
    found = who(at_bench(), "finish", away=frozenset({"tom"}), lent=lent)

    assert [(each.person, each.on_behalf_of) for each in found] == [("nil", "tom"), ("tim", None), ("tom", None)]


def test_whoever_has_the_right_but_is_kept_from_it_is_told_with_the_reason() -> None:
    able, kept = who(checking(), "pass")

    assert able == Able("tim", None, is_present=True)
    assert kept.person == "tom"
    assert [(check.kind, check.reason.code) for check in kept.hindrances if check.reason is not None] == [
        ("separation", "separation_of_duties")
    ]


def test_whoever_stands_in_for_the_performer_is_kept_from_it_too() -> None:
    found = who(checking(), "pass", lent={"nil": (Lent("tom", TEAM["tom"], whole=False, held=TEAM["tom"]),)})

    assert [(each.person, bool(each.hindrances)) for each in found] == [("tim", False), ("nil", True), ("tom", True)]


def test_a_condition_on_the_actor_keeps_him_from_it_and_one_on_the_form_nobody() -> None:
    assert names(who(at_bench(), "confirm")) == ["bea", "bob"]


def test_whoever_has_signed_is_not_named_again() -> None:
    walk = checking()
    walk.do("sign", "tim")

    found = who(walk, "sign")

    assert names(found) == ["bea", "bob", "tom"]
    assert [(each.person, each.hindrances[0].kind) for each in found if each.hindrances] == [("tim", "approval")]


def test_a_case_that_is_not_there_yet_can_be_opened_by_those_of_its_unit() -> None:
    walk = Walk(WORK)
    people = [person(name) for name in sorted(TEAM)]
    facts = walk.facts("nil")

    assert names(who_can(WORK, None, blank("north-1", facts), WORK.starts["open"], people, facts)) == ["dan", "dot"]
    assert names(who_can(WORK, None, blank(None, facts), WORK.starts["open"], people, facts)) == ["dan", "dot", "sam"]


def test_whoever_is_named_can_and_nobody_else() -> None:
    walk = checking()
    named = names(who(walk, "pass"))

    able = [name for name in sorted(walk.team) if walk.option("pass", name).allowed]
    assert named == able == ["tim"]


def test_of_two_steps_that_one_person_alone_could_do_the_second_is_left_to_nobody() -> None:
    """PRODUCT §6, scenario 16: the process stands still, and says for whom and why instead of “no problems”."""
    walk = checking()
    del walk.team["tim"]

    found = who(walk, "pass")

    assert names(found) == []
    assert [(each.person, [check.kind for check in each.hindrances]) for each in found] == [("tom", ["separation"])]
