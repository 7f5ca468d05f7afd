"""What is said of rows: a table of meanings, what may be empty, and what an explanation tells – beside a naive reading of random ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.core.expression import Expression, read
from engine.core.kind import OF_ROW, Kind, Value
from tests.unit.expression.sentences import FIELDS, NAMES, VALUES, Meaning, Tree, booleans, meaning, printed, some_data, values
from tests.unit.expression.surroundings import NOW, SCOPE, SHANGHAI, good, surroundings, table

TODAY = NOW.astimezone(SHANGHAI).date()

GOODS = table(
    {"material": "A", "approved": 2, "wanted": 3, "price": Decimal("1.50"), "done": True, "state": "good"},
    {"material": "B", "approved": 5, "wanted": 4, "price": Decimal("2.50"), "done": False},
    {"material": "C", "wanted": 1, "price": Decimal("4"), "done": True, "state": "bad"},
)
CHILDREN = table(
    {"number": "P-1", "open": False, "outcome": "success", "handed_over": 2, OF_ROW: "1.1"},
    {"number": "P-2", "open": False, "outcome": "failure", OF_ROW: "1.2"},
    {"number": "P-3", "open": True, OF_ROW: "1.1"},
)
VISITS = table(
    {"workflow": "parcel", "number": "P-9", "open": False, "outcome": "success", "ended_at": NOW, "fault": "power"},
    {"workflow": "parcel", "number": "P-10", "open": True, "quote": Decimal(7)},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count(lines)", 3),
        ("count(lines where done)", 2),
        ("count(lines where state == good)", 1),
        ("count(lines where approved > wanted)", 1),
        ("count(lines where approved is not set)", 1),
        ("count(lines where wanted > stock)", 2),
        ("sum(wanted of lines)", 8),
        ("sum(price of lines)", Decimal(8)),
        ("sum(price * wanted of lines where done)", Decimal("8.50")),
        ("sum(approved of lines)", None),
        ("sum(approved otherwise 0 of lines)", 7),
        ("sum(approved of lines where approved is set)", 7),
        ("every(done of lines)", False),
        ("every(approved <= 9 of lines)", None),
        ("every(approved <= 4 of lines)", False),
        ("every(done of lines where state is set)", True),
        ("last(material of lines)", "C"),
        ("last(material of lines where not done)", "B"),
        ("last(approved of lines)", None),
        ("last(state of lines) == bad", True),
        ("lines is set", True),
        ("count(parts where open)", 1),
        ("count(parts where outcome == success)", 1),
        ("last(outcome of parts) == success", None),
        ("last(outcome of parts where not open) == failure", True),
        ("count(earlier where ended_at >= now() - 90d)", 1),
        ("last(fault of earlier where not open)", "power"),
        ("last(quote of earlier) > 5", True),
        ("count(earlier where outcome != success)", 0),
    ],
)
def test_meanings(text: str, value: object) -> None:
    there = surroundings({"lines": GOODS, "stock": 1}, children={"parts": CHILDREN}, earlier=VISITS)
    assert good(text).evaluate(there) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("count(lines)", 0), ("sum(price of lines)", Decimal(0)), ("every(done of lines)", True), ("last(material of lines)", None)],
)
def test_without_rows(text: str, value: object) -> None:
    assert good(text).evaluate(surroundings({})) == value


def test_with_a_row_at_hand_its_columns_and_its_children_are_read() -> None:
    scope = SCOPE.within(SCOPE.fields["lines"])
    found = read("sum(handed_over otherwise 0 of parts) + approved", scope)
    assert isinstance(found, Expression)
    first, second, _ = GOODS
    there = surroundings({"lines": GOODS}, children={"parts": CHILDREN})
    assert found.evaluate(replace(there, row=first)) == 4
    assert found.evaluate(replace(there, row=second)) == 5
    assert found.columns == {"lines.approved", "parts.handed_over"}


def test_what_an_expression_reads() -> None:
    found = good("count(lines where wanted > stock) > 0 and count(earlier) == 0")
    assert found.reads == {"lines", "stock"}
    assert found.columns == {"lines.wanted"}
    assert found.reads_earlier


@pytest.mark.parametrize(
    ("text", "assigned", "faulty"),
    [
        ("count(lines) > 0", set(), []),
        ("sum(wanted of lines) > 0", {"lines.wanted"}, []),
        ("sum(wanted of lines) > 0", {"lines"}, ["wanted"]),
        ("sum(wanted otherwise 0 of lines) > 0", set(), []),
        ("sum(wanted of lines where wanted is set) > 0", set(), []),
        ("every(approved <= wanted of lines)", {"lines.wanted"}, ["approved"]),
        ("count(lines where wanted > stock) > 0", {"lines.wanted"}, ["stock"]),
        ("last(wanted of lines) > 0", {"lines.wanted"}, ["last(wanted of lines)"]),
        ("last(wanted of lines) is set and last(wanted  of lines) > 0", set(), []),
        ("(last(wanted of lines) otherwise 0) > 0", set(), []),
        ("count(parts where open) == 0", set(), []),
        ("count(parts where outcome == success) == 0", set(), []),
        ("sum(handed_over of parts where outcome == success) > 0", set(), ["handed_over"]),
        ("every(wanted is set of lines) and sum(wanted of lines) > 0", set(), []),
        ("every(wanted is set of lines where done) and sum(wanted of lines) > 0", {"lines.done"}, ["wanted"]),
        ("count(earlier where ended_at >= now() - 90d) < 3", set(), []),
        ("sum(quote of earlier) > 100", set(), ["quote"]),
    ],
)
def test_what_may_be_empty(text: str, assigned: set[str], faulty: list[str]) -> None:
    found = good(text)
    told = found.unassigned(frozenset(assigned))
    assert [text[one.offset : one.offset + one.length] for one in told] == faulty


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("every(done of lines)", {"every(done of lines)": "no (row 2)"}, ()),
        ("sum(approved of lines) > 0", {"sum(approved of lines)": "– (row 3)"}, ("lines",)),
        ("count(lines where wanted > stock) == 0", {"count(lines where wanted > stock)": "2 (rows 1, 2)", "stock": "1"}, ()),
        ("last(outcome of parts) == success", {"last(outcome of parts)": "– (row 3)"}, ("parts",)),
        ("sum(price of lines) > 99", {"sum(price of lines)": "CNY 8.00"}, ()),
    ],
)
def test_an_explanation_names_the_rows_that_decided(text: str, shown: Mapping[str, str], missing: tuple[str, ...]) -> None:
    values, names = good(text).explain(surroundings({"lines": GOODS, "stock": 1}, children={"parts": CHILDREN}))
    assert ({value.name: value.value.en for value in values}, names) == (shown, missing)


def test_the_titles_of_what_is_said_of_rows() -> None:
    (value,), _ = good("every(done of lines)").explain(surroundings({"lines": GOODS}))
    assert (value.title.zh, value.title.en) == ("“明细”每一行都满足“完成”", "“Done” for every one of “Lines”")


IN_ROWS = tuple(name for index, name in enumerate(NAMES) if index % 2)
"""Half of the fields are columns here, so that rows and case are both read."""
LIST = Kind("list", "rows", tuple((name, SCOPE.fields[name]) for name in IN_ROWS))
OUTSIDE = {name: kind for name, kind in SCOPE.fields.items() if name not in IN_ROWS}
WITH_ROWS = replace(SCOPE, fields={**OUTSIDE, "rows": LIST})


def some_rows() -> st.SearchStrategy[list[dict[str, Value]]]:
    """Rows in which any cell may be empty."""
    return st.lists(st.fixed_dictionaries({}, optional={name: VALUES[name] for name in IN_ROWS}), max_size=5)


def asked(question: str) -> st.SearchStrategy[Tree | None]:
    if question == "count":
        return st.none()
    if question == "every":
        return booleans(1)
    kinds = ["number", "money"] if question == "sum" else [kind for kind in FIELDS if kind != "choice"]
    return st.sampled_from(kinds).flatmap(lambda kind: values(kind, 1))


QUESTIONS = st.sampled_from(["count", "sum", "every", "last"]).flatmap(
    lambda question: st.tuples(st.just(question), asked(question), st.none() | booleans(1))
)


def naive(question: str, each: Tree | None, where: Tree | None, data: Mapping[str, Value], rows: list[dict[str, Value]]) -> Any:
    """The meaning of a function of rows, straight from the page."""
    chosen = [{**data, **cells} for cells in rows]
    chosen = [place for place in chosen if where is None or meaning(where, place, TODAY) is True]
    if each is None:
        return len(chosen)
    answers: list[Meaning] = [meaning(each, place, TODAY) for place in chosen]
    if question == "last":
        return answers[-1] if answers else None
    if question == "every":
        return min((Fraction(1, 2) if answer is None else Fraction(bool(answer)) for answer in answers), default=Fraction(1))
    total = Fraction(0)
    for answer in answers:
        if answer is None:
            return None
        assert isinstance(answer, Fraction)
        total += answer
    return total


def written(question: tuple[str, Tree | None, Tree | None]) -> str:
    name, each, where = question
    condition = f" where {printed(where)}" if where is not None else ""
    text = f"count(rows{condition})" if each is None else f"{name}({printed(each)} of rows{condition})"
    assume(len(text) <= 400)
    return text


@settings(max_examples=300)
@given(question=QUESTIONS, data=some_data(), rows=some_rows())
def test_random_questions_agree_with_a_naive_reading(
    question: tuple[str, Tree | None, Tree | None], data: dict[str, Value], rows: list[dict[str, Value]]
) -> None:
    name, each, where = question
    outside = {field: value for field, value in data.items() if field not in IN_ROWS}
    text = written(question)
    expression = read(text, WITH_ROWS)
    assert isinstance(expression, Expression), (text, expression)
    found: Any = expression.evaluate(surroundings({**outside, "rows": table(*rows)}))
    if name == "every":
        found = Fraction(1, 2) if found is None else Fraction(found)
    elif isinstance(found, int | Decimal) and not isinstance(found, bool):
        found = Fraction(found)
    assert found == naive(name, each, where, outside, rows)


@given(
    question=QUESTIONS.filter(lambda question: question[0] != "last"),
    full=st.fixed_dictionaries(dict(VALUES)),
    rows=st.lists(st.fixed_dictionaries({name: VALUES[name] for name in IN_ROWS}), max_size=3),
    empty=st.sets(st.sampled_from(NAMES)),
)
def test_with_nothing_unassigned_there_is_always_an_answer(
    question: tuple[str, Tree | None, Tree | None], full: dict[str, Value], rows: list[dict[str, Value]], empty: set[str]
) -> None:
    text = written(question)
    expression = read(text, WITH_ROWS)
    assert isinstance(expression, Expression), (text, expression)
    assigned: frozenset[str] = frozenset()
    while faults := expression.unassigned(assigned):
        names = {text[found.offset : found.offset + found.length] for found in faults}
        assigned |= {f"rows.{name}" if name in IN_ROWS else name for name in names}
    outside = {name: value for name, value in full.items() if name not in IN_ROWS and (name in assigned or name not in empty)}
    inside = [{name: cell for name, cell in row.items() if f"rows.{name}" in assigned or name not in empty} for row in rows]
    assert expression.evaluate(surroundings({**outside, "rows": table(*inside)})) is not None
