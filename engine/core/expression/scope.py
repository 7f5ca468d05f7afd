"""What names mean in the expressions of one definition. Built once per definition; knows no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.core.kind import Kind
from engine.label import Label

RESERVED = ("actor", "assignee", "unit", "number", "earlier")
"""Names with a meaning of their own: no field, step, party or role may bear them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Fields with their kinds and titles; choices by the name in `Kind.of`; the words that functions take.

    `titles` may also hold titles of steps, parties and roles – names are unique over all of them – and of columns, as `list.column`.
    """

    fields: Mapping[str, Kind]
    titles: Mapping[str, Label]
    choices: Mapping[str, Mapping[str, Label]]
    steps: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    calendar: bool = False
    """Whether there is a working calendar, so that dates move by working time."""
    lists: Mapping[str, Kind] = field(default_factory=dict)
    """Lists that are no fields: the children under each alias, and `earlier` where cases have a subject."""
    rows_of: Mapping[str, str] = field(default_factory=dict)
    """alias → the list field for whose rows its children are opened."""
    row: Kind | None = None
    """The list of the row at hand: inside `of` and `where`, and wherever a rule goes through rows."""

    @property
    def columns(self) -> Mapping[str, Kind]:
        """The columns of the row at hand, read by name."""
        return dict(self.row.columns) if self.row is not None else {}

    def list_called(self, name: str) -> Kind | None:
        """The kind of the list with this name, a field or not; None when there is none."""
        kind = self.lists.get(name) or self.fields.get(name)
        return kind if kind is not None and kind.name == "list" else None

    def kind_of(self, name: str) -> Kind | None:
        """The kind of what a name stands for: a column of the row at hand, else a field."""
        return self.columns.get(name) or self.fields.get(name)

    def of_rows(self, name: str) -> Scope:
        """The same scope with the columns of a list to be read by name."""
        kind = self.list_called(name)
        return self if kind is None else self.within(kind)

    def within(self, rows: Kind) -> Scope:
        """The same scope with a row of this list at hand."""
        return replace(self, row=rows)

    def choices_of(self, kind: Kind | None) -> Mapping[str, Label]:
        """The choices of a choice kind; none for any other kind."""
        if kind is None or kind.name != "choice" or kind.of is None:
            return {}
        return self.choices.get(kind.of, {})

    def knows(self, name: str) -> bool:
        """Whether the name stands for a value by itself."""
        return name in RESERVED or name in self.columns or name in self.fields

    def offers(self, word: str) -> bool:
        """Whether the word is a choice of any field at all."""
        return any(word in choices for choices in self.choices.values())
