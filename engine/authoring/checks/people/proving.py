"""Proves for one unit that its people can finish every route of a process, and finds who or what stands in the way.

The findings are values; `wording` says them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.authoring.checks.people.crew import Crew
from engine.authoring.checks.people.part import Part, one_of
from engine.authoring.checks.people.routes import TOO_MANY, Route, RouteSearch
from engine.authoring.proof.absence import colliding
from engine.authoring.proof.answer import Impossible, Undecided
from engine.authoring.proof.assignment_problem import Persons
from engine.authoring.proof.satisfiability import solve
from engine.core.compiled import CompiledStep
from engine.core.problem import Path
from engine.label import Label
from roles.policy import Right


@dataclass(frozen=True, slots=True)
class Unheld:
    """A role that a step cannot do without, and nobody holds: the place that demands it, and the step."""

    path: Path
    role: str
    step: CompiledStep


@dataclass(frozen=True, slots=True)
class Blocked:
    """A route that cannot be finished: its parts that cannot be taken together, each with whoever could take it."""

    route: Route
    parts: tuple[Part, ...]
    persons: tuple[Persons, ...]

    @property
    def place(self) -> Path:
        """Where the document demands what cannot be had: the last colliding step that keeps persons apart, else the last of all.

        Routes that are blocked at one place are one finding.
        """
        places = {place for part in self.parts for place in (part.place, *part.also)}
        steps = [step for step in self.route.steps if step.path in places]
        parting = [step for step in steps if step.not_by_steps or step.not_by_rights]
        signed_only = len(steps) == 1 and len(self.parts) > 1 and steps[0].approvals is not None and not steps[0].not_by_rights
        if parting and not signed_only:
            return (*parting[-1].path, "not_by")
        if not steps:
            return self.parts[-1].place
        return (*steps[-1].path, "approvals" if steps[-1].approvals is not None else "by")


@dataclass(frozen=True, slots=True)
class Single:
    """A step that one person alone can do."""

    step: CompiledStep
    person: str


@dataclass(frozen=True, slots=True)
class UnitProof:
    """What was found for one unit. `undecided`: why some route may still not be finishable."""

    unit: str | None
    unheld: tuple[Unheld, ...]
    blocked: tuple[Blocked, ...]
    """The shortest route for each place at which some are."""
    singles: tuple[Single, ...]
    undecided: Label | None
    """None: everything was decided."""

    @property
    def is_finishable(self) -> bool:
        """Whether nothing was found that stops a case."""
        return not self.unheld and not self.blocked


def prove(search: RouteSearch, crew: Crew) -> UnitProof:
    """Look at every step and every route for the people of one unit."""
    routes = search.routes()
    answers = [solve(crew.problem(route.parts)) for route in routes.hardest]
    blocked: dict[Path, Blocked] = {}
    if any(isinstance(answer, Impossible) for answer in answers):
        for route in routes.found:
            found = _blocked(route, crew)
            if found is not None:
                blocked.setdefault(found.place, found)
    whys: tuple[Label, ...] = () if routes.is_whole else (TOO_MANY,)
    whys += tuple(answer.why for answer in answers if isinstance(answer, Undecided))
    unheld = tuple(_unheld(search, crew))
    return UnitProof(
        unit=crew.unit,
        unheld=unheld,
        blocked=tuple(each for each in blocked.values() if not _is_told(each, crew, {one.role for one in unheld})),
        singles=tuple(_singles(search, crew)),
        undecided=next(iter(whys), None),
    )


def _blocked(route: Route, crew: Crew) -> Blocked | None:
    problem = crew.problem(route.parts)
    if not isinstance(solve(problem), Impossible):
        return None
    kept = colliding(problem)
    persons = tuple(problem[index].able.union(*(like.able for like in problem[index].likes)) for index in kept)
    return Blocked(route, tuple(route.parts[index] for index in kept), persons)


def _is_told(blocked: Blocked, crew: Crew, unheld: Collection[str]) -> bool:
    """Whether all that is wrong is a role that nobody holds, which is told as that already."""
    (part, *others) = blocked.parts
    lacking = (right.name for choice in part.demand if not crew.meeting(one_of(choice)) for right in choice)
    return not others and not part.barred and any(role in unheld for role in lacking)


def _unheld(search: RouteSearch, crew: Crew) -> Iterator[Unheld]:
    for step in search.steps():
        words = [(index, _role_of(search, right)) for index, right in enumerate(step.by)]
        if search.demands.needs_staff(step) and not any(role is None or crew.holders(role) for _, role in words):
            yield from (Unheld((*step.path, "by", index), role.name, step) for index, role in words if role is not None)
        for ask in step.form.asks:
            role = Right("role", ask.field.role) if ask.field.role is not None else None
            if role is not None and not ask.optional and ask.field.kind.name in ("person", "people") and not crew.holders(role):
                yield Unheld(("fields", ask.field.id, "role"), role.name, step)
        for index, name in enumerate(step.approvals.each_of if step.approvals is not None else ()):
            right = next(right for right in step.by if (right.kind, right.name) == ("role", name))
            if not crew.holders(right):
                yield Unheld((*step.path, "approvals", "each_of", index), name, step)


def _role_of(search: RouteSearch, right: Right) -> Right | None:
    """The role that a word of `by` demands in the end; None when it demands none."""
    if right.kind == "field":
        role = search.demands.definition.fields[right.name].role
        return Right("role", role) if role is not None else None
    return right if right.kind == "role" else None


def _singles(search: RouteSearch, crew: Crew) -> Iterator[Single]:
    for step in search.steps():
        demand = search.demands.roles_for(step)
        if demand is not None:
            persons = crew.able(step, demand)
            if len(persons) == 1:
                yield Single(step, *persons)
