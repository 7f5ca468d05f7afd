"""Stretches of time that do not count: pauses. Knows no calendar and not why they were made.

Half-open, [begins, ends): one that ends as the next begins leaves no instant between them, and an empty one holds none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `begins` until just before `ends`; `ends` None is open: nobody knows yet. Aware instants."""

    begins: datetime
    ends: datetime | None = None

    @property
    def limit(self) -> datetime:
        """Its end, for comparisons; of an open one an instant after all others."""
        return _FOREVER if self.ends is None else self.ends


def union(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """The same instants as intervals that are sorted, not empty, and neither overlap nor touch; only the last may be open.

    >>> noon = datetime(2026, 9, 28, 12, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> merged = union([Interval(noon + hour), Interval(noon, noon + hour), Interval(noon, noon)])
    >>> merged == (Interval(noon, None),)
    True
    """
    merged: list[Interval] = []
    for each in sorted((each for each in intervals if each.begins < each.limit), key=lambda each: each.begins):
        if merged and each.begins <= merged[-1].limit:
            if each.limit > merged[-1].limit:
                merged[-1] = Interval(merged[-1].begins, each.ends)
        else:
            merged.append(each)
    return tuple(merged)


def overlap(united: Iterable[Interval], begins: datetime, ends: datetime) -> timedelta:
    """How much of [begins, ends) lies inside intervals that do not overlap each other."""
    inside = (min(each.limit, ends) - max(each.begins, begins) for each in united if each.begins < ends and begins < each.limit)
    return sum(inside, timedelta())


def covers(united: Iterable[Interval], begins: datetime, ends: datetime) -> bool:
    """Whether every instant of [begins, ends) lies inside the result of a `union`."""
    return any(each.begins <= begins and ends <= each.limit for each in united)
