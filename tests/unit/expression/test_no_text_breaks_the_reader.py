"""Whatever is written, `read` answers: an expression, or faults that lie within the text. It never raises."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.core.expression import FAULT_CODES, Expression, read
from engine.core.kind import BOOLEAN, Kind
from tests.unit.expression.surroundings import CNY, FAULT, SCOPE, surroundings

LINES = (
    "and or not is set in otherwise true false to of where",
    "== != < <= > >= ( ) | + - *",
    "passed quote fault power none quantity sold_on received_at tester helpers symptom unit actor earlier nobody",
    "3 -1 2.50 7d 2mo 4wh 'a' ' ＝＝ （ “ ” && = / , null",
    "days( date( today( done( acting( sampled( count( customer finish",
)
WORDS = [word for line in LINES for word in line.split()]


def answered(text: str, expected: Kind | None) -> None:
    result = read(text, SCOPE, expected)
    if isinstance(result, Expression):
        result.evaluate(surroundings())
        result.explain(surroundings())
        result.unassigned(frozenset())
        return
    assert result
    assert [found.offset for found in result] == sorted(found.offset for found in result)
    for found in result:
        assert found.code in FAULT_CODES
        assert 0 <= found.offset <= len(text)
        assert found.length >= 1
        assert found.offset + found.length <= max(len(text), found.offset + 1)


@given(text=st.text(max_size=400), expected=st.sampled_from([None, BOOLEAN]))
@example(text="(" * 400, expected=None)
@example(text=")" * 400, expected=None)
@example(text="'" * 399, expected=None)
@example(text="9" * 400, expected=None)
@example(text="9d" * 200, expected=None)
@example(text="\ud800", expected=None)
def test_any_text(text: str, expected: Kind | None) -> None:
    answered(text, expected)


@given(words=st.lists(st.sampled_from(WORDS), max_size=40), expected=st.sampled_from([None, BOOLEAN, CNY, FAULT]))
def test_any_words_of_the_language(words: list[str], expected: Kind | None) -> None:
    answered(" ".join(words), expected)


@given(text=st.text(alphabet="()|+-*<>=!&'\"“”（）＝ 0129.dmoyhwaqet_-", max_size=80))
def test_any_marks(text: str) -> None:
    answered(text, None)


@pytest.mark.parametrize(
    "text",
    [
        " and ".join(["true"] * 44),
        " or ".join(["passed"] * 40),
        " + ".join(["1"] * 100) + " > 0",
        "*".join(["quantity"] * 44) + " > 1",
        "*".join(["9" * 30] * 12) + " > 1",
        "not (" * 12 + "passed" + ")" * 12,
        "days(" * 12 + "passed" + ")" * 12,
        "passed in (" * 12 + "true" + ")" * 12,
        "x" * 100_000,
    ],
)
def test_the_longest_chains_and_the_deepest_nests(text: str) -> None:
    answered(text, BOOLEAN)
