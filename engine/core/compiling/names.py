"""Names: what may be called what, and what a name in an expression can mean."""

from __future__ import annotations

from engine.core.compiling.draft import Draft
from engine.core.expression import KEYWORDS, RESERVED, Scope
from engine.core.problem import Path
from engine.label import Label

_TAKEN = RESERVED | KEYWORDS
"""What an expression would read as something else."""


def build_scope(draft: Draft) -> Scope:
    """The scope of all expressions; clashes of names are reported."""
    steps = _steps(draft)
    for path, name in steps:
        if name in draft.fields:
            draft.report(
                "duplicate-name",
                path,
                Label("“{name}”既是字段又是步骤；名称须唯一", "“{name}” is both a field and a step; names must be unique").fill(name=name),
                of_key=True,
            )
    for path, name in [*steps, *((("fields", name), name) for name in draft.fields)]:
        is_unit_field = name == "unit" and path[0] == "fields" and draft.fields["unit"].type == "unit"
        if name in _TAKEN and not is_unit_field:
            draft.report(
                "reserved-name",
                path,
                Label("“{name}”是保留名称", "“{name}” is a reserved name").fill(name=name),
                Label("换一个名称", "choose another name"),
                of_key=True,
            )
    for name in draft.document.parties:
        if name in draft.bundle.roles:
            draft.report(
                "duplicate-name",
                ("parties", name),
                Label("“{name}”已是角色；名称须唯一", "“{name}” is already a role; names must be unique").fill(name=name),
                of_key=True,
            )
    return Scope(
        fields={name: rule.kind for name, rule in draft.fields.items()},
        titles={name: rule.title for name, rule in draft.fields.items()},
        choices={name: rule.choices for name, rule in draft.fields.items() if rule.choices is not None},
        steps=frozenset(name for _, name in steps),
        parties=frozenset(draft.document.parties),
        roles=frozenset(draft.bundle.roles),
    )


def _steps(draft: Draft) -> list[tuple[Path, str]]:
    document = draft.document
    found: list[tuple[Path, str]] = [(("start", name), name) for name in document.start]
    for state, rule in document.states.items():
        found.extend((("states", state, "transitions", name), name) for name in rule.transitions)
    found.extend((("anywhere", name), name) for name in document.anywhere)
    return found
