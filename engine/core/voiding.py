"""What makes signatures void: the state was left, what was signed or shown has changed, the signer has since excluded himself, or
lost his right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.core.authority import admit, relations_of
from engine.core.calculation import filled
from engine.core.case import Case, Performance, Signature
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.event import Event, Moved, Signed, Undone, Voided, VoidedBecause
from engine.core.facts import Facts
from roles.actor import Actor, Lent
from roles.policy import excluded


def voided(definition: CompiledDefinition, before: Case, events: tuple[Event, ...], after: Case, facts: Facts) -> tuple[Voided, ...]:
    """The signatures that count no more after these events, which lead from `before` to `after`."""
    left = any(event.entered if isinstance(event, Moved) else isinstance(event, Undone) and after.visit != before.visit for event in events)
    changed = {name for event in events for name in getattr(event, "changes", ())}
    found: list[Voided] = []
    for name, signatures in _standing(before, events).items():
        step = definition.states[before.state].steps[name]
        bound = {*(ask.field.id for ask in step.form.asks), *step.shows}
        if left:
            found.append(_void(name, signatures, "left", facts))
        elif not bound.isdisjoint(changed):
            found.append(_void(name, signatures, "changed", facts))
        elif gone := [each for each in signatures if _is_excluded(definition, step, each, after)]:
            found.append(_void(name, gone, "excluded", facts))
    return tuple(found)


def revoked(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> tuple[Voided, ...]:
    """The signatures of a step whose signers, or those they signed for, have lost the right to it. `Facts.people` knows what they hold."""
    signatures = case.signing[step.id].signatures if step.id in case.signing else ()
    gone = [each for each in signatures if not _is_entitled(definition, case, step, each, facts)]
    return (_void(step.id, gone, "revoked", facts),) if gone else ()


def _is_entitled(definition: CompiledDefinition, case: Case, step: CompiledStep, signature: Signature, facts: Facts) -> bool:
    person = signature.on_behalf_of or signature.actor
    if signature.actor not in facts.people or person not in facts.people:
        return False
    by_himself = replace(facts, actor=Actor(person, "person", facts.people[person]))
    return bool(admit(definition, step, case.data, case.assignee, by_himself, facts.lineage(case.unit)))


def _standing(before: Case, events: tuple[Event, ...]) -> dict[str, list[Signature]]:
    """step → its signatures before anything becomes void; those of a step that was performed are used up by it."""
    standing = {name: list(signing.signatures) for name, signing in before.signing.items()}
    for event in events:
        if isinstance(event, Signed):
            standing.setdefault(event.step, []).append(Signature(event.actor, event.on_behalf_of, event.at, event.through))
        elif isinstance(event, Voided):
            standing[event.step] = [each for each in standing[event.step] if each.actor not in event.signers]
        elif isinstance(event, Moved):
            standing.pop(event.step, None)
    return {name: signatures for name, signatures in standing.items() if signatures}


def _void(step: str, signatures: Sequence[Signature], why: VoidedBecause, facts: Facts) -> Voided:
    return Voided(facts.now, facts.actor.id, None, step, tuple(each.actor for each in signatures), why)


def _is_excluded(definition: CompiledDefinition, step: CompiledStep, signature: Signature, case: Case) -> bool:
    """Whether he could not sign any more, since what he has done, or a field in which he now stands, excludes him."""
    performers = {name: _performers(case.performed, name) for name in step.not_by_steps}
    data = filled({**case.data, **case.signing[step.id].form})
    relations = relations_of(definition, step.not_by_rights, data, case.assignee)
    behalf = signature.on_behalf_of
    signer = Actor(signature.actor, "person", lent=() if behalf is None else (Lent(behalf, frozenset(), whole=True, held=frozenset()),))
    return bool(excluded(signer, behalf, performers, step.not_by_rights, relations))


def _performers(performed: tuple[Performance, ...], step: str) -> frozenset[str]:
    return frozenset(person for act in performed if act.step == step for person in act.persons)
