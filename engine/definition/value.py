"""Where a value stands, two other forms may stand: a list of cases, or one value per choice of a field.

to: repairing
to: [{when: passed, then: returning}, {else: repairing}]
to: {field: condition, is: {good: returned, damaged: assessing}}
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from engine.definition.element import Element, Expression, Name


class When(Element):
    """`{when: E, then: V}`: V, if E is true."""

    when: Expression
    then: Expression


class Else(Element):
    """`{else: V}`: the complement of all `when`s; last in the list."""

    otherwise: Expression = Field(alias="else")


class Switch(Element):
    """`{field: F, is: {choice: V, …}}`: one value for each choice of a required choice field."""

    field: Name
    cases: dict[str, Expression] = Field(alias="is", min_length=1)


def _case_kind(raw: Any) -> str:
    if isinstance(raw, dict):
        return "else" if "else" in raw or "otherwise" in raw else "when"
    return "else" if isinstance(raw, Else) else "when"


def _value_kind(raw: Any) -> str:
    if isinstance(raw, list | tuple):
        return "cases"
    return "switch" if isinstance(raw, dict | Switch) else "plain"


Case = Annotated[Annotated[When, Tag("when")] | Annotated[Else, Tag("else")], Discriminator(_case_kind)]

CasesValue = Annotated[
    Annotated[Expression, Tag("plain")] | Annotated[tuple[Case, ...], Field(min_length=1), Tag("cases")] | Annotated[Switch, Tag("switch")],
    Discriminator(_value_kind),
]
