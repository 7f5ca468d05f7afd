"""Moves a case by one step on paper: what event it makes and whom it tells – or every reason why not.

Shared by a person's wish, by a rung that fires a step, and by automatic steps.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.command import Raw
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.decision import Opening, Reason
from engine.core.effect import Effect, Emit, Notify
from engine.core.event import Moved
from engine.core.evolve import performance
from engine.core.facts import Facts
from engine.core.family import cancels, stays_open, still_open
from engine.core.perform import Before, Performed, intents, perform
from engine.core.prose import quoted
from engine.core.telling import held
from engine.label import Label, listed, verbatim

PARENT_HAS_ENDED = Reason(
    "not_available", Label("上级工单已结束，不能重新打开", "The case that opened it has ended: it cannot be reopened")
)


@dataclass(frozen=True, slots=True)
class Move:
    """A move that may be made."""

    event: Moved
    effects: tuple[Effect, ...]
    openings: tuple[Opening, ...] = ()


def move(
    definition: CompiledDefinition, case: Case, name: str, data: Raw, reason: str | None, facts: Facts, fired_by: str | None = None
) -> Move | tuple[Reason, ...]:
    """The move by the step of this name. `fired_by`: the rung that fires it, as CLOCK/RUNG."""
    state = definition.states[case.state]
    step = state.steps.get(name)
    if step is None:
        return (_not_here(definition, case, name),)
    before = before_of(definition, case, step)
    result = perform(definition, step, before, data, reason, facts)
    if not isinstance(result, Performed):
        return result
    target = case.state if result.target == STAY else result.target
    if not definition.machine.confirms(case.state, step.id, target):
        return (_not_here(definition, case, name),)
    outcome = definition.states[target].outcome
    if outcome is not None and (waiting := still_open(case.children, result.children)):
        return waiting
    if before.revives and not facts.parent_is_open:
        return (PARENT_HAS_ENDED,)
    situation = Situation(target, outcome is None, step.id, state.outcome is None, facts.now)
    environment = result.environment
    if definition.clocks_look_back:
        done = performance(case, step.id, facts.actor.id, result.way.on_behalf_of, facts.now)
        environment = result.afterwards((*case.performed, done))
    clocks, reasons = clock_changes(definition, case.clocks, situation, environment, facts.calendars)
    if reasons:
        return reasons
    event = Moved(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=result.way.on_behalf_of,
        reason=reason,
        step=step.id,
        source=case.state,
        to=target,
        entered=result.target != STAY,
        outcome=outcome,
        changes=result.changes,
        assignee=result.assignee,
        unit=result.unit,
        clocks=clocks,
        fired_by=fired_by,
        children=result.children,
    )
    told = _told(definition, case, step, event, intents(step, result, target), facts)
    return Move(event, (*told, *result.effects), result.openings)


def _told(
    definition: CompiledDefinition, case: Case, step: CompiledStep, event: Moved, told: tuple[Notify | Emit, ...], facts: Facts
) -> tuple[Notify | Emit, ...]:
    """Whom the step tells: nobody and no program outside, as long as it may be taken back (`core.undoing`)."""
    if not told or definition.undo is None or not step.undoable or facts.actor.kind != "person":
        return told
    if stays_open(event) or cancels(case, event):
        return told
    return tuple(each for intent in told for each in held(intent, facts.now + definition.undo))


def before_of(definition: CompiledDefinition, case: Case, step: CompiledStep) -> Before:
    """What stands before a step of a case."""
    return Before.of(case, revives=revives(definition, case, step))


def revives(definition: CompiledDefinition, case: Case, step: CompiledStep) -> bool:
    """Whether the step may open an ended case again."""
    if definition.states[case.state].outcome is None:
        return False
    return any(target != STAY and definition.states[target].outcome is None for target in step.to.values())


def no_such(what: Label, name: str, known: tuple[str, ...]) -> Reason:
    """The reason that there is no step or start of this name at all."""
    sentence = Label("没有{what}{name}；可用：{known}", "There is no {what} {name}; available: {known}")
    filled = sentence.fill(what=what, name=quoted(name), known=listed(map(verbatim, known or ("–",))))
    return Reason("not_available", filled, subject=name)


def _not_here(definition: CompiledDefinition, case: Case, name: str) -> Reason:
    state = definition.states[case.state]
    elsewhere = [other for other in definition.states.values() if name in other.steps]
    if not elsewhere:
        return no_such(Label("步骤", "step"), name, tuple(state.steps))
    sentence = Label(
        "“{step}”在“{state}”状态下不可执行；可执行于：{elsewhere}", "“{step}” is not available in state “{state}”; it is in: {elsewhere}"
    )
    filled = sentence.fill(step=elsewhere[0].steps[name].title, state=state.title, elsewhere=listed(each.title for each in elsewhere))
    return Reason("not_available", filled, subject=name)
