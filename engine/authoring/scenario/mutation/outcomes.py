"""Changes of what a step does: where it leads, what it sets and empties, who holds the case, whom it tells, what it opens."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.interface import steps_of
from engine.authoring.scenario.mutation.choices import choices, instead
from engine.authoring.scenario.mutation.edit import GONE
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.core.compiled import STAY
from engine.core.problem import Path
from engine.definition.child import Starts
from engine.definition.message import Notice
from engine.definition.step import Pick, Step
from engine.definition.who import word_of
from engine.label import Label, listed

_NEIGHBOURS = 2
"""To how many other states a step is sent that leads to one."""

_AT_END = {"wait": "leave", "leave": "wait"}


def outcomes(original: Original) -> Iterator[Change]:
    """Every such change, step by step."""
    for path, step in steps_of(original.workflow):
        title = step.title.label
        yield from choices(original, title, (*path, "to"), step.to)
        yield from _elsewhere(original, path, step)
        yield from _not_written(original, path, step)
        yield from _not_given(original, path, step)
        if step.approvals is not None:
            yield from choices(original, title, (*path, "approvals", "at_least"), step.approvals.at_least)
        for index, notice in enumerate(step.notify):
            yield from _not_told(original, title, (*path, "notify", index), notice)
        for index, starts in enumerate(step.starts):
            yield from _not_opened(original, title, (*path, "starts", index), starts)


def _elsewhere(original: Original, path: Path, step: Step) -> Iterator[Change]:
    if not isinstance(step.to, str):
        return
    states, starts = original.definition.states, original.definition.starts.values()
    beside = states[str(path[1])].steps.values() if path[0] == "states" else starts if path[0] == "start" else ()
    behind = states[step.to].steps.values() if step.to != STAY else ()
    near = dict.fromkeys(target for each in (*beside, *behind) for target in each.to.values())
    for target in [each for each in near if each not in (step.to, STAY)][:_NEIGHBOURS]:
        what = Label("“{step}”去了“{target}”而不是“{to}”", "“{step}” led to “{target}” instead of “{to}”")
        filled = what.fill(step=step.title.label, target=original.state(target), to=original.state(step.to))
        yield change(original, "target-changed", (*path, "to"), target, target, filled)


def _not_written(original: Original, path: Path, step: Step) -> Iterator[Change]:
    fields = original.definition.fields
    for name, value in step.set.items():
        what = Label("“{step}”不再设置“{field}”", "“{step}” no longer set “{field}”").fill(step=step.title.label, field=fields[name].title)
        yield change(original, "set-dropped", (*path, "set", name), GONE, name, what)
        if not isinstance(value, dict):
            yield from choices(original, step.title.label, (*path, "set", name), value)
    for index, name in enumerate(step.clears):
        what = Label("“{step}”不再清空“{field}”", "“{step}” no longer emptied “{field}”").fill(
            step=step.title.label, field=fields[name].title
        )
        yield change(original, "clearing-dropped", (*path, "clears", index), GONE, name, what)


def _not_given(original: Original, path: Path, step: Step) -> Iterator[Change]:
    if step.assign is not None:
        what = Label("“{step}”之后承办人不变", "“{step}” left the case with whoever held it").fill(step=step.title.label)
        yield change(original, "assign-dropped", (*path, "assign"), GONE, "", what)
        if not isinstance(step.assign, Pick):
            yield from choices(original, step.title.label, (*path, "assign"), step.assign)


def _not_told(original: Original, title: Label, path: Path, notice: Notice) -> Iterator[Change]:
    whom = listed(original.word(word_of(each)) for each in notice.tell)
    what = Label("“{step}”之后不再告知“{whom}”", "“{step}” no longer told “{whom}”").fill(step=title, whom=whom)
    yield change(original, "notice-dropped", path, GONE, str(notice.template), what)
    yield from untold(original, title, path, notice, str(notice.template))
    if notice.template is not None:
        yield from choices(original, title, (*path, "template"), notice.template)


def untold(original: Original, title: Label, path: Path, notice: Notice, which: str) -> Iterator[Change]:
    """One of several who are told is told no more; `which` tells the notice from others of its step or clock."""
    for index, word in enumerate(map(word_of, notice.tell)):
        if len(notice.tell) > 1:
            what = Label("“{title}”不再告知“{word}”", "“{title}” no longer told “{word}”").fill(title=title, word=original.word(word))
            yield change(original, "told-dropped", (*path, "tell", index), GONE, f"{which}.{word}", what)


def _not_opened(original: Original, title: Label, path: Path, starts: Starts) -> Iterator[Change]:
    alias = original.definition.aliases[starts.alias]
    what = Label("“{step}”不再开“{child}”工单", "“{step}” no longer opened a case of “{child}”").fill(step=title, child=alias.title)
    yield change(original, "child-dropped", path, GONE, starts.alias, what)
    at_end = _AT_END.get(starts.at_end, "leave")
    place = Label("“{child}”的“at_end”", "“at_end” of “{child}”").fill(child=alias.title)
    what = instead(place, starts.at_end, at_end)
    yield change(original, "end-changed", (*path, "at_end"), at_end, f"{starts.alias}.{at_end}", what)
    for name, value in starts.values.items():
        yield from choices(original, title, (*path, "with", name), value)
