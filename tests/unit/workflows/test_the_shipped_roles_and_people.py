"""The role files and the demonstration team hold together."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from roles.assignment import Assignment
from roles.registry import OWN
from tests.unit.workflows import shipped

REGISTRY = shipped.registry()
TEAM = shipped.people()
ASSIGNMENTS = [
    Assignment(id, holding.role, holding.unit, datetime(2026, 1, 1, tzinfo=UTC))
    for id, person in TEAM.people.items()
    for holding in person.holds
]


def test_no_role_reports_to_itself_in_the_end() -> None:
    for role in REGISTRY.roles.values():
        seen = [role.id]
        while (above := REGISTRY.role(seen[-1]).reports_to) is not None:
            assert above not in seen
            seen.append(above)


def test_both_organisations_and_the_outsiders_of_the_language_are_declared() -> None:
    assert {role.organisation for role in REGISTRY.roles.values() if not role.external and role != OWN} == {"phone", "dealer"}
    assert REGISTRY.role("customer").external
    assert REGISTRY.role("integration").external


def test_the_team_works_in_declared_units_and_holds_declared_roles() -> None:
    for unit in TEAM.units:
        assert shipped.lineage(TEAM, unit)[-1] == "headquarters"
    for assignment in ASSIGNMENTS:
        assert assignment.unit in (None, *TEAM.units)
        assert not REGISTRY.role(assignment.role).external or TEAM.people[assignment.person].service


def test_nobody_of_the_team_holds_two_roles_that_must_be_kept_apart() -> None:
    assert REGISTRY.apart
    assert REGISTRY.clashes(ASSIGNMENTS) == ()


@pytest.mark.parametrize("role", [role.id for role in REGISTRY.roles.values() if not role.external])
def test_somebody_of_the_team_holds_every_role(role: str) -> None:
    assert any(assignment.role == role for assignment in ASSIGNMENTS)


def test_the_people_are_invented_and_told_apart() -> None:
    names = [person.name for person in TEAM.people.values()]

    assert all(re.fullmatch(r"样例\D+\d\d", name) for name in names)
    assert len(set(names)) == len(names)
