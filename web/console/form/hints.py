"""What a field takes, said beside it before anything is wrong: how many digits, from where to where, which files.

Pure words; what is taken is decided by the field's own rule.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.core import pattern
from engine.core.attaching import FileRule, size_in_words
from engine.core.field import ROWS_LIMIT, FieldRule, ListRule
from engine.core.kind import Kind, Value
from engine.core.showing import show
from engine.label import Label, verbatim

_ZONE = ZoneInfo("UTC")  # no limit is an instant


def hints_of(rule: FieldRule) -> tuple[Label, ...]:
    """What is good to know before the field is filled; nothing where its title says it all."""
    if rule.pattern is not None:
        return (_pattern(rule.pattern.pattern),)
    if rule.files is not None:
        return _files(rule.files)
    if rule.rows is not None:
        return _rows(rule.rows)
    if rule.type == "phone":
        return (Label("手机 11 位，或带区号的座机", "11-digit mobile, or landline with area code"),)
    return _limits(rule.kind, rule.minimum, rule.maximum)


def is_of_digits(rule: FieldRule) -> bool:
    """Whether its pattern takes digits alone, so that a telephone shows its number pad."""
    return rule.pattern is not None and pattern.is_of_digits(rule.pattern.pattern)


def _pattern(written: str) -> Label:
    return pattern.in_words(written) or Label("格式：{pattern}", "Form: {pattern}").fill(pattern=written)


def _files(rule: FileRule) -> tuple[Label, ...]:
    kinds = (verbatim(" ".join(rule.accept)),) if rule.accept else ()
    size = Label("每个不超过 {size}", "up to {size} each") if rule.most > 1 else Label("不超过 {size}", "up to {size}")
    return (*kinds, *_number(rule.least, rule.most, Label("{n} 个", "{n} files")), size.fill(size=size_in_words(rule.size)))


def _rows(rule: ListRule) -> tuple[Label, ...]:
    return _number(rule.least, rule.most, Label("{n} 行", "{n} rows")) if rule.least or rule.most < ROWS_LIMIT else ()


def _number(least: int, most: int, counted: Label) -> tuple[Label, ...]:
    """How many there may be; of one thing alone nothing need be said."""
    if most == 1:
        return ()
    if least:
        return (counted.fill(n=f"{least}–{most}" if least < most else most),)
    return (Label("最多 {counted}", "at most {counted}").fill(counted=counted.fill(n=most)),)


def _limits(kind: Kind, least: Value | None, most: Value | None) -> tuple[Label, ...]:
    low, high = (show(each, kind, None, _ZONE) for each in (least, most))
    if least is not None and most is not None:
        return (Label("{low} 至 {high}", "{low} to {high}").fill(low=low, high=high),)
    if least is not None and least != 0:  # that there cannot be less than nothing goes without saying
        return (Label("不小于 {low}", "at least {low}").fill(low=low),)
    return (Label("不大于 {high}", "at most {high}").fill(high=high),) if most is not None else ()
