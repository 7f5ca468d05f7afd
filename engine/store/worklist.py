"""Open cases that may wait for somebody, by the time that is left: what is due first comes first, what has no deadline last and by age.

Two ways, by size. Few cases are read whole and sorted by whoever asks. Of many the timers are walked in the order of their deadlines, then
the cases without one by age, until a page is full – of one set, as far as somebody reads on; what comes first in many sets tells
`store.urgency`. Knows who may be meant only as words in columns; whether he is, the core decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_, union

from engine.core.codec import decode_instant, encode_instant
from engine.store.listing import beside
from engine.store.reader import Reader
from engine.store.schema import cases, timers
from engine.store.snapshot import decode_optional
from engine.store.urgency import FIRST_DEADLINE

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Pool:
    """Cases that may wait for somebody though he does not hold them.

    `units`: those of these and of none (None: of all); `persons`: only cases in whose values one of them may stand; `besides`: those that
    somebody else holds than these (None: that nobody holds).
    """

    workflow: str
    states: frozenset[str]
    units: frozenset[str] | None
    persons: frozenset[str] = frozenset()
    besides: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """All cases that may wait for somebody: those that one of `holders` holds – he, or whoever he stands in for – and the pools."""

    holders: frozenset[str]
    pools: tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Of these cases only those; what is None does not narrow. `due_by`: with a deadline until this instant, included."""

    workflow: str | None = None
    state: str | None = None
    unit: str | None = None
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the order: by its first deadline, else by its opening."""

    due_at: datetime | None
    opened_at: datetime
    number: str

    @property
    def rank(self) -> tuple[bool, datetime, datetime, str]:
        """By what is sorted."""
        return self.due_at is None, self.due_at or _NEVER, self.opened_at, self.number


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case that may wait for somebody."""

    place: Place
    id: str
    workflow: str
    digest: str
    state: str
    unit: str | None
    assignee: str | None

    @property
    def number(self) -> str:
        """Of the case."""
        return self.place.number


