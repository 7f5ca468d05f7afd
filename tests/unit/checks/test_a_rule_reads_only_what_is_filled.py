"""Which reads the check of definite assignment accepts and which it names; one place is named once."""

from __future__ import annotations

import pytest

from engine.authoring.checks.data import filled_in
from tests import process
from tests.process import definition, library

FRAME = """
fields:
  a: {{type: integer, title: 甲}}
  b: {{type: integer, title: 乙}}
  sum: {{type: integer, title: 和, computed: a + b}}
  most: {{type: integer, title: 或, computed: a otherwise b}}
  either: {{type: integer, title: 择, computed: [{{when: yes_no, then: a}}, {{else: b}}]}}
  yes_no: {{type: boolean, title: 是否}}
  kind: {{type: choice, title: 类, choices: {{x: 甲, y: 乙}}}}
  who: {{type: person, title: 人}}
start:
  open: {{title: 受理, by: desk, {start}, to: work}}
states:
  work:
    title: 办理
    transitions:
      step: {{title: 步骤, by: desk, {step}}}
      end: {{title: 结案, by: desk, to: done}}
  done: {{title: 完成, final: success}}
"""


def codes(text: str) -> list[str]:
    """The codes of a text but for those of conditions that are in vain: here they are only there to read."""
    return [code for code in process.codes(text) if not code.startswith("always-")]


def found(start: str, step: str) -> list[str]:
    return codes(FRAME.format(start=start, step=step if "to: " in step else f"{step}, to: stay"))


def that(*lines: str) -> str:
    return f"requires: [{', '.join(f'{{that: {line}, say: 须}}' for line in lines)}]"


@pytest.mark.parametrize(
    ("start", "step"),
    [
        ("asks: a", that("a > 0")),
        ("asks: a?", that("a is set", "a > 0")),
        ("asks: a?", that("a is set and a > 0")),
        ("asks: a?", that("a is not set or a > 0")),
        ("asks: a?", that("(a otherwise 0) > 0")),
        ("asks: a?", f"asks: a, {that('a > 0')}"),
        ("asks: [a, b]", that("sum > 0", "most > 0")),
        ("asks: [a?, b]", that("most > 0")),
        ("asks: [a?, b?]", that("sum is set", "a > 0", "b > 0")),
        ("asks: [yes_no, a, b]", that("either > 0")),
        ("asks: a?", "requires: [{that: a is set, say: 须}], to: [{when: a > 0, then: done}, {else: stay}]"),
        ("asks: a?", "requires: [{that: a is set, say: 须}], set: {b: a + 1}"),
        ("asks: a?", "set: {b: [{when: a is set, then: a}, {else: '0'}]}"),
        ("asks: a?", "set: {a: '1'}, to: [{when: a > 0, then: done}, {else: stay}]"),
        ("asks: who", "assign: who"),
        ("asks: who?", "assign: [{when: who is set, then: who}, {else: nobody}]"),
        ("asks: who, assign: who", that("assignee == actor")),
        ("assign: actor", that("assignee == actor")),
        ("asks: kind", "set: {a: {field: kind, is: {x: '1', y: '2'}}}"),
    ],
)
def test_what_is_surely_filled_may_be_read(start: str, step: str) -> None:
    assert found(start, step) == []


@pytest.mark.parametrize(
    ("start", "step"),
    [
        ("asks: a?", that("a > 0")),
        ("asks: a", f"asks: a?, {that('a > 0')}"),
        ("asks: a", f"clears: a, {that('a > 0')}"),
        ("asks: a?", that("a > 0", "a is set")),
        ("asks: a?", that("a is set or a > 0")),
        ("asks: a", that("sum > 0")),
        ("asks: [yes_no, a]", that("either > 0")),
        ("asks: [a?, b?]", that("most > 0")),
        ("asks: a", "clears: a, to: [{when: a > 0, then: done}, {else: stay}]"),
        ("asks: a?", "set: {b: a}"),
        ("asks: who?", "assign: who"),
        ("asks: who", "assign: [{when: who == actor, then: actor}, {when: who != actor, then: nobody}], clears: who"),
        ("asks: who", "assign: actor, to: [{when: assignee == actor, then: done}, {else: stay}]"),
        ("asks: who, assign: who", f"{that('assignee == actor')}, assign: nobody"),
        ("asks: kind?", "set: {a: {field: kind, is: {x: '1', y: '2'}}}"),
    ],
)
def test_what_may_be_empty_is_named(start: str, step: str) -> None:
    assert set(found(start, step)) == {"may-be-empty"}


