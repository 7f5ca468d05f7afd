"""The one error root. Each class says whose fault it is; each instance says what to do.

Refusals of a move are not errors: they are values (`core.decision.Refused`). Errors are misuse and failure – an unknown
number, a damaged database – and every one carries a stable code, one sentence and a way out in both languages.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar, Literal

from engine.label import Label

Fault = Literal["caller", "author", "system"]


class AftercareError(Exception):
    """Root of all errors that a user may meet.

    `sentence` says what was expected and what was found; `way_out` says what to do, and may name the nearest valid name.
    """

    code: ClassVar[str] = "error"
    fault: ClassVar[Fault] = "system"

    def __init__(self, sentence: Label, way_out: Label | None = None) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.way_out = way_out


class Unknown(AftercareError):
    """A name, number or id that does not exist here."""

    code = "unknown"
    fault = "caller"


class Misuse(AftercareError):
    """The wish itself is malformed: a bad option, an unreadable file, a value of the wrong kind."""

    code = "misuse"
    fault = "caller"


class Conflict(AftercareError):
    """The wish contradicts what is already recorded: a key reused, a version number already published."""

    code = "conflict"
    fault = "caller"


class Unavailable(AftercareError):
    """The database or the disk cannot serve now; nothing was changed."""

    code = "unavailable"
    fault = "system"


class Damaged(AftercareError):
    """What was stored cannot be trusted as it stands."""

    code = "damaged"
    fault = "system"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None. The low cut-off is for two-character Chinese words (派丹 → 派单)."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return matches[0] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> Label | None:
    """A way out that offers the nearest valid name, if there is one."""
    suggestion = nearest(name, known)
    if suggestion is None:
        return None
    return Label("是不是想写 {it}？", "Did you mean {it}?").fill(it=suggestion)
