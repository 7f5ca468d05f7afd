"""What a well-formed YAML file may still not contain in this language, in sentences: tags, aliases, repeated keys, empty values.

Each function tells one mistake at the offsets it is given. Knows what to say, not when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.events import AliasEvent, NodeEvent

from engine.authoring.charset import shown
from engine.authoring.mistake import Mistake
from engine.label import Label

_TAG = re.compile(r"!(?:<[^>]*>|[^\s,\[\]{}]*)")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DIRECTIVE = re.compile(r"^%[^\r\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a flow mapping with a scalar value: its key and where the value was written."""

    key: str
    start: int
    end: int
    plain: bool


def marks(event: NodeEvent, text: str) -> list[Mistake]:
    """The tag, anchor or alias of a node: none of them belongs to the language."""
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, AliasEvent):
        sentence = Label("此处应为一个值，实际为别名“{found}”", "expected a value, found the alias “{found}”").fill(
            found=shown(text[start:end])
        )
        return [Mistake("alias", start, end, sentence, Label("把内容再写一遍。", "Write the content out once more."))]
    found = []
    head = text[start : max(end, start + 1)]
    if event.anchor is not None:
        found.append(_mark("anchor", _ANCHOR.search(head), start, Label("锚点", "anchor")))
    if getattr(event, "tag", None) is not None:
        found.append(_mark("tag", _TAG.search(head), start, Label("标签", "tag")))
    return found


def _mark(code: str, match: re.Match[str] | None, start: int, kind: Label) -> Mistake:
    first, last = match.span() if match else (0, 1)
    sentence = Label("此处应为一个值，实际为 YAML {kind}“{found}”", "expected a value, found the YAML {kind} “{found}”").fill(
        kind=kind, found=shown(match.group() if match else "")
    )
    way_out = Label("删除它；以“&”或“!”开头的文字请放进引号。", "Delete it; put a text that begins with “&” or “!” in quotes.")
    return Mistake(code, start + first, start + last, sentence, way_out)


def second_document(start: int, end: int) -> Mistake:
    """`---` once more."""
    sentence = Label("一个文件应只有一份文档，此处开始了第二份", "expected one document in the file, found the start of a second")
    return Mistake("several-documents", start, end, sentence, Label("另存为一个文件。", "Put it into a file of its own."))


def directive_before(head: str) -> Mistake | None:
    """`%YAML …` or `%TAG …` above the document."""
    match = _DIRECTIVE.search(head)
    if match is None:
        return None
    sentence = Label("此处应为文档内容，实际为 YAML 指令“{found}”", "expected the document, found the YAML directive “{found}”").fill(
        found=shown(match.group())
    )
    return Mistake("directive", *match.span(), sentence, Label("删除这一行。", "Delete this line."))


def empty_document() -> Mistake:
    """Nothing, or nothing but comments."""
    sentence = Label("文件应含一份文档，实际没有内容", "expected a document, found nothing in the file")
    return Mistake("empty-document", 0, 0, sentence)


def too_many_nodes(start: int, most: int) -> Mistake:
    """More values than a document that people read can have."""
    sentence = Label("一份文档应不超过 {most} 个值，从此处起超出", "expected at most {most} values, found more from here on").fill(
        most=most
    )
    way_out = Label("一个流程写一个文件；大批数据请用导入。", "Write one file per process; bring bulk data in by import.")
    return Mistake("too-many-nodes", start, start + 1, sentence, way_out)


def too_deep(start: int, most: int) -> Mistake:
    """More levels than the language has."""
    sentence = Label("嵌套应不超过 {most} 层，此处更深", "expected at most {most} levels, found a deeper one").fill(most=most)
    way_out = Label("检查括号和缩进；文字里的括号请放进引号。", "Check brackets and indentation; put a text with brackets in quotes.")
    return Mistake("too-deep", start, start + 1, sentence, way_out)


