"""Compiles `fields:` – each field and column with its limits, checked against its own type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.core.compiling.draft import Draft
from engine.core.compiling.lists import columns_of, file_rule, list_rule
from engine.core.compiling.pattern import compile_pattern
from engine.core.expression import Expression
from engine.core.expression.term import FieldValue, leaves
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
    "file": Kind("file"),
    "files": Kind("files"),
}

_ONLY_FOR: dict[str, tuple[str, ...]] = {
    "pattern": ("text",),
    "lines": ("text",),
    "min": ("integer", "decimal", "money", "date", "files"),
    "max": ("integer", "decimal", "money", "date"),
    "currency": ("money",),
    "choices": ("choice",),
    "role": ("person", "people"),
    "unique": ("text", "phone", "email", "integer"),
    "of": ("list",),
    "key": ("list",),
    "rows": ("list",),
    "like": ("list",),
    "workflow": ("case",),
    "size": ("file", "files"),
    "accept": ("file", "files"),
    "count": ("files",),
}

_NEEDS = {"money": "currency", "choice": "choices", "case": "workflow"}

# Limits are read by the fields' own readers; none of those for numbers and dates looks at the facts.
_NO_FACTS = Facts(datetime(2000, 1, 1, tzinfo=UTC), Actor("", "system"), ZoneInfo("UTC"))


def compile_fields(draft: Draft) -> dict[str, FieldRule]:
    """Every field's rule."""
    return {name: _compile_whole(draft, name, field) for name, field in draft.document.fields.items()}


def _compile_whole(draft: Draft, name: str, field: Field) -> FieldRule:
    rule = compile_field(draft, name, field, ("fields", name), kind_of(name, field))
    if field.type != "list":
        return rule
    source, columns = columns_of(draft, name, field)
    rules = {column: compile_field(draft, column, *parts, kind_of(f"{source}.{column}", parts[0])) for column, parts in columns.items()}
    kind = Kind("list", name, tuple((column, each.kind) for column, each in rules.items()))
    return replace(rule, kind=kind, rows=list_rule(draft, name, field, rules))


def compile_field(draft: Draft, name: str, field: Field, path: Path, kind: Kind) -> FieldRule:
    """The rule of a field, or of a column; what its type does not allow is reported."""
    _check_keys(draft, field, path)
    if field.role is not None and field.role not in draft.bundle.roles:
        draft.unknown("unknown-role", Label("角色", "role"), field.role, (*path, "role"), draft.offered_roles)
    role_title = draft.bundle.roles.get(field.role) if field.role is not None else None
    rule = FieldRule(
        id=name,
        title=field.title.label,
        type=field.type,
        kind=kind,
        personal=field.personal,
        lines=field.lines or 1,
        pattern=compile_pattern(draft, field.pattern, (*path, "pattern")),
        choices={choice: title.label for choice, title in field.choices.items()} if field.choices else None,
        role=field.role,
        role_title=role_title.label if role_title is not None else None,
        unique=field.unique,
        computed=field.computed is not None,
        files=file_rule(draft, field, path) if field.type in ("file", "files") else None,
        workflow=field.workflow,
    )
    low, high = (_read_limit(draft, rule, getattr(field, key), (*path, key)) for key in ("min", "max"))
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # both of the field's own kind
        draft.report("bad-limit", (*path, "max"), Label("max 小于 min", "max is less than min"))
    return replace(rule, minimum=low, maximum=high)


def kind_of(name: str, field: Field) -> Kind:
    """The kind of a field's values."""
    if field.type == "money":
        return Kind("money", field.currency or "")
    if field.type in ("choice", "list"):
        return Kind("choice" if field.type == "choice" else "list", name)
    if field.type == "case":
        return Kind("case", field.workflow or "")
    return _KINDS[field.type]


def _check_keys(draft: Draft, field: Field, path: Path) -> None:
    for key, types in _ONLY_FOR.items():
        if getattr(field, key) not in (None, ()) and field.type not in types:
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
    if field.computed is not None and field.type in ("list", "file", "files"):
        sentence = Label("{type} 字段不能计算得出", "a field of type {type} cannot be computed").fill(type=field.type)
        draft.report("not-allowed-here", (*path, "computed"), sentence, of_key=True)
    if field.computed is not None and field.unique is not None:
        draft.report("not-allowed-here", (*path, "unique"), Label("计算字段不能要求唯一", "a computed field cannot be unique"), of_key=True)


def _read_limit(draft: Draft, rule: FieldRule, raw: str | None, path: Path) -> Value | None:
    if raw is None or rule.type not in _ONLY_FOR["max"]:
        return None
    try:
        return rule.read(raw, _NO_FACTS, ())
    except Unreadable as fault:
        draft.report("bad-limit", path, fault.sentence)
        return None


def kept_apart(draft: Draft, name: str, value: Expression | None, path: Path) -> Expression | None:
    """The value of a field or column; reported when it would carry a personal value into a field that is not, where none can be erased.

    Yes and no carry none: a field may tell whether another is filled.
    """
    if value is None or value.kind == BOOLEAN_KIND or draft.fields[name.partition(".")[0]].personal:
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
