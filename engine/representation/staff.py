"""People, units and roles as objects for JSON: who holds what now, who is away, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.label import LabelObject, of_label
from engine.representation.scalar import Instant, Number, Person, Unit, of_instant
from engine.runtime.colleagues import Colleague
from roles.actor import Grant, Role
from roles.roster import Roster
from roles.staff import KnownAbsence, KnownDelegation, PersonKind
from roles.staff import Unit as Place

RoleId = Annotated[str, Field(description="A role, by id.", examples=["phone-front-desk"])]

Reason = Annotated[str | None, Field(description="Told to administrators and to the person himself.")]


class GrantObject(TypedDict):
    """A role that is held now."""

    role: RoleId
    unit: Annotated[Unit | None, Field(description="Null: everywhere.")]


class DeputyObject(TypedDict):
    """Somebody who stands in, and is there."""

    person: Person
    role: Annotated[RoleId | None, Field(description="Null: in everything.")]


class PersonObject(TypedDict):
    """A person, or a service: another program that acts by its own name."""

    id: Person
    name: str
    kind: PersonKind
    email: Annotated[str | None, Field(description="Told to administrators and to himself.")]
    disabled: bool
    holds: list[GrantObject]
    away_until: Instant | None
    deputies: list[DeputyObject]


class PeopleObject(TypedDict):
    """People and services."""

    people: list[PersonObject]


class UnitObject(TypedDict):
    """A place of the organisation."""

    id: Unit
    title: LabelObject
    above: Annotated[Unit | None, Field(description="The unit that it belongs to.")]


class UnitsObject(TypedDict):
    """Units."""

    units: list[UnitObject]


class RoleObject(TypedDict):
    """A role of an organisation."""

    id: RoleId
    title: LabelObject
    organisation: str
    reports_to: RoleId | None
    external: Annotated[bool, Field(description="Held by nobody of the department: a customer, another program.")]


class RolesObject(TypedDict):
    """Roles."""

    roles: list[RoleObject]


class AbsenceObject(TypedDict):
    """Somebody is away, or will be."""

    id: int
    person: Person
    since: Instant
    until: Instant
    reason: Reason
    recorded_by: str


class AbsencesObject(TypedDict):
    """Absences that are not over."""

    absences: list[AbsenceObject]


class DelegationObject(TypedDict):
    """Somebody stands in for another, or will."""

    id: int
    delegator: Person
    delegate: Person
    role: Annotated[RoleId | None, Field(description="Null: in everything.")]
    open_cases: Annotated[list[Number], Field(description="Those that the delegator holds now.")]
    since: Instant
    until: Instant
    reason: Reason
    recorded_by: str


class DelegationsObject(TypedDict):
    """Delegations that are not over."""

    delegations: list[DelegationObject]


def of_person(colleague: Colleague, roster: Roster, now: datetime) -> PersonObject:
    """A person, with what he holds now and who stands in for him."""
    person = colleague.person
    return {
        "id": person.id,
        "name": person.name,
        "kind": person.kind,
        "email": person.email if colleague.is_open else None,
        "disabled": person.disabled_at is not None and person.disabled_at <= now,
        "holds": of_grants(colleague.holds),
        "away_until": of_instant(roster.away_until(person.id, now)),
        "deputies": [{"person": known.delegation.delegate, "role": known.delegation.role} for known in deputies_of(person.id, roster, now)],
    }


def of_people(found: Iterable[Colleague], roster: Roster, now: datetime) -> PeopleObject:
    """People and services."""
    return {"people": [of_person(each, roster, now) for each in found]}


def of_grants(grants: Collection[Grant]) -> list[GrantObject]:
    """Roles that are held, in a fixed order."""
    return [{"role": each.role, "unit": each.unit} for each in sorted(grants, key=lambda each: (each.role, each.unit or ""))]


def of_units(found: Iterable[Place]) -> UnitsObject:
    """Units."""
    return {"units": [{"id": each.id, "title": of_label(each.title), "above": each.parent} for each in found]}


def of_roles(found: Iterable[Role]) -> RolesObject:
    """Roles, by organisation; those outside last."""
    ordered = sorted(found, key=lambda each: (each.external, each.organisation, each.id))
    return {"roles": [_role(each) for each in ordered]}


def _role(role: Role) -> RoleObject:
    return {
        "id": role.id,
        "title": of_label(role.title),
        "organisation": role.organisation,
        "reports_to": role.reports_to,
        "external": role.external,
    }


def of_absences(found: Iterable[KnownAbsence], known: Mapping[str, Colleague]) -> AbsencesObject:
    """Absences; why, where the person is open to the reader."""
    return {"absences": [_absence(each, is_open=known[each.absence.person].is_open) for each in found]}


def of_delegations(
    found: Iterable[KnownDelegation], known: Mapping[str, Colleague], held: Mapping[str, Iterable[str]]
) -> DelegationsObject:
    """Delegations; why, where the delegator is open to the reader. `held`: person → the open cases that he holds."""
    return {"delegations": [_delegation(each, held, is_open=known[each.delegation.delegator].is_open) for each in found]}


def _absence(known: KnownAbsence, *, is_open: bool) -> AbsenceObject:
    each = known.absence
    return {
        "id": known.id,
        "person": each.person,
        "since": encode_instant(each.since),
        "until": encode_instant(each.until),
        "reason": known.reason if is_open else None,
        "recorded_by": known.recorded_by,
    }


def _delegation(known: KnownDelegation, held: Mapping[str, Iterable[str]], *, is_open: bool) -> DelegationObject:
    each = known.delegation
    return {
        "id": known.id,
        "delegator": each.delegator,
        "delegate": each.delegate,
        "role": each.role,
        "open_cases": list(held.get(each.delegator, ())),
        "since": encode_instant(each.since),
        "until": encode_instant(each.until),
        "reason": known.reason if is_open else None,
        "recorded_by": known.recorded_by,
    }


def deputies_of(person: str, roster: Roster, now: datetime) -> list[KnownDelegation]:
    """By which delegations somebody stands in for a person now, of those who are there."""
    lasting = (known for known in roster.delegations if known.delegation.delegator == person and known.delegation.lasts(now))
    return [known for known in lasting if roster.is_present(known.delegation.delegate, now)]
