"""Minutes of a local day, as working hours are written, and the midnights between days. Knows no working time.

A local time is taken as `moment.first_shown` takes it, so a later minute of a day is never an earlier instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.timing.moment import EARLIEST, LATEST, date_of, first_shown

DAY = 1440
"""Minutes of a day on the wall clock."""


def clamp(instant: datetime) -> datetime:
    """The instant, in UTC, or the edge of the years that can be reckoned with."""
    return EARLIEST if instant < EARLIEST else LATEST if instant > LATEST else instant.astimezone(UTC)


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which it is so many minutes after 00:00 of a day in a zone; 1440 and more lie on later days.

    >>> str(instant_of(date(2026, 9, 28), 24 * 60, ZoneInfo("Asia/Shanghai")))
    '2026-09-28 16:00:00+00:00'
    """
    days, rest = divmod(minute, DAY)
    try:
        return clamp(first_shown(datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60)), zone))
    except OverflowError:
        return EARLIEST if day.year == date.min.year else LATEST


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a day begins in a zone."""
    return instant_of(day, 0, zone)


def first_midnight(instant: datetime, zone: ZoneInfo) -> date:
    """The first day that begins at this instant or later. Raises OverflowError beyond the year 9999."""
    day = date_of(instant, zone)
    while midnight(day, zone) < instant:
        day += timedelta(days=1)
    return day
