"""Concludes an accepted wish with all that follows from it: steps of rungs that were refused are tried again, automatic steps are
performed, an end is passed on to the family, and the timers of every clock that changed are armed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.core.case import Case
from engine.core.clock import timers
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Accepted, Opening, Reason
from engine.core.effect import Effect, Emit, Notify, OpenIncident
from engine.core.event import Event
from engine.core.evolve import evolve
from engine.core.facts import Facts
from engine.core.family import upon_end
from engine.core.moving import Move, move
from engine.core.perform import Before, environment_of
from engine.core.run import ClockRun
from engine.core.voiding import voided
from engine.label import Label, listed
from roles.actor import Actor

SYSTEM = Actor("system", "system")
"""Who acts when a clock does, and in automatic steps."""
IN_A_ROW = 8
"""How many automatic steps one decision performs at most (docs/reference/language.md, Children)."""


def conclude(
    definition: CompiledDefinition,
    before: Case | None,
    events: tuple[Event, ...],
    effects: tuple[Effect, ...],
    facts: Facts,
    openings: tuple[Opening, ...] = (),
) -> Accepted:
    """Accepted with the case that these events lead to, and with all that follows from them.

    `before` is None for an opening and only then. `openings`: the cases that the events open.
    """
    case = before
    for event in events:
        case = evolve(case, event)
    assert case is not None
    so_far = _SoFar(case, events, effects, openings)
    if any(run.pending for run in case.clocks.values()):
        so_far = _try_again(definition, so_far, facts)
    if definition.states[so_far.case.state].automatic:
        so_far = _perform_automatic(definition, so_far, facts)
    if before is not None and (before.signing or so_far.case.signing):
        so_far = _without_void_signatures(definition, before, so_far, facts)
    family = upon_end(before, so_far.case) if so_far.case.parent is not None or so_far.case.children else ()
    effects = (*so_far.effects, *family)
    if definition.clocks:
        known: Mapping[str, ClockRun] = {} if before is None else before.clocks
        changed = [name for name, run in so_far.case.clocks.items() if known.get(name) is not run]
        effects = (*timers(definition, so_far.case, facts.calendars, changed), *effects)
    return Accepted(so_far.case, so_far.events, effects, so_far.openings)


@dataclass(frozen=True, slots=True)
class _SoFar:
    """What the decision has come to."""

    case: Case
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    openings: tuple[Opening, ...]

    def then(self, found: Move) -> _SoFar:
        """The same, one move further: what came before cannot be taken back any more, and is told at once."""
        case = evolve(self.case, found.event)
        effects = (replace(each, not_before=None) if isinstance(each, Notify | Emit) else each for each in self.effects)
        return _SoFar(case, (*self.events, found.event), (*effects, *found.effects), (*self.openings, *found.openings))

    def alarmed(self, subject: str, sentence: Label) -> _SoFar:
        """The same, with an incident: a step of the system that could not be performed."""
        return replace(self, effects=(*self.effects, OpenIncident("step_refused", subject, sentence)))

    def by_system(self, facts: Facts) -> Facts:
        """The facts for a step of the system: the children opened so far have taken their ids."""
        return replace(facts, actor=SYSTEM, new_children=facts.new_children[len(self.openings) :])


def _without_void_signatures(definition: CompiledDefinition, before: Case, so_far: _SoFar, facts: Facts) -> _SoFar:
    """Signatures that count no more since the state was left or what was signed has changed; each is recorded."""
    events = voided(definition, before, so_far.events, so_far.case, facts)
    case = so_far.case
    for event in events:
        case = evolve(case, event)
    return replace(so_far, case=case, events=(*so_far.events, *events))


def _try_again(definition: CompiledDefinition, so_far: _SoFar, facts: Facts) -> _SoFar:
    """Every step that a rung could not perform, once, as long as its clock runs (docs/reference/language.md, Ladders)."""
    clocks = so_far.case.clocks
    waiting = [(name, rung) for name, run in clocks.items() for rung in definition.clocks[name].ladder if rung.id in run.pending]
    for name, rung in waiting:
        run = so_far.case.clocks[name]
        if rung.fire is None or rung.id not in run.pending or run.standing != "running":
            continue  # the step tried before has stopped this clock
        found = move(definition, so_far.case, rung.fire, {}, None, so_far.by_system(facts), fired_by=f"{name}/{rung.id}")
        if isinstance(found, Move):
            so_far = so_far.then(found)
    return so_far


def _perform_automatic(definition: CompiledDefinition, so_far: _SoFar, facts: Facts) -> _SoFar:
    for _ in range(IN_A_ROW):
        holding = _holding(definition, so_far.case, so_far.by_system(facts))
        if not holding:
            return so_far
        if len(holding) > 1:
            sentence = Label("多个自动步骤同时成立：{steps}", "several automatic steps apply at once: {steps}")
            return so_far.alarmed(so_far.case.state, sentence.fill(steps=listed(step.title for step in holding)))
        found = move(definition, so_far.case, holding[0].id, {}, None, so_far.by_system(facts))
        if not isinstance(found, Move):
            return so_far.alarmed(holding[0].id, _refusal(holding[0], found))
        so_far = so_far.then(found)
    sentence = Label("连续执行了 {count} 个自动步骤，已停止", "stopped after {count} automatic steps in a row")
    return so_far.alarmed(so_far.case.state, sentence.fill(count=IN_A_ROW))


def _holding(definition: CompiledDefinition, case: Case, facts: Facts) -> list[CompiledStep]:
    """The automatic steps of the state whose condition is true; a missing one means *not yet*."""
    steps = definition.states[case.state].automatic
    if not steps:
        return []
    environment = environment_of(definition, Before.of(case), facts, frozenset(), case.data)
    return [step for step in steps if step.when is not None and step.when.evaluate(environment) is True]


def _refusal(step: CompiledStep, reasons: tuple[Reason, ...]) -> Label:
    sentence = Label("自动步骤“{step}”未能执行：{why}", "the automatic step “{step}” could not be performed: {why}")
    return sentence.fill(step=step.title, why=listed(reason.sentence for reason in reasons))
