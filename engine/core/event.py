"""Events: facts that were decided, in the past tense. What history stores, and all that a case is made of.

An event carries results, never rules: changed values (form, `set`, `clears` and computed alike), the state entered, the
outcome. Replay therefore evaluates nothing, and an old history reads the same under any later program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.core.kind import Value

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


@dataclass(frozen=True, slots=True)
class Corrected:
    """Values were mended without a move."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Commented:
    """A remark. Free text about a customer: the store treats `text` as personal."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    text: str | None
    """None after erasure."""


Event = Opened | Moved | Corrected | Commented
