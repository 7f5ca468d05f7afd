"""Where things stand in a text: offsets to lines and columns, and the place of every value of a document.

Counts in code points, never in bytes or terminal cells. Knows nothing of YAML's grammar beyond how a scalar's text is
written down (quotes, escapes, folding), and nothing of files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: lines and columns from 1, in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one value stands, as offsets of the text, and how it is written.

    `style` is None for a mapping or list, otherwise `plain`, `'`, `"`, `|` or `>`; `value` is the scalar's text as read.
    """

    start: int
    end: int
    key: tuple[int, int] | None = None
    value: str | None = None
    style: str | None = None


class Layout:
    """The line structure of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def span(self, start: int, end: int) -> Span:
        """Offsets of the text as lines and columns."""
        return Span(*self._position(start), *self._position(max(start, end)))

    def line_end(self, offset: int) -> int:
        """The offset where the visible part of the line of `offset` ends."""
        match = _LINE_END.search(self._text, offset)
        line = self._text[offset : match.start() if match else len(self._text)]
        return offset + len(line.rstrip())

    def within(self, place: Place, offset: int, length: int | None) -> Span:
        """`length` characters from `offset` of a scalar's text; without both, the whole value as written."""
        if place.value is None or (offset == 0 and length is None):
            return self.span(place.start, place.end)
        stops = written(self._text[place.start : place.end], place.value, place.style)
        first = min(offset, len(place.value))
        last = len(place.value) if length is None else min(first + length, len(place.value))
        end = stops[last - 1][1] if last > first else stops[first][0]
        return self.span(place.start + stops[first][0], place.start + end)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def written(raw: str, value: str, style: str | None) -> list[tuple[int, int]]:
    """For each character of `value` the stretch of `raw` that wrote it, and one more for the end of the value.

    Follows quotes, escapes, folded line ends and the indentation of block scalars.

    >>> written("'it''s'", "it's", "'")
    [(1, 2), (2, 3), (3, 5), (5, 6), (6, 6)]
    """
    at = _first_character(raw, style)
    stops: list[tuple[int, int]] = []
    for character in value:
        start, end = _next(raw, at, character, style)
        stops.append((start, end))
        at = end
    stops.append((at, at))
    return stops


def _first_character(raw: str, style: str | None) -> int:
    if style in ("|", ">"):
        # The header line (`|-`, `>+ # why`) belongs to no character of the text.
        header = _LINE_END.search(raw)
        return header.end() if header else len(raw)
    return 1 if style in ("'", '"') else 0


def _next(raw: str, at: int, character: str, style: str | None) -> tuple[int, int]:
    if character.isspace() and raw[at : at + 1].isspace():
        return at, at + 1
    while at < len(raw) and raw[at].isspace() and raw[at] != character:
        at += 1
    if style == '"' and raw[at : at + 1] == "\\":
        escape = _ESCAPE.match(raw, at)
        end = escape.end() if escape else at + 1
        if raw[at + 1 : at + 2] in ("\n", "\r"):
            return _next(raw, end, character, style)
        return at, end
    if style == "'" and raw[at : at + 2] == "''":
        return at, at + 2
    return min(at, len(raw)), min(at + 1, len(raw))
