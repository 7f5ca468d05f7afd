"""Of every shipped process, in both languages: no two boxes overlap, no line runs through a box or along another line."""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise

import pytest

from engine.authoring.diagram.drawing import draw
from engine.authoring.diagram.figure import START, figure
from engine.authoring.diagram.layout import Layout, Place, Route, laid_out
from engine.label import Language
from tests.process import definition
from tests.unit.diagram.shipped import LANGUAGES, definitions, drawings, marked

CASES = [(workflow, language) for workflow in definitions() for language in LANGUAGES]
Stretch = tuple[float, float, float, float]
"""A straight piece of line: left, top, right, bottom."""


@cache
def layout(workflow: str, language: Language) -> Layout:
    drawing = drawings()[workflow]
    return laid_out(drawing, figure(drawing, language, marked(drawing)))


def stretches(route: Route) -> list[Stretch]:
    return [(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pairwise(route.points)]


def overlaps(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def within(place: Place) -> Stretch:
    """The inside of a box, without its border."""
    return place.x + 0.1, place.y + 0.1, place.x + place.width - 0.1, place.y + place.box.height - 0.1


@pytest.mark.parametrize(("workflow", "language"), CASES)
def test_no_two_boxes_overlap_and_all_are_on_the_canvas(workflow: str, language: Language) -> None:
    found = layout(workflow, language)

    assert [(one.box.id, two.box.id) for one, two in combinations(found.places, 2) if overlaps(within(one), within(two))] == []
    for place in found.places:
        assert place.x >= 0
        assert place.y >= 0
        assert place.x + place.width <= found.width + 0.1
        assert place.y + place.box.height <= found.height + 0.1


@pytest.mark.parametrize(("workflow", "language"), CASES)
def test_no_line_runs_through_a_box(workflow: str, language: Language) -> None:
    found = layout(workflow, language)

    for route in found.routes:
        for left, top, right, bottom in stretches(route):
            assert left == right or top == bottom, route.link
            crossed = [
                place.box.id for place in found.places if overlaps((left - 0.01, top - 0.01, right + 0.01, bottom + 0.01), within(place))
            ]
            assert crossed == [], route.link


@pytest.mark.parametrize(("workflow", "language"), CASES)
def test_no_line_runs_along_another(workflow: str, language: Language) -> None:
    found = layout(workflow, language)
    routes = [(route.link, stretches(route)) for route in found.routes if route.link.tail != START]

    for (link, ones), (other, twos) in combinations(routes, 2):
        for one in ones:
            for two in twos:
                upright = one[0] == one[2] and two[0] == two[2] and abs(one[0] - two[0]) < 3 and one[1] < two[3] and two[1] < one[3]
                level = one[1] == one[3] and two[1] == two[3] and abs(one[1] - two[1]) < 3 and one[0] < two[2] and two[0] < one[2]
                assert not upright, (link, other)
                assert not level, (link, other)


@pytest.mark.parametrize("workflow", definitions())
def test_each_line_joins_the_borders_of_its_two_boxes(workflow: str) -> None:
    found = layout(workflow, "en")
    places = {place.box.id: place for place in found.places}

    for route in found.routes:
        for end, (x, y) in ((route.link.tail, route.points[0]), (route.link.head, route.points[-1])):
            place = places[end]
            assert place.x <= x <= place.x + place.width, route.link
            assert y == pytest.approx(place.y) or y == pytest.approx(place.y + place.box.height), route.link


def test_phases_lie_below_each_other_and_hold_their_states() -> None:
    found = layout("phone-repair", "zh")
    places = {place.box.id: place for place in found.places}

    for strip, following in pairwise(found.strips):
        assert strip.bottom == following.top
    for strip in found.strips:
        for state in strip.band.states:
            place = places[f"state {state}"]
            assert strip.top < place.y < place.y + place.box.height <= strip.bottom


def test_circles_ways_back_and_states_that_nobody_enters_are_laid_out_too() -> None:
    tangled = """
fields: {n: {type: integer, title: 数}}
start: {open: {title: 开, by: desk, asks: n, to: [{when: n < 5, then: one}, {else: three}]}}
states:
  one: {title: 一, phase: work, transitions: {a: {title: 甲, by: desk, to: two}, b: {title: 乙, by: desk, to: three}}}
  two: {title: 二, phase: work, transitions: {c: {title: 丙, by: desk, to: three}, d: {title: 丁, by: desk, to: one}}}
  three:
    title: 三
    phase: request
    transitions:
      e: {title: 戊, by: desk, to: one}
      f: {title: 己, by: desk, to: [{when: n < 1, then: one}, {when: n == 1, then: two}, {when: n > 1, then: over}]}
  over: {title: 完, final: success, transitions: {g: {title: 庚, by: desk, to: [{when: n < 1, then: one}, {else: two}]}}}
"""
    drawing = draw(definition(tangled))

    found = laid_out(drawing, figure(drawing, "zh", None))

    assert len(found.places) == len(figure(drawing, "zh", None).boxes)
    assert [(one.box.id, two.box.id) for one, two in combinations(found.places, 2) if overlaps(within(one), within(two))] == []
    assert {route.link.head for route in found.routes if route.goes_up} >= {"state one"}
