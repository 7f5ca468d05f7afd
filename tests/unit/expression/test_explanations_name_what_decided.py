"""An explanation shows the values that decided, in words, and the names to fill where there is no answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.core.case import Performance
from engine.core.kind import Value
from engine.label import Label
from tests.unit.expression.surroundings import good, surroundings

DATA: dict[str, Value] = {"fault": "power", "in_warranty": False, "quantity": 3, "quote": Decimal("480.00")}


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("in_warranty and quantity > 2 and passed", {"in_warranty": "no", "passed": "–"}, []),
        ("quantity > 2 and quote > 1", {"quantity": "3", "quote": "CNY 480.00"}, []),
        ("quantity > 2 and passed", {"passed": "–"}, ["passed"]),
        ("fault == none or in_warranty or sold_on is set", {"fault": "Does not start", "in_warranty": "no", "sold_on": "–"}, []),
        ("fault == power or in_warranty", {"fault": "Does not start"}, []),
        ("not (in_warranty or quantity > 5)", {"in_warranty": "no", "quantity": "3"}, []),
        ("not (quantity > 2 or in_warranty)", {"quantity": "3"}, []),
        ("stock + share > quantity", {"stock": "–", "share": "–", "quantity": "3"}, ["stock", "share"]),
        ("quantity > (stock otherwise 5)", {"quantity": "3", "stock": "–"}, []),
        ("(quantity otherwise stock) > 5", {"quantity": "3"}, []),
        ("passed or in_warranty", {"passed": "–", "in_warranty": "no"}, ["passed"]),
        ("assignee == actor", {"assignee": "–", "actor": "amy"}, ["assignee"]),
        ("done_at(finish) > now() - 1d", {"done_at(finish)": "–", "now()": "2026-09-28 09:30"}, ["done_at(finish)"]),
        ("quantity > 5 or quantity < 1", {"quantity": "3"}, []),
    ],
)
def test_values_that_decided(text: str, shown: dict[str, str], missing: list[str]) -> None:
    values, names = good(text).explain(surroundings(DATA))
    assert {value.name: value.value.en for value in values} == shown
    assert [value.name for value in values] == list(shown)
    assert list(names) == missing


def test_values_have_titles_in_both_languages() -> None:
    performed = (Performance("finish", "tom", None, datetime(2026, 9, 1, tzinfo=UTC)),)
    values, _ = good("in_warranty and (done(finish) or acting(customer)) and sampled(0)").explain(surroundings(DATA, performed=performed))
    assert [value.title for value in values] == [Label("保修期内", "In warranty"), Label("抽中（0%）", "In the sample (0 of 100)")]
    values, _ = good("done(finish) and not acting(customer)").explain(surroundings(DATA, performed=performed))
    assert [(value.title.zh, value.value.zh) for value in values] == [("已执行“维修完成”", "是"), ("以“customer”的身份办理", "否")]


def test_explaining_needs_no_boolean() -> None:
    values, missing = good("quantity + stock").explain(surroundings(DATA))
    assert [value.name for value in values] == ["quantity", "stock"]
    assert missing == ("stock",)
