"""Fields as people read them: titles, and values in words – or masked, for whom they are not disclosed.

Made for one moment and one reader: names come from the roster of that moment. Knows no case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from engine.core.briefing import called_in
from engine.core.compiled import CompiledDefinition
from engine.core.event import Changes
from engine.core.field import FieldRule
from engine.core.kind import Value, rows_in
from engine.core.masking import masked
from engine.core.showing import EMPTY, show
from engine.label import Label, joined, listed, verbatim
from engine.runtime.titles import unit_title
from roles.roster import Roster

ROWS_IN_BRIEF = 5
"""Rows of a list that a line tells."""

ERASED = Label("（已删除）", "(erased)")


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field and its value in words; – when empty."""

    id: str
    title: Label
    value: Label
    columns: tuple[Label, ...] = ()
    """list only: the titles of its columns."""
    rows: tuple[tuple[Label, ...], ...] = ()
    """list only: the cells of its rows in words."""
    is_masked: bool = False
    """Whether there is more to it than this reader is shown."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What one reader is shown. `masks`: whether what is personal is masked for him."""

    roster: Roster
    zone: ZoneInfo
    masks: bool = False

    def of(self, rule: FieldRule, value: Value | None) -> FieldView:
        """A field with this value."""
        if self.masks and rule.personal:
            shown = masked(rule, value)
            return FieldView(rule.id, rule.title, shown, is_masked=shown != EMPTY)
        if rule.rows is None:
            return FieldView(rule.id, rule.title, self._words(rule, value))
        columns = rule.rows.columns
        rows = tuple(tuple(self._words(each, row.cells.get(id)) for id, each in columns.items()) for row in rows_in(value))
        return FieldView(rule.id, rule.title, _in_brief(rows), tuple(each.title for each in columns.values()), rows)

    def changed(self, definition: CompiledDefinition, changes: Changes, erased: frozenset[str] = frozenset()) -> tuple[FieldView, ...]:
        """The fields that were filled, changed or emptied, in the order of the document."""
        shown = (self.of(rule, changes[name]) for name, rule in definition.fields.items() if name in changes)
        return tuple(replace(each, value=ERASED, is_masked=False) if each.id in erased else each for each in shown)

    def _words(self, rule: FieldRule, value: Value | None) -> Label:
        if rule.kind.name == "unit" and isinstance(value, str):
            return unit_title(value, self.roster)
        return show(value, rule.kind, rule.choices, self.zone, called_in(self.roster))


def _in_brief(rows: Sequence[Sequence[Label]]) -> Label:
    """How many rows there are, and what the first of them hold, in a line."""
    if not rows:
        return EMPTY
    told = [listed(cell for cell in row if cell != EMPTY) for row in rows[:ROWS_IN_BRIEF]]
    rest = verbatim("…") if len(rows) > ROWS_IN_BRIEF else verbatim("")
    said = Label("{n} 行：{told}{rest}", "1 row: {told}{rest}" if len(rows) == 1 else "{n} rows: {told}{rest}")
    return said.fill(n=len(rows), told=joined(told, Label("；", "; ")), rest=rest)
