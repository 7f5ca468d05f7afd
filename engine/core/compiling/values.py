"""Compiles a value or a cases value: the shape is the same everywhere, what a single value means is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.core.choosing import ByCases, BySwitch, Chosen, Fixed
from engine.core.compiling.draft import Draft
from engine.core.expression import Expression
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.definition.value import CasesValue, Else, Switch, When
from engine.label import Label

T = TypeVar("T")

Reading = Callable[[str, Path], T | None]
"""Reads one plain value at a path; None when it was reported as a problem."""


def compile_choice(
    draft: Draft, value: CasesValue, path: Path, reading: Reading[T], condition: Reading[Expression] | None = None
) -> Chosen[T] | None:
    """The choosing rule, or None with its problems reported. `condition` reads a `when`, if any boolean will not do."""
    if isinstance(value, str):
        plain = reading(value, path)
        return None if plain is None else Fixed(plain)
    if isinstance(value, Switch):
        return _compile_switch(draft, value, path, reading)
    return _compile_cases(draft, value, path, reading, condition or (lambda text, at: draft.expression(text, at, BOOLEAN)))


def _compile_cases(
    draft: Draft, cases: tuple[When | Else, ...], path: Path, reading: Reading[T], condition: Reading[Expression]
) -> Chosen[T] | None:
    branches: list[tuple[Expression, T]] = []
    otherwise: T | None = None
    for index, case in enumerate(cases):
        if isinstance(case, Else):
            otherwise = reading(case.otherwise, (*path, index, "else"))
            if index != len(cases) - 1 or index == 0:
                draft.report(
                    "misplaced-else",
                    (*path, index),
                    Label("else 须是多个分支中的最后一个", "“else” must be the last of several cases"),
                )
            continue
        when = condition(case.when, (*path, index, "when"))
        then = reading(case.then, (*path, index, "then"))
        if when is not None:
            draft.decide_by(when.reads)
            if then is not None:
                branches.append((when, then))
    return ByCases(tuple(branches), otherwise)


def _compile_switch(draft: Draft, switch: Switch, path: Path, reading: Reading[T]) -> Chosen[T] | None:
    field = draft.fields.get(switch.field)
    if field is None or field.choices is None:
        known = [name for name, rule in draft.fields.items() if rule.choices is not None]
        draft.unknown("unknown-field", Label("选择字段", "choice field"), switch.field, (*path, "field"), known)
        return None
    draft.decide_by((field.id,))
    cases: dict[str, T] = {}
    for choice, text in switch.cases.items():
        value = reading(text, (*path, "is", choice))
        if choice not in field.choices:
            draft.unknown("unknown-choice", Label("选项", "choice"), choice, (*path, "is", choice), field.choices, of_key=True)
        elif value is not None:
            cases[choice] = value
    left_out = [choice for choice in field.choices if choice not in switch.cases]
    if left_out:
        draft.report(
            "incomplete-switch",
            (*path, "is"),
            Label("“{field}”的选项须全部列出，缺少：{names}", "all choices of “{field}” must be listed; missing: {names}").fill(
                field=field.id, names=", ".join(left_out)
            ),
            of_key=True,
        )
    return BySwitch(field.id, cases)
