"""A question about time as a person types it: `3wh from 2026-09-30 16:30`. Knows the words, not the answer."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import cast, get_args
from zoneinfo import ZoneInfo

from engine.errors import Misuse, did_you_mean
from engine.label import Label
from engine.timing.period import FAMILIES, Period, Unit
from engine.timing.wall import clamp, instant_of

_QUESTION = re.compile(r"(?P<count>[0-9]{1,9})\s*(?P<unit>[^\W\d_]+?)\s*(?:\bfrom\b|从|自)\s*(?P<start>\S.*)", re.IGNORECASE | re.DOTALL)
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:(?:\s+|\s*t\s*)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})\s*(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_NOW = {"now", "现在"}
_EXAMPLE = Label(
    "例如“3wh 从 2026-09-30 16:30”或“2d 从 现在”；单位 m h d mo y wh wd。",
    "For example “3wh from 2026-09-30 16:30” or “2d from now”; units are m h d mo y wh wd.",
)


def parse(text: str, zone: ZoneInfo, now: datetime) -> tuple[Period, datetime]:
    """The length and the instant, in UTC, that a text asks about; full-width characters are read like their narrow forms.

    A local time is one of `zone` unless an offset follows it, and a date alone is its 00:00. Raises Misuse for another text.

    >>> parse("３wh　from　2026-09-30 16：30", ZoneInfo("Asia/Shanghai"), datetime.max)[1].isoformat()
    '2026-09-30T08:30:00+00:00'
    """
    found = _QUESTION.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise Misuse(
            Label("应为一段时长和起点，实为“{text}”。", "Expected a length and a moment, found “{text}”.").fill(text=text), _EXAMPLE
        )
    return Period(int(found["count"]), _unit(found["unit"])), _moment(found["start"], zone, now)


def _unit(word: str) -> Unit:
    for unit in get_args(Unit):
        if unit == word.lower():
            return cast(Unit, unit)
    raise Misuse(
        Label("应为时长单位 m h d mo y wh wd 之一，实为“{word}”。", "Expected a unit m h d mo y wh wd, found “{word}”.").fill(word=word),
        did_you_mean(word, FAMILIES) or _EXAMPLE,
    )


def _moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if text.lower() in _NOW:
        return now
    found = _MOMENT.fullmatch(text)
    try:
        if found is not None:
            day = date.fromisoformat(found["day"])
            minute = _minute(found["hour"] or "0", found["minute"] or "0")
            return instant_of(day, minute, zone) if found["offset"] is None else _at_offset(day, minute, found["offset"])
    except (ValueError, OverflowError):
        pass
    sentence = Label(
        "应为日期和时间（如 2026-09-30 16:30）或“现在”，实为“{text}”。",
        "Expected a date and time such as 2026-09-30 16:30, or now, found “{text}”.",
    )
    raise Misuse(sentence.fill(text=text), _EXAMPLE)


def _minute(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 24 * 60:
        raise ValueError(f"no time of the day: {hour}:{minute}")
    return minutes


def _at_offset(day: date, minute: int, offset: str) -> datetime:
    ahead = timedelta()
    if offset.lower() != "z":
        ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])) * (-1 if offset[0] == "-" else 1)
    return clamp(datetime(day.year, day.month, day.day, tzinfo=timezone(ahead)) + timedelta(minutes=minute))
