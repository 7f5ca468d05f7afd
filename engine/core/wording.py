"""What a message may show of a case, and time in words: when something is due, how long is left, how long it lasted.

Knows no template and no channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.compiled import CompiledDefinition
from engine.label import Label, Language

WEEKDAYS = (
    Label("周一", "Mon"),
    Label("周二", "Tue"),
    Label("周三", "Wed"),
    Label("周四", "Thu"),
    Label("周五", "Fri"),
    Label("周六", "Sat"),
    Label("周日", "Sun"),
)
"""The days of the week, Monday first."""


def shown(
    definition: CompiledDefinition, number: str, state: str, words: Mapping[str, Label], recipient: str, language: Language, link: str
) -> dict[str, object]:
    """What every template may show: the case where it stood, who reads it, and what `with` passes."""
    values: dict[str, object] = {name: label.within(language) for name, label in words.items()}
    values["case"] = {
        "number": number,
        "title": definition.title.within(language),
        "state": definition.states[state].title.within(language),
        "link": link,
    }
    values["recipient"] = {"name": recipient}
    return values


def clock_shown(
    definition: CompiledDefinition, clock: str, due_at: datetime | None, zone: ZoneInfo, now: datetime, language: Language
) -> dict[str, object]:
    """What the template of a rung may show of its clock besides, as `clock`."""
    return {
        "title": definition.clocks[clock].title.within(language),
        "due": local(due_at, zone).within(language),
        "left": left(due_at, now).within(language),
    }


def local(instant: datetime | None, zone: ZoneInfo) -> Label:
    """A due instant as people say it: the end of a day is 24:00, never 00:00 of the next.

    >>> from datetime import UTC
    >>> local(datetime(2026, 9, 30, 16, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")).en
    '2026-09-30 24:00'
    """
    if instant is None:
        return Label("–", "–")
    there = instant.astimezone(zone)
    if (there.hour, there.minute) == (0, 0):
        day = there - timedelta(days=1)
        return Label(f"{day:%Y-%m-%d} 24:00", f"{day:%Y-%m-%d} 24:00")
    return Label(f"{there:%Y-%m-%d %H:%M}", f"{there:%Y-%m-%d %H:%M}")


def left(due_at: datetime | None, now: datetime) -> Label:
    """How long until it is due, or since when it is overdue, by the clock on the wall.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 9, 30, 12, tzinfo=UTC)
    >>> left(noon, noon - timedelta(minutes=90)).en, left(noon, noon + timedelta(days=2, hours=1)).zh
    ('1 h 30 min left', '已逾期 2 天 1 小时')
    """
    if due_at is None:
        return Label("–", "–")
    length = lasting(due_at - now)
    if now < due_at:
        return Label("还剩 {length}", "{length} left").fill(length=length)
    if now - due_at < timedelta(minutes=1):
        return Label("刚刚到期", "due just now")
    return Label("已逾期 {length}", "{length} overdue").fill(length=length)


def lasting(length: timedelta, *, working: bool = False) -> Label:
    """How long something lasts, to the minute; with days among it the minutes are left out. Of working time a day has no fixed length.

    >>> lasting(timedelta(days=2, hours=1, minutes=5)).en, lasting(timedelta(hours=49, minutes=5), working=True).zh
    ('2 d 1 h', '49 小时 5 分钟')
    """
    minutes = abs(length) // timedelta(minutes=1)
    days = 0 if working else minutes // 1440
    hours, rest = minutes // 60 - days * 24, minutes % 60
    parts = [(days, "天", "d"), (hours, "小时", "h"), (rest if not days else 0, "分钟", "min")]
    zh = " ".join(f"{count} {unit}" for count, unit, _ in parts if count) or ("不到 1 分钟" if length else "0 分钟")
    en = " ".join(f"{count} {unit}" for count, _, unit in parts if count) or ("less than 1 min" if length else "0 min")
    return Label(zh, en)
