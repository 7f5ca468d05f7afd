"""Lifted conditions as a proof handles them: what they read, which answers are wanted, and values that follow from others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.authoring.proof.linear import Forms
from engine.core.choosing import Chosen
from engine.core.expression import Environment, Expression
from engine.core.expression.evaluation import compile_term
from engine.core.expression.term import Conjunction, Disjunction, FieldValue, Negation, Term, parts
from engine.core.field import FieldRule
from engine.core.kind import Value

Truths = frozenset[bool | None]
TRUE: Truths = frozenset({True})
FALSE: Truths = frozenset({False})


@dataclass(frozen=True, slots=True)
class Constraint:
    """A lifted condition, and the answers that are wanted of it."""

    tree: Term
    reads: frozenset[str]
    evaluate: Callable[[Environment], Value | None]
    outcomes: Truths


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows from others: of a computed field, or of one that the step sets or clears (no rule)."""

    name: str
    rule: Chosen[Expression] | None
    field: FieldRule
    reads: frozenset[str]
    forms: Forms | None
    must_be: bool
    """There is always a value: where there is none, the step is refused."""

    def is_worked_out(self, data: dict[str, Value], environment: Environment) -> bool:
        """Put the value into the data; False when there can be no such case."""
        data.pop(self.name, None)
        if self.rule is None or (not self.must_be and self.rule.is_missing(environment)):
            return True
        applying = self.rule.applying(environment)
        value = self.field.round(applying[0].evaluate(environment)) if len(applying) == 1 else None
        if value is None:
            return len(applying) == 1 and not self.must_be
        data[self.name] = value
        return self.field.beyond(value) is None


def split(condition: Term, outcomes: Truths) -> Iterable[Constraint]:
    """The parts that must each come out so, if there are such."""
    match condition:
        case Conjunction(operands=operands) if outcomes == TRUE:
            for operand in operands:
                yield from split(operand, TRUE)
        case Disjunction(operands=operands) if outcomes == FALSE:
            for operand in operands:
                yield from split(operand, FALSE)
        case Negation(operand=operand) if outcomes in (TRUE, FALSE):
            yield from split(operand, FALSE if outcomes == TRUE else TRUE)
        case _:
            yield Constraint(condition, reads_of(condition), compile_term(condition), outcomes)


def reads_of(term: Term) -> frozenset[str]:
    """The names that a lifted term reads."""
    if isinstance(term, FieldValue):
        return frozenset({term.field})
    return frozenset().union(*map(reads_of, parts(term)))
