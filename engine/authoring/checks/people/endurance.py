"""How much absence a process stands in one unit: the fewest persons without whom a way, or every way to a success, cannot be finished.

For managers, not for authors: nothing is wrong with a process that stops when four are ill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.authoring.checks.people.crew import Crew
from engine.authoring.checks.people.routes import TOO_MANY, Route, RouteSearch
from engine.authoring.proof.absence import Effort, fewest, smallest_absence
from engine.authoring.proof.answer import Undecided
from engine.authoring.proof.assignment_problem import Persons
from engine.authoring.proof.satisfiability import Solved, solve
from engine.core.compiled import CompiledStep

MOST = 3
"""So many may be away at once before one stops counting."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An absence, and what it stops: a way, or a step that is part of several; every way to a success when neither is given."""

    persons: Persons
    route: Route | None = None
    step: CompiledStep | None = None


@dataclass(frozen=True, slots=True)
class Endurance:
    """The smallest absences: what stops some way, and what stops all ways to a success. None: it takes more than MOST."""

    some: Stop | Undecided | None
    all: Stop | Undecided | None


def endurance(search: RouteSearch, crew: Crew) -> Endurance:
    """What is stopped by how many who are away, besides those who are away in the crew and what these stop already."""
    return Endurance(_some(search, crew), _all(search, crew))


def _some(search: RouteSearch, crew: Crew) -> Stop | Undecided | None:
    best: Stop | None = None
    undecided: Undecided | None = None
    effort = Effort()
    for stop in _stops_of_steps(search, crew):
        best = _smaller(best, stop)
    for route in search.routes().hardest:
        problem = crew.problem(route.parts)
        if isinstance(solve(problem), Solved):
            found = smallest_absence([problem], MOST if best is None else len(best.persons), effort)
            if isinstance(found, Undecided):
                undecided = found
            elif found is not None:
                best = _smaller(best, Stop(found, route=route))
    return best or undecided


def _smaller(one: Stop | None, other: Stop) -> Stop:
    if one is None or (len(other.persons), sorted(other.persons)) < (len(one.persons), sorted(one.persons)):
        return other
    return one


def _stops_of_steps(search: RouteSearch, crew: Crew) -> Iterator[Stop]:
    for step in search.steps():
        demand = search.demands.roles_for(step)
        persons = crew.able(step, demand) if demand is not None else frozenset()
        if 0 < len(persons) <= MOST:
            yield Stop(persons, step=step)


def _all(search: RouteSearch, crew: Crew) -> Stop | Undecided | None:
    def asked(away: Persons) -> Persons | Undecided | None:
        return _succeeding(search, crew.without(away))

    found = fewest(asked, MOST)
    return Stop(found) if isinstance(found, frozenset) else found


def _succeeding(search: RouteSearch, crew: Crew) -> Persons | Undecided | None:
    """Who could finish some way to a success; None when nobody can."""
    plain = {step.path: crew.able(step, demand) for step in search.steps() if (demand := search.demands.roles_for(step)) is not None}
    routes = search.routes(path for path, persons in plain.items() if not persons)
    undecided: Undecided | None = None if routes.is_whole else Undecided(TOO_MANY)
    for route in routes.found:
        if search.demands.definition.states[route.end].outcome == "success":
            answer = solve(crew.problem(route.parts))
            if isinstance(answer, Solved):
                alone = (min(plain[step.path]) for step in route.steps if search.demands.is_plain(step) and step.path in plain)
                return frozenset((*(person for person in answer.persons if person is not None), *alone))
            undecided = answer if isinstance(answer, Undecided) else undecided
    return undecided
