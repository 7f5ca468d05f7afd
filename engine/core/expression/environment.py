"""What an evaluation may look at, and nothing else: filled data, who acts, what was performed, one fixed instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.called import Called
from engine.core.case import Performance
from engine.core.kind import Row, Value
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
    children: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """alias → its children as rows (`core.family.rows_of`), oldest first."""
    earlier: tuple[Row, ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """role → everybody who holds it where the case belongs."""
    called: Called = field(default_factory=Called)
    """How values are told that are people or units."""
    row: Row | None = None
    """The row whose columns are read by name: inside `of` and `where`, in a column's `computed`, in a `starts` with `for_each`."""
