"""A field of a case: its type, its title and the limits of its values, as written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Limit
from pydantic import StringConstraints

from engine.definition.element import Bilingual, Element, Flag, Name
from engine.definition.value import CasesValue

FieldType = Literal[
    "text", "phone", "email", "boolean", "integer", "decimal", "money", "date", "datetime", "choice", "person", "people", "unit"
]


class Field(Element):
    """One entry of `fields:`."""

    type: FieldType
    title: Bilingual
    personal: Flag = False
    """Kept apart from the history, masked in lists and messages, can be erased."""
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """text only: a regular expression that the whole value must match."""
    lines: Annotated[int, Limit(ge=1, le=40)] | None = None
    """text only: height of the input, in lines."""
    min: str | None = None
    """integer, decimal, money, date: the smallest value, read by the field's own type."""
    max: str | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    """money only: ISO 4217 code."""
    choices: dict[Name, Bilingual] | None = Limit(default=None, min_length=1, max_length=200)
    """choice only: id → label, in the order shown."""
    role: Name | None = None
    """person, people only: chosen among the holders of this role."""
    unique: Literal["open", "ever"] | None = None
    """No other open (or any) case of this workflow has this value."""
    computed: CasesValue | None = None
    """Never asked, never written by hand: recomputed with every accepted event."""
