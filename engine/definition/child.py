"""Children: the cases that a step opens, and what a parent must know of a child's document, as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Limit
from pydantic import StringConstraints

from engine.definition.element import NAME, Bilingual, Element, Expression, Name, Names
from engine.definition.field import Field
from engine.definition.value import CasesValue

AT_END = rf"^(wait|leave|cancel\({NAME}\))$"


class Starts(Element):
    """One entry of `starts`: a case of another workflow that a step opens, in the same transaction."""

    workflow: Name
    start: Name | None = None
    """Which start of the child; may be left out when only one lists `parent`."""
    alias: Name = Limit(alias="as")
    """The name under which this document reads its children."""
    when: Expression | None = None
    for_each: Name | None = None
    """A list field: one child for each of its rows."""
    where: Expression | None = None
    """Only for the rows of `for_each` for which this holds."""
    values: dict[Name, CasesValue] = Limit(default={}, alias="with")
    """field of the child → what it is given."""
    returns: Names = ()
    """Fields of the child that are handed back when it ends."""
    at_end: Annotated[str, StringConstraints(pattern=AT_END)]
    """What becomes of an open child when this case ends: `wait`, `leave` or `cancel(step)`."""


class ChildStart(Element):
    """A start of the child that a parent may use: what it asks, `?` included."""

    asks: tuple[str, ...] = ()
    rows: dict[Name, Names] = {}
    """list that it asks for → the columns that every row must fill."""


class Interface(Element):
    """What a parent must know of a child's document. Made by the authoring side, pinned with the parent, never written by hand."""

    title: Bilingual
    starts: dict[Name, ChildStart] = {}
    """Those that list `parent`."""
    fields: dict[Name, Field] = {}
    """Those that these starts ask for, and those that are handed back."""
    steps: Names = ()
    """The steps that `parent` may perform."""
    ends: dict[Name, Bilingual] = {}
    """Its final states."""
