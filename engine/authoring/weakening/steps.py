"""Steps of a variant that more people may do, or with less, than in the base; and those that are gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.authoring.interface import steps_of
from engine.authoring.weakening.weakening import Weakening
from engine.core.problem import Path
from engine.definition.message import Notice
from engine.definition.step import Approvals, Asked, Step
from engine.definition.who import Who, word_of
from engine.definition.workflow import Workflow
from engine.label import Label


def weaker_steps(base: Workflow, variant: Workflow) -> Iterator[Weakening]:
    """The weakenings of steps, in the order of the base."""
    kept = dict(steps_of(variant))
    gone = base.states.keys() - variant.states.keys()
    for name in (name for name in base.states if name in gone):
        sentence = Label("没有状态“{state}”", "the state “{state}” is gone").fill(state=base.states[name].title.label)
        yield Weakening("step", name, ("states", name), sentence)
    for path, step in steps_of(base):
        if path in kept:
            yield from _weaker(path, step, kept[path])
        elif path[:1] != ("states",) or path[1] not in gone:
            yield Weakening("step", str(path[-1]), path, Label("没有步骤“{step}”", "the step “{step}” is gone").fill(step=step.title.label))


def _weaker(path: Path, base: Step, variant: Step) -> Iterator[Weakening]:
    name, title = str(path[-1]), variant.title.label
    for who in variant.by:
        if who not in base.by and not _wider(who, base.by):
            sentence = Label("“{step}”还可由“{who}”办理", "“{step}” may also be done by “{who}”")
            yield Weakening("role", name, (*path, "by"), sentence.fill(step=title, who=_said(who)))
    for word in base.not_by:
        if word not in variant.not_by:
            sentence = Label("“{step}”不再排除“{who}”", "“{step}” no longer keeps “{who}” out")
            yield Weakening("separation", name, (*path, "not_by"), sentence.fill(step=title, who=word))
    conditions = {line.that for line in variant.requires}
    for line in base.requires:
        if line.that not in conditions:
            sentence = Label("“{step}”没有条件“{that}”", "“{step}” lacks the condition “{that}”")
            yield Weakening("guard", name, (*path, "requires"), sentence.fill(step=title, that=line.that))
    if base.reason is not None and variant.reason is None:
        yield Weakening("reason", name, (*path, "reason"), Label("“{step}”无须理由", "“{step}” needs no reason").fill(step=title))
    if base.approvals is not None and _fewer(base.approvals, variant.approvals):
        sentence = Label("“{step}”的会签要求有减少", "“{step}” needs fewer signatures, or others").fill(step=title)
        yield Weakening("approvals", name, (*path, "approvals"), sentence)
    demanded = set(_demanded(variant.asks))
    for field in _demanded(base.asks):
        if field not in demanded:
            sentence = Label("“{step}”无须填写“{field}”", "“{step}” does not demand “{field}”").fill(step=title, field=field)
            yield Weakening("form", name, (*path, "asks"), sentence)
    told = set(_told(variant.notify))
    for who in _told(base.notify):
        if who not in told:
            sentence = Label("“{step}”之后不通知“{who}”", "after “{step}” nobody tells “{who}”").fill(step=title, who=who)
            yield Weakening("notice", name, (*path, "notify"), sentence)


def _wider(who: Who, base: Iterable[Who]) -> bool:
    """Whether the base lets the same role act from anywhere, which is more than from its own unit."""
    return isinstance(who, str) and any(not isinstance(each, str) and each.role == who for each in base)


def _said(who: Who) -> str:
    return who if isinstance(who, str) else f"{who.role} (in: any)"


def _fewer(base: Approvals, variant: Approvals | None) -> bool:
    if variant is None or not set(base.each_of) <= set(variant.each_of):
        return True
    before, after = base.at_least, variant.at_least
    if isinstance(before, str) and isinstance(after, str) and before.isdecimal() and after.isdecimal():
        return int(after) < int(before)
    return after != before


def _demanded(asks: Iterable[Asked]) -> Iterator[str]:
    """What must be filled; of rows, each column."""
    for each in asks:
        if isinstance(each, str):
            yield from () if each.endswith("?") else (each,)
        else:
            yield from (f"{each.rows}.{column}" for column in each.columns if not column.endswith("?"))


def _told(notices: Iterable[Notice]) -> Iterator[str]:
    for notice in notices:
        yield from map(word_of, notice.tell)
