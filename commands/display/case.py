"""A case, a list of cases and a history on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.speech import listed, say, tr
from engine.core import wording
from engine.core.case import Case
from engine.core.event import RungFired
from engine.core.showing import EMPTY
from engine.definition.phase import PHASES
from engine.label import Label
from engine.runtime.chronicle import EntryView
from engine.runtime.clocks import ClockFace
from engine.runtime.deed import OUTCOMES
from engine.runtime.family import Family
from engine.runtime.fields import FieldView
from engine.runtime.reading import CaseView, Found, LineView, Page
from engine.runtime.signatures import SigningView

_DOORS = {"cli": Label("命令行", "cli"), "import": Label("导入", "import")}


def show_page(page: Page, now: datetime, zone: ZoneInfo, *, following: str) -> None:
    """A list of cases, with what is due first on each; `following` says how to get those after it, if there are more."""
    if not page.lines:
        terminal.show(tr("没有符合条件的工单。", "No case fits."))
        return
    several = len({each.line.workflow for each in page.lines}) > 1
    clocks = any(each.timer is not None for each in page.lines)
    titles = [tr("编号", "Number"), *([tr("流程", "Workflow")] if several else []), tr("状态", "State"), tr("承办人", "Holder")]
    rows: list[list[str | Text]] = [
        [
            Text(each.line.number, "bold"),
            *([say(each.workflow)] if several else []),
            say(each.state),
            _holder(each),
            each.line.subject or "–",
            local(each.line.opened_at, zone)[:10],
            *([_due(each, now)] if clocks else []),
        ]
        for each in page.lines
    ]
    titles += [tr("对象", "Subject"), tr("受理日期", "Opened")]
    terminal.table([*titles, *([tr("最先到期", "Due first")] if clocks else [])], rows, kept=(0, len(titles) - 2, len(titles) - 1))
    if page.more:
        terminal.remark(following)


def show_older(found: Found) -> None:
    """That not all cases were looked through, where it is so."""
    if found.has_older:
        terminal.remark(
            tr(
                "较早的工单可能未列出：请多输几个字，或输入完整的姓名、电话。",
                "Older cases may be missing: type more, or the whole name or phone.",
            )
        )


def show_case(view: CaseView, family: Family, entries: Sequence[EntryView], now: datetime, zone: ZoneInfo) -> None:
    """One case: where it stands, whom it belongs to, what it holds, what happened last."""
    case = view.case
    heading = Text.assemble((case.number, "bold"), "  ", say(view.definition.title), "  ", (say(view.state), "bold"))
    if case.outcome is not None:
        heading.append(f"  {say(OUTCOMES[case.outcome])}")
    terminal.show(heading, "")
    terminal.pairs(standing(view, zone))
    if view.clocks:
        terminal.show("", Text(tr("时限", "Clocks"), "bold"))
        terminal.pairs((say(each.title), _reading(each, now)) for each in view.clocks)
    if view.signings:
        terminal.show("", Text(tr("会签", "Signatures"), "bold"))
        terminal.pairs(pair for each in view.signings for pair in signing_pairs(each, zone))
    if family.parent is not None or family.children:
        _show_family(family, zone)
    terminal.show("")
    terminal.pairs((say(each.title), say(each.value)) for each in view.fields if not each.rows)
    for each in view.fields:
        if each.rows:
            _show_rows(each)
    terminal.show("", Text(tr("最近的历史", "Latest history"), "bold"))
    show_history(entries, zone)


def _show_rows(view: FieldView) -> None:
    """A list as a table below its title; a column that is empty in every row is left out."""
    shown = [index for index in range(len(view.columns)) if any(row[index] != EMPTY for row in view.rows)]
    terminal.show("", Text(say(view.title), "bold"))
    rows: list[list[str | Text]] = [[f"  {number}", *(say(row[index]) for index in shown)] for number, row in enumerate(view.rows, 1)]
    terminal.table(["", *(say(view.columns[index]) for index in shown)], rows)


def _show_family(family: Family, zone: ZoneInfo) -> None:
    relatives = [(tr("上级", "parent"), family.parent)] if family.parent is not None else []
    relatives += [(tr("子工单", "child"), child) for child in family.children]
    terminal.show("", Text(tr("上级与子工单", "Parent and children"), "bold"))
    rows: list[list[str | Text]] = [
        [
            what,
            Text(each.number, "bold"),
            say(each.workflow),
            say(each.state) if each.state is not None else "–",
            say(OUTCOMES[each.outcome]) if each.outcome is not None else tr("未结", "open"),
            local(each.opened_at, zone),
            local(each.ended_at, zone) if each.ended_at is not None else "–",
        ]
        for what, each in relatives
    ]
    titles = ["", tr("编号", "Number"), tr("流程", "Workflow"), tr("状态", "State"), tr("结果", "Outcome")]
    terminal.table([*titles, tr("开单", "Opened"), tr("结束", "Ended")], rows, kept=(1, 5, 6))


def signing_pairs(signing: SigningView, zone: ZoneInfo) -> list[tuple[str, str]]:
    """How far a step is that several sign, as names and values."""
    signed = listed([f"{say(each.who)} {local(each.at, zone)}" for each in signing.signatures])
    return [(say(signing.title), signing_line(signing)), ("", signed)]


def signing_line(signing: SigningView) -> str:
    """How many have signed, and who is still needed."""
    sentence = Label("已签 {signed}/{needed}；还需：{missing}", "signed {signed} of {needed}; still needed: {missing}")
    return say(sentence.fill(signed=signing.signed, needed=signing.needed, missing=signing.missing))


def standing(view: CaseView, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Where a case stands, as names and values."""
    case = view.case
    phase = say(PHASES[view.phase]) if view.phase is not None else "–"
    return [
        (
            tr("状态", "State"),
            tr(
                "{title}（{id}），自 {at}",
                "{title} ({id}), since {at}",
                title=say(view.state),
                id=case.state,
                at=local(case.entered_at, zone),
            ),
        ),
        (tr("阶段", "Phase"), phase),
        (tr("承办人", "Holder"), say(view.holder) if view.holder is not None else "–"),
        (tr("单位", "Unit"), say(view.unit) if view.unit is not None else "–"),
        (tr("受理时间", "Opened"), local(case.opened_at, zone)),
        (tr("流程定义", "Definition"), f"{case.workflow} v{view.definition.version} · {case.digest[:12]}"),
        (tr("修订号", "Revision"), str(case.revision)),
    ]


