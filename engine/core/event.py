"""Events: facts that were decided, in the past tense. What history stores, and all that a case is made of.

An event carries results, never rules: changed values (form, `set`, `clears` and computed alike), the state entered, the
outcome. Replay therefore evaluates nothing, and an old history reads the same under any later program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.core.kind import Value
from engine.core.run import ClockChange

Changes = Mapping[str, Value | None]
"""field id → new value; None empties the field. Only what really changed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case was opened."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str | None
    id: str
    number: str
    workflow: str
    digest: str
    unit: str | None
    start: str
    to: str
    outcome: str | None
    changes: Changes
    assignee: str | None
    clocks: tuple[ClockChange, ...] = ()
    edition: int = 0
    """The edition of official holidays that it is opened with."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A step was performed. `entered` is false for a step that stays where it is."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str | None
    step: str
    source: str
    to: str
    entered: bool
    outcome: str | None
    changes: Changes
    assignee: str | None
    """Who holds the case after the step (not only when it changed)."""
    unit: str | None
    clocks: tuple[ClockChange, ...] = ()
    fired_by: str | None = None
    """The rung that fired this step, as CLOCK/RUNG."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Values were mended without a move."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str
    changes: Changes
    clocks: tuple[ClockChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Commented:
    """A remark. Free text about a customer: the store treats `text` as personal."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    text: str | None
    """None after erasure."""


Result = Literal["told", "performed", "refused", "merged", "skipped", "unmet"]
"""What became of a rung: somebody is told; its step was performed, or refused; it was merged into a later one; skipped because
it was noticed too late; or its own `when` did not hold."""


@dataclass(frozen=True, slots=True)
class RungFired:
    """A rung of a clock's ladder was reached at `due_at` – not before its deadline was set – and noticed at `at`."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    clock: str
    cycle: int
    rung: str
    repetition: int
    due_at: datetime
    result: Result
    into: str | None = None
    """The rung that it was merged into, as CLOCK/RUNG#REPETITION."""
    why: tuple[str, ...] = ()
    """The codes for which its step was refused."""


@dataclass(frozen=True, slots=True)
class TimerLapsed:
    """A timer rang, and there was nothing to do any more."""

    at: datetime
    actor: str
    on_behalf_of: str | None


@dataclass(frozen=True, slots=True)
class CalendarExtended:
    """The calendars of the case now follow a later edition of official holidays (DESIGN law 9)."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    edition: int


Event = Opened | Moved | Corrected | Commented | RungFired | TimerLapsed | CalendarExtended
