"""A layout as SVG: one file that needs nothing else – no script, no font, no link – light or dark as its reader's screen is, or as asked.

Colours stand at the elements; the style sheet changes them in the dark only, so that the picture is whole where none is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.authoring.diagram.caption import Row, foot, head
from engine.authoring.diagram.drawing import Drawing
from engine.authoring.diagram.figure import ICON, SIZES, Icon, Line, Standing, capital, figure
from engine.authoring.diagram.layout import Layout, Place, Route, Strip, laid_out
from engine.authoring.diagram.marks import Marks, Whereabouts
from engine.authoring.diagram.measure import width
from engine.authoring.diagram.overlay import BEEN, overlay, window
from engine.authoring.diagram.palette import BANDS, FONTS, ICONS, LIGHT, Theme, rules
from engine.label import Label, Language

MARGIN = 24.0
_BETWEEN = 18.0
_COLUMN = 14.0
"""Around the titles of the bands."""
_ROUND = 7.0
_TIP = 8.0

_DESCRIPTION = Label("流程图：{states} 个状态，{steps} 个步骤。", "State diagram: {states} states and {steps} steps.")


def svg(
    drawing: Drawing, language: Language, marks: Marks | None = None, whereabouts: Whereabouts | None = None, theme: Theme = "auto"
) -> str:
    """The whole file. `whereabouts`: of a case that goes by this process."""
    return "".join(f"{line}\n" for line in _Sheet(drawing, language, marks).lines(whereabouts, theme))


class _Sheet:
    """One picture while it is written: how wide its parts are, and where the layout begins."""

    def __init__(self, drawing: Drawing, language: Language, marks: Marks | None) -> None:
        self.drawing, self.language = drawing, language
        boxes = figure(drawing, language, marks)
        self.layout: Layout = laid_out(drawing, boxes)
        titles = [width(capital(band.title.within(language)), 14) for band in drawing.bands]
        self.column = max(titles, default=0.0) + 2 * _COLUMN
        self.width = max(self.column + self.layout.width + 2 * _COLUMN, 420.0)
        self.head = head(drawing, language, self.width)
        shown = {line.icon for box in boxes.boxes.values() for line in box.lines if line.icon is not None}
        goes_up = any(route.goes_up for route in self.layout.routes)
        self.foot = foot(drawing, language, marks, shown, self.width, goes_up=goes_up)

    def lines(self, whereabouts: Whereabouts | None, theme: Theme) -> Iterator[str]:
        """The elements, one a line."""
        left, top = MARGIN + self.column + _COLUMN, MARGIN + _height(self.head) + _BETWEEN
        bottom = top + self.layout.height + 2 * _BETWEEN
        whole, high = self.width + 2 * MARGIN, bottom + _height(self.foot) + MARGIN + (_BETWEEN if whereabouts is not None else 0.0)
        title = escape(self.drawing.title.within(self.language))
        says = _DESCRIPTION.fill(states=len(self.drawing.nodes), steps=len(self.drawing.steps)).within(self.language)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(whole)}" height="{_n(high)}" viewBox="0 0 {_n(whole)} {_n(high)}" '
            f'role="img" lang="{self.language}" font-family="{FONTS}" font-size="12">'
        )
        yield f"<title>{title}</title>"
        yield f"<desc>{escape(says)}</desc>"
        yield f"<style>{rules(theme, with_overlay=whereabouts is not None)}</style>"
        if whereabouts is not None:
            yield window(self.layout, whereabouts, left, top, (whole, high))
        yield _element("rect", "page", width=whole, height=high)
        yield from _rows(self.head, MARGIN, MARGIN)
        for strip in self.layout.strips:
            yield from self._strip(strip, top)
        yield f'<g transform="translate({_n(left)} {_n(top)})">'
        for route in sorted(self.layout.routes, key=lambda each: _ORDER[each.link.standing]):
            yield from _route(route)
        for place in self.layout.places:
            yield from _place(place)
        if whereabouts is not None:
            yield from overlay(self.layout, whereabouts, self.language)
        yield "</g>"
        foot = self.foot if whereabouts is None else (*self.foot, Row(BEEN.within(self.language), 11.5, _BETWEEN))
        yield from _rows(foot, MARGIN, bottom)
        yield "</svg>"

    def _strip(self, strip: Strip, top: float) -> Iterator[str]:
        """The band of a phase, its title beside it."""
        phase, y = strip.band.phase, top + strip.top
        height = strip.bottom - strip.top + (_BETWEEN if strip is self.layout.strips[-1] else 0)
        attributes = f'x="{_n(MARGIN)}" y="{_n(y + 1.5)}" width="{_n(self.width)}" height="{_n(height - 3)}" rx="6"'
        yield f'<rect class="band-{phase or "none"}" fill="{BANDS[phase][0]}" {attributes}/>'
        yield _text(capital(strip.band.title.within(self.language)), "ink", MARGIN + _COLUMN, y + 26, 14, bold=True)


_ORDER: dict[Standing, int] = {"plain": 0, "covered": 1, "never": 2}


def _height(rows: tuple[Row, ...]) -> float:
    return sum(row.height for row in rows)


def _rows(rows: tuple[Row, ...], x: float, y: float) -> Iterator[str]:
    """The lines above and below the picture."""
    for row in rows:
        y += row.height
        if row.icon is not None:
            yield _icon(row.icon, x + row.indent, y - row.size)
        if row.sample is not None:
            yield f'<path {_look(row.sample)} d="M{_n(x + row.indent)} {_n(y - 4)}h26"/>'
        yield _text(row.text, row.look, x + row.indent + row.shift, y, row.size, bold=row.is_bold)


def _route(route: Route) -> Iterator[str]:
    kind = route.link.standing if route.link.standing != "plain" else "up" if route.goes_up else ""
    prefix = f"{kind}-" if kind else ""
    points = list(route.points)
    x, y = points[-1]
    towards = -1.0 if points[-2][1] > y else 1.0
    if route.has_head:
        points[-1] = (x, y - towards * (_TIP - 1))
    yield f'<path {_look(f"{prefix}line")} d="{_path(points)}"/>'
    if route.has_head:
        back = y - towards * _TIP
        yield f'<path {_look(f"{prefix}tip")} d="M{_n(x)} {_n(y)}L{_n(x - 4.5)} {_n(back)}H{_n(x + 4.5)}z"/>'


def _path(points: list[tuple[float, float]]) -> str:
    """A line with round corners."""
    drawn = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(_ROUND, _far(before, corner) / 2, _far(corner, after) / 2)
        one, other = _towards(corner, before, reach), _towards(corner, after, reach)
        drawn.append(f"L{_n(one[0])} {_n(one[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(other[0])} {_n(other[1])}")
    return "".join([*drawn, f"L{_n(points[-1][0])} {_n(points[-1][1])}"])


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: tuple[float, float], end: tuple[float, float], reach: float) -> tuple[float, float]:
    far = _far(start, end) or 1.0
    return start[0] + (end[0] - start[0]) * reach / far, start[1] + (end[1] - start[1]) * reach / far


def _place(place: Place) -> Iterator[str]:
    box = place.box
    yield f"<g><title>{escape(box.hover)}</title>" if box.hover else "<g>"
    if box.shape == "start":
        yield _element("circle", "dot", cx=place.x + place.width / 2, cy=place.y + box.height / 2, r=box.height / 2)
    elif box.shape != "case":
        marked = f" {box.standing}-box" if box.standing != "plain" else ""
        yield _element(
            "rect", f"{box.shape}{marked}", x=place.x, y=place.y, width=place.width, height=box.height, rx=_ROUNDED.get(box.shape, 6)
        )
    x = place.x + (place.width - max((line.width for line in box.lines), default=0)) / 2
    y = place.y + (box.height - sum(SIZES[line.style][1] for line in box.lines)) / 2
    for line in box.lines:
        y += SIZES[line.style][1]
        yield from _line(line, x, y - 4, box.standing)
    yield "</g>"


_ROUNDED = {"step": 9, "many": 9}


def _line(line: Line, x: float, y: float, of_box: Standing) -> Iterator[str]:
    standing = line.standing if line.standing != "plain" else of_box if line.style == "name" else "plain"
    look = f"{standing}-ink" if standing != "plain" else "soft" if line.style == "note" else "ink"
    if line.icon is not None:
        yield _icon(line.icon, x, y - 9.5)
    shift = ICON if line.icon is not None or line.indented else 0
    yield _text(line.text, look, x + shift, y, SIZES[line.style][0], bold=line.style != "note")


def _icon(icon: Icon, x: float, y: float) -> str:
    return f'<path {_look("sign")} transform="translate({_n(x)} {_n(y)})" d="{ICONS[icon]}"/>'


def _text(text: str, look: str, x: float, y: float, size: float, *, bold: bool) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text {_look(look)} x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{weight}>{escape(text)}</text>'


def _element(name: str, looks: str, **numbers: float) -> str:
    placed = " ".join(f'{key}="{_n(value)}"' for key, value in numbers.items())
    return f"<{name} {_look(*looks.split())} {placed}/>"


def _look(*names: str) -> str:
    """The classes and their colours in the light; of two, the later one wins."""
    merged = {key: value for name in names for key, value in LIGHT[name].items()}
    classes = " ".join(names)
    return " ".join([f'class="{classes}"', *(f'{key}="{value}"' for key, value in merged.items())])


def _n(number: float) -> str:
    return f"{round(number, 1):g}" if abs(number) < 100_000 else str(round(number))
