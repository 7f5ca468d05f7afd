"""Masks: enough of a personal value to tell two cases apart, and never its length."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.field import FieldRule
from engine.core.kind import Attachment, Kind, Value
from engine.core.masking import masked
from engine.label import Label


def rule(type: str, kind: str = "text") -> FieldRule:
    """A personal field."""
    return FieldRule("it", Label("它", "it"), type, Kind(kind), personal=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "value", "shown"),
    [
        ("phone", "12800000001", "128****0001"),
        ("phone", "01012345678", "010****5678"),
        ("phone", "1234567", "***"),
        ("email", "tester@example.com", "t***@example.com"),
        ("text", "测试客户甲", "测**"),
        ("text", "甲", "**"),
        ("text", "样例路 1 号\n二层", "样**"),
    ],
)
def test_words_keep_their_beginning(type: str, value: str, shown: str) -> None:
    assert masked(rule(type), value) == Label(shown, shown)


@pytest.mark.parametrize(
    ("type", "kind", "value"),
    [
        ("integer", "integer", 7),
        ("money", "money", Decimal("480.00")),
        ("boolean", "boolean", False),
        ("date", "date", date(2026, 9, 1)),
        ("datetime", "datetime", datetime(2026, 9, 1, tzinfo=UTC)),
        ("choice", "choice", "divorced"),
        ("person", "person", "tom"),
        ("people", "people", ("tim", "tom")),
        ("file", "file", Attachment("0" * 64, "测试客户甲.pdf", 9, "application/pdf")),
        ("files", "files", (Attachment("0" * 64, "测试客户甲.pdf", 9, "application/pdf"),)),
    ],
)
def test_of_everything_else_nothing_is_seen(type: str, kind: str, value: Value) -> None:
    assert masked(rule(type, kind), value) == Label("***", "***")


def test_what_is_empty_is_told_as_empty() -> None:
    assert {masked(rule("text"), None).en, masked(rule("files", "files"), ()).en} == {"–"}


@given(st.text(min_size=2), st.text(min_size=1))
def test_no_length_shows(text: str, more: str) -> None:
    longer = masked(rule("text"), text + more)
    assert masked(rule("text"), text) == longer
    assert len(longer.zh) == 3


@given(st.text("0123456789", min_size=10, max_size=12), st.sampled_from(["t@example.com", "tester@example.com", "t.customer@example.com"]))
def test_nor_does_that_of_a_number_or_an_address(number: str, address: str) -> None:
    assert len(masked(rule("phone"), number).zh) == 11
    assert masked(rule("email"), address).zh == "t***@example.com"
