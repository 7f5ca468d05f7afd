"""Who holds the case after a step: the word of `assign` resolved. Nobody who is away or disabled is ever given a case."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.core.compiled import CompiledDefinition, Holder
from engine.core.effect import Effect, Notify, OpenIncident, TakeTurn
from engine.core.expression import Environment
from engine.core.facts import Candidate, Facts
from engine.label import Label, verbatim
from roles.policy import Right, tiers

NOBODY_TO_ASSIGN = "nobody-to-assign"
"""The template by which a superior hears that nobody could be given a case."""
_NEVER = datetime.min.replace(tzinfo=UTC)

Holding = tuple[str | None, tuple[Effect, ...]]
"""Who holds the case, and what comes of finding him or nobody."""


def holding(
    definition: CompiledDefinition, holder: Holder | None, environment: Environment, facts: Facts, *, state: str, unit: str | None
) -> Holding:
    """Who holds the case after a step. `environment` is the one after it; `state` and `unit` are where the case then stands."""
    if holder is None:
        return environment.assignee, ()
    if holder.kind == "nobody":
        return None, ()
    if holder.kind == "role":
        return _picked(definition, holder, facts, state, unit)
    person = environment.actor if holder.kind == "actor" else environment.data.get(holder.field)
    if not isinstance(person, str) or (holder.kind == "actor" and facts.actor.kind != "person"):
        return None, ()  # neither a customer nor a program holds a case
    if person not in facts.away or person == environment.assignee:  # who goes away keeps what he holds
        return person, ()
    role = definition.fields[holder.field].role if holder.kind == "field" else None
    sentence = Label("“{person}”现在不在岗，工单没有派给任何人", "“{person}” is not there: the case is assigned to nobody")
    return None, _alarm(definition, holder.field or holder.kind, role, sentence.fill(person=facts.called.person(person)), facts, state)


def _picked(definition: CompiledDefinition, holder: Holder, facts: Facts, state: str, unit: str | None) -> Holding:
    pool = {each.person: each for each in facts.pools.get(holder.role, ())}
    near = tiers({person: each.units for person, each in pool.items()}, facts.lineage(unit))
    if not near:
        sentence = Label("没有在岗的“{role}”可派单，工单没有派给任何人", "Nobody of “{role}” is there: the case is assigned to nobody")
        title = definition.roles.get(holder.role, verbatim(holder.role))
        return None, _alarm(definition, holder.role, holder.role, sentence.fill(role=title), facts, state)
    chosen = min((pool[person] for person in near[0]), key=_by_load if holder.pick == "least_open" else _by_turn)
    return chosen.person, (TakeTurn(holder.role, chosen.person),)


def _by_load(candidate: Candidate) -> tuple[int, datetime, str]:
    return (candidate.open, *_by_turn(candidate))


def _by_turn(candidate: Candidate) -> tuple[datetime, str]:
    return candidate.last_at or _NEVER, candidate.person


def _alarm(definition: CompiledDefinition, subject: str, role: str | None, sentence: Label, facts: Facts, state: str) -> tuple[Effect, ...]:
    """An incident, and a message to whom the role reports; to the owner where it reports to nobody."""
    incident = OpenIncident("nobody_to_assign", subject, sentence)
    if NOBODY_TO_ASSIGN not in definition.templates:
        return (incident,)  # published before there was such a template
    above = facts.superiors.get(role, definition.owner) if role is not None else definition.owner
    return (incident, Notify((Right("role", above),), NOBODY_TO_ASSIGN, state, {"why": sentence}))
