"""Texts as objects for JSON."""

from __future__ import annotations

from typing_extensions import TypedDict

from engine.label import Label


class LabelObject(TypedDict):
    """A text in both languages."""

    zh: str
    en: str


def of_label(label: Label) -> LabelObject:
    """A text in both languages."""
    return {"zh": label.zh, "en": label.en}


def of_optional(label: Label | None) -> LabelObject | None:
    """A text that may be missing."""
    return of_label(label) if label is not None else None
