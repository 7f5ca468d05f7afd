"""What there is to cover in a process: each state, step, branch, guard line, rung and refusal, with a sentence for when it is missing.

Reads a compiled definition only; what was covered is found by `coverage`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from engine.authoring.scenario.watching import branches_of, rebuilt
from engine.core.choosing import ByCases, BySwitch, Chosen
from engine.core.compiled import STAY, ClockRule, CompiledDefinition, CompiledStep, GuardRule
from engine.core.problem import Path
from engine.label import Label, verbatim

T = TypeVar("T")

Family = Literal["states", "transitions", "choices", "guards", "rungs", "refusals"]
FAMILIES: tuple[Family, ...] = ("states", "transitions", "choices", "guards", "rungs", "refusals")

Key = tuple[str | Path, ...]
"""What tells goals of a family apart: its family, and what it is about."""

_PERSONAL = frozenset({"role", "field", "assignee", "party"})
_ELSE = Label("其余情况", "else")


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing that a scenario should show. `sentence` says that none does; `path`: where it stands in the document."""

    family: Family
    key: Key
    path: Path
    sentence: Label


def goals_of(definition: CompiledDefinition) -> tuple[Goal, ...]:
    """All of a process, by family, in the order of the document."""
    steps = {step.path: step for step in definition.steps()}
    seen = _Seen()
    rebuilt(definition, seen)
    choices = (goal for path, rule in seen.choices.items() for goal in _branches(definition, steps, path, rule))
    lines = (goal for path, rule in seen.lines.items() for goal in _line(steps[_step_path(path)], path, rule))
    rungs = (goal for clock in definition.clocks.values() for goal in _rungs(clock))
    refusals = (goal for step in steps.values() for goal in _refusals(step))
    return (*_states(definition), *_transitions(definition, steps), *choices, *lines, *rungs, *refusals)


class _Seen:
    """Collects choices and lines, and leaves them as they are."""

    def __init__(self) -> None:
        self.choices: dict[Path, Chosen[object]] = {}
        self.lines: dict[Path, GuardRule] = {}

    def choice(self, path: Path, rule: Chosen[T]) -> Chosen[T]:
        self.choices.setdefault(path, rule)
        return rule

    def line(self, path: Path, rule: GuardRule) -> GuardRule:
        self.lines[path] = rule
        return rule


def _states(definition: CompiledDefinition) -> Iterator[Goal]:
    for name, state in definition.states.items():
        sentence = Label("没有场景进入“{state}”", "no scenario enters “{state}”").fill(state=state.title)
        yield Goal("states", ("states", name), ("states", name), sentence)


def _transitions(definition: CompiledDefinition, steps: dict[Path, CompiledStep]) -> Iterator[Goal]:
    for path, step in steps.items():
        if path[0] == "start":
            sentence = Label("没有场景以“{step}”建单", "no scenario opens a case by “{step}”")
        elif path[0] == "anywhere":
            sentence = Label("没有场景执行“{step}”", "no scenario performs “{step}”")
        else:
            sentence = Label("没有场景在“{state}”执行“{step}”", "no scenario performs “{step}” in “{state}”")
        state = definition.states[str(path[1])].title if path[0] == "states" else None
        yield Goal("transitions", ("transitions", path), path, sentence.fill(step=step.title, state=state))
        if step.event is not None:
            sentence = Label("没有场景由事件“{event}”执行“{step}”", "no scenario lets the event “{event}” perform “{step}”")
            here = (*path, "event")
            yield Goal("transitions", ("transitions", here), here, sentence.fill(event=step.event.name, step=step.title))


def _branches(definition: CompiledDefinition, steps: dict[Path, CompiledStep], path: Path, rule: Chosen[object]) -> Iterator[Goal]:
    for place, value in branches_of(path, rule).items():
        branch = _branch(definition, rule, place)
        if path[-1] == "to":
            sentence = _move(definition, steps[path[:-1]], str(value), branch)
        else:
            sentence = Label("没有场景用到{choice}的分支“{branch}”", "no scenario takes this branch of {choice}: {branch}")
            sentence = sentence.fill(choice=_choice(definition, steps, path), branch=branch)
        yield Goal("choices", ("choices", place), place, sentence)


