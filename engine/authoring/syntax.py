"""YAML's own complaints in our words: each message of ruamel becomes a sentence in both languages, at the place to look at.

The only module that reads ruamel's English texts. One it does not know becomes a general sentence; none is ever passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from engine.authoring import fullwidth
from engine.authoring.charset import shown
from engine.authoring.mistake import Mistake
from engine.label import Label

_QUOTE_IT = Label("文字请放进引号。", "Put the text in quotes.")
_CHECK_INDENT = Label(
    "检查缩进：同一层的键左对齐，只用空格。", "Check the indentation: keys of one level start in one column, with spaces only."
)
_MISSING_SPACE = re.compile(r"\s*(?:- +)*([A-Za-z][A-Za-z0-9_-]*):(?=\S)")


@dataclass(frozen=True, slots=True)
class _Complaint:
    """How one kind of message is told. `opening`: the place is where the thing began, not where YAML gave up."""

    problem: str
    sentence: Label
    way_out: Label | None
    code: str = "yaml-syntax"
    opening: bool = False


_COMPLAINTS = (
    _Complaint(
        r"character '\\t'",
        Label("缩进和空白应为空格，实际为制表符（Tab）", "expected spaces, found a tab"),
        Label("把制表符换成空格。", "Replace the tab by spaces."),
        code="tab",
    ),
    _Complaint(
        r"^found character",
        Label("文字不能以“{found}”开头", "expected a value, found the reserved character “{found}” at its beginning"),
        _QUOTE_IT,
    ),
    _Complaint(
        r"^mapping values are not allowed",
        Label("此处不应再有“键: 值”，实际又出现冒号", "expected the end of the value, found another colon"),
        Label(
            "文字里有冒号加空格时，把整段文字放进引号；否则检查缩进。",
            "If the text holds a colon and a space, put the whole text in quotes; otherwise check the indentation.",
        ),
    ),
    _Complaint(
        r"^sequence entries are not allowed",
        Label("列表的“- ”应另起一行", "expected the dash of a list on a line of its own, found it after other text"),
        Label(
            "另起一行写，或写成“[a, b]”；文字以“- ”开头时请放进引号。",
            "Begin a new line, or write “[a, b]”; put a text that begins with a dash in quotes.",
        ),
    ),
    _Complaint(
        r"^mapping keys are not allowed",
        Label("此处不应出现“? ”", "expected a value, found “? ”"),
        _QUOTE_IT,
    ),
    _Complaint(
        r"^expected ',' or '\]', but got",
        Label("此处应为逗号或“]”，实际为“{found}”", "expected a comma or “]”, found “{found}”"),
        Label(
            "列表写成“[a, b]”；有冒号或括号的文字请放进引号。", "Write a list as “[a, b]”; put a text with a colon or bracket in quotes."
        ),
    ),
    _Complaint(
        r"^expected ',' or '}', but got",
        Label("此处应为逗号或“}}”，实际为“{found}”", "expected a comma or “}}”, found “{found}”"),
        Label(
            "写成“{{a: b, c: d}}”；有冒号或括号的文字请放进引号。", "Write “{{a: b, c: d}}”; put a text with a colon or bracket in quotes."
        ),
    ),
    _Complaint(
        r"^expected <block end>, but found '(\?|<block mapping start>|-|<block sequence start>)'",
        Label("此处应与上面同一层的行左对齐，实际没有对齐", "expected this line to start in the column of its level, found it elsewhere"),
        _CHECK_INDENT,
    ),
    _Complaint(
        r"^expected (<block end>|'<document start>'), but found",
        Label("值到此应已结束，实际后面还有“{found}”", "expected the end of the value, found “{found}” after it"),
        Label(
            "含引号或括号的文字，请用引号把整段包住；括号要成对。",
            "Put quotes around the whole of a text that holds quotes or brackets; brackets must pair up.",
        ),
    ),
    _Complaint(
        r"^found unexpected (end of stream|document separator)",
        Label("引号应成对，从此处开始的引号没有结束", "expected a closing quote, found none for the one that opens here"),
        Label("补上结束的引号。", "Add the closing quote."),
        opening=True,
    ),
    _Complaint(
        r"^(found unknown escape character|expected escape sequence)",
        Label("双引号里应为已知的转义，实际为不认识的反斜杠写法", "expected a known escape within double quotes, found another backslash"),
        Label("有反斜杠的文字（如模式）请用单引号。", "Use single quotes for a text with backslashes, such as a pattern."),
    ),
    _Complaint(
        r"^could not find expected ':'",
        Label("此处应为“键: 值”，实际没有冒号加空格", "expected “key: value”, found no colon followed by a space"),
        _CHECK_INDENT,
        opening=True,
    ),
    _Complaint(
        r"^expected the node content, but found",
        Label("此处应为一个值，实际为“{found}”", "expected a value, found “{found}”"),
        Label("补上值，或删除多余的符号；符号是文字时请放进引号。", "Add the value or delete the sign; put it in quotes if it is text."),
    ),
    _Complaint(
        r"^expected (alphabetic or numeric character|a comment or a line break|chomping|indentation indicator)",
        Label("文字不能以“{found}”开头", "expected a value, found the reserved character “{found}” at its beginning"),
        _QUOTE_IT,
        opening=True,
    ),
    _Complaint(
        r"tag handle|^expected '!'|^expected '>'|URI",
        Label("此处应为一个值，实际为 YAML 标签", "expected a value, found a YAML tag"),
        Label("删除标签；以“!”开头的文字请放进引号。", "Delete the tag; put a text that begins with “!” in quotes."),
        code="tag",
        opening=True,
    ),
    _Complaint(
        r"directive|incompatible YAML document|a digit or '\.'|expected a digit",
        Label("此处应为文档内容，实际为 YAML 指令", "expected the document, found a YAML directive"),
        Label("删除这一行。", "Delete this line."),
        code="directive",
    ),
)
_UNREADABLE = _Complaint(
    "",
    Label("从此处起无法按 YAML 读取", "expected YAML, found text that cannot be read from here on"),
    Label("检查引号、括号和缩进。", "Check quotes, brackets and indentation."),
)


def told(error: MarkedYAMLError, text: str) -> list[Mistake]:
    """The mistakes behind one of ruamel's syntax errors in `text`; several only where full-width punctuation caused it."""
    problem = str(error.problem or "")
    stopped = error.problem_mark or error.context_mark
    at = min(stopped.index if stopped else 0, len(text))
    began = error.context_mark.index if error.context_mark else at
    in_flow = str(error.context or "").startswith("while parsing a flow")
    culprits = fullwidth.near(text, began if in_flow else at, at)
    if culprits:
        return [fullwidth.mistake(text[culprit], culprit) for culprit in culprits]
    return [_unclosed(text, began, problem) or _without_space(text, began, at, problem) or _plain(problem, text, began, at)]


