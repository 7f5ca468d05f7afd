"""What a step of a story expects, held against what came of it: for each thing that is otherwise, what was expected and what is found.

Looks only; what it gives are sentences without a place, but with the key under which the expectation stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.comparing import holds, in_words
from engine.authoring.scenario.instant import instant_in
from engine.authoring.scenario.stage import Stage
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Path
from engine.core.wording import local
from engine.definition.scenario import Do, Expectation, Moment, Withdraw
from engine.label import Label, listed, verbatim

NOBODY = "nobody"
NONE = "none"
_EMPTY = Label("无", "none")


@dataclass(frozen=True, slots=True)
class Miss:
    """Something otherwise than expected: below which key of the step it is written, and both in words."""

    path: Path
    sentence: Label
    reasons: tuple[Label, ...] = ()
    way_out: Label | None = None


def misses(stage: Stage, standing: Standing | None, moment: Moment) -> Iterator[Miss]:
    """Everything that a step expects and that is not so. `standing`: the case that the step was about."""
    wanted = moment.expect
    if wanted == _NOTHING:
        return
    yield from _told(stage, wanted)
    if wanted.incidents is not None and set(wanted.incidents) != stage.happened.incidents:
        yield _miss(("incidents",), Label("异常", "incidents"), _words(wanted.incidents), _words(sorted(stage.happened.incidents)))
    if wanted.emitted is not None and set(wanted.emitted) != stage.happened.emitted:
        yield _miss(
            ("emitted",), Label("对外发出的事件", "events to go out:"), _words(wanted.emitted), _words(sorted(stage.happened.emitted))
        )
    if standing is None:
        if wanted.model_fields_set - {"told", "incidents", "emitted"}:
            yield Miss((), Label("还没有工单", "expected a case, found none yet"))
        return
    for check in _CHECKS:
        yield from check(stage, standing, moment)


def quoted(text: str | None) -> Label:
    """An id, or that there is none."""
    return _EMPTY if text is None else verbatim(f"“{text}”")


def _told(stage: Stage, wanted: Expectation) -> Iterator[Miss]:
    if wanted.told is None:
        return
    told = stage.happened.told
    fits = wanted.told.keys() == told.keys() and all(not expected or set(expected) == told[who] for who, expected in wanted.told.items())
    if not fits:
        found = {who: sorted(templates) for who, templates in sorted(told.items())}
        yield _miss(("told",), Label("被通知的人", "to be told:"), _with_templates(wanted.told), _with_templates(found))


def _state(stage: Stage, standing: Standing, moment: Moment) -> Iterator[Miss]:
    wanted, case, definition = moment.expect, standing.case, standing.definition
    if wanted.state is not None and wanted.state != case.state:
        yield _miss(("state",), Label("状态", "the state"), _state_words(definition, wanted.state), _state_words(definition, case.state))
    if wanted.outcome is not None and wanted.outcome != (case.outcome or NONE):
        yield _miss(("outcome",), Label("结果", "the outcome"), quoted(wanted.outcome), quoted(case.outcome or NONE))
    if wanted.assignee is not None and wanted.assignee != (case.assignee or NOBODY):
        yield _miss(("assignee",), Label("承办人", "the assignee"), quoted(wanted.assignee), quoted(case.assignee or NOBODY))
    if wanted.unit is not None and wanted.unit != case.unit:
        yield _miss(("unit",), Label("单位", "the unit"), quoted(wanted.unit), quoted(case.unit))
    if wanted.parent is not None:
        parent = stage.parent_of(standing)
        found = None if parent is None else parent.case.state
        if found != wanted.parent:
            yield _miss(("parent",), Label("上级工单的状态", "the parent in"), quoted(wanted.parent), quoted(found))


def _fields(stage: Stage, standing: Standing, moment: Moment) -> Iterator[Miss]:
    definition, zone = standing.definition, stage.setting.zone_of(standing.definition)
    for name, expected in moment.expect.fields.items():
        rule, value = definition.fields.get(name), standing.case.data.get(name)
        if rule is None:  # told of a variant that has it no more
            yield _miss(("fields", name), Label("字段", "the field"), quoted(name), _EMPTY)
        elif not holds(rule, value, expected, stage.now, zone):
            what = Label("字段“{name}”", "the field “{name}” to be").fill(name=name)
            yield _miss(("fields", name), what, verbatim(f"“{_plain(expected)}”"), in_words(rule, value, zone))


def _clocks(stage: Stage, standing: Standing, moment: Moment) -> Iterator[Miss]:
    wanted = moment.expect
    for name, expected in wanted.due.items():
        rule, timer = standing.definition.clocks.get(name), standing.timers.get(name)
        calendar = rule.calendar if rule is not None else ""
        zone = stage.setting.calendars(standing.definition)[calendar].zone if calendar else stage.setting.zone
        due: datetime | None = timer.due_at if timer is not None else None
        if due != (None if expected == NONE else instant_in(expected, zone)):
            what = Label("时限“{name}”的到期时间", "the clock “{name}” to be due").fill(name=name)
            yield _miss(("due", name), what, verbatim(expected), _EMPTY if due is None else local(due, zone))
    standings = (
        ("running", wanted.running, Label("计时中的时限", "running clocks")),
        ("paused", wanted.paused, Label("暂停的时限", "paused clocks")),
    )
    for key, expected_clocks, what in standings:
        found = sorted(name for name, timer in standing.timers.items() if timer.standing == key)
        if expected_clocks is not None and sorted(expected_clocks) != found:
            yield _miss((key,), what, _words(expected_clocks), _words(found))


def _signed(_stage: Stage, standing: Standing, moment: Moment) -> Iterator[Miss]:
    for step, expected in signed_by(moment).items():
        signing = standing.case.signing.get(step)
        found = len(signing.signatures) if signing is not None else 0
        if found != expected:
            path = ("approvals", step) if isinstance(moment.expect.approvals, dict) else ("approvals",)
            what = Label("“{step}”的签署人数", "signatures of “{step}”:").fill(step=step)
            yield _miss(path, what, verbatim(str(expected)), verbatim(str(found)))


def _children(stage: Stage, standing: Standing, moment: Moment) -> Iterator[Miss]:
    for alias, expected in moment.expect.opened.items():
        found = sum(not child.disowned for child in standing.case.children.get(alias, ()))
        if found != expected:
            what = Label("子工单“{alias}”的数量", "cases under “{alias}”:").fill(alias=alias)
            yield _miss(("opened", alias), what, verbatim(str(expected)), verbatim(str(found)))
    for alias, state in moment.expect.children.items():
        newest = _newest(stage, standing.case, alias)
        if newest != state:
            what = Label("子工单“{alias}”的状态", "the newest case under “{alias}” in").fill(alias=alias)
            yield _miss(("children", alias), what, quoted(state), quoted(newest))


_Check = Callable[[Stage, Standing, Moment], Iterator[Miss]]
_CHECKS: tuple[_Check, ...] = (_state, _fields, _clocks, _signed, _children)
_NOTHING = Expectation()


def signed_by(moment: Moment) -> Mapping[str, int]:
    """step → how many are expected to have signed it."""
    wanted = moment.expect.approvals
    if isinstance(wanted, dict):
        return wanted
    return {moment.do if isinstance(moment, Do) else moment.withdraw: wanted} if isinstance(moment, Do | Withdraw) else {}


def _newest(stage: Stage, case: Case, alias: str) -> str | None:
    children = [child for child in case.children.get(alias, ()) if not child.disowned]
    return stage.archive.cases[children[-1].id].case.state if children else None


def _miss(path: Path, what: Label, expected: Label, found: Label) -> Miss:
    sentence = Label("{what}应为{expected}，实际为{found}", "expected {what} {expected}, found {found}")
    return Miss(("expect", *path), sentence.fill(what=what, expected=expected, found=found))


def _state_words(definition: CompiledDefinition, state: str) -> Label:
    known = definition.states.get(state)
    return Label("“{state}”（{title}）", "“{state}” ({title})").fill(state=state, title=known.title) if known is not None else quoted(state)


def _words(names: Iterable[str]) -> Label:
    found = listed(map(quoted, names))
    return found if found.en else _EMPTY


def _with_templates(told: Mapping[str, Iterable[str]]) -> Label:
    each = (f"“{who}”" + (f" ({', '.join(templates)})" if templates else "") for who, templates in told.items())
    found = listed(map(verbatim, each))
    return found if found.en else Label("无人", "nobody")


def _plain(expected: object) -> str:
    if isinstance(expected, Mapping):
        return ", ".join(f"{name}={_plain(value)}" for name, value in expected.items())
    if isinstance(expected, list | tuple):
        return ", ".join(f"[{_plain(each)}]" if isinstance(each, Mapping) else _plain(each) for each in expected)
    return str(expected)
