"""The faults an expression can have: their stable codes, what each means, and how one is made from a place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engine.core.expression.foreign import QUOTES
from engine.core.expression.syntax import Place
from engine.core.problem import Fault
from engine.label import Label, verbatim

FaultCode = Literal[
    "expression-syntax",
    "expression-too-long",
    "expression-too-deep",
    "full-width-punctuation",
    "chained-comparison",
    "unknown-name",
    "unknown-function",
    "unknown-step",
    "unknown-choice",
    "type-mismatch",
    "wrong-arguments",
    "not-supported",
    "may-be-empty",
]

FAULT_CODES: Mapping[FaultCode, Label] = MappingProxyType(
    {
        "expression-syntax": Label("表达式的写法不合语法", "The expression does not follow the grammar"),
        "expression-too-long": Label("表达式超过 400 个字符", "The expression has more than 400 characters"),
        "expression-too-deep": Label("括号嵌套超过 12 层", "Parentheses are nested more than 12 deep"),
        "full-width-punctuation": Label("表达式里用了全角符号", "The expression contains full-width characters"),
        "chained-comparison": Label("比较不能连写", "Comparisons cannot be chained"),
        "unknown-name": Label("没有这个名称", "No such name"),
        "unknown-function": Label("没有这个函数", "No such function"),
        "unknown-step": Label("没有这个步骤", "No such step"),
        "unknown-choice": Label("该字段没有这个选项", "The field has no such choice"),
        "type-mismatch": Label("值的类型不符", "A value is of the wrong type"),
        "wrong-arguments": Label("函数括号里的内容不对", "A function is given the wrong arguments"),
        "not-supported": Label("语言里有这个写法，但本版本尚不支持", "Part of the language, but not yet supported"),
        "may-be-empty": Label("读取了可能为空的值", "A value is read that may be empty"),
    }
)


def fault(code: FaultCode, place: Place, sentence: Label, way_out: Label | None = None) -> Fault:
    """The fault at a place; one character long where there is nothing to point at (the end of the text)."""
    return Fault(code, place.offset, max(1, place.end - place.offset), sentence, way_out)


def expected(code: FaultCode, place: Place, wanted: Label, found: Label, way_out: Label | None = None) -> Fault:
    """A fault in the grammar of all messages: expected A, found B."""
    sentence = Label("此处应为{wanted}，实际是{found}", "expected {wanted}, found {found}")
    return fault(code, place, sentence.fill(wanted=wanted, found=found), way_out)


def quoted(text: str) -> Label:
    """What the author wrote, as it is quoted in a sentence.

    >>> quoted("=").zh
    '“=”'
    """
    return verbatim(text if text[:1] in QUOTES else f"“{text}”")
