"""How far the work of somebody reaches: which cases may wait for him, by the words of `by` and what he holds now.

Wider than what he may do, never narrower: whether a case waits for him, the core decides from the case itself. Steps of `anywhere` –
calling a case off, passing it on – make no case wait for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.core.compiled import CompiledDefinition, CompiledState, CompiledStep
from engine.store.worklist import Pool, Reach
from roles.actor import Actor, Grant
from roles.policy import stands_as
from roles.scope import Lineages

Units = frozenset[str] | None
"""Those in which a right counts; None: in all."""


@dataclass(frozen=True, slots=True)
class Call:
    """A word by which a state calls for somebody: whoever holds a role, stands in a field, or both."""

    workflow: str
    state: str
    role: str | None
    anywhere: bool
    """Whether the role counts wherever it is held."""
    in_person: bool
    signs: bool

    @property
    def is_anyhow(self) -> bool:
        """Whether it waits for him whoever holds the case: he is to sign, or named himself."""
        return self.signs or self.in_person


_Spot = tuple[str, str, bool]
"""Workflow, state, and whether somebody holds the cases."""


def own_steps(state: CompiledState) -> tuple[CompiledStep, ...]:
    """The steps that carry a case on from this state, in the order of the document."""
    return tuple(step for step in state.steps.values() if step.path[0] != "anywhere")


def calls_of(definition: CompiledDefinition) -> tuple[Call, ...]:
    """Everybody for whom the states of a process call."""
    open_states = (state for state in definition.states.values() if state.outcome is None)
    found = (call for state in open_states for step in own_steps(state) for call in _calls(definition, state, step))
    return tuple(dict.fromkeys(found))


def reach_of(calls: Iterable[Call], actor: Actor, lineages: Lineages) -> Reach:
    """Where cases may wait for this one, of all that calls."""
    grants = actor.grants.union(*(lent.grants for lent in actor.lent))
    by_role: dict[_Spot, Units] = {}
    in_person: dict[_Spot, Units] = {}
    known: dict[tuple[str | None, bool], Units] = {}
    for call in calls:
        word = (call.role, call.anywhere)
        if word not in known:
            known[word] = _where(call, grants, lineages)
        units = known[word]
        if units is None or units:
            found = in_person if call.in_person else by_role
            for spot in ((call.workflow, call.state, is_held) for is_held in ((False, True) if call.is_anyhow else (False,))):
                found[spot] = _joined(found.get(spot, frozenset()), units)
    in_person = {spot: units for spot, units in in_person.items() if not _covers(by_role.get(spot, frozenset()), units)}
    holders, persons = stands_as(actor), frozenset({actor.id, *(lent.delegator for lent in actor.lent)})
    return Reach(holders, (*_pools(by_role, frozenset(), holders), *_pools(in_person, persons, holders)))


def _calls(definition: CompiledDefinition, state: CompiledState, step: CompiledStep) -> Iterator[Call]:
    signs = step.approvals is not None
    for right in step.by:
        if right.kind == "role":
            yield Call(definition.workflow, state.id, right.name, right.anywhere, False, signs)
        elif right.kind == "field":
            yield Call(definition.workflow, state.id, definition.fields[right.name].role, False, True, signs)


def _where(call: Call, grants: frozenset[Grant], lineages: Lineages) -> Units:
    """Where somebody with these grants is who is called for."""
    held = [grant for grant in grants if grant.role == call.role]
    if call.role is None or any(call.anywhere or grant.unit is None for grant in held):
        return None
    return frozenset(unit for unit, lineage in lineages.items() if any(grant.covers(lineage) for grant in held))


def _joined(one: Units, other: Units) -> Units:
    return None if one is None or other is None else one | other


def _covers(wider: Units, units: Units) -> bool:
    return wider is None or (units is not None and units <= wider)


def _pools(found: Mapping[_Spot, Units], persons: frozenset[str], holders: frozenset[str]) -> Iterator[Pool]:
    """The states of a workflow that reach as far, together."""
    together: dict[tuple[str, Units, bool], set[str]] = {}
    for (workflow, state, is_held), units in found.items():
        together.setdefault((workflow, units, is_held), set()).add(state)
    for (workflow, units, is_held), states in together.items():
        yield Pool(workflow, frozenset(states), units, persons, holders if is_held else None)
