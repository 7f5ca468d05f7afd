"""What is wrong with one step of a story before it is played: names that do not exist, and words that mean nothing beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from engine.authoring.complaint import at
from engine.authoring.scenario.expecting import NONE, signed_by
from engine.authoring.scenario.instant import period_in
from engine.authoring.scenario.knowing import Known, instant, known_name
from engine.core.compiled import CompiledDefinition
from engine.core.effect import IncidentKind
from engine.core.problem import Path, Problem
from engine.definition.scenario import (
    Assign,
    Away,
    Correct,
    Do,
    Ends,
    Expectation,
    Happens,
    Leaves,
    Moment,
    StandsIn,
    Undo,
    Until,
    Wait,
    Withdraw,
)
from engine.label import Label

_UNSEEN = (Wait, Until, Leaves, Away, StandsIn, Ends)
"""Steps that nobody decides: none of them is ever refused."""
_OF_CASES = (Do, Happens, Undo, Withdraw, Assign, Correct, Ends)
"""Steps that may be those of a child."""


def check_moment(known: Known, moment: Moment, path: Path) -> Iterator[Problem]:
    """Everything about one step."""
    yield from _beside_each_other(moment, path)
    if moment.child is not None:
        yield from known.alias(moment.child, (*path, "child"))
    definition = known.of_child(moment.child)
    if definition is None:
        return
    yield from _deed(known, definition, moment, path)
    about = known.definition if isinstance(moment, Ends) else definition
    yield from _expected(known, about, moment, (*path, "expect"))


def _beside_each_other(moment: Moment, path: Path) -> Iterator[Problem]:
    if moment.refused and isinstance(moment, _UNSEEN):
        sentence = Label("这一步不会被拒绝", "this step is never refused")
        yield Problem("not-allowed-here", (*path, "refused"), sentence, of_key=True)
    if moment.because and not moment.refused:
        sentence = Label("because 须与 refused 同写", "“because” stands beside “refused” only")
        yield Problem("not-allowed-here", (*path, "because"), sentence, of_key=True)
    if moment.child is not None and not isinstance(moment, _OF_CASES):
        sentence = Label("这一步不属于某个子工单", "this step is not one of a child")
        yield Problem("not-allowed-here", (*path, "child"), sentence, of_key=True)
    if isinstance(moment, Ends) and moment.child is None:
        sentence = Label("应写明是哪个子工单结束", "expected the key “child” here, found none")
        yield Problem("missing-key", path, sentence, Label("补上“child: …”。", "Add “child: …”."), of_key=True)


def _deed(known: Known, definition: CompiledDefinition, moment: Moment, path: Path) -> Iterator[Problem]:
    match moment:
        case Do():
            yield from known.step(definition, moment.do, (*path, "do"))
            yield from known.fields(definition, moment.values, (*path, "with"))
            if moment.unit is not None:
                yield from known.unit(moment.unit, (*path, "unit"))
        case Happens():
            yield from known.event(definition, moment.event, (*path, "event"))
        case Undo():
            yield from known.step(definition, moment.undo, (*path, "undo"))
        case Withdraw():
            yield from known.step(definition, moment.withdraw, (*path, "withdraw"))
        case Assign():
            yield from known.holder(moment.assign, (*path, "assign"))
        case Correct():
            yield from known.fields(definition, moment.correct, (*path, "correct"))
        case Ends():
            ends = [name for name, state in definition.states.items() if state.outcome is not None]
            yield from known_name("unknown-state", Label("最终状态", "final state"), moment.ends, ends, (*path, "ends"))
            yield from known.fields(definition, moment.values, (*path, "with"))
        case _:
            yield from _passing(known, moment, path)
    if isinstance(moment, Do | Undo | Withdraw | Assign | Correct):
        yield from known.actor(definition, moment.by, (*path, "by"))


def _passing(known: Known, moment: Moment, path: Path) -> Iterator[Problem]:
    """Time that passes, and what happens to people."""
    match moment:
        case Wait():
            if known.definition.calendar is None and period_in(moment.wait).unit in ("wh", "wd"):
                sentence = Label("流程没有日历，不能以工作时间等待", "the process names no calendar: working time cannot be waited for")
                yield Problem("calendar-needed", (*path, "wait"), sentence, Label("改用 h 或 d。", "Wait in h or d."))
        case Until():
            yield from instant(moment.until, (*path, "until"))
        case Leaves():
            yield from known.person(moment.leaves, (*path, "leaves"))
        case Away():
            yield from known.person(moment.away, (*path, "away"))
            yield from instant(moment.back, (*path, "back"))
        case StandsIn():
            yield from known.person(moment.stands_in, (*path, "stands_in"))
            yield from known.person(moment.absent, (*path, "for"))
            yield from instant(moment.back, (*path, "back"))
            if moment.role is not None:
                yield from known_name("unknown-role", Label("角色", "role"), moment.role, known.roles, (*path, "role"))


def _expected(known: Known, definition: CompiledDefinition, moment: Moment, path: Path) -> Iterator[Problem]:
    wanted = moment.expect
    if wanted.state is not None:
        yield from known.state(definition, wanted.state, (*path, "state"))
    if wanted.assignee is not None:
        yield from known.holder(wanted.assignee, (*path, "assignee"))
    if wanted.unit is not None:
        yield from known.unit(wanted.unit, (*path, "unit"))
    yield from known.fields(definition, wanted.fields, (*path, "fields"))
    yield from _told(known, wanted, (*path, "told"))
    yield from _clocks(known, definition, wanted, path)
    yield from _signed(known, definition, moment, path)
    yield from _family(known, definition, moment, path)
    events = sorted({step.emit.name for each in known.family() for step in each.steps() if step.emit is not None})
    for place, name in enumerate(wanted.emitted or ()):
        yield from known_name("unknown-event", Label("对外事件", "event that is emitted"), name, events, (*path, "emitted", place))
    kinds = get_args(IncidentKind)
    for place, kind in enumerate(wanted.incidents or ()):
        yield from known_name("unknown-word", Label("异常", "kind of incident"), kind, kinds, (*path, "incidents", place))


def _told(known: Known, wanted: Expectation, path: Path) -> Iterator[Problem]:
    is_mapping = isinstance(at(known.document.data, path), dict)
    templates = {template for each in known.family() for template in each.templates}
    for place, (who, expected) in enumerate((wanted.told or {}).items()):
        here: Path = (*path, who) if is_mapping else (*path, place)
        yield from known.listener(who, here, of_key=is_mapping)
        for number, template in enumerate(expected):
            yield from known_name("unknown-template", Label("模板", "template"), template, sorted(templates), (*here, number))


def _clocks(known: Known, definition: CompiledDefinition, wanted: Expectation, path: Path) -> Iterator[Problem]:
    for name, text in wanted.due.items():
        yield from known.clock(definition, name, (*path, "due", name), of_key=True)
        if text != NONE:
            yield from instant(text, (*path, "due", name))
    for key, names in (("running", wanted.running), ("paused", wanted.paused)):
        for place, name in enumerate(names or ()):
            yield from known.clock(definition, name, (*path, key, place))


def _signed(known: Known, definition: CompiledDefinition, moment: Moment, path: Path) -> Iterator[Problem]:
    if isinstance(moment.expect.approvals, dict):
        for step in signed_by(moment):
            yield from known.step(definition, step, (*path, "approvals", step), of_key=True)
    elif not isinstance(moment, Do | Withdraw):
        sentence = Label("应写明是哪个步骤的签署人数", "expected the step that was signed, found a number alone")
        yield Problem("wrong-shape", (*path, "approvals"), sentence, Label("请写“{步骤: 人数}”。", "Write “{STEP: NUMBER}”."))


def _family(known: Known, definition: CompiledDefinition, moment: Moment, path: Path) -> Iterator[Problem]:
    wanted = moment.expect
    if wanted.parent is not None:
        if moment.child is None or isinstance(moment, Ends):
            sentence = Label("parent 只在子工单的步骤中写", "“parent” stands in a step of a child only")
            yield Problem("not-allowed-here", (*path, "parent"), sentence, Label("改写 state。", "Write “state”."), of_key=True)
        else:
            yield from known.state(known.definition, wanted.parent, (*path, "parent"))
    for alias in wanted.opened:
        yield from known_name("unknown-alias", Label("子工单", "alias"), alias, definition.aliases, (*path, "opened", alias), of_key=True)
    for alias, state in wanted.children.items():
        here: Path = (*path, "children", alias)
        yield from known_name("unknown-alias", Label("子工单", "alias"), alias, definition.aliases, here, of_key=True)
        child = known.setting.definitions.get(definition.aliases[alias].workflow) if alias in definition.aliases else None
        if child is not None:
            yield from known.state(child, state, here)
