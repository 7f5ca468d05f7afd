"""Typed tree to nested closures. Nothing is looked up by name or kind while a case moves except the filled data itself.

Three-valued: None is *missing*. A value made of a missing one is missing; `and`, `or` and `not` follow Kleene; only
`is set` and `otherwise` look through. Total: no closure raises on values of the kinds that were checked.
"""

from __future__ import annotations

import hashlib
import hmac
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine.core.case import Performance
from engine.core.expression.agreement import unit_of
from engine.core.expression.environment import Environment
from engine.core.expression.number import OPERATIONS, Number, calculate
from engine.core.expression.syntax import Comparator
from engine.core.expression.term import (
    Acting,
    Calculation,
    CaseFact,
    Children,
    Clock,
    Column,
    Comparison,
    Conjunction,
    Constant,
    DateOf,
    DaysBetween,
    Disjunction,
    Earlier,
    FieldValue,
    Holders,
    Membership,
    Moved,
    Negation,
    PeriodProduct,
    PeriodSum,
    Presence,
    Replacement,
    RowFunction,
    Sampled,
    StepFact,
    Term,
    Together,
    Widened,
)
from engine.core.kind import INTEGER, OF_ROW, PEOPLE, Row, persons_in
from engine.timing.deadline import shift, shift_date
from engine.timing.moment import date_of, move_date, move_instant
from engine.timing.period import Period, add, finest, multiply

Evaluate = Callable[[Environment], Any]
"""Gives a value of the term's kind, or None."""

