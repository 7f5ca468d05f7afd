"""Values in words: how a refusal, a board or a history shows what a field holds. Knows kinds and choices, no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.core.attaching import size_in_words
from engine.core.kind import Attachment, Kind, Value, decimals
from engine.label import Label, listed, verbatim
from engine.timing.period import Period

EMPTY = verbatim("–")

_YES, _NO = Label("是", "yes"), Label("否", "no")

_UNITS = {
    "m": Label("{n} 分钟", "{n} min"),
    "h": Label("{n} 小时", "{n} h"),
    "d": Label("{n} 天", "{n} d"),
    "mo": Label("{n} 个月", "{n} mo"),
    "y": Label("{n} 年", "{n} y"),
    "wh": Label("{n} 工作小时", "{n} working h"),
    "wd": Label("{n} 个工作日", "{n} working d"),
}


def show(value: Value | None, kind: Kind, choices: Mapping[str, Label] | None, zone: ZoneInfo) -> Label:
    """The value in words: yes or no, the label of a choice, ISO dates, instants in the zone, money with its currency, files with sizes.

    Of a list only how many rows it has: `rows_in_words` shows them.

    >>> show(True, Kind("boolean"), None, ZoneInfo("Asia/Shanghai")).zh
    '是'
    >>> show(Decimal("480"), Kind("money", "CNY"), None, ZoneInfo("Asia/Shanghai")).en
    '480.00 CNY'
    >>> show(None, Kind("date"), None, ZoneInfo("Asia/Shanghai")).en
    '–'
    """
    if value is None or value == ():
        return EMPTY
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, str):
        return (choices or {}).get(value, verbatim(value))
    if isinstance(value, tuple):
        return Label("{n} 行", "{n} rows").fill(n=len(value)) if kind.name == "list" else listed(map(_one, value))
    if isinstance(value, Attachment):
        return _one(value)
    if isinstance(value, Period):
        return _UNITS[value.unit].fill(n=value.count)
    return verbatim(_plain(value, kind, zone))


def _one(value: object) -> Label:
    """A person, or a file with its size."""
    if isinstance(value, Attachment):
        return Label("{name}（{size}）", "{name} ({size})").fill(name=value.name, size=size_in_words(value.size))
    return verbatim(str(value))


def _plain(value: int | Decimal | date | datetime, kind: Kind, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _local(value, zone).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Decimal):
        if kind.name == "money" and kind.of:
            # Stored amounts have lost their trailing zeros; a finer one, not yet rounded, keeps all its digits.
            places = max(decimals(kind.of), -int(value.normalize().as_tuple().exponent))
            return f"{value:.{places}f} {kind.of}"
        return format(value, "f")
    return str(value)


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:  # at the edge of the years 1 to 9999
        return instant
