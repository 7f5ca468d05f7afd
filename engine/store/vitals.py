"""What whoever watches over an installation asks again and again: how long something waits, and how much of it there is.

Every query goes by an index and is bounded: a count ends at `MANY`, and then says no more than that it is so many at least.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, literal, literal_column, select

from engine.core.codec import encode_instant
from engine.store.schema import cases, deliveries, inbound, outbox
from engine.store.snapshot import decode_optional

MANY = 10_000
"""Where counting ends."""

# Spelled out, not parameters: only then do both databases see that the partial indexes serve.
_WAITING: ColumnElement[str] = literal_column("'waiting'")
_FAILED: ColumnElement[str] = literal_column("'failed'")
_QUARANTINED: ColumnElement[str] = literal_column("'quarantined'")


def untold_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when the intent waits that could have been told longest."""
    waiting = (outbox.c.status == _WAITING, outbox.c.not_before <= encode_instant(now))
    return decode_optional(connection.execute(select(func.min(outbox.c.not_before)).where(*waiting)).scalar())


def unsent_since(connection: Connection) -> datetime | None:
    """Since when the oldest delivery waits that no channel has taken over, among the first `MANY` that are tried next."""
    some = select(deliveries.c.created_at).where(deliveries.c.status == _WAITING)
    some_first = some.order_by(deliveries.c.channel, deliveries.c.next_at).limit(MANY).subquery()
    return decode_optional(connection.execute(select(func.min(some_first.c.created_at))).scalar())


def dead_letters(connection: Connection) -> int:
    """How many deliveries were given up, at most `MANY`."""
    return _counted(connection, deliveries, deliveries.c.status == _FAILED)


def quarantined(connection: Connection) -> int:
    """How many events from outside wait for somebody, at most `MANY`."""
    return _counted(connection, inbound, inbound.c.status == _QUARANTINED)


def standing_in(connection: Connection, workflow: str, states: Collection[str]) -> int:
    """How many cases of a workflow stand in these states, at most `MANY`."""
    return _counted(connection, cases, cases.c.workflow == workflow, cases.c.state.in_(sorted(states)))


def _counted(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    some = select(literal(1)).select_from(table).where(*conditions).limit(MANY).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())
