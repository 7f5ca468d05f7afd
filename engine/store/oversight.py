"""Oversight: the cases whose messages and incidents somebody is told of, as a value and as a condition on their rows. Knows no role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, false, or_, true

from engine.store.listing import beside
from engine.store.schema import cases


@dataclass(frozen=True, slots=True)
class Oversight:
    """Which cases somebody looks after: all of some units, and of some processes those of others. One of no unit belongs to all units.

    What is about no case – an endpoint, a process as a whole – is looked after by whoever looks after everything.
    """

    units: frozenset[str] | None = None
    """None: everything."""
    processes: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """workflow → the units (None: all) whose cases of it are looked after besides."""

    def covers(self, workflow: str, unit: str | None) -> bool:
        """Whether such a case is looked after."""
        return _is_in(unit, self.units) or (workflow in self.processes and _is_in(unit, self.processes[workflow]))


EVERYTHING = Oversight()


def looked_after(oversight: Oversight) -> list[ColumnElement[bool]]:
    """The same as a condition on rows that are joined with their case, if they have one: on them a case is found, not on what it says."""
    if oversight.units is None:
        return []
    ways = (and_(beside(cases.c.workflow) == name, _within(units)) for name, units in sorted(oversight.processes.items()))
    return [and_(cases.c.id.is_not(None), or_(_within(oversight.units), *ways))]


def _is_in(unit: str | None, units: frozenset[str] | None) -> bool:
    return units is None or (bool(units) and (unit is None or unit in units))


def _within(units: frozenset[str] | None) -> ColumnElement[bool]:
    if not units:
        return true() if units is None else false()
    return or_(beside(cases.c.unit).is_(None), beside(cases.c.unit).in_(sorted(units)))
