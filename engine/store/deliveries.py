"""Deliveries: one message to one recipient over one channel, its attempts, and what came of it; the inbox is one of the channels.

An attempt is made under a lease, whose token every outcome must show: who has lost the lease – he was slow, or thought
dead – can no longer settle. The unique key of a delivery is what makes a second relay, or a second run, add nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, literal_column, or_, select, tuple_, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.label import Label
from engine.store.outbox import Key
from engine.store.reader import Reader
from engine.store.schema import cases, deliveries
from engine.store.snapshot import decode_optional, optional_instant

Status = Literal["waiting", "delivered", "failed", "withdrawn"]
INBOX = "inbox"
"""The channel whose deliveries are what a person finds in his inbox."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to one recipient. `id` is its identity outside, the same at every attempt.

    Subject and body are None for a recipient outside: that text may be personal, and is made anew for each attempt.
    """

    id: str
    key: Key
    recipient: str
    kind: Literal["person", "party"]
    channel: str
    subject: str | None
    body: str | None
    created_at: datetime
    status: Status = "waiting"
    attempts: int = 0
    next_at: datetime | None = None
    """Not before this is it tried next, while it waits."""
    note: Label | None = None
    """Why it was put off or given up."""
    delivered_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery and the number of the case it is about."""

    number: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries wait and since when the oldest; how many were given up."""

    waiting: int
    oldest: datetime | None
    failed: int


_WAITS = deliveries.c.status == literal_column("'waiting'")
_FAILED = deliveries.c.status == literal_column("'failed'")
"""Spelled out, not parameters: only then do both databases see that the partial indexes serve."""
_ORDER = (deliveries.c.created_at, deliveries.c.id)


def add(connection: Connection, rows: Sequence[Delivery]) -> None:
    """Keep new deliveries. Fails (Raced, where the transaction ends) when one exists for the same intent, recipient and channel."""
    if rows:
        connection.execute(insert(deliveries), [_row(each) for each in rows])


def claim(connection: Connection, channel: str, now: datetime, lease: str, until: datetime, *, limit: int) -> list[Delivery]:
    """Take a lease on at most `limit` deliveries that are to be tried by now, longest due first, and count the attempt.

    What another holds an unexpired lease on is left to him. `lease`: a token that nobody else uses; `until`: when it expires.
    """
    instant = encode_instant(now)
    is_free = or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= instant)
    chosen = (
        select(deliveries.c.id)
        .where(_WAITS, deliveries.c.channel == channel, deliveries.c.next_at <= instant, is_free)
        .order_by(deliveries.c.next_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.execute(chosen).scalars())
    if not ids:
        return []
    mine = deliveries.c.id.in_(ids)
    taken = {"lease": lease, "leased_until": encode_instant(until), "attempts": deliveries.c.attempts + 1}
    connection.execute(update(deliveries).where(mine).values(taken))
    query = select(deliveries).where(mine).order_by(deliveries.c.next_at, deliveries.c.id)
    return [_delivery(row) for row in connection.execute(query)]


def settle(
    connection: Connection, id: str, lease: str, status: Status, *, at: datetime, next_at: datetime | None = None, note: Label | None = None
) -> bool:
    """What came of an attempt; `waiting` with `next_at` is to be tried again. False when the lease was lost meanwhile."""
    settled = {
        "status": status,
        "next_at": optional_instant(next_at),
        "note": None if note is None else canonical([note.zh, note.en]),
        "delivered_at": encode_instant(at) if status == "delivered" else None,
        "lease": None,
        "leased_until": None,
    }
    mine = and_(deliveries.c.id == id, deliveries.c.lease == lease, _WAITS)
    return connection.execute(update(deliveries).where(mine).values(settled)).rowcount == 1


def resend(connection: Connection, id: str, now: datetime) -> bool:
    """Try one again that was given up, its attempts counted from none; False when it was not given up."""
    again = {"status": "waiting", "attempts": 0, "next_at": encode_instant(now), "note": None}
    return connection.execute(update(deliveries).where(deliveries.c.id == id, _FAILED).values(again)).rowcount == 1


def inbox(reader: Reader, person: str, *, unread_only: bool = False, limit: int, after: Delivery | None = None) -> list[Listed]:
    """At most `limit` messages in a person's inbox, newest first."""
    chosen = _in_inbox(person)
    if unread_only:
        chosen &= deliveries.c.read_at.is_(None)
    return _newest(reader, chosen, limit, after)


