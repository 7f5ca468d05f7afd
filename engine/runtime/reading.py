"""Cases as people read them: every state, field, person and unit by its title, every value in words. Reads, never writes.

What a door shows is made from these views; a door adds only layout and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.facts import Facts
from engine.definition.phase import PHASES
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.runtime.chronicle import EntryView, Timeline, entry_view
from engine.runtime.clocks import ClockFace, Dial, dials, faces
from engine.runtime.colleagues import holder_named
from engine.runtime.deadline import is_soon
from engine.runtime.directory import Directory
from engine.runtime.family import Family, family_of
from engine.runtime.fields import Fields, FieldView
from engine.runtime.found import ways
from engine.runtime.naming import person_named, require, unit_named
from engine.runtime.rung import clock_title
from engine.runtime.service import unknown_number
from engine.runtime.signatures import SigningView, signings
from engine.runtime.summary import summary
from engine.runtime.titles import person_title, unit_title
from engine.store import cases, history, search, timers
from engine.store.cases import Filter, Inside, Line
from engine.store.database import Database
from engine.store.history import HistoryEntry
from engine.store.reader import Reader
from engine.store.timers import Timer


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in words, with its filled fields in the order of the document."""

    case: Case
    definition: CompiledDefinition
    unit: Label | None
    holder: Label | None
    fields: tuple[FieldView, ...]
    clocks: tuple[ClockFace, ...]
    """Those that run or pause, what is due first coming first."""
    signings: tuple[SigningView, ...] = ()
    """The steps that wait for signatures."""

    @property
    def state(self) -> Label:
        """The title of the present state."""
        return self.definition.states[self.case.state].title

    @property
    def phase(self) -> str | None:
        """The phase of the present state, by its id (`PHASES`)."""
        return self.definition.states[self.case.state].phase


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a list in words."""

    line: Line
    workflow: Label
    state: Label
    holder: Label | None
    timer: Timer | None
    """The clock that is due first, if one runs."""
    clock: Label | None
    """Its title."""
    zone: ZoneInfo
    """In which its deadline is told."""
    begun_at: datetime | None = None
    """Since when the clock that is due first runs in its present cycle."""
    summary: Label | None = None
    """What the definition has lists say of it; nothing personal."""
    is_for_another: bool = False
    """In a person's own list: whether another holds it, for whom he stands in."""

    @property
    def due_at(self) -> datetime | None:
        """When the first of its clocks is due; None where none runs."""
        return self.timer.due_at if self.timer is not None else None

    def is_soon(self, now: datetime) -> bool:
        """Whether that is soon, or past."""
        return self.due_at is not None and is_soon(self.due_at, self.begun_at, now)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and whether there is more after it."""

    lines: tuple[LineView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Found(Page):
    """What was found by a text. `by`: number → by which of its values, in words; `has_older`: older ones were not looked through."""

    is_exact: bool
    has_older: bool
    by: Mapping[str, tuple[Label, ...]]


class Views:
    """Makes the views of one database, with times in one zone. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, zone: ZoneInfo) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._zone = zone

    def case(self, number: str, access: Access = OPERATOR) -> CaseView:
        """One case. Raises Unknown for one that does not exist, or that may not be seen."""
        with self._database.read() as reader:
            record = reader.case(number)
        if record is None or not access.finds(self._catalog.by_digest(record.case.digest), record.case):
            raise unknown_number(number)
        return self.of(record.case, access)

    def of(self, case: Case, access: Access = OPERATOR) -> CaseView:
        """A case that is at hand already, stored or only thought."""
        definition = self._catalog.by_digest(case.digest)
        shown = self._fields(definition, case, access)
        roster = shown.roster
        return CaseView(
            case=case,
            definition=definition,
            unit=unit_title(case.unit, roster) if case.unit is not None else None,
            holder=person_title(case.assignee, roster) if case.assignee is not None else None,
            fields=shown.changed(definition, case.data),
            clocks=faces(definition, case, self._catalog.calendars(definition, case.edition)) if case.clocks else (),
            signings=signings(definition, case, self._facts(definition, case), roster) if case.signing else (),
        )

    def _facts(self, definition: CompiledDefinition, case: Case) -> Facts:
        """What the words of a definition may look at when nobody acts."""
        zone = self._zone if definition.calendar is None else definition.calendars[definition.calendar].zone
        return Facts(case.last_at, SYSTEM, zone, calendars=self._catalog.calendars(definition, case.edition))

    def _fields(self, definition: CompiledDefinition, case: Case, access: Access) -> Fields:
        """How the values of a case read now for somebody who sees so far."""
        return Fields(self._directory.roster(), self._zone, masks=not access.discloses(definition, case))

    def changes(self, before: Case | None, after: Case, access: Access = OPERATOR) -> tuple[tuple[FieldView, Label], ...]:
        """Each field whose value differs, as it is after, with the value it had before. Whoever opens a case knows all that is in it."""
        definition = self._catalog.by_digest(after.digest)
        shown = Fields(self._directory.roster(), self._zone, masks=not self._knows(definition, before, after, access))
        old = before.data if before is not None else {}
        return tuple(
            (shown.of(rule, after.data.get(name)), shown.of(rule, old.get(name)).value)
            for name, rule in definition.fields.items()
            if old.get(name) != after.data.get(name)
        )

    def _knows(self, definition: CompiledDefinition, before: Case | None, after: Case, access: Access) -> bool:
        return before is None or access.discloses(definition, before) or access.discloses(definition, after)

    def history(self, number: str, access: Access = OPERATOR) -> tuple[EntryView, ...]:
        """All that happened to a case, oldest first. Raises Unknown as `case` does."""
        with self._database.read() as reader:
            record = reader.case(number)
            entries = history.entries(reader, number)
        if not entries or record is None or not access.finds(self._catalog.by_digest(record.case.digest), record.case):
            raise unknown_number(number)
        return self._entries(entries, record.case, access)

    def timeline(self, case: Case, access: Access = OPERATOR, *, limit: int, before: int | None = None, after: int = 0) -> Timeline:
        """At most `limit` entries of the history of a case that he sees, newest first, of those between two others (by seq)."""
        with self._database.read() as reader:
            entries = history.newest(reader, case.number, limit=limit + 1, before=before, after=after)
            course = history.course(reader, case.id)
        return Timeline(self._entries(entries[:limit], case, access), len(entries) > limit, course)

    def dials(self, case: Case, now: datetime) -> tuple[Dial, ...]:
        """Every clock of a case that has ever run, in the order of the document."""
        definition = self._catalog.by_digest(case.digest)
        return dials(definition, case, self._catalog.calendars(definition, case.edition), now) if case.clocks else ()

    def _entries(self, entries: Iterable[HistoryEntry], case: Case, access: Access) -> tuple[EntryView, ...]:
        fields = self._fields(self._catalog.by_digest(case.digest), case, access)
        numbers = {child.id: child.number for children in case.children.values() for child in children}
        return tuple(entry_view(self._catalog.by_digest(each.digest), each, fields, numbers) for each in entries)

    def family(self, case: Case, access: Access = OPERATOR) -> Family:
        """The parent and the children of a case, as they stand now."""
        with self._database.read() as reader:
            return family_of(reader, self._catalog, self._catalog.by_digest(case.digest), case, access)

    def page(self, chosen: Filter, limit: int, after: str | None = None, access: Access = OPERATOR) -> Page:
        """Cases oldest first, from after the case with this number. Names may be ids or titles; unknown ones raise Unknown."""
        with self._database.read() as reader:
            chosen = self._within(self._named(reader, chosen, access), access)
            cursor = None
            if after is not None:
                record = reader.case(after)
                if record is None or not access.finds(self._catalog.by_digest(record.case.digest), record.case):
                    raise unknown_number(after)
                cursor = cases.Cursor(record.case.opened_at, record.case.number)
            found = cases.lines(reader, chosen, limit=limit + 1, after=cursor)
            return Page(self.told(reader, found[:limit]), len(found) > limit)

    def mine(self, person: str, now: datetime, chosen: Filter, limit: int, after: str | None = None, access: Access = OPERATOR) -> Page:
        """The open cases that a person holds, and those of everybody for whom he stands in at this instant. Otherwise as `page`."""
        roster = self._directory.roster()
        person = person_named(roster, person)
        others = {known.delegation.delegator for known in roster.delegations_to(person, now)}
        page = self.page(replace(chosen, is_open=True, holders=frozenset({person, *others})), limit, after, access)
        return replace(page, lines=tuple(replace(each, is_for_another=each.line.assignee != person) for each in page.lines))

    def held(self, persons: Iterable[str], access: Access = OPERATOR) -> Mapping[str, tuple[str, ...]]:
        """person → the numbers of the open cases that he holds and that may be seen, oldest first, for those of them who hold any."""
        with self._database.read() as reader:
            return cases.held(reader, persons, self._within(Filter(is_open=True), access))

    def find(self, text: str, limit: int, access: Access = OPERATOR, among: Filter | None = None) -> Found:
        """Cases by number, name, phone, IMEI or whatever else they hold; exact ones first, then the newest. `among`: only of these.

        To whom a case is masked, he finds it by a personal value only when he knows the whole of it.
        """
        with self._database.read() as reader:
            among = self._named(reader, among, access) if among is not None else Filter()
            chosen, may_guess = self._within(among, access), self._may_guess(reader, access)
            hits = search.find(reader, text, limit=limit + 1, chosen=chosen, may_guess=may_guess)
            return self._found(reader, text, hits, limit, may_guess)

    def beginning(self, text: str, limit: int, access: Access = OPERATOR, *, told: bool) -> Found:
        """Cases of which somebody has typed the beginning: of the number or the subject; `told`: or the whole of a personal value.

        By an index each, so that it may be asked with every stroke.
        """
        with self._database.read() as reader:
            chosen = self._within(Filter(), access)
            lines = search.exactly(reader, text, limit=limit + 1, chosen=chosen) if told else []
            lines = lines or search.beginning(reader, text, limit=limit + 1, chosen=chosen)
            return self._found(reader, text, search.Hits(lines, is_exact=False), limit, self._may_guess(reader, access))

    def _found(self, reader: Reader, text: str, hits: search.Hits, limit: int, may_guess: search.MayGuess | None) -> Found:
        found = hits.lines[:limit]
        by = search.matched(reader, text, found, may_guess) if found else {}
        told = {line.number: ways(self._catalog.by_digest(line.digest), by[line.id]) for line in found}
        return Found(self.told(reader, found), len(hits.lines) > limit, hits.is_exact, hits.has_older, told)

    def told(self, reader: Reader, found: Sequence[Line]) -> tuple[LineView, ...]:
        """Lines that were found another way, in words."""
        armed = timers.of(reader, [line.id for line in found])
        inside = cases.inside(reader, found, lambda digest: self._catalog.by_digest(digest).summary)
        shown = Fields(self._directory.roster(), self._zone)
        return tuple(self._line(line, armed.get(line.id, ()), inside[line.id], shown) for line in found)

    def _may_guess(self, reader: Reader, access: Access) -> Callable[[Sequence[Line]], set[str]] | None:
        """Of these cases the ids of those that are disclosed; None: all of them always are."""
        if access.actor is None:
            return None

        def disclosed(lines: Sequence[Line]) -> set[str]:
            found = (record.case for record in cases.records(reader, [line.number for line in lines]).values())
            return {case.id for case in found if access.discloses(self._catalog.by_digest(case.digest), case)}

        return disclosed

    def _within(self, chosen: Filter, access: Access) -> Filter:
        """The filter with no case that may not be seen."""
        if access.units is None:
            return chosen
        if chosen.units is None:
            return replace(chosen, units=access.units, besides=access.persons)
        return replace(chosen, units=chosen.units & access.units)

    def _named(self, reader: Reader, chosen: Filter, access: Access) -> Filter:
        workflow, roster = chosen.workflow, self._directory.roster()
        if workflow is not None or chosen.state is not None:
            published = self._catalog.every_version()
            workflow = _required(workflow, {each.workflow: each.title for each in published}, Label("流程", "workflow"))
            meant = [each for each in published if workflow in (None, each.workflow)]
            chosen = replace(chosen, state=_required(chosen.state, _state_titles(meant), Label("状态", "state")))
        return replace(
            chosen,
            workflow=workflow,
            phase=_required(chosen.phase, PHASES, Label("阶段", "phase")),
            person=holder_named(reader, roster, access, chosen.person) if chosen.person is not None else None,
            unit=unit_named(roster, chosen.unit, access.units) if chosen.unit is not None else None,
        )

    def _line(self, line: Line, armed: tuple[Timer, ...], inside: Inside, shown: Fields) -> LineView:
        definition = self._catalog.by_digest(line.digest)
        first = armed[0] if armed else None
        return LineView(
            line=line,
            workflow=definition.title,
            state=definition.states[line.state].title,
            holder=person_title(line.assignee, shown.roster) if line.assignee is not None else None,
            timer=first,
            clock=clock_title(definition, first.clock) if first is not None else None,
            zone=definition.calendars[definition.clocks[first.clock].calendar].zone if first is not None else self._zone,
            begun_at=inside.begun.get(first.clock) if first is not None else None,
            summary=summary(definition, inside.values, shown),
        )


def _required(name: str | None, titles: Mapping[str, Label], what: Label) -> str | None:
    return require(name, titles, what) if name is not None else None


def _state_titles(definitions: Iterable[CompiledDefinition]) -> Mapping[str, Label]:
    return {name: state.title for each in definitions for name, state in each.states.items()}
