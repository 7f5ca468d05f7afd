"""Titles that can be told apart and are in their language, fields that are asked for a purpose, ladders in their order."""

from __future__ import annotations

import pytest

from engine.authoring.document import read
from engine.authoring.library import check_documents
from tests.process import ROLES, SUPPLIES, codes, library, written

TEXT = """
fields:
  a: {{type: text, title: {{zh: 甲, en: First}}}}
  b: {{type: text, title: {{zh: {zh}, en: {en}}}}}
start:
  open: {{title: {{zh: 受理, en: Open}}, by: desk, asks: [a, b], to: work}}
states:
  work:
    title: {{zh: 办理, en: Work}}
    transitions: {{close: {{title: {{zh: 结案, en: Close}}, by: desk, shows: [a, b], to: done}}}}
  done: {{title: {{zh: 完成, en: Done}}, final: success}}
"""

HEAD = 'workflow: parcel\nversion: 1\ntitle: {zh: 收件, en: Parcel}\nowner: boss\norganisation: shop\nnumber: "P{yy}-{seq:04}"\n'


def told(text: str) -> list[str]:
    """Every code, those about tidiness included."""
    return [one.code for one in check_documents([read((HEAD + text).encode(), "a.yaml")], ROLES, SUPPLIES).diagnostics]


@pytest.mark.parametrize(
    ("zh", "en", "codes"),
    [
        ("乙", "Second", []),
        ("IMEI", "IMEI", []),
        ("400", "400", []),
        ("'±'", "'±'", []),
        ("VIN 码", "VIN", []),
        ("乙", "VIN 码", ["title-in-other-language"]),
        ("Second", "Second", ["title-in-other-language"]),
        ("甲", "Second", ["same-title"]),
        ("乙", "first", ["same-title"]),
        ("甲", "First", ["same-title"]),
    ],
)
def test_each_title_is_in_its_language_and_only_once(zh: str, en: str, codes: list[str]) -> None:
    assert told(TEXT.format(zh=zh, en=en)) == codes


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (("shows: [a, b]", "shows: a"), ["asked-never-used"]),
        (("shows: [a, b]", "shows: a, set: {a: b}"), []),
        (("shows: [a, b]", "shows: a, asks: b"), ["asked-never-used"]),
        (("asks: [a, b], to: work", "asks: a, to: work"), []),
        (("en: Second}", "en: Second}, unique: ever"), []),
        (("en: Second}", "en: Second}, source: shop/b"), []),
        (("by: desk, asks", "by: [desk, parent], asks"), []),
        (("fields:", "subject: {kind: device, key: b}\nfields:"), []),
        (("fields:", "summary: b\nfields:"), []),
    ],
)
def test_what_is_asked_is_used(change: tuple[str, str], codes: list[str]) -> None:
    text = TEXT.format(zh="乙", en="Second").replace(*change)
    if "asks: a, to: work" in text:
        text = text.replace("shows: [a, b]", "shows: a, asks: b")  # on the way to the end it is a record
    if change[0].startswith("shows") and "asks: b" in text:
        text = text.replace("to: done", "to: [{when: a == 'x', then: done}, {else: stay}]")

    assert told(text) == codes


CLOCK = """
fields:
  on: {{type: date, title: 日}}
start:
  open: {{title: 受理, by: desk, asks: on, to: work}}
states:
  work: {{title: 办理, transitions: {{close: {{title: 结案, by: desk, to: done}}}}}}
  done: {{title: 完成, final: success}}
calendar: desk-hours
clocks:
  watch: {{title: 时限, runs_in: work, limit: {limit}, {more}ladder: [{rungs}]}}
"""


def ladder(limit: str, *points: str, more: str = "") -> list[str]:
    rungs = ", ".join(f"{{at: {point}, tell: boss, template: overdue}}" for point in points)
    return codes(CLOCK.format(limit=limit, rungs=rungs, more=more))


@pytest.mark.parametrize(
    ("limit", "points"),
    [
        ("4wh", ("75%", "50%")),
        ("4wh", ("due", "due - 1wh")),
        ("4wh", ("due + 1wd", "due")),
        ("4wh", ("due + 1d", "due - 1wh")),
        ("4wh", ("75%", "due - 2wh")),
        ("10d", ("7d", "3d")),
        ("10d", ("due - 2d", "7d")),
        ("10d", ("due", "9d")),
    ],
)
def test_rungs_that_are_surely_in_the_wrong_order_are_told(limit: str, points: tuple[str, ...]) -> None:
    assert ladder(limit, *points) == ["ladder-out-of-order"]


@pytest.mark.parametrize(
    ("limit", "points", "more"),
    [
        ("4wh", ("50%", "75%", "due - 30m", "due", "due + 1wh", "due + 1wd"), ""),
        ("4wh", ("75%", "due - 2h"), ""),
        ("10d", ("3d", "7d", "due"), ""),
        ("10d", ("due + 1wd", "due + 2d", "due + 1wd"), ""),
        ("10d", ("75%", "due - 5d"), "due: on, "),
    ],
)
def test_an_order_that_depends_on_the_calendar_is_left_alone(limit: str, points: tuple[str, ...], more: str) -> None:
    assert "ladder-out-of-order" not in ladder(limit, *points, more=more)


def test_the_same_person_is_told_once_at_one_point() -> None:
    def twice(first: str, second: str, more: str = "") -> list[str]:
        rungs = f"{{at: due, tell: {first}, template: overdue}}, {{at: due, tell: {second}, template: due-soon{more}}}"
        text = written(CLOCK.format(limit="4wh", rungs=rungs, more=""))
        return [
            one.code for one in check_documents([read(text.encode(), "a.yaml")], ROLES, SUPPLIES).diagnostics if one.code == "rung-twice"
        ]

    assert twice("boss", "[desk, boss]") == ["rung-twice"]
    assert twice("boss", "desk") == twice("boss", "boss", ", when: on < today()") == []


def test_a_way_on_which_a_field_is_empty_is_shown() -> None:
    text = """
fields:
  a: {type: integer, title: 甲}
start:
  open: {title: 受理, by: desk, asks: a, to: one}
states:
  one: {title: 一, transitions: {on: {title: 往, by: desk, to: two}, off: {title: 清, by: desk, clears: a, to: two}}}
  two: {title: 二, transitions: {go: {title: 走, by: desk, to: three}}}
  three: {title: 三, transitions: {end: {title: 完, by: desk, requires: [{that: a > 0, say: 须大}], to: done}}}
  done: {title: 完成, final: success}
"""
    (one,) = library(text).diagnostics

    assert (one.code, one.sentence.zh) == ("may-be-empty", "此处应为必有的值，实际“a”可能为空（open → off → go）")
