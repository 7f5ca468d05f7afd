"""A template as its author wrote it – subject and body, each in Chinese and English – and a fault found in one.

Texts only: how they are checked and filled is for `render`, where they are kept for `library`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.label import Label, Language
from notifications.message import Text

Part = Literal["subject", "body"]

FAULT_CODES = frozenset(
    {
        "template-empty",
        "template-too-long",
        "template-too-deep",
        "template-syntax",
        "template-not-allowed",
        "template-unknown-name",
        "template-unknown-filter",
        "template-wrong-kind",
    }
)
"""The stable codes of faults. A code is never renamed and never reused."""


@dataclass(frozen=True, slots=True)
class Template:
    """The four texts of one message, unfilled."""

    subject_zh: str
    body_zh: str
    subject_en: str
    body_en: str

    def text(self, language: Language) -> Text:
        """The two texts of one language, unfilled."""
        return Text(self.subject_zh, self.body_zh) if language == "zh" else Text(self.subject_en, self.body_en)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, in which of its texts, and where; lines and columns count from 1."""

    language: Language
    part: Part
    line: int
    column: int | None
    """None where the reader of templates does not tell it."""
    code: str
    sentence: Label
    way_out: Label | None = None
