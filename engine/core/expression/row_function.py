"""The functions of rows: which list each looks at, what it asks of a row, and the term it makes of that.

`count(L where c)` · `sum(e of L where c)` · `every(c of L where c2)` · `last(e of L where c)`. Knows lists by name through a Scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from engine.core.earlier import EARLIER
from engine.core.expression.agreement import NUMERIC, mismatch, one_of, wrong_kind
from engine.core.expression.fault import expected, quoted
from engine.core.expression.scope import Scope
from engine.core.expression.syntax import Call, Word
from engine.core.expression.term import Children, Earlier, FieldValue, Leaf, RowFunction, RowQuestion, Term
from engine.core.kind import BOOLEAN, INTEGER, Kind
from engine.core.problem import Fault
from engine.errors import did_you_mean
from engine.label import Label

ROW_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "count": "count(list where …)",
        "sum": "sum(column of list where …)",
        "every": "every(condition of list where …)",
        "last": "last(column of list where …)",
    }
)
"""Each with how a call of it is written; the `where` may be left out."""


def is_of_rows(call: Call) -> bool:
    """Whether it calls a function of rows."""
    return call.function.name in ROW_FUNCTIONS


def rows_of(call: Call, scope: Scope) -> tuple[Leaf, Kind] | Fault:
    """The list that a call looks at, with its kind."""
    word = call.argument if call.function.name == "count" else call.rows
    as_written = (call.rows is None) if call.function.name == "count" else (call.argument is not None)
    if not isinstance(word, Word) or call.until is not None or not as_written:
        usage = ROW_FUNCTIONS[call.function.name]
        way_out = Label("请写“{usage}”。", "Write “{usage}”.").fill(usage=usage)
        return expected("wrong-arguments", call.place, quoted(usage), quoted(call.place.text), way_out)
    kind = scope.list_called(word.name)
    if kind is None:
        return _no_list(word, scope)
    if word.name in scope.fields:
        return FieldValue(kind, word.place, word.name), kind
    if word.name == EARLIER:
        return Earlier(kind, word.place), kind
    of_row = scope.row is not None and scope.rows_of.get(word.name) == scope.row.of
    return Children(kind, word.place, word.name, of_row), kind


def asked_of(call: Call, rows: Leaf, each: Term | None, where: Term | None) -> Term | Fault:
    """The term of a call whose parts are at hand; `each` is None for a count."""
    if where is not None and where.kind != BOOLEAN:
        return mismatch(BOOLEAN, where)
    question = cast(RowQuestion, call.function.name)
    kind = INTEGER if each is None else each.kind
    if each is not None and question == "every" and kind != BOOLEAN:
        return mismatch(BOOLEAN, each)
    if each is not None and question == "sum" and kind.name not in (*NUMERIC, "money"):
        return wrong_kind(one_of(*NUMERIC, "money"), each)
    return RowFunction(kind, call.place, question, rows, each, where)


def _no_list(word: Word, scope: Scope) -> Fault:
    way_out: Label | None
    if word.name == EARLIER:
        way_out = Label("在文档开头写明 subject，才有同一对象的工单。", "Name a “subject” at the head: only then cases share one.")
    elif word.name in scope.fields:
        way_out = Label("“{it}”不是列表。", "“{it}” is no list.").fill(it=word.name)
    else:
        way_out = did_you_mean(word.name, [*(name for name in scope.fields if scope.list_called(name)), *scope.lists])
    return expected("unknown-name", word.place, Label("一个列表的名称", "the name of a list"), quoted(word.name), way_out)
