"""From bytes to text: UTF-8 and nothing else, and no character that nobody can see.

Knows nothing of YAML. Also says how a stretch of a stranger's text may be shown without harm to terminal or reader.
"""

from __future__ import annotations

import re
from itertools import islice

from engine.authoring.mistake import Mistake
from engine.label import Label

MOST_BYTES = 256 * 1024

_MOST_REPORTED = 50
_BOM = b"\xef\xbb\xbf"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but not tab and line ends
    "\u200b\u2028\u2029\u2060\ufeff"  # invisible spaces and separators
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # writing direction: shows a text other than it is
    "\ud800-\udfff\ufffd-\uffff]"  # damage left by an earlier conversion
)

STAND_IN = "\ufffd"
"""Takes the place of every refused character, so that reading can go on."""


def decode(content: bytes) -> tuple[str, tuple[Mistake, ...]]:
    """The text of a file, a byte-order mark aside, and what is wrong with its bytes and characters."""
    content = content.removeprefix(_BOM)
    if len(content) > MOST_BYTES:
        return content[:1000].decode("utf-8", "replace"), (_too_large(len(content)),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8", "replace")
        return text, (_not_utf8(content, error),)
    return text, tuple(_unseen(match) for match in islice(_UNSEEN.finditer(text), _MOST_REPORTED))


def readable(text: str) -> str:
    """The text with a stand-in for every character that must not stand in a document; no offset changes."""
    return _UNSEEN.sub(STAND_IN, text)


def unseen(text: str) -> int | None:
    """The offset of the first character that must not stand in a document, or None."""
    match = _UNSEEN.search(text)
    return match.start() if match else None


def shown(text: str, most: int = 40) -> str:
    """A stranger's text as it may stand within a sentence: one line, at most `most` characters, nothing unseen."""
    line = readable(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def name_of(character: str) -> str:
    """How an unseen character is called in a sentence: `U+202E`."""
    return f"U+{ord(character):04X}"


def _too_large(size: int) -> Mistake:
    sentence = Label(
        "文件应不超过 {most} kB，实际为 {size} kB",
        "expected a file of at most {most} kB, found {size} kB",
    ).fill(most=MOST_BYTES // 1024, size=-(-size // 1024))
    way_out = Label("一个流程写一个文件；大批数据请用导入。", "Write one file per process; bring bulk data in by import.")
    return Mistake("too-large", 0, 0, sentence, way_out)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> Mistake:
    offset = len(content[: error.start].decode("utf-8"))
    sentence = Label("文件应为 UTF-8 编码，此处字节 0x{byte} 不是", "expected a file in UTF-8, found the byte 0x{byte}").fill(
        byte=f"{content[error.start]:02X}"
    )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        way_out = Label("文件像是 UTF-16，请另存为 UTF-8。", "The file looks like UTF-16; save it as UTF-8.")
    elif _is_chinese_legacy(content):
        way_out = Label("文件像是 GBK（GB18030），请另存为 UTF-8。", "The file looks like GBK (GB18030); save it as UTF-8.")
    else:
        way_out = Label("请在编辑器里另存为 UTF-8。", "Save the file as UTF-8 in your editor.")
    return Mistake("not-utf8", offset, offset + 1, sentence, way_out)


def _is_chinese_legacy(content: bytes) -> bool:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content


def _unseen(match: re.Match[str]) -> Mistake:
    return unseen_character(match.group(), match.start(), match.end())


def unseen_character(character: str, start: int, end: int) -> Mistake:
    """The mistake of one character that must not stand in a document."""
    sentence = Label("应只有看得见的文字，此处有不可见字符 {name}", "expected text that can be seen, found the character {name}").fill(
        name=name_of(character)
    )
    return Mistake("control-character", start, end, sentence, Label("删除这个字符。", "Delete this character."))
