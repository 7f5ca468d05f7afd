"""What people read instead of ids: persons, units and the words of `tell`, in both languages."""

from __future__ import annotations

from engine.core.authority import titled
from engine.core.briefing import called_in
from engine.core.compiled import CompiledDefinition
from engine.label import Label, verbatim
from roles.policy import Right
from roles.roster import Roster

_ASSIGNEE = Label("承办人", "the holder")


def person_title(id: str, roster: Roster) -> Label:
    """A person as sentences call him; who is not in the roster by what he is, or by the bare id."""
    return called_in(roster).person(id)


def unit_title(id: str, roster: Roster) -> Label:
    """A unit by title and id."""
    unit = roster.units.get(id)
    return Label("{title}（{id}）", "{title} ({id})").fill(title=unit.title, id=id) if unit is not None else verbatim(id)


def party_title(party: str, definition: CompiledDefinition) -> Label:
    """An outside person as people say it; else by the title of the field that names him, and by the bare id where none does."""
    said, field = titled(definition, party), definition.parties.get(party, {}).get("name")
    return definition.fields[field].title if field is not None and said == verbatim(party) else said


def right_title(right: Right, definition: CompiledDefinition) -> Label:
    """Who is meant by a word of `tell`."""
    if right.kind == "assignee":
        return _ASSIGNEE
    if right.kind == "field" and right.name in definition.fields:
        return definition.fields[right.name].title
    if right.kind == "party":
        return party_title(right.name, definition)
    return definition.roles.get(right.name, verbatim(right.name))
