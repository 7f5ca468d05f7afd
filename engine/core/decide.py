"""`decide`: may this wish come true, and what happens then? Deterministic and total – bad wishes are Refused, never raised.

Order within a step (docs/reference/language.md, Fields and forms): authorise → form → requires → set/clears → to. The
`transitions` machine has the last word on whether the move exists (DESIGN law 1).
"""

from __future__ import annotations

from engine.core.case import Case
from engine.core.command import Command, Comment, Correct, Fire, OpenCase
from engine.core.compiled import STAY, CompiledDefinition
from engine.core.decision import Accepted, Decision, Reason, Refused
from engine.core.event import Event, Moved, Opened
from engine.core.evolve import evolve
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT, Unreadable
from engine.core.machine import BIRTH
from engine.core.perform import Before, Performed, perform
from engine.core.prose import quoted
from engine.core.remark import comment, correct
from engine.errors import with_nearest
from engine.label import Label, listed


def decide(definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts) -> Decision:
    """Accepted with the next case and its events, or Refused with every reason.

    `case` is None for OpenCase and only then. Equal arguments give equal decisions.
    """
    if isinstance(command, OpenCase):
        return _open(definition, command, facts)
    if case is None:
        return Refused((Reason("not_available", Label("没有工单", "There is no case")),))
    stale = _stale(case, command)
    if isinstance(command, Fire):
        return _fire(definition, case, command, facts, stale)
    if isinstance(command, Correct):
        return correct(definition, case, command, facts, stale)
    return comment(definition, case, command, facts)


def _accept(case: Case | None, event: Event) -> Accepted:
    return Accepted(evolve(case, event), (event,))


def _stale(case: Case, command: Fire | Correct | Comment) -> tuple[Reason, ...]:
    if isinstance(command, Comment) or command.expect is None or command.expect == case.revision:
        return ()
    sentence = Label(
        "工单已有变动：现在是第 {now} 版，您看到的是第 {seen} 版；请刷新后再试",
        "The case has changed: it is at revision {now}, you saw {seen}; look again and repeat",
    )
    return (Reason("stale", sentence.fill(now=case.revision, seen=command.expect)),)


def _open(definition: CompiledDefinition, command: OpenCase, facts: Facts) -> Decision:
    step = definition.starts.get(command.start)
    if step is None:
        return Refused((_no_such(Label("开始方式", "start"), command.start, tuple(definition.starts)),))
    unit, faults = _unit_of(definition, command, facts)
    before = Before(facts.case_id, facts.number, unit, {}, None, (), 1)
    result = perform(definition, step, before, command.data, command.reason, facts)
    if faults or not isinstance(result, Performed):
        return Refused((*faults, *(() if isinstance(result, Performed) else result)))
    if not definition.machine.confirms(BIRTH, step.id, result.target):
        return Refused((_no_such(Label("开始方式", "start"), command.start, tuple(definition.starts)),))
    event = Opened(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=None,
        reason=command.reason,
        id=facts.case_id,
        number=facts.number,
        workflow=definition.workflow,
        digest=definition.digest,
        unit=unit,
        start=step.id,
        to=result.target,
        outcome=definition.states[result.target].outcome,
        changes=result.changes,
        assignee=result.assignee,
    )
    return _accept(None, event)


def _unit_of(definition: CompiledDefinition, command: OpenCase, facts: Facts) -> tuple[str | None, tuple[Reason, ...]]:
    """Where the case belongs: the form's `unit`, the wish's, or the unit of the grant that lets the actor open it."""
    step = definition.starts[command.start]
    for field in (ask.field for ask in step.form.asks if ask.field.id == "unit"):
        try:
            asked = field.read(command.data.get("unit"), facts, ())
        except Unreadable:
            return None, ()  # the form itself will say so
        if isinstance(asked, str):
            return asked, ()
    if command.unit is not None:
        if command.unit in facts.lineages:
            return command.unit, ()
        sentence = Label("没有单位{name}", "There is no unit {name}").fill(name=quoted(command.unit))
        return None, (Reason("data_invalid", with_nearest(sentence, command.unit[:LINE_LIMIT], facts.lineages), subject="unit"),)
    roles = definition.roles_of(step)
    units = sorted(grant.unit for grant in facts.actor.grants if grant.role in roles and grant.unit is not None)
    return (units[0] if units else None), ()


def _fire(definition: CompiledDefinition, case: Case, command: Fire, facts: Facts, stale: tuple[Reason, ...]) -> Decision:
    state = definition.states[case.state]
    step = state.steps.get(command.transition)
    if step is None:
        return Refused((*stale, _not_here(definition, case, command.transition)))
    revives = state.outcome is not None and any(target != STAY and definition.states[target].outcome is None for target in step.to.values())
    before = Before.of(case, revives=revives)
    result = perform(definition, step, before, command.data, command.reason, facts)
    if stale or not isinstance(result, Performed):
        return Refused((*stale, *(() if isinstance(result, Performed) else result)))
    target = case.state if result.target == STAY else result.target
    if not definition.machine.confirms(case.state, step.id, target):
        return Refused((_not_here(definition, case, command.transition),))
    event = Moved(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=None,
        reason=command.reason,
        step=step.id,
        source=case.state,
        to=target,
        entered=result.target != STAY,
        outcome=definition.states[target].outcome,
        changes=result.changes,
        assignee=result.assignee,
        unit=case.unit,
    )
    return _accept(case, event)


def _not_here(definition: CompiledDefinition, case: Case, name: str) -> Reason:
    state = definition.states[case.state]
    elsewhere = [other.title for other in definition.states.values() if name in other.steps]
    if not elsewhere:
        return _no_such(Label("步骤", "step"), name, tuple(state.steps))
    sentence = Label(
        "{name}在“{state}”状态下不可执行；可执行于：{elsewhere}", "{name} is not available in state “{state}”; it is in: {elsewhere}"
    )
    return Reason("not_available", sentence.fill(name=quoted(name), state=state.title, elsewhere=listed(elsewhere)), subject=name)


def _no_such(what: Label, name: str, known: tuple[str, ...]) -> Reason:
    sentence = Label("没有{what}{name}；可用：{known}", "There is no {what} {name}; available: {known}")
    return Reason("not_available", sentence.fill(what=what, name=quoted(name), known=", ".join(known) or "–"), subject=name)
