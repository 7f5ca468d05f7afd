"""Compiles starts, transitions and `anywhere` steps: who, with what form, under which conditions, to where."""

from __future__ import annotations

from engine.core.choosing import Chosen, Fixed
from engine.core.compiled import STAY, CompiledStep, GuardRule
from engine.core.compiling.approvals import compile_approvals
from engine.core.compiling.assigning import compile_assign
from engine.core.compiling.children import compile_starts
from engine.core.compiling.draft import Draft
from engine.core.compiling.firing import check_unattended, compile_when
from engine.core.compiling.forms import compile_form, is_field, may_write
from engine.core.compiling.notices import compile_notices
from engine.core.compiling.outside import compile_emit, compile_event
from engine.core.compiling.sets import compile_sets
from engine.core.compiling.values import compile_choice
from engine.core.compiling.words import compile_by, compile_not_by
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.definition.step import Anywhere, Step
from engine.label import Label


def compile_step(draft: Draft, name: str, step: Step, path: Path, *, is_start: bool = False) -> CompiledStep:
    """One step; what cannot be resolved is reported and left out."""
    steps, excluded = compile_not_by(draft, step, path)
    form = compile_form(draft, step, path)
    compiled = CompiledStep(
        id=name,
        title=step.title.label,
        path=path,
        by=compile_by(draft, step, path, is_start=is_start),
        not_by_steps=steps,
        not_by_rights=excluded,
        form=form,
        shows=tuple(field for index, field in enumerate(step.shows) if is_field(draft, field, (*path, "shows", index))),
        requires=_compile_requires(draft, step, path),
        reason_required=step.reason == "required",
        sets=compile_sets(draft, step, path),
        clears=tuple(field for index, field in enumerate(step.clears) if may_write(draft, field, (*path, "clears", index))),
        assign=compile_assign(draft, step, path),
        to=_compile_target(draft, step, path, is_start=is_start),
        notify=compile_notices(draft, step.notify, (*path, "notify")),
        when=compile_when(draft, step, path, is_start=is_start),
        starts=compile_starts(draft, step, path),
        approvals=compile_approvals(draft, step, path),
        undoable=step.undo is None,
        event=compile_event(draft, step, form, path),
        emit=compile_emit(draft, step, path),
    )
    check_unattended(draft, compiled, is_start=is_start)
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


def _compile_requires(draft: Draft, step: Step, path: Path) -> tuple[GuardRule, ...]:
    rules: list[GuardRule] = []
    for index, line in enumerate(step.requires):
        that = draft.expression(line.that, (*path, "requires", index, "that"), BOOLEAN)
        if that is not None:
            draft.decide_by(that.reads)
            rules.append(GuardRule(that, line.say.label))
    return tuple(rules)


def _compile_target(draft: Draft, step: Step, path: Path, *, is_start: bool) -> Chosen[str]:
    def reading(word: str, at: Path) -> str | None:
        if word in draft.document.states or (word == STAY and not is_start):
            return word
        known = [*draft.document.states, *([] if is_start else [STAY])]
        draft.unknown("unknown-state", Label("状态", "state"), word, at, known)
        return None

    return compile_choice(draft, step.to, (*path, "to"), reading) or Fixed("")
