"""Rows of a list: whole, or some cells of each; which row is meant, what is wrong with one, and what is calculated for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.command import Fire
from engine.core.decision import Refused
from engine.core.kind import Row
from tests.process import Walk, coded, codes, definition

REQUEST = """
fields:
  factor: {type: integer, title: 系数}
  lines:
    type: list
    title: 明细
    key: [part]
    rows: {max: 4}
    of:
      part:     {type: text, title: 物料}
      grade:    {type: choice, title: 等级, choices: {new: 全新, used: 旧件}}
      quantity: {type: integer, title: 数量, min: 1}
      note:     {type: text, title: 说明}
      approved: {type: integer, title: 批准}
      open:     {type: integer, title: 未到, computed: quantity - (approved otherwise 0)}
      price:    {type: integer, title: 价格, computed: open * factor}
      done:     {type: boolean, title: 完成}
  marks:
    type: list
    title: 标记
    of:
      place: {type: text, title: 位置}
      by:    {type: person, title: 人员, role: bench}
  total: {type: integer, title: 合计, computed: sum(quantity of lines)}
  price_of_all: {type: integer, title: 总价, computed: sum(price of lines)}
start:
  open:
    title: 填写
    by: desk
    asks: [{rows: lines, columns: [part, grade?, quantity, note?], add: true}, factor?, marks?]
    to: checking
states:
  checking:
    title: 待批
    transitions:
      change:  {title: 修改, by: desk, asks: lines, to: stay}
      recast:  {title: 重列, by: desk, asks: {rows: lines, columns: [part, quantity, note?], whole: true}, to: stay}
      approve:
        title: 批准
        by: boss
        asks: [{rows: lines, columns: [approved]}]
        requires: [{that: every(approved <= quantity of lines), say: 超出申请}]
        to: working
      mark:    {title: 标记, by: desk, asks: [{rows: marks, columns: [place?]}], to: stay}
  working:
    title: 处理
    transitions:
      finish:
        title: 完成
        by: bench
        asks: [{rows: lines, columns: [done]}]
        to: [{when: every(done of lines), then: closed}, {else: stay}]
      again:  {title: 重来, by: boss, set: {lines: {done: false, approved: quantity}}, to: stay}
      more:   {title: 增项, by: desk, asks: [{rows: lines, columns: [part, quantity], add: true}], to: stay}
  closed: {title: 结束, final: success}
