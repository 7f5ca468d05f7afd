"""The clocks of a case on the terminal: what counted, what did not and why, and why it is due then. Or all of it as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local as plain
from commands.display.trace import moment, period, provisional, show_days, since
from commands.speech import listed, say, tr
from engine.core.account import RungAccount, Stretch
from engine.core.run import Standing
from engine.core.wording import lasting, left, local
from engine.representation.clock import of_clocks
from engine.runtime.clocks import CaseClocks, ClockView, CycleView
from engine.runtime.rung import REASONS, STANDINGS, result_title, rung_title

_NOTEWORTHY = timedelta(minutes=1)
"""What was noticed later than this is told with when."""
_MOST_DAYS = 40
"""Of a longer way the days between its first and its last fortnight are left out; `aftercare calendar` lists them."""
_STYLES: Mapping[Standing, str] = {"running": "green", "paused": "yellow", "stopped": "dim", "ended": "dim"}


def show_clocks(found: CaseClocks, *, in_json: bool) -> None:
    """Every clock that was asked for, with the account of its present cycle; earlier ones in a line each."""
    if in_json:
        terminal.as_json(of_clocks(found))
        return
    terminal.show(
        Text.assemble((found.case.number, "bold"), "  ", say(found.definition.title), "  ", (say(found.state(found.case.state)), "bold"))
    )
    if not found.clocks:
        terminal.show("", tr("这个流程没有时限。", "This workflow has no clocks."))
    for each in found.clocks:
        if each.present is not None:
            terminal.show("")
            _show_clock(each, each.present, found)
    never = [
        tr("{title}（{id}）", "{title} ({id})", title=say(each.rule.title), id=each.rule.id)
        for each in found.clocks
        if each.present is None
    ]
    if never:
        terminal.show("", Text(tr("尚未开始：{names}", "Not started yet: {names}", names=listed(never)), "dim"))


def _show_clock(view: ClockView, present: CycleView, found: CaseClocks) -> None:
    standing = present.account.run.standing
    terminal.show(
        Text.assemble(
            (say(view.rule.title), "bold"), tr("（{id}）  ", " ({id})  ", id=view.rule.id), (say(STANDINGS[standing]), _STYLES[standing])
        )
    )
    terminal.pairs(_facts(view, present, found), indent=2)
    if view.trace is not None:
        terminal.show("", "  " + tr("为什么：", "Because:"))
        show_days(view.trace, indent=2, most=_MOST_DAYS)
        if present.due is not None and present.due.provisional:
            terminal.show(provisional(view.trace))
    _show_stretches(present, view.calendar.zone, found)
    _show_rungs(present, view.calendar.zone, found)
    _show_earlier(view)


def _facts(view: ClockView, present: CycleView, found: CaseClocks) -> Iterator[tuple[str, str | Text]]:
    run, zone, is_working = present.account.run, view.calendar.zone, _is_working(present)
    yield tr("日历", "calendar"), tr("{id}（{zone}）", "{id} ({zone})", id=view.calendar.id, zone=zone.key)
    if view.rule.source:
        yield tr("依据", "source"), listed(view.rule.source)
    if run.cycle > 1:
        yield tr("周期", "cycle"), str(run.cycle)
    yield tr("开始", "started"), since(run.start, zone)
    passed = say(lasting(present.account.elapsed, working=is_working))
    if run.limit is not None and view.promised_in is None:
        passed = tr("{passed}，限 {limit}", "{passed} of {limit}", passed=passed, limit=period(run.limit))
    yield tr("已用", "elapsed"), passed
    if view.promised_in is not None:
        yield tr("约定", "promised"), tr("以“{field}”为准", "as “{field}” says", field=say(view.promised_in))
    yield tr("到期", "due"), _due(view, present, found)
    if view.rule.legal and present.due is not None:
        yield (
            tr("最迟", "latest"),
            tr("{at}（仍可抗辩的最晚日期）", "{at} (the latest that can be defended)", at=moment(present.due.latest, zone)),
        )


def _due(view: ClockView, present: CycleView, found: CaseClocks) -> Text:
    if present.due is None:
        return Text(tr("暂停中，恢复后才知道", "not known while it is paused"), "yellow")
    said = Text(moment(present.due.at, view.calendar.zone), "bold")
    if present.due.provisional:
        said.append(tr("（暂定）", " (provisional)"), "bold red")
    if present.ended_at is None:
        is_over = found.now >= present.due.at
        return said.append(tr("，{left}", ", {left}", left=say(left(present.due.at, found.now))), "bold red" if is_over else "")
    at = say(local(present.ended_at, view.calendar.zone))
    if present.is_late:
        by = say(lasting(present.ended_at - present.due.at))
        return said.append(tr("；{at} 停止，逾期 {by}", "; stopped at {at}, {by} too late", at=at, by=by), "bold red")
    return said.append(tr("；{at} 停止，未逾期", "; stopped at {at}, in time", at=at), "green")


def _show_stretches(present: CycleView, zone: ZoneInfo, found: CaseClocks) -> None:
    stretches = present.account.stretches
    if all(each.why is None for each in stretches):
        return
    terminal.show("", "  " + tr("计时与停顿：", "Counted and not counted:"))
    rows = [
        (_span(each, zone), Text(tr("计时", "counted"), "green") if each.why is None else Text(_why(each, found), "yellow"))
        for each in stretches
    ]
    terminal.pairs(rows, indent=2)


def _span(each: Stretch, zone: ZoneInfo) -> str:
    ends = tr("现在", "now") if each.ends is None else say(local(each.ends, zone))
    return f"{plain(each.begins, zone)} – {ends}"


def _why(each: Stretch, found: CaseClocks) -> str:
    assert each.why is not None
    return tr("{why}（{state}）", "{why} ({state})", why=say(REASONS[each.why]), state=say(found.state(each.state)))


def _show_rungs(present: CycleView, zone: ZoneInfo, found: CaseClocks) -> None:
    if not present.account.rungs:
        return
    terminal.show("", "  " + tr("提醒：", "Reminders:"))
    titles = ["  " + tr("级", "Rung"), tr("时刻", "At"), tr("结果", "What became of it")]
    rows: list[list[terminal.Cell]] = [
        ["  " + say(rung_title(each.rung, each.repetition)), say(local(each.at, zone)), _fate(each, zone, found)]
        for each in present.account.rungs
    ]
    terminal.table(titles, rows, kept=(0, 1))


def _fate(each: RungAccount, zone: ZoneInfo, found: CaseClocks) -> Text:
    fired = each.fired
    if fired is None:
        return Text(tr("未到", "still to come"), "dim")
    said = Text(say(result_title(found.definition, fired.clock, fired.result, fired.into, fired.why)))
    if fired.at - fired.due_at >= _NOTEWORTHY:
        said.append(tr("（{at}）", " (at {at})", at=say(local(fired.at, zone))))
    return said


def _show_earlier(view: ClockView) -> None:
    zone = view.calendar.zone
    if len(view.cycles) < 2:
        return
    terminal.show("", "  " + tr("以前的周期：", "Earlier cycles:"))
    for each in view.cycles[:-1]:
        ends = say(local(each.ended_at, zone))
        used = say(lasting(each.account.elapsed, working=_is_working(each)))
        kept = Text(tr("逾期", "too late"), "red") if each.is_late else Text(tr("未逾期", "in time"), "green")
        line = tr(
            "第 {n} 周期：{begins} – {ends}，用时 {used}，",
            "no. {n}: {begins} – {ends}, {used} used, ",
            n=each.account.run.cycle,
            begins=plain(each.account.run.start, zone),
            ends=ends,
            used=used,
        )
        terminal.show(Text(f"  {line}").append_text(kept))


def _is_working(cycle: CycleView) -> bool:
    run = cycle.account.run
    return run.promised is None and run.limit is not None and run.limit.unit in ("wh", "wd")
