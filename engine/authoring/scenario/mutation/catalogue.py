"""All mutants of a process, and a fair sample of them: the same at every run, whatever else changes in the document."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence

from engine.authoring.scenario.mutation.conditions import conditions
from engine.authoring.scenario.mutation.mutant import Mutant, Original, named
from engine.authoring.scenario.mutation.outcomes import outcomes
from engine.authoring.scenario.mutation.outside import outside
from engine.authoring.scenario.mutation.rights import rights
from engine.authoring.scenario.mutation.timing import timing
from engine.core.compiled import CompiledDefinition
from engine.definition.workflow import Workflow


def mutants(workflow: Workflow, definition: CompiledDefinition) -> tuple[Mutant, ...]:
    """Every mutant of the process; one that changes the document and not its meaning, or breaks it, is among them still."""
    original = Original(workflow, definition)
    return tuple(named((*rights(original), *conditions(original), *outcomes(original), *outside(original), *timing(original))))


def sample(found: Sequence[Mutant], most: int, always: Collection[str] = ()) -> tuple[Mutant, ...]:
    """At most so many, in their order: those whose ids are named, then from each operator in turn the next by the digest of its id."""
    if len(found) <= most:
        return tuple(found)
    queues: dict[str, list[Mutant]] = {}
    for each in sorted(found, key=lambda one: (one.id not in always, hashlib.sha256(one.id.encode()).digest())):
        queues.setdefault("" if each.id in always else each.operator, []).append(each)
    taken = {each.id for each in queues.pop("", ())}
    rows: Iterable[str] = (each.id for turn in range(most) for queue in queues.values() for each in queue[turn : turn + 1])
    for name in rows:
        if len(taken) >= most:
            break
        taken.add(name)
    return tuple(each for each in found if each.id in taken)