FEW = 2_000
"""So many cases are still few."""
WALKED = 60
"""How many cases are read at a time where there are more."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_NAMES = ("opened_at", "number", "id", "workflow", "digest", "state", "unit", "assignee")
_COLUMNS = [cases.c[name] for name in _NAMES]
_IS_OPEN = cases.c.outcome.is_(None)
_HAS_DEADLINE = exists().where(timers.c.case_id == cases.c.id, timers.c.due_at.is_not(None))


def whole(reader: Reader, reach: Reach, narrowing: Narrowing) -> list[Candidate]:
    """All these cases in their order: where they are few."""
    parts = [*_parts(reach, narrowing)]
    if not parts:
        return []
    return sorted(_read(reader, select(FIRST_DEADLINE, *_COLUMNS).where(cases.c.id.in_(union(*parts)))), key=_rank)


def count(reader: Reader, reach: Reach, narrowing: Narrowing, *, limit: int) -> int:
    """How many they are, counted no further than this."""
    parts = [select(part.limit(limit).subquery()) for part in _parts(reach, narrowing)]
    if not parts:
        return 0
    return int(reader.connection.execute(select(func.count()).select_from(union(*parts).limit(limit).subquery())).scalar_one())


def walk(
    reader: Reader, reach: Reach, narrowing: Narrowing, *, after: Place | None = None, at_once: int = WALKED
) -> Iterator[list[Candidate]]:
    """These cases in their order, some at a time, beginning after a place: as many as are asked for."""
    chosen = [_IS_OPEN, *_narrowed(narrowing), _within(reach, narrowing)]
    while after is None or after.due_at is not None:
        page = _read(reader, _dated(chosen, narrowing.due_by, after).limit(at_once))
        if page:
            yield page
            after = page[-1].place
        if len(page) < at_once:
            break
    if narrowing.due_by is not None:
        return
    after = after if after is not None and after.due_at is None else None
    while page := _read(reader, _undated(chosen, after).limit(at_once)):
        yield page
        after = page[-1].place


def _parts(reach: Reach, narrowing: Narrowing) -> Iterator[Select[Any]]:
    """The ids, a statement for each range of an index."""
    rest = [*_narrowed(narrowing), *_due_by(narrowing.due_by)]
    if reach.holders:
        yield select(cases.c.id).where(_IS_OPEN, cases.c.assignee.in_(sorted(reach.holders)), *rest)
    for pool in _pools(reach, narrowing):
        place = [_IS_OPEN, cases.c.workflow == pool.workflow, cases.c.state.in_(sorted(pool.states))]
        nobodys = [*_held(pool), *_names(pool), *rest]
        if pool.units is None:
            yield select(cases.c.id).where(*place, *nobodys)
            continue
        yield select(cases.c.id).where(*place, cases.c.unit.is_(None), *nobodys)
        if pool.units:
            yield select(cases.c.id).where(*place, cases.c.unit.in_(sorted(pool.units)), *nobodys)


def _pools(reach: Reach, narrowing: Narrowing) -> Iterator[Pool]:
    """As much of the pools as is asked for."""
    for pool in reach.pools:
        states = pool.states if narrowing.state is None else pool.states & {narrowing.state}
        if states and narrowing.workflow in (None, pool.workflow):
            yield replace(pool, states=states)


def _within(reach: Reach, narrowing: Narrowing) -> Condition:
    """That a case is within the reach, where it was found another way."""
    held = [beside(cases.c.assignee).in_(sorted(reach.holders))] if reach.holders else []
    found = [
        and_(
            beside(cases.c.workflow) == pool.workflow,
            beside(cases.c.state).in_(sorted(pool.states)),
            *([] if pool.units is None else [or_(cases.c.unit.is_(None), beside(cases.c.unit).in_(sorted(pool.units)))]),
            *_held(pool),
            *_names(pool),
        )
        for pool in _pools(reach, narrowing)
    ]
    return or_(literal(False), *held, *found)


def _held(pool: Pool) -> list[Condition]:
    if pool.besides is None:
        return [cases.c.assignee.is_(None)]
    return [cases.c.assignee.is_not(None), beside(cases.c.assignee).not_in(sorted(pool.besides))]


def _names(pool: Pool) -> list[Condition]:
    """That one of the persons may stand in the values of a case: at least it names him somewhere."""
    return [or_(*(cases.c.document.contains(f'"{person}"', autoescape=True) for person in sorted(pool.persons)))] if pool.persons else []


def _narrowed(narrowing: Narrowing) -> list[Condition]:
    named: Mapping[Any, str | None] = {
        cases.c.workflow: narrowing.workflow,
        cases.c.state: narrowing.state,
        cases.c.unit: narrowing.unit,
    }
    return [beside(column) == value for column, value in named.items() if value is not None]


def _due_by(instant: datetime | None) -> list[Condition]:
    if instant is None:
        return []
    return [exists().where(timers.c.case_id == cases.c.id, timers.c.due_at <= encode_instant(instant))]


def _dated(chosen: Sequence[Condition], due_by: datetime | None, after: Place | None) -> Select[Any]:
    """Cases with a deadline, by the first that each has."""
    earlier = timers.alias("earlier")
    is_later = exists().where(
        earlier.c.case_id == timers.c.case_id, tuple_(earlier.c.due_at, earlier.c.clock) < tuple_(timers.c.due_at, timers.c.clock)
    )
    order = (timers.c.due_at, cases.c.opened_at, cases.c.number)
    query = select(timers.c.due_at, *_COLUMNS).join(cases, cases.c.id == timers.c.case_id).where(timers.c.due_at.is_not(None), *chosen)
    if due_by is not None:
        query = query.where(timers.c.due_at <= encode_instant(due_by))
    if after is not None and after.due_at is not None:
        place = [encode_instant(after.due_at), encode_instant(after.opened_at), after.number]
        query = query.where(timers.c.due_at >= place[0], tuple_(*order) > tuple_(*map(literal, place)))
    return query.where(~is_later).order_by(*order)


def _undated(chosen: Sequence[Condition], after: Place | None) -> Select[Any]:
    """Cases without a deadline, the eldest first."""
    order = (cases.c.opened_at, cases.c.number)
    query = select(literal(None).label("due_at"), *_COLUMNS).where(*chosen, ~_HAS_DEADLINE)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(literal(encode_instant(after.opened_at)), literal(after.number)))
    return query.order_by(*order)


def _read(reader: Reader, query: Select[Any]) -> list[Candidate]:
    return [_candidate(row) for row in reader.connection.execute(query)]


def _candidate(row: Sequence[Any]) -> Candidate:
    due_at, opened_at, number, *rest = row
    return Candidate(Place(decode_optional(due_at), decode_instant(opened_at), number), *rest)


def _rank(candidate: Candidate) -> tuple[bool, datetime, datetime, str]:
    return candidate.place.rank
