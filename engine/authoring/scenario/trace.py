"""What a scenario leaves behind: every decision that was made in it, with all that it was made of. Coverage and mutation read it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.case import Case
from engine.core.command import Command
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Decision
from engine.core.facts import Facts


@dataclass(frozen=True, slots=True)
class Trace:
    """One decision. `before` is None for an opening."""

    definition: CompiledDefinition
    before: Case | None
    command: Command
    facts: Facts
    decision: Decision
    event: str | None = None
    """The event from outside that made the wish."""
