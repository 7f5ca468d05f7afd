"""Hands a list over: whether a list of the parent fits the list of the child that takes it.

The child takes the columns that it knows; the rows become rows of its own.
"""

from __future__ import annotations

from engine.core.compiling.aliases import kind_under, labels_of
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import kind_of
from engine.core.expression import Expression
from engine.core.expression.agreement import in_words
from engine.core.kind import Kind
from engine.core.problem import Path
from engine.definition.child import ChildStart
from engine.definition.field import Field
from engine.label import Label


def hand_over(draft: Draft, name: str, field: Field, start: ChildStart, text: str, path: Path) -> Expression | None:
    """The list of the parent that `text` names, for the list `name` of the child; what does not fit is reported."""
    written = text.strip()
    own = draft.fields.get(written)
    if own is None or own.rows is None:
        draft.unknown("unknown-field", Label("列表字段", "list field"), written, path, _lists(draft))
        return None
    columns = {column: rule.kind for column, rule in own.rows.columns.items()}
    missing = [column for column in start.rows.get(name, ()) if column not in columns]
    if missing:
        sentence = Label(
            "“{list}”缺少子工单“{field}”须填的列：{names}", "“{list}” lacks columns that “{field}” of the child must be given: {names}"
        )
        draft.report("child-field-missing", path, sentence.fill(list=written, field=name, names=", ".join(missing)))
    for column, wanted in (field.of or {}).items():
        if column in columns and not _fits(draft, columns[column], kind_under(name, column, wanted), wanted):
            sentence = Label("列“{column}”应为{wanted}，实际为{found}", "column “{column}”: expected {wanted}, found {found}")
            kinds = {"wanted": in_words(kind_of(column, wanted)), "found": in_words(columns[column])}
            draft.report("type-mismatch", path, sentence.fill(column=column, **kinds))
    return draft.expression(written, path, draft.scope.kind_of(written))


def _lists(draft: Draft) -> list[str]:
    return [name for name, rule in draft.fields.items() if rule.rows is not None]


def _fits(draft: Draft, found: Kind, wanted: Kind, column: Field) -> bool:
    """Whether every value of a column of the parent is one of that of the child; a choice, when the child knows them all."""
    if wanted.name == "choice":
        own = draft.scope.choices_of(found)
        return bool(own) and own.keys() <= labels_of(column).keys()
    return found == wanted