_COMPARE: Mapping[Comparator, Callable[[Any, Any], bool]] = MappingProxyType(
    {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)
_INTEGERS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType({"+": operator.add, "-": operator.sub, "*": operator.mul})


def compile_term(term: Term) -> Evaluate:
    """The closure that evaluates a term."""
    match term:
        case Constant(value=value):
            return lambda _: value
        case FieldValue(field=field):
            return lambda environment: environment.data.get(field)
        case Column() | Children() | Earlier() | RowFunction():
            return _of_rows(term)
        case Comparison():
            return _comparison(term)
        case Presence():
            return _presence(term)
        case Membership():
            return _membership(term)
        case Negation():
            return _negation(compile_term(term.operand))
        case Conjunction(operands=operands):
            return _fold(operands, _conjunction)
        case Disjunction(operands=operands):
            return _fold(operands, _disjunction)
        case Replacement():
            return _replacement(term)
        case CaseFact() | Clock() | StepFact() | Acting() | Holders() | Sampled():
            return _surroundings(term)
        case _:
            return _operation(term)


def _strict(function: Callable[[Any, Any], Any], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> Any:
        first = left(environment)
        if first is None:
            return None
        second = right(environment)
        return None if second is None else function(first, second)

    return evaluate


def _strict_one(function: Callable[[Any], Any], only: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> Any:
        value = only(environment)
        return None if value is None else function(value)

    return evaluate


def _comparison(term: Comparison) -> Evaluate:
    function = _COMPARE[term.operator]
    if term.left.kind.name == "duration":
        return _strict(lambda left, right: function(finest(left).count, finest(right).count), *_pair(term.left, term.right))
    if isinstance(term.left, FieldValue) and isinstance(term.right, Constant):
        return _field_comparison(term.left.field, function, term.right.value)
    return _strict(function, *_pair(term.left, term.right))


def _field_comparison(field: str, function: Callable[[Any, Any], bool], constant: Any) -> Evaluate:
    # The most frequent guard of all, worth its own closure.
    def evaluate(environment: Environment) -> bool | None:
        value = environment.data.get(field)
        return None if value is None else function(value, constant)

    return evaluate


def _presence(term: Presence) -> Evaluate:
    value = compile_term(term.value)
    if term.value.kind == PEOPLE:
        return lambda environment: bool(value(environment))
    if isinstance(term.value, FieldValue):
        field = term.value.field
        return lambda environment: environment.data.get(field) is not None
    return lambda environment: value(environment) is not None


def _membership(term: Membership) -> Evaluate:
    value = compile_term(term.value)
    constants = frozenset(option.value for option in term.options if isinstance(option, Constant))
    if len(constants) == len(term.options) and term.value.kind.name != "duration":
        return _strict_one(constants.__contains__, value)
    tests: list[Evaluate] = []
    for option in term.options:
        if option.kind == PEOPLE and term.value.kind != PEOPLE:
            tests.append(_strict(lambda person, people: person in people, value, compile_term(option)))
        else:
            tests.append(_comparison(Comparison(term.kind, term.place, "==", term.value, option)))
    return _nest(tests, _disjunction)


def _negation(operand: Evaluate) -> Evaluate:
    return _strict_one(operator.not_, operand)


def _fold(operands: tuple[Term, ...], combine: Callable[[Evaluate, Evaluate], Evaluate]) -> Evaluate:
    return _nest([compile_term(operand) for operand in operands], combine)


def _nest(closures: list[Evaluate], combine: Callable[[Evaluate, Evaluate], Evaluate]) -> Evaluate:
    result = closures[-1]
    for closure in reversed(closures[:-1]):
        result = combine(closure, result)
    return result


def _conjunction(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> bool | None:
        first = left(environment)
        if first is False:
            return False
        second = right(environment)
        if second is False:
            return False
        return None if first is None or second is None else True

    return evaluate


def _disjunction(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> bool | None:
        first = left(environment)
        if first is True:
            return True
        second = right(environment)
        if second is True:
            return True
        return None if first is None or second is None else False

    return evaluate


def _replacement(term: Replacement) -> Evaluate:
    value, substitute = _pair(term.value, term.substitute)
    if term.kind == PEOPLE:
        return _people_replacement(value, substitute)

    def evaluate(environment: Environment) -> Any:
        found = value(environment)
        return substitute(environment) if found is None else found

    return evaluate


def _people_replacement(value: Evaluate, substitute: Evaluate) -> Evaluate:
    # Nobody is empty for `otherwise` as for `is set`, yet not missing: there is an answer, if a poor one.
    def evaluate(environment: Environment) -> Any:
        found = value(environment)
        if found:
            return found
        other = substitute(environment)
        return found if other is None else other

    return evaluate


def _operation(term: Term) -> Evaluate:
    match term:
        case Widened():
            return _strict_one(Decimal, compile_term(term.integer))
        case Calculation(operator=sign):
            exact = _INTEGERS[sign] if term.kind == INTEGER else OPERATIONS[sign]
            return _strict(exact, *_pair(term.left, term.right))
        case PeriodSum(operator=sign):
            return _strict(lambda left, right: add(left, _signed(right, sign)), *_pair(term.left, term.right))
        case Together():
            return _strict(lambda left, right: tuple(sorted({*persons_in(left), *persons_in(right)})), *_pair(term.left, term.right))
        case PeriodProduct():
            return _strict(multiply, *_pair(term.period, term.factor))
        case DaysBetween():
            return _strict(lambda since, until: (until - since).days, *_pair(term.since, term.until))
        case DateOf():
            return _in_zone(date_of, compile_term(term.instant))
        case Moved():
            return _moved(term)
        case _:
            raise TypeError(f"not a term: {term}")


def _pair(left: Term, right: Term) -> tuple[Evaluate, Evaluate]:
    return compile_term(left), compile_term(right)


def _signed(length: Period, sign: str) -> Period:
    return length if sign == "+" else multiply(length, -1)


def _in_zone(function: Callable[..., Any], only: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> Any:
        value = only(environment)
        return None if value is None else function(value, environment.zone)

    return evaluate


def _moved(term: Moved) -> Evaluate:
    moment, length = _pair(term.moment, term.period)
    sign = term.operator
    if unit_of(term.period) in ("wd", "wh"):
        return _moved_by_work(shift_date if term.kind.name == "date" else shift, moment, length, sign)
    if term.kind.name == "date":
        return _strict(lambda day, by: move_date(day, _signed(by, sign)), moment, length)

    def evaluate(environment: Environment) -> Any:
        instant, by = moment(environment), length(environment)
        return None if instant is None or by is None else move_instant(instant, _signed(by, sign), environment.zone)

    return evaluate


def _moved_by_work(function: Callable[..., Any], moment: Evaluate, length: Evaluate, sign: str) -> Evaluate:
    def evaluate(environment: Environment) -> Any:
        value, by = moment(environment), length(environment)
        if value is None or by is None or environment.calendar is None:
            return None
        return function(value, _signed(by, sign), environment.calendar)

    return evaluate


def _of_rows(term: Column | Children | Earlier | RowFunction) -> Evaluate:
    match term:
        case RowFunction():
            return _row_function(term)
        case Column(name=name):
            return lambda environment: None if environment.row is None else environment.row.cells.get(name)
        case Children(alias=alias, of_row=True):
            return lambda environment: _of_row(environment.children.get(alias, ()), environment.row)
        case Children(alias=alias):
            return lambda environment: environment.children.get(alias, ())
        case Earlier():
            return operator.attrgetter("earlier")


def _of_row(children: tuple[Row, ...], row: Row | None) -> tuple[Row, ...]:
    return () if row is None else tuple(child for child in children if child.cells.get(OF_ROW) == row.id)


def chosen_rows(term: RowFunction) -> Callable[[Environment], list[Environment]]:
    """The places of the rows that the function looks at: those for which `where` is true, in the order of the list."""
    rows = compile_term(term.rows)
    where = None if term.where is None else compile_term(term.where)

    def places(environment: Environment) -> list[Environment]:
        found = [replace(environment, row=row) for row in rows(environment) or ()]
        return found if where is None else [place for place in found if where(place) is True]

    return places


def _row_function(term: RowFunction) -> Evaluate:
    places = chosen_rows(term)
    if term.each is None:
        return lambda environment: len(places(environment))
    each = compile_term(term.each)
    match term.question:
        case "every":
            return lambda environment: _all([each(place) for place in places(environment)])
        case "last":
            return lambda environment: next((each(place) for place in reversed(places(environment))), None)
        case _:
            zero: Number = 0 if term.kind == INTEGER else Decimal(0)
            return lambda environment: _total([each(place) for place in places(environment)], zero)


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _total(amounts: list[Number | None], zero: Number) -> Number | None:
    total = zero
    for amount in amounts:
        if amount is None:
            return None
        total = calculate("+", total, amount)
    return total


def _surroundings(term: CaseFact | Clock | StepFact | Acting | Holders | Sampled) -> Evaluate:
    match term:
        case CaseFact(name=name):
            return operator.attrgetter(name)
        case Clock(name="now"):
            return operator.attrgetter("now")
        case Clock():
            return lambda environment: date_of(environment.now, environment.zone)
        case StepFact():
            return _step_fact(term)
        case Acting(word=word):
            return lambda environment: word in environment.acting
        case Holders(role=role):
            return lambda environment: environment.holders.get(role, ())
        case Sampled(share=share):
            return lambda environment: _draw(environment) < share


def _step_fact(term: StepFact) -> Evaluate:
    step = term.step
    match term.question:
        case "done":
            return lambda environment: any(_counts(performance, step) for performance in environment.performed)
        case "times":
            return lambda environment: sum(_counts(performance, step) for performance in environment.performed)
        case "done_at":
            return lambda environment: next((found.at for found in reversed(environment.performed) if _counts(found, step)), None)
        case "performers":
            return lambda environment: _performers(environment, step)


def _counts(performance: Performance, step: str) -> bool:
    return performance.step == step and not performance.undone


def _performers(environment: Environment, step: str) -> tuple[str, ...]:
    # Undone or not: who performed it is not made other persons by taking it back.
    return tuple(sorted({person for performance in environment.performed if performance.step == step for person in performance.persons}))


def draw(sampling_key: bytes, case_id: str, visit: int) -> int:
    """What decides whether a visit is sampled: a number from 0 to 99, which must be below the share."""
    # Keyed, so that the worker cannot foresee it; of case and visit, so that it can be repeated.
    return int.from_bytes(hmac.digest(sampling_key, f"{case_id}/{visit}".encode(), hashlib.sha256)) % 100


def _draw(environment: Environment) -> int:
    return draw(environment.sampling_key, environment.case_id, environment.visit)
