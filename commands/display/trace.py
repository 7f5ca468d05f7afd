"""Why a length of time ends when it does: its days on the terminal."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display import case
from commands.speech import listed, say, tr
from engine.core.kind import Kind
from engine.core.showing import show
from engine.core.wording import WEEKDAYS, lasting, local
from engine.timing.period import Period
from engine.timing.trace import KINDS, MOST_DAYS, Trace, TraceDay, to_the_minute

_WORKING = ("wh", "wd")
_FORTNIGHT = 14


def show_days(found: Trace, indent: int = 0, most: int = MOST_DAYS) -> None:
    """Each day on the way: what sort of day, its hours where work counts, and what of it counted. Of more than `most` days only the
    first and the last fortnight."""
    pad = " " * indent
    is_working = found.period.unit in _WORKING
    titles = [pad + tr("日期", "Day"), tr("类型", "Kind"), *([tr("工作时间", "Hours")] if is_working else []), tr("计入", "Counted")]
    rows = [_row(day, pad, working=is_working) for day in to_the_minute(found.days)]
    if len(rows) > most:
        between = tr("…… 中间 {n} 天从略", "… {n} days between", n=len(rows) - 2 * _FORTNIGHT)
        rows[_FORTNIGHT:-_FORTNIGHT] = [[pad + between, *[""] * (len(titles) - 1)]]
    terminal.table(titles, rows, kept=range(len(titles)))
    if found.omitted:
        terminal.show(pad + tr("…… 其后 {n} 天从略", "… {n} more days", n=found.omitted))


def provisional(found: Trace) -> Text:
    """That a date may change, said loudly, with the way out."""
    years = sorted({each.day.year for each in found.days if each.provisional})
    if not years and found.deadline is not None:  # they lie beyond what is listed
        years = [found.deadline.at.year]
    return Text(
        tr(
            "暂定！没有 {years} 年的法定节假日数据，日期可能变化；公布后用“aftercare calendar load 文件”载入。",
            "PROVISIONAL! The official holidays of {years} are not known here, and the date may change: "
            "load them with “aftercare calendar load FILE” once they are decreed.",
            years=listed(list(map(str, years))),
        ),
        "bold red",
    )


def since(instant: datetime, zone: ZoneInfo) -> str:
    """When something begins, with its weekday."""
    return _with_weekday(case.local(instant, zone))


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """When something is due, with its weekday; the end of a day is its 24:00."""
    return _with_weekday(say(local(instant, zone)))


def period(length: Period) -> str:
    """A length of time in words."""
    return say(show(length, Kind("duration"), None, ZoneInfo("UTC")))


def _with_weekday(text: str) -> str:
    return f"{say(WEEKDAYS[date.fromisoformat(text[:10]).weekday()])} {text}"


def _row(day: TraceDay, pad: str, *, working: bool) -> list[terminal.Cell]:
    hours = [_spans(day)] if working else []
    return [pad + _date(day.day), _kind(day), *hours, _counted(day, working=working)]


def _date(day: date) -> str:
    return f"{say(WEEKDAYS[day.weekday()])} {day}"


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
