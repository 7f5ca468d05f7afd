"""The briefing: loads all that a decision may know – who acts, what he holds now, which calendars hold, which values are taken.

Reads through the unit of work that will record the decision, so that both see the same. Decides nothing; what belongs into the brief
says `core.briefing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.approval import signers
from engine.core.briefing import INTEGRATION, Place, brief, called_in, is_handed_over
from engine.core.case import Case
from engine.core.command import Command, ExtendCalendar
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Candidate, Facts
from engine.core.field import Until
from engine.core.kind import Row, rows_in
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.lineage import earlier_of, rows_of_subject
from engine.runtime.sight import Sight, Taken
from engine.store.reader import Reader
from engine.store.unit_of_work import UnitOfWork
from roles.roster import Roster
from roles.scope import Identity


@dataclass(frozen=True, slots=True)
class Present:
    """What is the same for all that is looked at together: everybody, and the newest edition of official holidays."""

    roster: Roster
    edition: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """`zone`: where dates are read in a process that names no calendar."""

    catalog: Catalog
    directory: Directory
    hierarchy: Hierarchy
    zone: ZoneInfo
    sampling_key: bytes

    def facts(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        case: Case | None,
        command: Command,
        identity: Identity | None,
        now: datetime,
    ) -> Facts:
        """The facts of one decision. Raises Unknown for a person or service that does not exist."""
        roster = self.directory.roster(unit.staff_version())
        edition = unit.edition() if case is None or isinstance(command, ExtendCalendar) else case.edition
        actor = roster.acting(identity, now) if identity is not None else INTEGRATION
        place = Place(self.zone_of(definition), self.catalog.calendars(definition, edition), edition, self.sampling_key)
        sight = Sight(unit, self.catalog, actor, roster.lineages)
        archive = _Archive(unit, self.catalog, self.hierarchy, sight, None if is_handed_over(command) else _linked(case))
        return brief(definition, case, command, actor, now, place, roster, archive)

    def present(self) -> Present:
        """As it is stored now."""
        return Present(self.directory.roster(), self.catalog.edition())

    def facts_to_look(
        self,
        definition: CompiledDefinition,
        case: Case | None,
        identity: Identity | None,
        now: datetime,
        reader: Reader | None = None,
        *,
        present: Present | None = None,
    ) -> Facts:
        """The facts for showing somebody what he may do; nothing is looked up that only a form could name.

        `reader`: through which the case was read, and now those around it – its parent, the others of its subject. `present`: for whoever
        looks at many; else it is asked for.
        """
        roster = present.roster if present is not None else self.directory.roster()
        edition = case.edition if case is not None else present.edition if present is not None else self.catalog.edition()
        signed = signers(each for signing in case.signing.values() for each in signing.signatures) if case is not None else ()
        parent = reader.case(case.parent.number) if reader is not None and case is not None and case.parent is not None else None
        return Facts(
            now=now,
            actor=roster.acting(identity, now) if identity is not None else INTEGRATION,
            zone=self.zone_of(definition),
            lineages=roster.lineages,
            calendars=self.catalog.calendars(definition, edition),
            edition=edition,
            sampling_key=self.sampling_key,
            people=roster.facts_about(signed, now),
            away=roster.away(now),
            holders={role: roster.holders(role, now) for role in sorted(definition.asked_roles)},
            earlier=earlier_of(reader, self.catalog, definition, case) if reader is not None and case is not None else (),
            parent_is_open=parent is None or parent.case.outcome is None,
            called=called_in(roster),
        )

    def zone_of(self, definition: CompiledDefinition) -> ZoneInfo:
        """Where the dates of a process are read: in its calendar's zone, else in that of the installation."""
        return self.zone if definition.calendar is None else definition.calendars[definition.calendar].zone


@dataclass(frozen=True, slots=True)
class _Archive:
    """What one unit of work sees."""

    unit: UnitOfWork
    catalog: Catalog
    hierarchy: Hierarchy
    sight: Sight
    linked: frozenset[str] | None
    """The cases that may be named though they are not seen: they stand in the case already. None: all."""

    def superiors(self) -> Mapping[str, str]:
        return self.hierarchy.superiors

    def candidates(self, persons: Sequence[str], role: str) -> Mapping[str, Candidate]:
        return self.unit.candidates(persons, role)

    def workflows_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        found = self.unit.workflows_of(numbers)
        if self.linked is None:
            return found
        told = self.linked | self.sight.seen(found.keys() - self.linked)
        return {number: workflow for number, workflow in found.items() if number in told}

    def files(self, ids: Sequence[str]) -> Mapping[str, tuple[int, str]]:
        return self.unit.files(ids)

    def earlier(self, definition: CompiledDefinition, subject: str, besides: str | None) -> tuple[Row, ...]:
        found = self.unit.of_subject(subject, besides)
        return rows_of_subject(self.catalog, definition, found, self.unit.cases([line.number for line in found])) if found else ()

    def taken(self, workflow: str, wanted: Sequence[tuple[str, str, Until]], besides: str | None) -> Taken:
        return self.sight.taken(self.unit.taken(workflow, wanted, besides))


def _linked(case: Case | None) -> frozenset[str]:
    """What may be the number of another case in the values of a case."""
    values = [*case.data.values()] if case is not None else []
    cells = (cell for value in values for row in rows_in(value) for cell in row.cells.values())
    return frozenset(each for each in (*values, *cells) if isinstance(each, str))
