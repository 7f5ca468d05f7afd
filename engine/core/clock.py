"""Clocks as pure functions: what an event does to each, when a run is due, and when it reaches the rungs of its ladder.

Theory of operation. A run (`core.run`) keeps when its cycle began, the times that do not count, and the limit that was last
read from the case; nothing that grows with time. Everything else follows from run, rule and calendar: an open break means
that nobody knows the end yet, so there is no deadline and no rung. The store keeps the two instants that lists and the
sweeper need (`ArmTimer`); they are a cache, and `verify` holds them to what is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from engine.core.calculation import only
from engine.core.case import Case
from engine.core.compiled import ClockRule, CompiledDefinition
from engine.core.decision import Reason
from engine.core.effect import ArmTimer, CancelTimer
from engine.core.expression import Environment
from engine.core.ladder import Rung
from engine.core.run import Change, ClockChange, ClockRun, Why
from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import Deadline, deadline, own_time, point, shift
from engine.timing.interval import Interval
from engine.timing.moment import date_of
from engine.timing.period import Period

Calendars = Mapping[str, WorkingCalendar]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a case comes to stand with an event."""

    state: str
    is_open: bool
    step: str | None
    """The step that was performed; None for a correction."""
    was_open: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """One repetition of a rung and the instant at which the run reaches it."""

    rule: ClockRule
    rung: Rung
    repetition: int
    at: datetime


def clock_changes(
    definition: CompiledDefinition, runs: Mapping[str, ClockRun], situation: Situation, environment: Environment, calendars: Calendars
) -> tuple[tuple[ClockChange, ...], tuple[Reason, ...]]:
    """What the event does to each clock, and the reasons that forbid it: a limit by cases of which not exactly one applies."""
    found: list[ClockChange] = []
    reasons: list[Reason] = []
    for rule in definition.clocks.values():
        change = _change(rule, runs.get(rule.id), situation, environment, calendars[rule.calendar])
        if isinstance(change, Reason):
            reasons.append(change)
        elif change is not None:
            found.append(change)
    return tuple(found), tuple(reasons)


def due_of(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar) -> Deadline | None:
    """When the run is due; None while a pause keeps that open. What was overdue when the pause began stays so."""
    if run.promised is not None:
        return Deadline(run.promised, provisional=False, latest=run.promised)
    if run.limit is None:
        return None
    # A legal clock acts on the earlier reading: that its last day may roll is only said, never relied on.
    return deadline(run.start, run.limit, calendar, _intervals(run), roll=not rule.legal)


def elapsed(run: ClockRun, calendar: WorkingCalendar, until: datetime) -> timedelta:
    """How much of the clock's own time has passed."""
    return own_time(run.start, until, is_working(run), calendar, _intervals(run)) if until > run.start else timedelta()


def whole(run: ClockRun, calendar: WorkingCalendar, due: datetime) -> timedelta:
    """How much of the clock's own time lies between its start and its deadline."""
    return own_time(run.start, due, is_working(run), calendar, _intervals(run))


def is_working(run: ClockRun) -> bool:
    """Whether its own time is working time, rather than time on the wall."""
    return run.promised is None and run.limit is not None and run.limit.unit in ("wh", "wd")


def reached(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar, now: datetime) -> Iterator[Reached]:
    """Every repetition of every rung that the run has reached by now and that has not fired yet."""
    for first in _ladder(rule, run, calendar, due_of(rule, run, calendar)):
        rung, repetition, at = first.rung, first.repetition, first.at
        while at <= now:
            yield Reached(rule, rung, repetition, at)
            if repetition == rung.times or rung.every is None:
                break
            repetition, at = repetition + 1, shift(at, rung.every, calendar)


def upcoming(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar) -> list[Reached]:
    """The next repetition of each rung that has one left, soonest first."""
    return sorted(_ladder(rule, run, calendar, due_of(rule, run, calendar)), key=_when)


def timer(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar) -> ArmTimer | CancelTimer:
    """What the store keeps of a run: its due instant and the next rung, or that it has none."""
    if run.standing not in ("running", "paused"):
        return CancelTimer(rule.id)
    due = due_of(rule, run, calendar)
    due_at, is_provisional = (due.at, due.provisional) if due is not None else (None, False)
    first = min(_ladder(rule, run, calendar, due), key=_when, default=None)
    if first is None:
        return ArmTimer(rule.id, run.cycle, run.standing, due_at, provisional=is_provisional)
    if calendar.country is not None and not is_provisional:
        is_provisional = calendar.is_provisional(date_of(first.at, calendar.zone))
    fires_at = max(first.at, run.armed_at)
    return ArmTimer(rule.id, run.cycle, run.standing, due_at, fires_at, first.rung.id, first.repetition, is_provisional)


def timers(
    definition: CompiledDefinition, case: Case, calendars: Calendars, clocks: Iterable[str] | None = None
) -> tuple[ArmTimer | CancelTimer, ...]:
    """The timers of these clocks of a case, or of all that have ever run."""
    rules = [definition.clocks[name] for name in (case.clocks if clocks is None else clocks)]
    return tuple([timer(rule, case.clocks[rule.id], calendars[rule.calendar]) for rule in rules])