def show_history(entries: Sequence[EntryView], zone: ZoneInfo) -> None:
    """Entries, oldest first: when and what, then by whom, then what changed."""
    for each in entries:
        entry = each.entry
        what = Text(say(each.title), "bold")
        if each.to is not None:
            what.append(f" → {say(each.to)}")
        terminal.show(Text.assemble((f"{entry.seq:>3}  ", "dim"), f"{local(entry.at, zone)}  ", what))
        text = tr("结果", "then") if isinstance(entry.event, RungFired) else tr("内容", "text")
        said = [
            (tr("由", "by"), _by(each)),
            *([(tr("原因", "why"), entry.reason)] if entry.reason else []),
            *([(text, say(each.text))] if each.text is not None else []),
            *([(tr("变更", "set"), _changes(each.changes))] if each.changes else []),
            *([(tr("开单", "new"), tr("；", "; ").join(say(title) for title in each.opened))] if each.opened else []),
        ]
        terminal.pairs(said, indent=5, width=4)


def _by(view: EntryView) -> str:
    entry, who = view.entry, say(view.who)
    if entry.door == "timer":
        return who
    if entry.door == "event":
        return tr("{who}，因 {cause}", "{who}, because of {cause}", who=who, cause=entry.cause or "–")
    door = say(_DOORS[entry.door]) if entry.door in _DOORS else entry.door
    return tr("{who}，{door}，{principal}", "{who}, {door}, {principal}", who=who, door=door, principal=entry.principal)


def _reading(face: ClockFace, now: datetime) -> Text:
    """A clock in a line: when it is due, how long that is, and what keeps it open."""
    if face.due is None:
        return Text(tr("暂停", "paused"), "yellow")
    said = _until(face.due.at, now, face.zone, provisional=face.due.provisional)
    return said.append(tr("，暂停", ", paused"), "yellow") if face.standing == "paused" else said


def _holder(view: LineView) -> str:
    if view.holder is None:
        return "–"
    return tr("代{holder}", "for {holder}", holder=say(view.holder)) if view.is_for_another else say(view.holder)


def _due(view: LineView, now: datetime) -> Text:
    if view.timer is None or view.clock is None:
        return Text("–")
    title = Text(tr("{clock}：", "{clock}: ", clock=say(view.clock)))
    if view.timer.due_at is None:
        return title.append(tr("暂停", "paused"), "yellow")
    return title.append_text(_until(view.timer.due_at, now, view.zone, provisional=view.timer.provisional))


def _until(due: datetime, now: datetime, zone: ZoneInfo, *, provisional: bool) -> Text:
    said = Text(say(wording.local(due, zone)))
    if provisional:
        said.append(tr("（暂定）", " (provisional)"), "bold red")
    return said.append(tr("，", ", ")).append(say(wording.left(due, now)), "bold red" if now > due else "")


def show_changes(before: Case | None, view: CaseView, changes: Sequence[tuple[FieldView, Label]]) -> None:
    """What a step has changed, or would change."""
    rows = [(say(each.title), say(each.value) if before is None else f"{say(old)} → {say(each.value)}") for each, old in changes]
    if view.case.assignee != (before.assignee if before is not None else None):
        rows.insert(0, (tr("承办人", "Holder"), say(view.holder) if view.holder is not None else "–"))
    terminal.pairs(rows, indent=2)


def local(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as people of this zone read it."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _changes(fields: Sequence[FieldView]) -> str:
    return tr("；", "; ").join(tr("{title}：{value}", "{title}: {value}", title=say(each.title), value=say(each.value)) for each in fields)
