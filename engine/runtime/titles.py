"""What people read instead of ids: persons, units and the words of `tell`, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.briefing import INTEGRATION
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.family import PARENT
from engine.label import Label, verbatim
from roles.policy import Right
from roles.roster import Roster

_OUTSIDERS: Mapping[str, Label] = {
    INTEGRATION.id: Label("系统对接", "integration"),
    SYSTEM.id: Label("系统（时限）", "the system, by a clock"),
    PARENT.id: Label("上级工单", "the case that opened this one"),
}
_ASSIGNEE = Label("承办人", "the holder")


def person_title(id: str, roster: Roster) -> Label:
    """A person by name and id; who is not in the roster by what he is, or by the bare id."""
    person = roster.people.get(id)
    if person is None:
        return _OUTSIDERS.get(id, verbatim(id))
    return Label("{name}（{id}）", "{name} ({id})").fill(name=person.name, id=id)


def unit_title(id: str, roster: Roster) -> Label:
    """A unit by title and id."""
    unit = roster.units.get(id)
    return Label("{title}（{id}）", "{title} ({id})").fill(title=unit.title, id=id) if unit is not None else verbatim(id)


def party_title(party: str, definition: CompiledDefinition) -> Label:
    """An outside person by the title of the field that names him; by the bare id where none does."""
    field = definition.parties.get(party, {}).get("name")
    return definition.fields[field].title if field is not None else verbatim(party)


def right_title(right: Right, definition: CompiledDefinition) -> Label:
    """Who is meant by a word of `tell`."""
    if right.kind == "assignee":
        return _ASSIGNEE
    if right.kind == "field" and right.name in definition.fields:
        return definition.fields[right.name].title
    if right.kind == "party":
        return party_title(right.name, definition)
    return definition.roles.get(right.name, verbatim(right.name))
