"""What `decide` answers: Accepted with what changes, or Refused with every reason. Never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.core.case import AtEnd, Case
from engine.core.effect import Effect
from engine.core.event import Event
from engine.core.kind import Value
from engine.label import Label

ReasonCode = Literal[
    "not_available",  # no such transition in this state
    "not_authorised",  # the actor holds none of the rights of `by`
    "separation_of_duties",  # `not_by`: he performed a step, or stands in a field, that excludes him
    "data_invalid",  # a form value is missing, malformed or not asked for; a required reason is missing
    "guard_unmet",  # a line of `requires` is false or cannot be answered yet
    "no_single_choice",  # none or several of the cases of a value apply: a defect of the definition, refused
    "duplicate",  # a unique value is already taken
    "stale",  # the case has changed since the wish was made
    "approval_repeated",  # he, or the person he stands in for, has signed already
    "child_refused",  # a case that the step opens was refused
    "child_open",  # a child that must end first is still open
    "not_undoable",  # the newest step cannot be taken back (any more, by him, or at all)
    "not_assignable",  # the person cannot be given the case
    "unmatched",  # an event from outside means no open case
    "ambiguous",  # an event from outside means several
]


@dataclass(frozen=True, slots=True)
class Shown:
    """One value that decided: a name as the document writes it, its title, and its value in words (– when empty)."""

    name: str
    title: Label
    value: Label


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of refusal: code, sentence to show, what it is about (a field id, a step), the values that decided."""

    code: ReasonCode
    sentence: Label
    subject: str | None = None
    values: tuple[Shown, ...] = ()
    missing: tuple[str, ...] = ()
    """Fields to fill before the question can be answered at all."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that a step opens. The shell decides it by the child's newest definition, and records it with the parent or not at all."""

    alias: str
    workflow: str
    start: str
    data: Mapping[str, Value]
    unit: str | None
    row: str | None
    at_end: AtEnd
    cancel_step: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The wish is granted: the case as it will be, the events that make it so, and the intents recorded with them."""

    case: Case
    events: tuple[Event, ...]
    effects: tuple[Effect, ...] = ()
    openings: tuple[Opening, ...] = ()
    """In the order of the `ChildOpened` of the events, which have the ids and numbers of `Facts.new_children`."""


CheckKind = Literal[
    "state", "revision", "role", "delegation", "unit", "assignee", "separation", "form", "guard", "choice", "unique", "approval", "child",
    "undo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One question that the evaluator asked before a step, its answer, and what decided; `parts` are the questions it is made of."""

    kind: CheckKind
    sentence: Label
    """What is asked, as a statement that holds or does not: “holds the role 维修检测 in 一店”."""
    holds: bool | None
    """None: it depends on what the form will say."""
    reason: Reason | None = None
    """Why not, when it does not hold and is itself a cause."""
    values: tuple[Shown, ...] = ()
    parts: tuple[Check, ...] = ()
    subject: str | None = None
    """What it is about: a step, a field, a word of `by` or `not_by`, a unit, the person acted for."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The wish is refused for all these reasons; nothing changes. `checks`: everything that was asked, what holds included."""

    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...] = ()


Decision = Accepted | Refused
