"""The policy table: by what right somebody is admitted, and what excludes him."""

from __future__ import annotations

from typing import Any

import pytest

from roles.actor import Actor, Grant
from roles.policy import Allowed, Relation, Right, authorise, excluded

SHOP, OTHER, TOP = "phone-01", "phone-02", "headquarters"
LINEAGE = (SHOP, TOP)

TESTER = Right("role", "tester")
DESK = Right("role", "desk")
REPAIRER = Right("field", "repairer")
HOLDER = Right("assignee", "assignee")
CUSTOMER = Right("party", "customer")
INTEGRATION = Right("integration", "integration")
PARENT = Right("parent", "parent")


def person(*grants: Grant, id: str = "tom") -> Actor:
    return Actor(id, "person", frozenset(grants))


def service(*grants: Grant) -> Actor:
    return Actor("till", "integration", frozenset(grants))


def customer(party: str = "customer") -> Actor:
    return Actor("a-customer", "party", party=party)


@pytest.mark.parametrize(
    ("held_in", "lineage", "admitted"),
    [
        pytest.param(SHOP, LINEAGE, True, id="in the unit of the case"),
        pytest.param(TOP, LINEAGE, True, id="in a unit above it"),
        pytest.param(None, LINEAGE, True, id="everywhere"),
        pytest.param(OTHER, LINEAGE, False, id="in another shop"),
        pytest.param(SHOP, (TOP,), False, id="below the unit of the case"),
        pytest.param(OTHER, (), True, id="somewhere, for a case without unit"),
    ],
)
def test_a_role_counts_where_it_is_held(held_in: str | None, lineage: tuple[str, ...], admitted: bool) -> None:
    verdict = authorise([TESTER], person(Grant("tester", held_in)), {}, lineage)

    assert verdict == ((Allowed(frozenset({"tester"})),) if admitted else ())


def test_a_role_in_any_unit_counts_wherever_it_is_held() -> None:
    elsewhere = person(Grant("tester", OTHER))

    assert authorise([Right("role", "tester", anywhere=True)], elsewhere, {}, LINEAGE) == (Allowed(frozenset({"tester"})),)


@pytest.mark.parametrize(
    ("relation", "grants", "admitted"),
    [
        pytest.param(Relation(("tom",)), (), True, id="a field without a role"),
        pytest.param(Relation(("sue", "tom")), (), True, id="one of several people"),
        pytest.param(Relation(("tom",), "tester"), (Grant("tester", SHOP),), True, id="he still holds the role of the field"),
        pytest.param(Relation(("tom",), "tester"), (), False, id="his role was revoked"),
        pytest.param(Relation(("tom",), "tester"), (Grant("tester", OTHER),), False, id="he holds it in another shop now"),
        pytest.param(Relation(("sue",)), (Grant("tester", SHOP),), False, id="somebody else stands there"),
        pytest.param(Relation(), (Grant("tester", SHOP),), False, id="the field is empty"),
        pytest.param(None, (Grant("tester", SHOP),), False, id="nothing is known of the field"),
    ],
)
@pytest.mark.parametrize("right", [REPAIRER, HOLDER])
def test_a_field_admits_whoever_stands_in_it_and_still_holds_its_role(
    right: Right, relation: Relation | None, grants: tuple[Grant, ...], admitted: bool
) -> None:
    relations = {} if relation is None else {right.name: relation}

    assert bool(authorise([right], person(*grants), relations, LINEAGE)) is admitted