def _change(
    rule: ClockRule, run: ClockRun | None, situation: Situation, environment: Environment, calendar: WorkingCalendar
) -> ClockChange | Reason | None:
    if situation.step in rule.until:
        return None if run is None or run.standing == "ended" else _still(run, rule, "ended", "done")
    if not situation.is_open or situation.state not in rule.states:
        return _stop(rule, run, "outside" if situation.is_open else "closed")
    begins = run is None or run.cycle == 0 or _restarts(rule, run, situation)
    if run is not None and run.standing == "ended" and not begins:
        return None
    limit = _limit(rule, environment)
    if isinstance(limit, Reason):
        return limit
    promised = _promised(rule, environment, calendar)
    since = _since(rule, environment, calendar)
    if not _holds(rule, environment, has_start=rule.since is None or since is not None, has_end=bool(limit or promised)):
        return _stop(rule, run, "condition")
    why: Why | None = "pause" if situation.state in rule.pauses else None
    if run is None or begins:
        return ClockChange(rule.id, "started", since or situation.at, limit, promised, why)
    start = since or run.start
    if run.standing != ("running" if why is None else "paused"):
        return ClockChange(rule.id, "resumed" if why is None else "paused", start, limit, promised, why, _counts_again(rule, run))
    if (start, limit, promised) != (run.start, run.limit, run.promised):
        return ClockChange(rule.id, "revised", start, limit, promised)
    return None


def _stop(rule: ClockRule, run: ClockRun | None, why: Why) -> ClockChange | None:
    if run is None or run.standing == "ended" or (run.standing == "stopped" and run.breaks[-1].why == why):
        return None
    return _still(run, rule, "stopped", why)


def _still(run: ClockRun, rule: ClockRule, change: Change, why: Why) -> ClockChange:
    # What the clock would read now is no concern of one that stands still.
    return ClockChange(rule.id, change, run.start, run.limit, run.promised, why, _counts_again(rule, run))


def _counts_again(rule: ClockRule, run: ClockRun) -> bool:
    return rule.legal and bool(run.breaks) and run.breaks[-1].why == "closed"


def _holds(rule: ClockRule, environment: Environment, *, has_start: bool, has_end: bool) -> bool:
    return has_start and has_end and (rule.when is None or rule.when.evaluate(environment) is True)


def _restarts(rule: ClockRule, run: ClockRun, situation: Situation) -> bool:
    if rule.restart == "never":
        return False
    if rule.restart == "any_step":
        return situation.step is not None
    if rule.restart == "on_entry":
        if run.standing == "ended":
            return not situation.was_open
        # Not only its last break: it may have been entered before its condition held.
        return run.standing == "stopped" and any(each.why in ("outside", "closed") for each in run.breaks)
    return situation.step in rule.restart


def _limit(rule: ClockRule, environment: Environment) -> Period | Reason | None:
    if rule.limit is None or rule.limit.is_missing(environment):
        return None
    chosen = only(rule.limit, environment, f"clocks.{rule.id}.limit")
    return chosen if isinstance(chosen, Reason) else cast("Period | None", chosen.evaluate(environment))


def _promised(rule: ClockRule, environment: Environment, calendar: WorkingCalendar) -> datetime | None:
    value = environment.data.get(rule.due) if rule.due is not None else None
    if isinstance(value, datetime):
        return value
    return calendar.midnight(value + timedelta(days=1)) if isinstance(value, date) else None


def _since(rule: ClockRule, environment: Environment, calendar: WorkingCalendar) -> datetime | None:
    value = environment.data.get(rule.since) if rule.since is not None else None
    if isinstance(value, datetime):
        return value
    return calendar.midnight(value) if isinstance(value, date) else None


def _ladder(rule: ClockRule, run: ClockRun, calendar: WorkingCalendar, due: Deadline | None) -> list[Reached]:
    """The next repetition of each rung that has one left, in the order of the ladder."""
    found: list[Reached] = []
    for rung in rule.ladder if run.standing == "running" else ():
        done = run.fired.get(rung.id, 0)
        at = _instant(rung, run, calendar, due) if done < rung.times else None
        if at is not None:
            if rung.every is not None:
                for _ in range(done):
                    at = shift(at, rung.every, calendar)
            found.append(Reached(rule, rung, done + 1, at))
    return found


def _when(reached: Reached) -> datetime:
    return reached.at


def _instant(rung: Rung, run: ClockRun, calendar: WorkingCalendar, due: Deadline | None) -> datetime | None:
    if rung.after_start is not None:
        found = deadline(run.start, rung.after_start, calendar, _intervals(run))
        return found.at if found is not None else None
    if due is None:
        return None
    if rung.after_due is not None:
        return shift(due.at, rung.after_due, calendar)
    if rung.percent is None or due.at <= run.start:
        return due.at  # of a deadline that was over before the start, every part of the way is behind
    length = whole(run, calendar, due.at) * rung.percent / 100
    return point(run.start, length, is_working(run), calendar, _intervals(run))


def _intervals(run: ClockRun) -> list[Interval]:
    return [each.interval for each in run.breaks]
