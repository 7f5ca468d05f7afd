"""Cases as people read them: every state, field, person and unit by its title, every value in words. Reads, never writes.

What a door shows is made from these views; a door adds only layout and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.conclusion import SYSTEM
from engine.core.event import (
    Assigned,
    CalendarExtended,
    Changes,
    ChildChanged,
    Commented,
    Corrected,
    Moved,
    Opened,
    RungFired,
    Signed,
    TimerLapsed,
    Undone,
    Voided,
)
from engine.core.facts import Facts
from engine.core.field import FieldRule
from engine.core.kind import Value, persons_in, rows_in
from engine.core.showing import EMPTY, show
from engine.definition.phase import PHASES
from engine.label import Label, joined, listed, verbatim
from engine.runtime.catalog import Catalog
from engine.runtime.clocks import ClockFace, faces
from engine.runtime.deed import Deed, numbers_of, opened_by, text_of, title_of
from engine.runtime.directory import Directory
from engine.runtime.family import Family, family_of
from engine.runtime.naming import person_named, require
from engine.runtime.rung import clock_title, result_title, rung_title
from engine.runtime.service import unknown_number
from engine.runtime.signatures import SigningView, signings
from engine.runtime.titles import person_title, unit_title
from engine.store import cases, history, timers
from engine.store.cases import Filter, Line
from engine.store.database import Database
from engine.store.history import HistoryEntry
from engine.store.timers import Timer
from roles.roster import Roster

ROWS_IN_BRIEF = 5
"""Rows of a list that a line tells."""

_CORRECTED = Label("更正", "Correction")
_COMMENTED = Label("备注", "Comment")
_ASSIGNED = Label("派单", "Assignment")
_HOLDER = Label("承办人", "Holder")
_LAPSED = Label("计时落空：已无事可做", "A timer rang, and there was nothing to do")
_EXTENDED = Label("改用新公布的节假日", "Newly decreed holidays taken over")
_BY_ITSELF = Label("系统（自动）", "the system, by itself")
_ERASED = Label("（已删除）", "(erased)")


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field and its value in words; – when empty."""

    id: str
    title: Label
    value: Label
    columns: tuple[Label, ...] = ()
    """list only: the titles of its columns."""
    rows: tuple[tuple[Label, ...], ...] = ()
    """list only: the cells of its rows in words."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the history in words. `to` is the state entered, if one was; `text` a comment, or what became of a rung."""

    entry: HistoryEntry
    title: Label
    who: Label
    to: Label | None
    changes: tuple[FieldView, ...]
    text: Label | None = None
    opened: tuple[Label, ...] = ()
    """The cases that were opened with it, by title and number."""


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
    is_for_another: bool = False
    """In a person's own list: whether another holds it, for whom he stands in."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and whether there is more after it."""

    lines: tuple[LineView, ...]
    more: bool


