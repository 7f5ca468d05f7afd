"""Effects: intents that are recorded with a decision and carried out after it. Nothing here does anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.label import Label
from roles.policy import Right


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """The one timer of a clock: when it is due, and when the next rung is reached. Replaces the timer armed before."""

    clock: str
    cycle: int
    standing: Literal["running", "paused"]
    due_at: datetime | None
    """None while paused: nobody knows for how long."""
    fires_at: datetime | None = None
    """None when no rung is left, or while paused."""
    rung: str | None = None
    repetition: int = 0
    provisional: bool = False
    """Whether days without official data were counted on the way to `due_at` or `fires_at`."""


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """A clock has stopped: its timer is gone."""

    clock: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One reaching of one rung (DESIGN law 10): what a reminder is about. `repetition` counts from 1."""

    clock: str
    cycle: int
    rung: str
    repetition: int
    at: datetime
    """When it was reached, whenever it was noticed."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Somebody is to be told. Who that is, is asked when the message goes out, not now."""

    tell: tuple[Right, ...]
    template: str
    state: str
    """Where the case stood when this was decided."""
    values: Mapping[str, Label] = field(default_factory=dict)
    """What `with` passes, in words."""
    occurrence: Occurrence | None = None
    """The rung that it reminds of; None for a message of a step."""
    due_at: datetime | None = None
    """When the clock of the rung is due."""


Effect = ArmTimer | CancelTimer | Notify