def of(reader: Reader, keys: Collection[Key]) -> Mapping[Key, tuple[Delivery, ...]]:
    """intent → what was made of it, by recipient and channel; an intent that is not addressed yet is absent."""
    query = (
        select(deliveries)
        .where(deliveries.c.case_id.in_({key.case_id for key in keys}))
        .order_by(deliveries.c.recipient, deliveries.c.channel)
    )
    found: dict[Key, tuple[Delivery, ...]] = {}
    for each in map(_delivery, reader.connection.execute(query)):
        if each.key in keys:
            found[each.key] = (*found.get(each.key, ()), each)
    return found


def mark_read(connection: Connection, person: str, ids: Sequence[str], now: datetime) -> int:
    """The person has read these messages of his inbox; how many were unread. Those of others are left alone."""
    unread = and_(_in_inbox(person), deliveries.c.id.in_(ids), deliveries.c.read_at.is_(None))
    return connection.execute(update(deliveries).where(unread).values(read_at=encode_instant(now))).rowcount


def dead(reader: Reader, *, limit: int, after: Delivery | None = None) -> list[Listed]:
    """At most `limit` deliveries that were given up, newest first."""
    return _newest(reader, _FAILED, limit, after)


def unsent(reader: Reader, *, limit: int, after: Delivery | None = None) -> list[Listed]:
    """At most `limit` deliveries that wait for their first or another attempt, newest first."""
    return _newest(reader, _WAITS, limit, after)


def backlog(connection: Connection) -> Backlog:
    """What health looks at."""
    waiting, oldest = connection.execute(select(func.count(), func.min(deliveries.c.created_at)).where(_WAITS)).one()
    failed = connection.execute(select(func.count()).select_from(deliveries).where(_FAILED)).scalar_one()
    return Backlog(waiting, decode_optional(oldest), failed)


def _in_inbox(person: str) -> ColumnElement[bool]:
    return and_(deliveries.c.recipient == person, deliveries.c.kind == "person", deliveries.c.channel == INBOX)


def _newest(reader: Reader, chosen: ColumnElement[bool], limit: int, after: Delivery | None) -> list[Listed]:
    query = select(deliveries, cases.c.number).join(cases, cases.c.id == deliveries.c.case_id).where(chosen)
    if after is not None:
        query = query.where(tuple_(*_ORDER) < tuple_(literal(encode_instant(after.created_at)), literal(after.id)))
    rows = reader.connection.execute(query.order_by(*(each.desc() for each in _ORDER)).limit(limit))
    return [Listed(row.number, _delivery(row)) for row in rows]


def _row(delivery: Delivery) -> dict[str, object]:
    note = delivery.note
    return {
        "id": delivery.id,
        "case_id": delivery.key.case_id,
        "seq": delivery.key.seq,
        "place": delivery.key.place,
        "recipient": delivery.recipient,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "subject": delivery.subject,
        "body": delivery.body,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_at": optional_instant(delivery.next_at),
        "note": None if note is None else canonical([note.zh, note.en]),
        "created_at": encode_instant(delivery.created_at),
        "delivered_at": optional_instant(delivery.delivered_at),
        "read_at": optional_instant(delivery.read_at),
    }


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        key=Key(row.case_id, row.seq, row.place),
        recipient=row.recipient,
        kind=row.kind,
        channel=row.channel,
        subject=row.subject,
        body=row.body,
        created_at=decode_instant(row.created_at),
        status=row.status,
        attempts=row.attempts,
        next_at=decode_optional(row.next_at),
        note=None if row.note is None else Label(*json.loads(row.note)),
        delivered_at=decode_optional(row.delivered_at),
        read_at=decode_optional(row.read_at),
    )
