"""Whether people can finish the processes, on the terminal: the report for managers, and what a change of people has cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from rich.text import Text

from commands import terminal
from commands.failure import DONE, PROBLEM
from commands.speech import listed, say, tr
from engine.app import Application
from engine.authoring.checks.people.endurance import MOST, Stop
from engine.authoring.proof.answer import Undecided
from engine.core.codec import encode_instant
from engine.label import Label
from engine.representation.label import of_label
from engine.runtime.titles import person_title
from engine.runtime.workforce import Line, Report
from roles.roster import Roster

NAMED = 5
"""How many gaps a change of people names; the report has them all."""


@contextmanager
def telling_gaps(application: Application, absent_at: datetime | None = None) -> Iterator[None]:
    """What people could finish before and cannot afterwards is told on stderr; nothing is ever refused for it.

    With `absent_at` those are missing, before as afterwards, who are away at that instant.
    """
    with application.workforce.losses(absent_at) as lost:
        yield
    if not lost:
        return
    more = len(lost) - NAMED
    terminal.remark(
        tr("注意，以下现在没有人能办完：", "Careful, people cannot finish this any more:"),
        *(f"  {say(gap.told)}" for gap in lost[:NAMED]),
        *([tr("  另有 {n} 处，见 aftercare people proof", "  and {n} more; see aftercare people proof", n=more)] if more > 0 else []),
    )


def show_report(report: Report, *, in_json: bool) -> int:
    """Every process by unit; 1 when something cannot be finished."""
    if in_json:
        terminal.as_json(_object(report))
    else:
        _show(report)
    return DONE if all(line.proof.is_finishable for line in report.lines) else PROBLEM


def _show(report: Report) -> None:
    if report.away:
        away = listed([say(person_title(each, report.roster)) for each in report.away])
        terminal.remark(tr("不在岗：{away}", "Away: {away}", away=away))
    titles = [
        tr("流程", "Process"), tr("单位", "Unit"), tr("都能办完", "All can finish"), tr("只有一人能办", "One person alone"),
        tr("缺了谁有路不通", "A way stops without"), tr("缺了谁全办不成", "Every success stops without"),
    ]  # fmt: skip
    roster = report.roster
    rows = [
        (
            Text(say(line.definition.title), "bold"),
            say(roster.unit_titles[line.unit]) if line.unit is not None else "–",
            _verdict(line),
            _alone(line, roster) or "–",
            _stop(line, line.endurance.some, roster),
            _stop(line, line.endurance.all, roster),
        )
        for line in report.lines
    ]
    if rows:
        terminal.table(titles, rows, kept=(0, 1, 2))
    else:
        terminal.show(tr("没有可校验的流程。", "There is no process to prove."))
    for gap in (gap for line in report.lines for gap in line.gaps):
        terminal.show("", say(gap.told))
    if report.unstaffed:
        names = listed([say(each.title) for each in report.unstaffed])
        terminal.remark(tr("没有人担任其角色：{names}", "Nobody holds a role of: {names}", names=names))


def _verdict(line: Line) -> Text:
    if not line.proof.is_finishable:
        return Text(tr("否", "no"), "bold red")
    if line.proof.undecided is not None:
        return Text(tr("未判定", "not decided"), "yellow")
    return Text(tr("是", "yes"), "green")


def _alone(line: Line, roster: Roster) -> str:
    steps: dict[str, list[str]] = {}
    for single in line.proof.singles:
        steps.setdefault(single.person, []).append(say(single.step.title))
    return "; ".join(
        tr("{who}（{steps}）", "{who} ({steps})", who=roster.people[person].name, steps=listed(list(dict.fromkeys(names))))
        for person, names in steps.items()
    )


def _stop(line: Line, stop: Stop | Undecided | None, roster: Roster) -> str:
    if stop is None:
        return tr("{n} 人以上", "more than {n}", n=MOST)
    if isinstance(stop, Undecided):
        return tr("未判定", "not decided")
    if not stop.persons:
        return tr("已办不成", "stopped already")
    who = listed([roster.people[each].name for each in sorted(stop.persons)])
    about = _about(line, stop)
    return tr("{who}（{what}）", "{who} ({what})", who=who, what=" → ".join(map(say, about))) if about else who


def _about(line: Line, stop: Stop) -> Sequence[Label]:
    """The steps of what is stopped, and the end that is then not reached."""
    if stop.route is not None:
        return [*(step.title for step in stop.route.steps), line.definition.states[stop.route.end].title]
    return [stop.step.title] if stop.step is not None else []


def _object(report: Report) -> dict[str, object]:
    return {
        "at": encode_instant(report.at),
        "away": list(report.away),
        "processes": [_line_object(line) for line in report.lines],
        "unstaffed": [each.workflow for each in report.unstaffed],
    }


def _line_object(line: Line) -> dict[str, object]:
    verdict = "no" if not line.proof.is_finishable else "yes" if line.proof.undecided is None else "not_decided"
    return {
        "workflow": line.definition.workflow,
        "version": line.definition.version,
        "unit": line.unit,
        "finishable": verdict,
        "gaps": [{"code": gap.code, "sentence": of_label(gap.sentence)} for gap in line.gaps],
        "alone": [{"step": single.step.id, "person": single.person} for single in line.proof.singles],
        "a_way_stops_without": _stop_object(line.endurance.some),
        "every_success_stops_without": _stop_object(line.endurance.all),
    }


def _stop_object(stop: Stop | Undecided | None) -> dict[str, object] | str:
    if isinstance(stop, Undecided):
        return "not_decided"
    if stop is None:
        return f"more_than_{MOST}"
    steps = [step.id for step in stop.route.steps] if stop.route is not None else [stop.step.id] if stop.step is not None else []
    return {"persons": sorted(stop.persons), "steps": steps}
