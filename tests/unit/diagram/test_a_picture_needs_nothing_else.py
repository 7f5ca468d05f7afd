"""The SVG is one file: well-formed, nothing to run, nothing to fetch, all text within it, and the same each time."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from engine.authoring.diagram.drawing import draw
from engine.authoring.diagram.measure import width
from engine.authoring.diagram.svg import svg
from engine.label import Language
from tests.process import definition
from tests.unit.diagram.shipped import LANGUAGES, definitions, drawings, marked

CASES = [(workflow, language) for workflow in definitions() for language in LANGUAGES]
DRAWN = {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = """
workflow: parcel
version: 1
title: {zh: '</title><script>alert(1)</script>', en: '"]]> &amp; <b>'}
owner: boss
organisation: shop
number: "P{yy}-{seq:04}"
fields: {a: {type: text, title: {zh: 甲, en: A}}}
start: {open: {title: {zh: '" onload="x', en: "' onclick='x"}, by: desk, to: one}}
states:
  one:
    title: {zh: '<img src=x>', en: '</text></svg>'}
    transitions: {end: {title: {zh: '--> [*]', en: '"| end; click'}, by: desk, to: gone}}
  gone: {title: {zh: 完成, en: ']]>'}, final: success}
"""


@pytest.mark.parametrize(("workflow", "language"), CASES)
def test_it_is_well_formed_and_holds_nothing_to_run_or_to_fetch(workflow: str, language: Language) -> None:
    drawing = drawings()[workflow]
    for marks in (None, marked(drawing)):
        text = svg(drawing, language, marks)
        tree = ElementTree.fromstring(text)

        assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= DRAWN
        assert {
            name for element in tree.iter() for name in element.attrib if name.startswith("on") or "href" in name or name == "style"
        } == set()
        assert re.findall(r"url\(|@import|https?://", text.replace('xmlns="http://www.w3.org/2000/svg"', "")) == []


@pytest.mark.parametrize(("workflow", "language"), CASES)
def test_all_text_is_within_the_picture(workflow: str, language: Language) -> None:
    tree = ElementTree.fromstring(svg(drawings()[workflow], language, marked(drawings()[workflow])))
    across, down = float(tree.attrib["width"]), float(tree.attrib["height"])

    inner = tree.find(f"{SVG}g")
    assert inner is not None
    left, top = (float(number) for number in re.findall(r"[\d.]+", inner.attrib["transform"]))
    shifted = {id(element) for element in inner.iter()}
    seen = 0
    for element in tree.iter(f"{SVG}text"):
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        if id(element) in shifted:
            x, y = x + left, y + top
        assert 0 <= x <= x + width(element.text or "", float(element.attrib["font-size"])) <= across, element.text
        assert 0 <= y <= down, element.text
        seen += 1
    assert seen > len(drawings()[workflow].nodes)


def test_it_is_the_same_each_time() -> None:
    compiled = definitions()["phone-repair"]

    assert svg(draw(compiled), "zh") == svg(draw(compiled), "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_titles_stay_text(language: Language) -> None:
    drawing = draw(definition(HOSTILE))

    tree = ElementTree.fromstring(svg(drawing, language))

    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= DRAWN
    assert tree.findtext(f"{SVG}title") == drawing.title.within(language)
    texts = "".join(element.text or "" for element in tree.iter(f"{SVG}text"))
    assert drawing.nodes["one"].title.within(language).replace(" ", "") in texts.replace(" ", "")


def test_marks_are_colours_counts_and_a_legend() -> None:
    drawing = drawings()["phone-callback"]

    text = svg(drawing, "en", marked(drawing))

    assert re.search(r'class="covered-line" [^>]*stroke="#1e8449"', text)
    assert re.search(r'class="never-line" [^>]*stroke-dasharray="6 4"', text)
    assert "×3" in text
    assert "never taken by a scenario" in text
    assert "covered" not in re.sub(r"<style>.*</style>", "", svg(drawing, "en"))
