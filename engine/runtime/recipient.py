"""Who is told: the words of `tell` resolved to persons, at the moment of telling, so that whoever holds the role now hears of it.

A role means its holders in the unit of the case, else in the nearest unit above that has one. `assignee` with nobody assigned
means those who could act in this state, else the owner of the process: never no one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.runtime.directory import Roster
from notifications.message import Recipient
from roles.policy import Right


def recipients(definition: CompiledDefinition, case: Case, tell: Iterable[Right], roster: Roster, at: datetime) -> tuple[Recipient, ...]:
    """Everybody whom these words mean now, each once, in the order of the words."""
    found: dict[str, Recipient] = {}
    for right in tell:
        for recipient in _meant(definition, case, right, roster, at):
            found.setdefault(recipient.id, recipient)
    return tuple(found.values())


def inside(person: str, roster: Roster) -> Recipient:
    """A person of the organisation."""
    known = roster.people[person]
    return Recipient(person, known.name, known.email, is_outside=False)


def outside(definition: CompiledDefinition, case: Case, party: str) -> Recipient:
    """An outside person, as the fields of the case name and reach him now."""
    fields = definition.parties[party]
    name, email = (case.data.get(fields[key]) if key in fields else None for key in ("name", "email"))
    return Recipient(party, str(name or ""), str(email) if email is not None else None, is_outside=True)


def _meant(definition: CompiledDefinition, case: Case, right: Right, roster: Roster, at: datetime) -> list[Recipient]:
    if right.kind == "party":
        return [outside(definition, case, right.name)]
    persons = _persons(definition, case, right, roster, at)
    return [inside(person, roster) for person in persons if roster.is_active(person, at)]


def _persons(definition: CompiledDefinition, case: Case, right: Right, roster: Roster, at: datetime) -> tuple[str, ...]:
    lineage = roster.lineages.get(case.unit, (case.unit,)) if case.unit is not None else ()
    if right.kind == "role":
        return roster.holders(right.name, lineage, at)
    if right.kind == "field":
        value = case.data.get(right.name)
        return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
    if case.assignee is not None and roster.is_active(case.assignee, at):
        return (case.assignee,)
    acting = {
        person
        for step in definition.states[case.state].steps.values()
        for word in step.by
        if word.kind in ("role", "field")
        for person in _persons(definition, case, word, roster, at)
        if roster.is_active(person, at)
    }
    return tuple(sorted(acting)) or roster.holders(definition.owner, lineage, at)
