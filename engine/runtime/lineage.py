"""Linked cases: those of one subject – a device, a vehicle – find each other by its kind and key, across processes and units.

What an expression reads as `earlier`, and what people are told at the counter: how often it was here, how long, when last, and
whether a case of it is open. Reads, never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.briefing import earlier_row
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.kind import Row
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.runtime.timesource import TimeSource
from engine.store import cases
from engine.store.cases import Line
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.record import Record


@dataclass(frozen=True, slots=True)
class Visit:
    """One case of a subject in words. `days`: calendar days from its opening to its end, or to now."""

    line: Line
    workflow: Label
    state: Label
    days: int

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.line.outcome is None


@dataclass(frozen=True, slots=True)
class Linked:
    """The cases of a subject, oldest first; without the case that is asked about and its family, where one is."""

    title: Label
    """What the subject is called: “IMEI”."""
    subject: str
    visits: tuple[Visit, ...]
    repairs: tuple[Visit, ...]
    """Those of the same process: how often it was here for this."""

    @property
    def days(self) -> int:
        """How many days it was here for this, all in all."""
        return sum(visit.days for visit in self.repairs)

    @property
    def open(self) -> tuple[Visit, ...]:
        """Those that have not ended."""
        return tuple(visit for visit in self.visits if visit.is_open)


class Lineage:
    """Finds what belongs to the same subject, in one database; days are those of one zone. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, zone: ZoneInfo, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._zone = zone
        self._time = time

    def of(self, case: Case, access: Access = OPERATOR) -> Linked | None:
        """The other cases of the subject of a case, stored or only thought, as far as they may be seen; None where it has none."""
        definition = self._catalog.by_digest(case.digest)
        subject = case.data.get(definition.subject) if definition.subject is not None else None
        if definition.subject is None or subject is None:
            return None
        family = {case.id, *(child.id for children in case.children.values() for child in children)}
        family |= {case.parent.id} if case.parent is not None else set()
        with self._database.read() as reader:
            found = cases.of_subject(reader, str(subject), case.id)
        others = (line for line in found if line.id not in family and access.lists(line.unit, line.assignee))
        visits = self._visits(others, definition.subject_kind)
        repairs = tuple(visit for visit in visits if visit.line.workflow == case.workflow)
        return Linked(definition.fields[definition.subject].title, str(subject), visits, repairs)

    def of_cases(self, numbers: Sequence[str], access: Access = OPERATOR) -> dict[str, Linked]:
        """number → the others of its subject that may be seen, for those of these cases that have any."""
        with self._database.read() as reader:
            related = cases.related(reader, numbers)
            records = cases.records(reader, related)
        found = {number: self.of(records[number].case, access) for number in related}
        return {number: linked for number, linked in found.items() if linked is not None and linked.visits}

    def of_subject(self, subject: str, access: Access = OPERATOR) -> tuple[Visit, ...]:
        """Every case of a subject that may be seen, of whatever kind, oldest first."""
        with self._database.read() as reader:
            found = cases.of_subject(reader, subject.strip())
        return self._visits((line for line in found if access.lists(line.unit, line.assignee)), None)

    def _visits(self, found: Iterable[Line], kind: str | None) -> tuple[Visit, ...]:
        definitions = ((line, self._catalog.by_digest(line.digest)) for line in found)
        now = self._time.now()
        return tuple(
            Visit(line, definition.title, definition.states[line.state].title, self._days(line.opened_at, line.ended_at or now))
            for line, definition in definitions
            if kind is None or definition.subject_kind == kind
        )

    def _days(self, since: datetime, until: datetime) -> int:
        return (until.astimezone(self._zone).date() - since.astimezone(self._zone).date()).days


def earlier_of(reader: Reader, catalog: Catalog, definition: CompiledDefinition, case: Case) -> tuple[Row, ...]:
    """The same for somebody who only looks at a case; nothing where its document does not read it."""
    subject = case.data.get(definition.subject) if definition.subject is not None and definition.reads_earlier else None
    found = cases.of_subject(reader, str(subject), case.id) if subject is not None else []
    return rows_of_subject(catalog, definition, found, cases.records(reader, [line.number for line in found])) if found else ()


def earlier_of_each(reader: Reader, catalog: Catalog, found: Iterable[tuple[CompiledDefinition, Case]]) -> Mapping[str, tuple[Row, ...]]:
    """The same of many cases at once, by their ids; those of which there is nothing are absent."""
    looking = [each for each in found if each[0].reads_earlier and each[1].data.get(each[0].subject or "") is not None]
    subjects = {case.id: str(case.data[definition.subject or ""]) for definition, case in looking}
    lines = cases.of_subjects(reader, set(subjects.values())) if subjects else {}
    others = {id: [line for line in lines.get(subject, ()) if line.id != id][-cases.SUBJECT_LIMIT :] for id, subject in subjects.items()}
    records = cases.records(reader, sorted({line.number for each in others.values() for line in each})) if any(others.values()) else {}
    return {case.id: rows_of_subject(catalog, definition, others[case.id], records) for definition, case in looking if others[case.id]}


def rows_of_subject(
    catalog: Catalog, definition: CompiledDefinition, found: Iterable[Line], records: Mapping[str, Record]
) -> tuple[Row, ...]:
    """These cases of a subject as the definition reads them."""
    others = ((catalog.by_digest(line.digest), records[line.number].case) for line in found if line.number in records)
    return tuple(earlier_row(definition, other, case) for other, case in others if other.subject_kind == definition.subject_kind)
