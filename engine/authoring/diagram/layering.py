"""On which row each box stands: the phases one below the other, within each phase the longest way from where it is entered.

Ways against this order are turned round: a depth-first walk from the entries finds those that close a circle. Knows rows,
no widths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.authoring.diagram.drawing import Band, Drawing, Step
from engine.authoring.diagram.figure import START, case, pill, place

_ROWS = 4
"""Rows of a layer: its states; the steps down from them; the cases of these steps; the steps up from the states below."""


@dataclass(frozen=True, slots=True)
class Layering:
    """box → its row from 0, without gaps; and the first row of each band."""

    rows: Mapping[str, int]
    bands: tuple[tuple[Band, int], ...]


def layered(drawing: Drawing) -> Layering:
    """The row of every box."""
    layers = _layers(drawing)
    firsts = frozenset(min(layers[state] for state in band.states) for band in drawing.bands)
    rows = {place(state): layer * _ROWS for state, layer in layers.items()}
    for index, step in enumerate(drawing.steps):
        if not step.stays:
            rows.update(_rows_of(index, step, layers, firsts))
    if any(step.is_start for step in drawing.steps):
        rows[START] = -_ROWS
    used = {row: place for place, row in enumerate(sorted(set(rows.values())))}
    starts = [(band, min(layers[state] for state in band.states) * _ROWS - 1) for band in drawing.bands]
    return Layering(
        {box: used[row] for box, row in rows.items()},
        tuple((band, min(place for row, place in used.items() if row >= start)) for band, start in starts),
    )


def _layers(drawing: Drawing) -> dict[str, int]:
    layers: dict[str, int] = {}
    for band in drawing.bands:
        first = max(layers.values(), default=-1) + 1
        for state, depth in _depths(drawing, band).items():
            layers[state] = first + depth
    return layers


def _depths(drawing: Drawing, band: Band) -> dict[str, int]:
    """How deep each state of a band lies: the longest way from an entry that closes no circle."""
    ways = {state: tuple(_onward(drawing, state, band)) for state in band.states}
    reached = {way.target for step in drawing.steps if not set(step.sources) & ways.keys() for way in step.ways}
    entries = [state for state in band.states if state in reached]
    forward: dict[str, list[str]] = {state: [] for state in band.states}
    order: list[str] = []
    seen: set[str] = set()
    for entry in [*entries, *band.states]:
        _descend(entry, ways, forward, order, seen, set())
    depths = dict.fromkeys(band.states, 0)
    for state in reversed(order):
        for target in forward[state]:
            depths[target] = max(depths[target], depths[state] + 1)
    return depths


def _descend(
    state: str, ways: Mapping[str, tuple[str, ...]], forward: dict[str, list[str]], order: list[str], seen: set[str], above: set[str]
) -> None:
    """Depth first; `order` gets each state after all that lie below it, `forward` every way but those that lead back up."""
    if state in seen:
        return
    seen.add(state)
    for target in ways[state]:
        if target not in above | {state}:
            forward[state].append(target)
            _descend(target, ways, forward, order, seen, above | {state})
    order.append(state)


def _onward(drawing: Drawing, state: str, band: Band) -> Iterator[str]:
    for step in drawing.leaving(state):
        yield from (way.target for way in step.ways if way.target in band.states and way.target is not None)


def _rows_of(index: int, step: Step, layers: Mapping[str, int], firsts: frozenset[int]) -> Iterator[tuple[str, int]]:
    """The rows of a step and of its cases: below its state if it leads down at all, else above; `firsts`: the first layer of each band.

    Within a band, steps up stand beside the steps down from the layer above.
    """
    targets = {way: layers[each.target] for way, each in enumerate(step.ways) if each.target is not None}
    cases = [way for way in targets if step.ways[way].when is not None]
    if step.is_start or step.out_of is not None:
        layer = -1 if step.is_start else min(targets.values()) - 1
        row = layer * _ROWS + (1 if step.is_start or cases else 3)
        yield pill(index), row
        yield from ((case(index, way), layer * _ROWS + 2) for way in cases)
        return
    layer = layers[step.sources[0]]
    leads_down = any(target > layer for target in targets.values())
    yield pill(index), layer * _ROWS + (1 if leads_down else -3 if layer not in firsts and not cases else -1)
    for way in cases:
        row = 2 if targets[way] > layer else 0 if leads_down else -2
        yield case(index, way), layer * _ROWS + row
