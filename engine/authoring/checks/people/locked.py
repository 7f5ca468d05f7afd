"""Checks that nobody is locked into a case: what only the person in a field can do, somebody else can give to another.

Needs no people. What is by the holder of the case can be handed on by hand, so it is not looked at.
"""

from __future__ import annotations

from engine.core.compiled import CompiledDefinition, CompiledState, CompiledStep
from engine.core.problem import Path, Problem
from engine.label import Label, listed


def check_locked(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """A problem for each step by person fields alone, in a state where nobody else has a step that fills or empties one of them."""
    found: dict[Path, Problem] = {}
    for state in definition.states.values():
        for step in state.steps.values():
            if step.path not in found and _is_in_person(step) and not any(_frees(other, step) for other in state.steps.values()):
                found[step.path] = _problem(definition, state, step)
    return tuple(found.values())


def _is_in_person(step: CompiledStep) -> bool:
    return bool(step.by) and all(right.kind == "field" for right in step.by)


def _frees(other: CompiledStep, step: CompiledStep) -> bool:
    """Whether the other step changes a field that this one is by, and somebody else may perform it."""
    names = {right.name for right in step.by}
    changed = {*(ask.field.id for ask in other.form.asks), *(name for name, _ in other.sets), *other.clears}
    return bool(names & changed) and any(right.kind != "field" or right.name not in names for right in other.by)


def _problem(definition: CompiledDefinition, state: CompiledState, step: CompiledStep) -> Problem:
    sentence = Label(
        "“{step}”只能由“{field}”本人办理；其不在岗时，“{state}”中没有别人能改“{field}”",
        "only the person in “{field}” can do “{step}”; when that one is away, nobody in “{state}” can change “{field}”",
    )
    fields = listed(definition.fields[right.name].title for right in step.by)
    way_out = Label(
        "在该状态加一个由他人执行、填写此字段的步骤（如“改派”）。",
        "Give others a step in this state that asks for the field, such as “Reassign”.",
    )
    return Problem("person-locked-in", (*step.path, "by"), sentence.fill(step=step.title, field=fields, state=state.title), way_out)
