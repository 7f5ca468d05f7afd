"""A field's rule: how a raw value – typed at a counter, read from a sheet, sent as JSON – becomes a value, or a sentence why not.

What people really type is read: full-width digits, `¥1,200.00`, `2026年3月2日`, 是/否, the label of a choice. Knows no case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from engine.core.attaching import FileRule, read_files
from engine.core.expression.number import MAX_DIGITS
from engine.core.facts import Facts
from engine.core.kind import Kind, Row, Value, attachments_in, decimals
from engine.core.pattern import in_words
from engine.core.prose import fault_in, plain, quoted
from engine.core.showing import amount
from engine.errors import with_nearest
from engine.label import Label, listed
from roles.policy import units_seen

Until = Literal["open", "ever"]
"""How long a unique value is kept from others: while its case is open, or for good."""

TEXT_LIMIT = 2000
"""Characters of one text value."""

LINE_LIMIT = 254
"""Characters of every value that is not free text."""

PEOPLE_LIMIT = 50

_EXACT = Context(prec=2 * MAX_DIGITS)
"""Python's own context gives up beyond 28 digits."""


class Unreadable(Exception):
    """A raw value that the field cannot take; carries the sentence. Never leaves the core."""

    def __init__(self, sentence: Label) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


ROWS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class ListRule:
    """The rows of a list field."""

    columns: Mapping[str, FieldRule]
    key: tuple[str, ...] = ()
    """Columns that together tell the rows apart."""
    least: int = 0
    most: int = ROWS_LIMIT
    needed: frozenset[str] = frozenset()
    """The columns that a form of whole rows must fill; what another step fills in later, it need not."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One compiled field, or a column of one."""

    id: str
    title: Label
    type: str
    kind: Kind
    personal: bool = False
    lines: int = 1
    pattern: re.Pattern[str] | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    choices: Mapping[str, Label] | None = None
    role: str | None = None
    role_title: Label | None = None
    unique: Until | None = None
    computed: bool = False
    rows: ListRule | None = None
    files: FileRule | None = None
    workflow: str | None = None
    """case: of which workflow the linked case is."""

    def read(self, raw: object, facts: Facts, lineage: tuple[str, ...]) -> Value | None:
        """The value that `raw` means, or None when it is empty; a value of the field is read as itself. Raises Unreadable.

        Rows are read by a form (`core.rows`), which knows those that are there already. `lineage`: the case's unit and those above it,
        where persons must hold the field's role.
        """
        if _is_empty(raw):
            return None
        if self.kind.name in ("person", "people", "unit"):
            value = _PARTICIPANT_READERS[self.kind.name](self, raw, facts, lineage)
        else:
            value = _READERS[self.type](self, raw, facts)
        fault = self.beyond(value) if value is not None else None
        if fault is not None:
            raise Unreadable(fault)
        return value

    def round(self, value: Value | None) -> Value | None:
        """A calculated value as it is stored: money half-up to the currency's unit."""
        if self.kind.name == "money" and isinstance(value, Decimal) and not _has_too_many_digits(value):
            return value.quantize(Decimal(1).scaleb(-decimals(self.kind.of)), rounding=ROUND_HALF_UP, context=_EXACT)
        if self.kind.name == "decimal" and isinstance(value, int):
            return Decimal(value)
        return value

    def beyond(self, value: Value) -> Label | None:
        """Why a value, typed or calculated, lies outside of what the field may hold."""
        if _has_too_many_digits(value):
            return Label("数字应不超过 {limit} 位", "expected at most {limit} digits").fill(limit=MAX_DIGITS)
        if self.files is not None:
            return self.files.fault_in(attachments_in(value))
        if self.minimum is not None and value < self.minimum:  # type: ignore[operator]  # both of the field's own kind
            return self._against(self.minimum, Label("小于", "less than"), Label("早于", "before"))
        if self.maximum is not None and value > self.maximum:  # type: ignore[operator]
            return self._against(self.maximum, Label("大于", "more than"), Label("晚于", "after"))
        return None

    def _against(self, limit: Value, how: Label, when: Label) -> Label:
        said = amount(limit, self.kind.of) if isinstance(limit, Decimal) and self.kind.name == "money" and self.kind.of else limit
        how = when if self.kind.name == "date" else how
        return Label("不能{how} {limit}", "must not be {how} {limit}").fill(how=how, limit=said)


def _has_too_many_digits(value: Value) -> bool:
    if isinstance(value, Decimal):
        return not value.is_finite() or value.adjusted() >= MAX_DIGITS or value.as_tuple().exponent < -MAX_DIGITS  # type: ignore[operator]  # finite
    return isinstance(value, int) and abs(value) >= 10**MAX_DIGITS


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | tuple) and not raw)


