"""Who is who, now: people, what they hold, and the tree of units, as facts for a decision.

Everybody is kept in memory under the version of the staff that a unit of work reads anyway, so that asking costs nothing
and a revoked role acts with the very next move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.errors import Unknown, did_you_mean
from engine.label import Label, verbatim
from engine.runtime.naming import require
from engine.store import people
from engine.store.database import Database
from engine.store.people import Person, Staff, Unit
from roles.actor import Actor, Grant
from roles.assignment import Assignment


class Roster:
    """Everybody at one version of the staff. Immutable."""

    def __init__(self, staff: Staff) -> None:
        self.version = staff.version
        self.lineages: Mapping[str, tuple[str, ...]] = _lineages(staff.units)
        """unit → itself and the units above it, nearest first."""
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in staff.units}
        self.people: Mapping[str, Person] = {person.id: person for person in staff.people}
        self._held: dict[str, list[Assignment]] = {}
        for held in staff.held:
            self._held.setdefault(held.assignment.person, []).append(held.assignment)

    def actor(self, person: str, at: datetime) -> Actor:
        """The person with what he holds at this instant; a disabled one holds nothing. Raises Unknown, with the nearest id."""
        if person not in self.people:
            raise Unknown(
                Label("没有人员“{name}”。", "There is no person “{name}”.").fill(name=person),
                did_you_mean(person, self.people) or Label("请用“aftercare people”查看人员。", "See them with “aftercare people”."),
            )
        return Actor(person, "person", self._grants(person, at))

    def person_named(self, name: str) -> str:
        """The id of a person given by id or name. Raises Unknown, with the nearest."""
        return require(name, {each.id: verbatim(each.name) for each in self.people.values()}, Label("人员", "person"))

    def unit_named(self, name: str) -> str:
        """The id of a unit given by id or title. Raises Unknown, with the nearest name."""
        return require(name, {unit.id: unit.title for unit in self.units.values()}, Label("单位", "unit"))

    def facts_about(self, named: Iterable[str], at: datetime) -> Mapping[str, frozenset[Grant]]:
        """The active ones among the persons named → what they hold at this instant."""
        return {person: self._grants(person, at) for person in named if self.is_active(person, at)}

    def holders(self, role: str, lineage: tuple[str, ...], at: datetime) -> tuple[str, ...]:
        """Who is told when a role is: its active holders in the unit, else in the nearest unit above that has one.

        `lineage` is the unit of the case and those above it; without a unit, all holders. Whoever holds it everywhere
        counts with the topmost unit.
        """
        held = {person: [grant.unit for grant in self._grants(person, at) if grant.role == role] for person in self._holding(role)}
        for unit in (*lineage, None):
            found = sorted(person for person, units in held.items() if unit in units or (not lineage and units))
            if found:
                return tuple(found)
        return ()

    def _holding(self, role: str) -> frozenset[str]:
        return frozenset(person for person, held in self._held.items() if any(each.grant.role == role for each in held))

    def _grants(self, person: str, at: datetime) -> frozenset[Grant]:
        if self._is_disabled(person, at):
            return frozenset()
        return frozenset(assignment.grant for assignment in self._held.get(person, ()) if assignment.held(at))

    def is_active(self, person: str, at: datetime) -> bool:
        """Whether the person exists and is not disabled."""
        return person in self.people and not self._is_disabled(person, at)

    def _is_disabled(self, person: str, at: datetime) -> bool:
        disabled_at = self.people[person].disabled_at
        return disabled_at is not None and disabled_at <= at


class Directory:
    """Hands out the roster of the present version; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._roster: Roster | None = None

    def roster(self, version: str | None = None) -> Roster:
        """Everybody at this version, or later when the staff has changed since it was read; without one, as stored now."""
        roster = self._roster
        if roster is None or version is None or roster.version != version:
            with self._database.read() as reader:
                if roster is None or roster.version != people.version(reader.connection):
                    roster = Roster(people.staff(reader.connection))
            self._roster = roster
        return roster


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
