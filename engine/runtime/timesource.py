"""Where `now` comes from. The core never sees one of these, only the instant; the shell asks once per command (DESIGN law 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from engine.store.database import Database


class TimeSource(Protocol):
    """Gives the present instant, aware, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


@dataclass(frozen=True, slots=True)
class SystemTime:
    """The clock of this machine: for SQLite, whose only writers are on it."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DatabaseTime:
    """The clock of the database: for PostgreSQL, so that several machines agree."""

    database: Database

    def now(self) -> datetime:
        """The present instant."""
        return self.database.server_time()


@dataclass(slots=True)
class SimulatedTime:
    """A clock that stands still until it is moved, forwards only. Belongs to a database created with `init --simulated`."""

    at: datetime

    def now(self) -> datetime:
        """The instant last moved to."""
        return self.at

    def move_to(self, instant: datetime) -> None:
        """Let time pass. Going back is a ValueError: history would run backwards."""
        if instant < self.at:
            raise ValueError(f"simulated time stands at {self.at.isoformat()} and cannot go back to {instant.isoformat()}")
        self.at = instant


def time_of(database: Database, simulated: datetime | None) -> TimeSource:
    """The right clock for a database; `simulated` is the instant at which a simulated one stands."""
    if simulated is not None:
        return SimulatedTime(simulated)
    return DatabaseTime(database) if database.dialect == "postgresql" else SystemTime()
