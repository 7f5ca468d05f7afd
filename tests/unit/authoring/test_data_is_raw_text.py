"""Reading gives dict, list and the raw text of every scalar: nothing is guessed before somebody expects a type."""

from __future__ import annotations

import pytest

from engine.authoring.document import read


@pytest.mark.parametrize(
    "written", ["012", "18:00", "001017000000011", "480.00", "no", "on", "yes", "null", "~", "1_000", "0x1F", "2026-09-28", "true", ".inf"]
)
def test_a_plain_scalar_stays_as_written(written: str) -> None:
    document = read(f"value: {written}\nlist: [{written}]\n".encode(), "a.yaml")
    assert document.diagnostics == ()
    assert document.data == {"value": written, "list": [written]}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"a\\tb \\u6d3e"', "a\tb 派"),
        ("'it''s'", "it's"),
        ('""', ""),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        (">-\n  one\n  two\n", "one two"),
        ("one\n  two", "one two"),
    ],
)
def test_quotes_and_blocks_are_read_by_the_rules_of_yaml(written: str, text: str) -> None:
    document = read(f"value: {written}\n".encode(), "a.yaml")
    assert document.diagnostics == ()
    assert document.data == {"value": text}


@pytest.mark.parametrize("content", [b"a: b\n", b"\xef\xbb\xbfa: b\n", b"a: b\r\n", b"---\na: b\n...\n", b"# why\na: b # because\n"])
def test_byte_order_marks_line_ends_and_comments_do_not_matter(content: bytes) -> None:
    document = read(content, "a.yaml")
    assert document.diagnostics == ()
    assert document.data == {"a": "b"}


def test_chinese_punctuation_inside_a_label_is_text() -> None:
    label = "备注：收件人（含电话），请写清“门牌”、楼层；急件注［急］，谢谢！"
    document = read(f"title: {{zh: {label}, en: x}}\nlist: [{label}]\nblock: {label}\n".encode(), "a.yaml")
    assert document.diagnostics == ()
    assert document.data == {"title": {"zh": label, "en": "x"}, "list": [label], "block": label}
