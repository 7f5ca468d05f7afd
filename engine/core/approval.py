"""Signatures of steps that several must sign: what one more would be, when they are enough, and whether those that lack can be had.

Answers questions; wishes are decided by `core.signing`, and what makes a signature void stands in `core.voiding`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.core.authority import admit, separate
from engine.core.calculation import filled, only, recompute
from engine.core.case import Case, Signature, Signing
from engine.core.command import Fire, Raw
from engine.core.compiled import Approvals, CompiledDefinition, CompiledStep
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.form import invalid
from engine.core.kind import Value, rows_in
from engine.core.perform import Before, Weighed, environment_of, faults_of_reason, weigh
from engine.label import Label
from roles.actor import Actor

UNSIGNED = Signing({}, None, ())
"""What a step waits for before anybody has signed it."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """How far a step is: `signed` of `needed` signatures, and the roles of which one is missing in particular."""

    signed: int
    needed: int
    roles: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether the step may be performed."""
        return self.signed >= self.needed and not self.roles


@dataclass(frozen=True, slots=True)
class Attempt:
    """One more signature, on paper."""

    raw: Raw
    """The form that was signed before, and what the signer says himself."""
    reason: str | None
    facts: Facts
    """The facts for the signer: he acts for nobody who has signed."""
    weighed: Weighed
    repeated: tuple[Reason, ...]
    """Why he is no other person than those who have signed."""
    faults: tuple[Reason, ...]
    """What is wrong with the form, or is not what was signed."""
    miscounted: tuple[Reason, ...]
    """Why nobody can tell how many must sign."""
    signature: Signature
    is_last: bool
    """Whether the step is performed with it."""


def attempt(definition: CompiledDefinition, case: Case, step: CompiledStep, approvals: Approvals, wish: Fire, facts: Facts) -> Attempt:
    """What the wish to sign the step comes to."""
    signing = case.signing.get(step.id, UNSIGNED)
    raw, reason = {**signing.form, **wish.data}, wish.reason or signing.reason
    here, repeated = as_signer(definition, case, step, facts)
    weighed = weigh(definition, step, Before.of(case), raw, here)
    faults = (*weighed.faults, *_deviations(step, signing, weighed))
    faults += faults_of_reason(reason, is_required=step.reason_required)
    way = weighed.way
    signature = Signature(facts.actor.id, way.on_behalf_of, facts.now, tuple(sorted(way.through)))
    at_least = only(approvals.at_least, weighed.environment, "approvals.at_least")
    if isinstance(at_least, Reason):
        # Of a form that cannot be read, nobody can tell.
        return Attempt(raw, reason, here, weighed, repeated, faults, () if faults else (at_least,), signature, is_last=False)
    is_last = outstanding(approvals, at_least, (*signing.signatures, signature)).is_enough
    return Attempt(raw, reason, here, weighed, repeated, faults, (), signature, is_last)


