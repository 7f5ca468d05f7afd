"""What people write freely – texts, reasons, comments – and how a stranger's words may be quoted in a sentence.

Knows characters and lengths. Must not know what a text is about.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from engine.label import Label

REASON_LIMIT = 1000
"""Characters of the reason of one step or correction."""

_QUOTED_LIMIT = 60

_INTEGER_BITS = 200
"""Beyond this no field can hold an integer, and Python itself refuses to write long ones down."""

_TURNS_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Shows a text other than it is."""


def plain(raw: object) -> str | None:
    """A text or number as text; None for anything else, and for a number that no field could hold."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        return None
    return None if isinstance(raw, int) and raw.bit_length() > _INTEGER_BITS else str(raw)


def fault_in(text: str, limit: int) -> Label | None:
    """Why a text cannot be kept: too long, or with characters that nobody can see."""
    if len(text) > limit:
        sentence = Label("应不超过 {limit} 个字符，实际为 {length} 个", "expected at most {limit} characters, found {length}")
        return sentence.fill(limit=limit, length=len(text))
    bad = next((character for character in text if _is_unseen(character)), None)
    if bad is None:
        return None
    return Label("含有不可见的控制字符 U+{code:04X}", "holds an invisible control character U+{code:04X}").fill(code=ord(bad))


def quoted(raw: object) -> str:
    """A stranger's value as it stands in a sentence: in quotes, one line, short, nothing unseen; what is no text, by its outline.

    >>> quoted("12八0\\x1b000"), quoted({"a": 1}), quoted(None)
    ('“12八0\ufffd000”', '“{…}”', '“”')
    """
    if isinstance(raw, float | bool):
        text: str | None = str(raw)
    else:
        text = "" if raw is None else plain(raw)
    if text is None:
        text = "{…}" if isinstance(raw, dict) else "[…]" if isinstance(raw, list | tuple) else "…"
    shown = "".join("\ufffd" if _is_unseen(character) else character for character in re.sub(r"\s+", " ", text[: _QUOTED_LIMIT + 1]))
    return f"“{shown}”" if len(shown) <= _QUOTED_LIMIT else f"“{shown[: _QUOTED_LIMIT - 1]}…”"


def _is_unseen(character: str) -> bool:
    if character in "\n\r\t":
        return False
    return character in _TURNS_DIRECTION or unicodedata.category(character) in ("Cc", "Cs", "Co")
