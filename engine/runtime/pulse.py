"""The pulse of the workers: is the clock to be trusted now?

A gap of more than ten minutes since any worker last worked is either a downtime or a clock that has jumped, and nobody can
tell which from inside. So nothing is told and no rung is reached until the clock has run evenly for two minutes, or a
person says that it is right. The gap is judged against the last instant in the database, which all workers share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.store import beat
from engine.store.database import Database

MAX_GAP = timedelta(minutes=10)
STABLE = timedelta(minutes=2)
RECORDED_EVERY = timedelta(minutes=1)
"""How often the pulse is written: a tenth of the gap that matters, so that idle workers write next to nothing."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of the workers' time. `beaten_at`: when one last worked. While held: since when, and when last looked at."""

    beaten_at: datetime | None
    held_since: datetime | None = None
    seen_at: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether outgoing work waits."""
        return self.held_since is not None

    @property
    def free_at(self) -> datetime | None:
        """When the hold ends by itself, if the clock runs evenly until then."""
        return None if self.held_since is None else self.held_since + STABLE


def felt(pulse: Pulse, now: datetime) -> Pulse:
    """The pulse after looking at the clock.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 9, 30, 12, tzinfo=UTC)
    >>> felt(Pulse(noon), noon + timedelta(minutes=9)).is_held, felt(Pulse(noon), noon - timedelta(hours=1)).is_held
    (False, True)
    """
    if pulse.held_since is not None and pulse.seen_at is not None:
        if abs(now - pulse.seen_at) > MAX_GAP:
            return Pulse(pulse.beaten_at, now, now)  # it jumped again
        if now - pulse.held_since >= STABLE:
            return Pulse(now)
        return Pulse(pulse.beaten_at, pulse.held_since, now)
    if pulse.beaten_at is not None and abs(now - pulse.beaten_at) > MAX_GAP:
        return Pulse(pulse.beaten_at, now, now)
    return Pulse(now)


def feel(database: Database, now: datetime) -> Pulse:
    """Look at the clock on behalf of all workers, and record what changed. A simulated clock is moved on purpose: never held."""
    if database.purpose.simulated:
        return Pulse(now)
    with database.read() as reader:
        before = Pulse(*beat.recorded(reader.connection))
    after = felt(before, now)
    if after.is_held or before.is_held or before.beaten_at is None or abs(now - before.beaten_at) >= RECORDED_EVERY:
        with database.write() as connection:
            # Read once more: a person may have released meanwhile what another worker still believed held.
            after = felt(Pulse(*beat.recorded(connection, for_update=True)), now)
            beat.keep(connection, after.beaten_at, after.held_since, after.seen_at)
    return after


def release(database: Database, now: datetime) -> bool:
    """A person says that the clock is right. False when nothing was held."""
    with database.write() as connection:
        was_held = beat.recorded(connection, for_update=True)[1] is not None
        beat.keep(connection, now, None, None)
    return was_held
