"""A picture of a process with one case on it: the same picture, a flag in words on the present state, a tick on each that lies behind."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from engine.authoring.diagram.marks import Whereabouts
from engine.authoring.diagram.svg import svg
from tests.unit.diagram.shipped import drawings

SVG = "{http://www.w3.org/2000/svg}"
WHERE = Whereabouts("repairing", frozenset({"received", "diagnosing", "repairing"}))


def boxes(text: str) -> list[str]:
    """Every state and step with its place."""
    return re.findall(r'<rect class="(?:state|step|success|failure|abandoned|many)[^>]*>', text)


def test_nothing_moves_for_it() -> None:
    drawing = drawings()["phone-repair"]
    assert boxes(svg(drawing, "en", None, WHERE)) == boxes(svg(drawing, "en"))
    assert boxes(svg(drawing, "en", None, Whereabouts("returning"))) == boxes(svg(drawing, "en"))


def test_the_present_state_is_flagged_in_words_and_those_behind_are_ticked() -> None:
    drawing = drawings()["phone-repair"]
    text = svg(drawing, "zh", None, WHERE)
    assert text.count("工单在此") == 1
    assert text.count('class="tick"') == 2
    assert "✓ 工单经过的状态" in text
    assert "工单在此" not in svg(drawing, "zh")


def test_a_view_shows_the_surroundings_of_the_present_state_and_stays_within_the_picture() -> None:
    drawing = drawings()["phone-repair"]
    for state in drawing.nodes:
        tree = ElementTree.fromstring(svg(drawing, "en", None, Whereabouts(state)))
        view = tree.find(f"{SVG}view")
        assert view is not None
        x, y, across, down = map(float, view.attrib["viewBox"].split())
        assert view.attrib["id"] == "here"
        assert 0 <= x <= float(tree.attrib["width"]) - across
        assert 0 <= y <= float(tree.attrib["height"]) - down


@pytest.mark.parametrize(("theme", "asks"), [("auto", True), ("light", False), ("dark", False)])
def test_it_is_as_bright_as_was_asked(theme: str, asks: bool) -> None:
    drawing = drawings()["phone-repair"]
    text = svg(drawing, "en", None, WHERE, theme)  # type: ignore[arg-type]
    assert ("prefers-color-scheme" in text) is asks
    assert (".flag{fill:#4fd1c1}" in text) is (theme != "light")
