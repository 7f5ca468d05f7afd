"""What a parent must know of a child's document, and which documents a parent wants to know about.

Works on documents as written, so that parents and children can be compiled in any order. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.compiling.lists import needed_columns
from engine.core.problem import Path
from engine.definition.child import ChildStart, Interface
from engine.definition.field import Field
from engine.definition.step import RowsAsked, Step
from engine.definition.workflow import Workflow

PARENT = "parent"


def interface_of(child: Workflow, returns: frozenset[str]) -> Interface:
    """The interface of a document for a parent that wants these fields back."""
    asked = {
        name: tuple(each if isinstance(each, str) else each.rows for each in start.asks)
        for name, start in child.start.items()
        if PARENT in start.by
    }
    wanted = returns.union(word.removesuffix("?") for asks in asked.values() for word in asks)
    return Interface(
        title=child.title,
        starts={name: ChildStart(asks=asks, rows=_rows(child, child.start[name])) for name, asks in asked.items()},
        fields={name: _bare(field, child) for name, field in child.fields.items() if name in wanted},
        steps=tuple(dict.fromkeys(str(path[-1]) for path, step in steps_of(child) if path[0] != "start" and PARENT in step.by)),
        ends={name: state.title for name, state in child.states.items() if state.final is not None},
    )


def wanted_of(parent: Workflow) -> dict[str, frozenset[str]]:
    """Each workflow that the document starts → the fields that it wants back."""
    found: dict[str, frozenset[str]] = {}
    for _, step in steps_of(parent):
        for each in step.starts:
            found[each.workflow] = found.get(each.workflow, frozenset()).union(each.returns)
    return found


def may_be_a_child(workflow: Workflow) -> bool:
    """Whether cases of other workflows may open one of this."""
    return any(PARENT in start.by for start in workflow.start.values())


def steps_of(workflow: Workflow) -> Iterator[tuple[Path, Step]]:
    """Every step as written, with its place; the last part of the place is its id."""
    for name, start in workflow.start.items():
        yield ("start", name), start
    for state, rule in workflow.states.items():
        for name, transition in rule.transitions.items():
            yield ("states", state, "transitions", name), transition
    for name, step in workflow.anywhere.items():
        yield ("anywhere", name), step


def _rows(child: Workflow, start: Step) -> dict[str, tuple[str, ...]]:
    """list → the columns that every row must fill."""
    found: dict[str, tuple[str, ...]] = {}
    for asked in start.asks:
        name = asked.removesuffix("?") if isinstance(asked, str) else asked.rows
        if name in child.fields and child.fields[name].type == "list":
            filled = (
                (word for word in asked.columns if not word.endswith("?")) if isinstance(asked, RowsAsked) else needed_columns(child, name)
            )
            found[name] = tuple(filled)
    return found


def _bare(field: Field, child: Workflow) -> Field:
    """A field without what concerns its own document only: a parent is to be published anew when it must, and no oftener."""
    alike = child.fields.get(field.like) if field.like is not None else None
    columns = field.of if alike is None else alike.of
    return Field(
        type=field.type,
        title=field.title,
        personal=field.personal,
        currency=field.currency,
        choices=field.choices,
        of={name: _bare(column, child) for name, column in columns.items()} if columns is not None else None,
        workflow=field.workflow,
    )
