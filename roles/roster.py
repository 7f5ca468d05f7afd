"""The roster: everybody at one version of the staff. Who holds what, who is there and who stands in, at an instant.

Pure; knows no case. `engine.runtime.directory` keeps the one of the present version.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.errors import Unknown, did_you_mean
from engine.label import Label
from roles.absence import Absence
from roles.actor import Actor, Grant, Lent
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.policy import tiers, units_seen
from roles.scope import Identity, narrowed
from roles.staff import KnownAbsence, KnownDelegation, Person, Staff, Unit

_NOBODY: frozenset[str] = frozenset()


class Roster:
    """Everybody at one version of the staff. Immutable."""

    def __init__(self, staff: Staff) -> None:
        self.version = staff.version
        self.lineages: Mapping[str, tuple[str, ...]] = _lineages(staff.units)
        """unit → itself and the units above it, nearest first."""
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in staff.units}
        self.unit_titles: Mapping[str, Label] = {unit.id: unit.title for unit in staff.units}
        self.people: Mapping[str, Person] = {person.id: person for person in staff.people}
        self.names: Mapping[str, str] = _names(staff.people)
        """Everybody → what he is called in a sentence: his name; with the id behind it where others share it."""
        self._disabled: Mapping[str, datetime] = {each.id: each.disabled_at for each in staff.people if each.disabled_at is not None}
        self._services = frozenset(each.id for each in staff.people if each.kind == "service")
        self._held: dict[str, list[Assignment]] = {}
        self._holding: dict[str, set[str]] = {}
        """role → every person who has held it, holds it or will."""
        for held in staff.held:
            self._held.setdefault(held.assignment.person, []).append(held.assignment)
            if held.assignment.person not in self._services:
                self._holding.setdefault(held.assignment.role, set()).add(held.assignment.person)
        self.absences: tuple[KnownAbsence, ...] = staff.absences
        self.delegations: tuple[KnownDelegation, ...] = staff.delegations
        # Asked with every decision, and all that was ever recorded is kept: what is over must cost nothing.
        self._ending = sorted((known.absence for known in staff.absences), key=_end)
        self._ends = [absence.until for absence in self._ending]
        self._lent_to: dict[str, list[Delegation]] = {}
        self._lent_by: dict[str, list[Delegation]] = {}
        for known in staff.delegations:
            self._lent_to.setdefault(known.delegation.delegate, []).append(known.delegation)
            self._lent_by.setdefault(known.delegation.delegator, []).append(known.delegation)

    def actor(self, person: str, at: datetime) -> Actor:
        """The person or service with what it holds and is lent at this instant; one that is disabled may do nothing, wherever it stands.

        Raises Unknown, with the nearest id.
        """
        if person not in self.people:
            raise Unknown(
                Label("没有人员“{name}”。", "There is no person “{name}”.").fill(name=person),
                did_you_mean(person, self.people) or Label("请用“aftercare people”查看人员。", "See them with “aftercare people”."),
            )
        if self._is_disabled(person, at):
            return Actor(person, "disabled")
        if person in self._services:
            return Actor(person, "integration", self._grants(person, at))
        return Actor(person, "person", self._grants(person, at), lent=self._lent(person, at))

    def acting(self, identity: Identity, at: datetime) -> Actor:
        """The same, with no more than the scope leaves. Raises Unknown."""
        return narrowed(self.actor(identity.id, at), identity.scope, self.lineages)

    def facts_about(self, named: Iterable[str], at: datetime) -> Mapping[str, frozenset[Grant]]:
        """The active ones among the persons named → what they hold at this instant."""
        return {person: self._grants(person, at) for person in named if self.is_active(person, at)}

    def tiers(self, role: str, lineage: tuple[str, ...], at: datetime) -> tuple[tuple[str, ...], ...]:
        """All active holders of a role that counts for these units, nearest first (`roles.policy.tiers`).

        `lineage` is the unit of a case and those above it, nearest first; without a unit, all holders are one tier.
        """
        return tiers(self._units_of(role, at), lineage)

    def holders(self, role: str, at: datetime) -> Mapping[str, frozenset[str | None]]:
        """Every active person who holds a role, there or not → in which units."""
        return self._units_of(role, at)

    def pool(self, role: str, at: datetime) -> Mapping[str, frozenset[str | None]]:
        """Everybody who holds a role and is there → in which units."""
        away = self.away(at)
        return {person: units for person, units in self._units_of(role, at).items() if person not in away}

    def away(self, at: datetime) -> frozenset[str]:
        """Who is absent or disabled at this instant."""
        if not self.absences and not self._disabled:
            return _NOBODY  # asked with every move
        absent = (absence.person for absence in self._not_over(at) if absence.lasts(at))
        return frozenset(absent).union(person for person in self._disabled if self._is_disabled(person, at))

    def is_present(self, person: str, at: datetime) -> bool:
        """Whether the person exists, is not disabled and not absent."""
        return self.is_active(person, at) and self.away_until(person, at) is None

    def away_until(self, person: str, at: datetime) -> datetime | None:
        """When a person who is absent at this instant comes back; None if he is not absent."""
        return max((each.until for each in self._not_over(at) if each.person == person and each.lasts(at)), default=None)

    def units_seen(self, person: str, at: datetime) -> frozenset[str]:
        """The units whose cases a person may see at this instant (`roles.policy.sees`). Raises Unknown."""
        return units_seen(self.actor(person, at), self.lineages)

    def deputies(self, person: str, role: str | None, at: datetime) -> tuple[str, ...]:
        """Who acts for a person at this instant and is there, by id; in this role, or with None: wherever he stands in person."""
        found = {each.delegate for each in self._lent_by.get(person, ()) if each.lasts(at) and each.role in (None, role)}
        return tuple(sorted(each for each in found if self.is_present(each, at))) if self.is_active(person, at) else ()

    def delegations_to(self, person: str, at: datetime) -> tuple[KnownDelegation, ...]:
        """What the person has been asked to stand in for at this instant, by delegator; from active people only."""
        found = (each for each in self.delegations if each.delegation.delegate == person and each.delegation.lasts(at))
        return tuple(sorted((each for each in found if self.is_active(each.delegation.delegator, at)), key=_by_delegator))

    def _not_over(self, at: datetime) -> list[Absence]:
        return self._ending[bisect_right(self._ends, at) :]

    def _units_of(self, role: str, at: datetime) -> Mapping[str, frozenset[str | None]]:
        held = {
            person: frozenset(grant.unit for grant in self._grants(person, at) if grant.role == role)
            for person in self._holding.get(role, ())
        }
        return {person: units for person, units in held.items() if units}

    def _lent(self, person: str, at: datetime) -> tuple[Lent, ...]:
        """What active people lend him: everything they hold themselves, or what they hold of a role. What is lent is not lent on."""
        if person not in self._lent_to or not self.is_active(person, at):
            return ()
        lasting = [each for each in self._lent_to[person] if each.lasts(at) and self.is_active(each.delegator, at)]
        found: list[Lent] = []
        for delegator in sorted({each.delegator for each in lasting}):
            roles = {each.role for each in lasting if each.delegator == delegator}
            grants = self._grants(delegator, at)
            lent = grants if None in roles else frozenset(grant for grant in grants if grant.role in roles)
            if lent or None in roles:
                found.append(Lent(delegator, lent, None in roles, grants))
        return tuple(found)

    def _grants(self, person: str, at: datetime) -> frozenset[Grant]:
        if self._is_disabled(person, at):
            return frozenset()
        return frozenset(assignment.grant for assignment in self._held.get(person, ()) if assignment.held(at))

    def ahead(self, person: str, at: datetime) -> frozenset[Grant]:
        """What the person holds at this instant, or will."""
        held = self._held.get(person, ())
        return frozenset(each.grant for each in held if each.until is None or each.until > at)

    def assignments(self, person: str, at: datetime) -> tuple[Assignment, ...]:
        """The same with from when until when, what began first coming first."""
        lasting = (each for each in self._held.get(person, ()) if each.until is None or each.until > at)
        return tuple(sorted(lasting, key=lambda each: (each.since, each.role, each.unit or "")))

    def is_active(self, person: str, at: datetime) -> bool:
        """Whether the person exists, is no service and not disabled."""
        return person in self.people and person not in self._services and not self._is_disabled(person, at)

    def _is_disabled(self, person: str, at: datetime) -> bool:
        return person in self._disabled and self._disabled[person] <= at


def _end(absence: Absence) -> datetime:
    return absence.until


def _by_delegator(known: KnownDelegation) -> tuple[str, int]:
    return known.delegation.delegator, known.id


def _names(people: Iterable[Person]) -> dict[str, str]:
    people = tuple(people)
    shared = Counter(person.name for person in people)
    return {each.id: f"{each.name} ({each.id})" if shared[each.name] > 1 else each.name for each in people}


def _lineages(units: Iterable[Unit]) -> dict[str, tuple[str, ...]]:
    parents = {unit.id: unit.parent for unit in units}
    found: dict[str, tuple[str, ...]] = {}
    for unit in parents:
        line: list[str] = []
        here: str | None = unit
        while here is not None and here not in line:
            line.append(here)
            here = parents.get(here)
        found[unit] = tuple(line)
    return found
