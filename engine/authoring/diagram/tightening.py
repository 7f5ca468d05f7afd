"""Draws a placed picture together: boxes and straight pieces of line move sideways while that makes the lines shorter.

What stands in the way is pushed along, if both together gain by it. Order and distances stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from engine.authoring.diagram.ordering import Web

_TURNS = 6
_MOVES = 200
_LEAST = 0.5
_PULLS = {2: 8.0, 1: 2.0, 0: 1.0}
"""How strongly two neighbours hold together: two knots, a knot and a box, two boxes."""


@dataclass(frozen=True, slots=True)
class _Blocks:
    """What moves as one: a box, or what stands straight below each other."""

    of: Mapping[str, int]
    ties: Mapping[int, list[tuple[int, float]]]
    """block → other blocks and how strongly they pull."""
    nexts: Mapping[int, dict[int, float]]
    """block → its neighbours to the right and the least distance between the two."""
    befores: Mapping[int, dict[int, float]]
    """The same to the left."""


def tightened(web: Web, middles: Mapping[str, float], widths: Mapping[str, float], gap: Callable[[str, str], float]) -> dict[str, float]:
    """New middles, the leftmost edge at 0."""
    found = dict(middles)
    for turn in range(_TURNS):
        of = _joined(web, found, with_boxes=turn % 2 == 0)
        blocks = _Blocks(of, _ties(web, of), *_distances(web, of, widths, gap))
        places = {block: found[box] for box, block in of.items()}
        for _ in range(_MOVES):
            moved = [_pushed(blocks, places, block, way) for block in places for way in (1, -1)]
            if not any(moved):
                break
        found = {box: places[block] for box, block in of.items()}
    left = min(x - widths[box] / 2 for box, x in found.items())
    return {box: round(x - left, 2) for box, x in found.items()}


def _joined(web: Web, middles: Mapping[str, float], *, with_boxes: bool) -> dict[str, int]:
    """box → its block: the knots of one line that stand straight below each other; `with_boxes`: everything that does."""
    of: dict[str, int] = {}
    for number, box in enumerate(box for row in web.rows for box in row):
        straight = [each for each in web.above.get(box, ()) if abs(middles[box] - middles[each]) < _LEAST]
        joined = next((each for each in straight if with_boxes or {box, each} <= web.knots), None)
        of[box] = of[joined] if joined is not None else number
    return of


def _ties(web: Web, of: Mapping[str, int]) -> dict[int, list[tuple[int, float]]]:
    ties: dict[int, list[tuple[int, float]]] = {block: [] for block in of.values()}
    for upper, lowers in web.below.items():
        for lower in lowers:
            one, other = of[upper], of[lower]
            if one != other:
                pull = _PULLS[(upper in web.knots) + (lower in web.knots)]
                ties[one].append((other, pull))
                ties[other].append((one, pull))
    return ties


def _distances(
    web: Web, of: Mapping[str, int], widths: Mapping[str, float], gap: Callable[[str, str], float]
) -> tuple[dict[int, dict[int, float]], dict[int, dict[int, float]]]:
    """To the right and to the left."""
    nexts: dict[int, dict[int, float]] = {block: {} for block in of.values()}
    befores: dict[int, dict[int, float]] = {block: {} for block in of.values()}
    for row in web.rows:
        for left, right in pairwise(row):
            one, other = of[left], of[right]
            far = max(nexts[one].get(other, 0.0), (widths[left] + widths[right]) / 2 + gap(left, right))
            nexts[one][other] = befores[other][one] = far
    return nexts, befores


def _pushed(blocks: _Blocks, places: dict[int, float], block: int, way: int) -> bool:
    """Move a block, with all that it touches on this side, as far as that gains; whether it moved at all."""
    moving = _touched(blocks, places, block, way)
    pull, reach = 0.0, float("inf")
    for each in moving:
        for other, strength in blocks.ties[each]:
            if other not in moving:
                far = (places[other] - places[each]) * way
                pull += strength if far > _LEAST else -strength
                reach = min(reach, far) if far > _LEAST else reach
        for other, slack in _beside(blocks, places, each, way):
            if other not in moving:
                reach = min(reach, slack)
    if pull <= 0 or reach <= _LEAST or reach == float("inf"):
        return False
    for each in moving:
        places[each] += reach * way
    return True


def _touched(blocks: _Blocks, places: dict[int, float], block: int, way: int) -> set[int]:
    found, waiting = {block}, [block]
    while waiting:
        for other, slack in _beside(blocks, places, waiting.pop(), way):
            if slack < _LEAST and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _beside(blocks: _Blocks, places: dict[int, float], block: int, way: int) -> Iterator[tuple[int, float]]:
    """The neighbours on one side and how much room is left between."""
    for other, far in (blocks.nexts if way > 0 else blocks.befores)[block].items():
        yield other, (places[other] - places[block]) * way - far
