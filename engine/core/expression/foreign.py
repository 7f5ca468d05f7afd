"""What people write out of habit – from spreadsheets, other languages, a Chinese keyboard – and what it is called here.

Tables only: the lexer looks here, goes on as if the right thing had been written, and reports every place at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.label import Label

_KEYBOARD = {
    "“": '"',
    "”": '"',
    "「": '"',
    "」": '"',
    "‘": "'",
    "’": "'",
    "、": "|",
    "《": "<",
    "》": ">",
    "×": "*",
    "−": "-",
    "–": "-",
    "—": "-",
}

HALF_WIDTH: Mapping[int, str] = MappingProxyType(
    {full: chr(full - 0xFEE0) for full in range(0xFF01, 0xFF5F)} | {ord(full): half for full, half in _KEYBOARD.items()}
)
"""Full-width character → the half-width one it stands for, one for one, so that places stay right."""

QUOTES: Mapping[str, str] = MappingProxyType(
    {"'": "'", '"': '"', "“": "”", "”": "”", "「": "」", "‘": "’", "’": "’", "＇": "＇", "＂": "＂"}
)
"""Opening quote → the one that closes it."""

OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "=": "==",
        "===": "==",
        "!==": "!=",
        "<>": "!=",
        "≠": "!=",
        "≥": ">=",
        "=>": ">=",
        "≤": "<=",
        "=<": "<=",
        "&&": "and",
        "&": "and",
        "||": "or",
        "!": "not",
    }
)
"""Operators of other languages → ours."""

KEYWORDS: Mapping[str, str] = MappingProxyType({"且": "and", "并且": "and", "和": "and", "或": "or", "或者": "or", "非": "not"})

EMPTINESS = frozenset({"empty", "null", "none", "nil", "blank", "missing", "空", "为空", "None", "NULL", "Null"})
"""Words for what is `is not set` here."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        word: unit
        for unit, words in {
            "m": "min mins minute minutes M 分 分钟",
            "h": "hour hours H 时 小时",
            "d": "day days D 天 日",
            "mo": "month months MO 月 个月",
            "y": "year years Y 年",
            "wh": "WH 工时 工作小时",
            "wd": "WD 工作日",
        }.items()
        for word in words.split()
    }
)
"""Units spelled out → ours."""

ADVICE: Mapping[str, Label] = MappingProxyType(
    {
        ",": Label(
            "选项之间用“|”，例如“x in (a | b)”；两个日期之间用“to”，例如“days(a to b)”。",
            "Separate choices with “|”, as in “x in (a | b)”, and two dates with “to”, as in “days(a to b)”.",
        ),
        "/": Label(
            "没有除法：请把两边同乘，或让一个字段存放商。", "There is no division: multiply both sides, or let a field hold the quotient."
        ),
        "%": Label(
            "没有百分号和取余：请写成小数，例如 0.75。", "There is no percent sign and no remainder: write a decimal, such as 0.75."
        ),
        "^": Label("没有乘方：请写连乘。", "There are no powers: multiply."),
        "**": Label("没有乘方：请写连乘。", "There are no powers: multiply."),
        ".": Label("名称没有下级属性：请直接写字段的 id。", "Names have no attributes: write the id of the field itself."),
        "[": Label("没有下标：分组用“( )”。", "There is no indexing: group with “( )”."),
        "]": Label("没有下标：分组用“( )”。", "There is no indexing: group with “( )”."),
        "{": Label("分组用“( )”。", "Group with “( )”."),
        "}": Label("分组用“( )”。", "Group with “( )”."),
        "?": Label(
            "没有条件表达式：请用“[{when: …, then: …}, {else: …}]”。",
            "There are no conditional expressions: use “[{when: …, then: …}, {else: …}]”.",
        ),
    }
)
"""Marks that have no counterpart here → what to do instead."""