@pytest.mark.parametrize(
    ("right", "actor", "admitted"),
    [
        pytest.param(CUSTOMER, customer(), True, id="the party itself"),
        pytest.param(CUSTOMER, customer("agent"), False, id="another party"),
        pytest.param(CUSTOMER, person(Grant("customer")), False, id="staff with a role of that name"),
        pytest.param(INTEGRATION, service(Grant("integration", SHOP)), True, id="a service that is an integration here"),
        pytest.param(INTEGRATION, service(Grant("integration", OTHER)), False, id="a service that is one in another shop"),
        pytest.param(INTEGRATION, service(Grant("desk")), False, id="a service that is none"),
        pytest.param(INTEGRATION, person(Grant("integration")), False, id="a person with a role of that name"),
        pytest.param(INTEGRATION, person(id="integration"), False, id="a person of that name"),
        pytest.param(TESTER, service(Grant("tester")), True, id="a service with a role of its own"),
        pytest.param(REPAIRER, Actor("tom", "integration"), False, id="a service never stands in a field"),
        pytest.param(REPAIRER, Actor("tom", "system"), False, id="the system never stands in a field"),
        pytest.param(PARENT, Actor("parent", "parent"), True, id="the case that opened this one"),
        pytest.param(PARENT, Actor("tom", "person", opens_child=True), True, id="whoever performs the step of the parent"),
        pytest.param(PARENT, person(Grant("parent")), False, id="staff for himself"),
    ],
)
def test_outsiders_are_admitted_by_what_they_are(right: Right, actor: Actor, admitted: bool) -> None:
    assert bool(authorise([right], actor, {"repairer": Relation(("tom",))}, LINEAGE)) is admitted


def test_every_right_that_admits_is_named() -> None:
    tom = person(Grant("tester", SHOP), Grant("desk", OTHER))

    verdict = authorise([TESTER, DESK, REPAIRER], tom, {"repairer": Relation(("tom",), "tester")}, LINEAGE)

    assert verdict == (Allowed(frozenset({"tester", "repairer"})),)


def test_without_any_right_nobody_is_admitted() -> None:
    assert authorise([], person(Grant("tester")), {}, ()) == ()


def test_a_word_that_cannot_be_resolved_denies_and_excludes() -> None:
    kind: Any = "a kind of a later version"
    unresolved = Right(kind, "tester")
    tom = person(Grant("tester"))

    assert authorise([unresolved], tom, {"tester": Relation(("tom",))}, ()) == ()
    assert excluded(tom, None, {}, [unresolved], {}) == ("tester",)


@pytest.mark.parametrize(
    ("performers", "rights", "relations", "words"),
    [
        pytest.param({"finish": frozenset({"sue", "tom"})}, [], {}, ("finish",), id="he performed the step, or it was done for him"),
        pytest.param({"finish": frozenset({"sue"})}, [], {}, (), id="somebody else performed it"),
        pytest.param({"finish": frozenset()}, [], {}, (), id="nobody has performed it"),
        pytest.param({}, [REPAIRER], {"repairer": Relation(("tom",))}, ("repairer",), id="he stands in the field"),
        pytest.param({}, [REPAIRER], {"repairer": Relation(("tom",), "desk")}, ("repairer",), id="even when its role was revoked"),
        pytest.param({}, [REPAIRER], {}, (), id="nobody stands in the field"),
        pytest.param({}, [HOLDER], {"assignee": Relation(("tom",))}, ("assignee",), id="the case is assigned to him"),
        pytest.param({}, [TESTER], {}, ("tester",), id="he holds the role, in whatever unit"),
        pytest.param({}, [DESK, CUSTOMER, INTEGRATION], {}, (), id="a role he does not hold, a party he is not"),
        pytest.param({"finish": frozenset({"tom"})}, [TESTER, DESK], {}, ("finish", "tester"), id="everything that excludes him is named"),
    ],
)
def test_separation_of_duties_names_what_excludes(
    performers: dict[str, frozenset[str]], rights: list[Right], relations: dict[str, Relation], words: tuple[str, ...]
) -> None:
    assert excluded(person(Grant("tester", OTHER)), None, performers, rights, relations) == words


def test_outsiders_can_be_excluded() -> None:
    assert excluded(customer(), None, {}, [CUSTOMER, INTEGRATION], {}) == ("customer",)
    assert excluded(Actor("intake", "integration"), None, {}, [CUSTOMER, INTEGRATION], {}) == ("integration",)