LISTS = """
fields:
  n: {{type: integer, title: 数}}
  rows:
    type: list
    title: 明细
    of:
      a: {{type: integer, title: 甲}}
      b: {{type: integer, title: 乙}}
      c: {{type: integer, title: 丙, computed: a + n}}
  all: {{type: integer, title: 总, computed: sum(a of rows)}}
start:
  open: {{title: 受理, by: desk, {start}, to: work}}
states:
  work:
    title: 办理
    transitions:
      step: {{title: 步骤, by: desk, {step}, to: stay}}
      end: {{title: 结案, by: desk, to: done}}
  done: {{title: 完成, final: success}}
"""
BOTH = "asks: [n, {rows: rows, columns: [a, b], add: true}]"


@pytest.mark.parametrize(
    ("start", "step"),
    [
        (BOTH, that("sum(a of rows) > 0", "every(a < b of rows)", "all > 0")),
        (BOTH, that("sum(c of rows) > 0")),
        ("asks: rows", that("count(rows) > 0", "rows is set", "every(a < b of rows)")),
        ("asks: n", that("sum(a of rows) >= 0")),
        ("asks: [n, {rows: rows, columns: [a?, b], add: true}]", that("every(a is set of rows)", "sum(a of rows) > 0")),
        ("asks: [n, {rows: rows, columns: [a?, b], add: true}]", "set: {rows: {a: b}}, clears: n"),
        ("asks: [n, {rows: rows, columns: [a?, b], add: true}]", f"asks: [{{rows: rows, columns: [a]}}], {that('sum(a of rows) > 0')}"),
    ],
)
def test_a_column_is_filled_when_it_is_in_every_row(start: str, step: str) -> None:
    assert codes(LISTS.format(start=start, step=step)) == []


@pytest.mark.parametrize(
    ("start", "step"),
    [
        ("asks: [n, {rows: rows, columns: [a?, b], add: true}]", that("sum(a of rows) > 0")),
        ("asks: [n, {rows: rows, columns: [a?, b], add: true}]", that("all > 0")),
        ("asks: [n, {rows: rows, columns: [b], add: true}]", that("sum(a of rows) > 0")),
        ("asks: [n?, {rows: rows, columns: [a, b], add: true}]", that("sum(c of rows) > 0")),
        (BOTH, f"asks: [{{rows: rows, columns: [b], add: true}}], {that('sum(a of rows) > 0')}"),
        (BOTH, that("last(a of rows) > 0")),
        (BOTH, f"asks: n?, {that('sum(a + n of rows) > 0')}"),
    ],
)
def test_a_column_that_a_row_may_lack_is_named(start: str, step: str) -> None:
    assert set(codes(LISTS.format(start=start, step=step))) == {"may-be-empty"}


DONE = """
fields:
  a: {{type: integer, title: 甲}}
  b: {{type: integer, title: 乙}}
start:
  open: {{title: 受理, by: desk, to: work}}
states:
  work:
    title: 办理
    transitions:
      {first}
      skip:  {{title: 跳过, by: desk, {skip}, to: over}}
  over: {{title: 了结, transitions: {{read: {{title: 查看, by: desk, {read}, to: done}}}}}}
  done: {{title: 完成, final: success}}
"""
FIRST = "fill: {title: 填写, by: desk, asks: a, set: {b: a + 1}, to: over}"