def as_signer(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> tuple[Facts, tuple[Reason, ...]]:
    """The facts for one more signature, in which the actor acts for nobody who has signed; and why he may not sign at all any more."""
    known = signers(case.signing.get(step.id, UNSIGNED).signatures)
    lent = tuple(each for each in facts.actor.lent if each.delegator not in known)
    here = replace(facts, actor=replace(facts.actor, lent=lent))
    lineage = facts.lineage(case.unit)
    ways = [admit(definition, step, case.data, case.assignee, each, lineage) for each in (here, facts)]
    if not ways[1] or (ways[0] and facts.actor.id not in known):
        return here, ()
    sentence = Label(
        "“{step}”须由不同的人签署：“{actor}”本人或其代表的人已签署",
        "“{step}” takes different persons: “{actor}”, or the person he acts for, has signed already",
    )
    return facts, (Reason("approval_repeated", sentence.fill(step=step.title, actor=facts.actor_name), subject=step.id),)


def outstanding(approvals: Approvals, at_least: int, signatures: Sequence[Signature]) -> Outstanding:
    """What these signatures leave to be signed."""
    roles = unsigned(approvals.each_of, [signature.through for signature in signatures])
    return Outstanding(len(signatures), max(at_least, len(signatures) + len(roles)), roles)


def pending(definition: CompiledDefinition, case: Case, facts: Facts) -> Mapping[str, Outstanding]:
    """step → how far it is, for the steps of the present state that somebody has signed."""
    found: dict[str, Outstanding] = {}
    for name, signing in case.signing.items():
        approvals = definition.states[case.state].steps[name].approvals
        if approvals is not None:
            found[name] = outstanding(approvals, fewest(definition, case, approvals, signing, facts), signing.signatures)
    return found


def unsigned(roles: Sequence[str], signed: Sequence[Collection[str]]) -> tuple[str, ...]:
    """The roles that no signature is left for, when each stands for one of its roles at most.

    >>> unsigned(["leader", "finance"], [{"leader", "finance"}, {"leader"}])
    ()
    >>> unsigned(["leader", "finance"], [{"leader"}, {"leader"}])
    ('finance',)
    """
    standing_for: dict[int, str] = {}

    def place(role: str, tried: set[int]) -> bool:
        for index, through in enumerate(signed):
            if role in through and index not in tried:
                tried.add(index)
                if index not in standing_for or place(standing_for[index], tried):
                    standing_for[index] = role
                    return True
        return False

    return tuple(role for role in roles if not place(role, set()))


def signers(signatures: Iterable[Signature]) -> frozenset[str]:
    """Who has signed, and for whom: none of them signs again."""
    return frozenset(person for each in signatures for person in (each.actor, each.on_behalf_of) if person is not None)


def within_reach(
    definition: CompiledDefinition, case: Case, step: CompiledStep, approvals: Approvals, actors: Iterable[Actor], facts: Facts
) -> Outstanding:
    """How far the step would be if all of these persons signed, each by his own right; `is_enough` tells whether it can be performed.

    Absence does not matter, since it takes no right away.
    """
    signing = case.signing.get(step.id, UNSIGNED)
    data = filled({**case.data, **signing.form})
    lineage = facts.lineage(case.unit)
    found = [frozenset(signature.through) for signature in signing.signatures]
    known = signers(signing.signatures)
    for actor in (each for each in actors if each.id not in known):
        here = replace(facts, actor=replace(actor, lent=()))
        ways = admit(definition, step, case.data, case.assignee, here, lineage)
        if ways and not separate(definition, step, ways, data, case.performed, case.assignee, here)[1]:
            found.append(ways[0].through)
    return Outstanding(len(found), fewest(definition, case, approvals, signing, facts), unsigned(approvals.each_of, found))


def fewest(definition: CompiledDefinition, case: Case, approvals: Approvals, signing: Signing, facts: Facts) -> int:
    """How many must sign; as few as the document ever asks for, while nobody can tell yet."""
    data: dict[str, Value] = filled({**case.data, **signing.form})
    environment = environment_of(definition, Before.of(case), facts, frozenset(), data)
    recompute(definition, data, environment)
    found = only(approvals.at_least, environment, "approvals.at_least")
    return min(approvals.at_least.values()) if isinstance(found, Reason) else found


def _deviations(step: CompiledStep, signing: Signing, weighed: Weighed) -> tuple[Reason, ...]:
    """A reason for each value that is not the one that was signed."""
    if not signing.signatures:
        return ()
    fault = Label(
        "已有人按原内容签署，不能改动；要改请先撤回签署",
        "was signed as it is and cannot be changed; to change it the signatures must be taken back first",
    )
    read = [ask.field for ask in step.form.asks if ask.field.id not in weighed.unreadable]
    return tuple(invalid(rule, fault) for rule in read if not _is_same(weighed.entered.get(rule.id), signing.form.get(rule.id)))


def _is_same(value: Value | None, signed: Value | None) -> bool:
    """Rows that the form adds get their ids with the last signature: until then only their cells are signed."""
    rows, others = rows_in(value), rows_in(signed)
    return [row.cells for row in rows] == [row.cells for row in others] if rows or others else value == signed
