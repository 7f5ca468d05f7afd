"""Every value, key and stretch of a scalar is found again at its line and column, counted in code points from 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document, read
from engine.authoring.layout import Span
from engine.core.problem import Path, Problem
from engine.label import verbatim


def cut(text: str, span: Span) -> str:
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def test_values_and_keys() -> None:
    text = "标题: {zh: 派单, en: 'Dispatch'}\nlist:\n- a\n-   bb\nmap:\n  key: value\n"
    document = read(text.encode(), "a.yaml")
    assert cut(text, document.span(("标题", "zh"))) == "派单"
    assert cut(text, document.span(("标题", "en"))) == "'Dispatch'"
    assert cut(text, document.span(("标题", "en"), of_key=True)) == "en"
    assert cut(text, document.span(("标题",))) == "{zh: 派单, en: 'Dispatch'}"
    assert cut(text, document.span(("list", 1))) == "bb"
    assert cut(text, document.span(("map",))) == "key: value"
    assert document.span(("map", "key")) == Span(6, 8, 6, 13)


@pytest.mark.parametrize(
    ("written", "offset", "length", "found"),
    [
        ("fault == none", 9, 4, "none"),
        ("'fault == ''none'''", 10, 4, "none"),
        ('"fault\\t== \\u006eone"', 9, 4, "\\u006eone"),
        ('"金额 \\"x\\" > 1"', 3, 3, '\\"x\\"'),
        ("派 == 单", 5, 1, "单"),
        ("a\n  and bee", 6, 3, "bee"),
        ('"a\n  and bee"', 6, 3, "bee"),
        ('"a and \\\n  bee"', 6, 3, "bee"),
        ("|\n  a or\n  bee\n", 5, 3, "bee"),
        (">-\n  a or\n  bee\n", 5, 3, "bee"),
        ("> # why\n  a or\n\n    bee\n", 8, 3, "bee"),
    ],
)
def test_a_stretch_of_a_scalar_is_found_however_it_is_written(written: str, offset: int, length: int, found: str) -> None:
    text = f"when: {written}\n"
    document = read(text.encode(), "a.yaml")
    assert document.diagnostics == ()
    assert cut(text, document.span(("when",), offset, length)) == found


def test_a_stretch_without_length_reaches_to_the_end_of_the_text() -> None:
    text = "when: 'a == bee'"
    assert cut(text, read(text.encode(), "a.yaml").span(("when",), 5)) == "bee"


def test_the_only_item_of_a_list_written_as_one_word_is_the_word() -> None:
    text = "by: tester\n"
    document = read(text.encode(), "a.yaml")
    assert cut(text, document.span(("by", 0))) == "tester"
    assert cut(text, document.span(("by", 0), 1, 3)) == "est"


def test_what_is_not_there_is_answered_with_the_nearest_key_above() -> None:
    text = "states:\n  open: {title: x}\n"
    document = read(text.encode(), "a.yaml")
    assert cut(text, document.span(("states", "open", "phase", "x"))) == "open"
    assert document.span(("nowhere",)) == Span(1, 1, 1, 8)


def test_a_problem_of_the_core_becomes_a_diagnostic_at_its_place() -> None:
    document = read(b"steps:\n  take: {when: 'a == bee'}\n", "a.yaml")
    problem = Problem("unknown-field", ("steps", "take", "when"), verbatim("no bee"), offset=5, length=3)
    assert Diagnostic.of(problem, document) == Diagnostic("unknown-field", "error", "a.yaml", Span(2, 22, 2, 25), verbatim("no bee"))


WORD = st.text(alphabet="abc派单，：0_- '\"\\", min_size=1, max_size=12)
TREE = st.recursive(
    WORD, lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(WORD, inner, min_size=1, max_size=4), max_leaves=12
)


def scalar(text: str, quote: str) -> str:
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow(tree: object, quote: str) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{scalar(key, quote)}: {flow(value, quote)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",\n ".join(flow(value, quote) for value in tree) + "]"
    return scalar(str(tree), quote)


def check_places(document: Document, tree: object, path: Path, quote: str) -> None:
    assert cut(document.text, document.span(path)) == flow(tree, quote)
    if isinstance(tree, dict):
        for key, value in tree.items():
            assert cut(document.text, document.span((*path, key), of_key=True)) == scalar(key, quote)
            check_places(document, value, (*path, key), quote)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            check_places(document, value, (*path, index), quote)
    else:
        text = str(tree)
        for offset, character in enumerate(text):
            assert cut(document.text, document.span(path, offset, 1)) == scalar(character, quote)[1:-1]


@given(st.dictionaries(WORD, TREE, min_size=1, max_size=4), st.sampled_from("'\""))
def test_every_value_key_and_character_of_any_document_is_at_its_place(tree: dict[str, object], quote: str) -> None:
    document = read(flow(tree, quote).encode(), "a.yaml")
    assert document.diagnostics == ()
    assert document.data == tree
    check_places(document, tree, (), quote)


@given(st.lists(st.text(alphabet="ab派c0_", min_size=1, max_size=8), min_size=1, max_size=8))
def test_plain_scalars_of_any_block_are_at_their_place(words: list[str]) -> None:
    text = (
        "list:\n"
        + "".join(f"  -  {word}\n" for word in words)
        + "map:\n"
        + "".join(f"  k{n}:  {word} # x\n" for n, word in enumerate(words))
    )
    document = read(text.encode(), "a.yaml")
    for index, word in enumerate(words):
        assert cut(text, document.span(("list", index))) == word
        assert cut(text, document.span(("map", f"k{index}"))) == word