"""
PROCESS = definition(REQUEST)

TWO = [{"part": "SCR-1", "quantity": 2, "grade": "全新"}, {"part": "BAT-1", "quantity": "4"}]


def opened(**data: Any) -> Walk:
    walk = Walk(PROCESS)
    walk.open("dan", **{"lines": TWO, **data})
    return walk


def cells(walk: Walk, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.cells.get(name) for name in names) for row in rows(walk)]


def rows(walk: Walk, name: str = "lines") -> tuple[Row, ...]:
    found = walk.case.data.get(name, ())
    assert isinstance(found, tuple)
    return tuple(row for row in found if isinstance(row, Row))


def said(reasons: tuple[Any, ...]) -> list[str]:
    return [reason.sentence.en for reason in reasons]


def test_new_rows_have_ids_of_their_entry_and_are_calculated() -> None:
    walk = opened(factor=10)
    assert [row.id for row in rows(walk)] == ["1.1", "1.2"]
    assert cells(walk, "part", "quantity", "grade", "open", "price") == [("SCR-1", 2, "new", 2, 20), ("BAT-1", 4, None, 4, 40)]
    assert (walk.case.data["total"], walk.case.data["price_of_all"]) == (6, 60)


def test_what_an_operand_lacks_is_missing_in_every_row() -> None:
    walk = opened()
    assert cells(walk, "price") == [(None,), (None,)]
    assert "price_of_all" not in walk.case.data


def test_rows_may_come_as_json() -> None:
    assert cells(opened(lines='[{"part": "SCR-1", "quantity": 2}]'), "part", "quantity") == [("SCR-1", 2)]


def test_whole_rows_replace_the_list_and_keep_the_ids_of_their_keys() -> None:
    walk = opened()
    walk.do(
        "change",
        "dan",
        lines=[{"part": "CAM-1", "quantity": 1}, {"part": "BAT-1", "quantity": 5}, {"row": "1.1", "part": "SCR-2", "quantity": 3}],
    )
    assert [(row.id, row.cells["part"], row.cells["quantity"]) for row in rows(walk)] == [
        ("2.1", "CAM-1", 1),
        ("1.2", "BAT-1", 5),
        ("1.1", "SCR-2", 3),
    ]


def test_whole_rows_of_some_columns_keep_what_is_not_asked() -> None:
    walk = opened()
    walk.do("recast", "dan", lines=[{"part": "BAT-1", "quantity": 5}, {"part": "CAM-1", "quantity": 1, "note": "加急"}])
    assert [(row.id, row.cells.get("note")) for row in rows(walk)] == [("1.2", None), ("2.1", "加急")]
    walk.do("change", "dan", lines=[{"part": "BAT-1", "quantity": 5, "grade": "new"}])
    walk.do("recast", "dan", lines=[{"part": "BAT-1", "quantity": 6}])
    assert cells(walk, "part", "quantity", "grade") == [("BAT-1", 6, "new")]
    assert said(walk.refused("recast", "dan", lines=[])) == ["明细: must be filled"]
    assert said(walk.refused("recast", "dan", lines=[{"part": "BAT-1"}])) == ["明细: row 1, 数量: must be filled"]


def test_an_id_is_never_given_again() -> None:
    walk = opened()
    walk.do("change", "dan", lines=[{"part": "CAM-1", "quantity": 1}])
    walk.do("change", "dan", lines=TWO)
    assert [row.id for row in rows(walk)] == ["3.1", "3.2"]


def test_some_cells_of_every_row_by_key_in_any_order() -> None:
    walk = opened()
    walk.do("approve", "bea", lines=[{"part": "BAT-1", "approved": 3}, {"part": "SCR-1", "approved": 2}])
    assert cells(walk, "part", "quantity", "grade", "approved", "open") == [("SCR-1", 2, "new", 2, 0), ("BAT-1", 4, None, 3, 1)]


def test_without_a_key_by_order_or_by_the_name_of_the_row() -> None:
    walk = opened(marks=[{"place": "a", "by": "tom"}, {"place": "b", "by": "tim"}])
    walk.do("mark", "dan", marks=[{"place": "c"}, {"place": "d"}])
    assert [row.cells for row in rows(walk, "marks")] == [{"place": "c", "by": "tom"}, {"place": "d", "by": "tim"}]
    walk.do("mark", "dan", marks=[{"row": "1.4", "place": "e"}])
    assert [row.cells for row in rows(walk, "marks")] == [{"by": "tom"}, {"place": "e", "by": "tim"}]
    assert said(walk.refused("mark", "dan", marks=[{"place": "c"}])) == ["标记: expected 2 rows, found 1"]


def test_new_rows_beside_those_that_are_there() -> None:
    walk = opened()
    walk.do("approve", "bea", lines=[{"row": "1.1", "approved": 2}, {"row": "1.2", "approved": 4}])
    walk.do("more", "dan", lines=[{"part": "SCR-1", "quantity": 2}, {"part": "BAT-1", "quantity": 4}, {"part": "CAM-1", "quantity": 1}])
    assert [(row.id, row.cells["part"], row.cells.get("approved")) for row in rows(walk)] == [
        ("1.1", "SCR-1", 2),
        ("1.2", "BAT-1", 4),
        ("3.1", "CAM-1", None),
    ]


def test_a_column_is_set_in_every_row_by_the_values_before() -> None:
    walk = opened()
    walk.do("approve", "bea", lines=[{"row": "1.1", "approved": 1}, {"row": "1.2", "approved": 1}])
    walk.do("finish", "tom", lines=[{"part": "SCR-1", "done": "是"}, {"part": "BAT-1", "done": False}])
    walk.do("again", "bea")
    assert cells(walk, "done", "approved", "open") == [(False, 2, 0), (False, 4, 0)]


def test_the_rows_decide_where_the_case_goes() -> None:
    walk = opened()
    walk.do("approve", "bea", lines=[{"row": "1.1", "approved": 1}, {"row": "1.2", "approved": 1}])
    done = [{"part": "SCR-1", "done": True}, {"part": "BAT-1", "done": True}]
    assert walk.do("finish", "tom", lines=done).state == "closed"


def test_an_unmet_condition_names_the_rows_that_decided() -> None:
    (reason,) = opened().refused("approve", "bea", lines=[{"row": "1.1", "approved": 1}, {"row": "1.2", "approved": 9}])
    assert (reason.code, [(shown.name, shown.value.en) for shown in reason.values]) == (
        "guard_unmet",
        [("every(approved <= quantity of lines)", "no (row 2)")],
    )


FAULTS: list[tuple[Any, list[str]]] = [
    ([{"part": "A"}], ["row 1, 数量: must be filled"]),
    (
        [{"part": "A", "quantity": "x"}, {"quantity": 0}],
        ["row 1, 数量: expected a whole number, found “x”", "row 2, 物料: must be filled", "row 2, 数量: must not be less than 1"],
    ),
    ([{"part": "A", "quantity": 1}, {"part": " A", "quantity": 2}], ["rows 1 and 2 have the same 物料"]),
    ([{"part": "A", "quantity": 1, "qunatity": 1}], ["row 1: there is no column “qunatity”. Did you mean “quantity”?"]),
    (
        [{"part": "A", "quantity": 1, "颜色": "红"}],
        ["row 1: there is no column “颜色”; there are: 物料, 等级, 数量, 说明, 批准, 完成"],
    ),
    ([{"part": "A", "quantity": 1, "数 量": 1}], ["row 1: there is no column “数 量”. Did you mean “数量”?"]),
    ([{"part": "A", "quantity": 1, "open": 1}], ["row 1, 未到: is not asked for in this step"]),
    ([{"row": "9.9", "part": "A", "quantity": 1}], ["row 1: there is no row “9.9”"]),
    ([{"row": "1.1", "part": "A", "quantity": 1}, {"row": "1.1", "part": "B", "quantity": 1}], ["row 2: the same row is given twice"]),
    ([{"part": str(n), "quantity": 1} for n in range(5)], ["expected at most 4 rows, found 5"]),
    ([], ["must be filled"]),
    ("no json", ["expected a list of rows, found “no json”"]),
    ([1], ["expected a list of rows, found “1”"]),
    ("[" * 100_000, ["expected a list of rows, found “" + "[" * 59 + "…”"]),
    ({"part": "A"}, ["expected a list of rows, found “{…}”"]),
]


@pytest.mark.parametrize(("given", "expected"), FAULTS)
def test_every_fault_is_told_with_its_row_and_column(given: Any, expected: list[str]) -> None:
    reasons = opened().refused("change", "dan", lines=given)
    assert coded(reasons) == [("data_invalid", "lines")] * len(expected)
    assert said(reasons) == [f"明细: {sentence}" for sentence in expected]


def test_cells_of_rows_that_are_not_there_or_not_given() -> None:
    walk = opened()
    one = {"part": "SCR-1", "approved": 1}
    assert said(walk.refused("approve", "bea", lines=[one])) == ["明细: row 2 “BAT-1” is missing"]
    both = [one, {"part": "BAT-1", "approved": 1}, {"part": "CAM-1", "approved": 1}]
    assert said(walk.refused("approve", "bea", lines=both))[0] == "明细: row 3: there is no row “CAM-1”, and this step adds none"
    moved = [one, {"row": "1.2", "part": "CAM-1", "approved": 1}]
    assert said(walk.refused("approve", "bea", lines=moved)) == ["明细: row 2, 物料: is not asked for in this step"]


def test_a_person_in_a_row_must_hold_the_role() -> None:
    assert said(Walk(PROCESS).not_opened("dan", lines=TWO, marks=[{"place": "a", "by": "dan"}])) == [
        "标记: row 1, 人员: “dan” does not hold the role “Bench” now"
    ]


def test_a_correction_fills_cells_anew_and_empties_none() -> None:
    walk = opened()
    walk.correct("bea", lines=[{"part": "BAT-1", "quantity": 7, "note": ""}, {"row": "1.1", "part": "SCR-9"}])
    assert cells(walk, "part", "quantity", "grade") == [("SCR-9", 2, "new"), ("BAT-1", 7, None)]
    assert [row.id for row in rows(walk)] == ["1.1", "1.2"]
    assert walk.case.data["total"] == 9
    assert said(walk.not_corrected("bea", lines=[{"part": "CAM-1", "quantity": 1}])) == [
        "明细: row 1: there is no row “CAM-1”, and this step adds none"
    ]


def test_a_rule_that_reads_a_cell_nobody_must_fill_is_told() -> None:
    early = REQUEST.replace(
        "asks: lines, to: stay", "asks: lines, requires: [{that: count(lines where approved > 1) == 0, say: 不行}], to: stay"
    )
    assert codes(early) == ["may-be-empty"]
    safe = early.replace("approved > 1)", "(approved otherwise 0) > 1)")
    assert codes(safe) == []


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["1.1", "1.2", "SCR-1", "2", "new"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["row", "part", "quantity", "approved", "grade", "place", ""]) | st.text(max_size=2), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(step=st.sampled_from(["change", "approve", "mark"]), junk=JUNK)
def test_nothing_that_is_given_for_rows_breaks_a_decision(step: str, junk: object) -> None:
    walk = opened(marks=[{"place": "a", "by": "tom"}, {"place": "b", "by": "tim"}])
    name = "marks" if step == "mark" else "lines"
    decision = walk.decide(Fire(step, {name: junk}), "bea" if step == "approve" else "dan")
    if not isinstance(decision, Refused):
        assert len({row.id for row in rows(walk, name)}) == len(rows(walk, name))


ALIKE = definition("""
fields:
  rate: {type: integer, title: 费率}
  lines:
    type: list
    title: 明细
    key: part
    of:
      part:  {type: text, title: 物料}
      state: {type: choice, title: 状态, choices: {good: 良好, bad: 损坏}}
      hours: {type: integer, title: 工时, max: 9}
      cost:  {type: integer, title: 费用, computed: hours * rate}
  extra: {type: list, title: 增项, like: lines}
