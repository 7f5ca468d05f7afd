"""One reading tells every mistake, each once and in order; what only follows from another is not told again."""

from __future__ import annotations

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import read
from engine.authoring.loader import load
from engine.definition.workflow import Workflow


def told(text: str) -> list[tuple[str, int, int]]:
    return [(one.code, one.span.line, one.span.column) for one in read(text.encode(), "a.yaml").diagnostics]


def loaded(text: str) -> tuple[Diagnostic, ...]:
    return load(read(text.encode(), "a.yaml"), Workflow)[1]


def test_mistakes_of_every_kind_come_in_the_order_of_the_file() -> None:
    text = "a: 1\nb: &x {c: d}\na: 2\ne:\nf: *x\ng: !t [h,\n  i]\n<<: {j: k}\na: 3\n"
    assert told(text) == [
        ("anchor", 2, 4),
        ("duplicate-key", 3, 1),
        ("empty-value", 4, 1),
        ("alias", 5, 4),
        ("tag", 6, 4),
        ("merge-key", 8, 1),
        ("duplicate-key", 9, 1),
    ]


def test_every_repetition_of_a_key_names_the_line_of_the_first() -> None:
    diagnostics = read(b"a: 1\nb: {c: 1,\n  c: 2}\na: 2\na: 3\n", "a.yaml").diagnostics
    assert [(one.span.line, one.sentence.en.rsplit(" ", 1)[1]) for one in diagnostics] == [(3, "2"), (4, "1"), (5, "1")]


def test_mistakes_before_a_syntax_error_are_told_with_it() -> None:
    assert told("a: 1\na: 2\nb: [c\n") == [("duplicate-key", 2, 1), ("yaml-syntax", 3, 4)]


def test_mistakes_inside_the_second_entry_of_a_key_are_told() -> None:
    assert told("a: {b: 1}\na: {c: 1, c: 2}\n") == [("duplicate-key", 2, 1), ("duplicate-key", 2, 11)]


def test_every_line_with_a_full_width_colon_is_told() -> None:
    assert told("a: 1\nb：2\nc: {x: y}\nd：{e: f}\n") == [("full-width", 2, 2), ("full-width", 4, 2)]


def test_two_commas_of_one_sentence_are_one_mistake_and_two_sentences_are_two() -> None:
    diagnostics = read("{zh: 一, 二, 三, en: one, two}".encode(), "a.yaml").diagnostics
    assert [(one.code, one.span.column, one.span.end_column) for one in diagnostics] == [("empty-value", 9, 13), ("empty-value", 24, 27)]
    assert diagnostics[0].way_out is not None
    assert diagnostics[0].way_out.zh.endswith('“zh: "一, 二, 三"”。')


def test_reading_and_the_vocabulary_are_told_together() -> None:
    text = "workflow: a\nworkflow: b\nversion: x\nownr: c\n"
    assert [(one.code, one.span.line) for one in loaded(text)] == [
        ("missing-key", 1),
        ("missing-key", 1),
        ("missing-key", 1),
        ("missing-key", 1),
        ("missing-key", 1),
        ("missing-key", 1),
        ("duplicate-key", 2),
        ("bad-number", 3),
        ("unknown-key", 4),
    ]


def test_with_any_mistake_there_is_no_model() -> None:
    text = "\n".join(["workflow: a", "workflow: a", "version: 1"])
    assert load(read(text.encode(), "a.yaml"), Workflow)[0] is None


def test_a_value_that_reading_refused_is_not_judged_again() -> None:
    codes = [one.code for one in loaded("workflow:\nversion: !x y\ntitle: {zh：甲, en: A}\nowner: *z\n") if one.code != "missing-key"]
    assert codes == ["empty-value", "tag", "full-width", "alias"]
