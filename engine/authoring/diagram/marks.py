"""Marks laid over a drawing: which states were entered, and how often each way was gone.

Coverage is one source of them, load may be another. Knows nothing of where the numbers come from. Or where one case stands is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.authoring.diagram.drawing import Step, Way


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of states and ways; what is not named was never entered or gone."""

    states: Mapping[str, bool]
    """state → whether it was entered."""
    moves: Mapping[tuple[str, str, str], int]
    """(state – `core.machine.BIRTH` before a start –, step, state after it) → how often."""

    def gone(self, step: Step, way: Way) -> int:
        """How often the step led this way, out of whichever of its states."""
        return sum(self.moves.get((source, step.id, way.target or source), 0) for source in step.sources)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one case stands, and in which states it was before."""

    state: str
    been: frozenset[str] = frozenset()
