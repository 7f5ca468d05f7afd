"""Patterns of text in words, as people are told what is expected: how many of which signs. Knows no field."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits

from engine.label import Label

_CLASS = re.compile(r"(?:\[([^\]\\]+)\]|(\\d))\{(\d{1,3})(?:,(\d{1,3}))?\}")
_MOST_LEFT_OUT = 6
"""Letters that a pattern leaves out are named as far as this."""


def in_words(pattern: str) -> Label | None:
    """What text of this pattern is; None for one that has no short name.

    >>> in_words("[0-9]{15}").en, in_words("[A-HJ-NPR-Z0-9]{17}").en, in_words("A+")
    ('15 digits', '17 capital letters or digits, without I, O, Q', None)
    """
    found = _CLASS.fullmatch(pattern)
    said = _signs(_members(found)) if found is not None else None
    if found is None or said is None:
        return None
    count = found[3] if found[4] in (None, found[3]) else f"{found[3]}–{found[4]}"
    return Label("{count} 位{signs}", "{count} {signs}").fill(count=count, signs=said)


def is_of_digits(pattern: str) -> bool:
    """Whether it takes digits alone."""
    found = _CLASS.fullmatch(pattern)
    return found is not None and _members(found) <= set(digits)


def _members(found: re.Match[str]) -> set[str]:
    """The signs that a class of a pattern admits; ranges are written out."""
    if found[2]:
        return set(digits)
    text, members = found[1], set[str]()
    for first, last, single in re.findall(r"(.)-(.)|(.)", text):
        members |= {single} if single else {chr(each) for each in range(ord(first), ord(last) + 1)}
    return members


def _signs(members: set[str]) -> Label | None:
    """What they are called; None for signs that have no short name."""
    letters = members - set(digits)
    if not letters:
        return Label("数字", "digits")
    case = next((each for each in (ascii_uppercase, ascii_lowercase, ascii_uppercase + ascii_lowercase) if letters <= set(each)), None)
    if case is None:
        return None
    missing = "".join(each for each in case if each not in letters)
    if len(missing) > _MOST_LEFT_OUT:
        return None
    name = {
        ascii_uppercase: Label("大写字母", "capital letters"),
        ascii_lowercase: Label("小写字母", "small letters"),
    }.get(case, Label("字母", "letters"))
    if digits[0] in members:
        name = Label("{letters}或数字", "{letters} or digits").fill(letters=name)
    without = Label("{signs}（不含 {missing}）", "{signs}, without {missing}")
    return without.fill(signs=name, missing=Label("、".join(missing), ", ".join(missing))) if missing else name
