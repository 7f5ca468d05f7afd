"""What `decide` answers: Accepted with what changes, or Refused with every reason. Never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.core.case import Case
from engine.core.effect import Effect
from engine.core.event import Event
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
class Accepted:
    """The wish is granted: the case as it will be, the events that make it so, and the intents recorded with them."""

    case: Case
    events: tuple[Event, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The wish is refused for all these reasons; nothing changes."""

    reasons: tuple[Reason, ...]


Decision = Accepted | Refused
