"""A delegation: one person lets another act for him for a time, in one role or in everything. What was lent cannot be lent on.

Pure; who holds what comes in. A delegate acts *for* the delegator, with what the delegator himself holds at that instant: no chain
can form, and a role that the delegator loses is lost to his delegate with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Conflict, Misuse
from engine.label import Label
from roles.assignment import Assignment


@dataclass(frozen=True, slots=True)
class Delegation:
    """`delegate` acts for `delegator` in `role` (None: in all of his roles, and wherever he stands in person) from `since` until just
    before `until`.

    Instants are aware, in UTC; a naive one raises ValueError, an end that is not after the beginning or a person who would stand in
    for himself raises Misuse.
    """

    delegator: str
    delegate: str
    role: str | None
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a delegation needs aware instants")
        if self.delegator == self.delegate:
            raise Misuse(
                Label("“{person}”不能代理自己。", "“{person}” cannot stand in for himself.").fill(person=self.delegator),
                Label("请指定另一人。", "Name somebody else."),
            )
        if self.until <= self.since:
            raise Misuse(
                Label(
                    "“{person}”的委托结束时间应晚于开始时间。",
                    "Expected the delegation by “{person}” to end after it begins, found an end before that.",
                ).fill(person=self.delegator),
                Label("请改正起止时间。", "Correct the two dates."),
            )

    def lasts(self, at: datetime) -> bool:
        """Whether it holds at this instant; no longer at `until` itself."""
        return self.since <= at < self.until

    def overlaps(self, other: Delegation) -> bool:
        """Whether there is an instant at which both hold."""
        return self.since < other.until and other.since < self.until


def lent(delegation: Delegation, held: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """What is lent by it, as if the delegate held it himself. `held`: what the delegator holds; that of others is passed over."""
    return tuple(
        Assignment(delegation.delegate, each.role, each.unit, since, until)
        for each in held
        if each.person == delegation.delegator and delegation.role in (None, each.role)
        if (since := max(each.since, delegation.since)) < (until := min(each.until or delegation.until, delegation.until))
    )


def check_circle(new: Delegation, known: Iterable[Delegation]) -> None:
    """Raises Conflict when at some instant the delegate has delegated to the delegator: each would stand in for the other."""
    for other in known:
        if (other.delegator, other.delegate) == (new.delegate, new.delegator) and other.overlaps(new):
            raise Conflict(
                Label(
                    "代理人在同一时段已委托对方代理，两人不能互相代理。",
                    "The delegate has delegated to the same person for that time: two persons cannot stand in for each other.",
                ),
                Label("请另选代理人，或先结束那项委托。", "Choose somebody else, or end that delegation first."),
            )
