"""A case that a worker could not deal with: it is tried again at the next run, and holds up no other."""

from __future__ import annotations

from dataclasses import dataclass

from engine.label import Label


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which case, and why."""

    number: str
    why: Label
