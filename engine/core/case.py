"""A case: an immutable snapshot of one running process. The fold of its events, and nothing else (`core.evolve`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.core.kind import Value
from engine.core.run import ClockRun

AtEnd = Literal["wait", "leave", "cancel"]
"""What becomes of an open child when its parent ends: it must end first, it lives on, or it is cancelled by a step of its own."""


@dataclass(frozen=True, slots=True)
class Performance:
    """One performed step: what `done`, `times`, `done_at`, `performers` and `not_by` look at."""

    step: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    undone: bool = False
    """Taken back: it counts for `not_by` still, for `done` and `times` no longer."""
    cosigners: tuple[str, ...] = ()
    """Who signed it before, and those they stood in for: they performed it too, though it was performed once."""

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who performed it, by himself or through somebody else: whom `not_by` and `performers` mean."""
        return frozenset((self.actor, *((self.on_behalf_of,) if self.on_behalf_of is not None else ()), *self.cosigners))


@dataclass(frozen=True, slots=True)
class Parent:
    """The case that opened this one: which of its aliases this one stands under, and for which row (None: for none)."""

    id: str
    number: str
    alias: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this one opened, as far as this one knows: written at its opening, its end and its reopening."""

    id: str
    number: str
    workflow: str
    row: str | None
    """The row it was opened for."""
    at_end: AtEnd
    cancel_step: str | None
    """The step of the child that cancels it, where `at_end` says so."""
    opened_at: datetime
    state: str | None = None
    """The final state; None while it is open."""
    outcome: str | None = None
    ended_at: datetime | None = None
    returns: Mapping[str, Value] = field(default_factory=dict)
    """What it hands back, as at its end; only filled fields."""
    disowned: bool = False
    """The step that opened it was undone: it is cancelled, and nothing reads it any more."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a step that several must sign. `through`: the words of `by` that admitted the signer."""

    actor: str
    on_behalf_of: str | None
    at: datetime
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signing:
    """A step on its way to enough signatures: the form as the first signer filled it, and who has signed it since."""

    form: Mapping[str, Value | None]
    reason: str | None
    signatures: tuple[Signature, ...]


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
    parent: Parent | None = None
    children: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)
    """alias → its children, oldest first."""
    signing: Mapping[str, Signing] = field(default_factory=dict)
    """step → what it waits for; only steps that somebody has signed in this visit."""
