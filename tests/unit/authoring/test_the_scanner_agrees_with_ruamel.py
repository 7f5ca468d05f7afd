"""Our scanner leaves comments out and reads by words: the events stay those of ruamel's parser, and it breaks off where that does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import Event

from engine.authoring import charset
from engine.authoring.scanner import events

CORPUS = Path(__file__).parents[2] / "corpus"
DOCUMENTS = sorted([*(CORPUS / "document").glob("*.yaml"), *CORPUS.glob("*.yaml")])

TRICKY = [
    "a: b # c\n# d\n\n  # e\nf: g",
    "a b  c: d  e\n  f\n\n  g\nh: i",
    "a: [b c, d#e, f #g\n, {h: i, j: 'k'}, l:m]\n",
    "a: {b?c: d, ?e : f, g: , h}\n",
    "- a:b\n- -c\n- ?d\n- http://e:1/\n",
    "a:\n\tb: c\n",
    "a: [b,\tc\t]\n",
    "a: >-\n  b\n  c\n\n   d\n\n# e\nf: |\n g\n",
    "a: 'b''c\n  d'\ne: \"f\\\n  g\\u4e2d\"\n",
    "a\r\n: b\rc: d\x85e: f\u2028g",
    "\ufeffa: b\ufeffc\n",
    "a: &b !!str c\nd: *b\n",
    "%YAML 1.2\n---\na\n...\n---\nb\n",
    "? a\n: b\n",
    "a: b: c\n",
    "a: [b\nc: d\n",
    "a:\n - b\n c\n",
    "a: @b\n",
    "? ",
    "",
]

WORDS = st.sampled_from(["a", "b c", "中文", "：", ":", ": ", ",", "#", " #", "-", "- ", "?", "? ", "[", "]", "{", "}", "'", '"'])
BREAKS = st.sampled_from([" ", "  ", "\n", "\n  ", "\n\n", "\n---\n", "\t", "\r\n", "|\n", ">\n"])


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_on_the_files_of_the_corpus(file: Path) -> None:
    assert_alike(charset.readable(charset.decode(file.read_bytes())[0]))


@pytest.mark.parametrize("text", TRICKY)
def test_on_what_is_tricky(text: str) -> None:
    assert_alike(text)


@given(st.lists(WORDS | BREAKS, max_size=12).map("".join))
def test_on_any_text(text: str) -> None:
    assert_alike(text)


def assert_alike(text: str) -> None:
    ours, error = told(events(text))
    theirs, late = told(YAML(typ="safe", pure=True).parse(text))

    # It looks ahead, so of two errors it may meet the second first; what is told of them is held by the corpus.
    assert (error is None) == (late is None)
    assert ours == (theirs if error is None else theirs[: len(ours)])


def told(found: Iterator[Event]) -> tuple[list[Any], str | None]:
    """Each event with all that it says and its places; and the error where it breaks off."""
    seen: list[Any] = []
    try:
        for event in found:
            said = [str(getattr(event, key, None)) for key in ("anchor", "tag", "implicit", "flow_style", "value", "style")]
            seen.append((type(event), place(event.start_mark), place(event.end_mark), said))
    except MarkedYAMLError as error:
        return seen, str(error)
    return seen, None


def place(mark: Any) -> tuple[int, int, int] | None:
    return None if mark is None else (mark.index, mark.line, mark.column)
