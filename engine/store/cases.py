"""Queries over cases: lists, the cases of a subject, counts for the board. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal_column, select

from engine.core.codec import Kinds, decode_changes, decode_instant, parsed
from engine.core.event import Changes
from engine.store.listing import beside, conditions, of_units, select_page
from engine.store.reader import Reader
from engine.store.record import Record
from engine.store.schema import cases
from engine.store.snapshot import decode_snapshots, select_snapshot


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases to list; what is None does not narrow. `person` is who holds the case (its assignee).

    `units`: those of these units, those of none, which everybody sees, and those that one of `besides` holds.
    """

    workflow: str | None = None
    state: str | None = None
    phase: str | None = None
    person: str | None = None
    is_open: bool | None = None
    units: frozenset[str] | None = None
    holders: frozenset[str] | None = None
    """Held by one of these."""
    besides: frozenset[str] = frozenset()
    unit: str | None = None
    """Of this very unit."""


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
class Inside:
    """What a list shows of a case that has no column. `begun`: clock → since when it counts in its present cycle."""

    values: Changes
    begun: Mapping[str, datetime]


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
_OPEN = Filter(is_open=True)
_NAMES = (
    "id", "number", "workflow", "version", "digest", "unit", "state", "phase", "outcome", "assignee",
    "subject", "reference", "opened_at", "entered_at", "ended_at", "last_at", "seq", "revision",
)  # fmt: skip
COLUMNS = [cases.c[name] for name in _NAMES]
"""What a line is read from."""


def lines(reader: Reader, chosen: Filter, *, limit: int, after: Cursor | None = None) -> list[Line]:
    """At most `limit` cases, oldest first, beginning after a cursor."""
    return read_lines(reader, select_page(reader.connection, COLUMNS, chosen, limit=limit, after=after))


def of_ids(reader: Reader, ids: Collection[str]) -> Mapping[str, Line]:
    """id → case, for those that exist."""
    return {line.id: line for line in read_lines(reader, select(*COLUMNS).where(cases.c.id.in_(sorted(ids))))}


def inside(reader: Reader, found: Collection[Line], names: Callable[[str], Collection[str]]) -> Mapping[str, Inside]:
    """id → what lies inside of the case: what it holds in these fields (`names`: digest → fields), and when its clocks began.

    Nothing personal: that lies elsewhere.
    """
    digests = {line.id: line.digest for line in found}
    query = select(cases.c.id, cases.c.document).where(cases.c.id.in_(sorted(digests)))
    return {id: _inside(parsed(text), names(digests[id]), reader.kinds_of(digests[id])) for id, text in reader.connection.execute(query)}


def _inside(document: Mapping[str, Any], names: Collection[str], kinds: Kinds) -> Inside:
    data, clocks = document["data"], document.get("clocks", {})
    values = decode_changes({name: data[name] for name in names if name in data}, kinds)
    return Inside(values, {clock: decode_instant(run["start"]) for clock, run in clocks.items()})


def of_numbers(reader: Reader, numbers: Sequence[str]) -> Mapping[str, Line]:
    """number → case, for those that exist."""
    found: dict[str, Line] = {}
    for begin in range(0, len(numbers), MANY):
        query = select(*COLUMNS).where(cases.c.number.in_(numbers[begin : begin + MANY]))
        found |= {line.number: line for line in read_lines(reader, query)}
    return found


def visible(unit: str | None, units: frozenset[str] | None) -> bool:
    """Whether a case of this unit is seen by whom the cases of these units are shown (None: all of them)."""
    return units is None or unit is None or unit in units


def held(reader: Reader, persons: Iterable[str], chosen: Filter = _OPEN) -> Mapping[str, tuple[str, ...]]:
    """person → the numbers of the chosen cases that he holds, oldest first, for those of them who hold any."""
    query = select(cases.c.assignee, cases.c.number).where(cases.c.assignee.in_(sorted(persons)), *conditions(chosen, beside))
    found: dict[str, tuple[str, ...]] = {}
    for person, number in reader.connection.execute(query.order_by(cases.c.opened_at, cases.c.number)):
        found[person] = (*found.get(person, ()), number)
    return found


def by_state(reader: Reader, units: frozenset[str] | None = None) -> list[Count]:
    """The board: cases in each state of each version of each workflow, of all units or of these and of none."""
    columns = (cases.c.workflow, cases.c.version, cases.c.digest, cases.c.state, cases.c.phase, cases.c.outcome)
    query = select(*columns, func.count()).where(*of_units(units)).group_by(*columns).order_by(*columns[:4])
    return [Count(*row) for row in reader.connection.execute(query)]


def of_subject(reader: Reader, subject: str, besides: str | None = None, *, limit: int = SUBJECT_LIMIT) -> list[Line]:
    """The cases of a subject, oldest first, but for the one with the id `besides`; of more than `limit` the newest."""
    rows = reader.connection.execute(select_of_subject(), {"subject": subject, "besides": besides or "", "limit": limit})
    return decode_lines(rows)


def of_subjects(reader: Reader, subjects: Collection[str], *, limit: int = SUBJECT_LIMIT + 1) -> Mapping[str, list[Line]]:
    """subject → its cases, oldest first; of more than `limit` the newest."""
    order = (cases.c.opened_at.desc(), cases.c.number.desc())
    nth = func.row_number().over(partition_by=cases.c.subject, order_by=order).label("nth")
    newest = select(*COLUMNS, nth).where(cases.c.subject.in_(sorted(subjects))).subquery()
    of_them = select(*(newest.c[column.name] for column in COLUMNS)).where(newest.c.nth <= limit)
    found: dict[str, list[Line]] = {}
    for line in read_lines(reader, of_them.order_by(newest.c.opened_at, newest.c.number)):
        found.setdefault(line.subject or "", []).append(line)
    return found


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
    return select(*COLUMNS).where(of_it).order_by(*order).limit(bindparam("limit")).offset(literal_column("0"))


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


def read_lines(reader: Reader, query: Select[Any]) -> list[Line]:
    """The cases of a query for `COLUMNS`, in its order."""
    return [_line(row) for row in reader.connection.execute(query)]


def _line(row: Sequence[Any]) -> Line:
    values = dict(zip(_NAMES, row, strict=True))
    for name in ("opened_at", "entered_at", "last_at"):
        values[name] = decode_instant(values[name])
    values["ended_at"] = None if values["ended_at"] is None else decode_instant(values["ended_at"])
    return Line(**values)
