"""Days as people write them, in the zone of the company, as instants."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which the day begins."""
    return datetime.combine(day, time(), zone)
