"""Texts of the language that must be read: the kind they give, the fields they read."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from engine.core.expression import Expression, read
from engine.core.kind import BOOLEAN, DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, PERSON, TEXT, UNIT, Kind, Value
from engine.timing.period import Period
from tests.unit.expression.surroundings import CNY, FAULT, SCOPE, good, surroundings


@pytest.mark.parametrize(
    ("text", "kind", "reads"),
    [
        ("fault == none or in_warranty or quote is set", BOOLEAN, {"fault", "in_warranty", "quote"}),
        ("not in_warranty or sold_on is set", BOOLEAN, {"in_warranty", "sold_on"}),
        ("acting(customer) or passed", BOOLEAN, {"passed"}),
        ("acting(phone-front-desk)", BOOLEAN, set()),
        ("back_on > today() and back_on <= today() + 30d", BOOLEAN, {"back_on"}),
        ("fault in (power | screen)", BOOLEAN, {"fault"}),
        ("fault not in (power | screen)", BOOLEAN, {"fault"}),
        ("none == fault", BOOLEAN, {"fault"}),
        ("(fault otherwise none) == power", BOOLEAN, {"fault"}),
        ("tester in (helpers)", BOOLEAN, {"tester", "helpers"}),
        ("not actor in (performers(finish) | tester)", BOOLEAN, {"tester"}),
        ("(quote otherwise 0) > 1000.00", BOOLEAN, {"quote"}),
        ("quantity <= 2 * (stock otherwise 0)", BOOLEAN, {"quantity", "stock"}),
        ("quantity == share", BOOLEAN, {"quantity", "share"}),
        ("2h > 30m", BOOLEAN, set()),
        ("unit == shop", BOOLEAN, {"shop"}),
        ("number == '维修，甲'", BOOLEAN, set()),
        ("days(sold_on to today())", INTEGER, {"sold_on"}),
        ("days_since(sold_on)", INTEGER, {"sold_on"}),
        ("quantity + 1", INTEGER, {"quantity"}),
        ("quantity * share", DECIMAL, {"quantity", "share"}),
        ("quantity * quote", CNY, {"quantity", "quote"}),
        ("quote - 0.5", CNY, {"quote"}),
        ("date(received_at)", DATE, {"received_at"}),
        ("received_at + 1mo - 90m", DATETIME, {"received_at"}),
        ("4wh", Kind("duration", "working"), set()),
        ("30d - quantity * 1d", Kind("duration", "calendar"), {"quantity"}),
        ("1y + 2mo", Kind("duration", "calendar"), set()),
        ("performers(finish)", PEOPLE, set()),
        ("done_at(hand_over)", DATETIME, set()),
        ("tester otherwise actor", PERSON, {"tester"}),
        ("unit", UNIT, set()),
        ("symptom otherwise '-'", TEXT, {"symptom"}),
    ],
)
def test_kind_and_fields_read(text: str, kind: Kind, reads: set[str]) -> None:
    expression = good(text)
    assert expression.text == text
    assert expression.kind == kind
    assert expression.reads == reads


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("screen", FAULT, "screen"),
        ("0", CNY, Decimal(0)),
        ("2 * 0.5", CNY, Decimal("1.0")),
        ("3", DECIMAL, Decimal(3)),
        ("-3", INTEGER, -3),
        ("times(finish)", DECIMAL, Decimal(0)),
        ("'48.0'", TEXT, "48.0"),
        ("7d", Kind("duration", "calendar"), Period(7, "d")),
        ("true", BOOLEAN, True),
    ],
)
def test_value_of_the_kind_expected(text: str, expected: Kind, value: Value) -> None:
    expression = good(text, expected)
    assert expression.kind == expected
    found = expression.evaluate(surroundings())
    assert found == value
    assert type(found) is type(value)


def test_a_bare_word_is_a_choice_before_it_is_a_name() -> None:
    # `screen` is a choice of fault and here also a field: beside fault it is the choice, alone it is the field.
    scope = dataclasses.replace(SCOPE, fields={**SCOPE.fields, "screen": BOOLEAN})
    beside = read("fault == screen and fault in (screen | none)", scope, BOOLEAN)
    alone = read("screen", scope, BOOLEAN)
    assert isinstance(beside, Expression)
    assert isinstance(alone, Expression)
    assert beside.evaluate(surroundings({"fault": "screen", "screen": False})) is True
    assert alone.evaluate(surroundings({"screen": False})) is False


def test_twelve_levels_of_parentheses_are_read() -> None:
    assert good("(" * 12 + "passed" + ")" * 12).reads == {"passed"}


def test_four_hundred_characters_are_read() -> None:
    assert good("passed" + " " * 394).kind == BOOLEAN


def test_a_long_chain_is_read_and_evaluated() -> None:
    chain = " + ".join(["quantity"] * 36)
    assert good(chain).evaluate(surroundings({"quantity": 2})) == 72
