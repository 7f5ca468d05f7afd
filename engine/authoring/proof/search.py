"""Tries one value for each cell, variable by variable, and evaluates every condition as soon as all that it reads has a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.authoring.proof.constraint import Constraint, Derived
from engine.authoring.proof.cutting import Cuts, Function
from engine.authoring.proof.linear import value_of
from engine.authoring.proof.variable import Position, Variable, cells, measure
from engine.core.expression import Environment
from engine.core.kind import Value
from engine.timing.calendar import WorkingCalendar

MOST_EVALUATIONS = 200_000


class Exhausted(Exception):
    """The bound on the work was reached. Never leaves the prover."""


@dataclass(slots=True)
class Slot:
    """One variable in its turn: its values, and what can be worked out and checked once it has one."""

    variable: Variable
    values: tuple[Value | None, ...] | Cuts
    derived: list[Derived] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)


def surroundings(data: Mapping[str, Value], zone: ZoneInfo, calendar: WorkingCalendar | None) -> Environment:
    """What lifted conditions are evaluated in: they read nothing but data."""
    return Environment(
        data=data,
        actor="",
        acting=frozenset(),
        performed=(),
        assignee=None,
        unit=None,
        number="",
        now=_NOW,
        zone=zone,
        case_id="",
        visit=0,
        sampling_key=b"",
        calendar=calendar,
    )


_NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Nothing reads it: what the time is, is a variable."""


class Search:
    """A search through all cells. `functions` give positions of what is a function of one variable."""

    def __init__(
        self,
        slots: list[Slot],
        first: tuple[list[Derived], list[Constraint]],
        functions: Mapping[str, tuple[str, Function]],
        zone: ZoneInfo,
        calendar: WorkingCalendar | None,
    ) -> None:
        self.data: dict[str, Value] = {}
        self.environment = surroundings(self.data, zone, calendar)
        self._slots, self._first, self._functions = slots, first, functions
        self._evaluations = 0

    def finds(self) -> bool:
        """Whether there is a cell in which every constraint holds; then `data` is such a one. Raises Exhausted."""
        return self._holds(*self._first) and self._from(0)

    def _from(self, index: int) -> bool:
        if index == len(self._slots):
            return True
        slot = self._slots[index]
        for value in self._values(slot):
            if value is None:
                self.data.pop(slot.variable.name, None)
            else:
                self.data[slot.variable.name] = value
            if self._holds(slot.derived, slot.constraints) and self._from(index + 1):
                return True
        return False

    def _holds(self, derived: Iterable[Derived], constraints: Iterable[Constraint]) -> bool:
        self._evaluations += 1
        if self._evaluations > MOST_EVALUATIONS:
            raise Exhausted
        if not all(each.is_worked_out(self.data, self.environment) for each in derived):
            return False
        for each in constraints:
            self._evaluations += 1
            if each.evaluate(self.environment) not in each.outcomes:
                return False
        return True

    def _values(self, slot: Slot) -> Iterator[Value | None]:
        if isinstance(slot.values, Cuts):
            sums = (value_of(each, self._position) for each in slot.values.sums)
            cuts = {*slot.values.constants, *(found for found in sums if found is not None)}
            yield from cells(slot.variable, cuts, slot.values.reach)
        else:
            yield from slot.values
        yield from slot.variable.empty

    def _position(self, name: str) -> Position | None:
        if name in self._functions:
            variable, function = self._functions[name]
            value = self.data.get(variable)
            return None if value is None else function(measure(value))
        value = self.data.get(name)
        return None if value is None else measure(value)
