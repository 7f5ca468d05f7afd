"""The kinds of values: what a field holds and what an expression gives.

A value in the core is one of
    text, phone, email, choice, person, unit → str        boolean → bool          integer → int
    decimal, money → Decimal (exact, finite)              date → datetime.date    datetime → aware datetime in UTC
    people → tuple[str, ...] (sorted, distinct ids)       duration → Period (expressions and clocks only)
    case → str (its number)     file → Attachment         files → tuple[Attachment, ...]     list → tuple[Row, ...]
and an empty value is None. Knows no case and no document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from engine.timing.period import FAMILIES, Period

KindName = Literal[
    "boolean", "integer", "decimal", "money", "text", "date", "datetime", "duration", "choice", "person", "people", "unit",
    "case", "file", "files", "list",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a field holds it. The content lies in the store under `id`, the SHA-256 of its bytes as 64 hexadecimal digits."""

    id: str
    name: str
    size: int
    """In bytes."""
    media: str
    """Its media type, as found in the content: `image/jpeg`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list. `id` is stable and never used again within its case; `cells` holds only filled columns."""

    id: str
    cells: Mapping[str, Value]


Value = str | bool | int | Decimal | date | datetime | tuple[str, ...] | Period | Attachment | tuple[Attachment, ...] | tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its name, and what it is *of* – the currency of money, the field of a choice, the family of a duration, the workflow of
    a case, the field, alias or `earlier` of a list.

    Families of durations: `clock` (m h), `calendar` (d mo y), `working` (wh wd).
    """

    name: KindName
    of: str | None = None
    columns: tuple[tuple[str, Kind], ...] = ()
    """list only: its columns, in the order of the document."""

    def __str__(self) -> str:
        return f"{self.name}({self.of})" if self.of else self.name


OF_ROW = "#row"
"""The hidden column of an alias: the row that a child was opened for."""

BOOLEAN = Kind("boolean")
INTEGER = Kind("integer")
DECIMAL = Kind("decimal")
TEXT = Kind("text")
DATE = Kind("date")
DATETIME = Kind("datetime")
PERSON = Kind("person")
PEOPLE = Kind("people")
UNIT = Kind("unit")

_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND"})


def decimals(currency: str | None) -> int:
    """How many decimal places an amount of this currency has."""
    return 0 if currency in _WITHOUT_CENTS else 2


def kind_of(period: Period) -> Kind:
    """The kind of a length of time.

    >>> str(kind_of(Period(4, "wh")))
    'duration(working)'
    """
    return Kind("duration", FAMILIES[period.unit])


def attachments_in(value: Value | None) -> tuple[Attachment, ...]:
    """The files that a file or files value holds; none for an empty one."""
    if isinstance(value, tuple):
        return tuple(each for each in value if isinstance(each, Attachment))
    return (value,) if isinstance(value, Attachment) else ()


def rows_in(value: Value | None) -> tuple[Row, ...]:
    """The rows that a list value holds; none for an empty one."""
    return tuple(each for each in value if isinstance(each, Row)) if isinstance(value, tuple) else ()


def persons_in(value: Value | None) -> tuple[str, ...]:
    """The ids that a person or people value holds; none for an empty one."""
    if isinstance(value, tuple):
        return tuple(each for each in value if isinstance(each, str))
    return (value,) if isinstance(value, str) else ()
