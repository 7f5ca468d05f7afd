"""From a bundle to a compiled definition – or to every problem that stands in the way, never half of each.

Everything that names something is resolved here, once: what cannot be resolved is a Problem, so that at run time
nothing can be undefined (DESIGN law 13). Knows paths of a document, not files; asks nobody.
"""

from __future__ import annotations

from engine.core.compiled import STAY, CompiledDefinition, CompiledState, CompiledStep
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import compile_computed, compile_fields
from engine.core.compiling.heading import check_heading
from engine.core.compiling.names import build_scope
from engine.core.compiling.steps import compile_anywhere, compile_step
from engine.core.machine import BIRTH, Machine
from engine.core.problem import Problem
from engine.definition.bundle import Bundle


def compile_bundle(bundle: Bundle, offered_roles: frozenset[str] = frozenset()) -> CompiledDefinition | tuple[Problem, ...]:
    """The definition ready to decide, or all problems in the order of the document.

    `offered_roles`: every role that exists, only to suggest the nearest one for a misspelt name.
    """
    document = bundle.workflow
    draft = Draft(bundle, offered_roles)
    draft.fields = compile_fields(draft)
    draft.scope = build_scope(draft)
    computed = compile_computed(draft)
    check_heading(draft)
    starts = {name: compile_step(draft, name, start, ("start", name), is_start=True) for name, start in document.start.items()}
    anywhere = compile_anywhere(draft)
    states = {name: _compile_state(draft, name, anywhere) for name in document.states}
    if draft.problems:
        return tuple(draft.problems)
    return CompiledDefinition(
        workflow=document.workflow,
        version=document.version,
        digest=bundle.digest(),
        title=document.title.label,
        owner=document.owner,
        organisation=document.organisation,
        number=document.number,
        subject=document.subject.key if document.subject else None,
        parties={name: party.model_dump(exclude_none=True) for name, party in document.parties.items()},
        fields=draft.fields,
        kinds={name: rule.kind for name, rule in draft.fields.items()},
        personal=frozenset(name for name, rule in draft.fields.items() if rule.personal),
        unique=tuple(rule for rule in draft.fields.values() if rule.unique is not None),
        computed=computed,
        depends=draft.depends,
        deciding=frozenset(draft.deciding),
        starts=starts,
        states=states,
        scope=draft.scope,
        roles={name: title.label for name, title in bundle.roles.items()},
        machine=_build_machine(starts, states),
    )


def _compile_state(draft: Draft, name: str, anywhere: tuple[tuple[CompiledStep, frozenset[str]], ...]) -> CompiledState:
    state = draft.document.states[name]
    steps: dict[str, CompiledStep] = {
        step: compile_step(draft, step, transition, ("states", name, "transitions", step)) for step, transition in state.transitions.items()
    }
    for step, inside in anywhere:
        if name in inside:
            if step.id in steps:
                draft.duplicate_step(("states", name, "transitions", step.id), step.id)
            steps[step.id] = step
    return CompiledState(name, state.title.label, state.phase, state.waits_on, state.final, steps)


def _build_machine(starts: dict[str, CompiledStep], states: dict[str, CompiledState]) -> Machine:
    moves = [(BIRTH, step.id, target) for step in starts.values() for target in step.to.values()]
    for state in states.values():
        for step in state.steps.values():
            moves.extend((state.id, step.id, state.id if target == STAY else target) for target in step.to.values())
    return Machine(states, moves)
