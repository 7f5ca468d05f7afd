"""A step: a named way out of a state, into a case (`start`), or of many states (`anywhere`), as written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from engine.definition.element import Bilingual, Element, Expression, Name, Names, Words
from engine.definition.message import Notice
from engine.definition.value import CasesValue

Asked = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*\??$", max_length=65)]
"""A field to fill; with `?` it may be left empty, and then empties the field."""


class Requirement(Element):
    """A readiness condition and the sentence shown when it is not met."""

    that: Expression
    say: Bilingual


class Step(Element):
    """What a start, a transition and an `anywhere` step have in common."""

    title: Bilingual
    by: Words
    """Who may: roles, person fields, parties, `assignee`, `integration`."""
    not_by: Words = ()
    """Who may not: steps (whoever performed them), person fields, roles."""
    asks: Annotated[tuple[Asked, ...], BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw)] = ()
    shows: Names = ()
    requires: tuple[Requirement, ...] = ()
    reason: Literal["required"] | None = None
    set: dict[Name, CasesValue] = {}
    clears: Names = ()
    assign: CasesValue | None = None
    """A person field, `actor` or `nobody`: who holds the case from here on."""
    notify: tuple[Notice, ...] = ()
    """Who is told once the step is recorded."""
    to: CasesValue
    """A state, `stay`, or a cases value of these."""


class Start(Step):
    """A way to open a case."""


class Transition(Step):
    """A step out of one state."""


class Anywhere(Step):
    """A step out of many states: those `in` the list, or all open ones `except` those in the list."""

    inside: Names | None = Field(default=None, alias="in")
    outside: Names | None = Field(default=None, alias="except")
