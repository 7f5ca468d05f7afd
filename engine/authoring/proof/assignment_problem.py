"""The question of who does what: tasks, who is able to do each, and which of them one person must not do both.

This is the workflow satisfiability problem. Persons are ids; knows no process, no role and no unit. `satisfiability` answers it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

Persons = frozenset[str]


@dataclass(frozen=True, slots=True)
class Like:
    """Another way to do a task: as whoever does an earlier one, if he is among these persons."""

    task: int
    able: Persons


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that one person does.

    `able` may do it whatever else they do. `apart` and `likes` name earlier tasks by their places in the problem; a task that
    stands apart from itself can be done by nobody.
    """

    able: Persons
    apart: frozenset[int] = frozenset()
    likes: tuple[Like, ...] = ()
    optional: bool = False
    """It may also be done by nobody at all: then it stands apart from nobody, and nobody does another task like it."""


Problem = tuple[Task, ...]


def without(problem: Problem, persons: Collection[str]) -> Problem:
    """The same with these persons away."""
    if not persons:
        return problem
    away = frozenset(persons)
    return tuple(
        replace(task, able=task.able - away, likes=tuple(Like(like.task, like.able - away) for like in task.likes)) for task in problem
    )


def confined(problem: Problem, kept: Collection[int]) -> Problem:
    """The same with these tasks alone; what is like one of the others may be done by all whom it admits. It has its places still."""
    return tuple(_confined(task, kept) if index in kept else Task(frozenset(), optional=True) for index, task in enumerate(problem))


def _confined(task: Task, kept: Collection[int]) -> Task:
    freed = [like.able for like in task.likes if like.task not in kept]
    likes = tuple(like for like in task.likes if like.task in kept)
    return replace(task, able=task.able.union(*freed), apart=task.apart.intersection(kept), likes=likes)
