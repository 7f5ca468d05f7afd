"""Deliveries: one message to one recipient over one channel, its attempts, and what came of it; the inbox is one of the channels.

An attempt is made under a lease, whose token every outcome must show: who has lost the lease – he was slow, or thought
dead – can no longer settle. The unique key of a delivery is what makes a second relay, or a second run, add nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, literal, literal_column, not_, or_, select, tuple_, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.label import Label
from engine.store.outbox import Key
from engine.store.oversight import EVERYTHING, Oversight, looked_after
from engine.store.reader import Reader
from engine.store.schema import attempts, cases, deliveries, endpoints, outbox
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
    kind: Literal["person", "party", "endpoint"]
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
    digest: str | None = None
    """The identity outside of the message that it goes out in with others, the same ones at every attempt."""


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
_DUE = (deliveries.c.next_at, deliveries.c.id)


def add(connection: Connection, rows: Sequence[Delivery]) -> None:
    """Keep new deliveries. Fails (Raced, where the transaction ends) when one exists for the same intent, recipient and channel."""
    if rows:
        connection.execute(insert(deliveries), [_row(each) for each in rows])


def claim_digest(connection: Connection, channel: str, now: datetime, lease: str, until: datetime, *, limit: int) -> list[Delivery]:
    """Take a lease on what goes out as one message, and count the attempt: the delivery longest due, and for a person what goes with it.

    That is the set that it went out with before, exactly; the first time it is at most `limit` of what is due for him over this
    channel. What another holds an unexpired lease on is left to him, and what is for an endpoint that is held waits; so does what
    an earlier message of its case to the same endpoint stands before.
    `lease`: a token that nobody else uses; `until`: when it expires.
    Answered longest due first. Each is settled by itself, with the lease, in one transaction with the others.
    """
    first = _first_of_a_set(connection, channel, now)
    if first is None:
        return []
    ids = [first.id]
    if first.kind == "person":
        ids += _gone_with(connection, first, now, limit - 1)
    taken = {"lease": lease, "leased_until": encode_instant(until), "attempts": deliveries.c.attempts + 1}
    if first.kind == "person" and first.digest is None:
        taken["digest"] = sha256("\n".join(ids).encode()).hexdigest()[:32]
    mine = deliveries.c.id.in_(ids)
    connection.execute(update(deliveries).where(mine).values(taken))
    return [_delivery(row) for row in connection.execute(select(deliveries).where(mine).order_by(*_DUE))]


def due_channels(connection: Connection, now: datetime) -> list[str]:
    """The channels for which something may be tried by now, by name; without those of endpoints that are held."""
    query = select(deliveries.c.channel).where(_WAITS, *_is_due(now)).distinct().order_by(deliveries.c.channel)
    return list(connection.execute(query).scalars())


def settle(
    connection: Connection,
    id: str,
    lease: str,
    status: Status,
    *,
    at: datetime,
    next_at: datetime | None = None,
    note: Label | None = None,
    apart: bool = False,
) -> bool:
    """What came of an attempt; `waiting` with `next_at` is to be tried again. False when the lease was lost meanwhile.

    `apart`: it did not leave with those it was claimed with, whose identity it must not share any longer.
    """
    settled = {
        "status": status,
        "next_at": optional_instant(next_at),
        "note": None if note is None else canonical([note.zh, note.en]),
        "delivered_at": encode_instant(at) if status == "delivered" else None,
        "lease": None,
        "leased_until": None,
    }
    if apart:
        settled["digest"] = None
    mine = and_(deliveries.c.id == id, deliveries.c.lease == lease, _WAITS)
    return connection.execute(update(deliveries).where(mine).values(settled)).rowcount == 1


def resend(connection: Connection, id: str, now: datetime) -> bool:
    """Try one again that was given up, its attempts counted from none, as a message of its own; False when it was not given up.

    So with what was withdrawn from an endpoint, which was disabled perhaps; what is not worth telling is withdrawn again.
    """
    return connection.execute(update(deliveries).where(deliveries.c.id == id, _is_over()).values(_again(now))).rowcount == 1


def resend_channel(connection: Connection, channel: str, now: datetime) -> int:
    """The same for everything that was given up over a channel; how many."""
    return connection.execute(update(deliveries).where(deliveries.c.channel == channel, _is_over()).values(_again(now))).rowcount


def hasten(connection: Connection, channel: str, now: datetime) -> int:
    """Try at once what waits to be tried again over the channel of an endpoint that takes messages again; how many.

    Only what failed as it would have with any other message: what the receiver has refused for its content has its own time.
    """
    about_itself = and_(attempts.c.answer >= 300, attempts.c.answer < 500, attempts.c.answer.not_in((408, 429)))
    was_refused = exists().where(attempts.c.delivery_id == deliveries.c.id, about_itself)
    put_off = and_(_WAITS, deliveries.c.channel == channel, deliveries.c.attempts > 0, deliveries.c.next_at > encode_instant(now))
    return connection.execute(update(deliveries).where(put_off, ~was_refused).values(next_at=encode_instant(now))).rowcount


def inbox(reader: Reader, person: str, *, read_only: bool = False, limit: int, after: Delivery | None = None) -> list[Listed]:
    """At most `limit` messages in a person's inbox, all or those he has read, newest first."""
    chosen = _in_inbox(person)
    if read_only:
        chosen &= deliveries.c.read_at.is_not(None)
    return _newest(reader, chosen, limit, after)


