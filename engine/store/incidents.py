"""Incidents: what a person must look at, one row for each case, kind and subject, however often it happens.

Knows nothing of what went wrong. Those of a decision are written with it (`store.intent`), those of the workers here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Select, Update, bindparam, func, literal, literal_column, select, tuple_, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.core.effect import IncidentKind
from engine.label import Label
from engine.store.oversight import EVERYTHING, Oversight, looked_after
from engine.store.reader import Reader
from engine.store.record import Row
from engine.store.schema import cases
from engine.store.schema import incidents as table
from engine.store.snapshot import decode_optional
from engine.store.upsert import inserting, put_incident

IncidentState = Literal["open", "retried", "resolved"]
"""retried: what was refused or given up was set going again. The same happening once more opens it again."""


Place = tuple[str, str | None]
"""The workflow and the unit of a case."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it stands. `number` is that of its case; both are None for one that is about no case."""

    id: str
    case_id: str | None
    number: str | None
    kind: IncidentKind
    subject: str
    """What it is about: a step, a role, a clock, a delivery."""
    sentence: Label
    """As it happened last."""
    state: IncidentState
    count: int
    """How often it has happened."""
    opened_at: datetime
    """Since when it has been open, or was before it was settled."""
    last_at: datetime
    """When it happened last."""
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None
    seen_at: datetime | None = None
    """When somebody first said that he has seen it, since it was opened."""
    seen_by: str | None = None

    @property
    def mark(self) -> str:
        """How it stands, in a few signs: by them is known whether it still stands as somebody has seen it."""
        return _mark(self.state, self.count, encode_instant(self.settled_at) if self.settled_at is not None else None)


_OPEN = table.c.state == literal_column("'open'")
"""Spelled out, not a parameter: only then do both databases see that the partial index serves."""
_ORDER = (table.c.last_at, func.coalesce(cases.c.number, ""), table.c.id)


def incident_id(case_id: str | None, kind: IncidentKind, subject: str) -> str:
    """The identity of an incident: 12 hexadecimal digits."""
    return sha256(canonical([case_id, kind, subject]).encode()).hexdigest()[:12]


def incident_row(case_id: str | None, kind: IncidentKind, subject: str, sentence: Label, at: datetime) -> Row:
    """An incident that has just happened, as a row."""
    instant = encode_instant(at)
    return {
        "id": incident_id(case_id, kind, subject),
        "case_id": case_id,
        "kind": kind,
        "subject": subject,
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        "state": "open",
        "count": 1,
        "opened_at": instant,
        "last_at": instant,
        "settled_at": None,
        "settled_by": None,
        "note": None,
        "seen_at": None,
        "seen_by": None,
    }


def open_incident(connection: Connection, case_id: str | None, kind: IncidentKind, subject: str, sentence: Label, at: datetime) -> str:
    """Open an incident, count up the one that is there already, or open it again; answers its id."""
    row = incident_row(case_id, kind, subject, sentence, at)
    connection.execute(put_incident(inserting(connection.dialect.name)), row)
    return incident_id(case_id, kind, subject)


def settle(connection: Connection, id: str, state: IncidentState, at: datetime, by: str, note: str | None) -> bool:
    """Say what became of an incident; False for an unknown one. `open` takes it up again."""
    return connection.execute(update_settled(), settled_row(id, state, at, by, note)).rowcount == 1


def hold(connection: Connection, id: str) -> str | None:
    """The mark of an incident, None for an unknown one; nobody else changes it until this transaction ends."""
    row = connection.execute(select_mark(), {"incident": id}).one_or_none()
    return None if row is None else decode_mark(row)


def select_mark() -> Select[Any]:
    """What the mark of the incident `incident` is made of, held until the transaction ends."""
    return select(table.c.state, table.c.count, table.c.settled_at).where(table.c.id == bindparam("incident")).with_for_update()


def decode_mark(row: Any) -> str:
    """What it reads."""
    return _mark(*row)


def update_settled() -> Update:
    """What became of the incident `incident`."""
    settled = (table.c.state, table.c.settled_at, table.c.settled_by, table.c.note)
    return update(table).where(table.c.id == bindparam("incident")).values({each: bindparam(f"new_{each.name}") for each in settled})


def settled_row(id: str, state: IncidentState, at: datetime, by: str, note: str | None) -> Row:
    """Its parameters."""
    settled: Row = {"incident": id, "new_state": state, "new_settled_at": encode_instant(at), "new_settled_by": by, "new_note": note}
    return settled if state != "open" else {**settled, "new_settled_at": None, "new_settled_by": None}


def see(connection: Connection, id: str, at: datetime, by: str) -> bool:
    """Somebody has seen it; False where another was before him, or there is none."""
    seen = {"seen_at": encode_instant(at), "seen_by": by}
    return connection.execute(update(table).where(table.c.id == id, table.c.seen_at.is_(None)).values(seen)).rowcount == 1


def incidents(
    reader: Reader,
    *,
    state: IncidentState | None = None,
    kind: IncidentKind | None = None,
    number: str | None = None,
    oversight: Oversight = EVERYTHING,
    limit: int,
    after: Incident | None = None,
) -> list[Incident]:
    """At most `limit` incidents, the one that happened last first; of one instant, by the numbers of their cases downwards."""
    named = {table.c.kind: kind, cases.c.number: number}
    query = _select().where(*(column == value for column, value in named.items() if value is not None), *looked_after(oversight))
    if state is not None:
        query = query.where(_OPEN if state == "open" else table.c.state == state)
    if after is not None:
        place = tuple_(literal(encode_instant(after.last_at)), literal(after.number or ""), literal(after.id))
        query = query.where(tuple_(*_ORDER) < place)
    rows = reader.connection.execute(query.order_by(*(each.desc() for each in _ORDER)).limit(limit))
    return [_incident(row) for row in rows]


def by_id(reader: Reader, id: str, oversight: Oversight = EVERYTHING) -> Incident | None:
    """The incident with this id, if it is looked after."""
    row = reader.connection.execute(_select().where(table.c.id == id, *looked_after(oversight))).one_or_none()
    return None if row is None else _incident(row)


def counts(reader: Reader) -> Mapping[IncidentKind, int]:
    """kind → how many are open; kinds without any are absent."""
    query = select(table.c.kind, func.count()).where(_OPEN).group_by(table.c.kind).order_by(table.c.kind)
    return {row[0]: row[1] for row in reader.connection.execute(query)}


def places(reader: Reader) -> Mapping[Place | None, int]:
    """Workflow and unit of a case → how many are open there; None: those about no case."""
    where = (cases.c.workflow, cases.c.unit)
    query = select(*where, func.count()).select_from(table.outerjoin(cases, cases.c.id == table.c.case_id)).where(_OPEN).group_by(*where)
    return {(row[0], row[1]) if row[0] is not None else None: row[2] for row in reader.connection.execute(query)}


def _mark(state: str, count: int, settled_at: str | None) -> str:
    return f"{state}.{count}" if settled_at is None else f"{state}.{count}.{settled_at}"


def _select() -> Select[Any]:
    return select(table, cases.c.number).outerjoin(cases, cases.c.id == table.c.case_id)


def _incident(row: Any) -> Incident:
    return Incident(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        sentence=Label(row.sentence_zh, row.sentence_en),
        state=row.state,
        count=row._mapping["count"],
        opened_at=decode_instant(row.opened_at),
        last_at=decode_instant(row.last_at),
        settled_at=decode_optional(row.settled_at),
        settled_by=row.settled_by,
        note=row.note,
        seen_at=decode_optional(row.seen_at),
        seen_by=row.seen_by,
    )