class Views:
    """Makes the views of one database, with times in one zone. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, zone: ZoneInfo) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._zone = zone

    def case(self, number: str, units: frozenset[str] | None = None) -> CaseView:
        """One case. `units`: those whose cases are shown, as in `Filter`. Raises Unknown."""
        with self._database.read() as reader:
            record = reader.case(number)
        if record is None or not cases.visible(record.case.unit, units):
            raise unknown_number(number)
        return self.of(record.case)

    def of(self, case: Case) -> CaseView:
        """A case that is at hand already, stored or only thought."""
        definition = self._catalog.by_digest(case.digest)
        roster = self._directory.roster()
        fields = tuple(self._field(rule, case.data[name], roster) for name, rule in definition.fields.items() if name in case.data)
        return CaseView(
            case=case,
            definition=definition,
            unit=unit_title(case.unit, roster) if case.unit is not None else None,
            holder=person_title(case.assignee, roster) if case.assignee is not None else None,
            fields=fields,
            clocks=faces(definition, case, self._catalog.calendars(definition, case.edition)) if case.clocks else (),
            signings=signings(definition, case, self._facts(definition, case), roster) if case.signing else (),
        )

    def _facts(self, definition: CompiledDefinition, case: Case) -> Facts:
        """What the words of a definition may look at when nobody acts."""
        zone = self._zone if definition.calendar is None else definition.calendars[definition.calendar].zone
        return Facts(case.last_at, SYSTEM, zone, calendars=self._catalog.calendars(definition, case.edition))

    def changes(self, before: Case | None, after: Case) -> tuple[tuple[FieldView, Label], ...]:
        """Each field whose value differs, as it is after, with the value it had before."""
        definition = self._catalog.by_digest(after.digest)
        roster = self._directory.roster()
        old = before.data if before is not None else {}
        return tuple(
            (self._field(rule, after.data.get(name), roster), self._field(rule, old.get(name), roster).value)
            for name, rule in definition.fields.items()
            if old.get(name) != after.data.get(name)
        )

    def history(self, number: str, units: frozenset[str] | None = None) -> tuple[EntryView, ...]:
        """All that happened to a case, oldest first. `units` as in `case`. Raises Unknown."""
        with self._database.read() as reader:
            record = reader.case(number) if units is not None else None
            entries = history.entries(reader, number)
        if not entries or (record is not None and not cases.visible(record.case.unit, units)):
            raise unknown_number(number)
        roster = self._directory.roster()
        numbers = numbers_of(entry.event for entry in entries)
        return tuple(self._entry(entry, roster, numbers) for entry in entries)

    def family(self, case: Case) -> Family:
        """The parent and the children of a case, as they stand now."""
        with self._database.read() as reader:
            return family_of(reader, self._catalog, self._catalog.by_digest(case.digest), case)

    def page(self, chosen: Filter, limit: int, after: str | None = None) -> Page:
        """Cases oldest first, from after the case with this number. Names may be ids or titles; unknown ones raise Unknown."""
        chosen = self._named(chosen)
        with self._database.read() as reader:
            cursor = None
            if after is not None:
                record = reader.case(after)
                if record is None or not cases.visible(record.case.unit, chosen.units):
                    raise unknown_number(after)
                cursor = cases.Cursor(record.case.opened_at, record.case.number)
            found = cases.lines(reader, chosen, limit=limit + 1, after=cursor)
            armed = timers.of(reader, [line.id for line in found])
        return Page(self._lines(found[:limit], armed), len(found) > limit)

    def mine(self, person: str, now: datetime, chosen: Filter, limit: int, after: str | None = None) -> Page:
        """The open cases that a person holds, and those of everybody for whom he stands in at this instant. Otherwise as `page`."""
        roster = self._directory.roster()
        person = person_named(roster, person)
        others = {known.delegation.delegator for known in roster.delegations_to(person, now)}
        page = self.page(replace(chosen, is_open=True, holders=frozenset({person, *others})), limit, after)
        return replace(page, lines=tuple(replace(each, is_for_another=each.line.assignee != person) for each in page.lines))

    def held(self, persons: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """person → the numbers of the open cases that he holds, oldest first, for those of them who hold any."""
        with self._database.read() as reader:
            return cases.held(reader, persons)

    def find(self, text: str, limit: int, units: frozenset[str] | None = None) -> Page:
        """Cases by number, name, phone, IMEI or whatever else they hold; exact ones first, then the newest. `units` as in `Filter`."""
        with self._database.read() as reader:
            found = cases.find(reader, text, limit=limit + 1, units=units)
            armed = timers.of(reader, [line.id for line in found])
        return Page(self._lines(found[:limit], armed), len(found) > limit)

    def _named(self, chosen: Filter) -> Filter:
        definitions = self._catalog.all_newest()
        with self._database.read() as reader:
            counts = cases.by_state(reader)
        pinned = [*definitions, *(self._catalog.by_digest(digest) for digest in {each.digest for each in counts})]
        workflow = chosen.workflow
        if workflow is not None:
            workflow = require(workflow, {each.workflow: each.title for each in pinned}, Label("流程", "workflow"))
            pinned = [each for each in pinned if each.workflow == workflow]
        states = {name: state.title for each in pinned for name, state in each.states.items()}
        people = {person.id: verbatim(person.name) for person in self._directory.roster().people.values()}
        return replace(
            chosen,
            workflow=workflow,
            state=_required(chosen.state, states, Label("状态", "state")),
            phase=_required(chosen.phase, PHASES, Label("阶段", "phase")),
            person=_required(chosen.person, people, Label("人员", "person")),
        )

    def _lines(self, found: list[Line], armed: Mapping[str, tuple[Timer, ...]]) -> tuple[LineView, ...]:
        roster = self._directory.roster()
        return tuple(self._line(line, armed.get(line.id, ()), roster) for line in found)

    def _line(self, line: Line, armed: tuple[Timer, ...], roster: Roster) -> LineView:
        definition = self._catalog.by_digest(line.digest)
        first = armed[0] if armed else None
        return LineView(
            line=line,
            workflow=definition.title,
            state=definition.states[line.state].title,
            holder=person_title(line.assignee, roster) if line.assignee is not None else None,
            timer=first,
            clock=clock_title(definition, first.clock) if first is not None else None,
            zone=definition.calendars[definition.clocks[first.clock].calendar].zone if first is not None else self._zone,
        )

    def _entry(self, entry: HistoryEntry, roster: Roster, numbers: Mapping[str, str]) -> EntryView:
        definition = self._catalog.by_digest(entry.digest)
        event = entry.event
        who = _who(entry, roster)
        if isinstance(event, Assigned):
            to_whom = person_title(event.assignee, roster) if event.assignee is not None else EMPTY
            return EntryView(entry, _ASSIGNED, who, None, (FieldView("assignee", _HOLDER, to_whom),))
        if isinstance(event, Commented):
            return EntryView(entry, _COMMENTED, who, None, (), _ERASED if event.text is None else verbatim(event.text))
        if isinstance(event, RungFired):
            title = Label("{clock}：{rung}", "{clock}: {rung}")
            title = title.fill(clock=clock_title(definition, event.clock), rung=rung_title(event.rung, event.repetition))
            became = result_title(definition, event.clock, event.result, event.into, event.why)
            return EntryView(entry, title, who, None, (), became)
        if isinstance(event, TimerLapsed | CalendarExtended):
            return EntryView(entry, _LAPSED if isinstance(event, TimerLapsed) else _EXTENDED, who, None, ())
        if isinstance(event, Signed | Voided | ChildChanged | Undone):
            to = definition.states[event.to].title if isinstance(event, Undone) else None
            return EntryView(entry, title_of(definition, event, numbers), who, to, self._told(entry, event, roster), text_of(event, roster))
        changes = self._changed(definition, event.changes, entry.erased, roster)
        if isinstance(event, Corrected):
            return EntryView(entry, _CORRECTED, who, None, changes)
        to = definition.states[event.to].title if isinstance(event, Opened) or event.entered else None
        return EntryView(entry, _step(definition, event).title, who, to, changes, opened=opened_by(definition, event))

    def _told(self, entry: HistoryEntry, event: Deed, roster: Roster) -> tuple[FieldView, ...]:
        """The values that a deed tells: the form that was signed, what a child has handed back, what was put back."""
        definition = self._catalog.by_digest(entry.digest)
        if isinstance(event, Signed):
            return self._changed(definition, event.form or {}, entry.erased, roster)
        changes = self._changed(definition, event.changes, entry.erased, roster) if isinstance(event, ChildChanged | Undone) else ()
        if not isinstance(event, ChildChanged):
            return changes
        kept = {(each.title, each.value) for each in changes}  # a computed field mostly bears the name of what it takes over
        return (*(each for each in self._returned(definition, event) if (each.title, each.value) not in kept), *changes)

    def _returned(self, definition: CompiledDefinition, event: ChildChanged) -> tuple[FieldView, ...]:
        columns = dict(definition.aliases[event.alias].kind.columns)
        found: list[FieldView] = []
        for name, value in event.returns.items():
            id = f"{event.alias}.{name}"
            said = show(value, columns[name], definition.scope.choices.get(id), self._zone)
            found.append(FieldView(id, definition.scope.titles[id], said))
        return tuple(found)

    def _changed(self, definition: CompiledDefinition, changes: Changes, erased: frozenset[str], roster: Roster) -> tuple[FieldView, ...]:
        shown = (self._field(rule, changes[name], roster) for name, rule in definition.fields.items() if name in changes)
        return tuple(replace(each, value=_ERASED) if each.id in erased else each for each in shown)

    def _field(self, rule: FieldRule, value: Value | None, roster: Roster) -> FieldView:
        if rule.rows is None:
            return FieldView(rule.id, rule.title, self._words(rule, value, roster))
        columns = rule.rows.columns
        rows = tuple(tuple(self._words(each, row.cells.get(id), roster) for id, each in columns.items()) for row in rows_in(value))
        return FieldView(rule.id, rule.title, _in_brief(rows), tuple(each.title for each in columns.values()), rows)

    def _words(self, rule: FieldRule, value: Value | None, roster: Roster) -> Label:
        if value is None:
            return EMPTY
        if rule.kind.name == "person" and isinstance(value, str):
            return person_title(value, roster)
        if rule.kind.name == "people" and isinstance(value, tuple):
            return listed(person_title(name, roster) for name in persons_in(value))
        if rule.kind.name == "unit" and isinstance(value, str):
            return unit_title(value, roster)
        return show(value, rule.kind, rule.choices, self._zone)


def _in_brief(rows: Sequence[Sequence[Label]]) -> Label:
    """How many rows there are, and what the first of them hold, in a line."""
    if not rows:
        return EMPTY
    told = [listed(cell for cell in row if cell != EMPTY) for row in rows[:ROWS_IN_BRIEF]]
    rest = verbatim("…") if len(rows) > ROWS_IN_BRIEF else verbatim("")
    said = Label("{n} 行：{told}{rest}", "1 row: {told}{rest}" if len(rows) == 1 else "{n} rows: {told}{rest}")
    return said.fill(n=len(rows), told=joined(told, Label("；", "; ")), rest=rest)


def _who(entry: HistoryEntry, roster: Roster) -> Label:
    if entry.actor == SYSTEM.id and entry.door != "timer":
        return _BY_ITSELF
    who = person_title(entry.actor, roster)
    if entry.on_behalf_of is None:
        return who
    return Label("{who}，代 {other}", "{who} for {other}").fill(who=who, other=person_title(entry.on_behalf_of, roster))


def _required(name: str | None, titles: Mapping[str, Label], what: Label) -> str | None:
    return require(name, titles, what) if name is not None else None


def _step(definition: CompiledDefinition, event: Opened | Moved) -> CompiledStep:
    return definition.starts[event.start] if isinstance(event, Opened) else definition.states[event.source].steps[event.step]