start:
  open: {title: 填写, by: desk, asks: [rate, lines, extra], to: signing}
states:
  signing:
    title: 会签
    transitions:
      agree:
        title: 同意
        by: [bench, desk]
        asks: [{rows: lines, columns: [hours]}, extra]
        approvals: {at_least: '2'}
        requires: [{that: sum(cost of extra) > 0 and count(extra where state == good) > 0, say: 须有费用}]
        to: done
  done: {title: 结束, final: success}
""")
GOOD = {"part": "A", "state": "good", "hours": 1}


def test_a_list_like_another_has_its_columns_its_key_and_what_they_calculate() -> None:
    walk = Walk(ALIKE)
    walk.open("dan", rate=10, lines=[GOOD], extra=[{**GOOD, "hours": 2}, {**GOOD, "part": "B"}])
    assert [row.cells["cost"] for row in rows(walk, "extra")] == [20, 10]
    assert len({row.id for row in (*rows(walk), *rows(walk, "extra"))}) == 3
    assert "增项: row 2: the same row is given twice" in said(
        walk.refused("agree", "tom", lines=[{"part": "A", "hours": 1}], extra=[GOOD, GOOD])
    )


def test_rows_that_several_sign_are_those_of_the_first() -> None:
    walk = Walk(ALIKE)
    walk.open("dan", rate=10, lines=[GOOD], extra=[GOOD])
    walk.do("agree", "tom", lines=[{"part": "A", "hours": 3}], extra=[{**GOOD, "part": "B", "hours": 4}])
    assert rows(walk)[0].cells["hours"] == 1
    walk.do("agree", "tim")
    assert (walk.case.state, rows(walk)[0].cells, [row.cells["cost"] for row in rows(walk, "extra")]) == (
        "done",
        {"part": "A", "state": "good", "hours": 3, "cost": 30},
        [40],
    )
