"""What each kind of complaint says: expected A, found B, and a way out, in both languages.

Chooses by pydantic's error type, never by its text. Knows complaints and the words of the language, not files and lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.authoring import fullwidth, not_yet
from engine.authoring.charset import shown
from engine.authoring.complaint import Complaint
from engine.authoring.walk import keys
from engine.core.problem import Problem
from engine.definition.calendar import COUNTRY, HOURS, QUIET
from engine.definition.clock import PERIOD, RUNG_POINT
from engine.definition.element import NAME, Bilingual
from engine.definition.field import SIZE
from engine.definition.outside import EVENT, KEY
from engine.definition.procedure import RULE
from engine.definition.scenario import INSTANT
from engine.definition.sharing import PART
from engine.definition.workflow import WINDOW
from engine.errors import did_you_mean
from engine.label import Label, verbatim

_MAPPING = Label("映射（键: 值）", "a mapping (“key: value”)")
_LIST = Label("列表", "a list")
_TEXT = Label("文字", "text")
_NOTHING = Label("空值", "nothing")

_SHAPES = {
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "string_type": _TEXT,
}
_FORMS = {
    "^[A-Z]{3}$": Label("三个大写字母的币种代码，如 CNY", "a currency code of three capital letters, such as CNY"),
    WINDOW: Label("时长，如 10m、2h", "a length of time such as 10m, 2h"),
    INSTANT: Label("日期和时间，如 2026-09-28 09:00", "a date and time such as 2026-09-28 09:00"),
    SIZE: Label("大小，如 500kB、10MB", "a size such as 500kB, 10MB"),
    COUNTRY: Label("两个大写字母的国家代码，如 CN", "a country code of two capital letters, such as CN"),
    HOURS: Label("起止时间，如 09:00-12:00", "hours such as 09:00-12:00"),
    QUIET: Label("起止时间，如 21:00-08:00", "hours such as 21:00-08:00"),
    PERIOD: Label("时长，如 30m、4h、3d、2mo、4wh、1wd", "a length of time such as 30m, 4h, 3d, 2mo, 4wh, 1wd"),
    PART: Label("共用部分，如 shared/vehicle", "a shared part such as shared/vehicle"),
    RULE: Label("条款名，如 CON3（不含空格和 /）", "the name of a clause such as CON3, without a space or a slash"),
    EVENT: Label("小写英文词，用点连接，如 waybill.signed", "lower-case words joined by dots, such as waybill.signed"),
    KEY: Label("消息中的键，如 waybill、data.waybill", "a key of the message such as waybill, data.waybill"),
    RUNG_POINT: Label("提醒时点，如 75%、due、due + 1wd、7d", "a point of the clock such as 75%, due, due + 1wd, 7d"),
}
_BOUNDS = {
    "ge": Label("不小于 {limit} 的数", "a number of at least {limit}"),
    "le": Label("不大于 {limit} 的数", "a number of at most {limit}"),
    "gt": Label("大于 {limit} 的数", "a number above {limit}"),
    "lt": Label("小于 {limit} 的数", "a number below {limit}"),
}
_DATE = Label("日期，如 2026-09-28", "a date such as 2026-09-28")


def told(complaint: Complaint) -> Problem:
    """The complaint as a problem of the document."""
    mistyped = _full_width(complaint)
    return mistyped or _TOLD.get(complaint.kind, _other)(complaint)


def _problem(complaint: Complaint, code: str, sentence: Label, way_out: Label | None, *, of_key: bool = False, offset: int = 0) -> Problem:
    return Problem(code, complaint.path, sentence, way_out, offset=offset, of_key=of_key or complaint.spot.of_key)


def _full_width(complaint: Complaint) -> Problem | None:
    """A word that is wrong only because of full-width punctuation in it."""
    found = complaint.found
    if complaint.kind in ("extra_forbidden", "string_too_long", "string_too_short") or not isinstance(found, str):
        return None
    at = fullwidth.first(found)
    shape = complaint.kind in _SHAPES
    if at is None or (fullwidth.intended_key(found) is None if shape else not fullwidth.is_word(found)):
        return None
    return Problem("full-width", complaint.path, *fullwidth.explained(found[at]), offset=at, length=1, of_key=complaint.spot.of_key)


def _unknown_key(complaint: Complaint) -> Problem:
    holder, key = complaint.spot.holder, str(complaint.path[-1])
    assert holder is not None, "only a model refuses a key"
    awaited = not_yet.awaited_key(holder, key)
    if awaited is not None:
        return _not_supported(complaint, key, awaited)
    known = [word for word in keys(holder) if word not in complaint.mapping]
    sentence = Label("此处应为已知的键，实际为“{key}”", "expected a key that is known here, found “{key}”").fill(key=shown(key))
    return _problem(complaint, "unknown-key", sentence, _guess(key, known, list(keys(holder))), of_key=True)


def _not_supported(complaint: Complaint, word: str, what: Label) -> Problem:
    sentence = Label(
        "此处应为本版本支持的词，“{word}”（{what}）尚未支持",
        "expected a word that this version supports, found “{word}” ({what}), which is not yet supported",
    ).fill(word=word, what=what)
    way_out = Label("先去掉它，待支持后再写。", "Leave it out until it is supported.")
    return _problem(complaint, "not-supported", sentence, way_out, of_key=True)


def _missing_key(complaint: Complaint) -> Problem:
    key, holder = str(complaint.path[-1]), complaint.spot.holder
    if holder is Bilingual:
        sentence = Label("应有中文和英文两种文字，缺少“{key}”", "expected the text in Chinese and English, found no “{key}”").fill(key=key)
        written = {"zh": "…", "en": "…", **{word: shown(str(text)) for word, text in complaint.mapping.items()}}
        return Problem("missing-language", complaint.path[:-1], sentence, _bilingual(written["zh"], written["en"]), of_key=True)
    if holder is None:
        sentence = Label("此处应有两项，实际不够", "expected two items here, found fewer")
        return Problem("too-few", complaint.path[:-1], sentence)
    sentence = Label("此处应有键“{key}”，实际没有", "expected the key “{key}” here, found none").fill(key=key)
    return Problem("missing-key", complaint.path[:-1], sentence, Label("补上“{key}: …”。", "Add “{key}: …”.").fill(key=key), of_key=True)


def _shape(complaint: Complaint) -> Problem:
    found = complaint.found
    sentence = _expected(_SHAPES[complaint.kind], found)
    if complaint.spot.expected is Bilingual:
        return _problem(complaint, "wrong-shape", sentence, _bilingual(shown(found) if isinstance(found, str) else "…"))
    way_out = None
    if complaint.kind == "tuple_type":
        way_out = Label("请写成“[a, b]”，或每项一行以“- ”开头。", "Write “[a, b]”, or each item on its own line after a dash.")
    elif complaint.kind == "dict_type":
        way_out = Label("每项写成“键: 值”，不加“- ”。", "Write each entry as “key: value”, without a dash.")
    elif complaint.kind == "model_type" and isinstance(complaint.spot.expected, type):
        way_out = _one_of(list(keys(complaint.spot.expected)))
    return _problem(complaint, "wrong-shape", sentence, way_out)


def _word(complaint: Complaint) -> Problem:
    found, words = complaint.found, complaint.spot.words
    if not isinstance(found, str):
        return _problem(complaint, "wrong-shape", _expected(_TEXT, found), _one_of(words))
    if len(words) == 1:
        way_out = Label("请写“{it}”。", "Write “{it}”.").fill(it=words[0])
        return _problem(complaint, "unknown-word", _expected(verbatim(words[0]), found), way_out)
    sentence = _expected(Label("已知的词", "one of the words known here"), found)
    return _problem(complaint, "unknown-word", sentence, _guess(found, words, words))


def _pattern(complaint: Complaint) -> Problem:
    pattern, found = str(complaint.bounds["pattern"]), str(complaint.found)
    if NAME not in pattern:
        expected = _FORMS.get(pattern, Label("符合 {form} 的文字", "text of the form {form}").fill(form=pattern))
        return _problem(complaint, "bad-value", _expected(expected, found), None)
    expected = Label("标识（小写字母开头，只含小写字母、数字、_ 和 -）", "an id (small letters, digits, _ and -, beginning with a letter)")
    several = [item.strip() for item in found.split(",")]
    if len(several) > 1 and all(re.fullmatch(NAME, item.removesuffix("?")) for item in several):
        way_out = Label("请写“[{items}]”。", "Write “[{items}]”.").fill(items=", ".join(several))
        return _problem(complaint, "bad-name", _expected(expected, found), way_out)
    # Ids of documents and roles are written with dashes, those within a document with underlines.
    joint = "-" if len(complaint.path) == 1 else "_"
    mended = re.sub(r"[^a-z0-9_-]+", joint, found.strip().lower()).strip("_-")
    fits = mended if re.fullmatch(NAME, mended) else None
    way_out = (
        Label("请写“{it}”。", "Write “{it}”.").fill(it=fits)
        if fits
        else Label("标识用英文，显示用的文字写在 title 里。", "Ids are English words; what people see is the title.")
    )
    return _problem(complaint, "bad-name", _expected(expected, found), way_out)


def _too_short(complaint: Complaint) -> Problem:
    least, count = complaint.bounds["min_length"], len(complaint.found or ())
    if isinstance(complaint.found, dict | list):
        sentence = Label("此处至少应有 {least} 项，实际为 {count} 项", "expected at least {least} here, found {count}")
        return _problem(complaint, "too-few", sentence.fill(least=least, count=count), None, of_key=True)
    if count == 0:
        return _problem(complaint, "too-short", _expected(_TEXT, None), None)
    sentence = Label("文字至少应有 {least} 个字符，实际为 {count} 个", "expected a text of at least {least} characters, found {count}")
    return _problem(complaint, "too-short", sentence.fill(least=least, count=count), None)


def _too_long(complaint: Complaint) -> Problem:
    most, count = complaint.bounds["max_length"], len(complaint.found or ())
    if isinstance(complaint.found, dict | list):
        sentence = Label("此处最多可有 {most} 项，实际为 {count} 项", "expected at most {most} here, found {count}")
        return _problem(complaint, "too-many", sentence.fill(most=most, count=count), None, of_key=True)
    sentence = Label("文字最多可有 {most} 个字符，实际为 {count} 个", "expected a text of at most {most} characters, found {count}")
    way_out = Label("从此处起超出，请缩短。", "Shorten it; from here on it is too long.")
    return _problem(complaint, "too-long", sentence.fill(most=most, count=count), way_out, offset=0 if complaint.spot.of_key else most)


def _range(complaint: Complaint) -> Problem:
    expected = next(bound.fill(limit=complaint.bounds[name]) for name, bound in _BOUNDS.items() if name in complaint.bounds)
    return _problem(complaint, "out-of-range", _expected(expected, complaint.found), None)


def _number(complaint: Complaint) -> Problem:
    return _problem(complaint, "bad-number", _expected(Label("整数", "a whole number"), complaint.found), None)


def _flag(complaint: Complaint) -> Problem:
    expected = Label("true 或 false", "true or false")
    guess = {
        "yes": "true",
        "on": "true",
        "是": "true",
        "y": "true",
        "1": "true",
        "no": "false",
        "off": "false",
        "否": "false",
        "n": "false",
        "0": "false",
    }
    meant = guess.get(str(complaint.found).lower())
    way_out = (
        Label("请写“{it}”。", "Write “{it}”.").fill(it=meant)
        if meant
        else Label("只能写 true 或 false。", "Only true and false are flags.")
    )
    return _problem(complaint, "bad-flag", _expected(expected, complaint.found), way_out)


def _date(complaint: Complaint) -> Problem:
    return _problem(complaint, "bad-value", _expected(_DATE, complaint.found), None)


def _other(complaint: Complaint) -> Problem:
    return _problem(complaint, "bad-value", _expected(Label("另一种值", "another kind of value"), complaint.found), None)


def _expected(expected: Label, found: Any) -> Label:
    return Label("此处应为{expected}，实际为{found}", "expected {expected}, found {found}").fill(
        expected=_spaced(expected), found=_named(found)
    )


def _spaced(expected: Label) -> Label:
    # Chinese typography: a space between a Chinese and a Latin word.
    return Label(f" {expected.zh}" if expected.zh[:1].isascii() else expected.zh, expected.en)


def _named(found: Any) -> Label:
    if isinstance(found, dict):
        return _MAPPING
    if isinstance(found, list):
        return _LIST
    if not found:
        return _NOTHING
    return Label("“{text}”", "“{text}”").fill(text=shown(str(found)))


def _guess(word: str, likely: Sequence[str], known: Sequence[str]) -> Label:
    guess, listed = did_you_mean(word, likely), _one_of(known)
    return listed if guess is None else Label("{guess}{listed}", "{guess} {listed}").fill(guess=guess, listed=listed)


def _one_of(words: Sequence[str]) -> Label:
    return Label("可用：{zh}。", "Known here: {en}.").fill(zh="、".join(words), en=", ".join(words))


def _bilingual(zh: str, en: str = "…") -> Label:
    return Label("请写“{{zh: {zh}, en: {en}}}”。", "Write “{{zh: {zh}, en: {en}}}”.").fill(zh=zh, en=en)


_TOLD: Mapping[str, Callable[[Complaint], Problem]] = {
    "missing": _missing_key,
    "extra_forbidden": _unknown_key,
    **dict.fromkeys(_SHAPES, _shape),
    "literal_error": _word,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _too_short,
    "too_short": _too_short,
    "string_too_long": _too_long,
    "too_long": _too_long,
    **dict.fromkeys(("greater_than_equal", "greater_than", "less_than_equal", "less_than"), _range),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _number),
    "value_error": _flag,
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _date),
}
