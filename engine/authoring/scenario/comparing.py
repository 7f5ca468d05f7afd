"""Whether a field holds what a story expects, which is written as it would be typed into a form.

Persons, units and files are compared by name, whoever may be named now; of rows only the columns that are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.authoring.scenario.props import names_of
from engine.core.conclusion import SYSTEM
from engine.core.facts import Facts
from engine.core.field import FieldRule, Unreadable, names_in
from engine.core.kind import Value, attachments_in, persons_in, rows_in
from engine.core.showing import show
from engine.label import Label, listed

EMPTY = "empty"
"""What a story expects of a field that holds nothing."""
_BY_NAME = frozenset({"person", "unit", "case"})


def holds(rule: FieldRule, value: Value | None, expected: object, now: datetime, zone: ZoneInfo) -> bool:
    """Whether this value is what was expected. False too for what no such field could hold."""
    if expected == EMPTY:
        return value is None or value == ()
    if rule.rows is not None:
        return _hold_rows(rule, value, expected, now, zone)
    if rule.files is not None:
        return tuple(each.name for each in attachments_in(value)) == names_of(expected)
    if rule.kind.name in _BY_NAME:
        return value == expected
    try:
        if rule.kind.name == "people":
            return persons_in(value) == tuple(sorted(set(names_in(expected))))
        return value == rule.read(expected, Facts(now, SYSTEM, zone), ())
    except Unreadable:
        return False


def in_words(rule: FieldRule, value: Value | None, zone: ZoneInfo) -> Label:
    """What a field holds, row by row where it is a list."""
    rows = rows_in(value)
    if rule.rows is None or not rows:
        return show(value, rule.kind, rule.choices, zone)
    columns = rule.rows.columns
    cells = (
        listed(
            Label("{title}={value}", "{title}={value}").fill(title=columns[name].title, value=in_words(columns[name], cell, zone))
            for name, cell in row.cells.items()
            if name in columns
        )
        for row in rows
    )
    return listed(Label("[{row}]", "[{row}]").fill(row=row) for row in cells)


def _hold_rows(rule: FieldRule, value: Value | None, expected: object, now: datetime, zone: ZoneInfo) -> bool:
    assert rule.rows is not None
    rows, columns = rows_in(value), rule.rows.columns
    if not isinstance(expected, list | tuple) or len(rows) != len(expected):
        return False
    return all(
        isinstance(wanted, Mapping)
        and all(name in columns and holds(columns[name], row.cells.get(name), cell, now, zone) for name, cell in wanted.items())
        for row, wanted in zip(rows, expected, strict=True)
    )
