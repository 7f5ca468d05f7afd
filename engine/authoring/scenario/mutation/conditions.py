"""Changes of conditions: a line of `requires` that is gone, a bound that is moved by one, an automatic step that comes too soon."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.interface import steps_of
from engine.authoring.scenario.mutation.choices import instead
from engine.authoring.scenario.mutation.edit import GONE
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.authoring.scenario.mutation.shift import shifts
from engine.core.compiled import CompiledStep
from engine.core.expression.term import Comparison, Conjunction, Disjunction, Term
from engine.core.problem import Path
from engine.label import Label


def conditions(original: Original) -> Iterator[Change]:
    """Every such change of steps, step by step."""
    for path, step in steps_of(original.workflow):
        title = step.title.label
        for index, line in enumerate(step.requires):
            what = Label("“{step}”不再检查“{say}”", "“{step}” no longer demanded “{say}”").fill(step=title, say=line.say.label)
            yield change(original, "guard-dropped", (*path, "requires", index), GONE, line.that, what)
            place = Label("“{step}”的条件", "a condition of “{step}”").fill(step=title)
            yield from shifted(original, place, (*path, "requires", index, "that"), line.that)
        for index, notice in enumerate(step.notify):
            place = Label("“{step}”发消息的条件", "the condition of a message of “{step}”").fill(step=title)
            yield from shifted(original, place, (*path, "notify", index, "when"), notice.when)
        for index, starts in enumerate(step.starts):
            place = Label("“{step}”开子工单的条件", "the condition of a case that “{step}” opens").fill(step=title)
            yield from shifted(original, place, (*path, "starts", index, "when"), starts.when)
        if step.when is not None:
            place = Label("“{step}”自动执行的条件", "the condition of “{step}”").fill(step=title)
            yield from shifted(original, place, (*path, "when"), step.when)
    for state in original.definition.states.values():
        for automatic in state.automatic:
            yield from _too_soon(original, automatic)


def shifted(original: Original, place: Label, path: Path, text: str | None) -> Iterator[Change]:
    """Every bound of the condition at a path moved by one; `place` is what it is called."""
    for shift in shifts((text,), original.definition.scope) if text is not None else ():
        what = instead(place, shift.before, shift.after)
        yield change(original, "bound-shifted", path, shift.texts[0], f"{shift.before} {shift.after}", what)


def _too_soon(original: Original, step: CompiledStep) -> Iterator[Change]:
    if step.when is None:
        return
    for weaker in _weaker(step.when.tree):
        what = Label("“{step}”在“{weaker}”时就自动执行", "“{step}” came as soon as “{weaker}”").fill(step=step.title, weaker=weaker)
        yield change(original, "waiting-weakened", (*step.path, "when"), weaker, weaker, what)


def _weaker(term: Term) -> Iterator[str]:
    """The condition without one of its parts; of one that compares a value with another, that there is a value at all."""
    if isinstance(term, Conjunction):
        for left_out in term.operands:
            kept = [each for each in term.operands if each is not left_out]
            yield " and ".join(f"({each.place.text})" if isinstance(each, Disjunction) else each.place.text for each in kept)
    elif isinstance(term, Comparison):
        yield f"{term.left.place.text} is set"
