"""ruamel's YAML parser without what we do not ask of it: it keeps no comments, and goes over plain text by words instead of characters.

The events are those of its pure parser, in half the time: reading YAML is most of what a check does. Errors are met as early as by its
parser that keeps comments, which looks one token ahead. Knows ruamel's classes; must not know what is made of the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import StringMark
from ruamel.yaml.events import Event
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

_END = r"\0\n\r\x85\u2028\u2029"
_TO_LINE_END = re.compile(rf"[^{_END}]*")
_SPACES, _WHITE_SPACE = re.compile(" *"), re.compile(r"[ \t]*")
_WORD = rf"(?:[^{_END} \t:]++|:(?![{_END} \t]))++"
_WORD_IN_FLOW = rf"(?:[^{_END} \t:,\[\]{{}}]++|:(?![{_END} \t]))++"
_WORDS, _WORDS_IN_FLOW = (re.compile(rf"{word}(?: ++(?!#){word})*+") for word in (_WORD, _WORD_IN_FLOW))


def events(text: str) -> Iterator[Event]:
    """The events of a YAML text. Raises ruamel's MarkedYAMLError, and in places Python's own errors, where it breaks off."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader, yaml.Scanner, yaml.Parser = _Reader, _Scanner, _Parser
    found: Iterator[Event] = yaml.parse(text)
    return found


class _Reader(Reader):
    """Reads a text that is there as a whole."""

    def forward(self, length: int = 1) -> None:
        passed = self.buffer[self.pointer : self.pointer + length]
        if "\n" in passed or "\r" in passed or "\ufeff" in passed:
            super().forward(length)
        else:
            self.pointer += length
            self.index += length
            self.column += length

    def get_mark(self) -> StringMark:
        return StringMark(self.name, self.index, self.line, self.column, self.buffer, self.pointer)


class _Scanner(Scanner):
    reader: Any = None

    def __init__(self, loader: Any = None) -> None:
        self.reader = loader.reader
        super().__init__(loader)

    def check_token(self, *choices: type) -> bool:
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def need_more_tokens(self) -> bool:
        # One token ahead: an error is met before what it spoils is taken for a value.
        if len(self.tokens) < 2:
            return not self.done
        return bool(self.possible_simple_keys) and super().need_more_tokens()

    def scan_to_next_token(self) -> None:
        reader, blank = self.reader, _WHITE_SPACE if self.flow_context else _SPACES
        if reader.index == 0 and reader.peek() == "\ufeff":
            reader.forward()
        while True:
            end = _end(blank, reader.buffer, reader.pointer)
            if reader.buffer[end] == "#":
                end = _end(_TO_LINE_END, reader.buffer, end)
            reader.forward(end - reader.pointer)
            if not self.scan_line_break():
                return
            if not self.flow_context:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        reader, words = self.reader, _WORDS_IN_FLOW if self.flow_context else _WORDS
        start = end = reader.get_mark()
        chunks: list[str] = []
        spaces: list[str] = []
        while reader.peek() != "#":
            length = _end(words, reader.buffer, reader.pointer) - reader.pointer
            if not length:
                break
            self.allow_simple_key = False
            chunks += [*spaces, reader.prefix(length)]
            reader.forward(length)
            end = reader.get_mark()
            spaces = self.scan_plain_spaces(self.indent + 1, start)
            if not spaces or (not self.flow_context and reader.column <= self.indent):
                break
        return ScalarToken("".join(chunks), True, start, end)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where the stretch from there ends that the pattern describes; it may be empty."""
    found = pattern.match(text, start)
    return start if found is None else found.end()


class _Parser(Parser):
    scanner: Any = None

    def __init__(self, loader: Any) -> None:
        self.scanner = loader.scanner
        super().__init__(loader)
