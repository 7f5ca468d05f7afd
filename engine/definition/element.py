"""The shared ground of all definition models: strictness, ids, flags, and lists that may be written as one word."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from engine.label import Label

NAME = r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*"

Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$", max_length=64)]
"""A stable id: small ASCII letters, digits, `_` and `-`. Never shown, never changed."""

Expression = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"""The text of an expression (docs/reference/language.md, Expressions). Parsed by `core.expression`, never here."""


class Element(BaseModel):
    """One mapping of a process document. Unknown keys are errors; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class Bilingual(Element):
    """A label as an author writes it: `{zh: …, en: …}`; both languages, neither empty."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @property
    def label(self) -> Label:
        """The same as a Label."""
        return Label(self.zh, self.en)


def _only_true_or_false(raw: Any) -> Any:
    # pydantic would take "yes", "on" and "1" for true; in a document only `true` and `false` are.
    if isinstance(raw, bool):
        return raw
    if raw == "true":
        return True
    if raw == "false":
        return False
    raise ValueError("flag")


Flag = Annotated[bool, BeforeValidator(_only_true_or_false)]


def _only_a_day(raw: Any) -> Any:
    # pydantic would take "86400" for the second day of 1970.
    if isinstance(raw, str) and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise PydanticCustomError("date_parsing", "day")
    return raw


Day = Annotated[date, BeforeValidator(_only_a_day)]
"""A date, `2026-09-28`."""


def _as_list(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) else raw


Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One word or a list of words."""

Names = Annotated[tuple[Name, ...], BeforeValidator(_as_list)]
"""One id or a list of ids."""