def merge_key(start: int, end: int) -> Mistake:
    """`<<:`."""
    sentence = Label("此处应为键，实际为合并键“<<”", "expected a key, found the merge key “<<”")
    return Mistake("merge-key", start, end, sentence, Label("把内容再写一遍。", "Write the content out once more."))


def key_missing(start: int, end: int) -> Mistake:
    """A colon with nothing before it."""
    sentence = Label("冒号前应有键，实际没有", "expected a key before the colon, found nothing")
    return Mistake("bad-key", start, end, sentence, Label("补上键，或删除冒号。", "Add the key or delete the colon."))


def key_not_scalar(start: int, end: int) -> Mistake:
    """A mapping or list where a key belongs, mostly braces that are part of a text."""
    sentence = Label("键应为一个词，实际为括号里的内容", "expected one word as the key, found a bracket")
    return Mistake("bad-key", start, end, sentence, Label("文字里的括号请放进引号。", "Put a text with brackets in quotes."))


def duplicate(key: str, start: int, end: int, first_line: int) -> Mistake:
    """A key for the second, third … time in one mapping."""
    sentence = Label(
        "同一个键应只写一次，“{key}”在第 {line} 行已经写过",
        "expected each key once, found “{key}” again; it is first written in line {line}",
    ).fill(key=shown(key), line=first_line)
    return Mistake("duplicate-key", start, end, sentence, Label("改名或删除其中一个。", "Rename or delete one of them."))


def empty_value(key: str, start: int, end: int) -> Mistake:
    """`key:` and nothing after it."""
    sentence = Label("“{key}:”后面应有值，实际为空", "expected a value after “{key}:”, found nothing").fill(key=shown(key))
    way_out = Label('补上值或删除这个键；空文字写成 ""。', 'Add the value or delete the key; write an empty text as "".')
    return Mistake("empty-value", start, end, sentence, way_out)


def empty_item(start: int) -> Mistake:
    """`-` and nothing after it."""
    sentence = Label("列表的每一项应有值，此处为空", "expected a value for each item of the list, found nothing")
    return Mistake("empty-value", start, start, sentence, Label("补上值或删除这一项。", "Add the value or delete the item."))


def cut_by_comma(start: int, end: int, rest: str, key: str | None, whole: str | None) -> Mistake:
    """`{en: Service visit, electric}`: the rest of a sentence that YAML takes for a key without a value.

    `whole` is the sentence as it was meant, if the value before the comma is plain text.
    """
    if key is None:
        sentence = Label("此处应为“键: 值”，实际只有“{rest}”", "expected “key: value”, found only “{rest}”").fill(rest=shown(rest))
        way_out = Label("补上值；含括号的文字请把整段放进引号。", "Add the value; put a text that holds brackets in quotes as a whole.")
        return Mistake("empty-value", start, end, sentence, way_out)
    sentence = Label(
        "此处应为“键: 值”，实际只有“{rest}”：逗号在这里把句子断开了",
        "expected “key: value”, found only “{rest}”: a comma ended the sentence here",
    ).fill(rest=shown(rest))
    if whole is None or "\n" in whole:
        way_out = Label("补上值，或把整句放进引号。", "Add the value, or put the whole sentence in quotes.")
        return Mistake("empty-value", start, end, sentence, way_out)
    mark = "'" if '"' in whole else '"'
    way_out = Label("把整句放进引号：“{key}: {quoted}”。", "Put the whole sentence in quotes: “{key}: {quoted}”.")
    if _WORD.fullmatch(rest):
        way_out = Label(
            "若是键，补上值，写成“{rest}: …”；若是文字，把整句放进引号：“{key}: {quoted}”。",
            "If it is a key, add its value, “{rest}: …”; if it is text, put the whole sentence in quotes: “{key}: {quoted}”.",
        )
    way_out = way_out.fill(rest=rest, key=shown(key), quoted=f"{mark}{shown(whole, 80)}{mark}")
    return Mistake("empty-value", start, end, sentence, way_out)
