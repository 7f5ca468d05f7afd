"""The board: how many open cases stand in which state, how many of them are late, and which come first. Decides nothing, knows no phase.

Counts are read from one index that holds nothing but open cases, by unit as well: of how many units somebody sees costs nothing. What is
late is counted whole, and shown as far as `urgency` looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from engine.core.codec import encode_instant
from engine.store.cases import Filter
from engine.store.listing import beside, conditions
from engine.store.reader import Reader
from engine.store.schema import cases
from engine.store.urgency import FEW, WALKED, Urgent, eldest, overdue, rank, sorted_by_due, walk

WALKED_FOR_EACH = 8
"""How many timers are looked at for each case that is wanted, where only what is late is shown."""
_PART = 5
"""Beside a walk no more than this part of what is few is read whole."""
Column = Mapping[str, int]
"""The states of a column, with how many of the chosen cases stand in each."""


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies in a column. `first`: the ids of the cases that come first."""

    overdue: int
    first: tuple[str, ...]


def standing(reader: Reader, chosen: Filter) -> dict[tuple[str, str], int]:
    """(workflow, state) → how many of the chosen cases stand there; only open ones are looked at."""
    chosen = replace(chosen, is_open=True)
    if chosen.units is None or chosen.unit is not None or chosen.holders is not None or chosen.person is not None:
        return _counted(reader, conditions(chosen))
    place, units = (cases.c.workflow, cases.c.state, cases.c.unit), chosen.units
    query = select(*place, func.count()).where(*conditions(replace(chosen, units=None, besides=frozenset()))).group_by(*place)
    found = Counter[tuple[str, str]]()
    for workflow, state, unit, count in reader.connection.execute(query):
        if unit is None or unit in units:
            found[workflow, state] += count
    if chosen.besides:
        elsewhere = [cases.c.unit.is_not(None), cases.c.unit.not_in(sorted(units))]
        held = replace(chosen, units=None, holders=chosen.besides, besides=frozenset())
        found.update(_counted(reader, [*conditions(held), *elsewhere]))
    return dict(found)


def _counted(reader: Reader, chosen: Sequence[ColumnElement[bool]]) -> dict[tuple[str, str], int]:
    place = (cases.c.workflow, cases.c.state)
    query = select(*place, func.count()).where(*chosen).group_by(*place)
    return {(workflow, state): count for workflow, state, count in reader.connection.execute(query)}


def piles(
    reader: Reader,
    columns: Mapping[str, Column],
    chosen: Filter,
    now: datetime,
    *,
    limit: int,
    only_late: bool = False,
    few: int = FEW,
    walked: int | None = None,
) -> Mapping[str, Pile]:
    """column → its pile with at most `limit` of the chosen cases, which are of one workflow; `only_late`: of those that are overdue."""
    chosen, at = replace(chosen, is_open=True), encode_instant(now)
    walked = walked if walked is not None else max(WALKED, WALKED_FOR_EACH * limit if only_late else 0)
    small = _small(columns, few)
    large = {name: column for name, column in columns.items() if name not in small}
    found = {}
    if small:
        urgent = sorted_by_due(reader, [*conditions(chosen), cases.c.state.in_(_states(small.values()))])
        found = {name: _pile(_of(urgent, column), at, limit, only_late) for name, column in small.items()}
    if large:
        of_them = [*conditions(chosen), cases.c.state.in_(_states(large.values()))]
        late = overdue(reader, of_them, at)
        first = walk(reader, of_them, walked=walked, until=at if only_late else None)
        for name, column in large.items():
            urgent = _of(first.met, column)
            if len(urgent) < limit and not only_late:
                urgent += _others(reader, column, chosen, [each.case_id for each in urgent], limit)
            found[name] = replace(_pile(urgent, at, limit, only_late), overdue=sum(late.get(state, 0) for state in column))
    return found


def _small(columns: Mapping[str, Column], few: int) -> dict[str, Column]:
    """All columns where they hold few cases between them, else the smallest of them."""
    small, held = {}, 0
    most = few if sum(sum(column.values()) for column in columns.values()) <= few else few // _PART
    for name, column in sorted(columns.items(), key=lambda each: (sum(each[1].values()), each[0])):
        held += sum(column.values())
        if held > most:
            break
        small[name] = column
    return small


def _others(reader: Reader, column: Column, chosen: Filter, met: Sequence[str], limit: int) -> list[Urgent]:
    """More cases of a large column, once those are met that are due first: of each state the eldest."""
    found = []
    for state in column:
        rest = [cases.c.workflow == chosen.workflow, cases.c.state == state, *conditions(replace(chosen, workflow=None), beside)]
        found += eldest(reader, rest, limit=limit - len(met), besides=met)
    return sorted(found, key=rank)


def _states(columns: Iterable[Column]) -> list[str]:
    return sorted({state for column in columns for state in column})


def _of(urgent: Iterable[Urgent], column: Column) -> list[Urgent]:
    return [each for each in urgent if each.state in column]


def _pile(urgent: Sequence[Urgent], at: str, limit: int, only_late: bool) -> Pile:
    late = [each.case_id for each in urgent if each.due_at is not None and each.due_at <= at]
    shown = late if only_late else [each.case_id for each in urgent]
    return Pile(len(late), tuple(shown[:limit]))
