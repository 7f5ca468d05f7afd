"""Ordered terms as sums: so much of each variable, and a constant. Where two sums are equal, a comparison changes its answer.

Only says where to cut; whether a condition holds is never decided here, but by evaluating it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.authoring.proof.variable import Position, measure, quotient
from engine.core.expression.term import (
    Calculation,
    Constant,
    DaysBetween,
    FieldValue,
    Moved,
    PeriodProduct,
    PeriodSum,
    Replacement,
    Term,
    Widened,
)
from engine.core.kind import Value
from engine.timing.period import Period

MOST_FORMS = 12
"""Sums that one term may come to by its cases."""


@dataclass(frozen=True, slots=True)
class Sum:
    """`shares` of variables, and of functions of a single variable, in the order of their names."""

    shares: tuple[tuple[str, Position], ...]
    constant: Position

    @property
    def names(self) -> frozenset[str]:
        """What it is made of."""
        return frozenset(name for name, _ in self.shares)

    def plus(self, other: Sum, times: Position = 1) -> Sum:
        """The sum of both, the other taken so many times."""
        shares = dict(self.shares)
        for name, share in other.shares:
            shares[name] = shares.get(name, 0) + share * times
        return Sum(tuple(sorted((name, share) for name, share in shares.items() if share)), self.constant + other.constant * times)

    def share(self, name: str) -> Position:
        """How much of this there is."""
        return dict(self.shares).get(name, 0)

    def without(self, name: str) -> Sum:
        """What the named one is where the sum is nothing."""
        share = self.share(name)
        return Sum(tuple((each, quotient(-by, share)) for each, by in self.shares if each != name), quotient(-self.constant, share))

    def normal(self) -> Sum:
        """The same up to a factor."""
        first = self.shares[0][1]
        return Sum(tuple((name, quotient(share, first)) for name, share in self.shares), quotient(self.constant, first))


def alone(name: str) -> Sum:
    """One of this, and nothing else."""
    return Sum(((name, 1),), 0)


def fixed(value: Value) -> Sum:
    """A constant."""
    return Sum((), measure(value))


Forms = tuple[Sum, ...]
Of = Callable[[Term], Forms | None]


def forms(term: Term, of_field: Callable[[str], Forms | None], otherwise: Of) -> Forms | None:
    """The sums that a term may come to, one for each way in which its cases may fall; None where it is no sum.

    `otherwise` is asked for what is no sum itself: it may be a function of a single variable.
    """

    def of(part: Term) -> Forms | None:
        return forms(part, of_field, otherwise)

    match term:
        case Constant(value=value):
            return (fixed(value),)
        case FieldValue(field=field):
            return of_field(field)
        case Widened(integer=only):
            return of(only)
        case Replacement(value=value, substitute=substitute):
            return _either(of(value), of(substitute))
        case Calculation(operator="*", left=left, right=right):
            return _scaled(of(left), of(right)) or otherwise(term)
        case Calculation(operator=sign, left=left, right=right) | PeriodSum(operator=sign, left=left, right=right):
            return _combined(of(left), of(right), sign) or otherwise(term)
        case PeriodProduct(period=period, factor=factor):
            return _scaled(of(period), of(factor))
        case DaysBetween(since=since, until=until):
            return _combined(of(until), of(since), "-")
        case Moved(operator=sign, moment=moment, period=period) if _is_exact(term):
            return _combined(of(moment), of(period), sign) or otherwise(term)
        case _:
            return otherwise(term)


def _is_exact(term: Moved) -> bool:
    """Whether so many days are added to a date; a month has no length, and a day not always 24 hours."""
    period: Term = term.period
    while isinstance(period, PeriodProduct):
        period = period.period
    return term.kind.name == "date" and isinstance(period, Constant) and isinstance(period.value, Period) and period.value.unit == "d"


def _either(left: Forms | None, right: Forms | None) -> Forms | None:
    return _few((*left, *right)) if left is not None and right is not None else None


def _combined(left: Forms | None, right: Forms | None, sign: str) -> Forms | None:
    if left is None or right is None:
        return None
    return _few(tuple(one.plus(other, 1 if sign == "+" else -1) for one in left for other in right))


def _scaled(left: Forms | None, right: Forms | None) -> Forms | None:
    if left is None or right is None:
        return None
    if any(each.shares for each in right):
        left, right = right, left
    if any(each.shares for each in right):
        return None
    return _few(tuple(Sum((), 0).plus(one, other.constant) for one in left for other in right))


def _few(found: Forms) -> Forms | None:
    distinct = tuple(dict.fromkeys(found))
    return distinct if len(distinct) <= MOST_FORMS else None


def value_of(total: Sum, position_of: Callable[[str], Position | None]) -> Position | None:
    """What the sum comes to; None while something in it is empty."""
    result = total.constant
    for name, share in total.shares:
        position = position_of(name)
        if position is None:
            return None
        result += share * position
    return result
