"""Which operands an operator takes and what it gives. Knows typed operands, no names; constant numbers are worked out here."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as OneOf

from engine.core.expression.agreement import NUMERIC, adapt, in_words, join, mismatch, one_of, unit_of, unlike, wrong_kind
from engine.core.expression.fault import fault
from engine.core.expression.number import Operator, calculate
from engine.core.expression.syntax import Comparator, Place
from engine.core.expression.term import (
    Calculation,
    Comparison,
    Constant,
    Membership,
    Moved,
    PeriodProduct,
    PeriodSum,
    Replacement,
    Term,
    Together,
)
from engine.core.kind import BOOLEAN, DECIMAL, INTEGER, PEOPLE, Kind, KindName
from engine.core.problem import Fault
from engine.label import Label
from engine.timing.period import meet

_ORDERED: tuple[KindName, ...] = ("integer", "decimal", "money", "date", "datetime", "duration")
_MOMENTS: tuple[KindName, ...] = ("date", "datetime")
_PERSONS: tuple[KindName, ...] = ("person", "people")
_ONLY_SET: tuple[KindName, ...] = ("list", "file", "files")
"""Of these one can only ask whether there is something."""


def compare(place: Place, operator: Comparator, left: Term, right: Term) -> Term | Fault:
    """`left == right` and its like."""
    if operator not in ("==", "!=") and left.kind.name not in _ORDERED:
        way_out = Label("{kind}没有大小，只能用“==”或“!=”比较。", "A {kind} has no order: compare with “==” or “!=”.").fill(
            kind=in_words(left.kind)
        )
        return wrong_kind(one_of(*_ORDERED), left, way_out)
    if left.kind.name in _ONLY_SET:
        way_out = Label("请写“{it} is set”。", "Write “{it} is set”.").fill(it=left.place.text)
        return wrong_kind(Label("单个值", "a single value"), left, way_out)
    joined = join(left, right)
    if joined is None:
        return unlike(left, right)
    return Comparison(BOOLEAN, place, operator, *joined)


def contain(place: Place, value: Term, options: tuple[Term, ...]) -> Term | tuple[Fault, ...]:
    """`value in (option | …)`: an option is a value of the same kind, or people among whom a person may be."""
    kept: list[Term] = []
    faults: list[Fault] = []
    for option in options:
        among_people = value.kind.name == "person" and option.kind.name == "people"
        joined = (value, option) if among_people else join(value, option)
        if joined is None:
            faults.append(unlike(value, option))
        else:
            kept.append(joined[1])
    return tuple(faults) or Membership(BOOLEAN, place, value, tuple(kept))


def substitute(place: Place, value: Term, other: Term) -> Term | Fault:
    """`value otherwise other`."""
    joined = join(value, other)
    if joined is None:
        return unlike(value, other)
    return Replacement(joined[0].kind, place, *joined)


def add(place: Place, operator: OneOf["+", "-"], left: Term, right: Term, *, has_calendar: bool) -> Term | Fault:
    """`left + right` or `left - right`."""
    if left.kind.name in _MOMENTS:
        return _move(place, operator, left, right, has_calendar=has_calendar)
    if left.kind.name == "duration":
        if right.kind.name in _MOMENTS:
            way_out = Label("请把日期写在前面。", "Write the date first.")
            return wrong_kind(in_words(left.kind), right, way_out)
        if left.kind != right.kind or meet(unit_of(left), unit_of(right)) is None:
            return unlike(left, right)
        return PeriodSum(left.kind, place, operator, left, right)
    if left.kind.name in _PERSONS and operator == "+":
        return Together(PEOPLE, place, left, right) if right.kind.name in _PERSONS else wrong_kind(one_of(*_PERSONS), right)
    if left.kind.name not in (*NUMERIC, "money"):
        return wrong_kind(one_of("integer", "decimal", "money", "date", "datetime", "duration"), left)
    joined = join(left, right)
    if joined is None:
        return unlike(left, right)
    return _calculation(joined[0].kind, place, operator, *joined)


def multiply(place: Place, left: Term, right: Term) -> Term | Fault:
    """`left * right`."""
    names = {left.kind.name, right.kind.name}
    if "duration" in names:
        period, factor = (left, right) if left.kind.name == "duration" else (right, left)
        return mismatch(INTEGER, factor) if factor.kind != INTEGER else PeriodProduct(period.kind, place, period, factor)
    for side in (left, right):
        if side.kind.name not in (*NUMERIC, "money"):
            return wrong_kind(one_of("integer", "decimal", "money", "duration"), side)
    if left.kind.name == "money" and right.kind.name == "money":
        return wrong_kind(one_of(*NUMERIC), right, Label("金额不能乘以金额。", "Money is not multiplied by money."))
    money = next((side.kind for side in (left, right) if side.kind.name == "money"), None)
    return _calculation(money or (INTEGER if left.kind == right.kind == INTEGER else DECIMAL), place, "*", left, right)


def _calculation(kind: Kind, place: Place, operator: Operator, left: Term, right: Term) -> Term:
    if isinstance(left, Constant) and isinstance(right, Constant):
        assert isinstance(left.value, int | Decimal)  # the kinds of both are numeric
        assert isinstance(right.value, int | Decimal)
        return Constant(kind, place, calculate(operator, left.value, right.value))
    return Calculation(kind, place, operator, left, right)


def _without_calendar(period: Term) -> Fault:
    sentence = Label("用工作时间推算日期需要日历", "to move a date by working time takes a calendar")
    way_out = Label("在文档开头写明 calendar，或改用自然日，如 3d。", "Name a “calendar” at the head, or use days such as 3d.")
    return fault("calendar-needed", period.place, sentence, way_out)


def _move(place: Place, operator: OneOf["+", "-"], moment: Term, period: Term, *, has_calendar: bool) -> Term | Fault:
    if period.kind.name == "duration":
        unit = unit_of(period)
        if unit in ("m", "h", "wh") and moment.kind.name == "date":
            return wrong_kind(
                in_words(Kind("duration", "calendar")), period, Label("日期只能加减 d、wd、mo、y。", "A date moves by d, wd, mo or y.")
            )
        if unit in ("wd", "wh") and not has_calendar:
            return _without_calendar(period)
        return Moved(moment.kind, place, operator, moment, period)
    way_out = None
    if operator == "-" and period.kind.name in _MOMENTS:
        way_out = Label("两个日期相差的天数请写“days(a to b)”。", "For the days between two dates write “days(a to b)”.")
    elif adapt(period, DECIMAL) is not None:
        way_out = Label("请带上单位，例如 7d。", "Give it a unit, such as 7d.")
    return wrong_kind(one_of("duration"), period, way_out)
