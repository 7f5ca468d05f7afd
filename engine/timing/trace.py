"""Why a deadline is where it is: day by day, what sort of day it was and what of it counted.

Values only: how they are laid out is for whoever shows them. The result is that of `deadline`; nothing is decided here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from engine.label import Label
from engine.timing.calendar import DayKind, WorkingCalendar
from engine.timing.deadline import Deadline, deadline, own_time
from engine.timing.interval import Interval, covers, union
from engine.timing.moment import date_of, move_date
from engine.timing.period import Period, finest
from engine.timing.wall import clamp
from engine.timing.workyear import Span

KINDS: Mapping[DayKind, Label] = MappingProxyType(
    {
        "working_day": Label("工作日", "working day"),
        "rest_day": Label("休息日", "rest day"),
        "holiday": Label("法定节假日", "public holiday"),
        "make_up_day": Label("调休上班日", "make-up working day"),
        "own_hours": Label("当日另定时间", "own hours"),
        "closed": Label("停业", "closed"),
    }
)
"""What each sort of day is called."""

MOST_DAYS = 400
"""A longer trace is cut off there."""

_ONE_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_START = Label("起算当日不计", "the start day does not count")
_STANDS_IN = Label("代替起算当日，不计", "stands for the start day, does not count")
_MIDNIGHT = Label("当日 24:00 处于暂停中，不计", "paused at 24:00, does not count")
_PAUSED = Label("工作时间全部处于暂停中，不计", "paused for all of its working time, does not count")
_ROLLED = Label("最后一日逢休息日，顺延", "the last day was a day of rest, so the end moves on")


@dataclass(frozen=True, slots=True)
class TraceDay:
    """A local day between start and end."""

    day: date
    kind: DayKind
    provisional: bool
    """Official data for its year are missing: the kind may change."""
    hours: tuple[Span, ...]
    """What is worked between its two midnights, in local time; a night shift is cut in two."""
    counted: timedelta | None
    """How much of it counted, of time or of working time; None for a period that counts days."""
    left_out: timedelta | None
    """How much of the same did not count because of pauses."""
    remark: Label | None
    """How the day counts, for a period that counts days; None where it has no part."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The way from `start` to the end of `period`."""

    start: datetime
    period: Period
    days: tuple[TraceDay, ...]
    omitted: int
    """Days between the last of `days` and the end."""
    deadline: Deadline | None
    """None while an open pause hides it; the days then go until that pause."""


def trace(start: datetime, period: Period, calendar: WorkingCalendar, paused: Sequence[Interval] = (), *, roll: bool = True) -> Trace:
    """How `deadline` comes to its result, day by day in the calendar's zone."""
    begins, pauses = clamp(start), union(paused)
    found = deadline(start, period, calendar, paused, roll=roll)
    ends = max(begins, pauses[-1].begins if found is None else found.at)
    first = date_of(begins, calendar.zone)
    last = max(first, date_of(ends - timedelta.resolution, calendar.zone))
    listed = [first + shift * _ONE_DAY for shift in range(min((last - first).days + 1, MOST_DAYS))]
    if finest(period).unit in ("m", "wh"):
        days = [_of_time(day, begins, ends, period.unit == "wh", calendar, pauses) for day in listed]
    else:
        remarks = _working_days(listed, period, calendar, pauses) if period.unit == "wd" else _midnights(listed, period, calendar, pauses)
        days = [_line(day, calendar, remark=remark) for day, remark in zip(listed, remarks, strict=True)]
    return Trace(begins, period, tuple(days), (last - first).days + 1 - len(listed), found)


def to_the_minute(days: Sequence[TraceDay]) -> Iterator[TraceDay]:
    """The days with lengths in minutes that add up to the limit: each cut to minutes by itself, four hours would be shown as 3 h 59 min."""
    counted = _in_minutes([day.counted for day in days])
    left_out = _in_minutes([day.left_out for day in days])
    for day, in_count, out in zip(days, counted, left_out, strict=True):
        yield replace(day, counted=in_count, left_out=out)


def _of_time(day: date, begins: datetime, ends: datetime, working: bool, calendar: WorkingCalendar, pauses: Sequence[Interval]) -> TraceDay:
    low, high = max(begins, calendar.midnight(day)), min(ends, calendar.midnight(day + _ONE_DAY))
    counted = own_time(low, high, working, calendar, pauses)
    return _line(day, calendar, counted=counted, left_out=own_time(low, high, working, calendar) - counted)


def _working_days(days: Sequence[date], period: Period, calendar: WorkingCalendar, pauses: Sequence[Interval]) -> Iterator[Label | None]:
    counted = 0
    for day in days:
        if day == days[0]:
            yield _START
        elif counted == period.count or not calendar.is_working_day(day):
            yield None
        elif all(covers(pauses, opens, closes) for opens, closes in calendar.windows(day)):
            yield _PAUSED
        else:
            counted += 1
            yield _nth(counted, period.count)


def _midnights(days: Sequence[date], period: Period, calendar: WorkingCalendar, pauses: Sequence[Interval]) -> Iterator[Label]:
    whole = (move_date(days[0], period) - days[0]).days
    counted = -1
    for day in days:
        end = calendar.midnight(day + _ONE_DAY)
        if counted >= max(whole, 0):
            yield _ROLLED
        elif covers(pauses, end, end + timedelta.resolution):
            yield _MIDNIGHT
        else:
            counted += 1
            yield _nth(counted, whole) if counted else _START if day == days[0] else _STANDS_IN


def _line(
    day: date, calendar: WorkingCalendar, counted: timedelta | None = None, left_out: timedelta | None = None, remark: Label | None = None
) -> TraceDay:
    return TraceDay(day, calendar.kind(day), calendar.is_provisional(day), _hours(day, calendar), counted, left_out, remark)


def _hours(day: date, calendar: WorkingCalendar) -> tuple[Span, ...]:
    low, high, zone = calendar.midnight(day), calendar.midnight(day + _ONE_DAY), calendar.zone
    year = calendar.year(day.year)
    near = year.spans[max(bisect_right(year.opens, low) - 1, 0) : bisect_left(year.opens, high)]
    inside = ((max(opens, low), min(closes, high)) for opens, closes in near if low < closes)
    return tuple((opens.astimezone(zone), closes.astimezone(zone)) for opens, closes in inside)


def _nth(count: int, whole: int) -> Label:
    return Label("第 {count} 日，共 {whole} 日", "day {count} of {whole}").fill(count=count, whole=whole)


def _in_minutes(lengths: Sequence[timedelta | None]) -> Iterator[timedelta | None]:
    exact = shown = timedelta()
    for each in lengths:
        exact += each or timedelta()
        minutes = exact // _MINUTE * _MINUTE - shown
        shown += minutes
        yield minutes or each  # what is less than a minute is told as that
