"""Checks clocks that compile and yet cannot do their work: never running, never ended, reminding too early, or nobody.

Works on where a clock may run and what may be filled, not on whether its conditions can hold (that is the guard family).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.checks.following import placed
from engine.core.choosing import ByCases, BySwitch
from engine.core.compiled import ClockRule, CompiledDefinition
from engine.core.expression import Expression
from engine.core.expression.term import Constant, FieldValue, leaves
from engine.core.ladder import Rung
from engine.core.problem import Path, Problem
from engine.core.telling import NoticeRule
from engine.label import Label
from engine.timing.period import FAMILIES, Period, finest


def check_time(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """All findings; what lies in a shared ladder or an `anywhere` step is told once."""
    problems: dict[Problem, None] = {}
    written = _written(definition)
    for rule in definition.clocks.values():
        problems.update(dict.fromkeys(_idle(definition, rule)))
        problems.update(dict.fromkeys(_unfilled(rule, written)))
        for rung in rule.ladder:
            problems.update(dict.fromkeys(_misplaced(rule, rung)))
    for notice, path in _notices(definition):
        problems.update(dict.fromkeys(_unreached(definition, notice, path)))
        problems.update(dict.fromkeys(_nobody(notice, path, written)))
    return tuple(problems)


def _written(definition: CompiledDefinition) -> frozenset[str]:
    """The fields that some step, or a calculation, may fill."""
    found = {name for name, _ in definition.computed}
    for step in definition.steps():
        found.update(ask.field.id for ask in step.form.asks)
        found.update(name for name, _ in step.sets)
    return frozenset(found)


def _idle(definition: CompiledDefinition, rule: ClockRule) -> Iterator[Problem]:
    """A clock that never runs, or that nothing but the end of the case can end."""
    if not rule.states - rule.pauses:
        sentence = Label("“{clock}”在所有状态都暂停，永不计时", "“{clock}” is paused wherever it could run").fill(clock=rule.id)
        way_out = Label("从 pauses 中去掉真正计时的状态。", "Take the states in which it counts out of “pauses”.")
        yield Problem("clock-never-runs", (*rule.path, "pauses"), sentence, way_out, of_key=True)
    steps = {step for name in rule.states for step in definition.states[name].steps}
    if rule.until and not rule.until & steps:
        sentence = Label(
            "工单未结时没有 until 的步骤：“{clock}”从不因此结束", "no step of “until” stands in an open state: “{clock}” never ends by one"
        )
        way_out = Label("写未结状态中的步骤，或改用 runs_in: all。", "Name a step of an open state, or say “runs_in: all”.")
        yield Problem("clock-never-stops", (*rule.path, "until"), sentence.fill(clock=rule.id), way_out, of_key=True)


def _unfilled(rule: ClockRule, written: frozenset[str]) -> Iterator[Problem]:
    """Fields that the clock waits for in vain."""
    for key, name in (("from", rule.since), ("due", rule.due)):
        if name is not None and name not in written:
            yield _never_filled((*rule.path, key), name)
    if isinstance(rule.limit, BySwitch) and rule.limit.field not in written:
        yield _never_filled((*rule.path, "limit", "field"), rule.limit.field)
    for path, expression in _expressions(rule):
        for leaf in leaves(expression.tree):
            if isinstance(leaf, FieldValue) and leaf.field not in written:
                yield _never_filled(path, leaf.field, leaf.place.offset, leaf.place.end - leaf.place.offset)


def _never_filled(path: Path, name: str, offset: int = 0, length: int | None = None) -> Problem:
    sentence = Label("没有步骤填写“{name}”，时限永远等不到它", "no step ever fills “{name}”, for which the clock waits").fill(name=name)
    way_out = Label("让某个步骤填写它，或换一个字段。", "Let a step fill it, or name another field.")
    return Problem("unfilled-clock-field", path, sentence, way_out, offset, length)


def _expressions(rule: ClockRule) -> Iterator[tuple[Path, Expression]]:
    if rule.when is not None:
        yield (*rule.path, "when"), rule.when
    if rule.limit is None:
        return
    path = (*rule.path, "limit")
    if isinstance(rule.limit, ByCases):
        for index, (when, _) in enumerate(rule.limit.branches):
            yield (*path, index, "when"), when
    for place, value, _ in placed(rule.limit, path):
        yield place, value


def _misplaced(rule: ClockRule, rung: Rung) -> Iterator[Problem]:
    """A rung before the clock begins, or counted in another kind of time than the limit."""
    limits = rule.limit.values() if rule.limit is not None else ()
    path: Path = (*rung.path, "at")
    if rung.after_start is not None and any(limit.kind.of != FAMILIES[rung.after_start.unit] for limit in limits):
        sentence = Label("“{at}”与“{clock}”的 limit 不是同一种时间", "“{at}” counts another kind of time than the limit of “{clock}”")
        way_out = Label("用同一种单位，或用百分比。", "Use the same kind of unit, or a percentage.")
        yield Problem("mixed-units", path, sentence.fill(at=rung.id, clock=rule.id), way_out)
    ahead = rung.after_due
    # A promised date may lie further ahead than the limit that it replaces.
    if ahead is not None and rule.due is None and limits and all(_is_longer(ahead, limit) for limit in limits):
        sentence = Label("“{at}”早于“{clock}”开始计时", "“{at}” lies before the start of “{clock}”")
        way_out = Label("取比 limit 短的时长，或用百分比。", "Take a length shorter than the limit, or a percentage.")
        yield Problem("rung-before-start", path, sentence.fill(at=rung.id, clock=rule.id), way_out)


def _is_longer(before_due: Period, limit: Expression) -> bool:
    """Whether a rung lies further before the due instant than a limit, written out and of a unit that converts, is long."""
    if not isinstance(limit.tree, Constant) or not isinstance(limit.tree.value, Period):
        return False
    ahead, whole = finest(before_due), finest(limit.tree.value)
    return ahead.unit == whole.unit and -ahead.count > whole.count


def _notices(definition: CompiledDefinition) -> Iterator[tuple[NoticeRule, Path]]:
    for step in definition.steps():
        for index, notice in enumerate(step.notify):
            yield notice, (*step.path, "notify", index)
    for rule in definition.clocks.values():
        for rung in rule.ladder:
            if rung.notice is not None:
                yield rung.notice, rung.path


def _unreached(definition: CompiledDefinition, notice: NoticeRule, path: Path) -> Iterator[Problem]:
    """Parties of whom the document knows no address."""
    for index, right in enumerate(notice.tell):
        if right.kind == "party" and "email" not in definition.parties[right.name]:
            sentence = Label("“{party}”没有 email 字段，消息到不了", "“{party}” has no email field, so that no message arrives").fill(
                party=right.name
            )
            way_out = Label("在 parties 中写明 email。", "Give the party “email” in “parties”.")
            yield Problem("party-without-address", (*path, "tell", index), sentence, way_out)


def _nobody(notice: NoticeRule, path: Path, written: frozenset[str]) -> Iterator[Problem]:
    """Persons whom no step ever names."""
    for index, right in enumerate(notice.tell):
        if right.kind == "field" and right.name not in written:
            sentence = Label("没有步骤填写“{name}”：它从不指任何人", "no step ever fills “{name}”: it never means anybody")
            way_out = Label("让某个步骤填写它，或通知一个角色。", "Let a step fill it, or tell a role.")
            yield Problem("recipient-never-filled", (*path, "tell", index), sentence.fill(name=right.name), way_out)
