"""Values in words: how a refusal, a board or a history shows what a field holds. Knows kinds and choices, no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.core.attaching import size_in_words
from engine.core.called import Called
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


_NOBODY = Called()


def show(value: Value | None, kind: Kind, choices: Mapping[str, Label] | None, zone: ZoneInfo, called: Called = _NOBODY) -> Label:
    """The value in words: yes or no, the label of a choice, ISO dates, instants in the zone, people and units as they are called, money
    as the trade writes it, files with sizes.

    Of a list only how many rows it has: `rows_in_words` shows them.

    >>> show(True, Kind("boolean"), None, ZoneInfo("Asia/Shanghai")).zh
    '是'
    >>> show(Decimal("1480"), Kind("money", "CNY"), None, ZoneInfo("Asia/Shanghai"))
    Label(zh='¥1,480.00', en='CNY 1,480.00')
    >>> show(None, Kind("date"), None, ZoneInfo("Asia/Shanghai")).en
    '–'
    """
    if value is None or value == ():
        return EMPTY
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, str):
        return _named(value, kind, choices or {}, called)
    if isinstance(value, tuple):
        return Label("{n} 行", "{n} rows").fill(n=len(value)) if kind.name == "list" else listed(_one(each, called) for each in value)
    if isinstance(value, Attachment):
        return _one(value, called)
    if isinstance(value, Period):
        return _UNITS[value.unit].fill(n=value.count)
    if isinstance(value, Decimal) and kind.name == "money" and kind.of:
        return amount(value, kind.of)
    return verbatim(_plain(value, zone))


def length(period: Period) -> Label:
    """A length of time, without its direction.

    >>> length(Period(-2, "wd")).zh
    '2 个工作日'
    """
    return _UNITS[period.unit].fill(n=abs(period.count))


def amount(value: Decimal, currency: str) -> Label:
    """Money as it stands on a bill: in Chinese the yuan by its sign, every other currency by its code.

    >>> amount(Decimal("-0.5"), "CNY"), amount(Decimal("12000"), "JPY").zh
    (Label(zh='-¥0.50', en='-CNY 0.50'), 'JPY 12,000')
    """
    # Stored amounts have lost their trailing zeros; a finer one, not yet rounded, keeps all its digits.
    places = max(decimals(currency), -int(value.normalize().as_tuple().exponent))
    said = Label("{sign}¥{it}", "{sign}CNY {it}") if currency == "CNY" else Label("{sign}{currency} {it}", "{sign}{currency} {it}")
    return said.fill(sign="-" if value < 0 else "", currency=currency, it=f"{abs(value):,.{places}f}")


def _named(value: str, kind: Kind, choices: Mapping[str, Label], called: Called) -> Label:
    if kind.name == "person":
        return called.person(value)
    return called.unit(value) if kind.name == "unit" else choices.get(value, verbatim(value))


def _one(value: object, called: Called) -> Label:
    """A person, or a file with its size."""
    if isinstance(value, Attachment):
        return Label("{name}（{size}）", "{name} ({size})").fill(name=value.name, size=size_in_words(value.size))
    return called.person(str(value))


def _plain(value: int | Decimal | date | datetime, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _local(value, zone).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:  # at the edge of the years 1 to 9999
        return instant
