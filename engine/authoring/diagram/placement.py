"""How far to the right each box stands: the method of Brandes and Köpf (Fast and simple horizontal coordinate assignment, 2001).

Boxes are stacked into straight columns four times, from above and below, from the left and the right; each gets the middle of
its four places. Knots of one line are stacked first, so that long lines are straight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from engine.authoring.diagram.ordering import Web

Rows = Sequence[Sequence[str]]
Neighbours = Mapping[str, tuple[str, ...]]


def placed(web: Web, widths: Mapping[str, float], gap: Callable[[str, str], float]) -> dict[str, float]:
    """The middle of each box and knot, from left to right, the leftmost edge at 0. `gap`: what lies between two neighbours."""
    bent = _bent(web)
    places = []
    for rows, neighbours in ((web.rows, web.above), (web.rows[::-1], web.below)):
        for turned in (False, True):
            order = [row[::-1] for row in rows] if turned else rows
            columns = _columns(order, neighbours, bent)
            found = _compacted(order, columns, lambda one, other: (widths[one] + widths[other]) / 2 + gap(one, other))
            places.append({box: -x for box, x in found.items()} if turned else found)
    return _middle(places, widths)


def _bent(web: Web) -> frozenset[tuple[str, str]]:
    """The pieces of line that give way: each crosses one between two knots."""
    found = set()
    for upper, lower in pairwise(web.rows):
        at = {box: place for place, box in enumerate(upper)}
        left, waiting = 0, 0
        for index, box in enumerate(lower):
            inner = next((each for each in web.above.get(box, ()) if each in web.knots), None) if box in web.knots else None
            if inner is None and index < len(lower) - 1:
                continue
            right = at[inner] if inner is not None else len(upper) - 1
            for other in lower[waiting : index + 1]:
                for each in web.above.get(other, ()):
                    if not left <= at[each] <= right and not (other in web.knots and each in web.knots):
                        found.add((each, other))
            left, waiting = right, index + 1
    return frozenset(found)


def _columns(rows: Rows, neighbours: Neighbours, bent: frozenset[tuple[str, str]]) -> dict[str, str]:
    """box → the first of its column: each joins the column of the middle one of its neighbours, if that one is free."""
    top = {box: box for row in rows for box in row}
    at = {box: place for row in rows for place, box in enumerate(row)}
    for row in rows:
        last = -1
        for box in row:
            near = sorted(neighbours.get(box, ()), key=at.__getitem__)
            for each in near[(len(near) - 1) // 2 : len(near) // 2 + 1]:
                straight = (each, box) not in bent and (box, each) not in bent
                if top[box] == box and last < at[each] and straight:
                    top[box], last = top[each], at[each]
    return top


def _compacted(rows: Rows, top: Mapping[str, str], apart: Callable[[str, str], float]) -> dict[str, float]:
    """The columns as far to the left as they may go, then as far back to the right as none is pushed."""
    before: dict[str, dict[str, float]] = {first: {} for first in top.values()}
    after: dict[str, dict[str, float]] = {first: {} for first in top.values()}
    for row in rows:
        for one, other in pairwise(row):
            distance = max(before[top[other]].get(top[one], 0.0), apart(one, other))
            before[top[other]][top[one]] = after[top[one]][top[other]] = distance
    order = _from_left(before, after)
    places: dict[str, float] = {}
    for column in order:
        places[column] = max((places[other] + far for other, far in before[column].items()), default=0.0)
    for column in reversed(order):
        if after[column]:
            places[column] = max(places[column], min(places[other] - far for other, far in after[column].items()))
    return {box: places[first] for box, first in top.items()}


def _from_left(before: Mapping[str, Mapping[str, float]], after: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The columns, each after all that stand to the left of it."""
    missing = {column: len(others) for column, others in before.items()}
    order = [column for column, count in missing.items() if count == 0]
    for column in order:
        for other in after[column]:
            missing[other] -= 1
            if missing[other] == 0:
                order.append(other)
    return order


def _middle(places: Sequence[Mapping[str, float]], widths: Mapping[str, float]) -> dict[str, float]:
    """The middle of the four places, all four moved into the span of the narrowest."""
    spans = [
        (min(x - widths[box] / 2 for box, x in found.items()), max(x + widths[box] / 2 for box, x in found.items())) for found in places
    ]
    low, high = min(spans, key=lambda span: span[1] - span[0])
    moved = [(low - span[0]) if index % 2 == 0 else (high - span[1]) for index, span in enumerate(spans)]
    middle = {}
    for box in places[0]:
        four = sorted(found[box] + shift for found, shift in zip(places, moved, strict=True))
        middle[box] = (four[1] + four[2]) / 2
    left = min(x - widths[box] / 2 for box, x in middle.items())
    return {box: round(x - left, 2) for box, x in middle.items()}
