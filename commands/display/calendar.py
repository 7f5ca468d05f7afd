"""Calendars on the terminal: which are known, answers to questions about time, and official holidays taken in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.text import Text

from commands import terminal
from commands.display.definition import near
from commands.display.trace import moment, period, provisional, show_days, since
from commands.speech import counted, language, listed, say, tr
from engine.authoring.calendar import read_official
from engine.authoring.excerpt import render
from engine.core.wording import WEEKDAYS
from engine.label import Label
from engine.representation.label import of_label
from engine.representation.trace import of_trace
from engine.runtime.almanac import Almanac, Answer, KnownCalendar
from engine.runtime.holidays import Loaded
from engine.runtime.sweeper import Extended
from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.official import OfficialYear


def show_answer(answer: Answer, *, in_json: bool) -> None:
    """A question about time, answered day by day."""
    calendar, found = answer.asked.calendar, answer.trace
    if in_json:
        terminal.as_json({"calendar": calendar.id, "zone": calendar.zone.key, **of_trace(found, calendar)})
        return
    what = tr("{period}，自 {start} 起", "{period} from {start}", period=period(found.period), start=since(found.start, calendar.zone))
    terminal.show(
        Text.assemble((what, "bold"), f"  {say(answer.asked.title)} · {calendar.zone.key}  ", (calendar.id, "dim")),
        "",
    )
    show_days(found)
    assert found.deadline is not None  # nothing is paused
    terminal.show("", Text.assemble(tr("到期  ", "Due  "), (moment(found.deadline.at, calendar.zone), "bold")))
    if found.deadline.provisional:
        terminal.show(provisional(found))


def show_calendars(almanac: Almanac, *, in_json: bool) -> None:
    """Every calendar: zone, hours, and until when official holidays are known."""
    known = almanac.calendars.values()
    if in_json:
        terminal.as_json({"calendars": [_calendar_object(each) for each in known], "faulty": sorted(almanac.faulty)})
        return
    titles = [tr("标识", "Id"), tr("名称", "Title"), tr("时区", "Zone"), tr("工作时间", "Hours"), tr("法定节假日", "Official holidays")]
    rows: list[list[terminal.Cell]] = [
        [
            Text(each.calendar.id, "bold"),
            say(each.title) + ("" if each.is_own else tr("（随附）", " (shipped)")),
            each.calendar.zone.key,
            "\n".join(_week(each.calendar)),
            _known_until(each),
        ]
        for each in known
    ]
    terminal.table(titles, rows)
    if almanac.faulty:
        named = listed(sorted(almanac.faulty))
        terminal.remark(
            tr("有错误：{named}；请用“aftercare check”查看", "With mistakes: {named}; see them with “aftercare check”", named=named)
        )
    terminal.show("", tr("试问：aftercare calendar 3wh 从 现在", "Ask one: aftercare calendar 3wh from now"))


def read_years(file: Path) -> tuple[OfficialYear, ...] | None:
    """The official years of a file; None when it does not hold, after showing why."""
    years, diagnostics, document = read_official(near(file.absolute()))
    if diagnostics:
        print(render(diagnostics, {document.file: document.text}, language(), colour=terminal.has_colour()), end="")
    return years


def show_loaded(loaded: Loaded, extended: Extended) -> None:
    """What a load has added, and what it moved."""
    if loaded.years:
        named = listed([f"{each.country} {each.year}" for each in loaded.years])
        said = Label("已载入法定节假日：{named}（第 {edition} 版）", "Loaded the official holidays of {named} (edition {edition})")
        terminal.show(say(said, named=named, edition=loaded.edition))
    else:
        terminal.show(tr("没有新的年份；已载入的年份不变", "No year is new; what was loaded stays as it is"))
    moved = ("个工单的暂定日期已重新计算", "case with a provisional date was recomputed", "cases with provisional dates were recomputed")
    terminal.show(counted(extended.cases, *moved) if extended.cases else tr("没有暂定的日期", "No case had a provisional date"))
    for trouble in extended.troubles:
        terminal.remark(f"{trouble.number}: {say(trouble.why)}")


def _week(calendar: WorkingCalendar) -> Iterator[str]:
    days = [(weekday, calendar.week[weekday]) for weekday in range(7) if calendar.week.get(weekday)]
    for _, group in groupby(enumerate(days), key=lambda each: (each[1][0] - each[0], each[1][1])):
        alike = [day for _, day in group]
        ends = dict.fromkeys((alike[0][0], alike[-1][0]))
        yield f"{'–'.join(say(WEEKDAYS[weekday]) for weekday in ends)} {'  '.join(map(_window, alike[0][1]))}"


def _window(window: Window) -> str:
    return f"{window.opens // 60:02}:{window.opens % 60:02}–{window.closes // 60:02}:{window.closes % 60:02}"


def _known_until(known: KnownCalendar) -> str:
    if known.calendar.country is None:
        return "–"
    if not known.years:
        return tr("{country}：未载入", "{country}: none loaded", country=known.calendar.country)
    first, last = known.years[0], known.years[-1]
    span = f"{first}–{last}" if len(known.years) == last - first + 1 else listed(list(map(str, known.years)))
    return f"{known.calendar.country} {span}"


def _calendar_object(known: KnownCalendar) -> dict[str, Any]:
    calendar = known.calendar
    return {
        "calendar": calendar.id,
        "title": of_label(known.title),
        "own": known.is_own,
        "zone": calendar.zone.key,
        "week": {str(weekday + 1): [_window(each) for each in calendar.week.get(weekday, ())] for weekday in range(7)},
        "country": calendar.country,
        "years": list(known.years),
    }
