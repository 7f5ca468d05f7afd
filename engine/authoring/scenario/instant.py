"""Instants and lengths of time as a story writes them, in the zone and the calendar of its process."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from engine.definition.clock import PERIOD
from engine.definition.scenario import INSTANT
from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import shift
from engine.timing.period import Period, Unit

_END_OF_DAY = " 24:00"


def instant_in(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant in UTC; None for one that there is not. `24:00` is the end of its day.

    >>> instant_in("2026-09-30 24:00", ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-09-30T16:00:00+00:00'
    >>> instant_in("2026-09-31 09:00", ZoneInfo("Asia/Shanghai"))
    """
    if re.fullmatch(INSTANT, text) is None:
        return None
    ends = text.endswith(_END_OF_DAY)
    try:
        local = datetime.fromisoformat(text.replace(_END_OF_DAY, " 00:00"))
    except ValueError:
        return None
    return (local + timedelta(days=1) if ends else local).replace(tzinfo=zone).astimezone(UTC)


def period_in(text: str) -> Period:
    """A length of time, as the model has accepted it.

    >>> period_in("5wh")
    Period(count=5, unit='wh')
    """
    match = re.fullmatch(r"([0-9]+)([a-z]+)", text)
    assert match is not None, PERIOD
    return Period(int(match[1]), cast(Unit, match[2]))


def later(now: datetime, text: str, calendar: WorkingCalendar | None, zone: ZoneInfo) -> datetime:
    """The instant after so much time. Without a calendar no working time passes, so none may be asked for (`reading`)."""
    return shift(now, period_in(text), calendar or WorkingCalendar("", zone, {}))


def spoken(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as a step of a story shows it."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
