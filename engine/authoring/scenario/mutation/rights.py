"""Changes of who may do what, and of what he must say: `by`, `not_by`, `reason`, `asks`, `approvals`, `undo`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.interface import steps_of
from engine.authoring.scenario.mutation.edit import GONE
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.core.problem import Path
from engine.definition.step import Approvals, Step
from engine.definition.who import word_of
from engine.label import Label, listed

_NO_PERSONS = frozenset({"system", "parent", "integration"})
FEWEST = 2
"""Fewer signatures are no `approvals`."""


def rights(original: Original) -> Iterator[Change]:
    """Every such change, step by step."""
    for path, step in steps_of(original.workflow):
        yield from _separation_dropped(original, path, step)
        yield from _widened(original, path, step)
        yield from _narrowed(original, path, step)
        yield from _left_unsaid(original, path, step)
        if step.approvals is not None:
            yield from _fewer_signatures(original, path, step, step.approvals)
        if step.undo is not None and original.workflow.undo is not None:
            what = Label("“{step}”可以撤销", "“{step}” could be taken back").fill(step=step.title.label)
            yield change(original, "undo-allowed", (*path, "undo"), GONE, "", what)


def _separation_dropped(original: Original, path: Path, step: Step) -> Iterator[Change]:
    for index, word in enumerate(step.not_by):
        if word in original.definition.scope.steps:
            what = Label("“{step}”可以由执行过“{word}”的人完成", "“{step}” could be done by whoever did “{word}”")
        elif word in original.definition.fields:
            what = Label("“{step}”可以由“{word}”本人完成", "“{step}” could be done by whoever stands in “{word}”")
        else:
            what = Label("“{step}”可以由“{word}”完成", "“{step}” could be done by “{word}”")
        filled = what.fill(step=step.title.label, word=original.word(word))
        yield change(original, "separation-dropped", (*path, "not_by", index), GONE, word, filled)
    if len(step.not_by) > 1:
        what = Label("“{step}”没有任何职责分离（{words}）", "“{step}” barred nobody ({words})")
        filled = what.fill(step=step.title.label, words=listed(map(original.word, step.not_by)))
        yield change(original, "separation-dropped", (*path, "not_by"), GONE, "all", filled)


def _widened(original: Original, path: Path, step: Step) -> Iterator[Change]:
    words = [word_of(each) for each in step.by]
    if not _NO_PERSONS.isdisjoint(words) and _NO_PERSONS.issuperset(words):
        return
    for index, word in enumerate(words):
        rule = original.definition.fields.get(word)
        if rule is not None and rule.role is not None and rule.role not in words:
            what = Label(
                "“{step}”可以由任何“{role}”完成，不限于“{word}”本人",
                "“{step}” could be done by any “{role}”, not only by whoever stands in “{word}”",
            )
            filled = what.fill(step=step.title.label, role=original.word(rule.role), word=rule.title)
            yield change(original, "right-widened", (*path, "by", index), rule.role, word, filled)
    other = _tempting(original, path, words)
    if other is not None:
        what = Label("“{step}”也可以由“{role}”完成", "“{step}” could also be done by “{role}”")
        filled = what.fill(step=step.title.label, role=original.word(other))
        yield change(original, "right-widened", (*path, "by"), (*step.by, other), other, filled)


def _tempting(original: Original, path: Path, words: list[str]) -> str | None:
    """The role that is nearest at hand: of the steps that lead here, then of those beside, then of any."""
    states, every = original.definition.states, original.definition.steps()
    here = str(path[1]) if path[0] == "states" else None
    before = [step for step in every if here is not None and here in step.to.values()]
    beside = list(states[here].steps.values()) if here is not None else []
    fields = original.definition.fields
    admitted = {*words, *(fields[word].role for word in words if word in fields)}
    roles = (right.name for step in (*before, *beside, *every) for right in step.by if right.kind == "role")
    return next((role for role in roles if role not in admitted), None)


def _narrowed(original: Original, path: Path, step: Step) -> Iterator[Change]:
    for index, word in enumerate(map(word_of, step.by)):
        if len(step.by) > 1:
            what = Label("“{step}”不能再由“{word}”完成", "“{step}” could no longer be done by “{word}”")
            filled = what.fill(step=step.title.label, word=original.word(word))
            yield change(original, "right-dropped", (*path, "by", index), GONE, word, filled)


def _left_unsaid(original: Original, path: Path, step: Step) -> Iterator[Change]:
    if step.reason is not None:
        what = Label("“{step}”不用写明原因", "“{step}” needed no reason").fill(step=step.title.label)
        yield change(original, "reason-dropped", (*path, "reason"), GONE, "", what)
    for index, asked in enumerate(step.asks):
        if isinstance(asked, str):
            yield from _optional(original, step, (*path, "asks", index), asked, asked)
        else:
            for column, word in enumerate(asked.columns):
                yield from _optional(original, step, (*path, "asks", index, "columns", column), word, f"{asked.rows}.{word}")


def _optional(original: Original, step: Step, path: Path, word: str, field: str) -> Iterator[Change]:
    if not word.endswith("?"):
        title = original.definition.rule_of(field).title
        what = Label("“{step}”时可以不填“{field}”", "“{field}” could be left empty in “{step}”").fill(step=step.title.label, field=title)
        yield change(original, "field-optional", path, f"{word}?", field, what)


def _fewer_signatures(original: Original, path: Path, step: Step, approvals: Approvals) -> Iterator[Change]:
    here = (*path, "approvals")
    if isinstance(approvals.at_least, str) and approvals.at_least.isdecimal():
        needed = int(approvals.at_least)
        what = Label("“{step}”只需 {fewer} 人签署，而不是 {needed} 人", "“{step}” could be done with {fewer} of its {needed} signatures")
        what = what.fill(step=step.title.label, fewer=needed - 1, needed=needed)
        place, value = ((*here, "at_least"), str(needed - 1)) if needed > FEWEST else (here, GONE)
        yield change(original, "signature-dropped", place, value, "at_least", what)
    if approvals.each_of:
        what = Label("“{step}”由谁签署都行，不限角色", "“{step}” could be signed by anybody, whatever the roles").fill(
            step=step.title.label
        )
        yield change(original, "signature-dropped", (*here, "each_of"), GONE, "each_of", what)
