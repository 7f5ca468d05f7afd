"""What a proof may choose freely: a field, a fact of the case or what is said of rows, and the values that stand for all others.

Ordered values have a *position*, an exact number; between two neighbouring cuts every value behaves alike, so one stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import cast

from engine.core.kind import Kind, KindName, Value, decimals
from engine.label import Label
from engine.timing.period import Period, finest

ORDERED: frozenset[KindName] = frozenset({"integer", "decimal", "money", "date", "datetime"})
NAMED: frozenset[KindName] = frozenset({"text", "choice", "person", "people", "unit", "case"})
"""Kinds of which one can only ask whether two are the same."""

MISSING: tuple[None] = (None,)
NOBODY: tuple[tuple[()]] = ((),)

Position = int | Fraction
"""Whole where it can be: whole numbers are quicker."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINEST = Fraction(1, 10**6)
"""What a form takes of a decimal."""
_LARGEST = 10**15 - 1
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_DAY = date(2026, 1, 1).toordinal()
"""The day that stands for any other."""
_NOON = (datetime(2026, 1, 1, 4, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
"""Noon of it in China, which is the same day nearly everywhere."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that may be anything of its kind, within its limits."""

    name: str
    """As the document writes it; with a prime for the value after `set`."""
    kind: Kind
    empty: tuple[Value | None, ...] = ()
    """How it may be empty: not at all, missing, or nobody."""
    least: Position | None = None
    most: Position | None = None
    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None


class Other(str):
    """A text, person, unit or case that no condition names: a letter behind a character that no document can hold."""

    __slots__ = ()

    def label(self, kind: Kind) -> Label:
        """How it is shown: “person A”."""
        return _OTHERS[kind.name].fill(it=self[1:])


_OTHERS = {
    "text": Label("任意文字 {it}", "any text {it}"),
    "person": Label("人员 {it}", "person {it}"),
    "people": Label("人员 {it}", "person {it}"),
    "unit": Label("单位 {it}", "unit {it}"),
    "case": Label("工单 {it}", "case {it}"),
}


def measure(value: Value) -> Position:
    """The position of an ordered value: a number, days for a date, seconds for an instant, units for a length of time."""
    if isinstance(value, datetime):
        return quotient((value - _EPOCH) // timedelta(microseconds=1), 10**6)
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, Period):
        return finest(value).count
    number = cast("int | Decimal", value)
    return quotient(*number.as_integer_ratio())


def quotient(one: Position, other: Position) -> Position:
    """The exact quotient."""
    whole, rest = divmod(one, other)
    return Fraction(one) / other if rest else whole


def value_at(kind: Kind, position: Position) -> Value:
    """The value at a position that the kind can express."""
    match kind.name:
        case "date":
            return date.fromordinal(int(position))
        case "datetime":
            return _EPOCH + timedelta(seconds=int(position))
        case "integer":
            return int(position)
        case _:
            return Decimal(position.numerator) / position.denominator


def tick(kind: Kind) -> Position:
    """How far apart two neighbouring values of an ordered kind are."""
    return _FINEST if kind.name == "decimal" else quotient(1, 10 ** decimals(kind.of)) if kind.name == "money" else 1


def ends(variable: Variable) -> tuple[Position, Position]:
    """The lowest and the highest position that an ordered variable may have."""
    low: Position = -_LARGEST
    high: Position = _LARGEST
    if variable.kind.name == "date":
        low, high = _FIRST_DAY.toordinal(), _LAST_DAY.toordinal()
    elif variable.kind.name == "datetime":
        low, high = (measure(datetime(day.year, day.month, day.day, tzinfo=UTC)) for day in (_FIRST_DAY, _LAST_DAY))
    return (low if variable.least is None else variable.least, high if variable.most is None else variable.most)


def sample_days(variable: Variable) -> Iterator[Position]:
    """The positions of the days around the ends of all months of four years – every weekday is among them – or noon of each."""
    for day in range(4 * 365 + 1):
        if not 4 <= date.fromordinal(_DAY + day).day <= 26:
            yield _NOON + day * 86_400 if variable.kind.name == "datetime" else _DAY + day


def cells(variable: Variable, cuts: Iterable[Position], reach: int) -> Iterator[Value]:
    """A value for each cut and for each gap between cuts.

    `reach`: how many values of other variables may have to lie between this one and a cut; so many beside each cut are given too.
    """
    unit, (low, high) = tick(variable.kind), ends(variable)
    rest = _DAY if variable.kind.name == "date" else _NOON if variable.kind.name == "datetime" else 0
    inside = sorted({cut for cut in cuts if low <= cut <= high})
    found: dict[Position, None] = {}
    borders = [None, *inside, None]
    for before, after in pairwise(borders):
        found.update(dict.fromkeys(_between(variable.kind, before, after, reach)))
        if after is not None and after % unit == 0:
            found[after] = None
    if not inside:
        found = {min(max(rest, -(-low // unit) * unit), high): None}
    # The limits that a document names tell more than their neighbours, and what is near is easier to read than what is far.
    for position in sorted((each for each in found if low <= each <= high), key=lambda each: (each not in inside, abs(each - rest), each)):
        yield value_at(variable.kind, position)


def _between(kind: Kind, before: Position | None, after: Position | None, reach: int) -> Iterator[Position]:
    """Values strictly between two cuts, beside them; on one side there may be none."""
    unit = tick(kind)
    if kind.name == "decimal":
        # 1.5 says more than 1.000001.
        width = 2 * reach + 2 if before is None or after is None else after - before
        unit = next((step for step in (1, Fraction(1, 10), Fraction(1, 100)) if (2 * reach + 1) * step < width), unit)
    upwards = [] if before is None else [(before // unit + step) * unit for step in range(1, reach + 1)]
    downwards = [] if after is None else [(-(-after // unit) - step) * unit for step in range(1, reach + 1)]
    if reach == 1 and upwards:
        downwards = []
    for position in (*upwards, *downwards):
        if (before is None or before < position) and (after is None or position < after):
            yield position
