"""Why a clock is due then, in words for a page: day by day, what counted and what did not, its reminders and its earlier rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.core.account import RungAccount, Stretch
from engine.core.clock import is_working
from engine.core.wording import WEEKDAYS, lasting, local
from engine.label import Label, verbatim
from engine.runtime.clocks import CaseClocks, ClockView, CycleView
from engine.runtime.rung import REASONS, result_title, rung_title
from engine.timing.trace import KINDS, TraceDay, to_the_minute

MOST_DAYS = 62
"""Of a longer way the days in the middle are left out."""
_ENDS = 21
_DASH = verbatim("–")
_NOW = Label("现在", "now")
_COUNTED = Label("计时", "counted")
_TO_COME = Label("未到", "still to come")
_PAUSED = Label("暂停 {length}", "paused {length}")
_BOTH = Label("{counted}，暂停 {length}", "{counted}, paused {length}")


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the way to a deadline."""

    day: date
    weekday: Label
    kind: Label
    is_provisional: bool
    hours: str
    counted: Label
    counts: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that counted, or why it did not."""

    begins: datetime
    ends: Label
    said: Label
    counts: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """A rung of the ladder, and what became of it."""

    title: Label
    at: datetime
    said: Label
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Because:
    """The account of the present round of a clock. `left_out`: days between those of `days` and of `last_days`."""

    view: ClockView
    present: CycleView
    works: bool
    """Whether hours of work are told with each day."""
    days: tuple[Day, ...]
    left_out: int
    last_days: tuple[Day, ...]
    spans: tuple[Span, ...]
    """Empty where all of the time counted."""
    reminders: tuple[Reminder, ...]
    earlier: tuple[CycleView, ...]


def because_of(found: CaseClocks) -> Because | None:
    """Of the one clock that was asked for; None while it has never run."""
    (view,) = found.clocks
    present = view.present
    if present is None:
        return None
    works = view.trace is not None and view.trace.period.unit in ("wh", "wd")
    days = [_day(each, works=works) for each in to_the_minute(view.trace.days)] if view.trace is not None else []
    cut = len(days) > MOST_DAYS
    stretches = present.account.stretches
    return Because(
        view,
        present,
        works,
        tuple(days[:_ENDS] if cut else days),
        (len(days) - 2 * _ENDS if cut else 0) + (view.trace.omitted if view.trace is not None else 0),
        tuple(days[-_ENDS:]) if cut else (),
        tuple(_span(each, view, found) for each in stretches) if any(each.why is not None for each in stretches) else (),
        tuple(_reminder(each, found) for each in present.account.rungs),
        view.cycles[:-1],
    )


def _day(day: TraceDay, *, works: bool) -> Day:
    counted = _counted(day, works=works)
    return Day(day.day, WEEKDAYS[day.day.weekday()], KINDS[day.kind], day.provisional, _hours(day), counted, counted != _DASH)


def _hours(day: TraceDay) -> str:
    ends = (closes.strftime("%H:%M") if closes.date() == day.day else "24:00" for _, closes in day.hours)
    return "  ".join(f"{opens:%H:%M}–{end}" for (opens, _), end in zip(day.hours, ends, strict=True)) or "–"


def _counted(day: TraceDay, *, works: bool) -> Label:
    if day.counted is None:
        return day.remark if day.remark is not None else _DASH
    if not day.left_out:
        return lasting(day.counted, working=works) if day.counted else _DASH
    length = lasting(day.left_out, working=works)
    return _BOTH.fill(counted=lasting(day.counted, working=works), length=length) if day.counted else _PAUSED.fill(length=length)


def _span(each: Stretch, view: ClockView, found: CaseClocks) -> Span:
    ends = _NOW if each.ends is None else verbatim(local(each.ends, view.calendar.zone).zh[5:])
    if each.why is None:
        return Span(each.begins, ends, _COUNTED, counts=True)
    why = Label("{why}（{state}）", "{why} ({state})").fill(why=REASONS[each.why], state=found.state(each.state))
    return Span(each.begins, ends, why, counts=False)


def _reminder(each: RungAccount, found: CaseClocks) -> Reminder:
    fired = each.fired
    said = result_title(found.definition, fired.clock, fired.result, fired.into, fired.why) if fired is not None else _TO_COME
    return Reminder(rung_title(each.rung, each.repetition), each.at, said, fired is None)


def used(cycle: CycleView) -> Label:
    """How much of its own time a round has taken."""
    return lasting(cycle.account.elapsed, working=is_working(cycle.account.run))
