"""What a message says: the values that templates may show, in one language, and the text they make."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.errors import Misuse
from engine.label import Label, Language
from engine.store.outbox import OutboxMessage
from engine.timing.calendar import WorkingCalendar
from notifications.message import Recipient, Text
from notifications.render import render

NUMBER = "{number}"
"""What the setting `link` has in the place of the case number."""


def word(
    definition: CompiledDefinition,
    case: Case,
    message: OutboxMessage,
    recipient: Recipient,
    *,
    language: Language,
    calendar: WorkingCalendar | None,
    link: str,
    now: datetime,
) -> Text:
    """The text that this recipient reads. `calendar`: in whose zone instants are told; only a step's message has none."""
    values: dict[str, object] = {name: label.within(language) for name, label in message.words.items()}
    values["case"] = {
        "number": case.number,
        "title": definition.title.within(language),
        "state": definition.states[message.state].title.within(language),
        "link": link.replace(NUMBER, case.number),
    }
    values["recipient"] = {"name": recipient.name}
    if message.clock is not None and calendar is not None:
        values["clock"] = {
            "title": definition.clocks[message.clock].title.within(language),
            "due": local(message.due_at, calendar.zone).within(language),
            "left": left(message.due_at, now).within(language),
        }
    try:
        return render(definition.templates[message.template], language, values)
    except Misuse as error:  # checked when it was published; whatever slips through must not silence the message
        return Text(f"{case.number} {definition.title.within(language)}", error.sentence.within(language))


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
