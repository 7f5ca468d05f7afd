"""A case: an immutable snapshot of one running process. The fold of its events, and nothing else (`core.evolve`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.core.kind import Value
from engine.core.run import ClockRun


@dataclass(frozen=True, slots=True)
class Performance:
    """One performed step: what `done`, `times`, `done_at`, `performers` and `not_by` look at."""

    step: str
    actor: str
    on_behalf_of: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """Where one case stands.

    `data` holds only filled fields (an empty field is absent). `revision` grows when what a person sees changes and is
    what an edit is checked against; `seq` grows with every history entry and guards the write (DESIGN law 5).
    All datetimes are aware, in UTC.
    """

    id: str
    number: str
    workflow: str
    digest: str
    """The published definition this case was opened with, and keeps."""
    unit: str | None
    state: str
    outcome: str | None
    """success, failure or abandoned; None while the case is open."""
    data: Mapping[str, Value]
    assignee: str | None
    performed: tuple[Performance, ...]
    visit: int
    """How many times a state has been entered; the key of what counts per stay."""
    opened_at: datetime
    entered_at: datetime
    """When the present state was entered."""
    ended_at: datetime | None
    last_at: datetime
    """The instant of the newest event: time never runs backwards within a case."""
    seq: int
    revision: int
    clocks: Mapping[str, ClockRun] = field(default_factory=dict)
    """The present cycle of every clock that has ever run."""
    edition: int = 0
    """The edition of official holidays that its calendars follow."""
