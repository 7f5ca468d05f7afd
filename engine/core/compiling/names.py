"""Names: what may be called what, and what a name in an expression can mean."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.compiled import ALL, STAY
from engine.core.compiling.draft import Draft
from engine.core.earlier import EARLIER, earlier_choices, earlier_kind
from engine.core.earlier import TITLES as EARLIER_TITLES
from engine.core.expression import KEYWORDS, RESERVED, Scope
from engine.core.field import FieldRule
from engine.core.kind import Kind
from engine.core.problem import Path
from engine.core.rows import ROW
from engine.definition.step import Step
from engine.label import Label

_SPOKEN = KEYWORDS.union(RESERVED)
"""What an expression would read as something else."""

_PERSONS = frozenset({"assignee", "integration", "system", "parent", "nobody", *RESERVED})
"""What `by`, `not_by` and `assign` would read as something else."""

_COLUMNS = frozenset({"reference"})
"""What an intake reads as a column of its own."""

_FIELD, _STEP, _PARTY, _ROLE = Label("字段", "a field"), Label("步骤", "a step"), Label("当事方", "a party"), Label("角色", "a role")
_ALIAS = Label("子工单名称", "a name of children")


def build_scope(draft: Draft) -> Scope:
    """The scope of all expressions; clashes of names are reported."""
    steps = steps_of(draft)
    _check_reserved(draft, steps)
    _check_unique(draft, steps)
    return Scope(
        fields={name: rule.kind for name, rule in draft.fields.items()},
        titles={
            **{name: title.label for name, title in draft.bundle.roles.items()},
            **{name: step.title.label for _, name, step in steps},
            **{f"{EARLIER}.{name}": title for name, title in EARLIER_TITLES.items()},
            **{name: rule.title for name, rule in draft.fields.items()},
            **{f"{name}.{column}": each.title for name, column, each in _columns(draft)},
        },
        choices={
            **earlier_choices(),
            **{name: rule.choices for name, rule in draft.fields.items() if rule.choices is not None},
            **{each.kind.of: each.choices for _, _, each in _columns(draft) if each.choices is not None and each.kind.of is not None},
        },
        steps=frozenset(name for _, name, _ in steps),
        parties=frozenset(draft.document.parties),
        roles=frozenset(draft.bundle.roles),
        calendar=draft.document.calendar is not None,
        lists={EARLIER: _earlier(draft)} if draft.document.subject is not None else {},
    )


def _columns(draft: Draft) -> Iterator[tuple[str, str, FieldRule]]:
    """Every column, with the list it belongs to and its id."""
    for name, rule in draft.fields.items():
        if rule.rows is not None:
            yield from ((name, column, each) for column, each in rule.rows.columns.items())


def _earlier(draft: Draft) -> Kind:
    return earlier_kind({name: rule.kind for name, rule in draft.fields.items() if not rule.personal})


def steps_of(draft: Draft) -> list[tuple[Path, str, Step]]:
    """Every step as written, with its place and its id."""
    document = draft.document
    found: list[tuple[Path, str, Step]] = [(("start", name), name, step) for name, step in document.start.items()]
    for state, rule in document.states.items():
        found.extend((("states", state, "transitions", name), name, step) for name, step in rule.transitions.items())
    found.extend((("anywhere", name), name, step) for name, step in document.anywhere.items())
    return found


def _check_reserved(draft: Draft, steps: list[tuple[Path, str, Step]]) -> None:
    document = draft.document
    places: list[tuple[Path, str, frozenset[str]]] = [(path, name, _SPOKEN | _PERSONS) for path, name, _ in steps]
    places += [(("parties", name), name, _SPOKEN | _PERSONS) for name in document.parties]
    places += [(("states", name), name, frozenset({STAY, ALL})) for name in document.states]
    for path, _, step in steps:
        places += [((*path, "starts", index, "as"), each.alias, _SPOKEN | _PERSONS) for index, each in enumerate(step.starts)]
    for name, rule in draft.fields.items():
        own = frozenset({"unit"}) if rule.type == "unit" else frozenset()
        places.append((("fields", name), name, (_SPOKEN | _PERSONS | _COLUMNS) - own))
        places += [(("fields", name, "choices", choice), choice, KEYWORDS) for choice in rule.choices or ()]
    for name, column, each in _columns(draft):
        path = ("fields", draft.document.fields[name].like or name, "of", column)
        places.append((path, column, _SPOKEN | {ROW}))
        places += [((*path, "choices", choice), choice, KEYWORDS) for choice in each.choices or ()]
    for path, name, taken in places:
        if name in taken:
            sentence = Label("“{name}”是保留名称", "“{name}” is a reserved name").fill(name=name)
            draft.report("reserved-name", path, sentence, Label("换一个名称。", "Choose another name."), of_key=path[-1] != "as")


def _check_unique(draft: Draft, steps: list[tuple[Path, str, Step]]) -> None:
    """A name is a field, a step, a party or a role, never two of them. One step may stand in several states."""
    for name, column, _ in _columns(draft):
        if column in draft.fields and draft.document.fields[name].like is None:
            sentence = Label("“{name}”已是字段；列的名称不能与字段相同", "“{name}” is a field already: a column needs a name of its own")
            draft.report("duplicate-name", ("fields", name, "of", column), sentence.fill(name=column), of_key=True)
    known = dict.fromkeys(draft.bundle.roles, _ROLE)
    for what, places in (
        (_FIELD, [(("fields", name), name) for name in draft.fields]),
        (_PARTY, [(("parties", name), name) for name in draft.document.parties]),
        (_STEP, [(path, name) for path, name, _ in steps]),
        (_ALIAS, [((*path, "starts", index, "as"), each.alias) for path, _, step in steps for index, each in enumerate(step.starts)]),
    ):
        for path, name in places:
            other = known.setdefault(name, what)
            if other is not what:
                sentence = Label("“{name}”既是{other}又是{what}；名称须唯一", "“{name}” is both {other} and {what}; names must be unique")
                draft.report("duplicate-name", path, sentence.fill(name=name, other=other, what=what), of_key=what is not _ALIAS)
