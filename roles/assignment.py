"""An assignment: a person holds a role, in a unit, from one instant until another. Knows no calendar and no other person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Misuse
from engine.label import Label
from roles.actor import Grant


@dataclass(frozen=True, slots=True)
class Assignment:
    """`person` holds `role` in `unit` (None: everywhere) from `since` until just before `until` (None: open).

    Instants are aware, in UTC; a naive one raises ValueError, an end that is not after the beginning raises Misuse.
    """

    person: str
    role: str
    unit: str | None
    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or (self.until is not None and self.until.tzinfo is None):
            raise ValueError("an assignment needs aware instants")
        if self.until is not None and self.until <= self.since:
            raise Misuse(
                Label(
                    "“{person}”担任“{role}”的结束时间应晚于开始时间。",
                    "Expected the role “{role}” of “{person}” to end after it begins, found an end before that.",
                ).fill(person=self.person, role=self.role),
                Label("请改正起止时间，或直接撤销该角色。", "Correct the two dates, or revoke the role."),
            )

    @property
    def grant(self) -> Grant:
        """What is held while it lasts."""
        return Grant(self.role, self.unit)

    def held(self, at: datetime) -> bool:
        """Whether it holds at this instant; no longer at `until` itself."""
        return self.since <= at and (self.until is None or at < self.until)

    def overlaps(self, other: Assignment) -> bool:
        """Whether there is an instant at which both hold, whoever the persons are."""
        return (other.until is None or self.since < other.until) and (self.until is None or other.since < self.until)
