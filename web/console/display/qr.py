"""A QR code as a path: dark squares of one unit, whatever colour and size the page gives them."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4
"""Light squares that a scanner needs around it."""


@dataclass(frozen=True, slots=True)
class Qr:
    """`size`: how many squares wide and high it is, the quiet zone included; `path`: the dark ones, as SVG writes them."""

    size: int
    path: str


def qr_of(content: str) -> Qr:
    """The code of a text, so strong that a fold or a stain does not matter."""
    matrix = segno.make_qr(content, error="m").matrix
    runs = (f"M{start + QUIET} {y + QUIET}h{end - start}v1h{start - end}z" for y, row in enumerate(matrix) for start, end in _runs(row))
    return Qr(len(matrix) + 2 * QUIET, "".join(runs))


def _runs(row: bytes | bytearray) -> list[tuple[int, int]]:
    """Where dark squares begin and end."""
    found: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and found and found[-1][1] == x:
            found[-1] = (found[-1][0], x + 1)
        elif is_dark:
            found.append((x, x + 1))
    return found
