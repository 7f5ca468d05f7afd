"""Moves a case by one step on paper: what event it makes and whom it tells – or every reason why not.

Shared by a person's wish and by a rung that fires a step.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.command import Raw
from engine.core.compiled import STAY, CompiledDefinition
from engine.core.decision import Reason
from engine.core.effect import Notify
from engine.core.event import Moved
from engine.core.facts import Facts
from engine.core.perform import Before, Performed, notices, perform
from engine.core.prose import quoted
from engine.label import Label, listed


@dataclass(frozen=True, slots=True)
class Move:
    """A move that may be made."""

    event: Moved
    notices: tuple[Notify, ...]


def move(
    definition: CompiledDefinition, case: Case, name: str, data: Raw, reason: str | None, facts: Facts, fired_by: str | None = None
) -> Move | tuple[Reason, ...]:
    """The move by the step of this name. `fired_by`: the rung that fires it, as CLOCK/RUNG."""
    state = definition.states[case.state]
    step = state.steps.get(name)
    if step is None:
        return (_not_here(definition, case, name),)
    revives = state.outcome is not None and any(target != STAY and definition.states[target].outcome is None for target in step.to.values())
    before = Before.of(case, revives=revives)
    result = perform(definition, step, before, data, reason, facts)
    if not isinstance(result, Performed):
        return result
    target = case.state if result.target == STAY else result.target
    if not definition.machine.confirms(case.state, step.id, target):
        return (_not_here(definition, case, name),)
    outcome = definition.states[target].outcome
    situation = Situation(target, outcome is None, step.id, state.outcome is None, facts.now)
    clocks, reasons = clock_changes(definition, case.clocks, situation, result.environment, facts.calendars)
    if reasons:
        return reasons
    event = Moved(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=None,
        reason=reason,
        step=step.id,
        source=case.state,
        to=target,
        entered=result.target != STAY,
        outcome=outcome,
        changes=result.changes,
        assignee=result.assignee,
        unit=case.unit,
        clocks=clocks,
        fired_by=fired_by,
    )
    return Move(event, notices(step, result, target))


def no_such(what: Label, name: str, known: tuple[str, ...]) -> Reason:
    """The reason that there is no step or start of this name at all."""
    sentence = Label("没有{what}{name}；可用：{known}", "There is no {what} {name}; available: {known}")
    filled = sentence.fill(what=what, name=quoted(name), known=", ".join(known) or "–")
    return Reason("not_available", filled, subject=name)


def _not_here(definition: CompiledDefinition, case: Case, name: str) -> Reason:
    state = definition.states[case.state]
    elsewhere = [other.title for other in definition.states.values() if name in other.steps]
    if not elsewhere:
        return no_such(Label("步骤", "step"), name, tuple(state.steps))
    sentence = Label(
        "{name}在“{state}”状态下不可执行；可执行于：{elsewhere}", "{name} is not available in state “{state}”; it is in: {elsewhere}"
    )
    return Reason("not_available", sentence.fill(name=quoted(name), state=state.title, elsewhere=listed(elsewhere)), subject=name)
