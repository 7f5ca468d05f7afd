"""Problems of a definition, found while it is compiled: where in the document, a stable code, a sentence, a way out.

Paths, not lines: only the authoring side knows files (`authoring.diagnostic`).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.label import Label

Path = tuple[str | int, ...]
"""From the root of the document: ("states", "received", "transitions", "take", "by", 0)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault inside one expression text: `length` characters from `offset` on."""

    code: str
    offset: int
    length: int
    sentence: Label
    way_out: Label | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a definition at a path; within an expression, at an offset of its text (code points)."""

    code: str
    path: Path
    sentence: Label
    way_out: Label | None = None
    offset: int = 0
    length: int | None = None
    """None: the whole value."""
    of_key: bool = False
    """The key is at fault, not its value."""

    @staticmethod
    def at(path: Path, fault: Fault) -> Problem:
        """The fault of an expression, placed in its document."""
        return Problem(fault.code, path, fault.sentence, fault.way_out, fault.offset, fault.length)
