"""What names mean in the expressions of one definition. Built once per definition; knows no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.kind import Kind
from engine.label import Label

RESERVED = ("actor", "assignee", "unit", "number", "earlier")
"""Names with a meaning of their own: no field, step, party or role may bear them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Fields with their kinds and titles; choices by the name in `Kind.of`; the words that functions take.

    `titles` may also hold titles of steps, parties and roles: names are unique over all of them.
    """

    fields: Mapping[str, Kind]
    titles: Mapping[str, Label]
    choices: Mapping[str, Mapping[str, Label]]
    steps: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    calendar: bool = False
    """Whether there is a working calendar, so that dates move by working time."""

    def choices_of(self, kind: Kind | None) -> Mapping[str, Label]:
        """The choices of a choice kind; none for any other kind."""
        if kind is None or kind.name != "choice" or kind.of is None:
            return {}
        return self.choices.get(kind.of, {})

    def knows(self, name: str) -> bool:
        """Whether the name stands for a value by itself."""
        return name in RESERVED or name in self.fields

    def offers(self, word: str) -> bool:
        """Whether the word is a choice of any field at all."""
        return any(word in choices for choices in self.choices.values())
