"""Assignments in time, and the registry of roles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.errors import Conflict, Misuse, Unknown
from engine.label import verbatim
from roles.actor import Role
from roles.assignment import Assignment
from roles.registry import Clash, RoleRegistry


def on(day: int) -> datetime:
    return datetime(2026, 9, day, tzinfo=UTC)


def role(id: str, organisation: str = "phone", *, reports_to: str | None = None, external: bool = False) -> Role:
    return Role(id, verbatim(id), organisation, reports_to, external)


REGISTRY = RoleRegistry.of(
    [role("desk"), role("tester", reports_to="desk"), role("keeper"), role("customer", external=True)], [("tester", "keeper")]
)


@pytest.mark.parametrize(("day", "held"), [(1, False), (2, True), (4, True), (5, False)])
def test_an_assignment_holds_from_its_beginning_until_just_before_its_end(day: int, held: bool) -> None:
    assert Assignment("tom", "tester", None, on(2), on(5)).held(on(day)) is held


def test_an_assignment_without_end_holds_on() -> None:
    assert Assignment("tom", "tester", None, on(2)).held(datetime(2099, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("end", [on(1), on(2)])
def test_an_assignment_that_ends_before_it_begins_is_misuse(end: datetime) -> None:
    with pytest.raises(Misuse, match="the role “tester” of “tom” to end after it begins"):
        Assignment("tom", "tester", None, on(2), end)


@pytest.mark.parametrize("bounds", [(datetime(2026, 9, 1), None), (on(1), datetime(2026, 9, 2))])  # noqa: DTZ001 – the point of it
def test_naive_instants_are_refused(bounds: tuple[datetime, datetime | None]) -> None:
    with pytest.raises(ValueError, match="aware"):
        Assignment("tom", "tester", None, *bounds)


TESTER = Assignment("tom", "tester", "phone-01", on(1), on(5))


@pytest.mark.parametrize(
    ("other", "clashing"),
    [
        pytest.param(Assignment("tom", "keeper", "phone-02", on(4)), True, id="overlapping, though in another shop"),
        pytest.param(Assignment("tom", "keeper", None, on(2), on(3)), True, id="one within the other"),
        pytest.param(Assignment("tom", "keeper", "phone-01", on(5)), False, id="one begins as the other ends"),
        pytest.param(Assignment("sue", "keeper", "phone-01", on(1)), False, id="two people"),
        pytest.param(Assignment("tom", "desk", "phone-01", on(1)), False, id="roles that may be combined"),
    ],
)
def test_roles_to_keep_apart_clash_when_one_person_holds_both_at_once(other: Assignment, clashing: bool) -> None:
    expected = (Clash("tom", other, TESTER),) if clashing else ()

    assert REGISTRY.clashes([TESTER, other]) == expected
    assert REGISTRY.clashes([other, TESTER]) == expected


def test_an_unknown_role_is_answered_with_the_nearest() -> None:
    with pytest.raises(Unknown) as raised:
        REGISTRY.role("testr")

    assert raised.value.sentence.within("en") == "There is no role “testr”."
    assert raised.value.way_out is not None
    assert raised.value.way_out.within("zh") == "是不是想写“tester”？"


def test_a_role_belongs_to_one_organisation() -> None:
    with pytest.raises(Conflict, match="role “desk” is declared twice: by phone and by dealer"):
        RoleRegistry.of([role("desk"), role("desk", "dealer")])
    with pytest.raises(Conflict, match="declared twice"):
        RoleRegistry.of([role("customer", external=True), role("customer", "dealer")])


def test_several_organisations_may_deal_with_the_same_outsiders() -> None:
    registry = RoleRegistry.of([role("customer", external=True), role("customer", "dealer", external=True)])

    assert registry.role("customer").external


@pytest.mark.parametrize(
    ("roles", "apart"),
    [([role("tester", reports_to="boss")], []), ([role("tester")], [("tester", "boss")])],
)
def test_a_role_file_may_not_mention_a_role_that_nobody_declares(roles: list[Role], apart: list[tuple[str, str]]) -> None:
    with pytest.raises(Unknown, match="There is no role “boss”"):
        RoleRegistry.of(roles, apart)


def test_a_role_cannot_be_kept_apart_from_itself() -> None:
    with pytest.raises(Conflict, match="found “tester” twice"):
        RoleRegistry.of([role("tester")], [("tester", "tester")])
