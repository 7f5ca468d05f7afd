"""What a bare word means: a choice of the field it stands beside, a reserved word, a field – or nothing, and then why."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import cast

from engine.core.earlier import EARLIER
from engine.core.expression import foreign
from engine.core.expression.fault import expected, quoted
from engine.core.expression.scope import RESERVED, Scope
from engine.core.expression.syntax import Word
from engine.core.expression.term import ALWAYS_FILLED, CaseFact, Column, Constant, FieldValue, Term
from engine.core.kind import PERSON, TEXT, UNIT, Kind
from engine.core.problem import Fault
from engine.errors import by_title, did_you_mean
from engine.label import Label

_FACTS = {"actor": PERSON, "assignee": PERSON, "unit": UNIT, "number": TEXT}


def resolve(word: Word, scope: Scope, wanted: Kind | None) -> Term | Fault:
    """The term a word stands for where a value of the kind `wanted` is expected (None: any)."""
    choices = scope.choices_of(wanted)
    if wanted is not None and word.name in choices:
        return Constant(wanted, word.place, word.name)
    if word.name in _FACTS:
        return CaseFact(_FACTS[word.name], word.place, cast(OneOf["actor", "assignee", "unit", "number"], word.name))
    if word.name == EARLIER or word.name in scope.lists:
        return _list_alone(word)
    if word.name in scope.columns:
        return _column(word, scope)
    if word.name in scope.fields:
        return FieldValue(scope.fields[word.name], word.place, word.name)
    if wanted is not None and choices:
        wish = Label("{field}的一个选项", "a choice of {field}").fill(field=quoted(wanted.of or wanted.name))
        way_out = _emptiness(word) or by_title(word.name, choices.items()) or did_you_mean(word.name, choices)
        return expected("unknown-choice", word.place, wish, quoted(word.name), way_out)
    here = Label("字段名", "the name of a field") if scope.row is None else Label("列名或字段名", "the name of a column or field")
    return expected("unknown-name", word.place, here, quoted(word.name), _advice(word, scope))


def _column(word: Word, scope: Scope) -> Term:
    assert scope.row is not None  # it has the column
    name = scope.row.of or ""
    filled = name in scope.lists and word.name in ALWAYS_FILLED
    return Column(scope.columns[word.name], word.place, name, word.name, filled)


def _list_alone(word: Word) -> Fault:
    way_out = Label("请写“count({it})”、“last(… of {it})”等。", "Write “count({it})”, “last(… of {it})” and the like.").fill(it=word.name)
    found = Label("列表{it}", "the list {it}").fill(it=quoted(word.name))
    return expected("unknown-name", word.place, Label("一个值", "a value"), found, way_out)


def _emptiness(word: Word) -> Label | None:
    if word.name not in foreign.EMPTINESS:
        return None
    return Label("判断是否为空请写“is not set”。", "To ask whether a value is empty, write “is not set”.")


def _advice(word: Word, scope: Scope) -> Label | None:
    name = word.name
    parts = name.split("-")
    if len(parts) == 2 and (scope.knows(parts[0]) or scope.knows(parts[1])):
        return Label("减号两边要有空格：“{it}”。", "A minus has spaces on both sides: “{it}”.").fill(it=" - ".join(parts))
    if name in scope.steps:
        return Label("它是一个步骤：请写“done({it})”。", "It is a step: write “done({it})”.").fill(it=name)
    if name in scope.parties | scope.roles:
        return Label("请写“acting({it})”。", "Write “acting({it})”.").fill(it=name)
    titled = next((field for field in scope.fields if field in scope.titles and name in _both(scope.titles[field])), None)
    if titled is not None:
        return Label("请写字段的 id，不写标题：“{it}”。", "Write the field's id, not its title: “{it}”.").fill(it=titled)
    owners = [field for field, choices in scope.choices.items() if name in choices]
    if owners:
        return Label("它是“{it}”的选项：请写“{it} == {choice}”。", "It is a choice of “{it}”: write “{it} == {choice}”.").fill(
            it=owners[0], choice=name
        )
    return _emptiness(word) or did_you_mean(name.lower(), [*scope.columns, *scope.fields, *RESERVED])


def _both(label: Label) -> tuple[str, str]:
    return label.zh, label.en
