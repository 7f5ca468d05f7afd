"""The outbox: intents to tell somebody, from their decision until the relay has settled them. Rendered texts lie in deliveries.

Rows are claimed by their status, never by a mark of how far one has read: what commits late would be passed over. Who settles holds
the rows before, so that of two relays one goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, literal_column, select, tuple_, update

from engine.core.codec import Json, canonical, decode_instant, encode_instant
from engine.label import Label
from engine.store.intent import RECALLED
from engine.store.oversight import EVERYTHING, Oversight, looked_after
from engine.store.reader import Reader
from engine.store.schema import cases, outbox
from engine.store.snapshot import decode_optional, optional_instant
from roles.policy import Right

Status = Literal["waiting", "told", "withdrawn", "nobody"]
"""withdrawn: it was no longer worth telling. nobody: there was nobody to tell."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which intent: the `place`-th of the decision whose last entry of history has this seq."""

    case_id: str
    seq: int
    place: int


@dataclass(frozen=True, slots=True)
class Emitted:
    """What an intent gives out to programs."""

    event: str
    values: Mapping[str, Json]
    """field → its value when it was decided, by its kind."""
    personal: tuple[str, ...]
    """The fields whose values are read from the case when it is sent."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """An intent as stored, with the case it is about. `words` are the values of its own; the clock's are None for a step."""

    key: Key
    number: str
    digest: str
    status: Status
    recorded_at: datetime
    not_before: datetime
    tell: tuple[Right, ...]
    template: str
    state: str
    words: Mapping[str, Label]
    clock: str | None
    cycle: int | None
    rung: str | None
    repetition: int | None
    rung_at: datetime | None
    due_at: datetime | None
    note: Label | None
    emitted: Emitted | None
    """None: it is for people, and is told by its template."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an intent, and why; one that still waits may only be taken up again from `not_before` on."""

    key: Key
    status: Status
    note: Label | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many intents wait that may be taken up by now, and since when the oldest."""

    waiting: int
    oldest: datetime | None


_KEY = (outbox.c.case_id, outbox.c.seq, outbox.c.place)
_WAITS = outbox.c.status == literal_column("'waiting'")
"""Spelled out, not a parameter: only then do both databases see that the partial index serves."""


def waiting(connection: Connection, now: datetime, *, limit: int, after: OutboxMessage | None = None) -> list[OutboxMessage]:
    """At most `limit` intents that may be taken up by now, oldest first."""
    order = (outbox.c.not_before, *_KEY)
    query = _select().where(_may_be_taken_up(now)).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > _place(after.not_before, after.key))
    return [_message(row) for row in connection.execute(query)]


def ahead(connection: Connection, now: datetime, *, limit: int, after: OutboxMessage | None = None) -> list[OutboxMessage]:
    """At most `limit` intents that nobody has put off and that are dated after now, oldest first.

    A clock that jumped and came back leaves cases whose history lies ahead of it; whom they tell shall not wait for their date.
    """
    order = (outbox.c.recorded_at, *_KEY)
    was_not_put_off = outbox.c.not_before == outbox.c.recorded_at
    query = _select().where(_WAITS, outbox.c.recorded_at > encode_instant(now), was_not_put_off).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > _place(after.recorded_at, after.key))
    return [_message(row) for row in connection.execute(query)]


def message(connection: Connection, key: Key) -> OutboxMessage:
    """The intent that a delivery came of; it is there as long as the delivery."""
    return _message(connection.execute(_select().where(_is(key))).one())


def of_decision(reader: Reader, case_id: str, seq: int) -> list[OutboxMessage]:
    """The intents of the decision whose last entry has this seq, in the order in which it made them."""
    mine = and_(outbox.c.case_id == case_id, outbox.c.seq == seq)
    return [_message(row) for row in reader.connection.execute(_select().where(mine).order_by(outbox.c.place))]


def hold(connection: Connection, keys: Sequence[Key]) -> frozenset[Key]:
    """Those of these intents that still wait, kept for this transaction alone; what another relay has in hand is left to him."""
    chosen = tuple_(*_KEY).in_([(key.case_id, key.seq, key.place) for key in keys])
    query = select(*_KEY).where(_WAITS, chosen).with_for_update(skip_locked=True)
    return frozenset(Key(*row) for row in connection.execute(query))


def settle(connection: Connection, verdicts: Sequence[Verdict]) -> None:
    """Record what came of intents. Of one that waits no longer nothing changes."""
    if verdicts:
        connection.execute(_SETTLE, [_settled(each) for each in verdicts])


def resend(connection: Connection, key: Key, now: datetime) -> bool:
    """Take an intent up again that reached nobody; False when it waits or was told (then its deliveries can be sent again).

    One whose step was undone is not taken up again: there is nothing to tell any more.
    """
    reached_nobody = outbox.c.status.in_(("nobody", "withdrawn"))
    still_holds = outbox.c.note.is_distinct_from(_written(RECALLED))
    again = {"status": "waiting", "not_before": encode_instant(now), "note": None}
    return connection.execute(update(outbox).where(_is(key), reached_nobody, still_holds).values(again)).rowcount == 1


def messages(
    reader: Reader,
    *,
    number: str | None = None,
    status: Status | None = None,
    oversight: Oversight = EVERYTHING,
    limit: int,
    after: OutboxMessage | None = None,
) -> list[OutboxMessage]:
    """At most `limit` intents, of one case or of all, newest first."""
    order = (outbox.c.recorded_at, *_KEY)
    named = {cases.c.number: number, outbox.c.status: status}
    query = _select().where(*(column == value for column, value in named.items() if value is not None), *looked_after(oversight))
    if after is not None:
        query = query.where(tuple_(*order) < _place(after.recorded_at, after.key))
    return [_message(row) for row in reader.connection.execute(query.order_by(*(each.desc() for each in order)).limit(limit))]


def backlog(connection: Connection, now: datetime) -> Backlog:
    """What health looks at."""
    count, oldest = connection.execute(select(func.count(), func.min(outbox.c.not_before)).where(_may_be_taken_up(now))).one()
    return Backlog(count, decode_optional(oldest))


_SETTLE = (
    update(outbox)
    .where(_WAITS, *(column == bindparam(f"of_{column.name}") for column in _KEY))
    .values(
        status=bindparam("as_status"), note=bindparam("as_note"), not_before=func.coalesce(bindparam("from_instant"), outbox.c.not_before)
    )
)


def _settled(verdict: Verdict) -> dict[str, object]:
    key = verdict.key
    return {
        "of_case_id": key.case_id,
        "of_seq": key.seq,
        "of_place": key.place,
        "as_status": verdict.status,
        "as_note": _written(verdict.note),
        "from_instant": optional_instant(verdict.not_before),
    }


def _select() -> Select[Any]:
    return select(outbox, cases.c.number, cases.c.digest).join(cases, cases.c.id == outbox.c.case_id)


def _may_be_taken_up(now: datetime) -> ColumnElement[bool]:
    return and_(_WAITS, outbox.c.not_before <= encode_instant(now))


def _is(key: Key) -> ColumnElement[bool]:
    return and_(outbox.c.case_id == key.case_id, outbox.c.seq == key.seq, outbox.c.place == key.place)


def _place(instant: datetime, key: Key) -> Any:
    return tuple_(literal(encode_instant(instant)), literal(key.case_id), literal(key.seq), literal(key.place))


def _written(note: Label | None) -> str | None:
    return None if note is None else canonical([note.zh, note.en])


def _message(row: Any) -> OutboxMessage:
    return OutboxMessage(
        key=Key(row.case_id, row.seq, row.place),
        number=row.number,
        digest=row.digest,
        status=row.status,
        recorded_at=decode_instant(row.recorded_at),
        not_before=decode_instant(row.not_before),
        tell=tuple(Right(kind, name, anywhere=bool(rest)) for kind, name, *rest in json.loads(row.tell)),
        template=row.template,
        state=row.state,
        words={name: Label(zh, en) for name, (zh, en) in json.loads(row.words).items()},
        clock=row.clock,
        cycle=row.cycle,
        rung=row.rung,
        repetition=row.repetition,
        rung_at=decode_optional(row.rung_at),
        due_at=decode_optional(row.due_at),
        note=None if row.note is None else Label(*json.loads(row.note)),
        emitted=None if row.emitted is None else _emitted(json.loads(row.emitted)),
    )


def _emitted(stored: Mapping[str, Any]) -> Emitted:
    return Emitted(stored["event"], stored["values"], tuple(stored["personal"]))
