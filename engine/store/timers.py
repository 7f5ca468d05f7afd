"""Queries over timers: what rings next, what is overdue, what newly loaded holidays may move. Writes nothing.

Timers are written with the decisions that arm them (`store.intent`). Whether one that is listed here still rings is asked
again inside the unit of work that lets its case decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, exists, func, literal, literal_column, select, tuple_

from engine.core.codec import decode_instant, encode_instant
from engine.store.listing import of_units
from engine.store.reader import Reader
from engine.store.schema import cases, official_years, timers
from engine.store.snapshot import decode_optional

Cycle = tuple[str, str, int]
"""Case id, clock, and which cycle of it."""


@dataclass(frozen=True, slots=True)
class Timer:
    """The timer of one clock, as stored. `edition`: of the official holidays that it was computed with."""

    clock: str
    cycle: int
    standing: Literal["running", "paused"]
    due_at: datetime | None
    fires_at: datetime | None
    rung: str | None
    repetition: int
    provisional: bool
    edition: int


@dataclass(frozen=True, slots=True)
class Due:
    """A case of which a timer rings, since `fires_at`; where a page of such cases ends, too."""

    case_id: str
    number: str
    fires_at: datetime


@dataclass(frozen=True, slots=True)
class Overdue:
    """A timer whose deadline has passed, and the case as a list shows it."""

    case_id: str
    number: str
    workflow: str
    digest: str
    unit: str | None
    state: str
    assignee: str | None
    subject: str | None
    timer: Timer
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Provisional:
    """A clock of a case with a date that is not certain, and the definition of the case."""

    case_id: str
    clock: str
    edition: int
    digest: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the timers stand: how many ring by now and since when the oldest; how many stand on holidays not yet decreed."""

    due: int
    oldest: datetime | None
    provisional: int


_TIMER = [timers.c[name] for name in ("clock", "cycle", "standing", "due_at", "fires_at", "rung", "repetition", "provisional", "edition")]
_CASE = [cases.c[name] for name in ("number", "workflow", "digest", "unit", "state", "assignee", "subject")]

_IS_PROVISIONAL = timers.c.provisional == literal_column("1")
"""Spelled out, not a parameter: only then do both databases see that the partial index serves."""


_FIRST = select(
    select(func.min(timers.c.fires_at)).where(timers.c.fires_at.is_not(None)).scalar_subquery(),
    select(func.min(timers.c.edition)).where(_IS_PROVISIONAL).scalar_subquery(),
    select(func.max(official_years.c.edition)).scalar_subquery(),
)
"""The first to ring, the oldest edition that a provisional one stands on, and the newest that there is: each an end of an index,
however many timers there are. A question with `<=` would be answered by reading them all, where the server plans for no value."""


