"""What is laid over a picture: where one case stands, flagged in words, and the states it was in, ticked. No information by colour alone.

Takes places as they are; nothing moves for it, so that a process looks the same wherever its case stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.authoring.diagram.figure import place as id_of
from engine.authoring.diagram.layout import Layout, Place
from engine.authoring.diagram.marks import Whereabouts
from engine.authoring.diagram.measure import width
from engine.authoring.diagram.palette import LIGHT_OVERLAY
from engine.label import Label, Language

HERE = "here"
"""The id of the view that shows the picture around the present state: `picture.svg#here`."""
BEEN = Label("✓ 工单经过的状态", "✓ states that the case was in")

_FLAG = Label("工单在此", "The case is here")
_WINDOW = (460.0, 330.0)
_FONT = 11.5


def overlay(layout: Layout, whereabouts: Whereabouts, language: Language) -> Iterator[str]:
    """The elements, in the coordinates of the layout."""
    places = {each.box.id: each for each in layout.places}
    for state in sorted(whereabouts.been - {whereabouts.state}):
        yield from _been(places[id_of(state)])
    yield from _here(places[id_of(whereabouts.state)], _FLAG.within(language))


def window(layout: Layout, whereabouts: Whereabouts, left: float, top: float, size: tuple[float, float]) -> str:
    """The view around the present state. `left`, `top`: where the layout begins; `size`: of the whole picture."""
    found = next(each for each in layout.places if each.box.id == id_of(whereabouts.state))
    x, y = left + found.x + found.width / 2 - _WINDOW[0] / 2, top + found.y + found.box.height / 2 - _WINDOW[1] / 2
    x, y = (max(0.0, min(at, whole - part)) for at, whole, part in zip((x, y), size, _WINDOW, strict=True))
    return f'<view id="{HERE}" viewBox="{round(x, 1):g} {round(y, 1):g} {_WINDOW[0]:g} {_WINDOW[1]:g}"/>'


def _been(place: Place) -> Iterator[str]:
    x, y = place.x + place.width, place.y
    yield f"<rect {_look('been')} {_frame(place, 0)}/>"
    yield f'<circle {_look("flag")} cx="{_n(x - 4)}" cy="{_n(y + 3)}" r="8"/>'
    yield f'<path {_look("tick")} d="M{_n(x - 7.6)} {_n(y + 3.2)}l2.6 2.6 4.6-5.2"/>'


def _here(place: Place, words: str) -> Iterator[str]:
    x, y, across = place.x + 8, place.y - 16, width(words, _FONT) + 16
    yield f"<rect {_look('here')} {_frame(place, 2.5)}/>"
    yield f'<rect {_look("flag")} x="{_n(x)}" y="{_n(y)}" width="{_n(across)}" height="19" rx="9.5"/>'
    yield f'<text {_look("flag-ink")} x="{_n(x + 8)}" y="{_n(y + 13.5)}" font-size="{_FONT}" font-weight="600">{escape(words)}</text>'


def _frame(place: Place, beyond: float) -> str:
    across, down = place.width + 2 * beyond, place.box.height + 2 * beyond
    return f'x="{_n(place.x - beyond)}" y="{_n(place.y - beyond)}" width="{_n(across)}" height="{_n(down)}" rx="{6 + beyond:g}"'


def _look(name: str) -> str:
    return " ".join([f'class="{name}"', *(f'{key}="{value}"' for key, value in LIGHT_OVERLAY[name].items())])


def _n(number: float) -> str:
    return f"{round(number, 1):g}"
