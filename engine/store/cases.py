"""Queries over cases: lists, finding by what a caller tells on the phone, counts for the board. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, literal_column, or_, select, tuple_

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.store.reader import Reader
from engine.store.record import Record
from engine.store.schema import COMMENT, FOUND_BY, cases, personal
from engine.store.snapshot import decode_snapshots, select_snapshot


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases to list; what is None does not narrow. `person` is who holds the case (its assignee).

    `units`: those of these units, and those of none, which everybody sees.
    """

    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    person: str | None = None
    is_open: bool | None = None
    units: frozenset[str] | None = None
    holders: frozenset[str] | None = None
    """Held by one of these."""


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


SUBJECT_LIMIT = 200
"""How many cases of one subject are read; as many as a list may have rows (docs/reference/language.md, Rows)."""
MANY = 500
"""Numbers asked for in one statement."""
_NAMES = (
    "id", "number", "workflow", "version", "digest", "unit", "state", "phase", "outcome", "assignee",
    "subject", "reference", "opened_at", "entered_at", "ended_at", "last_at", "seq", "revision",
)  # fmt: skip
_COLUMNS = [cases.c[name] for name in _NAMES]


def lines(reader: Reader, chosen: Filter, *, limit: int, after: Cursor | None = None) -> list[Line]:
    """At most `limit` cases, oldest first, beginning after a cursor."""
    query = select(*_COLUMNS).where(*_conditions(chosen)).order_by(cases.c.opened_at, cases.c.number).limit(limit)
    if after is not None:
        place = tuple_(literal(encode_instant(after.opened_at)), literal(after.number))
        query = query.where(tuple_(cases.c.opened_at, cases.c.number) > place)
    return _lines(reader, query)


def visible(unit: str | None, units: frozenset[str] | None) -> bool:
    """Whether a case of this unit is seen by whom the cases of these units are shown (None: all of them)."""
    return units is None or unit is None or unit in units


def held(reader: Reader, persons: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """person → the numbers of the open cases that he holds, oldest first, for those of them who hold any."""
    query = select(cases.c.assignee, cases.c.number).where(cases.c.outcome.is_(None), cases.c.assignee.in_(sorted(persons)))
    found: dict[str, tuple[str, ...]] = {}
    for person, number in reader.connection.execute(query.order_by(cases.c.opened_at, cases.c.number)):
        found[person] = (*found.get(person, ()), number)
    return found


def by_state(reader: Reader, units: frozenset[str] | None = None) -> list[Count]:
    """The board: cases in each state of each version of each workflow, of all units or of these and of none."""
    columns = (cases.c.workflow, cases.c.version, cases.c.digest, cases.c.state, cases.c.phase, cases.c.outcome)
    query = select(*columns, func.count()).where(*of_units(units)).group_by(*columns).order_by(*columns[:4])
    return [Count(*row) for row in reader.connection.execute(query)]


def find(reader: Reader, text: str, *, limit: int, units: frozenset[str] | None = None) -> list[Line]:
    """Cases by number, reference, subject or a present personal value: exactly so first, then those that contain the text.

    A few characters contained somewhere are looked for by reading all values; an exact one is found by index. `units` as in `Filter`.
    """
    text = text.strip()
    if not text:
        return []
    shown = of_units(units)
    found = {line.id: line for line in _lines(reader, _newest(and_(or_(*_exact(text)), *shown), limit))}
    if len(found) < limit:
        for line in _lines(reader, _newest(and_(or_(*_containing(text)), *shown), limit)):
            found.setdefault(line.id, line)
    return list(found.values())[:limit]


def of_subject(reader: Reader, subject: str, besides: str | None = None, *, limit: int = SUBJECT_LIMIT) -> list[Line]:
    """The cases of a subject, oldest first, but for the one with the id `besides`; of more than `limit` the newest."""
    rows = reader.connection.execute(select_of_subject(), {"subject": subject, "besides": besides or "", "limit": limit})
    return decode_lines(rows)


def related(reader: Reader, numbers: Sequence[str]) -> list[str]:
    """Those of these cases whose subject another case has too, in their order."""
    other = cases.alias("other")
    shared = exists().where(other.c.subject == cases.c.subject, other.c.id != cases.c.id)
    found: set[str] = set()
    for begin in range(0, len(numbers), MANY):
        query = select(cases.c.number).where(cases.c.number.in_(numbers[begin : begin + MANY]), shared)
        found.update(reader.connection.execute(query).scalars())
    return [number for number in numbers if number in found]


def select_of_subject() -> Select[Any]:
    """At most `limit` cases of `subject` but for the id `besides`, newest first, as `decode_lines` reads them; all three parameters."""
    of_it = and_(cases.c.subject == bindparam("subject"), cases.c.id != bindparam("besides"))
    order = (cases.c.opened_at.desc(), cases.c.number.desc())
    return select(*_COLUMNS).where(of_it).order_by(*order).limit(bindparam("limit")).offset(literal_column("0"))


def decode_lines(rows: Iterable[Sequence[Any]]) -> list[Line]:
    """The cases that `select_of_subject` has found, oldest first."""
    return [_line(row) for row in rows][::-1]


def records(reader: Reader, numbers: list[str]) -> Mapping[str, Record]:
    """number → whole record, for those that exist."""
    rows = reader.connection.execute(select_snapshot().where(cases.c.number.in_(numbers))).fetchall()
    return {record.case.number: record for record in decode_snapshots(rows, reader.kinds_of)}


def standing_in(reader: Reader, digest: str, states: Collection[str], *, limit: int, after: str | None = None) -> list[str]:
    """The numbers of at most `limit` cases of a definition that stand in one of these states, in their order, beginning after one."""
    query = select(cases.c.number).where(cases.c.digest == digest, cases.c.state.in_(sorted(states)))
    if after is not None:
        query = query.where(cases.c.number > after)
    return list(reader.connection.execute(query.order_by(cases.c.number).limit(limit)).scalars())


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
    if chosen.holders is not None:
        conditions.append(cases.c.assignee.in_(sorted(chosen.holders)))
    return [*conditions, *of_units(chosen.units)]


def of_units(units: frozenset[str] | None) -> list[ColumnElement[bool]]:
    """The condition that a case is `visible`."""
    return [] if units is None else [or_(cases.c.unit.is_(None), cases.c.unit.in_(sorted(units)))]


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


def _line(row: Sequence[Any]) -> Line:
    values = dict(zip(_NAMES, row, strict=True))
    for name in ("opened_at", "entered_at", "last_at"):
        values[name] = decode_instant(values[name])
    values["ended_at"] = None if values["ended_at"] is None else decode_instant(values["ended_at"])
    return Line(**values)
