"""An absence: a person is away from one instant until another. Knows no calendar, no reason that matters, and no other person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Misuse
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` is away from `since` until just before `until`; nothing is assigned to him then, and messages go to others first.

    Instants are aware, in UTC; a naive one raises ValueError, an end that is not after the beginning raises Misuse.
    """

    person: str
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("an absence needs aware instants")
        if self.until <= self.since:
            raise Misuse(
                Label(
                    "“{person}”不在岗的结束时间应晚于开始时间。",
                    "Expected the absence of “{person}” to end after it begins, found an end before that.",
                ).fill(person=self.person),
                Label("请改正起止时间。", "Correct the two dates."),
            )

    def lasts(self, at: datetime) -> bool:
        """Whether he is away at this instant; no longer at `until` itself."""
        return self.since <= at < self.until
