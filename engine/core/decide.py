"""`decide`: may this wish come true, and what happens then? Deterministic and total – bad wishes are Refused, never raised.

Order within a step (docs/reference/language.md, Fields and forms): authorise → form → requires → set/clears → to → clocks. The
`transitions` machine has the last word on whether the move exists (DESIGN law 1).
"""

from __future__ import annotations

from engine.core.authority import disabled
from engine.core.case import Case
from engine.core.command import (
    Assign,
    Command,
    Comment,
    Correct,
    Disclose,
    Elapse,
    ExtendCalendar,
    Fire,
    OpenCase,
    Undo,
    Wake,
    Wish,
    Withdraw,
)
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import conclude
from engine.core.decision import Accepted, Decision, Reason, Refused
from engine.core.elapse import elapse, extend
from engine.core.examine import examine
from engine.core.facts import Facts
from engine.core.handing import assign
from engine.core.moving import Move, move
from engine.core.opening import Birth, open_by
from engine.core.remark import comment, correct, disclose
from engine.core.signing import sign, withdraw
from engine.core.undoing import undo
from engine.core.waking import wake
from engine.label import Label


def decide(definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts) -> Decision:
    """Accepted with the next case and its events, or Refused with every reason, and with everything that was asked.

    `case` is None for OpenCase and only then. Equal arguments give equal decisions.
    """
    decision = _decide(definition, case, command, facts)
    if isinstance(decision, Accepted):
        return decision
    return Refused(decision.reasons, examine(definition, case, command, facts, decision.reasons))


def _decide(definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts) -> Decision:
    if isinstance(command, OpenCase):
        return _open(definition, command, facts)
    if case is None:
        return Refused((Reason("not_available", Label("没有工单", "There is no case")),))
    stale = _stale(case, command)
    if isinstance(command, Fire):
        return _fire(definition, case, command, facts, stale)
    if facts.actor.kind == "disabled":  # of a step his rights say so
        return Refused((disabled(facts),))
    if isinstance(command, Correct):
        return correct(definition, case, command, facts, stale)
    if isinstance(command, Comment):
        return comment(definition, case, command, facts)
    if isinstance(command, Disclose):
        return disclose(definition, case, command, facts)
    if isinstance(command, Assign):
        return assign(definition, case, command, facts, stale)
    if isinstance(command, Withdraw):
        return withdraw(definition, case, command, facts)
    if isinstance(command, Undo):
        return undo(definition, case, command, facts, stale)
    if isinstance(command, Wake):
        return wake(definition, case, facts)
    return elapse(definition, case, facts, command.by or facts.now) if isinstance(command, Elapse) else extend(definition, case, facts)


def _stale(case: Case, command: Wish | Elapse | ExtendCalendar | Wake) -> tuple[Reason, ...]:
    if not isinstance(command, Fire | Correct | Assign | Undo) or command.expect is None or command.expect == case.revision:
        return ()
    sentence = Label(
        "工单已有变动：现在是第 {now} 版，您看到的是第 {seen} 版；请刷新后再试",
        "The case has changed: it is at revision {now}, you saw {seen}; look again and repeat",
    )
    return (Reason("stale", sentence.fill(now=case.revision, seen=command.expect)),)


def _open(definition: CompiledDefinition, command: OpenCase, facts: Facts) -> Decision:
    found = open_by(definition, command, facts)
    if not isinstance(found, Birth):
        return Refused(found)
    return conclude(definition, None, (found.event,), found.effects, facts, found.openings)


def _fire(definition: CompiledDefinition, case: Case, command: Fire, facts: Facts, stale: tuple[Reason, ...]) -> Decision:
    step = definition.states[case.state].steps.get(command.transition)
    if step is not None and step.approvals is not None:
        return sign(definition, case, step, step.approvals, command, facts, stale)
    found = move(definition, case, command.transition, command.data, command.reason, facts)
    if stale or not isinstance(found, Move):
        return Refused((*stale, *(() if isinstance(found, Move) else found)))
    return conclude(definition, case, (found.event,), found.effects, facts, found.openings)
