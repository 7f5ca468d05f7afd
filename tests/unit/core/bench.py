"""A small repair bench with clocks of every kind, for the tests of clocks and ladders. Monday is 28 September 2026.

Clocks are written as in a document, indented by two. `desk-hours` is the calendar unless they name another: Monday to Friday
09:00-12:00 and 13:30-18:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from engine.authoring.calendar import check_calendar
from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.authoring.supplies import Supplies
from engine.core.clock import elapsed
from engine.core.compiled import CompiledDefinition
from engine.core.event import Event, RungFired
from engine.core.run import ClockRun
from tests.process import ROLES, SHANGHAI, SUPPLIES, Walk, faulty, tidy, written

OPENS = "2026-09-28 09:30"
TELL = "tell: bench, template: due-soon"
OVERDUE = "tell: boss, template: overdue"

HEAD = """workflow: bench
version: 1
title: 维修台
owner: boss
organisation: shop
calendar: desk-hours
number: "B{yy}-{seq:04}"
fields:
  note:     {type: text, title: 备注}
  urgent:   {type: boolean, title: 加急}
  days:     {type: integer, title: 天数}
  level:    {type: choice, title: 级别, choices: {high: 高, low: 低}}
  promised: {type: date, title: 承诺日期}
  agreed:   {type: datetime, title: 约定时间}
  bought:   {type: date, title: 购买日期}
  begun:    {type: datetime, title: 开始时间}
start:
  open: {title: 受理, by: desk, asks: [note?, urgent?, days?, level?, promised?, agreed?, bought?, begun?], to: waiting}
states:
  waiting:
    title: 待修
    transitions:
      take: {title: 接单, by: bench, to: working}
  working:
    title: 维修中
    transitions:
      need:   {title: 缺件, by: bench, to: missing}
      ask:    {title: 询问, by: bench, to: asking}
      finish: {title: 完成, by: bench, to: done}
      back:   {title: 退回, by: bench, to: waiting}
  missing:
    title: 待件
    waits_on: parts
    transitions:
      arrive:  {title: 到件, by: bench, to: working}
      abandon: {title: 放弃, by: bench, to: done}
  asking:
    title: 待客户
    waits_on: customer
    transitions:
      answer: {title: 答复, by: bench, to: working}
  done:
    title: 完成
    final: success
    transitions:
      reopen: {title: 重开, by: boss, to: waiting}
      resume: {title: 返工, by: boss, to: working}
anywhere:
  remark:  {title: 记录, by: bench, asks: note?, to: stay}
  rush:    {title: 加急, by: bench, asks: urgent?, to: stay}
  allow:   {title: 宽限, by: bench, asks: days?, to: stay}
  grade:   {title: 定级, by: bench, asks: level?, to: stay}
  promise: {title: 承诺, by: bench, asks: promised?, to: stay}
  agree:   {title: 约定, by: bench, asks: agreed?, to: stay}
  sold:    {title: 售出, by: bench, asks: bought?, to: stay}
  begin:   {title: 起算, by: bench, asks: begun?, to: stay}
"""

FIRED = {
    "lapse": "{title: 到期关闭, by: system, to: done}",
    "give_up": "{title: 放弃, by: [system, boss], requires: [{that: note is set, say: 须有备注}], to: done}",
    "flag": "{title: 标记, by: system, requires: [{that: note is set, say: 须有备注}], set: {level: high}, to: stay}",
    "retire": "{title: 清理, by: system, requires: [{that: bought is set and days_since(bought) > 5, say: 须满五天}], to: done}",
    "relax": "{title: 放宽, by: system, set: {urgent: false}, to: stay}",
    "put_back": "{title: 退回, by: system, to: waiting}",
}
"""Steps of the system; each is in the document when a rung fires it, in every open state."""

CALENDARS = """
calendar: berlin
title: {zh: 柏林, en: Berlin}
zone: Europe/Berlin
week: {workdays: 09:00-17:00}
---
calendar: rolling
title: {zh: 顺延, en: Rolling}
zone: Asia/Shanghai
week: {workdays: 09:00-18:00}
roll: rest_day
---
calendar: nights
title: {zh: 夜班, en: Nights}
zone: Europe/Berlin
week: {daily: 22:00-06:00}
"""


def _supplies(texts: Iterable[str]) -> Supplies:
    files = [check_calendar(read(text.encode(), "calendar.yaml")) for text in texts]
    assert all(file is not None and diagnostics == () for file, diagnostics in files), files
    known = {file.calendar: file for file, _ in files if file is not None}
    return Supplies({**SUPPLIES.calendars, **known}, SUPPLIES.templates)


_SUPPLIES = _supplies(CALENDARS.split("---"))


@cache
def bench(clocks: str, faults: tuple[str, ...] = ()) -> CompiledDefinition:
    """The bench with these clocks; with `faults`, refused for these very codes: for what a case does all the same."""
    steps = "".join(f"  {name}: {step}\n" for name, step in FIRED.items() if f"fire: {name}" in clocks)
    text = f"{HEAD}{steps}clocks:\n{clocks}"
    if faults:
        return faulty(text, *faults, supplies=_SUPPLIES)
    found = tidy(check_documents([read(written(text).encode(), "bench.yaml")], ROLES, _SUPPLIES))
    assert found.diagnostics == (), [(one.code, one.span, one.sentence.en) for one in found.diagnostics]
    return found.checked[0].compiled


def opened(clocks: str, at: str = OPENS, faults: tuple[str, ...] = (), **data: Any) -> Walk:
    """A case of the bench with these clocks, opened then."""
    walk = Walk(bench(clocks, faults)).to(at)
    walk.open("dan", **data)
    return walk


def step(walk: Walk, at: str, name: str, **data: Any) -> Walk:
    """Perform a step at a local time."""
    walk.to(at).do(name, "bea" if name in ("reopen", "resume") else "tom", **data)
    return walk


def run(walk: Walk, clock: str) -> ClockRun:
    """The present cycle of a clock."""
    return walk.case.clocks[clock]


def counted(walk: Walk, clock: str, at: str) -> timedelta:
    """How much of a clock's own time has passed by a local time."""
    rule = walk.definition.clocks[clock]
    return elapsed(run(walk, clock), walk.definition.calendars[rule.calendar], instant(at))


def fires(walk: Walk, clock: str) -> tuple[str | None, str | None]:
    """The rung that a clock reaches next, and when."""
    timer = walk.timers.get(clock)
    return (None, None) if timer is None or timer.fires_at is None else (timer.rung, local(timer.fires_at))


def fired(events: Iterable[Event]) -> list[tuple[str, int, str]]:
    """What became of each rung among these events: rung, repetition, result."""
    return [(each.rung, each.repetition, each.result) for each in events if isinstance(each, RungFired)]


def local(instant: datetime) -> str:
    """An instant as a clock in Shanghai shows it."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def instant(text: str) -> datetime:
    """A local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def clock(ladder: str, words: str = "runs_in: working, limit: 4h", name: str = "repair") -> str:
    """One clock; with its usual words, and taken at 10:00, it is at 50% at 12:00 and due at 14:00."""
    return f"  {name}: {{title: 时限, {words}, ladder: [{ladder}]}}\n"


def taken(*clocks: str, **data: Any) -> Walk:
    """A case opened at 09:30 and taken at 10:00 on Monday."""
    return step(opened("".join(clocks), **data), "2026-09-28 10:00", "take")
