"""The working time of one local year as a table: how much lies before an instant, and which instant lies at so much.

Built once from the windows of the days, never changed. What overlaps – a night shift into the next day's window – counts once.
Knows no week and no holiday: a calendar hands it windows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Span = tuple[datetime, datetime]
"""From an instant until just before another, in UTC."""

ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class WorkYear:
    """Working time between `begins` and `ends`, the beginnings of two local years."""

    begins: datetime
    ends: datetime
    hours: Mapping[date, tuple[Span, ...]]
    """The windows of each working day of the year, whole: the last night shift reaches into the next year."""
    days: tuple[date, ...]
    spans: tuple[Span, ...]
    """All working time of the year: sorted, disjoint, cut off at its edges."""
    opens: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    """Working time of the year before each span; `after`, up to its end."""
    after: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        """All working time of the year."""
        return self.after[-1] if self.after else ZERO

    def until(self, instant: datetime) -> timedelta:
        """Working time of the year before an instant."""
        index = bisect_right(self.opens, instant) - 1
        if index < 0:
            return ZERO
        begins, ends = self.spans[index]
        return self.after[index] if instant >= ends else self.before[index] + (instant - begins)

    def first(self, amount: timedelta) -> datetime:
        """The earliest instant before which so much (more than nothing, at most the total) was worked."""
        index = bisect_left(self.after, amount)
        return self.spans[index][1] - (self.after[index] - amount)

    def last(self, amount: timedelta) -> datetime:
        """The latest instant before which so much (less than the total) was worked."""
        index = bisect_right(self.before, amount) - 1
        return self.spans[index][0] + (amount - self.before[index])


def tabulate(begins: datetime, ends: datetime, spilled: Iterable[Span], hours: Mapping[date, tuple[Span, ...]]) -> WorkYear:
    """The table of a year: `hours` by day, in order, and `spilled`, the windows of the day before it."""
    spans: list[Span] = []
    for opens, closes in sorted(span for each in (tuple(spilled), *hours.values()) for span in each):
        low, high = max(opens, begins), min(closes, ends)
        if spans and low <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high))
        elif low < high:
            spans.append((low, high))
    before, after, total = [], [], ZERO
    for low, high in spans:
        before.append(total)
        total += high - low
        after.append(total)
    return WorkYear(begins, ends, hours, tuple(hours), tuple(spans), tuple(low for low, _ in spans), tuple(before), tuple(after))
