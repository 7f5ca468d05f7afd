"""Who is here today, as somebody is told of it: each person with what he does, until when he is away, who stands in. Reads only."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.label import Label, verbatim
from engine.runtime.colleagues import Colleague
from roles.actor import Grant, Role
from roles.roster import Roster
from roles.staff import Person


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody holds, in a unit or everywhere, by their titles."""

    grant: Grant
    role: Label
    unit: Label | None


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who stands in and is there; in a role, or in everything."""

    person: Person
    role: Label | None


@dataclass(frozen=True, slots=True)
class Presence:
    """A person today. `is_open`: whether one is told, too, what concerns the person alone."""

    person: Person
    posts: tuple[Post, ...]
    away_until: datetime | None
    deputies: tuple[Deputy, ...]
    is_active: bool
    is_open: bool

    @property
    def is_here(self) -> bool:
        """Whether there is somebody to be met."""
        return self.is_active and self.away_until is None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people to list; what is None does not narrow. `unit`: those who work in it or below it."""

    text: str | None = None
    unit: str | None = None
    role: str | None = None
    is_here: bool | None = None


def presence(known: Colleague, told: Container[str], roster: Roster, roles: Mapping[str, Role], now: datetime) -> Presence:
    """One of them. `told`: of whom one is told at all, by id: of whoever stands in, too."""
    person = known.person
    lasting = (each.delegation for each in roster.delegations if each.delegation.delegator == person.id and each.delegation.lasts(now))
    deputies = ((each.delegate, each.role) for each in lasting if each.delegate in told and roster.is_present(each.delegate, now))
    return Presence(
        person,
        posts_of(known.holds, roster, roles),
        roster.away_until(person.id, now),
        tuple(Deputy(roster.people[id], role_title(role, roles) if role is not None else None) for id, role in deputies),
        roster.is_active(person.id, now),
        known.is_open,
    )


def listed(known: Mapping[str, Colleague], wanted: Wanted, roster: Roster, roles: Mapping[str, Role], now: datetime) -> list[Presence]:
    """Those of them who are wanted, by name, whoever is away first: people, no services. `known`: id → everybody of whom one is told."""
    people = (each for each in known.values() if each.person.kind == "person" and _is_wanted(each, wanted, roster))
    found = (presence(each, known, roster, roles, now) for each in people)
    chosen = (each for each in found if wanted.is_here in (None, each.is_here))
    return sorted(chosen, key=lambda each: (not each.is_active, each.is_here, each.person.name, each.person.id))


def posts_of(grants: Iterable[Grant], roster: Roster, roles: Mapping[str, Role]) -> tuple[Post, ...]:
    """What is held, in words and a fixed order."""
    ordered = sorted(grants, key=lambda each: (each.role, each.unit or ""))
    return tuple(Post(each, role_title(each.role, roles), unit_title(each.unit, roster)) for each in ordered)


def role_title(role: str, roles: Mapping[str, Role]) -> Label:
    """A role by its title; one that no file declares any more by its id."""
    return roles[role].title if role in roles else verbatim(role)


def unit_title(unit: str | None, roster: Roster) -> Label | None:
    """A unit by its title; None: everywhere."""
    return roster.unit_titles.get(unit, verbatim(unit)) if unit is not None else None


def _is_wanted(known: Colleague, wanted: Wanted, roster: Roster) -> bool:
    text = (wanted.text or "").strip().casefold()
    if text and text not in known.person.name.casefold() and text not in known.person.id:
        return False
    fitting = [grant for grant in known.holds if wanted.role in (None, grant.role)]
    if wanted.unit is not None:
        fitting = [grant for grant in fitting if grant.unit is not None and wanted.unit in roster.lineages.get(grant.unit, ())]
    return bool(fitting) or (wanted.role is None and wanted.unit is None)
