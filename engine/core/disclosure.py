"""Who sees a case at all, and to whom it shows what is personal in it: the smallest circle that can still do the work.

Asked of the rights of this instant: what somebody may not do any more, he does not see any more. Knows no masks (`core.masking`).
"""

from __future__ import annotations

from engine.core.authority import relations_of
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from roles.actor import Actor
from roles.policy import authorise, sees, stands_as


def is_seen(definition: CompiledDefinition, case: Case, actor: Actor, lineage: tuple[str, ...]) -> bool:
    """Whether he sees the case: by some role in its unit or above it, or – wherever he belongs – as its holder or by a right to a step."""
    return sees(actor, lineage) or _holds(case, actor) or _may_act(definition, case, actor, lineage)


def discloses(definition: CompiledDefinition, case: Case, actor: Actor, lineage: tuple[str, ...]) -> bool:
    """Whether he sees its personal values in full: he holds it while it is open, or has the right to a step of its present state.

    His rights alone count: separation of duties and conditions keep him from the step, and from nothing else. Of an ended case that is
    whoever may reopen it.
    """
    return (case.outcome is None and _holds(case, actor)) or _may_act(definition, case, actor, lineage)


def _holds(case: Case, actor: Actor) -> bool:
    return case.assignee is not None and case.assignee in stands_as(actor)


def _may_act(definition: CompiledDefinition, case: Case, actor: Actor, lineage: tuple[str, ...]) -> bool:
    steps = definition.states[case.state].steps.values()
    return any(authorise(step.by, actor, relations_of(definition, step.by, case.data, case.assignee), lineage) for step in steps)
