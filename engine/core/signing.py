"""Signing a step that several must sign, and taking a signature back. With the last signature the step is performed.

The first signer fills the form, which then waits in the case; whoever signs after him signs that form and no other. Guards are asked
once, with the last signature: what holds on the way need not hold in the end.
"""

from __future__ import annotations

from engine.core.approval import UNSIGNED, Attempt, attempt
from engine.core.authority import not_authorised, not_separate
from engine.core.case import Case, Signature
from engine.core.command import Fire, Withdraw
from engine.core.compiled import Approvals, CompiledDefinition, CompiledStep
from engine.core.conclusion import conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.event import Signed, Voided
from engine.core.evolve import evolve
from engine.core.facts import Facts
from engine.core.guard import unmet
from engine.core.moving import Move, move, no_such
from engine.core.unique import duplicates
from engine.core.voiding import revoked
from engine.label import Label
from roles.actor import Actor


def sign(
    definition: CompiledDefinition,
    case: Case,
    step: CompiledStep,
    approvals: Approvals,
    command: Fire,
    facts: Facts,
    stale: tuple[Reason, ...],
) -> Decision:
    """One more signature of a step: `Signed`, or with the last one the move itself. Those of whoever lost the right count no more."""
    before, void = case, revoked(definition, case, step, facts)
    for event in void:
        case = evolve(case, event)
    made = attempt(definition, case, step, approvals, command, facts)
    reasons = (*stale, *_against(definition, step, made))
    if reasons:
        return Refused(reasons)
    if made.is_last:
        found = move(definition, case, step.id, made.raw, made.reason, made.facts)
        if not isinstance(found, Move):
            return Refused(found)
        return conclude(definition, before, (*void, found.event), found.effects, facts, found.openings)
    first = {ask.field.id: made.weighed.entered.get(ask.field.id) for ask in step.form.asks} if step.id not in case.signing else None
    signature = made.signature
    signed = Signed(facts.now, signature.actor, signature.on_behalf_of, command.reason, step.id, signature.through, first)
    return conclude(definition, before, (*void, signed), (), facts)


def withdraw(definition: CompiledDefinition, case: Case, command: Withdraw, facts: Facts) -> Decision:
    """Take back a signature: one's own, one given in one's name, or as delegate of who gave it."""
    signatures = case.signing.get(command.step, UNSIGNED).signatures
    mine = next((each for each in signatures if _speaks_for(facts.actor, each)), None)
    if mine is None:
        steps = definition.states[case.state].steps
        if command.step not in steps:
            return Refused((no_such(Label("步骤", "step"), command.step, tuple(steps)),))
        sentence = Label("“{actor}”没有可撤回的“{step}”签署", "“{actor}” has signed nothing of “{step}” that could be taken back")
        filled = sentence.fill(actor=facts.actor_name, step=steps[command.step].title)
        return Refused((Reason("not_available", filled, subject=command.step),))
    behalf = None if facts.actor.id in (mine.actor, mine.on_behalf_of) else mine.actor
    event = Voided(facts.now, facts.actor.id, behalf, command.step, (mine.actor,), "withdrawn")
    return conclude(definition, case, (event,), (), facts)


def _against(definition: CompiledDefinition, step: CompiledStep, made: Attempt) -> tuple[Reason, ...]:
    """Everything that stands against the signature; the conditions of the step only against the last one."""
    weighed = made.weighed
    reasons: tuple[Reason, ...] = () if weighed.ways else (not_authorised(definition, step, made.facts),)
    reasons += made.repeated
    reasons += (not_separate(definition, step, weighed.barring, made.facts),) if weighed.barring else ()
    reasons += made.faults
    reasons += unmet(definition, step, weighed.environment, weighed.unreadable) if made.is_last else ()
    return (*reasons, *weighed.miscalculated, *duplicates(definition, weighed.entered, made.facts), *made.miscounted)


def _speaks_for(actor: Actor, signature: Signature) -> bool:
    if actor.id in (signature.actor, signature.on_behalf_of):
        return True
    return any(
        lent.delegator == signature.actor and (lent.whole or any(grant.role in signature.through for grant in lent.grants))
        for lent in actor.lent
    )
