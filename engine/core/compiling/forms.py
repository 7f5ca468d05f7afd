"""Compiles `asks`: which fields a step asks for, and which fields a step may write at all."""

from __future__ import annotations

from engine.core.compiling.draft import Draft
from engine.core.field import FieldRule
from engine.core.form import Ask, Form
from engine.core.problem import Path
from engine.core.rows import ColumnAsk, RowsAsk
from engine.definition.step import RowsAsked, Step
from engine.label import Label

_FIELD = Label("字段", "field")
_LIST = Label("列表字段", "list field")


def compile_form(draft: Draft, step: Step, path: Path) -> Form:
    """What the step asks for."""
    asks: list[Ask] = []
    for index, asked in enumerate(step.asks):
        here: Path = (*path, "asks", index)
        ask = _whole(draft, asked, here) if isinstance(asked, str) else _cells(draft, asked, here)
        if ask is None:
            continue
        if any(other.field.id == ask.field.id for other in asks):
            at = here if isinstance(asked, str) else (*here, "rows")
            draft.report("duplicate-name", at, Label("“{name}”问了两次", "“{name}” is asked twice").fill(name=ask.field.id))
            continue
        asks.append(ask)
    return Form(tuple(asks))


def _whole(draft: Draft, word: str, path: Path) -> Ask | None:
    name = word.removesuffix("?")
    return Ask.of(draft.fields[name], optional=word.endswith("?")) if may_write(draft, name, path) else None


def _cells(draft: Draft, asked: RowsAsked, path: Path) -> Ask | None:
    """Cells of every row, or with `whole` rows that replace the list."""
    field = draft.fields.get(asked.rows)
    if field is None or field.rows is None:
        lists = [name for name, rule in draft.fields.items() if rule.rows is not None]
        draft.unknown("unknown-field", _LIST, asked.rows, (*path, "rows"), lists)
        return None
    columns: dict[str, ColumnAsk] = {}
    for index, word in enumerate(asked.columns):
        name, here = word.removesuffix("?"), (*path, "columns", index)
        column = column_to_write(draft, field, name, here)
        if name in columns:
            draft.report("duplicate-name", here, Label("“{name}”问了两次", "“{name}” is asked twice").fill(name=name))
        elif column is not None:
            columns[name] = ColumnAsk(column, word.endswith("?"))
    unasked = [name for name in field.rows.key if (asked.add or asked.whole) and (name not in columns or columns[name].optional)]
    if unasked:
        sentence = Label("新增的行须有 key：{names} 须填写", "a new row needs its key: {names} must be asked, and filled")
        draft.report("not-allowed-here", (*path, "whole" if asked.whole else "add"), sentence.fill(names=", ".join(unasked)), of_key=True)
    optional = not asked.whole and all(each.optional for each in columns.values())
    return Ask(field, optional, RowsAsk(tuple(columns.values()), whole=asked.whole, add=asked.add or asked.whole))


def column_to_write(draft: Draft, field: FieldRule, name: str, path: Path, *, of_key: bool = False) -> FieldRule | None:
    """The column of a list that a step writes; one that is not there, or is computed, is reported."""
    columns = field.rows.columns if field.rows is not None else {}
    if name not in columns:
        draft.unknown("unknown-field", Label("列", "column"), name, path, columns, of_key=of_key)
    elif columns[name].computed:
        _computed(draft, name, path, of_key=of_key)
    return columns.get(name)


def is_field(draft: Draft, name: str, path: Path, *, of_key: bool = False) -> bool:
    """Whether there is such a field; an unknown one is reported."""
    if name not in draft.fields:
        draft.unknown("unknown-field", _FIELD, name, path, draft.fields, of_key=of_key)
    return name in draft.fields


def may_write(draft: Draft, name: str, path: Path, *, of_key: bool = False) -> bool:
    """Whether a step may write the field; what forbids it is reported."""
    if not is_field(draft, name, path, of_key=of_key):
        return False
    if draft.fields[name].computed:
        _computed(draft, name, path, of_key=of_key)
    return not draft.fields[name].computed


def _computed(draft: Draft, name: str, path: Path, *, of_key: bool) -> None:
    sentence = Label("“{name}”是计算字段，不能填写", "“{name}” is computed and cannot be written").fill(name=name)
    draft.report("computed-written", path, sentence, of_key=of_key)
