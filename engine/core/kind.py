"""The kinds of values: what a field holds and what an expression gives.

A value in the core is one of
    text, phone, email, choice, person, unit → str        boolean → bool          integer → int
    decimal, money → Decimal (exact, finite)              date → datetime.date    datetime → aware datetime in UTC
    people → tuple[str, ...] (sorted, distinct ids)       duration → Period (expressions and clocks only)
and an empty value is None. Knows no case and no document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from engine.timing.period import FAMILIES, Period

KindName = Literal["boolean", "integer", "decimal", "money", "text", "date", "datetime", "duration", "choice", "person", "people", "unit"]


Value = str | bool | int | Decimal | date | datetime | tuple[str, ...] | Period


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its name, and what it is *of* – the currency of money, the field of a choice, the family of a duration.

    Families of durations: `clock` (m h), `calendar` (d mo y), `working` (wh wd).
    """

    name: KindName
    of: str | None = None

    def __str__(self) -> str:
        return f"{self.name}({self.of})" if self.of else self.name


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
