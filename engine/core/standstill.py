"""What an open case stands still for: a person who is away, or signatures that cannot be had any more. Pure, over people as they are.

Both are incidents. Looks at the steps of the state itself; what may be done anywhere – calling a case off, passing it on – carries
no case forward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.core.approval import within_reach
from engine.core.case import Case
from engine.core.compiled import Approvals, CompiledDefinition, CompiledState, CompiledStep
from engine.core.conclusion import SYSTEM
from engine.core.effect import IncidentKind, OpenIncident
from engine.core.kind import persons_in
from engine.core.recipient import Search
from engine.label import Label, listed, verbatim
from roles.roster import Roster

STANDSTILLS: frozenset[IncidentKind] = frozenset({"holder_absent", "approval_unreachable"})
"""The kinds of incidents that are found here."""

_IN_PERSON = frozenset({"field", "assignee"})


def may_stand_still(state: CompiledState) -> bool:
    """Whether a case can stand still here at all: so few states can that looking at all cases costs little."""
    return state.outcome is None and (_is_in_person(state) or any(step.approvals is not None for step in state.steps.values()))


def standstills(definition: CompiledDefinition, case: Case, search: Search, roster: Roster) -> Iterator[OpenIncident]:
    """What this case stands still for now; nothing if it does not."""
    state = definition.states[case.state]
    if state.outcome is not None:
        return
    if _is_in_person(state):
        yield from _waits_in_vain(definition, case, state, search, roster)
    for step in state.steps.values():
        if step.approvals is not None:
            yield from _cannot_be_signed(definition, case, step, step.approvals, search)


def _is_in_person(state: CompiledState) -> bool:
    own = _own(state)
    return bool(own) and all(right.kind in _IN_PERSON for step in own for right in step.by)


def _own(state: CompiledState) -> tuple[CompiledStep, ...]:
    automatic = {step.id for step in state.automatic}
    own = (step for step in state.steps.values() if step.path[0] != "anywhere" and step.id not in automatic)
    return tuple(step for step in own if any(right.kind != "system" for right in step.by))


def _waits_in_vain(
    definition: CompiledDefinition, case: Case, state: CompiledState, search: Search, roster: Roster
) -> Iterator[OpenIncident]:
    """The persons that the state waits for, when none of them is there and nobody stands in."""
    waited_for = _waited_for(definition, case, state)
    if not waited_for or any(search.standing_for(person, role) for person, role in waited_for.items()):
        return
    who = listed(verbatim(roster.names.get(person, person)) for person in waited_for)
    sentence = Label("“{state}”须由{who}办理，但其不在岗，也没有代理人", "“{state}” waits for {who}, who is away, and nobody stands in")
    yield OpenIncident("holder_absent", case.state, sentence.fill(state=state.title, who=who))


def _waited_for(definition: CompiledDefinition, case: Case, state: CompiledState) -> Mapping[str, str | None]:
    """Who may carry the case on in person → as what, if as the holder of a role."""
    found: dict[str, str | None] = {}
    for right in (right for step in _own(state) for right in step.by):
        if right.kind == "field":
            for person in persons_in(case.data.get(right.name)):
                found.setdefault(person, definition.fields[right.name].role)
        elif right.kind == "assignee" and case.assignee is not None:
            found.setdefault(case.assignee, None)
    return found


def _cannot_be_signed(
    definition: CompiledDefinition, case: Case, step: CompiledStep, approvals: Approvals, search: Search
) -> Iterator[OpenIncident]:
    """A step whose signatures cannot be had with the people registered: too few may sign, or nobody for a role that must."""
    most = within_reach(definition, case, step, approvals, search.registered(step), search.facts(SYSTEM))
    if most.roles:
        sentence = Label(
            "“{step}”的会签无法完成：没有可签署的“{roles}”", "“{step}” cannot be signed any more: nobody is left to sign as {roles}"
        )
        roles = listed(definition.roles.get(role, verbatim(role)) for role in most.roles)
        yield OpenIncident("approval_unreachable", step.id, sentence.fill(step=step.title, roles=roles))
    elif not most.is_enough:
        sentence = Label(
            "“{step}”的会签无法完成：需要 {needed} 人，最多只有 {possible} 人可签",
            "“{step}” cannot be signed any more: it takes {needed} persons, and no more than {possible} may sign",
        )
        filled = sentence.fill(step=step.title, needed=most.needed, possible=most.signed)
        yield OpenIncident("approval_unreachable", step.id, filled)
