"""Lengths of time: which family a unit belongs to, and arithmetic within what can be converted exactly.

An hour is 60 minutes and a year 12 months; a month has no fixed number of days, and how long a working day is only a
calendar knows. So `d` with `mo`, or `wh` with `wd`, neither add up nor compare, though they are of one family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Unit = Literal["m", "h", "d", "mo", "y", "wh", "wd"]

FAMILIES: Mapping[str, str] = MappingProxyType(
    {"m": "clock", "h": "clock", "d": "calendar", "mo": "calendar", "y": "calendar", "wh": "working", "wd": "working"}
)

_FINER: Mapping[Unit, tuple[int, Unit]] = MappingProxyType({"h": (60, "m"), "y": (12, "mo")})


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: `count` of one unit. Clock time m h, calendar time d mo y, working time wh wd."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


def finest(period: Period) -> Period:
    """The same length in the smallest unit it converts to exactly.

    >>> finest(Period(2, "h")), finest(Period(3, "d"))
    (Period(count=120, unit='m'), Period(count=3, unit='d'))
    """
    finer = _FINER.get(period.unit)
    return period if finer is None else Period(period.count * finer[0], finer[1])


def meet(left: Unit, right: Unit) -> Unit | None:
    """The unit in which two units can be added exactly, if there is one.

    >>> meet("h", "m"), meet("h", "h"), meet("d", "mo")
    ('m', 'h', None)
    """
    if left == right:
        return left
    finer_left, finer_right = finest(Period(1, left)).unit, finest(Period(1, right)).unit
    return finer_left if finer_left == finer_right else None


def add(left: Period, right: Period) -> Period:
    """The sum of two lengths that meet in one unit.

    >>> add(Period(1, "h"), Period(-30, "m"))
    Period(count=30, unit='m')
    """
    if left.unit != right.unit:
        left, right = finest(left), finest(right)
    return Period(left.count + right.count, left.unit)


def multiply(period: Period, factor: int) -> Period:
    """A whole multiple of a length."""
    return Period(period.count * factor, period.unit)