@pytest.mark.parametrize(
    ("first", "skip", "read", "expected"),
    [
        (FIRST, "shows: a", that("not done(fill) or a > b"), []),
        (FIRST, "shows: a", "requires: [{that: done(fill), say: 须}, {that: a > b, say: 须}]", []),
        (FIRST, "shows: a", that("a > 0"), ["may-be-empty"]),
        (FIRST, "shows: a", that("done(skip) and a > 0"), ["may-be-empty"]),
        (FIRST, "asks: a?", that("not done(fill) or a > 0"), ["may-be-empty"]),
        (FIRST, "clears: b", that("not done(fill) or b > 0"), ["may-be-empty"]),
        (FIRST.replace("asks: a,", "asks: a?,").replace("a + 1", "'1'"), "shows: a", that("not done(fill) or a > 0"), ["may-be-empty"]),
        (FIRST.replace("to: over", "to: work"), "shows: a", that("times(fill) == 0 or a > 0"), ["may-be-empty"]),
    ],
)
def test_what_a_step_has_filled_for_good_is_known_of_a_case_in_which_it_was_done(
    first: str, skip: str, read: str, expected: list[str]
) -> None:
    found = DONE.format(first=first, skip=skip, read=read)
    assert [code for code in codes(found) if code == "may-be-empty"] == expected


def test_a_fault_of_a_step_of_many_states_is_told_once() -> None:
    text = FRAME.format(start="asks: a?", step="to: stay") + (
        "anywhere:\n  urge: {title: 催办, by: desk, in: [work, done], requires: [{that: a > 0, say: 须}], to: stay}\n"
    )

    assert codes(text) == ["may-be-empty"]


def test_what_is_filled_in_a_state_holds_for_every_way_into_it() -> None:
    loop = definition("""
fields:
  a: {type: integer, title: 甲}
  b: {type: integer, title: 乙}
  c: {type: integer, title: 丙}
  sum: {type: integer, title: 和, computed: a + b}
start:
  open: {title: 受理, by: desk, asks: [a, b, c], to: one}
  short: {title: 快速, by: desk, asks: [a, b], to: two}
states:
  one: {title: 一, transitions: {on: {title: 前进, by: desk, to: two}}}
  two:
    title: 二
    transitions:
      back: {title: 退回, by: desk, asks: a?, to: one}
      take: {title: 接单, by: desk, asks: a, assign: actor, to: done}
  done: {title: 完成, final: success}
""")

    assert filled_in(loop) == {
        "one": frozenset({"b"}),
        "two": frozenset({"b"}),
        "done": frozenset({"a", "b", "sum", "assignee"}),
    }


def test_a_computed_field_that_changes_with_another_is_not_vouched_for() -> None:
    text = """
fields:
  a: {type: integer, title: 甲}
  b: {type: integer, title: 乙}
  pick: {type: integer, title: 择, computed: [{when: a > 1, then: b}, {else: a}]}
start:
  open: {title: 受理, by: desk, asks: [a, b?], requires: [{that: pick is set, say: 须}], to: work}
states:
  work:
    title: 办理
    transitions:
      step: {title: 步骤, by: desk, asks: a, requires: [{that: pick > 0, say: 须}], to: stay}
      end: {title: 结案, by: desk, to: done}
  done: {title: 完成, final: success}
"""

    assert codes(text) == ["may-be-empty"]


def test_every_fault_is_told_at_once_and_no_definition_is_left() -> None:
    text = FRAME.format(start="asks: [a?, z]", step="asks: q, clears: most, to: nowhere")
    result = library(text)

    assert [one.code for one in result.diagnostics] == ["unknown-field", "unknown-field", "computed-written", "unknown-state"]
    assert result.checked == ()


def test_a_step_that_applies_in_no_state_is_checked_all_the_same() -> None:
    text = FRAME.format(start="asks: a", step="to: stay") + "anywhere:\n  urge: {title: 催办, by: dsk, except: work, to: stay}\n"

    assert codes(text) == ["unknown-role"]
