"""The faults an expression can have: their stable codes, and how one is made from a place."""

from __future__ import annotations

from typing import Literal, get_args

from engine.core.expression.foreign import QUOTES
from engine.core.expression.syntax import Place
from engine.core.problem import Fault
from engine.label import Label, verbatim

FaultCode = Literal[
    "expression-syntax",
    "expression-too-long",
    "expression-too-deep",
    "full-width-punctuation",
    "chained-comparison",
    "unknown-name",
    "unknown-function",
    "unknown-step",
    "unknown-choice",
    "type-mismatch",
    "wrong-arguments",
    "calendar-needed",
    "may-be-empty",
]

FAULT_CODES: frozenset[FaultCode] = frozenset(get_args(FaultCode))

TOO_MUCH = Label("请把一部分移到 computed 字段里。", "Move a part into a computed field.")
"""The way out of an expression that is too long or too deep."""


def fault(code: FaultCode, place: Place, sentence: Label, way_out: Label | None = None) -> Fault:
    """The fault at a place; one character long where there is nothing to point at (the end of the text)."""
    return Fault(code, place.offset, max(1, place.end - place.offset), sentence, way_out)


def expected(code: FaultCode, place: Place, wanted: Label, found: Label, way_out: Label | None = None) -> Fault:
    """A fault in the grammar of all messages: expected A, found B."""
    sentence = Label("此处应为{wanted}，实际为{found}", "expected {wanted}, found {found}")
    return fault(code, place, sentence.fill(wanted=wanted, found=found), way_out)


def quoted(text: str) -> Label:
    """What the author wrote, as it is quoted in a sentence.

    >>> quoted("=").zh
    '“=”'
    """
    return verbatim(text if text[:1] in QUOTES else f"“{text}”")
