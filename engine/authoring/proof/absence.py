"""Who cannot be spared: the smallest absence that stops tasks, and which tasks collide.

All of it asks `satisfiability` again and again, with fewer persons or fewer tasks. A question that was not decided is taken for one
that can be answered, so that nobody is called indispensable who may not be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.authoring.proof.answer import Impossible, Undecided
from engine.authoring.proof.assignment_problem import Persons, Problem, confined, without
from engine.authoring.proof.satisfiability import Solved, solve
from engine.label import Label

QUESTIONS = 1500
"""So often is asked who could do it before the search for a smallest absence is given up: a second or so."""

_TOO_OFTEN = Label("要试的缺席太多", "there are too many absences to try")


@dataclass(slots=True)
class Effort:
    """How many questions may still be asked. Searches that share one are given up together."""

    left: int = QUESTIONS


Asked = Callable[[Persons], "Persons | Undecided | None"]
"""Who could do it while these are away: one choice of persons; None when nobody could."""


def colliding(problem: Problem) -> tuple[int, ...]:
    """A smallest choice of tasks of an impossible problem that cannot be done together: without any one of them it could be."""
    kept = list(range(len(problem)))
    for index in reversed(range(len(problem))):
        fewer = [each for each in kept if each != index]
        if isinstance(solve(confined(problem, fewer)), Impossible):
            kept = fewer
    return tuple(kept)


def smallest_absence(problems: Sequence[Problem], most: int, effort: Effort | None = None) -> Persons | Undecided | None:
    """The fewest persons – of several choices the first, by ids – without whom none of the problems can be solved.

    Nobody when none can be solved as it is; None when it takes more than `most`.
    """

    def asked(away: Persons) -> Persons | Undecided | None:
        for problem in problems:
            answer = solve(without(problem, away))
            if isinstance(answer, Solved):
                return frozenset(person for person in answer.persons if person is not None)
            if isinstance(answer, Undecided):
                return answer
        return None

    return fewest(asked, most, effort)


def fewest(asked: Asked, most: int, effort: Effort | None = None) -> Persons | Undecided | None:
    """The same for anything of which can be asked who could do it."""
    effort = effort or Effort()
    for size in range(most + 1):
        search = _Search(asked, effort)
        found = search.stopping(frozenset(), size)
        if found is not None or search.undecided is not None:
            return found if found is not None else search.undecided
    return None


@dataclass(slots=True)
class _Search:
    """Whoever stops something stops the way of doing it that is at hand, and so is one of its persons: only these are tried."""

    asked: Asked
    effort: Effort
    undecided: Undecided | None = None
    _tried: set[Persons] = field(default_factory=set)

    def stopping(self, away: Persons, more: int) -> Persons | None:
        """These persons and at most so many more that stop it."""
        if away in self._tried or self.undecided is not None:
            return None
        self._tried.add(away)
        if not self.effort.left:
            self.undecided = Undecided(_TOO_OFTEN)
            return None
        self.effort.left -= 1
        used = self.asked(away)
        if isinstance(used, Undecided):
            self.undecided = used
            return None
        if used is None:
            return away
        choices = (self.stopping(away | {person}, more - 1) for person in sorted(used)) if more else ()
        return next((found for found in choices if found is not None), None)
