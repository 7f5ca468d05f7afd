"""Compiles `fields:` – the limits of each field against its own type, and the order of the computed ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.core.choosing import Chosen, expressions_of, reads_of
from engine.core.compiling.draft import Draft
from engine.core.compiling.pattern import compile_pattern
from engine.core.compiling.values import compile_choice
from engine.core.expression import Expression
from engine.core.expression.term import Clock, FieldValue, leaves, name_of
from engine.core.facts import Facts
from engine.core.field import FieldRule, Unreadable
from engine.core.kind import BOOLEAN as BOOLEAN_KIND
from engine.core.kind import DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, PERSON, TEXT, UNIT, Kind, Value
from engine.core.problem import Path, Problem
from engine.definition.field import Field
from engine.label import Label
from roles.actor import Actor

_KINDS = {
    "text": TEXT,
    "phone": TEXT,
    "email": TEXT,
    "boolean": BOOLEAN_KIND,
    "integer": INTEGER,
    "decimal": DECIMAL,
    "date": DATE,
    "datetime": DATETIME,
    "person": PERSON,
    "people": PEOPLE,
    "unit": UNIT,
}

_ONLY_FOR: dict[str, tuple[str, ...]] = {
    "pattern": ("text",),
    "lines": ("text",),
    "min": ("integer", "decimal", "money", "date"),
    "max": ("integer", "decimal", "money", "date"),
    "currency": ("money",),
    "choices": ("choice",),
    "role": ("person", "people"),
    "unique": ("text", "phone", "email", "integer"),
}

_IN_CONDITION = Label("把它写在步骤的条件或 set 里。", "Say it in a condition or a “set” of a step instead.")

_NEEDS = {"money": "currency", "choice": "choices"}

# Limits are read by the fields' own readers; none of those for numbers and dates looks at the facts.
_NO_FACTS = Facts(datetime(2000, 1, 1, tzinfo=UTC), Actor("", "system"), ZoneInfo("UTC"))


def compile_fields(draft: Draft) -> dict[str, FieldRule]:
    """Every field's rule."""
    return {name: _compile_field(draft, name, field) for name, field in draft.document.fields.items()}


def _compile_field(draft: Draft, name: str, field: Field) -> FieldRule:
    path: Path = ("fields", name)
    _check_keys(draft, field, path)
    if field.role is not None and field.role not in draft.bundle.roles:
        draft.unknown("unknown-role", Label("角色", "role"), field.role, (*path, "role"), draft.offered_roles)
    rule = FieldRule(
        id=name,
        title=field.title.label,
        type=field.type,
        kind=_kind(name, field),
        personal=field.personal,
        lines=field.lines or 1,
        pattern=compile_pattern(draft, field.pattern, (*path, "pattern")),
        choices={choice: title.label for choice, title in field.choices.items()} if field.choices else None,
        role=field.role,
        unique=field.unique,
        computed=field.computed is not None,
    )
    low, high = (_read_limit(draft, rule, getattr(field, key), (*path, key)) for key in ("min", "max"))
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # both of the field's own kind
        draft.report("bad-limit", (*path, "max"), Label("max 小于 min", "max is less than min"))
    return replace(rule, minimum=low, maximum=high)


def _kind(name: str, field: Field) -> Kind:
    if field.type == "money":
        return Kind("money", field.currency or "")
    if field.type == "choice":
        return Kind("choice", name)
    return _KINDS[field.type]


def _check_keys(draft: Draft, field: Field, path: Path) -> None:
    for key, types in _ONLY_FOR.items():
        if getattr(field, key) is not None and field.type not in types:
            draft.report(
                "not-allowed-here",
                (*path, key),
                Label("{key} 不适用于 {type} 字段，仅适用于：{types}", "“{key}” does not fit a field of type {type}, only: {types}").fill(
                    key=key, type=field.type, types=", ".join(types)
                ),
                of_key=True,
            )
    needed = _NEEDS.get(field.type)
    if needed is not None and getattr(field, needed) is None:
        draft.report(
            "missing-key",
            path,
            Label("{type} 字段须有 {key}", "a field of type {type} needs “{key}”").fill(type=field.type, key=needed),
            of_key=True,
        )
    if field.computed is not None and field.unique is not None:
        draft.report("not-allowed-here", (*path, "unique"), Label("计算字段不能要求唯一", "a computed field cannot be unique"), of_key=True)


