"""A mistake found in a text while it is read, at offsets of that text. `document.read` turns it into a Diagnostic.

Exists so that the readers of characters, of YAML's grammar and of its structure need to know neither file nor lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.label import Label


@dataclass(frozen=True, slots=True)
class Mistake:
    """A stable code, where (`end` exclusive), what was expected and found, and a way out."""

    code: str
    start: int
    end: int
    sentence: Label
    way_out: Label | None = None
