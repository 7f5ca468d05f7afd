"""What a field takes, said beside it before anything is wrong: how many digits, from where to where, which files.

Pure words; what is taken is decided by the field's own rule.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits
from zoneinfo import ZoneInfo

from engine.core.attaching import FileRule, size_in_words
from engine.core.field import ROWS_LIMIT, FieldRule, ListRule
from engine.core.kind import Kind, Value
from engine.core.showing import show
from engine.label import Label, verbatim

_CLASS = re.compile(r"(?:\[([^\]\\]+)\]|(\\d))\{(\d{1,3})(?:,(\d{1,3}))?\}")
_ZONE = ZoneInfo("UTC")  # no limit is an instant
_MOST_LEFT_OUT = 6
"""Letters that a pattern leaves out are named as far as this."""


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
    found = _CLASS.fullmatch(rule.pattern.pattern) if rule.pattern is not None else None
    return found is not None and _members(found) <= set(digits)


def _pattern(pattern: str) -> Label:
    found = _CLASS.fullmatch(pattern)
    said = _signs(_members(found)) if found is not None else None
    if found is None or said is None:
        return Label("格式：{pattern}", "Form: {pattern}").fill(pattern=pattern)
    count = found[3] if found[4] in (None, found[3]) else f"{found[3]}–{found[4]}"
    return Label("{count} 位{signs}", "{count} {signs}").fill(count=count, signs=said)


def _members(found: re.Match[str]) -> set[str]:
    """The signs that a class of a pattern admits; ranges are written out."""
    if found[2]:
        return set(digits)
    text, members = found[1], set[str]()
    for first, last, single in re.findall(r"(.)-(.)|(.)", text):
        members |= {single} if single else {chr(each) for each in range(ord(first), ord(last) + 1)}
    return members


def _signs(members: set[str]) -> Label | None:
    """What they are called; None for signs that have no short name."""
    letters = members - set(digits)
    if not letters:
        return Label("数字", "digits")
    case = next((each for each in (ascii_uppercase, ascii_lowercase, ascii_uppercase + ascii_lowercase) if letters <= set(each)), None)
    if case is None:
        return None
    missing = "".join(each for each in case if each not in letters)
    if len(missing) > _MOST_LEFT_OUT:
        return None
    name = {
        ascii_uppercase: Label("大写字母", "capital letters"),
        ascii_lowercase: Label("小写字母", "small letters"),
    }.get(case, Label("字母", "letters"))
    if digits[0] in members:
        name = Label("{letters}或数字", "{letters} or digits").fill(letters=name)
    without = Label("{signs}（不含 {missing}）", "{signs}, without {missing}")
    return without.fill(signs=name, missing=Label("、".join(missing), ", ".join(missing))) if missing else name


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
    if least is not None:
        return (Label("不小于 {low}", "at least {low}").fill(low=low),)
    return (Label("不大于 {high}", "at most {high}").fill(high=high),) if most is not None else ()
