"""Whether tasks can be done by the persons there are, and by whom.

Only *which tasks are done by one person* is searched, not who does them: tasks are put into groups, each group one person, and groups
are matched to persons (the pattern algorithm for user-independent constraints). Before that everything easy is taken out: what can only
be done by whoever does another task, what has more persons than it has neighbours, what has nothing to do with the rest.

The search is bounded: the answer may be that it was not decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.proof.answer import Impossible, Undecided
from engine.authoring.proof.assignment_problem import Like, Problem, Task
from engine.authoring.proof.matching import Matching
from engine.label import Label

NODES = 1000
"""So many groupings are looked at before a search is given up: some tens of milliseconds."""

_TOO_MANY = Label("人员组合太多", "there are too many ways to share the steps out")


@dataclass(frozen=True, slots=True)
class Solved:
    """It can be done: by these persons, one a task; None where nobody does it."""

    persons: tuple[str | None, ...]


class _Exhausted(Exception):
    """The search has used up its nodes. Never leaves this module."""


def solve(problem: Problem, nodes: int = NODES) -> Solved | Impossible | Undecided:
    """Who could do the tasks. Deterministic; of equal persons the first by id are taken."""
    simple = _without_copies(problem)
    if simple is None:
        return Impossible()
    root, kept = simple
    graph = _Graph(kept)
    try:
        masks = graph.solved(nodes)
    except _Exhausted:
        return Undecided(_TOO_MANY)
    if masks is None:
        return Impossible()
    return Solved(tuple(graph.name(masks[root[index]]) for index in range(len(problem))))


def _without_copies(problem: Problem) -> tuple[list[int], dict[int, Task]] | None:
    """task → the one it is a copy of, or itself; and the others, who do those copies too. None when one would be apart from itself."""
    root: list[int] = []
    kept: dict[int, Task] = {}
    for index, task in enumerate(_left_undone(index, task) for index, task in enumerate(problem)):
        if index in task.apart:
            return None
        apart = frozenset(root[other] for other in task.apart)
        likes = _rooted(task.likes, root)
        if task.able or task.optional or len(likes) != 1:
            root.append(index)
            kept[index] = Task(task.able, apart, likes, task.optional)
        elif likes[0].task in apart:
            return None
        else:
            root.append(likes[0].task)
            kept[likes[0].task] = _doing_both(kept[likes[0].task], likes[0], apart)
    return root, kept


def _left_undone(index: int, task: Task) -> Task:
    """The task; an optional one that nobody can do, as what nobody does."""
    return Task(frozenset(), optional=True) if task.optional and index in task.apart else task


def _rooted(likes: Iterable[Like], root: Sequence[int]) -> tuple[Like, ...]:
    found: dict[int, frozenset[str]] = {}
    for like in likes:
        found[root[like.task]] = found.get(root[like.task], frozenset()) | like.able
    return tuple(Like(task, able) for task, able in found.items())


def _doing_both(task: Task, like: Like, apart: frozenset[int]) -> Task:
    likes = tuple(Like(each.task, each.able & like.able) for each in task.likes)
    return Task(task.able & like.able, task.apart | apart, likes)


class _Graph:
    """Tasks that are no copies, with persons as bits, and who is next to whom."""

    def __init__(self, tasks: dict[int, Task]) -> None:
        self._persons = _useful(tasks.values(), len(tasks))
        bits = {person: 1 << index for index, person in enumerate(self._persons)}
        self.free = {index: _mask(task.able, bits) for index, task in tasks.items()}
        for place, (index, task) in enumerate(tasks.items()):
            if task.optional:
                self.free[index] |= 1 << (len(bits) + place)  # nobody: a person of its own, whom nothing else admits
        self.likes = {index: {like.task: _mask(like.able, bits) for like in task.likes} for index, task in tasks.items()}
        self.apart: dict[int, set[int]] = {index: set() for index in tasks}
        self._likers: dict[int, set[int]] = {index: set() for index in tasks}
        for index, task in tasks.items():
            for other in task.apart:
                self.apart[index].add(other)
                self.apart[other].add(index)
            for like in task.likes:
                self._likers[like.task].add(index)

    def name(self, mask: int) -> str | None:
        """The person of a bit; None for nobody."""
        place = mask.bit_length() - 1
        return self._persons[place] if place < len(self._persons) else None

    def solved(self, nodes: int) -> dict[int, int] | None:
        """task → its person, as a mask of one bit."""
        easy = self._easy()
        left = set(self.free).difference(easy)
        persons: dict[int, int] = {}
        for part in self._components(left):
            search = _Search(self, part, nodes)
            found = search.run()
            if found is None:
                return None
            nodes = search.nodes
            persons |= found
        for index in reversed(easy):
            taken = 0
            for other in self.apart[index]:
                taken |= persons.get(other, 0)
            rest = self.free[index] & ~taken
            persons[index] = rest & -rest
        return persons

    def _easy(self) -> list[int]:
        """Tasks for which somebody is left whoever does those around them; each is so once those before it are gone."""
        easy: list[int] = []
        around = {index: len(others) for index, others in self.apart.items()}
        likers = {index: len(others) for index, others in self._likers.items()}
        waiting = list(self.free)
        gone: set[int] = set()
        while waiting:
            index = waiting.pop()
            if index in gone or likers[index] or self.free[index].bit_count() <= around[index]:
                continue
            gone.add(index)
            easy.append(index)
            for other in self.apart[index]:
                around[other] -= 1
            for other in self.likes[index]:
                likers[other] -= 1
            waiting += [*self.apart[index], *self.likes[index]]
        return easy

    def _components(self, left: set[int]) -> Iterator[list[int]]:
        seen: set[int] = set()
        for start in sorted(left):
            waiting, part = [start], []
            while waiting:
                index = waiting.pop()
                if index not in seen:
                    seen.add(index)
                    part.append(index)
                    waiting += (self.apart[index] | self.likes[index].keys() | self._likers[index]) & left
            if part:
                yield part


class _Search:
    """Puts the tasks of one component into groups, one task a step, those with the fewest ways first."""

    def __init__(self, graph: _Graph, tasks: Sequence[int], nodes: int) -> None:
        self.graph = graph
        self.nodes = nodes
        self._tasks = frozenset(tasks)

    def run(self) -> dict[int, int] | None:
        """task → its person; None when there is no grouping for which persons can be found. Raises _Exhausted."""
        found = self._place((), Matching())
        return found and {task: found[1].person_of[group] for group, members in enumerate(found[0]) for task in members}

    def _place(self, groups: _Groups, matching: Matching) -> tuple[_Groups, Matching] | None:
        if self.nodes == 0:
            raise _Exhausted
        self.nodes -= 1
        waiting = self._tasks.difference(*groups)
        if not waiting:
            return groups, matching
        task, ways = self._narrowest(waiting, groups, matching)
        for group, mask in ways:
            tried = matching.copy()
            if group == len(groups):
                found = self._place((*groups, frozenset({task})), tried) if tried.add(mask) else None
            else:
                joined = (*groups[:group], groups[group] | {task}, *groups[group + 1 :])
                found = self._place(joined, tried) if tried.narrow(group, mask) else None
            if found is not None:
                return found
        return None

    def _narrowest(self, waiting: frozenset[int], groups: _Groups, matching: Matching) -> tuple[int, list[tuple[int, int]]]:
        """The task with the fewest ways, and of these with the most neighbours. One that may be done like another comes after it."""
        ready = (task for task in sorted(waiting) if self.graph.likes[task].keys().isdisjoint(waiting))
        ways = [(task, self._ways(task, groups, matching)) for task in ready]
        return min(ways, key=lambda each: (len(each[1]), -len(self.graph.apart[each[0]]), each[0]))

    def _ways(self, task: int, groups: _Groups, matching: Matching) -> list[tuple[int, int]]:
        """Groups that the task may join, one after the last being a new one, each with whom it then admits."""
        graph = self.graph
        free, apart, likes = graph.free[task], graph.apart[task], graph.likes[task]
        found: list[tuple[int, int]] = []
        for group, members in enumerate(groups):
            if apart.isdisjoint(members):
                admitted = free
                for other, mask in likes.items():
                    if other in members:
                        admitted |= mask
                if admitted & matching.masks[group]:
                    found.append((group, admitted & matching.masks[group]))
        if free:
            found.append((len(groups), free))
        return found


_Groups = tuple[frozenset[int], ...]
"""Tasks that one person does, group by group."""


def _useful(tasks: Iterable[Task], count: int) -> list[str]:
    """The persons, by id; of those who are able to do the same no more than there are tasks."""
    sets = {able for task in tasks for able in (task.able, *(like.able for like in task.likes))}
    equals: dict[tuple[bool, ...], int] = {}
    found: list[str] = []
    for person in sorted(frozenset().union(*sets)):
        kind = tuple(person in able for able in sets)
        equals[kind] = equals.get(kind, 0) + 1
        if equals[kind] <= count:
            found.append(person)
    return found


def _mask(persons: Iterable[str], bits: dict[str, int]) -> int:
    mask = 0
    for person in persons:
        mask |= bits.get(person, 0)
    return mask
