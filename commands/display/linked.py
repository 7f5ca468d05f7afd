"""Linked cases on the terminal: what is told when a subject comes back, and its whole history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.speech import counted, say, tr
from engine.runtime.deed import OUTCOMES
from engine.runtime.lineage import Linked, Visit

SHOWN = 20
"""Cases of an intake whose subjects were here before that are named; the others are counted."""


def announce(linked: Linked | None, zone: ZoneInfo) -> None:
    """Told at the counter: how often it was here, how long, when last; loudly, that a case of it is open."""
    if linked is None or not linked.visits:
        return
    terminal.show(Text.assemble(f"{say(linked.title)} {linked.subject}  ", (_before(linked, zone), "bold")))
    for visit in linked.open:
        terminal.show(Text(tr("尚有未结工单：{case}", "A case of it is still open: {case}", case=_named(visit)), "bold red"))


def show_intake(linked: Mapping[str, Linked], zone: ZoneInfo) -> None:
    """Which of the cases just taken in are of subjects that were here before."""
    if not linked:
        return
    said = counted(
        len(linked), "件的对象以前来过：", "of them is of a subject that was here before:", "of them are of subjects that were here before:"
    )
    terminal.show("", said)
    for number, each in list(linked.items())[:SHOWN]:
        line = Text.assemble("  ", (number, "bold"), f"  {each.subject}  {_before(each, zone)}")
        for visit in each.open:
            line.append(tr("；未结：{case}", "; still open: {case}", case=_named(visit)), "bold red")
        terminal.show(line)
    if len(linked) > SHOWN:
        terminal.show(tr("  …… 其余 {n} 件", "  … and {n} more", n=len(linked) - SHOWN))


def show_linked(linked: Linked | None, zone: ZoneInfo) -> None:
    """The other cases of the subject of a case, under a heading."""
    if linked is not None and linked.visits:
        terminal.show("", Text(tr("同一对象的其他工单", "Other cases of the subject"), "bold"))
        show_visits(linked.visits, zone)


def show_visits(visits: Sequence[Visit], zone: ZoneInfo) -> None:
    """Cases of one subject, oldest first."""
    titles = [
        tr("编号", "Number"),
        tr("流程", "Workflow"),
        tr("开单", "Opened"),
        tr("结束", "Ended"),
        tr("天数", "Days"),
        tr("状态", "State"),
    ]
    rows: list[list[str | Text]] = [
        [
            Text(each.line.number, "bold"),
            say(each.workflow),
            local(each.line.opened_at, zone)[:10],
            Text(tr("未结", "open"), "bold red") if each.line.ended_at is None else local(each.line.ended_at, zone)[:10],
            str(each.days),
            _standing(each),
        ]
        for each in visits
    ]
    terminal.table(titles, rows, kept=(0, 2, 3))


def _before(linked: Linked, zone: ZoneInfo) -> str:
    others = len(linked.visits) - len(linked.repairs)
    more = tr("；其他流程的工单 {n} 件", "; {n} of other workflows", n=others) if others else ""
    if not linked.repairs:
        return tr("以前来过", "was here before") + more
    times = counted(len(linked.repairs), "次", "time", "times")
    days = counted(linked.days, "天", "day", "days")
    last = linked.repairs[-1]
    sentence = tr(
        "以前来过：“{workflow}”{times}，共 {days}；上次 {last}，{since} {until}",
        "was here before: “{workflow}” {times}, {days} in all; last {last}, {since} {until}",
        workflow=say(last.workflow), times=times, days=days, last=last.line.number, since=local(last.line.opened_at, zone)[:10],
        until=tr("至今", "to now") if last.line.ended_at is None else tr("至 {day}", "to {day}", day=local(last.line.ended_at, zone)[:10]),
    )  # fmt: skip
    return sentence + more


def _named(visit: Visit) -> str:
    return tr(
        "{number}（{workflow}，{state}）",
        "{number} ({workflow}, {state})",
        number=visit.line.number,
        workflow=say(visit.workflow),
        state=say(visit.state),
    )


def _standing(visit: Visit) -> str:
    if visit.line.outcome is None:
        return say(visit.state)
    return tr("{state}，{outcome}", "{state}, {outcome}", state=say(visit.state), outcome=say(OUTCOMES[visit.line.outcome]))
