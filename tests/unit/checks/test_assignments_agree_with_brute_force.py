"""Who can do what, who cannot be spared, the smallest absence that stops it: exactly what trying every assignment finds.

And quickly, however large or hopeless the question: what cannot be decided soon is said to be undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from engine.authoring.proof.absence import Effort, colliding, smallest_absence
from engine.authoring.proof.answer import Impossible, Undecided
from engine.authoring.proof.assignment_problem import Like, Problem, Task, confined, without
from engine.authoring.proof.satisfiability import Solved, solve
from tests.rig.report import Run, Tell

CREW = ("ada", "ben", "cho", "dov")


def is_solved_by(problem: Problem, persons: Sequence[str | None]) -> bool:
    """Whether these persons, one a task (None: nobody), may do the tasks as they are."""
    return all(_is_done_by(problem[index], index, persons) for index in range(len(problem)))


def _is_done_by(task: Task, index: int, persons: Sequence[str | None]) -> bool:
    person = persons[index]
    if person is None:
        return task.optional
    if any(other == index or persons[other] == person for other in task.apart):
        return False
    return person in task.able or any(person == persons[like.task] and person in like.able for like in task.likes)


def drawn(random: Random) -> Problem:
    """A few tasks for up to four persons: apart, alike, optional."""
    crew = CREW[: random.randint(1, 4)]
    return tuple(_task(random, index, crew) for index in range(random.randint(1, 5)))


def _task(random: Random, index: int, crew: tuple[str, ...]) -> Task:
    able = frozenset(person for person in crew if random.random() < 0.55)
    likes: tuple[Like, ...] = ()
    if index and random.random() < 0.35:
        others = random.sample(range(index), random.randint(1, min(2, index)))
        likes = tuple(Like(other, frozenset(person for person in crew if random.random() < 0.8)) for other in others)
        able = able if random.random() < 0.4 else frozenset()
    apart = frozenset(other for other in range(index + 1) if random.random() < (0.4 if other < index else 0.02))
    return Task(able, apart, likes, optional=random.random() < 0.1)


def tried(problem: Problem, persons: tuple[str | None, ...] = ()) -> bool:
    """Whether some assignment that begins so works, by trying all."""
    if len(persons) == len(problem):
        return True
    longer = ((*persons, person) for person in (*CREW, None))
    return any(is_solved_by(problem[: len(each)], each) and tried(problem, each) for each in longer)


def fewest(problems: list[Problem], most: int) -> int | None:
    """How many must be away so that no assignment of any works, by trying all."""
    for size in range(most + 1):
        if any(not any(tried(without(problem, away)) for problem in problems) for away in combinations(CREW, size)):
            return size
    return None


def compare(seed: int, cases: int, told: Tell) -> None:
    random, run = Random(seed), Run(0, "assignments against brute force", seed)
    counts = {"possible": 0, "impossible": 0, "stopped": 0, "unstoppable": 0}
    wrong: list[object] = []
    for _ in range(cases):
        problem, other = drawn(random), drawn(random)
        answer = solve(problem)
        if tried(problem):
            counts["possible"] += 1
            if not isinstance(answer, Solved) or not is_solved_by(problem, answer.persons):
                wrong.append((problem, answer))
        else:
            counts["impossible"] += 1
            kept = colliding(problem)
            shaved = [confined(problem, [each for each in kept if each != index]) for index in kept]
            if not isinstance(answer, Impossible) or tried(confined(problem, kept)) or not all(map(tried, shaved)):
                wrong.append((problem, answer, kept))
        away, size = smallest_absence([problem, other], 3), fewest([problem, other], 3)
        counts["unstoppable" if size is None else "stopped"] += 1
        if isinstance(away, frozenset):
            is_right = len(away) == size and not tried(without(problem, away)) and not tried(without(other, away))
        else:
            is_right = away is None and size is None
        if not is_right:
            wrong.append((problem, other, away, size))
    run.figures |= {"cases": cases, **counts}
    told(run, cases, len(wrong))
    assert wrong == []
    assert min(counts.values()) > cases // 50


def test_the_proof_agrees_with_trying_everybody(told: Tell) -> None:
    compare(1, 300, told)


@pytest.mark.reliability
def test_the_proof_agrees_with_trying_everybody_in_two_thousand_cases(told: Tell) -> None:
    compare(12, 2000, told)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_proof_agrees_with_trying_everybody_again_and_again(seed: int, told: Tell) -> None:
    compare(seed, 5000, told)


def large(random: Random, able: tuple[int, int], rules: int, people: int, steps: int = 20) -> Problem:
    """So many rules that keep two of the steps apart, each step with so many persons at random."""
    crew = [f"p{index:02}" for index in range(people)]
    pairs = random.sample(list(combinations(range(steps), 2)), rules)
    return tuple(
        Task(frozenset(random.sample(crew, random.randint(*able))), frozenset(one for one, other in pairs if other == index))
        for index in range(steps)
    )


def test_twenty_steps_eighty_people_and_forty_rules_take_few_groupings() -> None:
    random = Random(7)
    for able in ((1, 3), (2, 3), (1, 80), (5, 10)):
        for _ in range(10):
            problem = large(random, able, 40, 80)
            answer = solve(problem, nodes=100)  # of a thousand, which take some tens of milliseconds
            assert isinstance(answer, Solved | Impossible)
            assert not isinstance(answer, Solved) or is_solved_by(problem, answer.persons)


def test_hopeless_questions_are_answered_too() -> None:
    random = Random(7)
    for people, able, rules in ((3, (2, 3), 40), (5, (3, 5), 100), (8, (4, 6), 150), (19, (8, 19), 190)):
        for _ in range(10):
            assert isinstance(solve(large(random, able, rules, people), nodes=300), Solved | Impossible)


def test_nineteen_equal_people_do_not_do_twenty_steps_apart() -> None:
    crew = frozenset(f"p{index:02}" for index in range(19))

    assert solve(tuple(Task(crew, frozenset(range(index))) for index in range(20))) == Impossible()


def test_what_takes_too_long_is_not_decided() -> None:
    problem = large(Random(7), (3, 5), 100, 5)

    assert isinstance(solve(problem, nodes=2), Undecided)


def test_searches_that_share_an_effort_are_given_up_together() -> None:
    problem, crew, whole = (Task(frozenset({"ada", "ben", "cho"})),), frozenset({"ada", "ben", "cho"}), Effort()
    assert smallest_absence([problem], 3, whole) == crew

    just_enough = Effort(Effort().left - whole.left)

    assert smallest_absence([problem], 3, just_enough) == crew
    assert isinstance(smallest_absence([problem], 3, just_enough), Undecided)


def test_of_equal_people_the_first_are_taken_and_the_answer_is_always_the_same() -> None:
    crew = frozenset({"dov", "ada", "cho", "ben"})
    problem = (Task(crew), Task(crew, frozenset({0})), Task(frozenset(), likes=(Like(1, crew),)), Task(crew, optional=True))

    assert solve(problem) == solve(problem)
    assert solve(problem) == Solved(("ada", "ben", "ben", "ada"))
    assert smallest_absence([problem], 3) == frozenset({"ada", "ben", "cho"})
