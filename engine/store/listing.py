"""Which cases a filter means, and along which index a page of them is read.

A list goes by the instant of opening. An index that begins with what a filter may name goes on with that instant, so a page is the
beginning of a few ranges of one, however many cases lie beyond. Where several would do, that one is taken which holds the fewest cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from engine.core.codec import encode_instant
from engine.store.schema import cases, definitions

if TYPE_CHECKING:
    from engine.store.cases import Cursor, Filter

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Way:
    """Ranges of one index that hold all chosen cases between them, and what is still to be asked of each case there."""

    ranges: list[Condition]
    rest: Filter


ENOUGH = 20_000
"""How many cases of a way are counted; of two that are longer, the one is as good as the other."""
FEW = 50
"""Units, persons and states that are each a range; of more, most cases fit anyway."""
_ORDER = (cases.c.opened_at, cases.c.number)


class _Beside(FunctionElement[str]):
    inherit_cache = True
    type = Text()


@compiles(_Beside)
def _compiled(element: _Beside, compiler: SQLCompiler, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    return f"({column} || '')" if compiler.dialect.name == "sqlite" else column


def beside(column: Any) -> Any:
    """The column as what is only looked at where a case was found another way.

    SQLite, which reckons with the number of conditions rather than of rows, would be led onto another index, and out of the order;
    to PostgreSQL it says how many rows will do.
    """
    return _Beside(column)


def conditions(chosen: Filter, of: Callable[[Any], Any] = lambda column: column) -> list[Condition]:
    """What the filter says. `of`: how a column is written."""
    named = {
        cases.c.workflow: chosen.workflow,
        cases.c.state: chosen.state,
        cases.c.phase: chosen.phase,
        cases.c.assignee: chosen.person,
        cases.c.unit: chosen.unit,
    }
    found: list[Condition] = [of(column) == value for column, value in named.items() if value is not None]
    if chosen.is_open is not None:
        found.append(of(cases.c.outcome).is_(None) if chosen.is_open else of(cases.c.outcome).is_not(None))
    if chosen.holders is not None:
        found.append(of(cases.c.assignee).in_(sorted(chosen.holders)))
    return [*found, *of_units(chosen.units, chosen.besides, of)]


def of_units(
    units: frozenset[str] | None, besides: frozenset[str] = frozenset(), of: Callable[[Any], Any] = lambda column: column
) -> list[Condition]:
    """The condition that a case is `store.cases.visible`, or that one of `besides` holds it."""
    if units is None:
        return []
    held = [of(cases.c.assignee).in_(sorted(besides))] if besides else []
    return [or_(of(cases.c.unit).is_(None), of(cases.c.unit).in_(sorted(units)), *held)]


def select_page(
    connection: Connection, columns: Sequence[ColumnElement[Any]], chosen: Filter, *, limit: int, after: Cursor | None = None
) -> Select[Any]:
    """At most `limit` of the chosen cases, oldest first, beginning after a cursor."""
    if chosen.unit is not None and chosen.units is not None and chosen.unit in chosen.units:
        chosen = replace(chosen, units=None)
    beyond: list[Condition] = []
    if after is not None:
        beyond.append(tuple_(*_ORDER) > tuple_(literal(encode_instant(after.opened_at)), literal(after.number)))
    way = _shortest(connection, _ways(connection, chosen), beyond)
    told = [*beyond, *conditions(way.rest, beside)]
    if len(way.ranges) == 1:
        return select(*columns).where(way.ranges[0], *told).order_by(*_ORDER).limit(limit)
    parts = [select(cases.c.id, *_ORDER).where(each, *told).order_by(*_ORDER).limit(limit).subquery() for each in way.ranges]
    first = union(*map(select, parts)).subquery()
    ids = select(first.c.id).order_by(first.c.opened_at, first.c.number).limit(limit)
    return select(*columns).where(cases.c.id.in_(ids)).order_by(*_ORDER)


def select_newest(connection: Connection, columns: Sequence[ColumnElement[Any]], chosen: Filter, *, limit: int) -> Select[Any]:
    """The newest of the chosen cases, at most `limit`, newest first."""
    way = _shortest(connection, _ways(connection, chosen), [])
    told, order = conditions(way.rest, beside), [each.desc() for each in _ORDER]
    # Of each range no more than stands in the index, of which PostgreSQL then reads only as much as it merges.
    parts = [select(*_ORDER).where(each, *told).order_by(*order).limit(limit).subquery() for each in way.ranges]
    found = union_all(*map(select, parts)).subquery()
    numbers = select(found.c.number).order_by(found.c.opened_at.desc(), found.c.number.desc()).limit(limit)
    return select(*columns).where(cases.c.number.in_(numbers)).order_by(*order)


def _ways(connection: Connection, chosen: Filter) -> list[Way]:
    """All ways to the chosen cases, those first that usually are shorter."""
    ways: list[Way] = []
    holders = chosen.holders if chosen.person is None else {chosen.person}
    if holders is not None:
        left = replace(chosen, person=None, holders=chosen.holders if chosen.person is not None else None)
        ways.append(Way([cases.c.assignee == person for person in sorted(holders)], left))
    if chosen.is_open:
        ways.append(Way([cases.c.outcome.is_(None)], replace(chosen, is_open=None)))
    if chosen.unit is not None:
        ways.append(Way([cases.c.unit == chosen.unit], replace(chosen, unit=None)))
    if chosen.units is not None:
        seen = [cases.c.unit.is_(None), *(cases.c.unit == unit for unit in sorted(chosen.units))]
        elsewhere = [cases.c.unit.is_not(None), beside(cases.c.unit).not_in(sorted(chosen.units))]  # so that no two ranges share a case
        held = (and_(cases.c.assignee == person, *elsewhere) for person in sorted(chosen.besides))
        ways.append(Way([*seen, *held], replace(chosen, units=None, besides=frozenset())))
    if chosen.phase is not None:
        ways.append(Way([cases.c.phase == chosen.phase], replace(chosen, phase=None)))
    if chosen.state is not None or chosen.workflow is not None:
        stand = [and_(cases.c.workflow == workflow, cases.c.state == state) for workflow, state in _states(connection, chosen)]
        ways.append(Way(stand, replace(chosen, workflow=None, state=None)))
    ways = [way for way in ways if 0 < len(way.ranges) <= FEW]
    if not chosen.is_open:
        ended = cases.c.outcome.is_not(None)
        ways.append(Way([ended] if chosen.is_open is False else [cases.c.outcome.is_(None), ended], replace(chosen, is_open=None)))
    return ways


def _shortest(connection: Connection, ways: list[Way], beyond: list[Condition]) -> Way:
    if len(ways) == 1:
        return ways[0]
    shortest, least = ways[0], ENOUGH
    for way in ways:
        length = _length(connection, way, beyond, least)
        if length < least:
            shortest, least = way, length
    return shortest


def _length(connection: Connection, way: Way, beyond: list[Condition], least: int) -> int:
    """How many cases lie on it, counted no further than this."""
    parts = [select(literal_column("1").label("one")).where(each, *beyond).limit(least).subquery() for each in way.ranges]
    some = union_all(*map(select, parts)).limit(least).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _states(connection: Connection, chosen: Filter) -> list[tuple[str, str]]:
    """The states in which cases stand that may be meant, by workflow and state."""
    if chosen.workflow is not None and chosen.state is not None:
        return [(chosen.workflow, chosen.state)]
    if chosen.state is not None:
        workflows = connection.execute(select(definitions.c.workflow).distinct()).scalars()
        return [(workflow, chosen.state) for workflow in workflows]
    found = connection.execute(_select_states(), {"workflow": chosen.workflow}).scalars()
    return [(chosen.workflow or "", state) for state in found if state is not None]


def _select_states() -> Select[Any]:
    """Every state of `workflow` in which a case stands: from each to the next by the index, past all cases between."""
    of_it = cases.c.workflow == bindparam("workflow")
    first = select(func.min(cases.c.state).label("state")).where(of_it).cte("standing", recursive=True)
    following = select(func.min(cases.c.state)).where(of_it, cases.c.state > first.c.state).scalar_subquery()
    every = first.union_all(select(following).where(first.c.state.is_not(None)))
    return select(every.c.state)
