"""When a worker last worked, and whether outgoing work is held: one row of `meta`. Judges nothing (`runtime.pulse` does)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.core.codec import canonical, decode_instant, parsed
from engine.store.schema import meta
from engine.store.snapshot import optional_instant

BEAT = "beat"
"""The key of `meta`; written when the database is made."""


def recorded(connection: Connection, *, for_update: bool = False) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When a worker last worked; since when work is held, and when the clock was last looked at meanwhile.

    `for_update`: nobody else puts others in their place until this transaction ends.
    """
    query = select(meta.c.value).where(meta.c.key == BEAT)
    value = connection.execute(query.with_for_update() if for_update else query).scalar()
    if value is None:
        return None, None, None
    beaten_at, held_since, seen_at = (None if text is None else decode_instant(text) for text in parsed(value))
    return beaten_at, held_since, seen_at


def keep(connection: Connection, beaten_at: datetime | None, held_since: datetime | None, seen_at: datetime | None) -> None:
    """Put these three in the place of what was recorded."""
    value = canonical([optional_instant(each) for each in (beaten_at, held_since, seen_at)])
    if connection.execute(update(meta).where(meta.c.key == BEAT).values(value=value)).rowcount == 0:
        connection.execute(insert(meta).values(key=BEAT, value=value))


def touch(connection: Connection) -> None:
    """Write once more what stands there: fails where nothing can be written."""
    connection.execute(update(meta).where(meta.c.key == BEAT).values(value=meta.c.value))
