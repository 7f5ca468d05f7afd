"""A value chosen by cases: fixed, the one `when` that is true, or one per choice of a field.

Exactly one must apply. None or several is a defect of the definition and is refused at run time, never resolved by
order (docs/reference/language.md, Cases values).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.core.expression import Environment, Expression

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Fixed(Generic[T_co]):
    """Always the same."""

    value: T_co

    def applying(self, _environment: Environment) -> tuple[T_co, ...]:
        """The values that apply: exactly one is right."""
        return (self.value,)

    def is_missing(self, _environment: Environment) -> bool:
        """Whether a value that decides is empty, so that there is no answer yet."""
        return False

    def values(self) -> tuple[T_co, ...]:
        """All values that may come out."""
        return (self.value,)


@dataclass(frozen=True, slots=True)
class ByCases(Generic[T_co]):
    """`[{when: E, then: V}, …, {else: V}]`."""

    branches: tuple[tuple[Expression, T_co], ...]
    otherwise: T_co | None = None

    def applying(self, environment: Environment) -> tuple[T_co, ...]:
        """Every branch whose `when` is true; the `else` only if every `when` is false – not when one is missing."""
        answers = [when.evaluate(environment) for when, _ in self.branches]
        hits = tuple(value for answer, (_, value) in zip(answers, self.branches, strict=True) if answer)
        if self.otherwise is not None and all(answer is False for answer in answers):
            return (self.otherwise,)
        return hits

    def is_missing(self, environment: Environment) -> bool:
        """Whether a condition has no answer yet."""
        return any(when.evaluate(environment) is None for when, _ in self.branches)

    def values(self) -> tuple[T_co, ...]:
        """All values that may come out."""
        last = () if self.otherwise is None else (self.otherwise,)
        return (*(value for _, value in self.branches), *last)


@dataclass(frozen=True, slots=True)
class BySwitch(Generic[T_co]):
    """`{field: F, is: {choice: V, …}}`."""

    field: str
    cases: Mapping[str, T_co]

    def applying(self, environment: Environment) -> tuple[T_co, ...]:
        """The value of the field's choice; none while the field is empty."""
        choice = environment.data.get(self.field)
        return (self.cases[choice],) if isinstance(choice, str) and choice in self.cases else ()

    def is_missing(self, environment: Environment) -> bool:
        """Whether the field is empty."""
        return self.field not in environment.data

    def values(self) -> tuple[T_co, ...]:
        """All values that may come out."""
        return tuple(self.cases.values())


Chosen = Fixed[T_co] | ByCases[T_co] | BySwitch[T_co]


def expressions_of(rule: Chosen[Expression]) -> tuple[Expression, ...]:
    """All expressions of a chosen expression, conditions included."""
    conditions = tuple(when for when, _ in rule.branches) if isinstance(rule, ByCases) else ()
    return (*conditions, *rule.values())


def reads_of(rule: Chosen[Expression]) -> frozenset[str]:
    """The fields a chosen expression reads itself."""
    own = frozenset({rule.field}) if isinstance(rule, BySwitch) else frozenset()
    return own.union(*(expression.reads for expression in expressions_of(rule)))
