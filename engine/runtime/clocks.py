"""The clocks of a case as people read them: what each shows now, and the whole account of why it is due then. Reads, never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.account import Account, accounts, by_clock
from engine.core.case import Case
from engine.core.clock import due_of, elapsed, is_working, whole
from engine.core.compiled import ClockRule, CompiledDefinition
from engine.core.run import ClockRun, Standing
from engine.label import Label, verbatim
from engine.runtime.catalog import Catalog
from engine.runtime.naming import require
from engine.runtime.service import unknown_number
from engine.runtime.timesource import TimeSource
from engine.store import cases, history
from engine.store.database import Database
from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import Deadline
from engine.timing.trace import Trace, trace


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a clock that runs or pauses shows. `zone`: in which its deadline is told."""

    clock: str
    title: Label
    standing: Standing
    cycle: int
    due: Deadline | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Dial:
    """How far a clock is in its present cycle, whether it runs, pauses or has stopped; without the way there (`ClockView`)."""

    rule: ClockRule
    run: ClockRun
    zone: ZoneInfo
    due: Deadline | None
    """The deadline that holds or held; None while a pause keeps it open."""
    elapsed: timedelta
    """In the clock's own time, as `whole`."""
    whole: timedelta | None
    """From its start to its deadline."""
    ended_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it ended after its deadline."""
        return self.ended_at is not None and self.due is not None and self.ended_at >= self.due.at

    @property
    def is_working(self) -> bool:
        """Whether its own time is working time."""
        return is_working(self.run)


@dataclass(frozen=True, slots=True)
class CycleView:
    """A cycle. `ended_at` is None while it runs or pauses; `due` is the deadline that held then, None while a pause keeps it open."""

    account: Account
    ended_at: datetime | None
    due: Deadline | None

    @property
    def is_late(self) -> bool:
        """Whether it ended after its deadline."""
        return self.ended_at is not None and self.due is not None and self.ended_at >= self.due.at


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a case, whole."""

    rule: ClockRule
    calendar: WorkingCalendar
    cycles: tuple[CycleView, ...]
    """Oldest first; none while it has never run."""
    promised_in: Label | None
    """The title of the field whose date holds instead of a limit."""
    trace: Trace | None
    """Day by day to the deadline of the present cycle; None where a limit is not what counts."""

    @property
    def present(self) -> CycleView | None:
        """The newest cycle."""
        return self.cycles[-1] if self.cycles else None


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The clocks of a case at an instant, in the order of its document."""

    case: Case
    definition: CompiledDefinition
    now: datetime
    clocks: tuple[ClockView, ...]

    def state(self, id: str | None) -> Label:
        """The title of a state."""
        found = self.definition.states.get(id or "")
        return found.title if found is not None else verbatim(id or "")


def faces(definition: CompiledDefinition, case: Case, calendars: Mapping[str, WorkingCalendar]) -> tuple[ClockFace, ...]:
    """The clocks of a case that run or pause, what is due first coming first and paused ones last."""
    found = [
        ClockFace(name, rule.title, run.standing, run.cycle, due_of(rule, run, calendars[rule.calendar]), calendars[rule.calendar].zone)
        for name, rule in definition.clocks.items()
        if (run := case.clocks.get(name)) is not None and run.standing in ("running", "paused")
    ]
    return tuple(sorted(found, key=lambda each: (each.due is None, each.due.at if each.due is not None else case.opened_at)))


def dials(definition: CompiledDefinition, case: Case, calendars: Mapping[str, WorkingCalendar], now: datetime) -> tuple[Dial, ...]:
    """Every clock of a case that has ever run, in the order of the document."""
    return tuple(
        _dial(rule, run, calendars[rule.calendar], max(now, case.last_at))
        for name, rule in definition.clocks.items()
        if (run := case.clocks.get(name)) is not None and run.cycle
    )


def _dial(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar, now: datetime) -> Dial:
    due = due_of(rule, _uncut(run), calendar)
    length = whole(_uncut(run), calendar, due.at) if due is not None else None
    return Dial(rule, run, calendar.zone, due, elapsed(run, calendar, now), length, _ended_at(run))


def clocks_of(
    database: Database, catalog: Catalog, time: TimeSource, number: str, clock: str | None = None, units: frozenset[str] | None = None
) -> CaseClocks:
    """The clocks of a case, or only that of this id or title. `units`: those whose cases are shown (None: all). Raises Unknown."""
    with database.read() as reader:
        record, entries = reader.case(number), history.entries(reader, number)
    if record is None or not cases.visible(record.case.unit, units):
        raise unknown_number(number)
    case = record.case
    definition = catalog.by_digest(case.digest)
    titles = {name: rule.title for name, rule in definition.clocks.items()}
    wanted = {require(clock, titles, Label("时限", "clock"))} if clock is not None else set(titles)
    now = max(time.now(), case.last_at)
    calendars = catalog.calendars(definition, case.edition)
    cycles = by_clock(accounts(definition, (entry.event for entry in entries), calendars, now))
    found = (
        _view(definition, rule, calendars[rule.calendar], cycles.get(name, ()))
        for name, rule in definition.clocks.items()
        if name in wanted
    )
    return CaseClocks(case, definition, now, tuple(found))


def _view(definition: CompiledDefinition, rule: ClockRule, calendar: WorkingCalendar, cycles: tuple[Account, ...]) -> ClockView:
    run = _uncut(cycles[-1].run) if cycles else None
    promised_in = definition.fields[rule.due].title if run is not None and run.promised is not None and rule.due is not None else None
    way = None
    if run is not None and run.limit is not None and promised_in is None:
        way = trace(run.start, run.limit, calendar, [each.interval for each in run.breaks], roll=not rule.legal)
    return ClockView(rule, calendar, tuple(_cycle(rule, calendar, each) for each in cycles), promised_in, way)


def _cycle(rule: ClockRule, calendar: WorkingCalendar, account: Account) -> CycleView:
    run = account.run
    return CycleView(account, _ended_at(run) or account.over_at, due_of(rule, _uncut(run), calendar))


def _ended_at(run: ClockRun) -> datetime | None:
    return run.breaks[-1].begins if run.standing in ("stopped", "ended") else None


def _uncut(run: ClockRun) -> ClockRun:
    """The run as if it had not stopped: its deadline is the one that was kept or missed."""
    return replace(run, breaks=run.breaks[:-1]) if run.standing in ("stopped", "ended") else run
