"""Files made to hurt: each is refused with one clear sentence, and reading never raises, whatever the bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.charset import MOST_BYTES
from engine.authoring.code import CODES
from engine.authoring.composer import MOST_LEVELS, MOST_NODES
from engine.authoring.document import read
from engine.authoring.excerpt import render
from engine.authoring.loader import load
from engine.definition.workflow import Workflow
from engine.label import Language

CORRECT = (Path(__file__).parents[2] / "corpus" / "correct.yaml").read_text(encoding="utf-8")

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def codes(content: bytes) -> list[str]:
    return [one.code for one in read(content, "a.yaml").diagnostics]


def test_an_alias_bomb_is_refused_alias_by_alias_and_never_unfolded() -> None:
    document = read(BOMB.encode(), "a.yaml")
    assert {one.code for one in document.diagnostics} == {"anchor", "alias"}
    assert document.data["i"] == [""] * 9


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[a, ", "{a: "])
def test_any_depth_is_refused_at_the_first_level_too_many(opening: str) -> None:
    document = read((opening * (200_000 // len(opening))).encode(), "a.yaml")
    assert document.data is None
    assert document.diagnostics[-1].code == "too-deep"
    assert document.diagnostics[-1].span.column <= MOST_LEVELS * 2 * len(opening) + 1


def test_the_deepest_document_allowed_is_read() -> None:
    assert codes(b"[" * MOST_LEVELS + b"a" + b"]" * MOST_LEVELS) == []
    assert codes(b"[" * (MOST_LEVELS + 1) + b"a" + b"]" * (MOST_LEVELS + 1)) == ["too-deep"]


def test_more_values_than_allowed_are_refused() -> None:
    assert codes(b"- a\n" * (MOST_NODES - 1)) == []
    assert codes(b"- a\n" * MOST_NODES) == ["too-many-nodes"]


def test_a_large_file_is_refused_unread() -> None:
    assert codes(b"#" * MOST_BYTES) == ["empty-document"]
    assert codes(b"[" * 300_000) == ["too-large"]


@pytest.mark.parametrize(
    ("content", "column", "hint"),
    [
        ("title: 手机返修\n".encode("gb18030"), 8, "GBK"),
        ("title: 手机返修\n".encode("utf-16"), 1, "UTF-16"),
        ("题: ".encode() + b"\xff\x00", 4, "UTF-8"),
    ],
)
def test_another_encoding_is_named_with_the_place_of_its_first_byte(content: bytes, column: int, hint: str) -> None:
    (diagnostic,) = read(content, "a.yaml").diagnostics
    assert (diagnostic.code, diagnostic.span.line, diagnostic.span.column) == ("not-utf8", 1, column)
    assert diagnostic.way_out is not None
    assert hint in diagnostic.way_out.en
    assert hint in diagnostic.way_out.zh


def test_each_invisible_character_is_told_and_none_reaches_the_terminal() -> None:
    document = read("a: x\x00y\nb: \x1b[31mred\nc: \u202eabc\n".encode(), "a.yaml")
    assert [(one.code, one.span.line, one.span.column) for one in document.diagnostics] == [
        ("control-character", 1, 5),
        ("control-character", 2, 4),
        ("control-character", 3, 4),
    ]
    shown = render(document.diagnostics, {"a.yaml": document.text}, "zh")
    assert not set(shown) & set("\x00\x1b\u202e")


def test_a_flood_of_invisible_characters_is_told_by_its_first_ones() -> None:
    document = read(b"a\x00" * 100_000, "a.yaml")
    assert 1 < len(document.diagnostics) < 100
    assert len(render(document.diagnostics, {"a.yaml": document.text}, "zh")) < 50_000


def test_an_escape_cannot_smuggle_what_may_not_be_written() -> None:
    for escape in ("\\0", "\\e[2J", "\\u202e", "\\ud800", "\\x1b"):
        document = read(f'a: "x{escape}"\n'.encode(), "a.yaml")
        assert [(one.code, one.span.column) for one in document.diagnostics] == [("control-character", 6)]


def test_an_escape_beyond_unicode_is_a_syntax_error() -> None:
    assert codes(b'a: "\\UFFFFFFFF"\n') == ["yaml-syntax"]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!x", "!<tag:y>", "!!binary", "!!set"])
def test_a_tag_is_told_and_its_value_stays_data(tag: str) -> None:
    document = read(f"a: {tag} [id]\n".encode(), "a.yaml")
    assert [(one.code, one.span.column) for one in document.diagnostics] == [("tag", 4)]
    assert document.data == {"a": ["id"]}


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf"])
def test_a_file_without_content_is_told(content: bytes) -> None:
    assert codes(content) == ["empty-document"]


SHREDS = [
    "\n",
    "\t",
    " ",
    ": ",
    ":",
    ", ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "- ",
    "&a ",
    "*a",
    "!t ",
    "|",
    "：",
    "，",
    "｛",
    "\u3000",
    "x",
    "when: ",
]


@given(st.lists(st.tuples(st.integers(0, len(CORRECT)), st.integers(0, 3), st.sampled_from(SHREDS)), min_size=1, max_size=4))
def test_a_damaged_document_is_loaded_or_told_and_never_raises(damages: list[tuple[int, int, str]]) -> None:
    text = CORRECT
    for place, lost, shred in damages:
        text = text[:place] + shred + text[place + lost :]
    document = read(text.encode(), "a.yaml")
    workflow, diagnostics = load(document, Workflow)
    assert (workflow is None) == bool(diagnostics)
    lines = text.replace("\r", "\n").split("\n")
    for one in diagnostics:
        assert one.code in CODES
        assert 1 <= one.span.line <= len(lines)
        assert 1 <= one.span.column <= len(lines[one.span.line - 1]) + 1


@given(st.binary(max_size=200))
def test_reading_never_raises_for_any_bytes(content: bytes) -> None:
    document = read(content, "a.yaml")
    assert document.data is not None or document.diagnostics


@given(st.text(alphabet="ab:：,，{}[]｛｝ \n-\t'\"#&*!|>%@`?<\\0\r\ufeff\x00\u2028派", max_size=60))
def test_reading_never_raises_for_any_text_made_of_structure(text: str) -> None:
    document = read(text.encode(), "a.yaml")
    assert document.data is not None or document.diagnostics
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        rendered = render(document.diagnostics, {"a.yaml": document.text}, language)
        assert "\x00" not in rendered
