"""The columns of a board: which states stand in which, and into which a step may lead. Knows no case and no count.

Versions of a process share one board: a state stands where the newest version puts it that knows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.definition.phase import PHASES
from engine.label import Label
from engine.runtime.naming import require

ELSEWHERE = "other"
"""The column of the states that have no phase."""
ENDED = "ended"
"""Where cases go that end; none stands there."""
COLUMNS: Mapping[str, Label] = {**PHASES, ELSEWHERE: Label("其他", "other"), ENDED: Label("结案", "ended")}
"""Every column that there may be."""
ALL = "all"
"""All columns as one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A state on the board. `waits_on`: customer, parts or third-party; `leads`: the columns into which its steps may lead."""

    id: str
    title: Label
    column: str
    waits_on: str | None
    leads: tuple[str, ...]
    is_final: bool


def places(versions: Sequence[CompiledDefinition]) -> Mapping[str, Place]:
    """Every state of these versions of a process, oldest first; in the order of the newest, what it has no more coming last."""
    found: dict[str, Place] = {}
    for definition in reversed(versions):
        for id in definition.states:
            if id not in found:
                found[id] = _place(definition, id)
    return found


def columns_of(definition: CompiledDefinition, state: str, step: CompiledStep) -> frozenset[str]:
    """The columns into which a step may lead from a state; several where what is filled in decides."""
    return frozenset(_column(definition, state if target == STAY else target) for target in step.to.values())


def column_named(name: str) -> str:
    """The column of this id or title. Raises Unknown."""
    return require(name, COLUMNS, Label("阶段", "phase"))


def _place(definition: CompiledDefinition, id: str) -> Place:
    state = definition.states[id]
    leads = frozenset[str]().union(*(columns_of(definition, id, step) for step in state.steps.values() if step.when is None))
    column = state.phase or ELSEWHERE
    return Place(id, state.title, column, state.waits_on, tuple(sorted(leads)), state.outcome is not None)


def _column(definition: CompiledDefinition, state: str) -> str:
    target = definition.states[state]
    return ENDED if target.outcome is not None else target.phase or ELSEWHERE
