"""Clocks and their rungs in words: what a history, a ledger and a list call them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from engine.core.compiled import CompiledDefinition
from engine.core.event import Result
from engine.core.run import Standing, Why
from engine.core.showing import length
from engine.label import Label, listed, verbatim
from engine.timing.period import Period, Unit

RESULTS: Mapping[Result, Label] = {
    "told": Label("已通知", "told"),
    "performed": Label("已执行", "performed"),
    "refused": Label("步骤被拒绝", "step refused"),
    "merged": Label("已并入后一级", "merged into a later one"),
    "skipped": Label("过时跳过", "skipped, too late"),
    "unmet": Label("条件不成立", "its condition did not hold"),
}
STANDINGS: Mapping[Standing, Label] = {
    "running": Label("计时中", "running"),
    "paused": Label("暂停", "paused"),
    "stopped": Label("已停", "stopped"),
    "ended": Label("已完成", "ended"),
}
REASONS: Mapping[Why, Label] = {
    "pause": Label("暂停", "paused"),
    "outside": Label("不在计时状态", "outside its states"),
    "condition": Label("计时条件不成立", "its condition did not hold"),
    "closed": Label("工单已结束", "the case had ended"),
    "done": Label("已完成，不再计时", "done, counts no more"),
}
_WHY_REFUSED: Mapping[str, Label] = {
    "not_available": Label("当前状态没有这个步骤", "no such step in that state"),
    "not_authorised": Label("无权执行", "not authorised"),
    "separation_of_duties": Label("职责须分离", "kept apart from another step"),
    "data_invalid": Label("内容不合要求", "data invalid"),
    "guard_unmet": Label("条件未满足", "a condition was not met"),
    "no_single_choice": Label("没有唯一适用的情况", "not exactly one case applied"),
    "duplicate": Label("值已被占用", "a value was taken already"),
    "stale": Label("工单已有变化", "the case had changed"),
}


_LENGTH = re.compile(r"(?P<count>\d+)(?P<unit>mo|wh|wd|[mhdy])$")
_POINTS: Mapping[str, Label] = {
    "due-": Label("到期前 {it}", "{it} before due"),
    "due+": Label("到期后 {it}", "{it} past due"),
    "": Label("开始后 {it}", "{it} after the start"),
}


def clock_title(definition: CompiledDefinition, clock: str) -> Label:
    """The title of a clock; its id where the definition has it no more."""
    rule = definition.clocks.get(clock)
    return rule.title if rule is not None else verbatim(clock)


def rung_title(rung: str, repetition: int) -> Label:
    """A rung as people say it.

    >>> rung_title("75%", 1).en, rung_title("due+1wd", 3).zh, rung_title("7d/2", 1).en, rung_title("due-30m", 1).zh
    ('75% of its time', '到期后 1 个工作日，第 3 次', '7 d after the start', '到期前 30 分钟')
    """
    point = rung.partition("/")[0]
    after = _LENGTH.search(point)
    if point.endswith("%"):
        said = Label("已用 {share}", "{share} of its time").fill(share=point)
    elif after is None:
        said = Label("到期", "due") if point == "due" else verbatim(point)
    else:
        said = _POINTS[point[: after.start()]].fill(it=length(Period(int(after["count"]), cast(Unit, after["unit"]))))
    if repetition == 1:
        return said
    return Label("{said}，第 {n} 次", "{said}, no. {n}").fill(said=said, n=repetition)


def result_title(definition: CompiledDefinition, clock: str, result: Result, into: str | None, why: Sequence[str]) -> Label:
    """What became of a rung of this clock, with what it was merged into (CLOCK/RUNG#REPETITION) or why its step was refused (codes)."""
    said = RESULTS[result]
    more = _into_title(definition, clock, into) if into is not None else listed(_WHY_REFUSED.get(code, verbatim(code)) for code in why)
    return Label("{said}：{more}", "{said}: {more}").fill(said=said, more=more) if more.en else said


def _into_title(definition: CompiledDefinition, clock: str, into: str) -> Label:
    other, _, rest = into.partition("/")
    rung, _, repetition = rest.rpartition("#")
    said = rung_title(rung, int(repetition))
    if other == clock:
        return said
    return Label("{clock}：{rung}", "{clock}: {rung}").fill(clock=clock_title(definition, other), rung=said)
