"""Aliases: the names under which a document reads the children that its steps open, each a list with columns of its own.

Works on what the document writes, before any step is compiled, since expressions everywhere may read the children.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.core.compiled import Alias
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import kind_of
from engine.core.compiling.names import steps_of
from engine.core.earlier import OUTCOMES, TITLES
from engine.core.expression import Scope
from engine.core.kind import BOOLEAN, DATETIME, OF_ROW, TEXT, Kind
from engine.core.problem import Path
from engine.definition.child import Interface, Starts
from engine.definition.element import Bilingual
from engine.definition.field import Field
from engine.label import Label

_COLUMNS: Mapping[str, Label] = {
    **{name: title for name, title in TITLES.items() if name != "workflow"},
    "state": Label("终态", "final state"),
}

_NOTHING = Interface(title=Bilingual(zh="–", en="–"))
"""What is known of a workflow that does not exist; `compile_starts` says so."""


def compile_aliases(draft: Draft) -> dict[str, Alias]:
    """Every alias of the document. Two workflows under one alias are reported."""
    written: dict[str, list[Starts]] = {}
    for path, starts in starts_of(draft):
        before = written.setdefault(starts.alias, [])
        if before and before[0].workflow != starts.workflow:
            sentence = Label("“{alias}”已是“{other}”子工单的名称", "“{alias}” already names the children of “{other}”")
            way_out = Label("一个名称只指一个流程；请换一个名称。", "One name stands for one workflow: choose another name.")
            draft.report("duplicate-name", (*path, "as"), sentence.fill(alias=starts.alias, other=before[0].workflow), way_out)
        else:
            before.append(starts)
    return {name: _alias(draft, name, starts) for name, starts in written.items()}


def starts_of(draft: Draft) -> Iterator[tuple[Path, Starts]]:
    """Every entry of `starts`, with its place."""
    for path, _, step in steps_of(draft):
        for index, starts in enumerate(step.starts):
            yield (*path, "starts", index), starts


def with_aliases(draft: Draft, scope: Scope) -> Scope:
    """The scope in which the children can be read."""
    titles, choices = dict(scope.titles), dict(scope.choices)
    for name, alias in draft.aliases.items():
        child = _interface(draft, alias.workflow)
        titles |= {name: alias.title, **{f"{name}.{column}": title for column, title in _COLUMNS.items()}}
        titles |= {f"{name}.{column}": child.fields[column].title.label for column in alias.returns}
        choices |= {f"{name}.outcome": OUTCOMES, f"{name}.state": {state: title.label for state, title in child.ends.items()}}
        choices |= {f"{name}.{column}": labels_of(child.fields[column]) for column in alias.returns if child.fields[column].choices}
    lists = {**scope.lists, **{name: alias.kind for name, alias in draft.aliases.items()}}
    return replace(scope, lists=lists, rows_of=_rows_of(draft), titles=titles, choices=choices)


def _rows_of(draft: Draft) -> dict[str, str]:
    """alias → the list for whose rows all of its children are opened."""
    lists: dict[str, set[str | None]] = {}
    for _, starts in starts_of(draft):
        lists.setdefault(starts.alias, set()).add(starts.for_each)
    return {alias: name for alias, names in lists.items() for name in names if name is not None and len(names) == 1}


def labels_of(field: Field) -> Mapping[str, Label]:
    """The choices of a field; none when it has no choices."""
    return {choice: title.label for choice, title in (field.choices or {}).items()}


def kind_under(alias: str, name: str, field: Field) -> Kind:
    """The kind of a field of a child, as its parent reads it: its choices are those of `alias.field`, whatever the parent calls so."""
    kind = kind_of(name, field)
    return replace(kind, of=f"{alias}.{name}") if kind.name == "choice" else kind


def _interface(draft: Draft, workflow: str) -> Interface:
    return draft.bundle.children.get(workflow, _NOTHING)


def _alias(draft: Draft, name: str, starts: list[Starts]) -> Alias:
    workflow = starts[0].workflow
    child = _interface(draft, workflow)
    returns = tuple(dict.fromkeys(field for each in starts for field in each.returns if field in child.fields and field not in _COLUMNS))
    columns = (
        ("number", TEXT),
        ("open", BOOLEAN),
        ("outcome", Kind("choice", f"{name}.outcome")),
        ("state", Kind("choice", f"{name}.state")),
        ("opened_at", DATETIME),
        ("ended_at", DATETIME),
        (OF_ROW, TEXT),
        *((field, kind_under(name, field, child.fields[field])) for field in returns),
    )
    return Alias(workflow, child.title.label, Kind("list", name, columns), returns)
