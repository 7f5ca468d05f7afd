"""In which order the boxes of a row stand, so that few lines cross: each by the middle of its neighbours, row by row, there and back.

A line that spans several rows has a place – a knot – in each between. Knows no widths.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROUNDS = 24


@dataclass(frozen=True, slots=True)
class Web:
    """Boxes and knots in rows. Neighbours of one row are those in the next."""

    rows: tuple[tuple[str, ...], ...]
    above: Mapping[str, tuple[str, ...]]
    below: Mapping[str, tuple[str, ...]]
    knots: frozenset[str]
    chains: tuple[tuple[str, ...], ...]
    """For each link, in their order, what it passes from the upper box to the lower."""


def web(rows: Mapping[str, int], links: Sequence[tuple[str, str]]) -> Web:
    """The rows with a knot wherever a line passes, in a good order."""
    placed: list[list[str]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for box, row in rows.items():
        placed[row].append(box)
    chains: list[tuple[str, ...]] = []
    knots: set[str] = set()
    for index, ends in enumerate(links):
        upper, lower = sorted(ends, key=rows.__getitem__)
        between = [f"knot {index} {row}" for row in range(rows[upper] + 1, rows[lower])]
        for row, knot in enumerate(between, rows[upper] + 1):
            placed[row].append(knot)
        knots.update(between)
        chains.append((upper, *between, lower))
    above, below = _neighbours(chains)
    ordered = _ordered([_by_walk(placed, below)[row] for row in range(len(placed))], above, below)
    return Web(tuple(map(tuple, ordered)), above, below, frozenset(knots), tuple(chains))


def crossings(rows: Sequence[Sequence[str]], below: Mapping[str, tuple[str, ...]]) -> int:
    """How many lines cross between neighbouring rows."""
    return sum(_between(upper, _places(lower), below) for upper, lower in pairwise(rows))


def _neighbours(chains: Iterable[tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    above: dict[str, tuple[str, ...]] = {}
    below: dict[str, tuple[str, ...]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            below[upper] = (*below.get(upper, ()), lower)
            above[lower] = (*above.get(lower, ()), upper)
    return above, below


def _by_walk(placed: Sequence[Sequence[str]], below: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """A first order: as a walk downwards from the first box meets them."""
    row_of = {box: index for index, row in enumerate(placed) for box in row}
    found: list[list[str]] = [[] for _ in placed]
    seen: set[str] = set()
    waiting = [box for row in reversed(placed) for box in reversed(row)]
    while waiting:
        box = waiting.pop()
        if box not in seen:
            seen.add(box)
            found[row_of[box]].append(box)
            waiting.extend(reversed(below.get(box, ())))
    return found


def _ordered(rows: list[list[str]], above: Mapping[str, tuple[str, ...]], below: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """The best of all orders that are met on the way."""
    best, fewest = rows, crossings(rows, below)
    for turn in range(_ROUNDS):
        rows = [list(row) for row in rows]
        downwards = turn % 2 == 0
        for index in range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1):
            _sort(rows[index], rows[index - 1 if downwards else index + 1], above if downwards else below)
        _exchange(rows, above, below)
        count = crossings(rows, below)
        if count < fewest:
            best, fewest = rows, count
    return best


def _sort(row: list[str], fixed: Sequence[str], neighbours: Mapping[str, tuple[str, ...]]) -> None:
    """Each to the mean place of its neighbours; those without any stay where they are."""
    places = _places(fixed)
    means = {box: sum(places[each] for each in neighbours[box]) / len(neighbours[box]) for box in row if neighbours.get(box)}
    moving = iter(sorted((box for box in row if box in means), key=means.__getitem__))
    row[:] = [next(moving) if box in means else box for box in row]


def _exchange(rows: list[list[str]], above: Mapping[str, tuple[str, ...]], below: Mapping[str, tuple[str, ...]]) -> None:
    """Exchange neighbours as long as that takes crossings away."""
    gained = True
    for _ in range(_ROUNDS):
        if not gained:
            return
        gained = False
        for index, row in enumerate(rows):
            upper = _places(rows[index - 1]) if index else {}
            lower = _places(rows[index + 1]) if index + 1 < len(rows) else {}
            for at in range(len(row) - 1):
                left, right = row[at], row[at + 1]
                if _gain(above, left, right, upper) + _gain(below, left, right, lower) > 0:
                    row[at], row[at + 1] = right, left
                    gained = True


def _gain(neighbours: Mapping[str, tuple[str, ...]], left: str, right: str, places: Mapping[str, int]) -> int:
    """How many crossings less there are on one side if the two change places."""
    lefts, rights = neighbours.get(left, ()), neighbours.get(right, ())
    return _crossed(lefts, rights, places) - _crossed(rights, lefts, places)


def _crossed(left: Iterable[str], right: Iterable[str], places: Mapping[str, int]) -> int:
    """How many lines of the left box cross those of the right one."""
    return sum(places[one] > places[other] for one in left for other in right)


def _between(upper: Sequence[str], places: Mapping[str, int], below: Mapping[str, tuple[str, ...]]) -> int:
    passed: list[int] = []
    count = 0
    for box in upper:
        ends = sorted(places[each] for each in below.get(box, ()))
        count += sum(len(passed) - bisect_right(passed, end) for end in ends)
        for end in ends:
            insort(passed, end)
    return count


def _places(row: Sequence[str]) -> dict[str, int]:
    return {box: place for place, box in enumerate(row)}
