"""What a database is for, written when it is created: its age, its secrets, and whether its time is simulated."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.store.beat import BEAT
from engine.store.schema import STAFF_VERSION, meta


@dataclass(frozen=True, slots=True)
class Purpose:
    """Never changes after creation; the simulated instant, which does, is read by `simulated_now`."""

    created_at: datetime
    simulated: bool
    sampling_key: bytes
    """The secret of `sampled(n)`."""
    claim_key: bytes
    """The secret under which unique values are hashed."""


def found(connection: Connection, now: datetime, *, simulated: bool) -> None:
    """Write the purpose of a new database."""
    written = {
        "created_at": encode_instant(now),
        "simulated": "yes" if simulated else "no",
        "sampling_key": secrets.token_hex(32),
        "claim_key": secrets.token_hex(32),
        STAFF_VERSION: secrets.token_hex(8),
        # Written once here, so that two workers that begin together have nothing to insert.
        BEAT: canonical([None, None, None]),
    }
    if simulated:
        written["simulated_now"] = encode_instant(now)
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in written.items()])


def read_purpose(connection: Connection) -> Purpose | None:
    """The purpose, or None in a database that was never given one. KeyError or ValueError when it is incomplete."""
    written = {row.key: row.value for row in connection.execute(select(meta))}
    if not written:
        return None
    return Purpose(
        created_at=decode_instant(written["created_at"]),
        simulated=written["simulated"] == "yes",
        sampling_key=bytes.fromhex(written["sampling_key"]),
        claim_key=bytes.fromhex(written["claim_key"]),
    )


def simulated_now(connection: Connection) -> datetime | None:
    """The simulated instant; None when time is real."""
    value = connection.execute(select(meta.c.value).where(meta.c.key == "simulated_now")).scalar()
    return None if value is None else decode_instant(value)


def set_simulated_now(connection: Connection, now: datetime) -> None:
    """Advance the simulated instant; nothing happens where time is real, nor where it stands later already."""
    instant = encode_instant(now)
    connection.execute(update(meta).where(meta.c.key == "simulated_now", meta.c.value < instant).values(value=instant))
