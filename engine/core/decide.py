"""`decide`: may this wish come true, and what happens then? Deterministic and total – bad wishes are Refused, never raised.

Order within a step (docs/reference/language.md, Fields and forms): authorise → form → requires → set/clears → to → clocks. The
`transitions` machine has the last word on whether the move exists (DESIGN law 1).
"""

from __future__ import annotations

from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.command import Command, Comment, Correct, Elapse, ExtendCalendar, Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.elapse import elapse, extend
from engine.core.event import Opened
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT, Unreadable
from engine.core.machine import BIRTH
from engine.core.moving import Move, move, no_such
from engine.core.perform import Before, Performed, notices, perform
from engine.core.prose import quoted
from engine.core.remark import comment, correct
from engine.errors import with_nearest
from engine.label import Label


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
    if isinstance(command, Comment):
        return comment(definition, case, command, facts)
    return elapse(definition, case, facts, command.by or facts.now) if isinstance(command, Elapse) else extend(definition, case, facts)


def _stale(case: Case, command: Fire | Correct | Comment | Elapse | ExtendCalendar) -> tuple[Reason, ...]:
    if not isinstance(command, Fire | Correct) or command.expect is None or command.expect == case.revision:
        return ()
    sentence = Label(
        "工单已有变动：现在是第 {now} 版，您看到的是第 {seen} 版；请刷新后再试",
        "The case has changed: it is at revision {now}, you saw {seen}; look again and repeat",
    )
    return (Reason("stale", sentence.fill(now=case.revision, seen=command.expect)),)


def _open(definition: CompiledDefinition, command: OpenCase, facts: Facts) -> Decision:
    step = definition.starts.get(command.start)
    if step is None:
        return Refused((no_such(Label("开始方式", "start"), command.start, tuple(definition.starts)),))
    unit, faults = _unit_of(definition, command, facts)
    before = Before(facts.case_id, facts.number, unit, {}, None, (), 1)
    result = perform(definition, step, before, command.data, command.reason, facts)
    if faults or not isinstance(result, Performed):
        return Refused((*faults, *(() if isinstance(result, Performed) else result)))
    if not definition.machine.confirms(BIRTH, step.id, result.target):
        return Refused((no_such(Label("开始方式", "start"), command.start, tuple(definition.starts)),))
    is_open = definition.states[result.target].outcome is None
    clocks, unclear = clock_changes(
        definition, {}, Situation(result.target, is_open, step.id, True, facts.now), result.environment, facts.calendars
    )
    if unclear:
        return Refused(unclear)
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
        clocks=clocks,
        edition=facts.edition,
    )
    return conclude(definition, None, (event,), notices(step, result, result.target), facts)


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
    found = move(definition, case, command.transition, command.data, command.reason, facts)
    if stale or not isinstance(found, Move):
        return Refused((*stale, *(() if isinstance(found, Move) else found)))
    return conclude(definition, case, (found.event,), found.notices, facts)
