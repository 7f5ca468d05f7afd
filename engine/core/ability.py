"""Who can: everybody who could perform a step now, and whoever has the right but is kept from it, and why.

The same evaluator over many actors. Only what asks who acts is asked – rights, separation of duties, conditions on the actor – since
everything else stands in everybody's way alike. Knows no names: the shell brings the actors, in the order in which people read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.core.approval import as_signer
from engine.core.authority import admit, relations_of, separate
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep, GuardRule
from engine.core.decision import Check
from engine.core.entitlement import separation
from engine.core.examine import leaves_of
from engine.core.expression.term import Acting, CaseFact, leaves
from engine.core.facts import Facts
from engine.core.guard import lines
from engine.core.perform import Before, environment_of
from roles.actor import Actor
from roles.policy import Allowed, authorise


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who has the right to a step: as himself or for another, there or away; `hindrances` keep him from it all the same."""

    person: str
    on_behalf_of: str | None
    is_present: bool
    hindrances: tuple[Check, ...] = ()


def who_can(
    definition: CompiledDefinition, case: Case | None, before: Before, step: CompiledStep, people: Iterable[Actor], facts: Facts
) -> tuple[Able, ...]:
    """Everybody with the right to a step of a case – to a start where there is none yet – that `before` stands before.

    Those who can first, present ones before absent ones; then those who are kept from it. Within these in the order given.
    """
    relations, lineage = relations_of(definition, step.by, before.data, before.assignee), facts.lineage(before.unit)
    admitted = ((actor, ways) for actor in people if (ways := authorise(step.by, actor, relations, lineage)))
    found = (_able(definition, case, before, step, replace(facts, actor=actor), ways) for actor, ways in admitted)
    return tuple(sorted(found, key=lambda each: (bool(each.hindrances), not each.is_present)))


def _able(
    definition: CompiledDefinition, case: Case | None, before: Before, step: CompiledStep, facts: Facts, ways: tuple[Allowed, ...]
) -> Able:
    here, repeated = as_signer(definition, case, step, facts) if case is not None and step.approvals is not None else (facts, ())
    ways = admit(definition, step, before.data, before.assignee, here, facts.lineage(before.unit)) or ways
    asked = frozenset(ask.field.id for ask in step.form.asks)
    known = {name: value for name, value in before.data.items() if name not in asked}
    way, _ = separate(definition, step, ways, known, before.performed, before.assignee, here)
    checks = (
        *leaves_of(repeated),
        *separation(definition, step, way, known, before.performed, before.assignee, here, asked),
        *_conditions(definition, before, step, way, asked, here),
    )
    is_present = facts.actor.id not in facts.away
    return Able(facts.actor.id, way.on_behalf_of, is_present, tuple(check for check in checks if check.holds is False))


def _conditions(
    definition: CompiledDefinition, before: Before, step: CompiledStep, way: Allowed, asked: frozenset[str], facts: Facts
) -> tuple[Check, ...]:
    """The lines of `requires` that ask who acts."""
    personal = tuple(rule for rule in step.requires if _asks_who(rule))
    if not personal or step.approvals is not None:
        return ()
    environment = environment_of(definition, before, facts, way.through, before.data)
    return lines(definition, replace(step, requires=personal), environment, asked)


def _asks_who(rule: GuardRule) -> bool:
    return any(isinstance(leaf, Acting) or (isinstance(leaf, CaseFact) and leaf.name == "actor") for leaf in leaves(rule.that.tree))
