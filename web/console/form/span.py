"""A span of days as somebody types it: the first and the last, and a time where only half of one is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from engine.errors import Misuse
from engine.label import Label, verbatim
from engine.runtime.substitution import days

NAMES = ("first", "begins", "last", "ends")
_DAY = Label("请填写日期。", "Name a day.")
_TIME = Label("请填写时间，例如 13:00。", "Name a time, such as 13:00.")
_ORDER = Label("结束应晚于开始。", "It has to end after it begins.")


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until just before another; or what is wrong, by field, beside what was typed."""

    typed: Mapping[str, str]
    since: datetime | None = None
    until: datetime | None = None
    faults: Mapping[str, Label] = field(default_factory=dict)


def told(since: datetime, until: datetime, zone: ZoneInfo) -> Label:
    """From when until when, in days where they are whole."""
    begins, ends = since.astimezone(zone), until.astimezone(zone)
    first = f"{begins:%m-%d}" if begins.time() == time() else f"{begins:%m-%d %H:%M}"
    last = f"{ends - timedelta(days=1):%m-%d}" if ends.time() == time() else f"{ends:%m-%d %H:%M}"
    return verbatim(first) if first == last else Label("{first} 至 {last}", "{first} to {last}").fill(first=first, last=last)


def today(now: datetime, zone: ZoneInfo) -> Span:
    """What a form begins with: this very day."""
    day = now.astimezone(zone).date().isoformat()
    return Span({"first": day, "begins": "", "last": day, "ends": ""})


def span_in(form: FormData, now: datetime, zone: ZoneInfo) -> Span:
    """What was typed."""
    typed = {name: str(form.get(name) or "").strip() for name in NAMES}
    faults: dict[str, Label] = {}
    first, last = (_day(typed[name], name, faults) for name in ("first", "last"))
    begins, ends = (_time(typed[name], name, faults) for name in ("begins", "ends"))
    if faults or first is None or last is None:
        return Span(typed, faults=faults)
    try:
        since, until = days(first, last, now, zone, begins=begins, ends=ends)
    except Misuse as error:
        return Span(typed, faults={"last": error.sentence})
    return Span(typed, since, until) if since < until else Span(typed, faults={"last": _ORDER})


def day_in(text: str) -> date | None:
    """The day that was typed; None for what is none, or so far away that nobody can mean it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None


def _day(text: str, name: str, faults: dict[str, Label]) -> date | None:
    found = day_in(text)
    if found is None:
        faults[name] = _DAY
    return found


def _time(text: str, name: str, faults: dict[str, Label]) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        faults[name] = _TIME
        return None
