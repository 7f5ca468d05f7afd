"""Compiles what is peculiar to lists and files: columns, keys, numbers of rows, which columns a form must fill, limits of attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.core.attaching import FileRule
from engine.core.compiling.draft import Draft
from engine.core.field import FieldRule, ListRule
from engine.core.problem import Path
from engine.definition.field import Field, RowLimits
from engine.definition.step import RowsAsked, Step
from engine.definition.workflow import Workflow
from engine.label import Label

_COLUMN = Label("列", "column")
_NO_COLUMN = ("list", "file", "files", "case")
_UNITS = {"kB": 1000, "MB": 1_000_000}


def columns_of(draft: Draft, name: str, field: Field) -> tuple[str, dict[str, tuple[Field, Path]]]:
    """The list that declares the columns – itself, or the one it is `like` – and each column with its place."""
    source, declared = _declared(draft, name, field)
    path: Path = ("fields", source, "of")
    if field.personal:
        _not_personal(draft, ("fields", name, "personal"))
    for column, each in declared.items():
        here = (*path, column)
        if each.type in _NO_COLUMN:
            sentence = Label("列不能是 {type}", "a column cannot be of type {type}").fill(type=each.type)
            draft.report("not-allowed-here", (*here, "type"), sentence, Label("另设一个字段。", "Make it a field of its own."))
        if each.personal:
            _not_personal(draft, (*here, "personal"))
        if each.unique is not None:
            sentence = Label("列不能要求 unique；用 key 使行互不相同", "a column cannot be “unique”; a “key” tells rows apart")
            draft.report("not-allowed-here", (*here, "unique"), sentence, of_key=True)
    usable = {column: (each, (*path, column)) for column, each in declared.items() if each.type not in _NO_COLUMN}
    return source, usable


def list_rule(draft: Draft, name: str, field: Field, columns: Mapping[str, FieldRule]) -> ListRule:
    """The rule of the rows."""
    path: Path = ("fields", name)
    like = draft.document.fields.get(field.like) if field.like is not None else None
    key = field.key or (like.key if like is not None else ())
    for index, column in enumerate(field.key):
        if column not in columns:
            draft.unknown("unknown-field", _COLUMN, column, (*path, "key", index), columns)
        elif columns[column].computed:
            sentence = Label("计算列不能作 key", "a computed column cannot be a key")
            draft.report("not-allowed-here", (*path, "key", index), sentence)
    limits = field.rows or RowLimits()
    if limits.min > limits.max:
        draft.report("bad-limit", (*path, "rows", "max"), Label("max 小于 min", "max is less than min"))
    known = tuple(column for column in key if column in columns)
    later = frozenset(_filled_later(draft.document, name))
    needed = frozenset(column for column, rule in columns.items() if not rule.computed and (column in known or column not in later))
    return ListRule(columns, known, limits.min, limits.max, needed)


def file_rule(draft: Draft, field: Field, path: Path) -> FileRule:
    """The limits of a file field."""
    limits = FileRule()
    size = int(field.size[:-2]) * _UNITS[field.size[-2:]] if field.size is not None else limits.size
    most = 1 if field.type == "file" else field.count or limits.most
    least = 0
    if field.type == "files" and field.min is not None:
        if not field.min.isascii() or not field.min.isdecimal() or not 1 <= int(field.min) <= most:
            sentence = Label("min 应为 1 至 {most} 的整数", "expected “min” to be a whole number from 1 to {most}").fill(most=most)
            draft.report("bad-limit", (*path, "min"), sentence)
        else:
            least = int(field.min)
    return FileRule(size, field.accept, least, most)


def _declared(draft: Draft, name: str, field: Field) -> tuple[str, Mapping[str, Field]]:
    path: Path = ("fields", name)
    if field.like is None:
        if field.of is None:
            draft.report("missing-key", path, Label("list 字段须有 of 或 like", "a field of type list needs “of” or “like”"), of_key=True)
        return name, field.of or {}
    if field.of is not None:
        sentence = Label("of 与 like 只能取一个", "give “of” or “like”, not both")
        draft.report("not-allowed-here", (*path, "like"), sentence, of_key=True)
    lists = {other: each.of for other, each in draft.document.fields.items() if each.type == "list" and each.of is not None}
    if field.like not in lists:
        draft.unknown("unknown-field", Label("写明了 of 的列表", "list with an “of”"), field.like, (*path, "like"), lists)
        return name, {}
    return field.like, lists[field.like] or {}


def _not_personal(draft: Draft, path: Path) -> None:
    sentence = Label(
        "明细行不能标为个人信息：行留在历史中，无法单独抹除",
        "rows cannot be personal: they stay in the history, where no cell can be erased",
    )
    draft.report("not-allowed-here", path, sentence, Label("把它放进单独的字段。", "Put it into a field of its own."), of_key=True)


def needed_columns(document: Workflow, name: str) -> tuple[str, ...]:
    """The columns that a form of whole rows must fill, as written."""
    field = document.fields[name]
    like = document.fields.get(field.like) if field.like is not None else None
    columns = (field.of if like is None else like.of) or {}
    key, later = field.key or (like.key if like is not None else ()), frozenset(_filled_later(document, name))
    return tuple(column for column, each in columns.items() if each.computed is None and (column in key or column not in later))


def _filled_later(document: Workflow, name: str) -> Iterator[str]:
    """The columns that some step asks of the rows that are there, sets, or lets be empty: a form of whole rows need not fill them."""
    for step in _steps(document):
        for asked in step.asks:
            if isinstance(asked, RowsAsked) and asked.rows == name:
                yield from (word.removesuffix("?") for word in asked.columns if not (asked.add or asked.whole) or word.endswith("?"))
        cells = step.set.get(name)
        if isinstance(cells, dict):
            yield from cells


def _steps(document: Workflow) -> Iterator[Step]:
    yield from document.start.values()
    for state in document.states.values():
        yield from state.transitions.values()
    yield from document.anywhere.values()