def _written(raw: object, expected: Label) -> str:
    """The raw value as one line of text with full-width letters, digits and punctuation made plain."""
    text = plain(raw)
    if text is None or len(text) > LINE_LIMIT:
        raise _wrong(expected, raw)
    return unicodedata.normalize("NFKC", text).strip()


def _wrong(expected: Label, raw: object) -> Unreadable:
    return Unreadable(Label("应为{expected}，实际为{raw}", "expected {expected}, found {raw}").fill(expected=expected, raw=quoted(raw)))


def _text(rule: FieldRule, raw: object, _facts: Facts) -> Value:
    written = plain(raw)
    if written is None:
        raise _wrong(Label("文字", "text"), raw)
    text = unicodedata.normalize("NFC", written).strip()
    fault = fault_in(text, TEXT_LIMIT)
    if fault is not None:
        raise Unreadable(fault)
    return text if rule.pattern is None else _matching(rule.pattern, text)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    # A serial number typed with a Chinese keyboard is the same number.
    for candidate in (text, unicodedata.normalize("NFKC", text)):
        if len(candidate) <= LINE_LIMIT and pattern.fullmatch(candidate):
            return candidate
    form = Label("{pattern} 格式的文字", "text of the form {pattern}").fill(pattern=pattern.pattern)
    sentence = Label("应为 {form}，实际为{text}", "expected {form}, found {text}")
    raise Unreadable(sentence.fill(form=in_words(pattern.pattern) or form, text=quoted(text)))


_PHONE = re.compile(r"1\d{10}|0\d{9,11}|[48]00\d{7}|\+\d{8,15}", re.ASCII)


