"""Gives a case by hand: somebody takes it, passes it on, or puts it down.

None of it has words in a definition, so the rule is fixed: whoever may do a step of the state takes a case that nobody holds; the
holder, those to whom the roles of these steps report, and the owner of the process pass it on or put it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.core.authority import admit, part_in, separate, spoken
from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.command import Assign
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.conclusion import conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.event import Assigned
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT
from engine.core.perform import Before, environment_of, faults_of_reason
from engine.core.prose import quoted
from engine.core.run import ClockChange
from engine.core.showing import EMPTY
from engine.errors import with_nearest
from engine.label import Label, listed, verbatim
from roles.actor import Actor
from roles.policy import Allowed, Relation, Right, authorise, known

_HOLDER = Right("assignee", "assignee")
_NAMED = 10
"""How many of those who could be given the case a refusal names."""


def assign(definition: CompiledDefinition, case: Case, command: Assign, facts: Facts, stale: tuple[Reason, ...]) -> Decision:
    """Give the case to a person, to oneself, or to nobody."""
    reasons = [*stale, *faults_of_reason(command.reason, is_required=False)]
    ways = _ways(definition, case, command, facts)
    fault = _fault(definition, case, command.person, facts)
    if not ways and not (fault is not None and command.person == facts.actor.id):
        reasons.append(_not_authorised(definition, case, command, facts))
    if fault is not None:
        reasons.append(Reason("not_assignable", fault, subject=command.person))
    clocks, unclear = _clocks(definition, replace(case, assignee=command.person), facts) if definition.clocks_look_back else ((), ())
    if reasons or unclear:
        return Refused((*reasons, *unclear))
    event = Assigned(facts.now, facts.actor.id, ways[0].on_behalf_of, command.reason, command.person, clocks)
    return conclude(definition, case, (event,), (), facts)


def may_give(definition: CompiledDefinition, case: Case, facts: Facts) -> bool:
    """Whether the actor may give the case to somebody else, if there is anybody."""
    return case.outcome is None and bool(_ways(definition, case, Assign(None), facts))


def candidates(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[str, ...]:
    """Those of `facts.people` whom the case could be given to, by id."""
    return tuple(each for each in sorted(facts.people) if _is_free(definition, case, each, facts)) if case.outcome is None else ()


def _clocks(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[tuple[ClockChange, ...], tuple[Reason, ...]]:
    """What it means to clocks that somebody else holds the case."""
    environment = environment_of(definition, Before.of(case), facts, frozenset(), case.data)
    return clock_changes(definition, case.clocks, Situation(case.state, True, None, True, facts.now), environment, facts.calendars)


def _ways(definition: CompiledDefinition, case: Case, command: Assign, facts: Facts) -> tuple[Allowed, ...]:
    """Every way in which the actor may do so: by himself first, then by the ids of those he acts for."""
    held = {_HOLDER.name: Relation((case.assignee,) if case.assignee is not None else ())}
    ways = authorise((_HOLDER, *_above(definition, case, facts)), facts.actor, held, facts.lineage(case.unit))
    if case.assignee is None and command.person == facts.actor.id:
        ways += tuple(_admitted(definition, case, facts.actor, facts))
    return tuple(sorted(ways, key=lambda way: way.on_behalf_of or ""))


def _above(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[Right, ...]:
    """Those to whom the roles of the steps of the state report, however indirectly, and the owner."""
    found: list[str] = []
    for step in definition.states[case.state].steps.values():
        for role in _roles(definition, step):
            above = facts.superiors.get(role)
            while above is not None and above not in found:
                found.append(above)
                above = facts.superiors.get(above)
    return tuple(Right("role", role) for role in dict.fromkeys((*found, definition.owner)))


def _roles(definition: CompiledDefinition, step: CompiledStep) -> Iterator[str]:
    for right in step.by:
        role = right.name if right.kind == "role" else definition.fields[right.name].role if right.kind == "field" else None
        if role is not None:
            yield role


def _fault(definition: CompiledDefinition, case: Case, person: str | None, facts: Facts) -> Label | None:
    """Why the case cannot be given to this person, or put down; with those it could be given to."""
    if case.outcome is not None:
        return Label("工单已结束，不再派单", "The case has ended and is assigned to nobody")
    if person == case.assignee:
        held = Label("工单已由“{person}”承办", "“{person}” holds the case already")
        nobody = Label("工单本来就没有承办人", "Nobody holds the case")
        return held.fill(person=facts.called.person(person)) if person is not None else nobody
    if person is None:
        return None
    could = candidates(definition, case, facts)
    if person not in could and not known(facts.actor, facts.people.get(person, ()), facts.lineages):
        unknown = Label("没有在职人员{name}", "There is no active person {name}").fill(name=quoted(person))
        return with_nearest(unknown, person[:LINE_LIMIT], could)
    if person in facts.away:
        why = Label("“{person}”现在不在岗", "“{person}” is away")
    elif person not in could:
        why = Label("“{person}”在“{state}”状态下没有可执行的步骤", "“{person}” can do no step in state “{state}”")
    else:
        return None
    names = sorted(map(facts.called.person, could), key=lambda each: each.zh)
    named = listed([*names[:_NAMED], *([verbatim("…")] if len(names) > _NAMED else [])] or [EMPTY])
    sentence = Label("{why}；可派给：{could}", "{why}; it can be given to: {could}")
    who, state = facts.called.person(person), definition.states[case.state].title
    return sentence.fill(why=why.fill(person=who, state=state), could=named)


def _is_free(definition: CompiledDefinition, case: Case, person: str, facts: Facts) -> bool:
    return person not in facts.away and person != case.assignee and _can_work(definition, case, _actor(person, facts), facts)


def _actor(person: str, facts: Facts) -> Actor:
    return facts.actor if person == facts.actor.id else Actor(person, "person", facts.people[person])


def _can_work(definition: CompiledDefinition, case: Case, actor: Actor, facts: Facts) -> bool:
    """Whether he can do a step of the state; one of the holder can be done by whoever takes part in the process."""
    if any(_HOLDER in step.by for step in definition.states[case.state].steps.values()):
        takes_part = part_in(definition, actor, facts.lineage(case.unit))
        case = replace(case, assignee=actor.id) if takes_part else case
    return any(_admitted(definition, case, actor, facts))


def _admitted(definition: CompiledDefinition, case: Case, actor: Actor, facts: Facts) -> Iterator[Allowed]:
    """The ways in which he may do the steps of the state, of each step the first that nothing done earlier forbids."""
    facts = replace(facts, actor=actor)
    for step in definition.states[case.state].steps.values():
        ways = admit(definition, step, case.data, case.assignee, facts, facts.lineage(case.unit))
        if ways:
            way, barring = separate(definition, step, ways, case.data, case.performed, case.assignee, facts)
            if not barring:
                yield way


def _not_authorised(definition: CompiledDefinition, case: Case, command: Assign, facts: Facts) -> Reason:
    who = spoken(definition, (_HOLDER.name, *(right.name for right in _above(definition, case, facts))))
    if case.assignee is not None:
        sentence = Label(
            "工单由“{holder}”承办，“{actor}”无权改派；可改派者：{who}",
            "“{holder}” holds the case and “{actor}” may not pass it on; it takes: {who}",
        )
    else:
        sentence = Label("“{actor}”无权派单；可派单者：{who}", "“{actor}” may not give the case to anybody; it takes: {who}")
    holder = facts.called.person(case.assignee) if case.assignee is not None else EMPTY
    return Reason("not_authorised", sentence.fill(holder=holder, actor=facts.actor_name, who=who), subject=command.person)