def unread(reader: Reader, person: str, *, limit: int) -> list[Listed]:
    """At most `limit` messages that a person has not read, what is due first coming first; what is not due comes last, newest first."""
    intent = and_(*(outbox.c[name] == deliveries.c[name] for name in ("case_id", "seq", "place")))
    query = (
        select(deliveries, cases.c.number)
        .join(cases, cases.c.id == deliveries.c.case_id)
        .join(outbox, intent)
        .where(_in_inbox(person), deliveries.c.read_at.is_(None))
        .order_by(outbox.c.due_at.is_(None), outbox.c.due_at, deliveries.c.created_at.desc(), cases.c.number, deliveries.c.id)
        .limit(limit)
    )
    return [Listed(row.number, _delivery(row)) for row in reader.connection.execute(query)]


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


def by_id(reader: Reader, id: str) -> Listed | None:
    """One delivery, if there is such a one."""
    query = select(deliveries, cases.c.number).join(cases, cases.c.id == deliveries.c.case_id).where(deliveries.c.id == id)
    row = reader.connection.execute(query).one_or_none()
    return None if row is None else Listed(row.number, _delivery(row))


def dead(reader: Reader, *, limit: int, after: Delivery | None = None, oversight: Oversight = EVERYTHING) -> list[Listed]:
    """At most `limit` deliveries that were given up, newest first."""
    return _newest(reader, and_(_FAILED, *looked_after(oversight)), limit, after)


def unsent(reader: Reader, *, limit: int, after: Delivery | None = None, oversight: Oversight = EVERYTHING) -> list[Listed]:
    """At most `limit` deliveries that wait for their first or another attempt, newest first."""
    return _newest(reader, and_(_WAITS, *looked_after(oversight)), limit, after)


def unfinished(reader: Reader, case_id: str, channel: str, recipient: str) -> list[Delivery]:
    """What was given up of a case's messages to somebody over a channel, or waits for another attempt; oldest first."""
    named = {deliveries.c.case_id: case_id, deliveries.c.channel: channel, deliveries.c.recipient: recipient}
    mine = (or_(_FAILED, _WAITS), *(column == value for column, value in named.items()))
    return [_delivery(row) for row in reader.connection.execute(select(deliveries).where(*mine).order_by(*_ORDER))]


def backlog(connection: Connection) -> Backlog:
    """What health looks at."""
    waiting, oldest = connection.execute(select(func.count(), func.min(deliveries.c.created_at)).where(_WAITS)).one()
    failed = connection.execute(select(func.count()).select_from(deliveries).where(_FAILED)).scalar_one()
    return Backlog(waiting, decode_optional(oldest), failed)


def _first_of_a_set(connection: Connection, channel: str, now: datetime) -> Any:
    """The delivery longest due, locked; of those that go out together only the first is ever asked for, so that no set is split."""
    before = deliveries.alias("before")
    sooner = exists().where(
        before.c.status == literal_column("'waiting'"),
        before.c.recipient == deliveries.c.recipient,
        before.c.channel == deliveries.c.channel,
        before.c.kind == "person",
        before.c.digest.is_not_distinct_from(deliveries.c.digest),
        tuple_(before.c.next_at, before.c.id) < tuple_(*_DUE),
    )
    chosen = (
        select(deliveries)
        .where(_WAITS, deliveries.c.channel == channel, *_is_due(now), _is_next(now), or_(deliveries.c.kind != "person", ~sooner))
        .order_by(*_DUE)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(chosen).one_or_none()


def _gone_with(connection: Connection, first: Any, now: datetime, limit: int) -> list[str]:
    together = [_WAITS, *(deliveries.c[name] == getattr(first, name) for name in ("recipient", "channel", "kind"))]
    query = select(deliveries.c.id).where(*together, deliveries.c.id != first.id).order_by(*_DUE).with_for_update()
    if first.digest is not None:
        query = query.where(deliveries.c.digest == first.digest)
    else:
        query = query.where(deliveries.c.digest.is_(None), *_is_due(now)).limit(limit)
    return list(connection.execute(query).scalars())


def _again(now: datetime) -> dict[str, object]:
    return {"status": "waiting", "attempts": 0, "next_at": encode_instant(now), "note": None, "digest": None}


def _is_due(now: datetime) -> list[ColumnElement[bool]]:
    instant = encode_instant(now)
    held = select(endpoints.c.name).where(endpoints.c.held_until > instant)
    return [
        deliveries.c.next_at <= instant,
        or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= instant),
        not_(and_(deliveries.c.kind == "endpoint", deliveries.c.recipient.in_(held))),
    ]


def _is_next(now: datetime) -> ColumnElement[bool]:
    """Whether no earlier message of the same case to the same endpoint is still on its way, or may yet be made out to it."""
    sent, intent = deliveries.alias("sent"), outbox.alias("intent")
    place = tuple_(deliveries.c.seq, deliveries.c.place)
    are_ahead = (
        exists().where(
            sent.c.status == literal_column("'waiting'"),
            sent.c.case_id == deliveries.c.case_id,
            sent.c.recipient == deliveries.c.recipient,
            sent.c.channel == deliveries.c.channel,
            tuple_(sent.c.seq, sent.c.place) < place,
        ),
        exists().where(
            intent.c.status == literal_column("'waiting'"),
            intent.c.case_id == deliveries.c.case_id,
            or_(intent.c.emitted.is_not(None), intent.c.not_before <= encode_instant(now)),
            tuple_(intent.c.seq, intent.c.place) < place,
        ),
    )
    return or_(deliveries.c.kind != "endpoint", not_(or_(*are_ahead)))


def _is_over() -> ColumnElement[bool]:
    return or_(_FAILED, and_(deliveries.c.kind == "endpoint", deliveries.c.status == literal_column("'withdrawn'")))


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
        "digest": delivery.digest,
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
        digest=row.digest,
    )
