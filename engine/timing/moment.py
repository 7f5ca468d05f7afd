"""Dates and instants moved by calendar and clock time, and what a local time means on the night the clocks change.

Knows no working time: that needs a calendar. A local time stands for the instant at which the wall clock first shows it: in a
fold it is taken once, and one that a gap leaves out is the first instant after the gap.

A month's end clamps (31 January + 1mo is 28 or 29 February). What would leave the years 1 to 9999 stops at their edge,
so that moving a date is total and never empties it.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.timing.period import Period, finest

EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
LATEST = datetime(9999, 12, 29, tzinfo=UTC)
"""Two days from the edge, so that every zone can still name their date."""


def move_date(day: date, period: Period) -> date:
    """The date so many days, months or years away.

    >>> move_date(date(2027, 1, 31), Period(1, "mo")), move_date(date(2028, 2, 29), Period(-1, "y"))
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 28))
    """
    step = finest(period)
    if step.unit == "mo":
        return _move_months(day, step.count)
    try:
        return day + timedelta(days=step.count)
    except OverflowError:
        return date.max if step.count > 0 else date.min


def move_instant(instant: datetime, period: Period, zone: ZoneInfo) -> datetime:
    """The instant so much time away: `m` and `h` elapse, `d`, `mo` and `y` keep the time of day in the zone."""
    step = finest(period)
    if step.count == 0:
        return instant
    try:
        if step.unit == "m":
            return instant + timedelta(minutes=step.count)
        local = instant.astimezone(zone)
        return first_shown(datetime.combine(move_date(local.date(), step), local.time()), zone)
    except OverflowError:
        return LATEST if step.count > 0 else EARLIEST


def first_shown(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of a zone first show a local time (naive) or, in a gap, one past it.

    Raises OverflowError beyond the years 1 to 9999.

    >>> str(first_shown(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin")))  # there is no 02:30 that day
    '2026-03-29 01:00:00+00:00'
    """
    shown = local.replace(tzinfo=zone, fold=0)
    instant = shown.astimezone(UTC)
    return instant if instant.astimezone(zone) == shown else _after_gap(shown, instant)


def date_of(instant: datetime, zone: ZoneInfo) -> date:
    """The date of an instant, in the zone.

    >>> date_of(datetime(2026, 9, 27, 16, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 9, 28)
    """
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        return instant.date()


def _after_gap(local: datetime, late: datetime) -> datetime:
    # `local` reckoned with the offset before the gap is `late`, at or after its end; with the one after the gap, before it.
    early = local.replace(fold=1).astimezone(UTC)

    def is_past(second: int) -> bool:
        return (early + timedelta(seconds=second)).astimezone(local.tzinfo) >= local

    return early + timedelta(seconds=bisect_left(range(int((late - early).total_seconds())), True, key=is_past))


def _move_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if count > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
