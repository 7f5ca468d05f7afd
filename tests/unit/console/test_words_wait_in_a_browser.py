"""What was done waits in the browser for the page that says it: within what a cookie holds, for one session and one address."""

from __future__ import annotations

from engine.label import Label, Language
from web.console.browser.afterword import Afterword, Seal

SEAL = Seal(b"key", "session")
HELD = 3_900
"""Bytes that every browser keeps of a cookie, less its name and how it is kept."""


def test_words_come_back_as_they_were() -> None:
    left = Afterword(Label("已登记不在岗", "The absence is recorded"), (Label("“检测”没有人能办", "nobody can do “Diagnose”"),))
    kept = SEAL.closed(left, "/people/amy?said=none#x", "zh")
    found = SEAL.opened(kept, "/people/amy")
    assert found is not None
    assert (found.said.en, [each.en for each in found.beside]) == ("已登记不在岗", ["“检测”没有人能办"])


def test_the_longest_words_are_kept() -> None:
    long = Label("𠮷" * 5_000, "é" * 5_000)
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        kept = SEAL.closed(Afterword(long, (long,) * 20), "/work", language)
        found = SEAL.opened(kept, "/work")
        assert len(kept) < HELD
        assert found is not None
        assert found.said.zh.endswith("…")


def test_they_are_for_one_session_and_one_page() -> None:
    kept = SEAL.closed(Afterword(Label("已添加", "Added")), "/people/%E7%8E%8B", "zh")
    assert SEAL.opened(kept, "/people/王") is not None
    assert SEAL.opened(kept, "/people/李") is None
    assert Seal(b"key", "another").opened(kept, "/people/王") is None
    assert Seal(b"other", "session").opened(kept, "/people/王") is None
