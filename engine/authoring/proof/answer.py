"""What a proof answers: no, yes with a witness, or not decided with the reason. Who does what (`satisfiability`) has a yes of its own."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.decision import Shown
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is no such case; nobody can be found for all tasks at once."""


@dataclass(frozen=True, slots=True)
class Witness:
    """There is such a case: the values that decide, each once, in the order of the conditions."""

    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """It was not found out."""

    why: Label


Answer = Impossible | Witness | Undecided
