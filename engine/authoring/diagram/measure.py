"""How wide a text is and how it is broken into lines: an estimate without fonts, a little on the wide side.

Chinese is as wide as it is high and is broken after commas, or between any two characters where there are none; English is
broken between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial

Measure = Callable[[str], float]

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/ “”‘’·-")
_BROAD = frozenset("mwMW@%—→")
_PIECE = re.compile(r"[^\s、，；：]+(?: ·)?[、，；：]*\s*|[\s、，；：]+")
_OPENING = frozenset("（《“‘(")
_CLOSING = frozenset("，。、；：！？）》”’…,.;:!?)")


def width(text: str, size: float) -> float:
    """The width of a text in a font of this size, in the same measure.

    >>> width("返修", 10), width("ill", 10) < width("mmm", 10)
    (20.0, True)
    """
    return round(sum(map(_advance, text)) * size, 2)


def wrapped(text: str, size: float, most: float) -> list[str]:
    """The text in lines of at most this width, as few as possible and then as even as possible. A single word may be broken.

    >>> wrapped("Repairer, Front desk", 10, 60)
    ['Repairer,', 'Front desk']
    >>> wrapped("代理商送修受理", 10, 50)
    ['代理商送', '修受理']
    """
    measure = partial(width, size=size)
    pieces = _pieces(text, most, measure)
    lines = _filled(pieces, most, measure)
    narrow, wide = most / 2, most
    while len(lines) > 1 and wide - narrow > size / 2:
        middle = (narrow + wide) / 2
        attempt = _filled(pieces, middle, measure)
        if len(attempt) <= len(lines) and max(map(measure, attempt)) <= middle:
            lines, wide = attempt, middle
        else:
            narrow = middle
    return lines


def columns(text: str) -> int:
    """The columns that a text takes on a terminal.

    >>> columns("返修 OK")
    7
    """
    return sum(2 if _is_wide(character) else 0 if _advance(character) == 0 else 1 for character in text)


def folded(text: str, most: int) -> list[str]:
    """The text in lines of at most so many columns, each as full as possible."""
    return _filled(_pieces(text, most, columns), most, columns)


def _filled(pieces: Iterable[str], most: float, measure: Measure) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and measure((lines[-1] + piece).rstrip()) > most:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(text: str, most: float, measure: Measure) -> list[str]:
    """What is kept on one line: a word, in Chinese what stands between two commas; what is too long for that, by characters."""
    found: list[str] = []
    for word in _PIECE.findall(text):
        found.extend([word] if measure(word.rstrip()) <= most else _broken(word, most, measure))
    return found


def _broken(word: str, most: float, measure: Measure) -> Iterator[str]:
    whole = ""
    for character in word:
        if whole and not character.isspace() and _may_break(whole, character, most, measure):
            yield whole
            whole = ""
        whole += character
    yield whole


def _may_break(before: str, character: str, most: float, measure: Measure) -> bool:
    if measure(before + character) > most:
        return True
    kept = character in _CLOSING or before[-1] in _OPENING
    return not kept and (_is_wide(character) or _is_wide(before[-1]))


def _advance(character: str) -> float:
    if _is_wide(character):
        return 1.0
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.95
    return 0.72 if character.isupper() else 0.58


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
