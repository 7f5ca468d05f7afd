"""How lines run: straight down through the rows, across only between two rows, each across on a track of its own there.

So no line passes through a box, and no two lie on one another. Knows places, no texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.authoring.diagram.ordering import Web

Point = tuple[float, float]

Meets = Mapping[int, tuple[float, float]]
"""In one gap, chain → where its piece leaves the row above and where it meets the row below."""

PORT = 15.0
"""Between two lines at the same side of a box."""

_TRACK = 9.0
_LEAD = 15.0
"""From a row to the first track below it: room for the head of a line up."""
_TAIL = 17.0
"""From the last track to the row below it: room for a head."""
_NEAR = 7.0
"""So close, two lines would look like one."""
_STRAIGHT = 6.0
"""A box gives way by so much, that a line is straight."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line between two rows: where it leaves the upper one and where it meets the lower one."""

    chain: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The pieces between two rows with the track of each, and what they need in height."""

    tracks: Mapping[int, int]
    height: float

    def across(self, top: float, chain: int) -> float:
        """How far down a piece runs across, if the gap begins at `top`."""
        return top + _LEAD + self.tracks[chain] * _TRACK


def ports(web: Web, middles: Mapping[str, float], widths: Mapping[str, float], fixed: frozenset[str]) -> list[Meets]:
    """For each gap where its pieces start and end: towards the other end where the side of a box allows it.

    `fixed`: boxes whose only line at a side is met in the middle.
    """
    found: list[Meets] = []
    row_of = {box: index for index, row in enumerate(web.rows) for box in row}
    pieces: list[list[tuple[int, str, str]]] = [[] for _ in web.rows[1:]]
    for chain, boxes in enumerate(web.chains):
        for upper, lower in pairwise(boxes):
            pieces[row_of[upper]].append((chain, upper, lower))
    for gap in pieces:
        starts = _side([(upper, lower, chain) for chain, upper, lower in gap], middles, widths, fixed)
        ends = _side([(lower, upper, chain) for chain, upper, lower in gap], middles, widths, fixed)
        found.append({chain: _straight(starts[chain], ends[chain], upper in web.knots, lower in web.knots) for chain, upper, lower in gap})
    return found


def _straight(start: float, end: float, from_knot: bool, to_knot: bool) -> tuple[float, float]:
    if abs(start - end) >= _STRAIGHT or (from_knot and to_knot):
        return start, end
    return (start, start) if from_knot or not to_knot else (end, end)


def _side(
    meets: Sequence[tuple[str, str, int]], middles: Mapping[str, float], widths: Mapping[str, float], fixed: frozenset[str]
) -> dict[int, float]:
    """chain → where it meets its box."""
    at: dict[str, list[tuple[float, int]]] = {}
    for box, other, chain in meets:
        at.setdefault(box, []).append((middles[other], chain))
    found = {}
    for box, lines in at.items():
        half = widths[box] / 2 if box not in fixed or len(lines) > 1 else 0.0
        places = _spread([x for x, _ in sorted(lines)], middles[box] - half, middles[box] + half)
        found.update({chain: x for (_, chain), x in zip(sorted(lines), places, strict=True)})
    return found


def _spread(wanted: Sequence[float], left: float, right: float) -> list[float]:
    """As near as possible to what is wanted, in this order, apart from each other and within the side."""
    step = min(PORT, (right - left) / (len(wanted) + 1))
    margin = min(step, (right - left) / 2)
    places: list[float] = []
    for index, x in enumerate(wanted):
        low = places[-1] + step if places else left + margin
        high = right - margin - (len(wanted) - 1 - index) * step
        places.append(round(min(max(x, low), high), 2))
    for index in range(len(places) - 2, -1, -1):  # back to the left, where only a neighbour had pushed
        places[index] = round(max(min(places[index], places[index + 1] - step), left + margin + index * step), 2)
    return places


def gap(meets: Meets) -> Gap:
    """The tracks of one gap: as few crossings as possible, and no two pieces on one another."""
    pieces = [Piece(chain, start, end) for chain, (start, end) in meets.items() if start != end]
    rightwards = sorted((piece for piece in pieces if piece.end > piece.start), key=lambda piece: -piece.start)
    leftwards = sorted((piece for piece in pieces if piece.end < piece.start), key=lambda piece: piece.start)
    waiting = [*rightwards, *leftwards]
    done: list[Piece] = []
    tracks: dict[int, int] = {}
    while waiting:
        piece = next((each for each in waiting if not any(_goes_first(other, each) for other in waiting)), waiting[0])
        waiting.remove(piece)
        tracks[piece.chain] = max((tracks[other.chain] + 1 for other in done if _touch(piece, other)), default=0)
        done.append(piece)
    height = _LEAD + _TAIL + max(tracks.values(), default=0) * _TRACK
    return Gap(tracks, height)


def _goes_first(one: Piece, other: Piece) -> bool:
    """Whether one must run across above the other, because it leaves where the other arrives."""
    return one is not other and abs(one.start - other.end) < _NEAR


def _touch(one: Piece, other: Piece) -> bool:
    (left, right), (low, high) = sorted((one.start, one.end)), sorted((other.start, other.end))
    return left - _NEAR < high and low - _NEAR < right


def simplified(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners of a line alone."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return tuple(kept)
