"""Exact arithmetic on integers and decimals, whatever the precision of the surrounding program.

Python's own operators on Decimal round to the 28 digits of a context that any library may change. Here a result keeps
all its digits; 400 characters over numbers of 30 digits cannot exceed the precision chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from types import MappingProxyType
from typing import Literal

MAX_DIGITS = 30
"""Of a literal."""

Number = int | Decimal
Operator = Literal["+", "-", "*"]

_EXACT = Context(prec=20_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

OPERATIONS: Mapping[Operator, Callable[[Number, Number], Decimal]] = MappingProxyType(
    {"+": _EXACT.add, "-": _EXACT.subtract, "*": _EXACT.multiply}
)
"""For operands of which at least one is a Decimal; integers are exact by themselves."""


def calculate(operator: Operator, left: Number, right: Number) -> Number:
    """The exact result: an integer of integers, else a Decimal.

    >>> calculate("*", Decimal("480.05"), 3), calculate("-", 2, 5)
    (Decimal('1440.15'), -3)
    """
    if isinstance(left, int) and isinstance(right, int):
        return left + right if operator == "+" else left - right if operator == "-" else left * right
    return OPERATIONS[operator](left, right)
