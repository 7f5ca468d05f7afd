"""Compiles `event` and `emit`: what happens outside and performs a step, and what a step lets programs outside know.

Knows what a message is asked for, not what one looks like: a key that it lacks is found when it comes in (`core.happening`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.core.compiled import CompiledState, CompiledStep, EmitRule, EventRule
from engine.core.compiling.draft import Draft
from engine.core.compiling.forms import is_field
from engine.core.form import Form
from engine.core.happening import TELLING
from engine.core.problem import Path
from engine.definition.outside import Event
from engine.definition.step import Step
from engine.definition.who import word_of
from engine.label import Label

_INTEGRATION = "integration"
_ASKED = Label("本步骤所问的字段", "field that the step asks for")


def compile_emit(draft: Draft, step: Step, path: Path) -> EmitRule | None:
    """What the step gives out; None for nothing."""
    if step.emit is None:
        return None
    fields: list[str] = []
    for index, name in enumerate(step.emit.fields):
        here: Path = (*path, "emit", "fields", index)
        if name in fields:
            draft.report("duplicate-name", here, Label("“{name}”写了两次", "“{name}” is named twice").fill(name=name))
        elif is_field(draft, name, here):
            fields.append(name)
    return EmitRule(step.emit.name, tuple(fields))


def compile_event(draft: Draft, step: Step, form: Form, path: Path) -> EventRule | None:
    """What performs the step when it happens outside; None for nothing. What no event could do is reported."""
    if step.event is None:
        return None
    here: Path = (*path, "event")
    _check_performer(draft, step, path, here)
    return EventRule(
        step.event.name,
        tuple(_matched(draft, step.event, (*here, "match"), is_start=path[0] == "start")),
        tuple(_filled(draft, step.event, form, (*here, "fills"))),
    )


def check_events(draft: Draft, starts: Mapping[str, CompiledStep], states: Mapping[str, CompiledState]) -> None:
    """Report events that could never tell which of two steps they mean, and steps that no event finds since their case has ended."""
    for state in states.values():
        for step in state.steps.values():
            if state.outcome is not None and step.event is not None:
                sentence = Label("“{state}”是最终状态：事件只能找到未结工单", "“{state}” is final, and an event finds open cases only")
                draft.report("not-allowed-here", (*step.path, "event"), sentence.fill(state=state.id), of_key=True)
    waiting = [step for step in starts.values() if step.event is not None]
    for one, other in combinations(waiting, 2):
        _compare(draft, one, other)
    for state in states.values():
        moving = [step for step in state.steps.values() if step.event is not None]
        for one, other in (*((start, step) for start in waiting for step in moving), *combinations(moving, 2)):
            _compare(draft, one, other)


def _compare(draft: Draft, one: CompiledStep, other: CompiledStep) -> None:
    """Report two steps of which the same event means both, or a start and a step: wherever the one is meant, so is the other."""
    assert one.event is not None
    assert other.event is not None
    if one.event.name != other.event.name:
        return
    narrow, wide = set(one.event.match), set(other.event.match)
    if narrow <= wide or wide <= narrow:
        sentence = Label(
            "“{event}”也执行“{step}”，无法确定是哪一个", "“{event}” performs “{step}” as well: it could never be told which is meant"
        )
        way_out = Label("换一个事件名，或按不同的字段匹配。", "Give it another name, or let them match by different fields.")
        draft.report("event-ambiguous", (*other.path, "event", "name"), sentence.fill(event=other.event.name, step=one.id), way_out)


def _check_performer(draft: Draft, step: Step, path: Path, here: Path) -> None:
    """Report a step that the program which sends the event can never perform."""
    if step.approvals is not None:
        sentence = Label("此步骤由多人会签，不能由事件执行", "several persons sign this step: no event performs it")
        draft.report("not-allowed-here", here, sentence, of_key=True)
    elif _INTEGRATION not in map(word_of, step.by):
        sentence = Label("事件由 integration 执行，而 by 中没有", "an event is performed by “integration”, which “by” does not admit")
        way_out = Label("在 by 中加上 integration。", "Add “integration” to “by”.")
        draft.report("event-not-admitted", here, sentence, way_out, of_key=True)
    if step.reason is not None:
        sentence = Label("事件无法说明原因", "an event cannot give a reason")
        draft.report("not-allowed-here", (*path, "reason"), sentence, Label("去掉 reason。", "Leave “reason” out."), of_key=True)


def _matched(draft: Draft, event: Event, path: Path, *, is_start: bool) -> Iterator[tuple[str, str]]:
    if is_start and event.match:
        sentence = Label("开工单时还没有可匹配的工单", "a start opens a case: there is none to match")
        way_out = Label("去掉 match；重复的消息由 unique 字段拦下。", "Leave “match” out; a field that is “unique” keeps repetitions away.")
        draft.report("not-allowed-here", path, sentence, way_out, of_key=True)
    elif not is_start and not event.match:
        sentence = Label("应写明事件指的是哪个工单（match）", "expected “match”, which says what case the event means, found none")
        way_out = Label("补上“match: {{消息的键: 字段}}”。", "Add “match: {{key of the message: field}}”.").fill()
        draft.report("missing-key", path[:-1], sentence, way_out, of_key=True)
    for key, name in event.match.items():
        if not is_field(draft, name, (*path, key)):
            continue
        if draft.fields[name].kind.name not in TELLING:
            kind = draft.fields[name].type
            sentence = Label("“{name}”（{kind}）不能用来找工单", "no case can be found by “{name}”, which is of the type {kind}")
            way_out = Label("用单号一类的字段。", "Use a field such as the number of a waybill.")
            draft.report("not-allowed-here", (*path, key), sentence.fill(name=name, kind=kind), way_out)
        yield key, name


def _filled(draft: Draft, event: Event, form: Form, path: Path) -> Iterator[tuple[str, str]]:
    asked = {ask.field.id: ask for ask in form.asks}
    for name, key in event.fills.items():
        if name in asked:
            yield name, key
        else:
            draft.unknown("unknown-field", _ASKED, name, (*path, name), asked, of_key=True)
    missing = [name for name, ask in asked.items() if not ask.optional and name not in event.fills]
    if missing:
        sentence = Label("事件没有给全必填项，缺少：{names}", "the event does not fill all that must be filled; missing: {names}")
        way_out = Label(
            "在 fills 中写明它来自消息的哪个键，或加问号使之可空。",
            "Say in “fills” which key of the message gives it, or mark it with “?”.",
        )
        draft.report(
            "event-field-missing", path if event.fills else path[:-1], sentence.fill(names=", ".join(missing)), way_out, of_key=True
        )
