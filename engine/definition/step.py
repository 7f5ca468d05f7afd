"""A step: a named way out of a state, into a case (`start`), or of many states (`anywhere`), as written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from engine.definition.child import Starts
from engine.definition.element import Bilingual, Element, Expression, Flag, Name, Names, Words
from engine.definition.message import Notice
from engine.definition.outside import Emit, Event
from engine.definition.value import CasesValue
from engine.definition.who import Everybody


def _one_or_many(raw: Any) -> Any:
    return raw if isinstance(raw, list | tuple) else [raw]


def _asked(raw: Any) -> Any:
    return raw if isinstance(raw, dict) and not _is_of_rows(raw) else _one_or_many(raw)


def _is_of_rows(raw: Any) -> bool:
    return isinstance(raw, dict) and not raw.keys().isdisjoint(("rows", "columns"))


AskedWord = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*\??$", max_length=65)]
"""A field to fill; with `?` it may be left empty, and then empties the field."""


class RowsAsked(Element):
    """`{rows: lines, columns: [approved, note?], add: true}`: these cells of every row; with `add`, new rows too.

    With `whole` the rows that are given replace the list.
    """

    rows: Name
    columns: tuple[AskedWord, ...] = Field(min_length=1)
    add: Flag = False
    whole: Flag = False


Asked = Annotated[
    Annotated[AskedWord, Tag("word")] | Annotated[RowsAsked, Tag("rows")],
    Discriminator(lambda raw: "rows" if isinstance(raw, RowsAsked) or _is_of_rows(raw) else "word"),
]


class Pick(Element):
    """`{role: R, pick: least_open}`: the case is given to one of the holders of a role who are there."""

    role: Name
    pick: Literal["least_open", "in_turn"]


AssignValue = Annotated[
    Annotated[CasesValue, Tag("value")] | Annotated[Pick, Tag("pick")],
    Discriminator(lambda raw: "pick" if isinstance(raw, Pick) or (isinstance(raw, dict) and "role" in raw) else "value"),
]


SetValue = Annotated[
    Annotated[CasesValue, Tag("value")] | Annotated[dict[Name, CasesValue], Tag("columns")],
    Discriminator(lambda raw: "columns" if isinstance(raw, dict) and "is" not in raw and "cases" not in raw else "value"),
]
"""A value; for a list `{column: value}`, which every row is given."""


class Approvals(Element):
    """`{at_least: 2, each_of: [phone-leader, phone-finance]}`: how many different persons must sign."""

    at_least: CasesValue
    each_of: Names = ()
    """One signature by a holder of each of these roles."""


class Requirement(Element):
    """A readiness condition and the sentence shown when it is not met."""

    that: Expression
    say: Bilingual


class Step(Element):
    """What a start, a transition and an `anywhere` step have in common."""

    title: Bilingual
    by: Everybody
    """Who may: roles, person fields, parties, `assignee`, `integration`, `system`, `parent`."""
    not_by: Words = ()
    """Who may not: steps (whoever performed them), person fields, roles."""
    asks: Annotated[tuple[Asked, ...], BeforeValidator(_asked)] = ()
    shows: Names = ()
    requires: tuple[Requirement, ...] = ()
    reason: Literal["required"] | None = None
    set: dict[Name, SetValue] = {}
    clears: Names = ()
    assign: AssignValue | None = None
    """A person field, `actor`, `nobody` or one of a role: who holds the case from here on."""
    when: Expression | None = None
    """With `by: system`: an automatic step, performed as soon as this holds."""
    approvals: Approvals | None = None
    starts: Annotated[tuple[Starts, ...], BeforeValidator(_one_or_many)] = ()
    """Cases of other workflows that the step opens."""
    undo: Literal["no"] | None = None
    """`no`: never taken back, whatever the workflow allows."""
    notify: tuple[Notice, ...] = ()
    """Who is told once the step is recorded."""
    event: Event | None = None
    """What happens outside that performs the step, as `integration`."""
    emit: Emit | None = None
    """What programs outside are told once the step is recorded."""
    to: CasesValue
    """A state, `stay`, or a cases value of these."""
    source: Words = ()
    """Clauses of the written procedures that it carries out."""


class Start(Step):
    """A way to open a case."""


class Transition(Step):
    """A step out of one state."""


class Anywhere(Step):
    """A step out of many states: those `in` the list, or all open ones `except` those in the list."""

    inside: Names | None = Field(default=None, alias="in")
    outside: Names | None = Field(default=None, alias="except")
