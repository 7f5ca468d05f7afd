"""The routes of a process: end-to-end ways from a start to a final state, and which parts persons take on each.

Every way that passes a state once, and every such way with one extra turn of one loop; a step that stays is a loop of its own. States
in which nothing is decided about persons may be passed as often as it takes. Conditions are not looked at. Of routes that demand the
same, the shortest is kept. The search is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.authoring.checks.people.demands import Demands
from engine.authoring.checks.people.outcome import Outcome, outcomes
from engine.authoring.checks.people.part import Cast, Part
from engine.core.compiled import STAY, CompiledStep
from engine.core.problem import Path
from engine.label import Label

MOST = 20_000
"""So many steps are enacted before the rest is given up: a second or so."""

TOO_MANY = Label("路径太多", "there are too many ways through the process")
"""Why it is given up."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to the end: its steps in order, the final state, and the parts that are taken."""

    steps: tuple[CompiledStep, ...]
    end: str
    parts: tuple[Part, ...]
    demanded: frozenset[int] = field(repr=False)
    """The parts in whatever order: they are known by what they are, not by their places. What is the same has one number in a search."""


@dataclass(frozen=True, slots=True)
class Routes:
    """All that were found, shortest first; `is_whole` unless the search was given up."""

    found: tuple[Route, ...]
    hardest: tuple[Route, ...]
    """Those that demand nothing that is part of what another demands: if these can be finished, all can."""
    is_whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where one stands on the way."""

    state: str
    passed: tuple[str, ...]
    """The states passed so far, this one included, in which something is decided about persons."""
    may_turn: bool
    """Whether the extra turn of a loop is still to be had."""
    cast: Cast
    step: CompiledStep
    before: _Place | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What goes on from here depends on this alone."""
        return self.state, self.passed if self.may_turn else frozenset(self.passed), self.may_turn, self.cast

    def steps(self) -> tuple[CompiledStep, ...]:
        """All steps up to here."""
        found = [self.step]
        here = self.before
        while here is not None:
            found.append(here.step)
            here = here.before
        return tuple(reversed(found))


class RouteSearch:
    """The routes of one process; asked for again with steps that cannot be done left out."""

    def __init__(self, demands: Demands) -> None:
        self.demands = demands
        states = demands.definition.states
        self._matters = frozenset(name for name, state in states.items() if not all(map(demands.is_plain, state.steps.values())))
        self._steps = demands.definition.steps()
        self._outcomes: dict[Path, tuple[Outcome, ...]] = {}
        self._known: dict[frozenset[Path], Routes] = {}

    def steps(self) -> tuple[CompiledStep, ...]:
        """Every step of the process, once."""
        return self._steps

    def routes(self, without: Iterable[Path] = ()) -> Routes:
        """All routes on which none of these steps is performed."""
        closed = frozenset(without)
        if closed not in self._known:
            self._known[closed] = self._search(closed)
        return self._known[closed]

    def _search(self, closed: frozenset[Path]) -> Routes:
        waiting: deque[_Place] = deque(self._begun(closed))
        enacted = 0
        seen: set[tuple[object, ...]] = set()
        found: dict[tuple[object, ...], Route] = {}
        numbers: dict[tuple[object, ...], int] = {}
        while waiting:
            place = waiting.popleft()
            if place.key in seen:
                continue
            seen.add(place.key)
            state = self.demands.definition.states[place.state]
            if state.outcome is not None:
                demanded = _demanded(place.cast, numbers)
                found.setdefault((state.outcome, demanded), Route(place.steps(), place.state, place.cast.parts, demanded))
                continue
            if enacted > MOST:
                waiting.appendleft(place)
                break
            further = list(self._further(place, closed))
            enacted += len(further)
            waiting.extend(each for each in further if each.key not in seen)
        return Routes(tuple(found.values()), tuple(_hardest(found.values())), is_whole=not waiting)

    def _begun(self, closed: frozenset[Path]) -> Iterator[_Place]:
        for step in self.demands.definition.starts.values():
            if step.path not in closed:
                for outcome in self._outcomes_of(step):
                    cast = self.demands.enact(Cast(), step, outcome)
                    yield _Place(outcome.to, self._passing((), outcome.to), True, cast, step)

    def _further(self, place: _Place, closed: frozenset[Path]) -> Iterator[_Place]:
        for step in self.demands.definition.states[place.state].steps.values():
            if step.path in closed:
                continue
            for outcome in self._outcomes_of(step):
                to = place.state if outcome.to == STAY else outcome.to
                is_turn = to in place.passed
                if not is_turn or place.may_turn:
                    cast = self.demands.enact(place.cast, step, outcome)
                    yield _Place(to, self._passing(place.passed, to), place.may_turn and not is_turn, cast, step, place)

    def _passing(self, passed: tuple[str, ...], to: str) -> tuple[str, ...]:
        """The states passed once one is entered; a loop that is closed by it may be gone through again."""
        if to in passed:
            return passed[: passed.index(to) + 1]
        return (*passed, to) if to in self._matters else passed

    def _outcomes_of(self, step: CompiledStep) -> tuple[Outcome, ...]:
        if step.path not in self._outcomes:
            self._outcomes[step.path] = tuple(outcomes(step, self.demands.fields))
        return self._outcomes[step.path]


def _hardest(routes: Iterable[Route]) -> Iterator[Route]:
    kept: list[frozenset[int]] = []
    for route in sorted(routes, key=lambda each: -len(each.demanded)):
        if not any(route.demanded <= other for other in kept):
            kept.append(route.demanded)
            yield route


def _demanded(cast: Cast, numbers: dict[tuple[object, ...], int]) -> frozenset[int]:
    known: list[int] = []
    for part in cast.parts:
        likes = frozenset((known[like.part], like.demand) for like in part.likes)
        own = frozenset(known[other] for other in part.apart if other < len(known))
        is_torn = len(known) in part.apart
        what = (part.place, part.signer, part.demand, part.barred, part.optional, likes, own, is_torn, part.round)
        # By number: a part is what the parts before it are, and comparing them all the way down takes forever.
        known.append(numbers.setdefault(what, len(numbers)))
    return frozenset(known)