def _phone(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    # By shape alone: number ranges are assigned anew every year, and a list of them would refuse real customers.
    expected = Label("电话号码（手机 11 位，或带区号的座机）", "a telephone number (11-digit mobile, or landline with area code)")
    digits = re.sub(r"[\s()–—-]", "", _written(raw, expected)).removeprefix("+86")
    if not _PHONE.fullmatch(digits):
        raise _wrong(expected, raw)
    return digits


def _email(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    expected = Label("电子邮箱", "an e-mail address")
    address = _written(raw, expected)
    if len(address) > 254 or not re.fullmatch(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}", address):
        raise _wrong(expected, raw)
    return address


_FLAGS = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}


def _boolean(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    if isinstance(raw, bool):
        return raw
    expected = Label("是或否", "yes or no")
    flag = _FLAGS.get(_written(raw, expected).lower())
    if flag is None:
        raise _wrong(expected, raw)
    return flag


def _integer(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    expected = Label("整数", "a whole number")
    if isinstance(raw, int) and plain(raw) is not None:
        return raw
    text = _written(raw, expected)
    if not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise _wrong(expected, raw)
    return int(text)


def _decimal(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    expected = Label("数字", "a number")
    if isinstance(raw, Decimal):
        return raw
    text = _written(raw, expected)
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", text):
        raise _wrong(expected, raw)
    return Decimal(text)


_AMOUNT = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?")
"""A comma stands between thousands only: `480,50` is not read as 48050."""


def _money(rule: FieldRule, raw: object, _facts: Facts) -> Value:
    places = decimals(rule.kind.of)
    currency = rule.kind.of or ""
    expected = (
        Label("金额数字（{currency}，最多 {places} 位小数）", "an amount in {currency} with at most {places} decimals")
        if places
        else Label("金额数字（{currency}，不含小数）", "an amount in {currency} without decimals")
    ).fill(currency=Label("元", "CNY") if currency == "CNY" else currency, places=places)
    found = raw if isinstance(raw, Decimal) else _amount(raw, currency, expected)
    if _has_too_many_digits(found):
        return found  # refused with its limits
    value = rule.round(found)
    if value != found:
        raise _wrong(expected, raw)
    assert value is not None
    return value


def _amount(raw: object, currency: str, expected: Label) -> Decimal:
    """Also as it is shown: with the sign of the yuan, or the code of the currency."""
    match = _AMOUNT.fullmatch(_written(raw, expected).removeprefix("¥").removeprefix(currency).removesuffix("元").strip())
    if match is None:
        raise _wrong(expected, raw)
    return Decimal(match[0].replace(",", ""))


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def _date(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    expected = Label("日期（如 2026-03-02）", "a date such as 2026-03-02")
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    return day_in(raw, expected)


def day_in(raw: object, expected: Label) -> date:
    """The day that a text means, wherever a day is asked for. Raises Unreadable: expected this, found that."""
    match = _DATE.fullmatch(_written(raw, expected))
    if match is None:
        raise _wrong(expected, raw)
    return _day(match, expected, raw)


def _day(match: re.Match[str], expected: Label, raw: object) -> date:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise _wrong(expected, raw) from None
    if not 1900 <= day.year <= 2200:
        raise _wrong(expected, raw)
    return day


_INSTANT = re.compile(_DATE.pattern + r"[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|[+-]\d{2}:?\d{2})?")


def _datetime(_rule: FieldRule, raw: object, facts: Facts) -> Value:
    """Without an offset the time is read in the zone of the decision."""
    expected = Label("日期和时间（如 2026-03-02 09:30）", "a date and time such as 2026-03-02 09:30")
    if isinstance(raw, datetime) and raw.tzinfo is not None:
        return raw.astimezone(UTC)
    match = _INSTANT.fullmatch(_written(raw, expected))
    if match is None:
        raise _wrong(expected, raw)
    day = _day(match, expected, raw)
    try:
        local = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=facts.zone)
        if match[7]:
            local = local.replace(tzinfo=datetime.strptime(match[7].replace("Z", "+0000"), "%z").tzinfo)
    except ValueError:
        raise _wrong(expected, raw) from None
    return local.astimezone(UTC)


def _choice(rule: FieldRule, raw: object, _facts: Facts) -> Value:
    choices = rule.choices or {}
    expected = Label("以下之一：{names}", "one of {names}").fill(names=listed(choices.values()))
    text = _written(raw, expected)
    if text in choices:
        return text
    for choice, label in choices.items():
        if text.casefold() in (unicodedata.normalize("NFKC", label.zh).casefold(), label.en.casefold()):
            return choice
    raise _wrong(expected, raw)


def _person(rule: FieldRule, raw: object, facts: Facts, lineage: tuple[str, ...]) -> Value:
    name = _written(raw, Label("人员", "a person"))
    grants = facts.people.get(name)
    if grants is None:
        raise Unreadable(Label("没有在职人员{name}", "there is no active person {name}").fill(name=quoted(name)))
    if rule.role is not None and not any(grant.role == rule.role and grant.covers(lineage) for grant in grants):
        sentence = Label("“{name}”现在不担任“{role}”", "“{name}” does not hold the role “{role}” now")
        raise Unreadable(sentence.fill(name=facts.called.person(name), role=rule.role_title or rule.role))
    return name


def _people(rule: FieldRule, raw: object, facts: Facts, lineage: tuple[str, ...]) -> Value | None:
    names = names_in(raw)
    if len(names) > PEOPLE_LIMIT:
        raise Unreadable(Label("应不超过 {limit} 人", "expected at most {limit} persons").fill(limit=PEOPLE_LIMIT))
    return tuple(sorted({str(_person(rule, name, facts, lineage)) for name in names})) or None


def names_in(raw: object) -> tuple[str, ...]:
    """The person ids of a raw person or people value: one name, several with commas between, or a list. Raises Unreadable."""
    parts = [raw] if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise _wrong(Label("人员", "persons"), raw)
    return tuple(name for part in parts for name in re.split(r"[\s,、;]+", unicodedata.normalize("NFKC", part)) if name)


def _unit(_rule: FieldRule, raw: object, facts: Facts, _lineage: tuple[str, ...]) -> Value:
    name = _written(raw, Label("单位", "a unit"))
    if name not in facts.lineages:
        sentence = Label("没有单位{name}", "there is no unit {name}").fill(name=quoted(name))
        raise Unreadable(with_nearest(sentence, name, units_seen(facts.actor, facts.lineages)))
    return name


def _case(rule: FieldRule, raw: object, facts: Facts) -> Value:
    number = _written(raw, Label("工单编号", "the number of a case"))
    workflow = facts.links.get(number)
    if workflow is None:
        raise Unreadable(Label("没有工单{number}", "there is no case {number}").fill(number=quoted(number)))
    if workflow != rule.workflow:
        sentence = Label("{number} 是“{found}”的工单，应为“{workflow}”", "{number} is a case of “{found}”, expected one of “{workflow}”")
        raise Unreadable(sentence.fill(number=number, found=workflow, workflow=rule.workflow))
    return number


def _files(rule: FieldRule, raw: object, facts: Facts) -> Value:
    found = read_files(raw, facts.files)
    if isinstance(found, Label):
        raise Unreadable(found)
    return found[0] if rule.type == "file" and len(found) == 1 else found


def _rows(_rule: FieldRule, raw: object, _facts: Facts) -> Value:
    if isinstance(raw, tuple) and all(isinstance(row, Row) for row in raw):
        return raw
    raise _wrong(Label("明细行", "rows"), raw)


_Reader = Callable[[FieldRule, object, Facts], Value]

_READERS: Mapping[str, _Reader] = {
    "text": _text,
    "phone": _phone,
    "email": _email,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "case": _case,
    "file": _files,
    "files": _files,
    "list": _rows,
}

_PARTICIPANT_READERS: Mapping[str, Callable[[FieldRule, object, Facts, tuple[str, ...]], Value | None]] = {
    "person": _person,
    "people": _people,
    "unit": _unit,
}
