"""The way on: which steps of a state take a case further, by what its definition says. Pure; knows no case.

A screen points at one of them. What is done anywhere, what needs a reason, what stays, what only comes back here – fetching parts –
and what only ends without success is an exception to it, however often it is taken.
"""

from __future__ import annotations

from engine.core.compiled import CompiledDefinition, CompiledState, CompiledStep


def ways_on(definition: CompiledDefinition, state: str) -> tuple[str, ...]:
    """The steps of a state that lead towards a success without coming back to it, in the order of the document."""
    ahead = _ahead(definition, state)
    return tuple(step.id for step in definition.states[state].steps.values() if step.when is None and _leads(step, ahead))


def _ahead(definition: CompiledDefinition, state: str) -> frozenset[str]:
    """The states from which a case comes to a success by steps of that kind, and not through this one."""
    rest = {name: each for name, each in definition.states.items() if name != state}
    ahead = frozenset(name for name, each in rest.items() if each.outcome == "success")
    while more := {name for name, each in rest.items() if name not in ahead and _gets(each, ahead)}:
        ahead |= more
    return ahead


def _gets(state: CompiledState, ahead: frozenset[str]) -> bool:
    return any(_leads(step, ahead) for step in state.steps.values())


def _leads(step: CompiledStep, ahead: frozenset[str]) -> bool:
    return step.path[:1] != ("anywhere",) and not step.reason_required and not ahead.isdisjoint(step.to.values())
