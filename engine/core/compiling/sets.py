"""Compiles `set`: the values that a step gives to fields, and to a column of every row."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.choosing import Chosen, expressions_of
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import kept_apart
from engine.core.compiling.forms import column_to_write, may_write
from engine.core.compiling.values import compile_choice
from engine.core.expression import Expression, Scope
from engine.core.field import FieldRule
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.definition.step import Step
from engine.definition.value import CasesValue
from engine.label import Label

Sets = list[tuple[str, Chosen[Expression]]]
"""A field, or a column as `list.column` → its value."""


def compile_sets(draft: Draft, step: Step, path: Path) -> tuple[tuple[str, Chosen[Expression]], ...]:
    """Every value that the step sets; what cannot be resolved is reported and left out."""
    sets: Sets = []
    for name, value in step.set.items():
        here: Path = (*path, "set", name)
        if not may_write(draft, name, here, of_key=True):
            continue
        field = draft.fields[name]
        if field.unique:
            draft.report("not-allowed-here", here, Label("唯一字段只能由人填写", "a unique field is filled by persons only"), of_key=True)
        if isinstance(value, dict):
            sets += _columns(draft, field, value, here)
        elif field.rows is not None:
            sentence = Label("列表只能按列设值", "a list is set column by column")
            way_out = Label("请写“{list}: {{列: 值}}”。", "Write “{list}: {{column: value}}”.").fill(list=name)
            draft.report("not-allowed-here", here, sentence, way_out)
        else:
            sets += _value(draft, name, field, value, here, draft.scope)
    return tuple(sets)


def _columns(draft: Draft, field: FieldRule, value: Mapping[str, CasesValue], path: Path) -> Sets:
    if field.rows is None:
        sentence = Label("“{field}”不是列表，不能按列设值", "“{field}” is no list: it has no columns to set").fill(field=field.id)
        draft.report("not-allowed-here", path, sentence)
        return []
    sets: Sets = []
    for name, each in value.items():
        column = column_to_write(draft, field, name, (*path, name), of_key=True)
        if name in field.rows.key:
            sentence = Label("key 列不能在每一行设为同一个值", "a column of the key cannot be set in every row")
            draft.report("not-allowed-here", (*path, name), sentence, of_key=True)
        elif column is not None:
            sets += _value(draft, f"{field.id}.{name}", column, each, (*path, name), draft.scope.within(field.kind))
    return sets


def _value(draft: Draft, name: str, rule: FieldRule, value: CasesValue, path: Path, scope: Scope) -> Sets:
    def reading(text: str, at: Path) -> Expression | None:
        return kept_apart(draft, name, draft.expression(text, at, rule.kind, scope), at)

    def condition(text: str, at: Path) -> Expression | None:
        return draft.expression(text, at, BOOLEAN, scope)

    chosen = compile_choice(draft, value, path, reading, condition)
    if chosen is None:
        return []
    for expression in expressions_of(chosen):
        draft.decide_by(expression.reads)
    return [(name, chosen)]
