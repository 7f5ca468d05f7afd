"""Compiles starts, transitions and `anywhere` steps: who, with what form, under which conditions, to where."""

from __future__ import annotations

from engine.core.choosing import Chosen, Fixed, expressions_of
from engine.core.compiled import STAY, CompiledStep, GuardRule, Holder
from engine.core.compiling.draft import Draft
from engine.core.compiling.fields import kept_apart
from engine.core.compiling.firing import check_unattended
from engine.core.compiling.notices import compile_notices
from engine.core.compiling.values import compile_choice
from engine.core.compiling.words import compile_by, compile_not_by
from engine.core.expression import Expression
from engine.core.form import Ask, Form
from engine.core.kind import BOOLEAN, Kind
from engine.core.problem import Path
from engine.definition.step import Anywhere, Step
from engine.label import Label

_FIELD = Label("字段", "field")
_NO_TRANSFER = Label("尚不支持把工单移交其他单位", "moving a case to another unit is not yet supported")


def compile_step(draft: Draft, name: str, step: Step, path: Path, *, is_start: bool = False) -> CompiledStep:
    """One step; what cannot be resolved is reported and left out."""
    steps, excluded = compile_not_by(draft, step, path)
    compiled = CompiledStep(
        id=name,
        title=step.title.label,
        path=path,
        by=compile_by(draft, step, path, is_start=is_start),
        not_by_steps=steps,
        not_by_rights=excluded,
        form=_compile_form(draft, step, path, is_start=is_start),
        shows=tuple(field for index, field in enumerate(step.shows) if _is_field(draft, field, (*path, "shows", index))),
        requires=_compile_requires(draft, step, path),
        reason_required=step.reason == "required",
        sets=_compile_sets(draft, step, path),
        clears=tuple(field for index, field in enumerate(step.clears) if _may_write(draft, field, (*path, "clears", index))),
        assign=_compile_assign(draft, step, path),
        to=_compile_target(draft, step, path, is_start=is_start),
        notify=compile_notices(draft, step.notify, (*path, "notify")),
    )
    check_unattended(draft, compiled)
    return compiled


def compile_anywhere(draft: Draft) -> tuple[tuple[CompiledStep, frozenset[str]], ...]:
    """The `anywhere` steps, each with the states in which it applies."""
    return tuple(
        (compile_step(draft, name, step, ("anywhere", name)), _states_of(draft, name, step))
        for name, step in draft.document.anywhere.items()
    )


def _states_of(draft: Draft, name: str, step: Anywhere) -> frozenset[str]:
    path: Path = ("anywhere", name)
    states = draft.document.states
    if step.inside is not None and step.outside is not None:
        draft.report(
            "not-allowed-here", (*path, "except"), Label("in 与 except 只能取一个", "give “in” or “except”, not both"), of_key=True
        )
    for key, names in (("in", step.inside), ("except", step.outside)):
        for index, state in enumerate(names or ()):
            if state not in states:
                draft.unknown("unknown-state", Label("状态", "state"), state, (*path, key, index), states)
    if step.inside is not None:
        return frozenset(step.inside)
    return frozenset(state for state, rule in states.items() if rule.final is None) - frozenset(step.outside or ())


def _compile_form(draft: Draft, step: Step, path: Path, *, is_start: bool) -> Form:
    asks: list[Ask] = []
    for index, word in enumerate(step.asks):
        name, here = word.removesuffix("?"), (*path, "asks", index)
        if not _may_write(draft, name, here):
            continue
        if name == "unit" and not is_start:
            draft.report("not-supported", here, _NO_TRANSFER)
            continue
        if any(ask.field.id == name for ask in asks):
            draft.report("duplicate-name", here, Label("“{name}”问了两次", "“{name}” is asked twice").fill(name=name))
            continue
        asks.append(Ask(draft.fields[name], word.endswith("?")))
    return Form(tuple(asks))


def _is_field(draft: Draft, name: str, path: Path, *, of_key: bool = False) -> bool:
    if name not in draft.fields:
        draft.unknown("unknown-field", _FIELD, name, path, draft.fields, of_key=of_key)
    return name in draft.fields


def _may_write(draft: Draft, name: str, path: Path, *, of_key: bool = False) -> bool:
    if not _is_field(draft, name, path, of_key=of_key):
        return False
    if draft.fields[name].computed:
        draft.report(
            "computed-written",
            path,
            Label("“{name}”是计算字段，不能填写", "“{name}” is computed and cannot be written").fill(name=name),
            of_key=of_key,
        )
    return not draft.fields[name].computed


def _compile_requires(draft: Draft, step: Step, path: Path) -> tuple[GuardRule, ...]:
    rules: list[GuardRule] = []
    for index, line in enumerate(step.requires):
        that = draft.expression(line.that, (*path, "requires", index, "that"), BOOLEAN)
        if that is not None:
            draft.decide_by(that.reads)
            rules.append(GuardRule(that, line.say.label))
    return tuple(rules)


def _compile_sets(draft: Draft, step: Step, path: Path) -> tuple[tuple[str, Chosen[Expression]], ...]:
    sets: list[tuple[str, Chosen[Expression]]] = []
    for name, value in step.set.items():
        here: Path = (*path, "set", name)
        if name == "unit":
            draft.report("not-supported", here, _NO_TRANSFER, of_key=True)
            continue
        if not _may_write(draft, name, here, of_key=True):
            continue
        if draft.fields[name].unique:
            draft.report("not-allowed-here", here, Label("唯一字段只能由人填写", "a unique field is filled by persons only"), of_key=True)
        kind = draft.fields[name].kind

        def reading(text: str, at: Path, expected: Kind = kind, field: str = name) -> Expression | None:
            return kept_apart(draft, field, draft.expression(text, at, expected), at)

        chosen = compile_choice(draft, value, here, reading)
        if chosen is not None:
            sets.append((name, chosen))
            for expression in expressions_of(chosen):
                draft.decide_by(expression.reads)
    return tuple(sets)


def _compile_assign(draft: Draft, step: Step, path: Path) -> Chosen[Holder] | None:
    if step.assign is None:
        return None

    def reading(word: str, at: Path) -> Holder | None:
        if word in ("actor", "nobody"):
            return Holder(word)
        persons = [name for name, rule in draft.fields.items() if rule.kind.name == "person"]
        if word in persons:
            return Holder("field", word)
        draft.unknown("unknown-field", Label("人员字段", "person field"), word, at, [*persons, "actor", "nobody"])
        return None

    return compile_choice(draft, step.assign, (*path, "assign"), reading)


def _compile_target(draft: Draft, step: Step, path: Path, *, is_start: bool) -> Chosen[str]:
    def reading(word: str, at: Path) -> str | None:
        if word in draft.document.states or (word == STAY and not is_start):
            return word
        known = [*draft.document.states, *([] if is_start else [STAY])]
        draft.unknown("unknown-state", Label("状态", "state"), word, at, known)
        return None

    return compile_choice(draft, step.to, (*path, "to"), reading) or Fixed("")
