"""A field of a case: its type, its title and the limits of its values, as written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, StringConstraints
from pydantic import Field as Limit

from engine.definition.element import Bilingual, Element, Flag, Name, Words
from engine.definition.value import CasesValue

FieldType = Literal[
    "text", "phone", "email", "boolean", "integer", "decimal", "money", "date", "datetime", "choice", "person", "people", "unit",
    "file", "files", "list", "case",
]  # fmt: skip


Media = Literal["jpg", "png", "webp", "pdf", "txt", "csv", "xlsx", "docx", "mp4", "mp3", "wav", "zip"]


SIZE = r"^[1-9][0-9]{0,3}(kB|MB)$"


class RowLimits(Element):
    """`{min: 1, max: 50}`."""

    min: Annotated[int, Limit(ge=0, le=200)] = 0
    max: Annotated[int, Limit(ge=1, le=200)] = 200


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
    """integer, decimal, money, date: the smallest value, read by the field's own type; files: how many there must be."""
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
    of: dict[Name, Field] | None = Limit(default=None, min_length=1, max_length=40)
    """list only: its columns."""
    key: Annotated[tuple[Name, ...], BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw)] = ()
    """list only: columns that together tell its rows apart."""
    rows: RowLimits | None = None
    """list only: how many rows it may have."""
    like: Name | None = None
    """list only: another list whose columns it has too, instead of `of`."""
    workflow: Name | None = None
    """case only: of which workflow the linked case is."""
    size: Annotated[str, StringConstraints(pattern=SIZE)] | None = None
    """file, files only: how large each may be; 10MB by default."""
    accept: tuple[Media, ...] = ()
    """file, files only: which kinds of content are taken; all of them by default."""
    count: Annotated[int, Limit(ge=1, le=50)] | None = None
    """files only: how many; 10 by default."""
    source: Words = ()
    """Records of the written procedures that it keeps."""