def _branch(definition: CompiledDefinition, rule: Chosen[object], place: Path) -> Label:
    last = place[-1]
    if isinstance(rule, BySwitch):
        titles = definition.fields[rule.field].choices or {}
        which = titles.get(str(last), verbatim(str(last)))
        return Label("{field} = {choice}", "{field} = {choice}").fill(field=definition.fields[rule.field].title, choice=which)
    assert isinstance(rule, ByCases)
    assert isinstance(last, int)
    return verbatim(rule.branches[last][0].text) if last < len(rule.branches) else _ELSE


def _move(definition: CompiledDefinition, step: CompiledStep, target: str, branch: Label) -> Label:
    to = definition.states[target].title if target != STAY else Label("原状态", "where it is")
    if step.path[0] == "start":
        sentence = Label("没有场景以“{step}”建单到“{to}”（{branch}）", "no scenario opens a case by “{step}” into “{to}” ({branch})")
    elif step.path[0] == "anywhere":
        sentence = Label("没有场景以“{step}”把工单送到“{to}”（{branch}）", "no scenario sends a case to “{to}” by “{step}” ({branch})")
    else:
        sentence = Label(
            "没有场景以“{step}”把工单从“{state}”送到“{to}”（{branch}）",
            "no scenario sends a case from “{state}” to “{to}” by “{step}” ({branch})",
        )
    state = definition.states[str(step.path[1])].title if step.path[0] == "states" else None
    return sentence.fill(step=step.title, state=state, to=to, branch=branch)


def _choice(definition: CompiledDefinition, steps: dict[Path, CompiledStep], path: Path) -> Label:
    """A choice as people find it: by the title of what it belongs to, and its key."""
    if path[0] in ("fields", "clocks"):
        name = str(path[1])
        title = definition.fields[name].title if path[0] == "fields" else definition.clocks[name].title
        key = path[2:]
    elif path[0] == "ladders":
        title, key = verbatim(str(path[1])), path[2:]
    else:
        title, key = steps[_step_path(path)].title, path[len(_step_path(path)) :]
    words = " ".join(str(part) for part in key if isinstance(part, str))
    return Label("“{title}”的“{key}”", "“{key}” of “{title}”").fill(title=title, key=words)


def _step_path(path: Path) -> Path:
    return path[:4] if path[0] == "states" else path[:2]


def _line(step: CompiledStep, path: Path, rule: GuardRule) -> Iterator[Goal]:
    refused = Label("没有场景因“{say}”被拒绝执行“{step}”", "no scenario is refused “{step}” because of “{say}”")
    yield Goal("guards", ("unmet", path), path, refused.fill(say=rule.say, step=step.title))
    passed = Label("没有场景在条件“{that}”满足时执行“{step}”", "no scenario performs “{step}” while “{that}” holds")
    yield Goal("guards", ("met", path), path, passed.fill(that=rule.that.text, step=step.title))


def _rungs(clock: ClockRule) -> Iterator[Goal]:
    for rung in clock.ladder:
        sentence = Label("没有场景走到“{clock}”的 {rung} 一级", "no scenario reaches the rung {rung} of “{clock}”")
        yield Goal("rungs", ("rungs", clock.id, rung.id), rung.path, sentence.fill(clock=clock.title, rung=rung.id))


def _refusals(step: CompiledStep) -> Iterator[Goal]:
    if any(right.kind in _PERSONAL for right in step.by):
        sentence = Label("没有场景因无权而被拒绝执行“{step}”", "no scenario is refused “{step}” for want of the right")
        yield Goal("refusals", ("not_authorised", step.path), (*step.path, "by"), sentence.fill(step=step.title))
    if step.not_by_steps or step.not_by_rights:
        sentence = Label("没有场景因职责分离而被拒绝执行“{step}”", "no scenario is refused “{step}” for separation of duties")
        yield Goal("refusals", ("separation_of_duties", step.path), (*step.path, "not_by"), sentence.fill(step=step.title))
