"""The vital signs of an installation: how long what is due has waited, when a worker last worked, how much lies in a corner.

Looks and changes nothing. Judges nothing either (`runtime.health` does); a monitoring system reads the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.runtime.catalog import Catalog
from engine.store import beat, definitions, errands, incidents, timers, vitals
from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Vitals:
    """How punctual the work is at an instant. What is None does not wait, or was never."""

    at: datetime
    is_simulated: bool = False
    worked_at: datetime | None = None
    """When a worker last gave a sign; on simulated time none does."""
    held_since: datetime | None = None
    due_since: datetime | None = None
    """When the oldest timer rang that nobody has dealt with."""
    untold_since: datetime | None = None
    """Since when the oldest message waits to be addressed."""
    unsent_since: datetime | None = None
    """Since when the oldest delivery waits to leave."""
    asked_since: datetime | None = None
    """Since when the oldest errand between parent and child waits."""
    dead_letters: int = 0

    def late(self, since: datetime | None) -> timedelta:
        """How long something waits by now that has waited since then; no time where nothing does."""
        return timedelta() if since is None else max(timedelta(), self.at - since)


@dataclass(frozen=True, slots=True)
class Stock:
    """How much there is of what somebody must look at, and of work. Counts of cases end at `store.vitals.MANY`."""

    incidents: Mapping[str, int]
    quarantined: int
    open_cases: Mapping[str, int]


def vitals_of(database: Database, now: datetime) -> Vitals:
    """How punctual the work is now. Raises Unavailable, Damaged."""
    with database.read() as reader:
        connection = reader.connection
        beaten_at, held_since, seen_at = beat.recorded(connection)
        rings_at = timers.next_at(connection)
        return Vitals(
            now,
            database.purpose.simulated,
            max((each for each in (beaten_at, seen_at) if each is not None), default=None),
            held_since,
            rings_at if rings_at is not None and rings_at <= now else None,
            vitals.untold_since(connection, now),
            vitals.unsent_since(connection),
            errands.backlog(connection, now).oldest,
            vitals.dead_letters(connection),
        )


def stock_of(database: Database, catalog: Catalog) -> Stock:
    """How much there is now. Raises Unavailable, Damaged."""
    open_states = _open_states(database, catalog)
    with database.read() as reader:
        return Stock(
            {str(kind): count for kind, count in incidents.counts(reader).items()},
            vitals.quarantined(reader.connection),
            {workflow: vitals.standing_in(reader.connection, workflow, states) for workflow, states in open_states.items()},
        )


def _open_states(database: Database, catalog: Catalog) -> Mapping[str, set[str]]:
    """Workflow → the states in which a case of one of its versions is open."""
    with database.read() as reader:
        published = definitions.digests(reader.connection)
    found: dict[str, set[str]] = {}
    for definition in map(catalog.by_digest, published):
        found.setdefault(definition.workflow, set()).update(state.id for state in definition.states.values() if state.outcome is None)
    return found
