"""Compiles `computed` of fields and columns: what each may read, and the order in which they are calculated."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.choosing import Chosen, expressions_of, reads_of
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import kept_apart
from engine.core.compiling.values import compile_choice
from engine.core.expression import Expression, Scope
from engine.core.expression.term import Children, Clock, Column, FieldValue, leaves, name_of
from engine.core.kind import BOOLEAN, Kind
from engine.core.problem import Path, Problem
from engine.definition.field import Field
from engine.definition.value import CasesValue
from engine.label import Label

_IN_CONDITION = Label("把它写在步骤的条件或 set 里。", "Say it in a condition or a “set” of a step instead.")


def compile_computed(draft: Draft) -> tuple[tuple[str, Chosen[Expression]], ...]:
    """Computed fields and columns in an order in which each reads only what stands before it. Fills `draft.depends`."""
    rules: dict[str, Chosen[Expression]] = {}
    for name, kind, value, path, scope in _written(draft):
        rule = _compile(draft, name, kind, value, path, scope)
        if rule is not None:
            rules[name] = rule
            for expression in expressions_of(rule):
                draft.decide_by(expression.reads)
    needs = {name: reads_of(rule).union(*(each.columns for each in expressions_of(rule))) for name, rule in rules.items()}
    return tuple((name, rules[name]) for name in _in_order(draft, needs))


def _written(draft: Draft) -> Iterator[tuple[str, Kind, CasesValue, Path, Scope]]:
    """What is computed: its name – a column as `list.column` – its kind, how, where that stands, and what it may read."""
    for name, field in draft.document.fields.items():
        rule = draft.fields[name]
        if field.computed is not None and rule.rows is None and rule.files is None:
            yield name, rule.kind, field.computed, ("fields", name, "computed"), draft.scope
        source, columns = _columns(draft, name, field)
        for column, each in columns.items():
            if each.computed is not None and rule.rows is not None and column in rule.rows.columns:
                kind = rule.rows.columns[column].kind
                path: Path = ("fields", source, "of", column, "computed")
                yield f"{name}.{column}", kind, each.computed, path, draft.scope.within(rule.kind)


def _columns(draft: Draft, name: str, field: Field) -> tuple[str, dict[str, Field]]:
    source = field.like if field.like is not None else name
    declaring = draft.document.fields.get(source)
    return source, (declaring.of or {}) if declaring is not None else {}


def _compile(draft: Draft, name: str, kind: Kind, value: CasesValue, path: Path, scope: Scope) -> Chosen[Expression] | None:
    def reading(text: str, at: Path) -> Expression | None:
        return kept_apart(draft, name, _renewable(draft, draft.expression(text, at, kind, scope), at), at)

    def condition(text: str, at: Path) -> Expression | None:
        return _renewable(draft, draft.expression(text, at, BOOLEAN, scope), at)

    return compile_choice(draft, value, path, reading, condition)


def _renewable(draft: Draft, expression: Expression | None, path: Path) -> Expression | None:
    """Reported when it reads what may change without an event of the case."""
    for leaf in leaves(expression.tree) if expression is not None else ():
        if isinstance(leaf, Clock):
            sentence = Label(
                "计算字段不能读取当前时间：没有事件会让它更新", "a computed field cannot read the time: no event would renew it"
            )
            draft.note(Problem("clock-in-computed", path, sentence, _IN_CONDITION, leaf.place.offset, leaf.place.end - leaf.place.offset))
        elif not isinstance(leaf, FieldValue | Column | Children):
            sentence = Label(
                "计算字段只能读取字段、明细行和子工单，不能读取{it}", "a computed field reads fields, rows and children only, not {it}"
            ).fill(it=name_of(leaf))
            draft.note(Problem("not-allowed-here", path, sentence, _IN_CONDITION, leaf.place.offset, leaf.place.end - leaf.place.offset))
    return expression


def _in_order(draft: Draft, reads: dict[str, frozenset[str]]) -> list[str]:
    order: list[str] = []
    waiting = dict(reads)
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not ready:
            name = next(iter(waiting))
            draft.report(
                "computed-cycle",
                place_of(name),
                Label("计算字段互相依赖：{names}", "computed fields depend on each other: {names}").fill(names=", ".join(waiting)),
            )
            return []
        for name in ready:
            needed = waiting.pop(name)
            through = needed.union(*(draft.depends.get(inner, frozenset()) for inner in needed))
            draft.depends[name] = frozenset(each.partition(".")[0] for each in through)
            order.append(name)
    return order


def place_of(name: str) -> Path:
    """Where the rule of a computed field, or of a column as `list.column`, stands in the document."""
    list_id, _, column = name.partition(".")
    return ("fields", list_id, "of", column, "computed") if column else ("fields", name, "computed")
