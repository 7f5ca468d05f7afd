"""Events from outside: each kept once under the id that its sender gave it, with what became of it. Performs nothing.

Those that nobody could act on wait in quarantine. They are taken in one after another, across all sources, so that their places tell
the order in which they were received.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Dialect, bindparam, func, literal_column, or_, select, update

from engine.core.codec import Json, canonical, decode_instant, encode_instant
from engine.label import Label
from engine.store.reader import Reader
from engine.store.record import Row
from engine.store.schema import FOUND_BY, cases, personal
from engine.store.schema import inbound as table
from engine.store.snapshot import decode_optional, optional_instant
from engine.store.upsert import Inserting

InboundStatus = Literal["accepted", "quarantined", "dropped"]
STATUSES: tuple[InboundStatus, ...] = get_args(InboundStatus)

KEPT = timedelta(days=30)
"""How long what an event said is kept once it is settled."""
ORDER = "#inbound"
"""The counter of places. Whoever takes one is alone with it until his transaction ends: no event overtakes another."""
MANY = 100
"""So many cases at most are looked at to see which one is meant."""
_CHANGING = ("status", "code", "sentence_zh", "sentence_en", "number", "outcome", "note", "settled_at", "settled_by")
_QUARANTINED = table.c.status == literal_column("'quarantined'")
"""Spelled out, not a parameter: only then do both databases see that the partial index serves."""


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """An event as it was received, and what became of it.

    `number`: the case that it has opened or moved, or – in quarantine – the one that it means. `outcome` as canonical JSON, once accepted.
    """

    source: str
    id: str
    place: int
    name: str
    body: str | None
    """As it came; None when it was forgotten."""
    hash: str
    """A keyed hash of what it said."""
    received_at: datetime
    status: InboundStatus
    code: str | None = None
    """Why it is, or was last, in quarantine."""
    sentence: Label | None = None
    number: str | None = None
    outcome: str | None = None
    note: str | None = None
    """Why somebody dropped it."""
    settled_at: datetime | None = None
    settled_by: str | None = None
    """Whoever had it replayed or dropped it; None when it was accepted at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Events of one name from one source that have waited in quarantine for long: the oldest of them, and when the newest came."""

    oldest: InboundEvent
    newest_at: datetime


def event(reader: Reader, source: str, id: str) -> InboundEvent | None:
    """The event that a source has sent under this id."""
    row = reader.connection.execute(select(table).where(table.c.source == source, table.c.event_id == id)).one_or_none()
    return None if row is None else decode_event(row)


def events(
    reader: Reader,
    *,
    status: InboundStatus | None = None,
    source: str | None = None,
    name: str | None = None,
    limit: int,
    before: int | None = None,
) -> list[InboundEvent]:
    """At most `limit` events, newest first, beginning before a place."""
    query = select(table).where(*_chosen(status, source, name)).order_by(table.c.place.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.place < before)
    return [decode_event(row) for row in reader.connection.execute(query)]


def quarantined(
    reader: Reader, *, source: str | None = None, name: str | None = None, number: str | None = None, limit: int, after: int = 0
) -> list[InboundEvent]:
    """At most `limit` events in quarantine, in order of receipt, beginning after a place. `number`: the case that they mean."""
    conditions = [*_chosen("quarantined", source, name), *([table.c.number == number] if number is not None else [])]
    query = select(table).where(*conditions, table.c.place > after).order_by(table.c.place).limit(limit)
    return [decode_event(row) for row in reader.connection.execute(query)]


def waiting_since(reader: Reader, before: datetime) -> list[Waiting]:
    """What was received before this instant and is in quarantine still, by source and name."""
    long = (_QUARANTINED, table.c.received_at < encode_instant(before))
    grouped = select(func.min(table.c.place), func.max(table.c.received_at)).where(*long).group_by(table.c.source, table.c.name)
    newest = dict(tuple(row) for row in reader.connection.execute(grouped))
    rows = reader.connection.execute(select(table).where(table.c.place.in_(sorted(newest))).order_by(table.c.place))
    return [Waiting(decode_event(row), decode_instant(newest[row.place])) for row in rows]


def prune(connection: Connection, now: datetime) -> int:
    """Forget what events said that were settled long ago; of how many."""
    old = (table.c.payload.is_not(None), table.c.settled_at < encode_instant(now - KEPT))
    return connection.execute(update(table).where(*old).values(payload=None)).rowcount


def select_event() -> Any:
    """The event of `source` and `event_id`, as `decode_event` reads it."""
    return select(table).where(*(table.c[name] == bindparam(name) for name in ("source", "event_id")))


def put_event(inserting: Inserting) -> Any:
    """An event; of one that is there already, what became of it."""
    given = inserting(table).values({each: bindparam(each.name, type_=each.type) for each in table.columns})
    keys = list(table.primary_key.columns)
    return given.on_conflict_do_update(index_elements=keys, set_={name: given.excluded[name] for name in _CHANGING})


def select_ahead() -> Any:
    """Whether an event in quarantine that means the case `number` was received before the place `before`."""
    mine = (_QUARANTINED, table.c.number == bindparam("number"), table.c.place < bindparam("before"))
    return select(table.c.place).where(*mine).limit(literal_column("1")).offset(literal_column("0"))


def select_standing(dialect: Dialect, listed: Any, *, apart: bool) -> Any:
    """The numbers of open cases of `workflow` and `digest`, in one of `states`, in one of `units` or none, whose `field` may hold a value.

    `apart`: the field is personal. Cases that once held it, or something like it, are among them: who asks must look.
    """
    where = [
        *(cases.c[name] == bindparam(name) for name in ("workflow", "digest")),
        cases.c.state.in_(listed("states")),
        cases.c.outcome.is_(None),
        or_(cases.c.unit.is_(None), cases.c.unit.in_(listed("units"))),
    ]
    if apart:
        beginning = func.substr(personal.c.value, literal_column("1"), literal_column(str(FOUND_BY))) == bindparam("beginning")
        # Not by the whole value: SQLite would put it into the expression, which then is no longer that of the index.
        where.append(cases.c.id.in_(select(personal.c.case_id).where(beginning, personal.c.field == bindparam("field"))))
    else:
        found = func.strpos if dialect.name == "postgresql" else func.instr
        where.append(found(cases.c.document, bindparam("member")) > literal_column("0"))
    return select(cases.c.number).where(*where).order_by(cases.c.number).limit(literal_column(str(MANY))).offset(literal_column("0"))


def standing_row(workflow: str, digest: str, states: Sequence[str], units: Sequence[str], field: str, value: Json) -> Row:
    """The parameters of `select_standing`."""
    text = canonical(value)
    return {
        "workflow": workflow,
        "digest": digest,
        "states": canonical([*states]),
        "units": canonical([*units]),
        "field": field,
        "beginning": text[:FOUND_BY],
        # As it stands in the document of a case (`store.snapshot`), which is canonical too.
        "member": f"{canonical(field)}:{text}",
    }


def event_row(event: InboundEvent) -> Row:
    """An event as it is stored."""
    sentence = event.sentence
    return {
        "source": event.source,
        "event_id": event.id,
        "place": event.place,
        "name": event.name,
        "payload": event.body,
        "hash": event.hash,
        "received_at": encode_instant(event.received_at),
        "status": event.status,
        "code": event.code,
        "sentence_zh": sentence.zh if sentence is not None else None,
        "sentence_en": sentence.en if sentence is not None else None,
        "number": event.number,
        "outcome": event.outcome,
        "note": event.note,
        "settled_at": optional_instant(event.settled_at),
        "settled_by": event.settled_by,
    }


def decode_event(row: Sequence[Any]) -> InboundEvent:
    """The event of a row with all columns in their order."""
    told = dict(zip((each.name for each in table.columns), row, strict=True))
    return InboundEvent(
        source=told["source"],
        id=told["event_id"],
        place=told["place"],
        name=told["name"],
        body=told["payload"],
        hash=told["hash"],
        received_at=decode_instant(told["received_at"]),
        status=told["status"],
        code=told["code"],
        sentence=None if told["sentence_zh"] is None else Label(told["sentence_zh"], told["sentence_en"]),
        number=told["number"],
        outcome=told["outcome"],
        note=told["note"],
        settled_at=decode_optional(told["settled_at"]),
        settled_by=told["settled_by"],
    )


def _chosen(status: InboundStatus | None, source: str | None, name: str | None) -> list[Any]:
    named = {table.c.source: source, table.c.name: name}
    conditions: list[Any] = [column == value for column, value in named.items() if value is not None]
    if status is not None:
        conditions.append(_QUARANTINED if status == "quarantined" else table.c.status == status)
    return conditions
