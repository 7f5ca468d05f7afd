"""Definition mutation: a process with one rule changed at a time, to see whether its scenarios would notice.

`mutants` makes them, `sample` chooses where they are too many, `scoring.score` tells the stories of each.
"""

from __future__ import annotations

from engine.authoring.scenario.mutation.catalogue import mutants, sample
from engine.authoring.scenario.mutation.mutant import Mutant
from engine.authoring.scenario.mutation.scoring import Explained, Score, score

__all__ = ["Explained", "Mutant", "Score", "mutants", "sample", "score"]
