"""The account of a clock: which times counted, which did not and why, how much has passed, and what is due when. Pure values, no words.

Answers *why is it due then* for the present cycle and for every cycle before it, from the history alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.core.case import Case
from engine.core.clock import Calendars, due_of, elapsed, upcoming
from engine.core.compiled import ClockRule, CompiledDefinition
from engine.core.event import Event, RungFired, Undone
from engine.core.evolve import evolve
from engine.core.run import ClockRun, Why
from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time between start and now that counted (`why` None) or did not; `ends` None: it lasts. `state`: where the case stood."""

    begins: datetime
    ends: datetime | None
    why: Why | None
    state: str | None


@dataclass(frozen=True, slots=True)
class RungAccount:
    """A repetition of a rung: when it is or was reached, and what became of it; `fired` None is still to come."""

    rung: str
    repetition: int
    at: datetime
    fired: RungFired | None


@dataclass(frozen=True, slots=True)
class Account:
    """One cycle of one clock."""

    rule: ClockRule
    run: ClockRun
    stretches: tuple[Stretch, ...]
    elapsed: timedelta
    """In the clock's own time: working time for wh and wd, else time on the wall."""
    due: Deadline | None
    """None while it is paused: nobody knows for how long."""
    rungs: tuple[RungAccount, ...]
    over_at: datetime | None = None
    """When the next cycle began; None for the present one."""


def accounts(definition: CompiledDefinition, history: Iterable[Event], calendars: Calendars, now: datetime) -> tuple[Account, ...]:
    """Every cycle of every clock of a case, in the order of the document, oldest cycle first; none that was struck out by an undo."""
    runs: dict[tuple[str, int], ClockRun] = {}
    begun: dict[tuple[str, int], datetime] = {}
    fired: dict[tuple[str, int], list[RungFired]] = {}
    case: Case | None = None
    for event in history:
        case = evolve(case, event)
        if isinstance(event, Undone):
            runs = {key: run for key, run in runs.items() if key[1] <= case.clocks[key[0]].cycle}
        for name, run in case.clocks.items():
            runs[name, run.cycle] = run
            begun.setdefault((name, run.cycle), event.at)
        if isinstance(event, RungFired):
            fired.setdefault((event.clock, event.cycle), []).append(event)
    found = []
    for name, rule in definition.clocks.items():
        cycles = sorted(cycle for clock, cycle in runs if clock == name and cycle)
        for place, cycle in enumerate(cycles, 1):
            over_at = begun[name, cycles[place]] if place < len(cycles) else None
            found.append(_account(rule, runs[name, cycle], calendars[rule.calendar], fired.get((name, cycle), []), now, over_at))
    return tuple(found)


def _account(
    rule: ClockRule, run: ClockRun, calendar: WorkingCalendar, fired: list[RungFired], now: datetime, over_at: datetime | None
) -> Account:
    rungs = [RungAccount(each.rung, each.repetition, each.due_at, each) for each in fired]
    if over_at is None:
        rungs += [RungAccount(each.rung.id, each.repetition, each.at, None) for each in upcoming(rule, run, calendar)]
    return Account(
        rule=rule,
        run=run,
        stretches=tuple(_stretches(run, over_at or now, is_over=over_at is not None)),
        elapsed=elapsed(run, calendar, over_at or now),
        due=due_of(rule, run, calendar),
        rungs=tuple(sorted(rungs, key=lambda each: each.at)),
        over_at=over_at,
    )


def _stretches(run: ClockRun, until: datetime, *, is_over: bool) -> Iterable[Stretch]:
    at, end = run.start, until if is_over else None
    if at > until:
        return
    for each in run.breaks:
        ends = end if each.ends is None else each.ends
        if ends is not None and ends <= max(at, each.begins):
            continue  # without length, or before a start that was moved behind it
        if at < each.begins:
            yield Stretch(at, each.begins, None, None)
        yield Stretch(max(at, each.begins), ends, each.why, each.state)
        if each.ends is None:
            return
        at = each.ends
    if at < until or not is_over:
        yield Stretch(at, end, None, None)


def by_clock(found: Iterable[Account]) -> Mapping[str, tuple[Account, ...]]:
    """The cycles of each clock."""
    grouped: dict[str, tuple[Account, ...]] = {}
    for each in found:
        grouped[each.rule.id] = (*grouped.get(each.rule.id, ()), each)
    return grouped
