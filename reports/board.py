"""The board: how many cases stand in each state of each workflow, in the order of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.compiled import CompiledDefinition
from engine.label import Label
from engine.store import cases
from engine.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the board."""

    workflow: str
    state: str
    title: Label
    phase: str | None
    outcome: str | None
    cases: int


def board(reader: Reader, definitions: Sequence[CompiledDefinition]) -> tuple[Column, ...]:
    """Every state of the given definitions, empty ones too; cases of all versions of a workflow count together."""
    counted: dict[tuple[str, str], int] = {}
    for count in cases.by_state(reader):
        counted[count.workflow, count.state] = counted.get((count.workflow, count.state), 0) + count.cases
    return tuple(
        Column(definition.workflow, state.id, state.title, state.phase, state.outcome, counted.get((definition.workflow, state.id), 0))
        for definition in definitions
        for state in definition.states.values()
    )
