"""Where everything stands: boxes on rows, lines between them, bands behind them. A figure in, coordinates out, always the same.

Our own method, for a library that we could take knows neither the widths of boxes nor phases that belong together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from engine.authoring.diagram.drawing import Band, Drawing
from engine.authoring.diagram.figure import START, Box, Figure, Link
from engine.authoring.diagram.layering import layered
from engine.authoring.diagram.ordering import Web, web
from engine.authoring.diagram.placement import placed
from engine.authoring.diagram.routing import PORT, Gap, Meets, Point, gap, ports, simplified
from engine.authoring.diagram.tightening import tightened

_KNOT = 6.0
_BESIDE_BOX = 18.0
_BESIDE_KNOT = 11.0


@dataclass(frozen=True, slots=True)
class Place:
    """A box and its upper left corner."""

    box: Box
    x: float
    y: float
    width: float
    """At least that of the box: more where many lines meet it."""


@dataclass(frozen=True, slots=True)
class Route:
    """A link and its corners, from its tail to its head. `has_head`: whether it reaches a state."""

    link: Link
    points: tuple[Point, ...]
    has_head: bool
    goes_up: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A band and how far down it begins and ends."""

    band: Band
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in its place, within `width` and `height`."""

    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    strips: tuple[Strip, ...]
    width: float
    height: float


def laid_out(drawing: Drawing, figure: Figure) -> Layout:
    """The layout of a figure."""
    layering = layered(drawing)
    links = [(link.tail, link.head) for link in figure.links]
    net = web({box: layering.rows[box] for box in figure.boxes}, links)
    widths = _widths(figure, net)
    apart = partial(_apart, net)
    middles = tightened(net, placed(net, widths, apart), widths, apart)
    fixed = frozenset(name for name, box in figure.boxes.items() if box.shape in ("step", "many", "case", "start")) | net.knots
    meets = ports(net, middles, {**widths, START: 0.0}, fixed)
    gaps = [gap(each) for each in meets]
    heights = [max((figure.boxes[box].height for box in row if box in figure.boxes), default=0.0) for row in net.rows]
    tops = _tops(heights, gaps)
    row_of = {box: index for index, row in enumerate(net.rows) for box in row}
    places = {
        name: Place(
            box,
            round(middles[name] - widths[name] / 2, 2),
            round(tops[row_of[name]] + (heights[row_of[name]] - box.height) / 2, 2),
            widths[name],
        )
        for name, box in figure.boxes.items()
    }
    routes = [
        _route(link, _corners(index, net, row_of, places, meets, gaps, tops, heights), places, row_of)
        for index, link in enumerate(figure.links)
    ]
    height = tops[-1] + heights[-1] if heights else 0.0
    firsts = [tops[row] - (gaps[row - 1].height / 2 if row else 0.0) for _, row in layering.bands]
    strips = [Strip(band, top, bottom) for (band, _), top, bottom in zip(layering.bands, firsts, [*firsts[1:], height], strict=True)]
    width = max(middles[box] + widths[box] / 2 for row in net.rows for box in row)
    return Layout(tuple(places.values()), tuple(routes), tuple(strips), round(width, 2), round(height, 2))


def _apart(net: Web, one: str, other: str) -> float:
    return _BESIDE_KNOT if one in net.knots or other in net.knots else _BESIDE_BOX


def _widths(figure: Figure, net: Web) -> dict[str, float]:
    lines = {box: max(len(net.above.get(box, ())), len(net.below.get(box, ()))) for box in figure.boxes}
    widths = {name: max(box.width, PORT * (lines[name] + 1)) for name, box in figure.boxes.items()}
    return {**widths, **dict.fromkeys(net.knots, _KNOT)}


def _tops(heights: list[float], gaps: list[Gap]) -> list[float]:
    tops = [0.0]
    for height, between in zip(heights, gaps, strict=False):
        tops.append(tops[-1] + height + between.height)
    return tops


def _corners(
    chain: int,
    net: Web,
    row_of: Mapping[str, int],
    places: Mapping[str, Place],
    meets: list[Meets],
    gaps: list[Gap],
    tops: list[float],
    heights: list[float],
) -> tuple[Point, ...]:
    """The corners from the upper box to the lower one."""
    boxes = net.chains[chain]
    first, last = places[boxes[0]], places[boxes[-1]]
    points: list[Point] = []
    for upper in boxes[:-1]:
        row = row_of[upper]
        start, end = meets[row][chain]
        bottom = tops[row] + heights[row]
        points.append((start, first.y + first.box.height if upper == boxes[0] else bottom))
        if start != end:
            across = round(gaps[row].across(bottom, chain), 2)
            points += [(start, across), (end, across)]
        points.append((end, tops[row + 1]))
    points.append((points[-1][0], last.y))
    return simplified([(x, round(y, 2)) for x, y in points])


def _route(link: Link, corners: tuple[Point, ...], places: Mapping[str, Place], row_of: Mapping[str, int]) -> Route:
    goes_up = row_of[link.head] < row_of[link.tail]
    has_head = places[link.head].box.shape not in ("step", "many", "case")
    return Route(link, corners[::-1] if goes_up else corners, has_head, goes_up)
