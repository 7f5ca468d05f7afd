"""What people and units are called: a sentence names whoever it is about as people know him, never by his id.

Pure; made of a roster by whoever has one. Without one, ids stand for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.label import Label, verbatim

OUTSIDERS: Mapping[str, Label] = {
    "integration": Label("系统对接", "integration"),
    "system": Label("系统（自动）", "the system, by itself"),
    "parent": Label("上级工单", "the case that opened this one"),
}
"""Who acts and is nobody of the staff, by id."""


@dataclass(frozen=True, slots=True)
class Called:
    """The names of people and services, and the titles of units, by id.

    Whom a sentence may speak of at all decides whoever makes it: this only says how.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Label] = field(default_factory=dict)

    def person(self, id: str) -> Label:
        """Somebody by name; who is none of the staff by what he is, or by the bare id.

        >>> Called({"tom": "样例维修01"}).person("tom").zh, Called().person("system").en, Called().person("tom").en
        ('样例维修01', 'the system, by itself', 'tom')
        """
        name = self.people.get(id)
        return OUTSIDERS.get(id, verbatim(id)) if name is None else verbatim(name)

    def unit(self, id: str) -> Label:
        """A unit by title; one that is gone by the bare id."""
        return self.units.get(id, verbatim(id))
