"""Plans for many cases on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.label import Label
from engine.representation.plan import of_plan, of_plans
from engine.runtime.bulk import Planned, reasons_of
from engine.store.plans import LineStatus, Plan, PlanLine, PlanState

_STATES: Mapping[PlanState, Label] = {
    "made": Label("待执行", "to be run"),
    "confirmed": Label("执行中", "being run"),
    "finished": Label("已执行", "run"),
    "dropped": Label("已作废", "dropped"),
}
_STATUSES: Mapping[LineStatus, Label] = {
    "waiting": Label("待执行", "to be done"),
    "in_hand": Label("执行中", "in hand"),
    "done": Label("已执行", "done"),
    "refused": Label("被拒", "refused"),
    "skipped": Label("未列入", "left out"),
}


def show_plan(planned: Planned, title: Label, zone: ZoneInfo, *, in_json: bool) -> None:
    """A plan: how many cases can be moved, and why each of the others cannot – or what came of it."""
    if in_json:
        terminal.as_json(of_plan(planned, title))
        return
    plan = planned.plan
    heading = Text.assemble((plan.id, "bold"), "  ", say(title), "  ", (say(_STATES[plan.state]), "bold"))
    terminal.show(heading.append(f"  {plan.made_by}  {local(plan.made_at, zone)}"))
    if plan.state in ("made", "dropped"):
        can = tr("，可改派 {n} 个", ", {n} can be assigned", n=planned.possible) if plan.is_assignment else None
        terminal.show(_so_many(planned) + (can or tr("，可执行 {n} 个", ", {n} can be moved", n=planned.possible)))
        _show_lines([line for line in planned.lines if line.verdict == "refused"])
    else:
        _show_count(planned)
    if plan.state == "made" and planned.possible:
        terminal.remark(
            tr("执行：aftercare bulk run {id} --as {who}", "Run it: aftercare bulk run {id} --as {who}", id=plan.id, who=plan.made_by)
        )


def show_result(planned: Planned, title: Label, zone: ZoneInfo, *, in_json: bool) -> int:
    """What came of a plan; the exit code."""
    show_plan(planned, title, zone, in_json=in_json)
    return DONE if all(line.status in ("done", "skipped") for line in planned.lines) else PROBLEM


def show_plans(plans: Sequence[Plan], titles_of: Mapping[str, Label], zone: ZoneInfo, *, in_json: bool) -> None:
    """Plans, newest first. `titles_of`: plan → what it does with its cases."""
    if in_json:
        terminal.as_json(of_plans(plans, titles_of))
        return
    if not plans:
        terminal.show(tr("没有批量计划。", "There is no plan."))
        return
    titles = [tr("编号", "Plan"), tr("操作", "What"), tr("状态", "State"), tr("制定人", "Made by"), tr("制定时间", "Made")]
    rows: list[list[str | Text]] = [
        [Text(each.id, "bold"), say(titles_of[each.id]), say(_STATES[each.state]), each.made_by, local(each.made_at, zone)]
        for each in plans
    ]
    terminal.table(titles, rows, kept=(0, 4))


def _show_count(planned: Planned) -> None:
    done = sum(line.status == "done" for line in planned.lines)
    did = tr("，已改派 {n} 个", ", {n} assigned", n=done) if planned.plan.is_assignment else tr("，已执行 {n} 个", ", {n} moved", n=done)
    terminal.show(_so_many(planned) + did)
    _show_lines([line for line in planned.lines if line.status != "done"])


def _so_many(planned: Planned) -> str:
    return counted(len(planned.lines), "个工单", "case", "cases")


def _show_lines(lines: Sequence[PlanLine]) -> None:
    for line in lines:
        status = "" if line.status == "waiting" else f"  {say(_STATUSES[line.status])}"
        why = tr("；", "; ").join(say(each.sentence) for each in reasons_of(line))
        terminal.show(Text.assemble("  ", (line.number, "bold"), f"{status}  {why}"))
