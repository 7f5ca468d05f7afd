"""The log of attempts: each post to an endpoint, how long it took and what came of it. Written as it is settled, kept for a while."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, literal, select

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.label import Label
from engine.store.reader import Reader
from engine.store.schema import attempts

LIFETIME = timedelta(days=90)

Result = Literal["delivered", "deferred", "failed"]
"""deferred: it is tried again; failed: it was given up."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. `took`: to the millisecond, from the beginning of the lookup to the answer, or to giving up on one."""

    at: datetime
    """When it ended."""
    took: timedelta
    answer: int | None
    """The status of the answer in HTTP; None when there was none."""
    result: Result
    note: Label | None


def add(connection: Connection, delivery_id: str, attempt: Attempt) -> None:
    """Add an attempt to those of a delivery; they are counted through, also when it is sent again by hand."""
    before = select(func.coalesce(func.max(attempts.c.number), 0)).where(attempts.c.delivery_id == delivery_id).scalar_subquery()
    row = {
        "delivery_id": literal(delivery_id),
        "number": before + 1,
        "at": literal(encode_instant(attempt.at)),
        "took": literal(attempt.took // timedelta(milliseconds=1)),
        "answer": literal(attempt.answer, attempts.c.answer.type),
        "result": literal(attempt.result),
        "note": literal(None if attempt.note is None else canonical([attempt.note.zh, attempt.note.en]), attempts.c.note.type),
    }
    connection.execute(insert(attempts).values(row))


def of(reader: Reader, deliveries: Collection[str]) -> Mapping[str, tuple[Attempt, ...]]:
    """id of a delivery → its attempts, oldest first; one without any is absent."""
    query = select(attempts).where(attempts.c.delivery_id.in_(deliveries)).order_by(attempts.c.delivery_id, attempts.c.number)
    found: dict[str, tuple[Attempt, ...]] = {}
    for row in reader.connection.execute(query):
        found[row.delivery_id] = (*found.get(row.delivery_id, ()), _attempt(row))
    return found


def prune(connection: Connection, now: datetime) -> int:
    """Forget attempts older than their lifetime; how many went."""
    return connection.execute(delete(attempts).where(attempts.c.at < encode_instant(now - LIFETIME))).rowcount


def _attempt(row: Any) -> Attempt:
    note = None if row.note is None else Label(*json.loads(row.note))
    return Attempt(decode_instant(row.at), timedelta(milliseconds=row.took), row.answer, row.result, note)
