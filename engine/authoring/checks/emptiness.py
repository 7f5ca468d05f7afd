"""The shortest way on which a field is empty in a state: what the sentence of `may-be-empty` adds.

Goes back over the steps that do not vouch for the field, to one that empties it or to a start that does not ask for it. Knows what
`data` has found to be filled; finds no fault itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.authoring.checks.graph import shortest_ways
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep

Filled = frozenset[str]

Left = tuple[str | None, CompiledStep, Iterable[tuple[str, Filled]]]
"""A step, the state it is in (None: a start), and (target, what is filled there) for each of its ways out."""


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str | None
    step: str
    target: str
    after: Filled


class Emptiness:
    """The ways of one definition on which fields are empty."""

    def __init__(self, definition: CompiledDefinition, filled: Mapping[str, Filled], left: Iterable[Left]) -> None:
        self._filled = filled
        self._into: dict[str, list[_Edge]] = {name: [] for name in definition.states}
        for source, step, targets in left:
            for target, after in targets:
                state = source if target == STAY and source is not None else target
                self._into[state].append(_Edge(source, step.id, state, after))
        edges = [edge for into in self._into.values() for edge in into]
        onward = {name: tuple((edge.step, edge.target) for edge in edges if edge.source == name) for name in definition.states}
        self._first = shortest_ways([(edge.step, edge.target) for edge in edges if edge.source is None], onward)

    def way_to(self, state: str, name: str) -> tuple[str, ...]:
        """The steps of a case in which the field is empty when it comes to the state; none when it is filled on all ways."""
        queue: deque[tuple[str, tuple[str, ...]]] = deque([(state, ())])
        seen: set[str] = set()
        while queue and name not in self._filled[state]:
            here, way = queue.popleft()
            if here in seen:
                continue
            seen.add(here)
            for edge in self._into[here]:
                if name in edge.after:
                    continue
                if edge.source is None or name in self._filled[edge.source]:
                    return (*(() if edge.source is None else self._first.get(edge.source, ())), edge.step, *way)
                queue.append((edge.source, (edge.step, *way)))
        return ()
