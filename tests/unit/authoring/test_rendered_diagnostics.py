"""Diagnostics as text and as JSON: the caret stands under the very characters, also behind Chinese, tabs and long lines."""

from __future__ import annotations

import json
import re

import pytest
from rich.cells import cell_len

from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.excerpt import count, render, underlined
from engine.authoring.layout import Span
from engine.label import Label, Language
from engine.representation.checked import of_diagnostics


def diagnostic(span: Span, file: str = "a.yaml", code: str = "unknown-word", way_out: Label | None = None) -> Diagnostic:
    return Diagnostic(code, "error", file, span, Label("此处不对", "wrong here"), way_out)


ENGLISH = """\
a.yaml:2:7: error[unknown-word]: wrong here
  |
2 |   zh: 派丹  # x
  |       ^^^^
  = help: Did you mean “派单”?

1 error
"""
CHINESE = """\
a.yaml:2:7: error[unknown-word]: 此处不对
  |
2 |   zh: 派丹  # x
  |       ^^^^
  = 提示: 是不是想写“派单”？

1 处错误
"""


@pytest.mark.parametrize(("language", "expected"), [("en", ENGLISH), ("zh", CHINESE)])
def test_a_diagnostic_is_place_sentence_excerpt_caret_and_way_out(language: Language, expected: str) -> None:
    one = diagnostic(Span(2, 7, 2, 9), way_out=Label("是不是想写“派单”？", "Did you mean “派单”?"))
    assert render([one], {"a.yaml": "title:\r\n  zh: 派丹  # x\r\n"}, language) == expected


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("title: {zh: 派丹, en: x}", "派丹"),
        ("标题：派丹", "派丹"),
        ("\tkey:\tvalue", "value"),
        ("x" * 300 + "派丹" + "y" * 300, "派丹"),
        ("派" * 300 + "值" + "单" * 300, "值"),
        ("a" * 120 + "b", "b"),
        ("z", "z"),
    ],
)
def test_the_carets_are_as_wide_as_the_word_and_stand_below_it(line: str, word: str) -> None:
    start = line.index(word)
    text, carets = underlined(line, Span(1, start + 1, 1, start + len(word) + 1))
    assert cell_len(text) <= 100
    assert cell_len(text[: text.index(word)]) == len(carets) - len(carets.lstrip())
    assert carets.count("^") == cell_len(word)


def test_a_place_without_width_and_one_of_several_lines_have_a_caret() -> None:
    assert underlined("a:", Span(1, 3, 1, 3)) == ("a:", "  ^")
    assert underlined("a: [b,", Span(1, 4, 3, 2)) == ("a: [b,", "   ^^^")
    assert underlined("", Span(1, 1, 1, 1)) == ("", "^")


def test_a_word_wider_than_the_window_is_cut() -> None:
    text, carets = underlined("长" * 200, Span(1, 1, 1, 201))
    assert cell_len(text) <= 100
    assert len(carets) == cell_len(text)


def test_colour_changes_no_character() -> None:
    one = diagnostic(Span(1, 1, 1, 2))
    plain = render([one], {"a.yaml": "x"}, "en")
    coloured = render([one], {"a.yaml": "x"}, "en", colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_file_without_source_is_told_without_excerpt() -> None:
    assert render([diagnostic(Span(3, 1, 3, 2))], {}, "en") == "a.yaml:3:1: error[unknown-word]: wrong here\n\n1 error\n"


def test_diagnostics_come_once_each_by_file_line_column_and_code() -> None:
    ordered = [
        diagnostic(Span(9, 1, 9, 2)),
        diagnostic(Span(10, 1, 10, 2), code="alias"),
        diagnostic(Span(10, 1, 10, 2), code="tag"),
        diagnostic(Span(10, 3, 10, 4)),
        diagnostic(Span(1, 1, 1, 2), file="b.yaml"),
    ]
    assert arranged([*reversed(ordered), *ordered]) == tuple(ordered)


def test_the_count_speaks_both_languages() -> None:
    error = diagnostic(Span(1, 1, 1, 2))
    warning = Diagnostic("alias", "warning", "a.yaml", Span(1, 1, 1, 2), Label("此处可疑", "doubtful"))
    assert count([]) == Label("没有发现问题", "no problems found")
    assert count([error, error, warning]) == Label("2 处错误，1 处警告", "2 errors, 1 warning")


def test_json_holds_the_same_for_machines() -> None:
    assert json.loads(json.dumps(of_diagnostics([diagnostic(Span(2, 7, 2, 9))]))) == [
        {
            "code": "unknown-word",
            "severity": "error",
            "file": "a.yaml",
            "line": 2,
            "column": 7,
            "end_line": 2,
            "end_column": 9,
            "sentence": {"zh": "此处不对", "en": "wrong here"},
            "way_out": None,
        }
    ]