def due(connection: Connection, now: datetime, *, limit: int, after: Due | None = None) -> list[Due]:
    """At most `limit` cases of which a timer rings by now, each once, by their first timer, oldest first."""
    earlier = timers.alias("earlier")
    is_later = exists().where(
        earlier.c.case_id == timers.c.case_id,
        tuple_(earlier.c.fires_at, earlier.c.clock) < tuple_(timers.c.fires_at, timers.c.clock),
    )
    query = (
        select(timers.c.case_id, cases.c.number, timers.c.fires_at)
        .join(cases, cases.c.id == timers.c.case_id)
        .where(timers.c.fires_at <= encode_instant(now), ~is_later)
        .order_by(timers.c.fires_at, timers.c.case_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            tuple_(timers.c.fires_at, timers.c.case_id) > tuple_(literal(encode_instant(after.fires_at)), literal(after.case_id))
        )
    return [Due(case_id, number, decode_instant(fires_at)) for case_id, number, fires_at in connection.execute(query)]


def is_quiet(connection: Connection, now: datetime) -> bool:
    """Whether no timer rings by now and the newest holidays can move none: all that a sweeper asks which has nothing to do."""
    rings_at, oldest, newest = connection.execute(_FIRST).one()
    return (rings_at is None or rings_at > encode_instant(now)) and (oldest is None or oldest >= (newest or 0))


def next_at(connection: Connection) -> datetime | None:
    """When the next timer rings; it may be past. None when none is armed."""
    return decode_optional(connection.execute(select(func.min(timers.c.fires_at)).where(timers.c.fires_at.is_not(None))).scalar())


def overdue(
    reader: Reader,
    now: datetime,
    *,
    workflow: str | None = None,
    person: str | None = None,
    unit: str | None = None,
    units: frozenset[str] | None = None,
    besides: frozenset[str] = frozenset(),
    limit: int,
    after: Overdue | None = None,
) -> list[Overdue]:
    """At most `limit` timers whose deadline has passed, longest overdue first. `person`: who holds the case; the rest as in `Filter`."""
    query = (
        select(timers.c.case_id, *_CASE, *_TIMER)
        .join(cases, cases.c.id == timers.c.case_id)
        .where(timers.c.due_at <= encode_instant(now), *_narrowed(workflow, person, unit), *of_units(units, besides))
        .order_by(timers.c.due_at, cases.c.number, timers.c.clock)
        .limit(limit)
    )
    if after is not None:
        place = tuple_(literal(encode_instant(after.due_at)), literal(after.number), literal(after.timer.clock))
        query = query.where(tuple_(timers.c.due_at, cases.c.number, timers.c.clock) > place)
    return [_overdue(row) for row in reader.connection.execute(query)]


def overdue_of(reader: Reader, number: str, clock: str) -> Overdue | None:
    """The timer of one clock of a case that has a deadline, passed or not: where a page may begin."""
    mine = (cases.c.number == number, timers.c.clock == clock, timers.c.due_at.is_not(None))
    query = select(timers.c.case_id, *_CASE, *_TIMER).join(cases, cases.c.id == timers.c.case_id).where(*mine)
    row = reader.connection.execute(query).first()
    return _overdue(row) if row is not None else None


def of(reader: Reader, case_ids: Collection[str]) -> Mapping[str, tuple[Timer, ...]]:
    """case id → its timers, what is due first coming first and paused clocks last; a case without timers is absent."""
    query = (
        select(timers.c.case_id, *_TIMER)
        .where(timers.c.case_id.in_(case_ids))
        .order_by(timers.c.due_at.is_(None), timers.c.due_at, timers.c.clock)
    )
    found: dict[str, tuple[Timer, ...]] = {}
    for row in reader.connection.execute(query):
        found[row.case_id] = (*found.get(row.case_id, ()), _timer(row))
    return found


def to_extend(connection: Connection, edition: int, *, limit: int, after: str | None = None) -> list[str]:
    """The numbers of at most `limit` cases with a provisional timer that an edition of official holidays may move.

    `after`: the number of the case where the last page ended.
    """
    older: list[ColumnElement[bool]] = [_IS_PROVISIONAL, timers.c.edition < edition]
    if after is not None:
        older.append(timers.c.case_id > select(cases.c.id).where(cases.c.number == after).scalar_subquery())
    page = select(timers.c.case_id).where(*older).distinct().order_by(timers.c.case_id).limit(limit).subquery()
    query = select(cases.c.number).join(page, page.c.case_id == cases.c.id).order_by(cases.c.id)
    return list(connection.execute(query).scalars())


def provisional(reader: Reader, *, limit: int, after: Provisional | None = None) -> list[Provisional]:
    """At most `limit` clocks whose dates stand on holidays not yet decreed, by case, beginning after one."""
    columns = (timers.c.edition, timers.c.case_id, timers.c.clock)
    query = select(timers.c.case_id, timers.c.clock, timers.c.edition, cases.c.digest).join(cases, cases.c.id == timers.c.case_id)
    if after is not None:
        query = query.where(tuple_(*columns) > tuple_(literal(after.edition), literal(after.case_id), literal(after.clock)))
    return [Provisional(*row) for row in reader.connection.execute(query.where(_IS_PROVISIONAL).order_by(*columns).limit(limit))]


def standing(connection: Connection, case_ids: Collection[str]) -> frozenset[Cycle]:
    """The cycles of clocks that run or pause on these cases: a reminder of another is not worth telling any more."""
    query = select(timers.c.case_id, timers.c.clock, timers.c.cycle).where(timers.c.case_id.in_(case_ids))
    return frozenset((case_id, clock, cycle) for case_id, clock, cycle in connection.execute(query))


def backlog(connection: Connection, now: datetime) -> Backlog:
    """What health looks at."""
    ringing = select(func.count(), func.min(timers.c.fires_at)).where(timers.c.fires_at <= encode_instant(now))
    count, oldest = connection.execute(ringing).one()
    provisional = connection.execute(select(func.count()).select_from(timers).where(_IS_PROVISIONAL)).scalar_one()
    return Backlog(count, decode_optional(oldest), provisional)


def _narrowed(workflow: str | None, person: str | None, unit: str | None) -> list[ColumnElement[bool]]:
    named = {cases.c.workflow: workflow, cases.c.assignee: person, cases.c.unit: unit}
    return [column == value for column, value in named.items() if value is not None]


def _overdue(row: Any) -> Overdue:
    return Overdue(
        case_id=row.case_id,
        number=row.number,
        workflow=row.workflow,
        digest=row.digest,
        unit=row.unit,
        state=row.state,
        assignee=row.assignee,
        subject=row.subject,
        timer=_timer(row),
        due_at=decode_instant(row.due_at),
    )


def _timer(row: Any) -> Timer:
    return Timer(
        clock=row.clock,
        cycle=row.cycle,
        standing=cast(Literal["running", "paused"], row.standing),
        due_at=decode_optional(row.due_at),
        fires_at=decode_optional(row.fires_at),
        rung=row.rung,
        repetition=row.repetition,
        provisional=row.provisional == 1,
        edition=row.edition,
    )
