"""Open cases by the time that is left: what is due first comes first, what has no deadline last.

Two ways, by size. A small set is read whole and sorted. For a large one the timers are walked in the order of their deadlines, all sets
at once, and no further than WALKED: sets whose deadlines all lie far off cost no more. What that leaves out is filled up by age.

Neither database shall read a case for each timer or a timer for each case. SQLite goes from index to index by the number of a row, which
each holds; PostgreSQL, which cannot, looks cases up one by one, a third as dear there, rather than read every open one and join.

For several sets at once, and only for what comes first in each. A single set is read on, page after page, by `store.worklist`, in the same
order: it joins each timer with its case to know where to go on, which here would cost more than all else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from engine.store.listing import beside
from engine.store.reader import Reader
from engine.store.schema import cases, timers

FEW = 4_000
"""A set of so many cases is small."""
WALKED = 2_500
"""How many timers are looked at."""
_AGE = (cases.c.opened_at, cases.c.number)
FIRST_DEADLINE: ColumnElement[str | None] = (
    select(func.min(timers.c.due_at)).where(timers.c.case_id == cases.c.id).scalar_subquery().label("due_at")
)
"""When the first clock of a case is due; None where none is."""
_DEADLINE = timers.c.due_at.is_not(None)
_ROW: ColumnElement[int] = literal_column("+cases.rowid")
"""SQLite's number of a row. The sign keeps it from being the way on which a case is looked up: the row itself lies far away."""
_armed = cases.alias("armed")
_ITS_ROW: ColumnElement[int] = literal_column("armed.rowid")


@dataclass(frozen=True, slots=True)
class Urgent:
    """An open case, where it stands, and when the first of its clocks is due – as text: it sorts as time, and there may be thousands."""

    case_id: str
    state: str
    due_at: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The cases that were met among the first timers, each once. `until`: every deadline up to this instant was seen; None: all."""

    met: tuple[Urgent, ...]
    until: str | None


def rank(urgent: Urgent) -> tuple[bool, str]:
    """By what a list is sorted."""
    return urgent.due_at is None, urgent.due_at or ""


def sorted_by_due(reader: Reader, chosen: Sequence[ColumnElement[bool]]) -> list[Urgent]:
    """All cases of a small set."""
    rows = reader.connection.execute(select(cases.c.id, cases.c.state, FIRST_DEADLINE, *_AGE).where(*chosen))
    in_order = sorted(rows, key=lambda row: (row[2] is None, row[2] or "", row[3], row[4]))
    return [Urgent(id, state, due_at) for id, state, due_at, _, _ in in_order]


def walk(reader: Reader, chosen: Sequence[ColumnElement[bool]], *, walked: int = WALKED, until: str | None = None) -> Walk:
    """The cases of a set that stand among the `walked` timers due first, `until` an instant or for ever."""
    first = select(timers.c.case_id, timers.c.due_at).where(_DEADLINE if until is None else timers.c.due_at <= until)
    first = first.order_by(timers.c.due_at, timers.c.case_id).limit(walked)
    if reader.connection.dialect.name == "sqlite":
        by_row = first.join(_armed, _armed.c.id == timers.c.case_id)
        states = _mapped(reader, _standing(by_row, chosen))
        rows = [(*each, states.get(row)) for *each, row in reader.connection.execute(by_row.add_columns(_ITS_ROW)).fetchall()]
    else:
        rows = [(*each,) for each in reader.connection.execute(first.add_columns(_state_of_each(chosen))).fetchall()]
    met: dict[str, Urgent] = {}
    for case_id, due_at, state in rows:
        if state is not None and case_id not in met:
            met[case_id] = Urgent(case_id, state, due_at)
    return Walk(tuple(met.values()), str(rows[-1][1]) if len(rows) == walked else None)


def overdue(reader: Reader, chosen: Sequence[ColumnElement[bool]], at: str) -> dict[str, int]:
    """state → how many cases of a set have a clock that is overdue at this instant."""
    late = select(timers.c.case_id).where(timers.c.due_at <= at)
    if reader.connection.dialect.name == "sqlite":
        found = _standing(late.join(_armed, _armed.c.id == timers.c.case_id), chosen).subquery()
        query = select(found.c.state, func.count()).group_by(found.c.state)
    else:
        each = late.add_columns(_state_of_each(chosen)).offset(0).subquery()
        query = select(each.c.state, func.count(each.c.case_id.distinct())).where(each.c.state.is_not(None)).group_by(each.c.state)
    return _mapped(reader, query)


def eldest(reader: Reader, chosen: Sequence[ColumnElement[bool]], *, limit: int, besides: Collection[str] = ()) -> list[Urgent]:
    """At most `limit` cases of a set but for these, those opened first coming first; by what is due among them."""
    query = select(cases.c.id).where(*chosen, beside(cases.c.id).not_in(sorted(besides))).order_by(*_AGE).limit(limit)
    return sorted_by_due(reader, [cases.c.id.in_(query)])


def _standing(armed: Select[Any], chosen: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The row and the state of each case of a set that is among these, all out of indexes. SQLite."""
    return select(_ROW.label("row"), cases.c.state).where(*chosen, _ROW.in_(armed.with_only_columns(_ITS_ROW)))


def _state_of_each(chosen: Sequence[ColumnElement[bool]]) -> ColumnElement[str | None]:
    """The state of the case of a timer, None for one that is not of the set."""
    return select(cases.c.state).where(cases.c.id == timers.c.case_id, *chosen).scalar_subquery().label("state")


def _mapped(reader: Reader, query: Select[Any]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in reader.connection.execute(query)}
