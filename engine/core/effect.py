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
    not_before: datetime | None = None
    """Held back until then, so that it can still be recalled; None: told at once."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Programs outside are to hear of it. Which endpoints those are, is asked when it goes out, not now."""

    event: str
    """Its name."""
    fields: tuple[str, ...]
    """The fields whose values go with it, as they are once the decision is made; personal ones only if the document lists them."""
    state: str
    """Where the case stood when this was decided."""
    not_before: datetime | None = None
    """Held back until then, so that it can still be recalled; None: sent at once."""


@dataclass(frozen=True, slots=True)
class RecallNotices:
    """What the entry with this seq wanted to tell or to emit, and nobody has heard yet, is told no more."""

    seq: int


@dataclass(frozen=True, slots=True)
class WakeParent:
    """This case has ended, or is open again: the one that opened it shall look (`core.command.Wake`)."""


@dataclass(frozen=True, slots=True)
class CancelChild:
    """This case has ended: its open child shall perform this step of its own, as a command of its parent."""

    child: str
    """The id of the child."""
    step: str


IncidentKind = Literal[
    "nobody_to_assign",  # an assignment found nobody who is there
    "nobody_to_tell",  # a message found nobody
    "step_refused",  # a rung, an automatic step or a parent's command was refused
    "approval_unreachable",  # the signatures that a step needs cannot be had any more
    "holder_absent",  # a step waits for a person who is away, and nobody stands in
    "dead_letter",  # a message was given up
    "provisional",  # a date was computed without official holidays
    "nobody_can_finish",  # the people there are cannot finish the cases of a process
    "event_unmatched",  # an event from outside has waited in quarantine for long
]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Something that a person must look at. One incident for a case, kind and subject; again the same only counts up."""

    kind: IncidentKind
    subject: str
    """What it is about: a step, a role, a clock."""
    sentence: Label


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """A case was given to this person because of this role: who is next in turn, is counted from here."""

    role: str
    person: str


Effect = ArmTimer | CancelTimer | Notify | Emit | RecallNotices | WakeParent | CancelChild | OpenIncident | TakeTurn