def unreadable(offset: int) -> Mistake:
    """The mistake of a text on which the parser itself broke down behind `offset`."""
    return Mistake(_UNREADABLE.code, offset, offset, _UNREADABLE.sentence, _UNREADABLE.way_out)


def _plain(problem: str, text: str, began: int, at: int) -> Mistake:
    complaint = next((known for known in _COMPLAINTS if re.search(known.problem, problem)), _UNREADABLE)
    start = began if complaint.opening else at
    if "escape" in problem and text[at - 1 : at] == "\\":
        start -= 1
    end = start + len(_word(text, start))
    sentence = complaint.sentence.fill(found=shown(text[start:end], 20) if end > start else _nothing(text, start))
    return Mistake(complaint.code, start, end, sentence, complaint.way_out.fill(found="") if complaint.way_out else None)


def _nothing(text: str, start: int) -> Label:
    return Label("文件结束", "the end of the file") if start >= len(text.rstrip()) else Label("行尾", "the end of the line")


def _word(text: str, start: int) -> str:
    match = re.compile(r"[A-Za-z0-9_]+|\S").match(text, start)
    return match.group() if match else ""


def _unclosed(text: str, began: int, problem: str) -> Mistake | None:
    """A bracket that YAML still waited for on a later line: the place to look at is where it was opened."""
    waiting = re.match(r"expected ',' or '([\]}])', but got", problem)
    if waiting is None or ("\n" not in text[began:].rstrip() and "<stream end>" not in problem):
        return None
    line = text[began:].split("\n", 1)[0]
    if line.count(text[began]) <= line.count(waiting.group(1)):
        return None
    sentence = Label(
        "从此处开始的“{opening}”应有“{closing}”与之成对，实际没有",
        "expected “{closing}” to close the “{opening}” that opens here, found none",
    )
    way_out = Label("补上“{closing}”。", "Add “{closing}”.")
    places = {"opening": text[began], "closing": waiting.group(1)}
    return Mistake("yaml-syntax", began, began + 1, sentence.fill(**places), way_out.fill(**places))


def _without_space(text: str, began: int, at: int, problem: str) -> Mistake | None:
    """`key:value` – the colon was there, the space after it was not."""
    if not problem.startswith(("could not find expected ':'", "mapping values are not allowed")):
        return None
    for offset in (began, at):
        lines = text[: text.rfind("\n", 0, offset) + 1].splitlines(keepends=True)
        starts = [text.rfind("\n", 0, offset) + 1]
        if lines:
            starts.insert(0, starts[0] - len(lines[-1]))
        for start in starts:
            match = _MISSING_SPACE.match(text, start)
            if match and match.end() <= at:
                key = match.group(1)
                sentence = Label("冒号后面应有空格，“{key}:”后面没有", "expected a space after the colon, found none after “{key}:”").fill(
                    key=shown(key)
                )
                way_out = Label("写成“{key}: …”。", "Write “{key}: …”.").fill(key=shown(key))
                return Mistake("yaml-syntax", match.start(1), match.end(), sentence, way_out)
    return None
