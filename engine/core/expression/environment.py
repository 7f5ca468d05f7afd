"""What an evaluation may look at, and nothing else: filled data, who acts, what was performed, one fixed instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.case import Performance
from engine.core.kind import Value
from engine.timing.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Environment:
    """The surroundings of one evaluation. `data` holds only filled fields; `now` is aware, in UTC."""

    data: Mapping[str, Value]
    actor: str
    acting: frozenset[str]
    """Parties and roles through which the actor acts in this step."""
    performed: tuple[Performance, ...]
    """Oldest first."""
    assignee: str | None
    unit: str | None
    number: str
    now: datetime
    zone: ZoneInfo
    """Where `today()` and the dates of instants are read."""
    case_id: str
    visit: int
    sampling_key: bytes
    calendar: WorkingCalendar | None = None
    """What moves dates by working time; without it such a date is missing."""
