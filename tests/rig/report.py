"""One line of JSON for each run of an item of the reliability bar: what was done, how often, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter

FIGURES = "figures"
"""The name under which a test keeps its line until all tests are done."""


@dataclass(slots=True)
class Run:
    """A run on its way. Time is measured from its making."""

    item: int
    store: str
    seed: int | None = None
    faults: int = 0
    figures: dict[str, object] = field(default_factory=dict)
    _began: float = field(default_factory=perf_counter)

    def line(self, operations: int, violations: int) -> str:
        """The run as one line."""
        took = round(perf_counter() - self._began, 2)
        head: Mapping[str, object] = {"item": self.item, "store": self.store, "seed": self.seed, "duration_s": took}
        counts = {"operations": operations, "faults": self.faults, "violations": violations}
        return json.dumps({**head, **counts, **self.figures}, ensure_ascii=False)


def store_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return url.partition(":")[0].partition("+")[0]


Tell = Callable[[Run, int, int], None]
"""Ends a run: with how many operations, and how many violations."""
