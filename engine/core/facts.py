"""Facts: all that a decision may know beyond definition, case and command. Loaded by the shell, so the core reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from engine.core.called import Called
from engine.core.case import Case
from engine.core.event import Event, Moved, Voided
from engine.core.kind import Attachment, Row, Value
from engine.label import Label
from engine.timing.calendar import WorkingCalendar
from roles.actor import Actor, Grant


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of a pool from which a case may be assigned: an active, present holder of the role."""

    person: str
    open: int
    """How many open cases he holds."""
    last_at: datetime | None
    """When a case was last given to him; None: never."""
    units: frozenset[str | None] = frozenset({None})
    """Where he holds the role; None: everywhere."""


@dataclass(frozen=True, slots=True)
class NewChild:
    """The id and the number that a case opened by a step will have."""

    id: str
    number: str


@dataclass(frozen=True, slots=True)
class ChildNow:
    """A child as it stands, for its parent to take note of. `data` holds its filled fields."""

    id: str
    state: str
    outcome: str | None
    ended_at: datetime | None
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Rewind:
    """What undoing the newest step would restore, and what has come of that step."""

    before: Case
    """The case as it was before that step."""
    seq: int
    """The seq of its entry."""
    moved: Moved
    later: tuple[Event, ...] = ()
    """What has happened since, oldest first."""
    told: tuple[str, ...] = ()
    """The persons inside the organisation whom it has told already."""
    informed: bool = False
    """Whether somebody outside has been told already."""
    moved_on: tuple[str, ...] = ()
    """The numbers of cases that have moved since because of it: children that it opened, and the parent if it ended this one."""

    @property
    def told_under(self) -> int:
        """The seq under which its messages lie: that of the last entry of its decision, which the signatures it made void belong to."""
        return self.seq + sum(1 for _ in takewhile(_is_consequence, self.later))


def _is_consequence(event: Event) -> bool:
    return isinstance(event, Voided) and event.why != "withdrawn"


@dataclass(frozen=True, slots=True)
class Facts:
    """One frozen answer sheet per decision.

    `now` is aware, in UTC, and not before the case's last instant (the shell sees to that). Ids are given, never made
    here: `case_id` and `number` are the ones a new case will have.
    """

    now: datetime
    actor: Actor
    zone: ZoneInfo
    """The zone in which `today()` and dates are read."""
    lineages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """unit → itself and the units above it, nearest first."""
    people: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    """The persons named in the command who exist and are not disabled → what they hold now; for an `Assign`, all it could name."""
    taken: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    """(field, value as canonical text) → number of another case that has it (None: one that the actor does not see), for unique fields."""
    case_id: str = ""
    number: str = ""
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    """The calendars that the definition names, with the official holidays of `edition`."""
    edition: int = 0
    """The edition of official holidays that this decision goes by; never below the one of the case."""
    sampling_key: bytes = b""
    """The secret of `sampled(n)`: repeatable, not predictable by the worker."""

    away: frozenset[str] = frozenset()
    """Who is absent or disabled now: nothing is assigned to them."""
    pools: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """role → its holders who are there, in whatever unit; for the roles by which a step of this decision may assign."""
    holders: Mapping[str, Mapping[str, frozenset[str | None]]] = field(default_factory=dict)
    """role → whoever holds it, there or not → in which units (None: everywhere); for the roles of `holders(role)`."""
    superiors: Mapping[str, str] = field(default_factory=dict)
    """role → the role it reports to."""
    earlier: tuple[Row, ...] = ()
    """The other cases of the same subject, oldest first, when the definition reads `earlier`."""
    links: Mapping[str, str] = field(default_factory=dict)
    """number → workflow, for the cases that the command's data names and that there are for the actor."""
    files: Mapping[str, Attachment] = field(default_factory=dict)
    """id → file, for the files that the command's data names and that were stored."""
    new_children: tuple[NewChild, ...] = ()
    """In the order in which the step opens them; fewer on the first pass, when nobody knows yet how many."""
    child: ChildNow | None = None
    """The child that woke this case."""
    parent_is_open: bool = True
    """Whether the parent of this case, if it has one, is open: only then can it be reopened."""
    rewind: Rewind | None = None
    """What an `Undo` would restore; None when no step has been performed since the opening."""

    called: Called = field(default_factory=Called)
    """How sentences name people and units."""

    @property
    def actor_name(self) -> Label:
        """What whoever acts is called."""
        return self.called.person(self.actor.id)

    def lineage(self, unit: str | None) -> tuple[str, ...]:
        """A unit and those above it; a unit that is gone stands alone, no unit has none."""
        return self.lineages.get(unit, (unit,)) if unit else ()
