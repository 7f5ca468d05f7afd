"""Whether what an incident is about is still so. Reads the case, its messages and its timers; settles nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.effect import IncidentKind
from engine.core.recipient import Search
from engine.core.standstill import standstills
from engine.core.telling import words_of
from engine.runtime.deadletter import channel_and_recipient
from engine.store import deliveries, endpoints, outbox, timers
from engine.store.deliveries import Delivery
from engine.store.incidents import Incident
from engine.store.outbox import OutboxMessage
from engine.store.reader import Reader
from roles.roster import Roster

_LOOKED_AT = 200
"""So many messages of a case are looked at, newest first; an older one nobody wants to be told again."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The case that an incident is about, and the people around it now."""

    definition: CompiledDefinition
    case: Case
    search: Search
    roster: Roster


def is_gone(reader: Reader, incident: Incident, scene: Scene) -> bool:
    """Whether nobody needs to look at it any more: the case has ended, or what was wrong is right."""
    return scene.case.outcome is not None or _GONE[incident.kind](reader, incident, scene)


def is_back(reader: Reader, incident: Incident) -> bool:
    """Of an incident about an endpoint: whether that is enabled again."""
    name = endpoint_of(incident)
    return any(each.endpoint.name == name and each.disabled_at is None for each in endpoints.endpoints(reader.connection))


def endpoint_of(incident: Incident) -> str:
    """The endpoint that an incident of no case is about (`posting.give_up`)."""
    return incident.subject.removeprefix("endpoint ")


def untold(reader: Reader, incident: Incident) -> OutboxMessage | None:
    """The newest message of the case for these words, if it has reached nobody or waits to be tried again."""
    assert incident.number is not None
    of_case = outbox.messages(reader, number=incident.number, limit=_LOOKED_AT)
    newest = next((each for each in of_case if words_of(each.tell) == incident.subject), None)
    return newest if newest is not None and newest.status in ("nobody", "waiting") else None


def undelivered(reader: Reader, incident: Incident) -> list[Delivery]:
    """The deliveries of the case that were given up on this way, or are to be tried again."""
    assert incident.case_id is not None
    return deliveries.unfinished(reader, incident.case_id, *channel_and_recipient(incident.subject))


def _is_assigned(_reader: Reader, _incident: Incident, scene: Scene) -> bool:
    return scene.case.assignee is not None


def _is_told(reader: Reader, incident: Incident, _scene: Scene) -> bool:
    return untold(reader, incident) is None


def _is_delivered(reader: Reader, incident: Incident, _scene: Scene) -> bool:
    return not undelivered(reader, incident)


def is_of_parent(definition: CompiledDefinition, step: str) -> bool:
    """Whether the step of an incident is the one by which a parent that has ended cancels this case."""
    known = (state.steps[step] for state in definition.states.values() if step in state.steps)
    return any(right.kind == "parent" for each in known for right in each.by)


def waits_no_more(definition: CompiledDefinition, case: Case, step: str) -> bool:
    """Whether the system tries this step of the case no more.

    A rung's step is tried until its clock stops, an automatic one while the case stays where it is; a child is cancelled at its end.
    """
    if case.outcome is not None:
        return True
    if is_of_parent(definition, step):
        return False
    rungs = {(name, rung.id) for name, clock in definition.clocks.items() for rung in clock.ladder if rung.fire == step}
    if rungs:
        return not any(rung in case.clocks[name].pending for name, rung in rungs if name in case.clocks)
    return step not in {case.state, *(each.id for each in definition.states[case.state].automatic)}


def _is_done(_reader: Reader, incident: Incident, scene: Scene) -> bool:
    return waits_no_more(scene.definition, scene.case, incident.subject)


def _moves_again(_reader: Reader, incident: Incident, scene: Scene) -> bool:
    found = standstills(scene.definition, scene.case, scene.search, scene.roster)
    return all((each.kind, each.subject) != (incident.kind, incident.subject) for each in found)


def _is_certain(reader: Reader, incident: Incident, scene: Scene) -> bool:
    mine = timers.of(reader, {scene.case.id}).get(scene.case.id, ())
    return not any(timer.clock == incident.subject and timer.provisional for timer in mine)


_GONE: Mapping[IncidentKind, Callable[[Reader, Incident, Scene], bool]] = {
    "nobody_to_assign": _is_assigned,
    "nobody_to_tell": _is_told,
    "step_refused": _is_done,
    "approval_unreachable": _moves_again,
    "holder_absent": _moves_again,
    "dead_letter": _is_delivered,
    "provisional": _is_certain,
}
