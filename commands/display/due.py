"""What is overdue and what was missed, on the terminal or as objects."""

from __future__ import annotations

from rich.text import Text

from commands import terminal
from commands.speech import say, tr
from engine.core.wording import lasting, local
from engine.representation.due import of_ledger, of_overdue
from engine.runtime.due import Ledger, OverduePage


def show_overdue(page: OverduePage, *, in_json: bool) -> None:
    """What is overdue, longest first."""
    if in_json:
        terminal.as_json(of_overdue(page))
        return
    if not page.lines:
        terminal.show(tr("没有逾期的工单。", "Nothing is overdue."))
        return
    several = len({each.overdue.workflow for each in page.lines}) > 1
    titles = [tr("编号", "Number"), *([tr("流程", "Workflow")] if several else []), tr("状态", "State"), tr("承办人", "Holder")]
    rows: list[list[terminal.Cell]] = [
        [
            Text(each.overdue.number, "bold"),
            *([say(each.workflow)] if several else []),
            say(each.state),
            say(each.holder) if each.holder is not None else "–",
            say(each.clock) + (tr("（暂停）", " (paused)") if each.overdue.timer.standing == "paused" else ""),
            say(local(each.overdue.due_at, each.zone)) + (tr("（暂定）", " (provisional)") if each.overdue.timer.provisional else ""),
            Text(say(lasting(each.by)), "bold red"),
            say(lasting(each.by_working, working=True)) if each.by_working else "–",
        ]
        for each in page.lines
    ]
    titles += [tr("时限", "Clock"), tr("到期", "Due"), tr("逾期", "Overdue"), tr("其中工作时间", "In working time")]
    terminal.table(titles, rows, kept=(0, *range(len(titles) - 3, len(titles))))
    if page.more:
        terminal.remark(tr("还有更多：加 --after {place}", "There are more: add --after {place}", place=page.lines[-1].place))


def show_ledger(ledger: Ledger, *, in_json: bool) -> None:
    """What became of the rungs, oldest first."""
    if in_json:
        terminal.as_json(of_ledger(ledger))
        return
    if not ledger.lines:
        terminal.show(tr("这段时间里没有漏掉的提醒。", "Nothing was missed in that time."))
        return
    titles = [tr("编号", "Number"), tr("时限", "Clock"), tr("级", "Rung"), tr("到达", "Reached"), tr("处理", "Dealt with")]
    rows: list[list[terminal.Cell]] = [
        [
            Text(each.firing.number, "bold"),
            say(each.clock),
            say(each.rung),
            say(local(each.firing.due_at, each.zone)),
            say(local(each.firing.fired_at, each.zone)),
            Text(say(lasting(each.firing.lateness)) if each.firing.lateness else "–", "red" if each.is_late else ""),
            say(each.result),
        ]
        for each in ledger.lines
    ]
    terminal.table([*titles, tr("迟", "Late by"), tr("结果", "What became of it")], rows, kept=(0, 3, 4, 5))
    if ledger.more:
        terminal.remark(tr("还有更多：调大 --limit，或用 --since 推后", "There are more: raise --limit, or begin later with --since"))
