"""When two kinds agree, and what to say when they do not. Knows typed terms, no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from engine.core.expression.fault import expected
from engine.core.expression.term import Constant, PeriodProduct, PeriodSum, Replacement, Term, Widened
from engine.core.kind import Kind, KindName
from engine.core.problem import Fault
from engine.label import Label
from engine.timing.period import Period, Unit, meet

NUMERIC: tuple[KindName, ...] = ("integer", "decimal")

_WORDS: Mapping[KindName, Label] = MappingProxyType(
    {
        "boolean": Label("是/否", "boolean"),
        "integer": Label("整数", "integer"),
        "decimal": Label("小数", "decimal"),
        "money": Label("金额", "money"),
        "text": Label("文本", "text"),
        "date": Label("日期", "date"),
        "datetime": Label("日期时间", "datetime"),
        "duration": Label("时长", "duration"),
        "choice": Label("选项", "choice"),
        "person": Label("人员", "person"),
        "people": Label("多名人员", "people"),
        "unit": Label("单位", "unit"),
        "case": Label("关联工单", "case"),
        "file": Label("附件", "file"),
        "files": Label("多个附件", "files"),
        "list": Label("明细列表", "list"),
    }
)


def in_words(kind: Kind) -> Label:
    """A kind as a sentence names it.

    >>> in_words(Kind("money", "CNY")).within("en"), in_words(Kind("date")).zh
    ('money(CNY)', '日期')
    """
    word = _WORDS[kind.name]
    return Label(f"{word.zh}（{kind.of}）", f"{word.en}({kind.of})") if kind.of else word


def one_of(*names: KindName) -> Label:
    """Several kinds as a sentence names them.

    >>> one_of("date", "datetime").within("en")
    'date or datetime'
    """
    words = [_WORDS[name] for name in names]
    return Label("或".join(word.zh for word in words), " or ".join(word.en for word in words))


def adapt(term: Term, kind: Kind) -> Term | None:
    """The term as a value of this kind, if it is one: an integer also is a decimal, a literal number also is money."""
    if term.kind == kind:
        return term
    literal = isinstance(term, Constant) and term.kind.name in NUMERIC
    if (kind.name == "money" and literal) or (kind.name == "decimal" and term.kind.name == "integer"):
        if isinstance(term, Constant):
            assert isinstance(term.value, int | Decimal)  # its kind is numeric
            return replace(term, kind=kind, value=Decimal(term.value))
        return Widened(kind, term.place, term)
    return None


def join(left: Term, right: Term) -> tuple[Term, Term] | None:
    """Both terms as values of one kind, if there is one."""
    if left.kind == right.kind:
        alike = left.kind.name != "duration" or meet(unit_of(left), unit_of(right)) is not None
        return (left, right) if alike else None
    as_left = adapt(right, left.kind)
    if as_left is not None:
        return left, as_left
    as_right = adapt(left, right.kind)
    return None if as_right is None else (as_right, right)


def unit_of(period: Term) -> Unit:
    """The unit in which a duration is counted: known from the text alone, for no field holds a duration."""
    match period:
        case Constant(value=Period() as value):
            return value.unit
        case PeriodProduct():
            return unit_of(period.period)
        case PeriodSum():
            return meet(unit_of(period.left), unit_of(period.right)) or unit_of(period.left)
        case Replacement():
            return unit_of(period.value)
        case _:
            raise TypeError(f"not a duration: {period}")


def mismatch(wanted: Kind, found: Term) -> Fault:
    """The fault of a term that is not of the kind wanted, with a way out where there is a usual one."""
    return expected("type-mismatch", found.place, in_words(wanted), in_words(found.kind), _advice(wanted, found))


def unlike(left: Term, right: Term) -> Fault:
    """The fault of a right operand that cannot be brought to one kind with the left."""
    if not left.kind.name == right.kind.name == "duration":
        return mismatch(left.kind, right)
    wanted, found = (Label("以 {unit} 计的时长", "a duration in {unit}").fill(unit=unit_of(side)) for side in (left, right))
    way_out = Label(
        "这两种单位不能换算；要加到日期上，请逐个相加，例如“x + 1mo + 3d”。",
        "These units do not convert; to move a date, add them one after the other, as in “x + 1mo + 3d”.",
    )
    return expected("type-mismatch", right.place, wanted, found, way_out)


def wrong_kind(wanted: Label, found: Term, way_out: Label | None = None) -> Fault:
    """The fault of a term that is of none of the kinds that an operation takes."""
    return expected("type-mismatch", found.place, wanted, in_words(found.kind), way_out)


def _advice(wanted: Kind, found: Term) -> Label | None:
    text = found.place.text
    match wanted.name, found.kind.name:
        case "date", "datetime":
            return Label("请写“date({it})”。", "Write “date({it})”.").fill(it=text)
        case "datetime", "date":
            return Label(
                "日期与日期时间不能直接比较：请对日期时间那一边写“date(…)”。",
                "A date and a datetime do not compare: write “date(…)” around the datetime.",
            )
        case "boolean", _:
            return Label("请写“{it} is set”，或与一个值比较。", "Write “{it} is set”, or compare it with a value.").fill(it=text)
        case "choice", "text" if text.startswith("'"):
            return Label("选项不加引号。", "A choice is written without quotes.")
        case ("person", "people") | ("people", "person"):
            return Label("请写“人员 in (多名人员字段)”。", "Write “person in (people_field)”.")
        case "money", "integer" | "decimal":
            return Label(
                "金额只能与同币种的金额或直接写出的数字比较、加减。",
                "Money goes with money of the same currency, or with a number written out.",
            )
        case _, "list":
            return Label("请写“count({it})”、“sum(… of {it})”等。", "Write “count({it})”, “sum(… of {it})” and the like.").fill(it=text)
        case "money", "money":
            return Label("不同币种不能混用。", "Currencies do not mix.")
        case _:
            return None
