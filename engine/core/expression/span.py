"""Lengths of time: which family a unit belongs to, and arithmetic within what can be converted exactly.

An hour is 60 minutes and a year 12 months; a month has no fixed number of days, and how long a working day is only a
calendar knows. So `d` with `mo`, or `wh` with `wd`, neither add up nor compare, though they are of one family.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engine.core.kind import Kind, Span

Unit = Literal["m", "h", "d", "mo", "y", "wh", "wd"]

FAMILIES: Mapping[str, str] = MappingProxyType(
    {"m": "clock", "h": "clock", "d": "calendar", "mo": "calendar", "y": "calendar", "wh": "working", "wd": "working"}
)

_FINER: Mapping[Unit, tuple[int, Unit]] = MappingProxyType({"h": (60, "m"), "y": (12, "mo")})


def kind_of(span: Span) -> Kind:
    """The kind of a duration.

    >>> str(kind_of(Span(4, "wh")))
    'duration(working)'
    """
    return Kind("duration", FAMILIES[span.unit])


def finest(span: Span) -> Span:
    """The same length in the smallest unit it converts to exactly.

    >>> finest(Span(2, "h")), finest(Span(3, "d"))
    (Span(count=120, unit='m'), Span(count=3, unit='d'))
    """
    factor, unit = _FINER.get(span.unit, (1, span.unit))
    return Span(span.count * factor, unit)


def meet(left: Unit, right: Unit) -> Unit | None:
    """The unit in which two units can be added exactly, if there is one.

    >>> meet("h", "m"), meet("h", "h"), meet("d", "mo")
    ('m', 'h', None)
    """
    if left == right:
        return left
    finer_left, finer_right = finest(Span(1, left)).unit, finest(Span(1, right)).unit
    return finer_left if finer_left == finer_right else None


def add(left: Span, right: Span) -> Span:
    """The sum of two lengths that meet in one unit.

    >>> add(Span(1, "h"), Span(-30, "m"))
    Span(count=30, unit='m')
    """
    if left.unit != right.unit:
        left, right = finest(left), finest(right)
    return Span(left.count + right.count, left.unit)


def multiply(span: Span, factor: int) -> Span:
    """A whole multiple of a length."""
    return Span(span.count * factor, span.unit)
