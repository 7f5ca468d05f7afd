"""Compiles the `pattern` of a text field, and refuses what could take longer than anybody can wait.

A regular expression goes back and tries again; where one repetition stands within another, or alternatives are repeated,
forty characters may take longer than the age of the world. No serial number needs either.
"""

from __future__ import annotations

import re

from engine.core.compiling.draft import Draft
from engine.core.problem import Path
from engine.label import Label

_TOKEN = re.compile(
    r"(?P<escape>\\.)"
    r"|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<open>\((?:\?(?:[:=!>]|<[=!]|P<\w+>|[aiLmsux-]+:?))?)"
    r"|(?P<close>\)(?P<again>[*+]|\{(?!0?,?1\})\d*,?\d*\})?)"
    r"|(?P<varies>[*+?|]|\{\d*,\d*\})"
    r"|(?P<other>.)",
    re.DOTALL,
)

_REFERENCE = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")

_UNCLEAR_SET = re.compile(r"^\[\^?\[|--|&&|~~|\|\|")
"""What a later Python will read as an operation on sets."""


def compile_pattern(draft: Draft, pattern: str | None, path: Path) -> re.Pattern[str] | None:
    """The pattern, or None with its fault reported."""
    if pattern is None:
        return None
    fault = _fault(pattern)
    if fault is None:
        try:
            return re.compile(pattern)
        except (re.error, OverflowError) as error:
            fault = Label("正则表达式有误：{error}", "the pattern is malformed: {error}").fill(error=error)
    draft.report("bad-pattern", path, fault, Label("例如 [0-9]{15}。", "For example [0-9]{15}."))
    return None


def _fault(pattern: str) -> Label | None:
    if _REFERENCE.search(pattern):
        return Label("正则表达式中不可引用前面的部分", "a pattern must not refer back to a part of itself")
    varying = [False]
    for token in _TOKEN.finditer(pattern):
        if token["set"] and _UNCLEAR_SET.search(token["set"]):
            return Label("方括号中的 [ 和成对符号须加反斜杠", "within square brackets write a backslash before [ and before doubled signs")
        if token["open"]:
            varying.append(False)
        elif token["close"] and len(varying) > 1:
            inner = varying.pop()
            if inner and token["again"]:
                return Label(
                    "正则表达式中重复的部分里不可再有重复或多选", "a repeated part of a pattern must not hold repetitions or alternatives"
                )
            varying[-1] |= inner or bool(token["again"])
        elif token["varies"]:
            varying[-1] = True
    return None
