"""A state: a resting place of a case, as written."""

from __future__ import annotations

from typing import Literal

from engine.definition.element import Bilingual, Element, Name, Words
from engine.definition.step import Transition

Phase = Literal["receive", "diagnose", "repair", "inspect", "return", "callback", "request", "work", "review", "done"]
Waiting = Literal["customer", "parts", "third-party"]
Outcome = Literal["success", "failure", "abandoned"]


class State(Element):
    """One entry of `states:`. A final state has an outcome; its transitions, if any, reopen the case."""

    title: Bilingual
    phase: Phase | None = None
    """What kind of work this is, so that boards and reports compare across processes."""
    waits_on: Waiting | None = None
    final: Outcome | None = None
    source: Words = ()
    """Clauses of the written procedures that it carries out."""
    transitions: dict[Name, Transition] = {}
