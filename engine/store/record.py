"""What goes into the store with a decision, and what comes back: plain values, no SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.core.case import Case
from engine.core.codec import Json, Kinds
from engine.core.field import Until

Row = dict[str, Json]
"""The values of one row under the names of its columns, or of its parameters."""
Door = Literal["cli", "web", "api", "timer", "event", "import"]
KindsOf = Callable[[str], Kinds]
"""digest of a definition → the kinds of its fields."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a wish came in: by which door, from which authenticated principal, caused by what."""

    door: Door
    principal: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A stored case and the head of its chain of history."""

    case: Case
    head: str
    held: frozenset[tuple[str, str]] = frozenset()
    """(field, keyed hash of the value) for every unique value the case holds."""
    subject: str | None = None
    """What the case is about, as lists show it."""
    performed: Sequence[Json] = field(default=(), compare=False)
    """The performed steps as they are stored; they only grow."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A unique value of the case, as canonical text; one that lasts while the case is `open` is dropped when it ends."""

    field: str
    value: str
    until: Until


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotency key, the hash of what was asked under it, and the canonical JSON it was answered with."""

    scope: str
    key: str
    hash: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered before under a key."""

    hash: str
    outcome: str
    at: datetime


ErrandKind = Literal["wake", "cancel"]
"""A child asks its parent to look; a parent asks its child to perform the step that cancels it."""


@dataclass(frozen=True, slots=True)
class ErrandKey:
    """An errand as it was asked: `seq` is that of the source's entry, so that one asked again meanwhile is another."""

    target: str
    source: str
    kind: ErrandKind
    seq: int


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything besides the decision that is written with it.

    `personal` names the fields whose values are kept apart; `claims` are all unique values of the case after the decision
    (the store inserts and releases what differs); `phase`, `subject` and `version` are what lists show and search.
    """

    provenance: Provenance
    personal: frozenset[str]
    version: int
    phase: str | None
    subject: str | None
    reference: str | None = None
    """Only with the opening: the number under which another system knows the case."""
    claims: tuple[Claim, ...] = ()
    request: Request | None = None
    errands_done: tuple[ErrandKey, ...] = ()
    """The errands that this decision deals with."""
