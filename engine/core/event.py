"""Events: facts that were decided, in the past tense. What history stores, and all that a case is made of.

An event carries results, never rules: changed values (form, `set`, `clears` and computed alike), the state entered, the
outcome. Replay therefore evaluates nothing, and an old history reads the same under any later program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.core.case import AtEnd, Parent
from engine.core.kind import Value
from engine.core.run import ClockChange, ClockRun

Changes = Mapping[str, Value | None]
"""field id → new value; None empties the field. Only what really changed."""


@dataclass(frozen=True, slots=True)
class ChildOpened:
    """A step opened a case of another workflow, recorded in the same transaction."""

    alias: str
    id: str
    number: str
    workflow: str
    row: str | None
    at_end: AtEnd
    cancel_step: str | None = None


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
    parent: Parent | None = None
    children: tuple[ChildOpened, ...] = ()


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
    children: tuple[ChildOpened, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Somebody has read personal values in full that are masked for him: these fields, or, none named, all of them and the remarks."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str
    fields: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Assigned:
    """The case was given by hand: taken, passed on, or put down (`assignee` None)."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str | None
    assignee: str | None
    clocks: tuple[ClockChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed a step that needs more signatures still. The last signature is a `Moved`, not this."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str | None
    step: str
    through: tuple[str, ...]
    form: Changes | None = None
    """The form, with the first signature only. Nothing of it is applied before the last one."""


VoidedBecause = Literal["left", "changed", "excluded", "revoked", "withdrawn"]
"""The state was left; a value that was signed or shown has changed; what the signer has done since excludes him; he, or the person he
signed for, has lost the right to sign; he took it back."""


@dataclass(frozen=True, slots=True)
class Voided:
    """Signatures of a step count no more. Without any signature left, the form is gone too."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    step: str
    signers: tuple[str, ...]
    why: VoidedBecause


@dataclass(frozen=True, slots=True)
class ChildChanged:
    """A child has ended, or was reopened (`outcome` None); what it hands back, as at its end."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    alias: str
    id: str
    state: str | None
    outcome: str | None
    ended_at: datetime | None
    returns: Mapping[str, Value]
    changes: Changes = field(default_factory=dict)
    """What is computed from the children."""
    clocks: tuple[ClockChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """The newest step was taken back: everything it changed is as it was, as if time had only passed."""

    at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str
    step: str
    undoes: int
    """The seq of the entry that is taken back."""
    to: str
    outcome: str | None
    assignee: str | None
    unit: str | None
    visit: int
    entered_at: datetime
    ended_at: datetime | None
    changes: Changes
    runs: Mapping[str, ClockRun]
    """The clocks whose runs become other ones."""
    disowned: tuple[str, ...] = ()
    """The ids of the cases that it opened: nothing reads them any more."""


Event = (
    Opened
    | Moved
    | Corrected
    | Commented
    | Disclosed
    | RungFired
    | TimerLapsed
    | CalendarExtended
    | Assigned
    | Signed
    | Voided
    | ChildChanged
    | Undone
)
