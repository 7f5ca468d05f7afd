"""What is known of fields on a way through a process: which value one has or has not, learned from conditions, and what that decides.

A cheap and sound judge for walks over many ways: it follows `field == value` and yes-or-no fields through and, or, not, and answers
None for everything else. Knows typed trees; must not know processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.core.expression.term import (
    Comparison,
    Conjunction,
    Constant,
    Disjunction,
    FieldValue,
    Leaf,
    Membership,
    Negation,
    Presence,
    Replacement,
    RowFunction,
    Term,
    parts,
)
from engine.core.kind import BOOLEAN, Value

Fact = tuple[str, Value | None, bool]
"""(field, a value, whether it has that value); the value None: it is empty."""

Known = frozenset[Fact]
"""Of a field that is not among them nothing is known."""


def learned(term: Term, outcome: bool) -> Iterator[Fact]:
    """What follows when a boolean term has this outcome."""
    match term:
        case Negation():
            yield from learned(term.operand, not outcome)
        case Conjunction(operands=operands) if outcome:
            for operand in operands:
                yield from learned(operand, True)
        case Disjunction(operands=operands) if not outcome:
            for operand in operands:
                yield from learned(operand, False)
        case FieldValue() if term.kind == BOOLEAN:
            yield term.field, outcome, True
        case Comparison(operator="==" | "!=", left=FieldValue() as left, right=Constant() as right):
            yield left.field, right.value, (term.operator == "==") is outcome
        case Presence(value=FieldValue() as value):
            yield value.field, None, not outcome


def outcome_of(term: Term, known: Known) -> bool | None:
    """Whether a boolean term is true or false whatever the other fields are; None when that cannot be told, and when it is missing."""
    return judged(term, lambda part: _answer(part, known))


def judged(term: Term, of: Callable[[Term], bool | None]) -> bool | None:
    """Whether a boolean term is true or false, where `of` says so of the parts that and, or, not join; None when it cannot be told."""
    match term:
        case Negation():
            inner = judged(term.operand, of)
            return None if inner is None else not inner
        case Conjunction(operands=operands) | Disjunction(operands=operands):
            decisive = isinstance(term, Disjunction)
            answers = [judged(operand, of) for operand in operands]
            if decisive in answers:
                return decisive
            return None if None in answers else not decisive
        case _:
            return of(term)


def _answer(term: Term, known: Known) -> bool | None:
    match term:
        case Constant(value=bool() as value):
            return value
        case FieldValue(field=name) if term.kind == BOOLEAN:
            return _equals(name, True, known)
        case Comparison(operator="==" | "!=", left=FieldValue(field=name), right=Constant(value=value)):
            same = _equals(name, value, known)
            return None if same is None else same is (term.operator == "==")
        case Membership(value=FieldValue(field=name), options=options):
            found = [_equals(name, option.value, known) if isinstance(option, Constant) else None for option in options]
            return True if True in found else None if None in found else False
        case Presence(value=FieldValue(field=name)):
            return not is_empty if (is_empty := _is_empty(name, known)) is not None else None
        case _:
            return None


def _equals(name: str, value: Value | None, known: Known) -> bool | None:
    if (name, None, True) in known:
        return None
    if (name, value, False) in known:
        return False
    has = [each for field, each, is_so in known if field == name and is_so]
    return has[0] == value if has else None


def _is_empty(name: str, known: Known) -> bool | None:
    for field, value, is_so in known:
        if field == name and (is_so or value is None):
            return is_so and value is None
    return None


def read_under(term: Term, known: Known) -> Iterator[Leaf]:
    """The leaves that a term asks for, without those that what is known makes idle."""
    match term:
        case Conjunction(operands=operands) | Disjunction(operands=operands):
            for operand in operands:
                answer = outcome_of(operand, known)
                if answer is None:
                    yield from read_under(operand, known)
                elif answer is isinstance(term, Disjunction):
                    return
        case Replacement() | RowFunction():
            for part in parts(term):
                yield from read_under(part, known)
        case Leaf():
            yield term
        case _:
            for part in parts(term):
                yield from read_under(part, known)
