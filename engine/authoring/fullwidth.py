"""Full-width punctuation that was typed where the language needs its ASCII twin.

Chinese text inside a label may hold any of it; so only places that can never be prose are judged: keys, ids, the start of a
line, and the neighbourhood of a syntax error. Knows characters and lines, nothing of models.
"""

from __future__ import annotations

import re

from engine.authoring.mistake import Mistake
from engine.label import Label

_TWINS = {"、": ",", "【": "[", "】": "]", "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "\u3000": " ", "\xa0": " "}
_FULL_WIDTH = re.compile("[\uff01-\uff5e、【】“”‘’「」\u3000\xa0]")

_ID = r"[A-Za-z][A-Za-z0-9_-]*"
_KEY = re.compile(rf"[ \t\u3000\xa0]*(?:- +)*({_ID})[ \t\u3000]*：")
_CONTINUED_KEY = re.compile(rf"[\r\n][ \t]*{_ID}[ \t]*：")
_LIST_OF_IDS = re.compile(rf"{_ID}[?？]?(?:\s*[，、；]\s*{_ID}[?？]?)+")
_QUOTED_CODE = re.compile(r"[“‘「][\x20-\x7e]*[”’」]")
_BRACKETED_IDS = re.compile(rf"[［｛【]\s*{_ID}\s*[:：,，、].*[］｝】]", re.DOTALL)

_PROSE = re.compile(r"""(?<![^\s:,\[{])(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|(?<!\S)#[^\n]*""")
_SEPARATORS = re.compile(rf"(?:^|(?<=[\n{{,，｛]))[ \t\u3000\xa0]*(?:- +)*{_ID}[ \t\u3000]*(：)|([，、；])(?=\s*{_ID}\s*[:：])")
_KEY_OF_LINE = re.compile(rf"(?<=\n)[ \t]*(?:- +)*{_ID}[ \t]*(：)")
_OTHERS = re.compile(r"([｛｝［］])|(?:^|(?<=[\n:,\[{]))[ \t]*([“”‘’「])|(?:^|(?<=\n))[ \t]*([－＃\u3000\xa0])")


def first(text: str) -> int | None:
    """The offset of the first full-width character that has an ASCII twin, or None."""
    match = _FULL_WIDTH.search(text)
    return match.start() if match else None


def is_word(text: str) -> bool:
    """True for text that is ASCII but for full-width characters: never Chinese prose, so meant as ids, numbers or flags."""
    return _FULL_WIDTH.sub("", text).isascii()


def intended_key(text: str) -> str | None:
    """The key that an author meant who ended it with a full-width colon (`title：手机` → `title`), or None."""
    match = _KEY.match(text)
    return match.group(1) if match else None


def in_plain(raw: str, within_list: bool) -> int | None:
    """The offset of structural full-width punctuation in a plain scalar as written, or None for prose."""
    continued = _CONTINUED_KEY.search(raw)
    if continued:
        return continued.end() - 1
    if _BRACKETED_IDS.fullmatch(raw) or _QUOTED_CODE.fullmatch(raw):
        return 0
    return first(raw) if within_list and _LIST_OF_IDS.fullmatch(raw) else None


def near(text: str, start: int, end: int) -> list[int]:
    """The offsets of the full-width characters that explain a syntax error between `start` and `end`; often none.

    Looks from two lines above `start` to the end of the line of `end`, outside quotes and comments. Where a key ends in a
    full-width colon, so may keys further down: they are told at once, for nothing below the error will be read.
    """
    low = start
    for _ in range(3):
        low = max(text.rfind("\n", 0, max(low, 0)), 0)
    high = text.find("\n", end)
    high = high if high >= 0 else len(text)
    window = _PROSE.sub(lambda match: "x" * len(match.group()), text[low:high])
    found = [low + match.start(match.lastindex or 0) for match in _SEPARATORS.finditer(window)]
    if found:
        return found + [match.start(1) for match in _KEY_OF_LINE.finditer(text, high)]
    return [low + match.start(match.lastindex or 0) for match in _OTHERS.finditer(window)][:1]


def mistake(character: str, start: int) -> Mistake:
    """The mistake of one full-width character at an offset."""
    return Mistake("full-width", start, start + 1, *explained(character))


def explained(character: str) -> tuple[Label, Label]:
    """What was expected and found, and the way out, for a full-width character in a place of structure."""
    twin = _TWINS.get(character) or chr(ord(character) - 0xFEE0)
    if twin == " ":
        sentence = Label("此处应为半角空格，实际为全角或不间断空格", "expected an ordinary space, found a full-width or no-break space")
        return sentence, Label("改成半角空格。", "Type an ordinary space.")
    sentence = Label(
        "此处应为半角“{twin}”，实际为全角“{found}”",
        "expected the ASCII character “{twin}”, found the full-width “{found}”",
    ).fill(twin=twin, found=character)
    if twin == ":":
        way_out = Label("改成半角冒号；键的后面还要加一个空格（: ）。", "Type an ASCII colon; after a key a space follows it (“: ”).")
        return sentence, way_out
    way_out = Label("切换到英文输入法再输入“{twin}”。", "Type “{twin}” with the keyboard in English.")
    if twin in ",{}[]":
        way_out = Label(
            "切换到英文输入法再输入“{twin}”；若是文字的一部分，请把整段文字放进引号。",
            "Type “{twin}” with the keyboard in English; if it belongs to a text, put the whole text in quotes.",
        )
    return sentence, way_out.fill(twin=twin)
