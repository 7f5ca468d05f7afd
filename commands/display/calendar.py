"""Calendars, and why a length of time ends when it does: day by day on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display import case
from commands.display.definition import near
from commands.display.objects import of_label
from commands.speech import counted, language, listed, say, tr
from engine.authoring.calendar import read_official
from engine.authoring.excerpt import render
from engine.core.codec import encode_instant
from engine.core.kind import Kind
from engine.core.showing import show
from engine.label import Label
from engine.runtime.almanac import Almanac, Answer, KnownCalendar
from engine.runtime.holidays import Loaded
from engine.runtime.sweeper import Extended
from engine.runtime.wording import lasting, local
from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.deadline import Deadline
from engine.timing.official import OfficialYear
from engine.timing.period import Period
from engine.timing.trace import KINDS, MOST_DAYS, Trace, TraceDay

_WEEKDAYS = (
    Label("周一", "Mon"),
    Label("周二", "Tue"),
    Label("周三", "Wed"),
    Label("周四", "Thu"),
    Label("周五", "Fri"),
    Label("周六", "Sat"),
    Label("周日", "Sun"),
)
_WORKING = ("wh", "wd")
_FORTNIGHT = 14


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
        terminal.show(provisional(found.days))


def show_days(found: Trace, indent: int = 0, most: int = MOST_DAYS) -> None:
    """Each day on the way: what sort of day, its hours where work counts, and what of it counted. Of more than `most` days only the
    first and the last fortnight."""
    pad = " " * indent
    is_working = found.period.unit in _WORKING
    titles = [pad + tr("日期", "Day"), tr("类型", "Kind"), *([tr("工作时间", "Hours")] if is_working else []), tr("计入", "Counted")]
    rows = [_row(day, pad, working=is_working) for day in found.days]
    if len(rows) > most:
        between = tr("…… 中间 {n} 天从略", "… {n} days between", n=len(rows) - 2 * _FORTNIGHT)
        rows[_FORTNIGHT:-_FORTNIGHT] = [[pad + between, *[""] * (len(titles) - 1)]]
    terminal.table(titles, rows, kept=range(len(titles)))
    if found.omitted:
        terminal.show(pad + tr("…… 其后 {n} 天从略", "… {n} more days", n=found.omitted))


def provisional(days: Sequence[TraceDay]) -> Text:
    """That a date may change, said loudly, with the way out."""
    years = listed([str(year) for year in sorted({each.day.year for each in days if each.provisional})])
    return Text(
        tr(
            "暂定！没有 {years} 年的法定节假日数据，日期可能变化；公布后用“aftercare calendar load 文件”载入。",
            "PROVISIONAL! The official holidays of {years} are not known here, and the date may change: "
            "load them with “aftercare calendar load FILE” once they are decreed.",
            years=years,
        ),
        "bold red",
    )


def show_calendars(almanac: Almanac, *, in_json: bool) -> None:
    """Every calendar: zone, hours, and until when official holidays are known."""
    known = almanac.calendars.values()
    if in_json:
        terminal.as_json({"calendars": [_calendar_object(each) for each in known]})
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
    terminal.show("", tr("试问：aftercare calendar 3wh from now", "Ask one: aftercare calendar 3wh from now"))


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


def since(instant: datetime, zone: ZoneInfo) -> str:
    """When something begins, with its weekday."""
    return _with_weekday(case.local(instant, zone))


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """When something is due, with its weekday; the end of a day is its 24:00."""
    return _with_weekday(say(local(instant, zone)))


def _with_weekday(text: str) -> str:
    return f"{say(_WEEKDAYS[date.fromisoformat(text[:10]).weekday()])} {text}"


def period(length: Period) -> str:
    """A length of time in words."""
    return say(show(length, Kind("duration"), None, ZoneInfo("UTC")))


def of_trace(found: Trace, calendar: WorkingCalendar) -> dict[str, Any]:
    """The way to a deadline, as an object; lengths in seconds, hours in the calendar's zone."""
    return {
        "start": encode_instant(found.start),
        "period": f"{found.period.count}{found.period.unit}",
        "days": [
            {
                "day": each.day.isoformat(),
                "kind": each.kind,
                "kind_title": of_label(KINDS[each.kind]),
                "provisional": each.provisional,
                "hours": [[opens.isoformat(), closes.isoformat()] for opens, closes in each.hours],
                "counted": seconds(each.counted),
                "left_out": seconds(each.left_out),
                "remark": of_label(each.remark) if each.remark is not None else None,
            }
            for each in found.days
        ],
        "omitted": found.omitted,
        **of_deadline(found.deadline, calendar.zone),
    }


def of_deadline(deadline: Deadline | None, zone: ZoneInfo) -> dict[str, Any]:
    """A deadline as an object: exclusive instants, and as people say it."""
    if deadline is None:
        return {"due": None, "due_local": None, "latest": None, "provisional": False}
    return {
        "due": encode_instant(deadline.at),
        "due_local": local(deadline.at, zone).en,
        "latest": encode_instant(deadline.latest),
        "provisional": deadline.provisional,
    }


def seconds(length: timedelta | None) -> int | None:
    """A length of time as whole seconds."""
    return None if length is None else int(length.total_seconds())


def _row(day: TraceDay, pad: str, *, working: bool) -> list[terminal.Cell]:
    hours = [_spans(day)] if working else []
    return [pad + _date(day.day), _kind(day), *hours, _counted(day, working=working)]


def _date(day: date) -> str:
    return f"{say(_WEEKDAYS[day.weekday()])} {day}"


def _kind(day: TraceDay) -> Text:
    said = Text(say(KINDS[day.kind]), "" if day.hours else "dim")
    return said.append(tr("，暂定", ", provisional"), "bold red") if day.provisional else said


def _spans(day: TraceDay) -> str:
    ends = (closes.strftime("%H:%M") if closes.date() == day.day else "24:00" for _, closes in day.hours)
    return "  ".join(f"{opens:%H:%M}–{end}" for (opens, _), end in zip(day.hours, ends, strict=True)) or "–"


def _counted(day: TraceDay, *, working: bool) -> str:
    if day.counted is None:
        return say(day.remark) if day.remark is not None else "–"
    said = say(lasting(day.counted, working=working)) if day.counted else "–"
    if not day.left_out:
        return said
    paused = tr("暂停 {length}", "paused {length}", length=say(lasting(day.left_out, working=working)))
    return paused if not day.counted else tr("{said}，{paused}", "{said}, {paused}", said=said, paused=paused)


def _week(calendar: WorkingCalendar) -> Iterator[str]:
    days = [(weekday, calendar.week[weekday]) for weekday in range(7) if calendar.week.get(weekday)]
    for _, group in groupby(enumerate(days), key=lambda each: (each[1][0] - each[0], each[1][1])):
        alike = [day for _, day in group]
        ends = dict.fromkeys((alike[0][0], alike[-1][0]))
        yield f"{'–'.join(say(_WEEKDAYS[weekday]) for weekday in ends)} {'  '.join(map(_window, alike[0][1]))}"


def _window(window: Window) -> str:
    return f"{window.opens // 60:02}:{window.opens % 60:02}–{window.closes // 60:02}:{window.closes % 60:02}"


def _known_until(known: KnownCalendar) -> str:
    if known.calendar.country is None:
        return "–"
    if not known.years:
        return tr("{country}：未载入", "{country}: none loaded", country=known.calendar.country)
    span = f"{known.years[0]}–{known.years[-1]}"
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
