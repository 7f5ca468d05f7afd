"""A child is handed a list of its parent: it takes the columns that its form asks, as rows of its own."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.decision import Accepted, Decision
from engine.core.kind import rows_in
from tests.process import library
from tests.unit.core.household import Household

PARENT = """workflow: job
version: 1
title: 维修
owner: boss
organisation: shop
number: "J{yy}-{seq:04}"
fields:
  needed:
    type: list
    title: 所需
    key: part
    of:
      part:   {type: text, title: 物料}
      pieces: {type: integer, title: 件数}
      grade:  {type: choice, title: 等级, choices: {new: 全新, used: 翻新}}
      fitted: {type: boolean, title: 已装}
start:
  open: {title: 受理, by: desk, asks: {rows: needed, columns: [part, pieces, grade], whole: true}, to: working}
states:
  working:
    title: 维修中
    transitions:
      request:
        title: 申请
        by: bench
        starts: {workflow: store, as: parts, with: {wanted: needed}, at_end: cancel(withdraw)}
        to: stay
      fit: {title: 装配, by: bench, asks: {rows: needed, columns: [fitted]}, to: stay}
      end: {title: 结束, by: bench, requires: [{that: every(fitted otherwise false of needed), say: 未装}], to: done}
  done: {title: 完成, final: success}
"""
CHILD = """workflow: store
version: 1
title: 备料
owner: boss
organisation: shop
number: "S{yy}-{seq:04}"
fields:
  wanted:
    type: list
    title: 申请
    key: part
    of:
      part:   {type: text, title: 物料}
      pieces: {type: integer, title: 件数, min: 1}
      grade:  {type: choice, title: 等级, choices: {used: 翻新, new: 全新, any: 不限}}
      picked: {type: integer, title: 实备}
      short:  {type: integer, title: 欠数, computed: pieces - picked}
start:
  request: {title: 领料, by: parent, asks: wanted, to: picking}
states:
  picking:
    title: 备料
    transitions:
      pick:
        title: 备料
        by: [store, bench]
        asks: [{rows: wanted, columns: [picked]}]
        to: [{when: every(short <= 0 of wanted), then: issued}, {else: stay}]
      withdraw: {title: 撤回, by: [parent, store], to: withdrawn}
  issued:    {title: 已出库, final: success}
  withdrawn: {title: 已撤回, final: abandoned}
"""


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), [(each.code, each.sentence.en) for each in decision.reasons]
    return decision


def job(*needed: dict[str, Any]) -> Household:
    house = Household(PARENT, CHILD)
    accepted(house.open("job", needed=list(needed)))
    return house


def test_the_child_takes_the_columns_that_it_asks_as_rows_of_its_own() -> None:
    house = job({"part": "屏幕", "pieces": 1, "grade": "new"}, {"part": "电池", "pieces": 2, "grade": "used"})
    accepted(house.do("N-1", "fit", needed=[{"part": "屏幕", "fitted": True}, {"part": "电池", "fitted": False}]))
    accepted(house.do("N-1", "request"))

    (child,) = house.children("N-1", "parts")
    assert [(row.id, dict(row.cells)) for row in rows_in(child.data["wanted"])] == [
        ("1.1", {"part": "屏幕", "pieces": 1, "grade": "new"}),
        ("1.2", {"part": "电池", "pieces": 2, "grade": "used"}),
    ]
    accepted(house.do(child.number, "pick", wanted=[{"part": "屏幕", "picked": 1}, {"part": "电池", "picked": 2}]))
    assert house.case(child.number).state == "issued"
    assert all("picked" not in row.cells for row in rows_in(house.case("N-1").data["needed"]))


def test_rows_that_the_child_cannot_take_refuse_the_step() -> None:
    house = job({"part": "屏幕", "pieces": 0, "grade": "new"})

    refusal = house.do("N-1", "request")
    assert not isinstance(refusal, Accepted)
    assert [(each.code, each.subject) for each in refusal.reasons] == [("data_invalid", "wanted")]


@pytest.mark.parametrize(
    ("text", "change", "code"),
    [
        ("parent", ("{wanted: needed}", "{wanted: nedeed}"), "unknown-field"),
        ("parent", ("{wanted: needed}", "{wanted: count(needed)}"), "unknown-field"),
        ("parent", ("      pieces: {type: integer, title: 件数}\n", "      pieces: {type: text, title: 件数}\n"), "type-mismatch"),
        ("child", ("used: 翻新, new: 全新, any", "used: 翻新, any"), "type-mismatch"),
        ("child", ("      part:   {", "      place: {type: text, title: 位置}\n      part:   {"), "child-field-missing"),
        ("parent", ("columns: [part, pieces, grade], whole", "columns: [part, pieces, grade?], whole"), "may-be-empty"),
    ],
)
def test_a_list_that_does_not_fit_is_named(text: str, change: tuple[str, str], code: str) -> None:
    parent, child = (each.replace(*change) if text == name else each for name, each in (("parent", PARENT), ("child", CHILD)))
    assert (parent, child) != (PARENT, CHILD)

    assert [one.code for one in library(parent, child).diagnostics] == [code]


def test_a_column_more_of_the_child_makes_its_parent_another() -> None:
    more = CHILD.replace("      part:   {", "      place: {type: text, title: 位置}\n      part:   {")
    wide = PARENT.replace("      fitted:", "      place: {type: text, title: 位置}\n      fitted:")
    wide = wide.replace("[part, pieces, grade]", "[part, pieces, grade, place]")
    plain, asked = (library(wide, child).checked[0].compiled.digest for child in (CHILD, more))
    assert plain != asked
