"""What is calculated, never typed: computed fields, and the one case of a value that applies.

A result that its field cannot hold, and a choice that is not single, are reasons to refuse; nothing is resolved by order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.core.choosing import Chosen
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Reason
from engine.core.event import Changes
from engine.core.expression import Environment, Expression
from engine.core.form import invalid
from engine.core.kind import Row, Value, rows_in
from engine.label import Label

T = TypeVar("T")


def recompute(definition: CompiledDefinition, data: dict[str, Value], environment: Environment) -> tuple[Reason, ...]:
    """Calculate every computed field of `data` anew, in place – missing where an operand is. Reasons for what cannot be calculated.

    `environment` must look at this very `data`, so that each computed field sees those before it.
    """
    reasons: tuple[Reason, ...] = ()
    for name, rule in definition.computed:
        if "." in name:
            reasons += recompute_column(definition, name, rule, data, environment)
            continue
        # Before its turn a computed field holds the value of the last event.
        data.pop(name, None)
        if rule.is_missing(environment):
            continue
        value = calculated(definition, name, rule, environment)
        if isinstance(value, Reason):
            reasons += (value,)
        elif value is not None:
            data[name] = value
    return reasons


def recompute_column(
    definition: CompiledDefinition, name: str, rule: Chosen[Expression], data: dict[str, Value], environment: Environment
) -> tuple[Reason, ...]:
    """The same for a column, `list.column`, in every row."""
    reasons: tuple[Reason, ...] = ()
    list_id, _, column = name.partition(".")
    rows: list[Row] = []
    for row in rows_in(data.get(list_id)):
        bare = Row(row.id, {each: cell for each, cell in row.cells.items() if each != column})
        place = replace(environment, row=bare)
        value = None if rule.is_missing(place) else calculated(definition, name, rule, place)
        if isinstance(value, Reason):
            reasons += (value,)
        rows.append(bare if value is None or isinstance(value, Reason) else with_cell(bare, column, value))
    if rows:
        data[list_id] = tuple(rows)
    return reasons


def with_column(
    definition: CompiledDefinition, name: str, rule: Chosen[Expression], before: Environment, rows: tuple[Row, ...]
) -> tuple[Row, ...] | Reason:
    """The rows with one column, `list.column`, set in each of them, by the values `before`; rows may have been changed in other columns."""
    list_id, _, column = name.partition(".")
    changed: list[Row] = []
    for row, old in zip(rows, rows_in(before.data.get(list_id)), strict=True):
        value = calculated(definition, name, rule, replace(before, row=old))
        if isinstance(value, Reason):
            return value
        changed.append(with_cell(row, column, value))
    return tuple(changed)


def with_cell(row: Row, column: str, value: Value | None) -> Row:
    """The row with another cell; None empties it."""
    return Row(row.id, filled({**row.cells, column: value}))


def filled(data: Mapping[str, Value | None]) -> dict[str, Value]:
    """Without the empty fields."""
    return {name: value for name, value in data.items() if value is not None}


def calculated(definition: CompiledDefinition, name: str, rule: Chosen[Expression], environment: Environment) -> Value | Reason | None:
    """The value of a field, or of a column in the row at hand, as it is stored; or why there is none. None where an operand is missing."""
    chosen = only(rule, environment, name)
    if isinstance(chosen, Reason):
        return chosen
    field = definition.rule_of(name)
    value = field.round(chosen.evaluate(environment))
    fault = field.beyond(value) if value is not None else None
    return value if fault is None else invalid(field, fault)


def only(rule: Chosen[T], environment: Environment, place: str) -> T | Reason:
    """The single value that applies; a reason when none or several do."""
    applying = rule.applying(environment)
    if len(applying) == 1:
        return applying[0]
    sentence = Label(
        "“{place}”应恰有一种情况成立，实际为 {count} 种；请流程负责人修正定义",
        "Expected exactly one case of “{place}” to apply, found {count}; the process owner must mend the definition",
    )
    return Reason("no_single_choice", sentence.fill(place=place, count=len(applying)), subject=place)


def differences(old: Mapping[str, Value], new: Mapping[str, Value]) -> Changes:
    """What really changed; None for what was emptied."""
    changes: dict[str, Value | None] = {name: value for name, value in new.items() if old.get(name) != value}
    changes.update((name, None) for name in old if name not in new)
    return changes
