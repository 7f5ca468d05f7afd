"""What a variant takes away of the safeguards of its base: more may act, less is demanded, time is longer, nobody is told.

Compares two documents as rendered, element by element, and puts each difference for the worse into a sentence. That something was added
or made stricter is none of its concern; nor are files.
"""

from __future__ import annotations

from engine.authoring.weakening.clocks import weaker_clocks
from engine.authoring.weakening.steps import weaker_steps
from engine.authoring.weakening.weakening import Weakening
from engine.definition.workflow import Workflow

__all__ = ["Weakening", "weakenings"]


def weakenings(base: Workflow, variant: Workflow) -> tuple[Weakening, ...]:
    """Every safeguard of `base` that `variant` lacks, in the order of the base; the places are those in the variant."""
    return (*weaker_steps(base, variant), *weaker_clocks(base, variant))
