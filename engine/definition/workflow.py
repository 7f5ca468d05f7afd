"""A process document: one version of one workflow, as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Limit
from pydantic import StringConstraints

from engine.definition.clock import Clock, Rung
from engine.definition.element import Bilingual, Element, Name, Words
from engine.definition.field import Field
from engine.definition.state import State
from engine.definition.step import Anywhere, Start

WINDOW = r"^[1-9][0-9]{0,3}(m|h)$"
"""For how long a step can be taken back."""


class Party(Element):
    """An outside person: which fields name and reach them."""

    name: Name | None = None
    mobile: Name | None = None
    email: Name | None = None


class Subject(Element):
    """The thing a case is about – a device, a vehicle – and the field that identifies it."""

    kind: Name
    key: Name


class LeftOut(Element):
    """One entry of `left_out:`: a clause of a procedure that the document carries out but for this, and why."""

    clause: str
    why: Bilingual


class Workflow(Element):
    """A whole document."""

    workflow: Name
    """The id: never shown, never changed."""
    version: Annotated[int, Limit(ge=1, le=1_000_000)]
    """Raised whenever a changed text is published."""
    title: Bilingual
    owner: Name
    """The role that answers for this document."""
    organisation: Name
    """Which role file it belongs to (`roles/ORGANISATION.yaml`)."""
    source: Words = ()
    """Clauses of the written procedures that this document carries out."""
    left_out: tuple[LeftOut, ...] = ()
    """What of these procedures nobody carries out, and why."""
    calendar: Name | None = None
    """The working calendar of its clocks, and the zone of its dates."""
    number: Annotated[str, StringConstraints(min_length=5, max_length=60)]
    """How cases are numbered: text with `{yy} {yyyy} {mm} {dd} {unit} {seq:06}`."""
    subject: Subject | None = None
    summary: Annotated[Words, Limit(max_length=4)] = ()
    """Fields by which people tell cases apart: what lists and cards say of a case beside its number and subject."""
    undo: Annotated[str, StringConstraints(pattern=WINDOW)] | None = None
    """For how long its performer may take the newest step back: `10m`. Absent: never."""
    parties: dict[Name, Party] = {}
    fields: dict[Name, Field] = Limit(min_length=1, max_length=200)
    start: dict[Name, Start] = Limit(min_length=1)
    states: dict[Name, State] = Limit(min_length=2, max_length=200)
    anywhere: dict[Name, Anywhere] = {}
    clocks: dict[Name, Clock] = Limit(default={}, max_length=50)
    ladders: dict[Name, tuple[Rung, ...]] = {}
    """Ladders that several clocks share, by name."""
