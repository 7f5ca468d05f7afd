"""How pauses move an end that is counted in days: which midnights, which working days they take away.

Pauses are sorted and disjoint (`interval.union`). What they take away are runs of days, so that long pauses are passed at once.
Knows no period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from engine.timing.calendar import WorkingCalendar
from engine.timing.interval import Interval, covers
from engine.timing.moment import date_of
from engine.timing.wall import clamp, first_midnight

Run = tuple[date, date]
"""First and last day; `date.max` is the last of an open one."""

_ONE_DAY = timedelta(days=1)


def paused_midnights(paused: Sequence[Interval], calendar: WorkingCalendar) -> Iterator[Run]:
    """The days whose first instant lies inside a pause."""
    for each in paused:
        first = first_midnight(clamp(each.begins), calendar.zone)
        last = date.max if each.ends is None else first_midnight(clamp(each.ends), calendar.zone) - _ONE_DAY
        if first <= last:
            yield first, last


def paused_working_days(paused: Sequence[Interval], calendar: WorkingCalendar) -> Iterator[Run]:
    """The working days whose working time lies wholly inside pauses; the runs may contain days of rest."""
    for each in paused:
        first = date_of(clamp(each.begins), calendar.zone)
        last = date.max if each.ends is None else date_of(clamp(each.ends), calendar.zone)
        # A day's windows end on the next at the latest: only days near the edges need a look.
        edges = {first, first + _ONE_DAY} if each.ends is None else {first, first + _ONE_DAY, last - _ONE_DAY, last}
        runs = [(day, day) for day in edges if _is_paused(day, paused, calendar)]
        inner = first + 2 * _ONE_DAY, last if each.ends is None else last - 2 * _ONE_DAY
        yield from sorted([*runs, inner] if inner[0] <= inner[1] else runs)


def unpaused(
    start: date, count: int, runs: Iterator[Run], nth: Callable[[date, int], date], between: Callable[[date, date], int]
) -> date | None:
    """The so manieth counted day after `start` that is in none of the runs; None when an open run keeps it unknown.

    `nth` gives the n-th counted day after a day, `between` how many lie strictly between two.
    """
    for first, last in runs:
        if last <= start:
            continue
        day = nth(start, count)
        if day < first:
            return day
        if last == date.max:
            return None
        count -= between(start, first) if start < first else 0
        start = last
    return nth(start, count)


def _is_paused(day: date, paused: Sequence[Interval], calendar: WorkingCalendar) -> bool:
    windows = calendar.windows(day)
    return bool(windows) and all(covers(paused, opens, closes) for opens, closes in windows)