def _read_limit(draft: Draft, rule: FieldRule, raw: str | None, path: Path) -> Value | None:
    if raw is None or rule.type not in _ONLY_FOR["min"]:
        return None
    try:
        return rule.read(raw, _NO_FACTS, ())
    except Unreadable as fault:
        draft.report("bad-limit", path, fault.sentence)
        return None


def compile_computed(draft: Draft) -> tuple[tuple[str, Chosen[Expression]], ...]:
    """Computed fields in an order in which each reads only what stands before it. Fills `draft.depends`."""
    rules: dict[str, Chosen[Expression]] = {}
    for name, field in draft.document.fields.items():
        if field.computed is None:
            continue
        kind = draft.fields[name].kind

        def reading(text: str, path: Path, expected: Kind = kind, field_id: str = name) -> Expression | None:
            return kept_apart(draft, field_id, _of_fields_alone(draft, draft.expression(text, path, expected), path), path)

        def condition(text: str, path: Path) -> Expression | None:
            return _of_fields_alone(draft, draft.expression(text, path, BOOLEAN_KIND), path)

        rule = compile_choice(draft, field.computed, ("fields", name, "computed"), reading, condition)
        if rule is not None:
            rules[name] = rule
            for expression in expressions_of(rule):
                draft.decide_by(expression.reads)
    return tuple((name, rules[name]) for name in _in_order(draft, {name: reads_of(rule) for name, rule in rules.items()}))


def _of_fields_alone(draft: Draft, expression: Expression | None, path: Path) -> Expression | None:
    for leaf in leaves(expression.tree) if expression is not None else ():
        if isinstance(leaf, Clock):
            sentence = Label(
                "计算字段不能读取当前时间：没有事件会让它更新", "a computed field cannot read the time: no event would renew it"
            )
            draft.note(Problem("clock-in-computed", path, sentence, _IN_CONDITION, leaf.place.offset, leaf.place.end - leaf.place.offset))
        elif not isinstance(leaf, FieldValue):
            sentence = Label("计算字段只能读取字段，不能读取{it}", "a computed field reads fields only, not {it}").fill(it=name_of(leaf))
            draft.note(Problem("not-allowed-here", path, sentence, _IN_CONDITION, leaf.place.offset, leaf.place.end - leaf.place.offset))
    return expression


def kept_apart(draft: Draft, name: str, value: Expression | None, path: Path) -> Expression | None:
    """The value of a field; reported when it would carry a personal value into a field that is not, where none can be erased.

    Yes and no carry none: a field may tell whether another is filled.
    """
    if value is None or value.kind == BOOLEAN_KIND or draft.fields[name].personal:
        return value
    for leaf in leaves(value.tree):
        if isinstance(leaf, FieldValue) and draft.fields[leaf.field].personal:
            sentence = Label(
                "“{source}”是个人信息，“{field}”不是，不能把前者写入后者",
                "“{source}” is personal and “{field}” is not: the one cannot be written into the other",
            ).fill(source=leaf.field, field=name)
            way_out = Label("给“{field}”也写上 personal: true。", "Give “{field}” personal: true as well.").fill(field=name)
            draft.note(Problem("personal-copied", path, sentence, way_out, leaf.place.offset, leaf.place.end - leaf.place.offset))
    return value


def _in_order(draft: Draft, reads: dict[str, frozenset[str]]) -> list[str]:
    order: list[str] = []
    waiting = dict(reads)
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not ready:
            name = next(iter(waiting))
            draft.report(
                "computed-cycle",
                ("fields", name, "computed"),
                Label("计算字段互相依赖：{names}", "computed fields depend on each other: {names}").fill(names=", ".join(waiting)),
            )
            return []
        for name in ready:
            needed = waiting.pop(name)
            draft.depends[name] = needed.union(*(draft.depends.get(inner, frozenset()) for inner in needed))
            order.append(name)
    return order
