"""What a bare word means: a choice of the field it stands beside, a reserved word, a field – or nothing, and then why."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import cast

from engine.core.expression import foreign
from engine.core.expression.fault import expected, fault, quoted
from engine.core.expression.scope import RESERVED, Scope
from engine.core.expression.syntax import Word
from engine.core.expression.term import CaseFact, Constant, FieldValue, Term
from engine.core.kind import PERSON, TEXT, UNIT, Kind
from engine.core.problem import Fault
from engine.errors import did_you_mean
from engine.label import Label

_FACTS = {"actor": PERSON, "assignee": PERSON, "unit": UNIT, "number": TEXT}


def resolve(word: Word, scope: Scope, wanted: Kind | None) -> Term | Fault:
    """The term a word stands for where a value of the kind `wanted` is expected (None: any)."""
    choices = scope.choices_of(wanted)
    if wanted is not None and word.name in choices:
        return Constant(wanted, word.place, word.name)
    if word.name in _FACTS:
        return CaseFact(_FACTS[word.name], word.place, cast(OneOf["actor", "assignee", "unit", "number"], word.name))
    if word.name in RESERVED:
        return _unsupported(word)
    if word.name in scope.fields:
        return FieldValue(scope.fields[word.name], word.place, word.name)
    if wanted is not None and choices:
        wish = Label("{field}的一个选项", "a choice of {field}").fill(field=quoted(wanted.of or wanted.name))
        way_out = _emptiness(word) or did_you_mean(word.name, choices)
        return expected("unknown-choice", word.place, wish, quoted(word.name), way_out)
    return expected("unknown-name", word.place, Label("字段名", "the name of a field"), quoted(word.name), _advice(word, scope))


def _unsupported(word: Word) -> Fault:
    sentence = Label("本版本尚不支持“{it}”", "“{it}” is not yet supported").fill(it=word.name)
    return fault("not-supported", word.place, sentence)


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
    return _emptiness(word) or did_you_mean(name.lower(), [*scope.fields, *RESERVED])


def _both(label: Label) -> tuple[str, str]:
    return label.zh, label.en
