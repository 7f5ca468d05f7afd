"""Diagnostics as a person reads them: the place, the line itself, a caret under the very characters, and the way out.

Widths are terminal cells, for a Chinese character fills two. Knows text and cells; must not know what a diagnostic is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.cells import cell_len

from engine.authoring.charset import readable
from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.layout import Span
from engine.label import Label, Language

_WIDEST = 100
_SCOPE = 4 * _WIDEST
_BEFORE = 40
"""Characters kept before the caret when a line is too long to be shown whole."""

_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "quiet": "\x1b[34m", "off": "\x1b[0m"}


def render(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], language: Language, colour: bool = False) -> str:
    """All diagnostics in order and their count, ready to print. `sources` gives the text of each file, for the excerpts."""
    ordered = arranged(diagnostics)
    lines = {file: text.replace("\r\n", "\n").replace("\r", "\n").split("\n") for file, text in sources.items()}
    blocks = [_block(one, lines.get(one.file, []), language, colour) for one in ordered]
    return "\n\n".join([*blocks, count(ordered).within(language)]) + "\n"


def count(diagnostics: Iterable[Diagnostic]) -> Label:
    """How many errors and warnings there are, as a sentence."""
    severities = [one.severity for one in diagnostics]
    errors, warnings = severities.count("error"), severities.count("warning")
    if not severities:
        return Label("没有发现问题", "no problems found")
    english = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in ((errors, "error"), (warnings, "warning")) if number]
    chinese = [f"{number} 处{word}" for number, word in ((errors, "错误"), (warnings, "警告")) if number]
    return Label("，".join(chinese), ", ".join(english))


def _block(one: Diagnostic, lines: list[str], language: Language, colour: bool) -> str:
    place = f"{readable(one.file)}:{one.span.line}:{one.span.column}"
    mark = _paint(f"{one.severity}[{one.code}]", one.severity, colour)
    block = [f"{place}: {mark}: {readable(one.sentence.within(language))}"]
    gutter = " " * len(str(one.span.line))
    if 0 < one.span.line <= len(lines):
        text, caret = underlined(lines[one.span.line - 1], one.span)
        bar = _paint("|", "quiet", colour)
        block += [
            f"{gutter} {bar}",
            f"{_paint(str(one.span.line), 'quiet', colour)} {bar} {text}",
            f"{gutter} {bar} {_paint(caret, one.severity, colour, indent=True)}",
        ]
    if one.way_out is not None:
        word = Label("提示", "help").within(language)
        block.append(f"{gutter} = {word}: {readable(one.way_out.within(language))}")
    return "\n".join(block)


def underlined(line: str, span: Span) -> tuple[str, str]:
    """The line as shown and the line of carets below it; a long line is cut to a window around the place.

    >>> underlined("  zh: 派丹", Span(1, 7, 1, 9))
    ('  zh: 派丹', '      ^^^^')
    """
    start = min(span.column - 1, len(line))
    end = len(line) if span.end_line > span.line else min(max(span.end_column - 1, start), len(line))
    # Further away than this nothing can be seen; a line may be as long as a file.
    parts = line[max(start - _SCOPE, 0) : start], line[start : min(end, start + _SCOPE)], line[end : end + _SCOPE]
    before, marked, after = (_flat(part) for part in parts)
    if cell_len(before + marked + after) > _WIDEST:
        if len(before) > _BEFORE:
            before = "…" + before[-_BEFORE:]
        marked, after = _fitting(marked, after, _WIDEST - cell_len(before))
    return before + marked + after, " " * cell_len(before) + "^" * max(cell_len(marked), 1)


def _fitting(marked: str, after: str, room: int) -> tuple[str, str]:
    if cell_len(marked) > room:
        return _cut(marked, room), ""
    return marked, _cut(after, room - cell_len(marked)) if cell_len(after) > room - cell_len(marked) else after


def _cut(text: str, room: int) -> str:
    kept = 0
    while kept < len(text) and cell_len(text[: kept + 1]) < room:
        kept += 1
    return text[:kept] + "…"


def _flat(text: str) -> str:
    return readable(text).replace("\t", "    ")


def _paint(text: str, name: str, colour: bool, indent: bool = False) -> str:
    if not colour:
        return text
    bare = text.lstrip() if indent else text
    return f"{text[: len(text) - len(bare)]}{_COLOURS[name]}{bare}{_COLOURS['off']}"
