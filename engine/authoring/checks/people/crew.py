"""The crew of a unit: who of the people registered could take which part there, at an instant.

By right, as `roles.policy` has it: a role counts when it is held in the unit, in one above it, or everywhere. Delegations do not count,
since they are for absence; absence does only for whoever is named as away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.authoring.checks.people.demands import Demands
from engine.authoring.checks.people.part import Demand, Part
from engine.authoring.proof.assignment_problem import Like, Persons, Problem, Task
from engine.core.authority import working
from engine.core.compiled import CompiledDefinition, CompiledStep
from roles.policy import Right
from roles.roster import Roster

Units = tuple[str | None, ...]
"""A single None where that is no matter of units."""


class Crew:
    """The people of one unit; of all units without one. `away` are those who are not there."""

    def __init__(self, roster: Roster, at: datetime, unit: str | None, away: Iterable[str] = ()) -> None:
        self.roster = roster
        self.at = at
        self.unit = unit
        self.away = frozenset(away)
        self._lineage = roster.lineages.get(unit, ()) if unit is not None else ()
        self._everybody: Persons | None = None
        self._holders: dict[Right, Persons] = {}

    def without(self, persons: Iterable[str]) -> Crew:
        """The same with these away, too."""
        gone = frozenset(persons)
        made = Crew(self.roster, self.at, self.unit, self.away | gone)
        made._holders = {right: holders - gone for right, holders in self._holders.items()}
        return made

    def meeting(self, demand: Demand, barred: Iterable[str] = ()) -> Persons:
        """Who meets a demand and holds none of the barred roles, wherever."""
        found = self._all() if not demand else frozenset.intersection(*(self._one_of(choice) for choice in demand))
        return found.difference(*(self.holders(Right("role", role, anywhere=True)) for role in barred))

    def able(self, step: CompiledStep, demand: Demand) -> Persons:
        """Who meets the demand of a step and holds none of the roles that it bars."""
        return self.meeting(demand, (right.name for right in step.not_by_rights if right.kind == "role"))

    def holders(self, right: Right) -> Persons:
        """Who holds a role that counts here."""
        if right not in self._holders:
            tiers = self.roster.tiers(right.name, () if right.anywhere else self._lineage, self.at)
            self._holders[right] = frozenset(person for tier in tiers for person in tier) - self.away
        return self._holders[right]

    def problem(self, parts: Iterable[Part]) -> Problem:
        """The question whether these parts can be taken by this crew."""
        return tuple(
            Task(
                able=self.meeting(part.demand, part.barred),
                apart=part.apart,
                likes=tuple(Like(like.part, self.meeting(like.demand, part.barred)) for like in part.likes),
                optional=part.optional,
            )
            for part in parts
        )

    def may_count_on(self, person: str, demands: Demands, parts: int) -> bool:
        """Whether it can matter here to a process that he is there. `parts`: how many its routes have at most.

        It can if he holds a role of it, or a part is anybody's and so few are registered that nobody else might be left for it.
        """
        definition = demands.definition
        persons = {rule.role for rule in definition.fields.values() if rule.kind.name in ("person", "people")}
        if len(self._all()) <= parts + 1 and any(definition.fields[name].role is None for name in demands.fields):
            return True
        everywhere = {right.name for step in definition.steps() for right in step.by if right.anywhere}
        roles = working(definition) | persons
        grants = self.roster.actor(person, self.at).grants
        return any(each.role in roles and (each.role in everywhere or not self._lineage or each.covers(self._lineage)) for each in grants)

    def _one_of(self, choice: Iterable[Right]) -> Persons:
        return frozenset().union(*(self.holders(right) for right in choice))

    def _all(self) -> Persons:
        if self._everybody is None:
            people = self.roster.people
            self._everybody = frozenset(person for person in people if self.roster.is_active(person, self.at)) - self.away
        return self._everybody


def units_of(definition: CompiledDefinition, roster: Roster, at: datetime) -> Units:
    """The units in which cases of the process are opened; a single None where that is no matter of units. None at all: it has no staff.

    These are the lowest units in which somebody holds a role of the process – whoever holds it above works in their cases – and, of
    these, the ones in which somebody may open a case, if a start is by a role and this leaves any.
    """
    held = {unit for role in _roles_of(definition) for unit in _held_in(roster, role, at)}
    lowest = sorted(unit for unit in held if unit is not None and not any(_is_below(roster, other, unit) for other in held))
    if not lowest:
        return (None,) if held else ()
    openers = frozenset(right for start in definition.starts.values() for right in start.by if right.kind == "role")
    opened = tuple(unit for unit in lowest if any(Crew(roster, at, unit).holders(right) for right in openers))
    return opened or tuple(lowest)


def units_of_all(definitions: Iterable[CompiledDefinition], roster: Roster, at: datetime) -> Mapping[str, Units]:
    """workflow → the same of processes that may open each other's cases: a child belongs where its parent does, unless its form says.

    A unit of a parent is told besides only where nobody of the child's own units works. A process without staff has no units still.
    """
    known = {each.workflow: each for each in definitions}
    found = {name: units_of(each, roster, at) for name, each in known.items()}
    rules = ((parent, rule) for parent, each in known.items() for step in each.steps() for rule in step.starts)
    born = [(parent, rule.workflow) for parent, rule in rules if rule.workflow in known and _stays(known[rule.workflow], rule.start)]
    waiting = list(born)
    while waiting:
        parent, child = waiting.pop()
        own = found[child]
        more = tuple(unit for unit in found[parent] if own and not any(each is None or _is_in(roster, unit, each) for each in own))
        if more:
            found[child] = (*own, *more)
            waiting += [each for each in born if each[0] == child]
    return found


def _stays(child: CompiledDefinition, start: str) -> bool:
    """Whether a case that is opened so belongs where its parent does."""
    return start in child.starts and "unit" not in child.starts[start].form.names


def _is_in(roster: Roster, unit: str | None, other: str) -> bool:
    return unit == other or _is_below(roster, unit, other)


def _roles_of(definition: CompiledDefinition) -> frozenset[str]:
    """The roles that perform some step, by name or from a person field."""
    rights = [right for step in definition.steps() for right in step.by]
    fields = (definition.fields[right.name].role for right in rights if right.kind == "field")
    return frozenset(right.name for right in rights if right.kind == "role").union(role for role in fields if role is not None)


def _held_in(roster: Roster, role: str, at: datetime) -> frozenset[str | None]:
    """Where active people hold the role; None among them: everywhere."""
    people = (person for tier in roster.tiers(role, (), at) for person in tier)
    return frozenset(grant.unit for person in people for grant in roster.actor(person, at).grants if grant.role == role)


def _is_below(roster: Roster, unit: str | None, other: str) -> bool:
    return unit is not None and unit != other and other in roster.lineages.get(unit, ())
