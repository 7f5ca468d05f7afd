"""Queries over cases: lists, finding by what a caller tells on the phone, counts for the board. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.store.reader import Reader
from engine.store.record import Record
from engine.store.schema import COMMENT, FOUND_BY, cases, personal
from engine.store.snapshot import decode_snapshots, select_snapshot


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases to list; what is None does not narrow. `person` is who holds the case (its assignee)."""

    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    person: str | None = None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the next one begins after this case."""

    opened_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a list shows it: what has a column of its own, nothing personal but what the definition made its subject."""

    id: str
    number: str
    workflow: str
    version: int
    digest: str
    unit: str | None
    state: str
    phase: str | None
    outcome: str | None
    assignee: str | None
    subject: str | None
    reference: str | None
    opened_at: datetime
    entered_at: datetime
    ended_at: datetime | None
    last_at: datetime
    seq: int
    revision: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases stand in one state."""

    workflow: str
    version: int
    digest: str
    state: str
    phase: str | None
    outcome: str | None
    cases: int


_COLUMNS = [
    cases.c[name]
    for name in (
        "id", "number", "workflow", "version", "digest", "unit", "state", "phase", "outcome", "assignee",
        "subject", "reference", "opened_at", "entered_at", "ended_at", "last_at", "seq", "revision",
    )
]  # fmt: skip


def lines(reader: Reader, chosen: Filter, *, limit: int, after: Cursor | None = None) -> list[Line]:
    """At most `limit` cases, oldest first, beginning after a cursor."""
    query = select(*_COLUMNS).where(*_conditions(chosen)).order_by(cases.c.opened_at, cases.c.number).limit(limit)
    if after is not None:
        place = tuple_(literal(encode_instant(after.opened_at)), literal(after.number))
        query = query.where(tuple_(cases.c.opened_at, cases.c.number) > place)
    return _lines(reader, query)


def by_state(reader: Reader) -> list[Count]:
    """The board: cases in each state of each version of each workflow."""
    columns = (cases.c.workflow, cases.c.version, cases.c.digest, cases.c.state, cases.c.phase, cases.c.outcome)
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns[:4])
    return [Count(*row) for row in reader.connection.execute(query)]


def find(reader: Reader, text: str, *, limit: int) -> list[Line]:
    """Cases by number, reference, subject or a present personal value: exactly so first, then those that contain the text.

    A few characters contained somewhere are looked for by reading all values; an exact one is found by index.
    """
    text = text.strip()
    if not text:
        return []
    found = {line.id: line for line in _lines(reader, _newest(or_(*_exact(text)), limit))}
    if len(found) < limit:
        for line in _lines(reader, _newest(or_(*_containing(text)), limit)):
            found.setdefault(line.id, line)
    return list(found.values())[:limit]


def records(reader: Reader, numbers: list[str]) -> Mapping[str, Record]:
    """number → whole record, for those that exist."""
    rows = reader.connection.execute(select_snapshot().where(cases.c.number.in_(numbers))).fetchall()
    return {record.case.number: record for record in decode_snapshots(rows, reader.kinds_of)}


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    named = {
        cases.c.workflow: chosen.workflow,
        cases.c.state: chosen.state,
        cases.c.phase: chosen.phase,
        cases.c.assignee: chosen.person,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in named.items() if value is not None]
    if chosen.is_open is not None:
        conditions.append(cases.c.outcome.is_(None) if chosen.is_open else cases.c.outcome.is_not(None))
    return conditions


def _newest(condition: ColumnElement[bool], limit: int) -> Select[Any]:
    return select(*_COLUMNS).where(condition).order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit)


def _exact(text: str) -> list[ColumnElement[bool]]:
    value = canonical(text)
    indexed = and_(func.substr(personal.c.value, 1, FOUND_BY) == value[:FOUND_BY], personal.c.value == value)
    told = cases.c.id.in_(select(personal.c.case_id).where(indexed, *_present()))
    return [cases.c.number == text, cases.c.reference == text, cases.c.subject == text, told]


def _containing(text: str) -> list[ColumnElement[bool]]:
    written = canonical(text)[1:-1]
    told = cases.c.id.in_(select(personal.c.case_id).where(personal.c.value.icontains(written, autoescape=True), *_present()))
    return [
        *(column.icontains(text, autoescape=True) for column in (cases.c.number, cases.c.reference, cases.c.subject)),
        told,
    ]


def _present() -> list[ColumnElement[bool]]:
    newer = personal.alias("newer")
    replaced = exists().where(newer.c.case_id == personal.c.case_id, newer.c.field == personal.c.field, newer.c.seq > personal.c.seq)
    return [personal.c.field != COMMENT, ~replaced]


def _lines(reader: Reader, query: Select[Any]) -> list[Line]:
    return [_line(row) for row in reader.connection.execute(query)]


def _line(row: Any) -> Line:
    values = dict(row._mapping)
    for name in ("opened_at", "entered_at", "last_at"):
        values[name] = decode_instant(values[name])
    values["ended_at"] = None if values["ended_at"] is None else decode_instant(values["ended_at"])
    return Line(**values)
