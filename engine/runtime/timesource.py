"""Where `now` comes from. The core never sees one of these, only the instant; the shell asks once per command (DESIGN law 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.store.database import Database


class Clocked(Protocol):
    """What was read with the instant of its reading: a unit of work, the token of a request."""

    def server_time(self) -> datetime:
        """The instant by the clock that all writers share, aware, in UTC."""
        ...


class TimeSource(Protocol):
    """Gives the present instant, aware, in UTC."""

    def now(self, unit: Clocked | None = None) -> datetime:
        """The present instant; within a unit of work it comes with what the unit reads anyway."""
        ...


@dataclass(frozen=True, slots=True)
class RealTime:
    """The clock of the database server, so that several machines agree; a file's writers are all on this machine."""

    database: Database

    def now(self, unit: Clocked | None = None) -> datetime:
        """The present instant."""
        return (self.database if unit is None else unit).server_time()


@dataclass(slots=True)
class SimulatedTime:
    """A clock that stands still until it is moved, forwards only. Belongs to a database created with `init --simulated`."""

    at: datetime

    def now(self, unit: Clocked | None = None) -> datetime:  # noqa: ARG002
        """The instant last moved to."""
        return self.at

    def move_to(self, instant: datetime) -> None:
        """Let time pass. Going back is a ValueError: history would run backwards."""
        if instant < self.at:
            raise ValueError(f"simulated time stands at {self.at.isoformat()} and cannot go back to {instant.isoformat()}")
        self.at = instant


def time_of(database: Database, simulated: datetime | None) -> TimeSource:
    """The right clock for a database; `simulated` is the instant at which a simulated one stands."""
    return SimulatedTime(simulated) if simulated is not None else RealTime(database)
