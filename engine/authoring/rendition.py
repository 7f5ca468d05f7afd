"""A document as it is meant, written out as YAML again: the whole process, each line with the file and line it came from.

What is written here reads back as the same data, and is published as the text of a document that shares. Knows data and places; must
not know what any key means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from rich.cells import cell_len

from engine.authoring import fullwidth
from engine.authoring.document import Document
from engine.authoring.walk import keys
from engine.core.problem import Path
from engine.definition.workflow import Workflow

_WIDEST = 110
"""Cells of a line before a map or list is written on several."""

_PLAIN = re.compile(r"[\w(][\w ()=!<>+*./?|'%-]*(?<! )")
"""Text that needs no quotes anywhere: of what YAML could take for something else there is nothing in it."""

_Line = tuple[str, Path]
"""A line without its margin, and the path of what begins on it."""


def rendition(document: Document) -> str:
    """The text of a rendered document. Shared choices stand in the fields that take them; the heading is that of the document."""
    written = _Writer(document)
    sections = [list(written.entry(key, document.data[key], (key,), 0)) for key in keys(Workflow) if key in document.data]
    names = _short_names(document.source(path)[0].file for section in sections for _, path in section)
    width = min(max(cell_len(text) for section in sections for text, _ in section), _WIDEST)
    blocks: list[str] = []
    for section in sections:
        lines = [f"{text}{' ' * (width - cell_len(text))}  # {_origin(document, path, names)}" for text, path in section]
        is_apart = len(section) > 1 or (blocks and "\n" in blocks[-1])
        blocks.append("\n".join(["", *lines] if is_apart and blocks else lines))
    return "\n".join(blocks) + "\n"


class _Writer:
    """Writes values of one document as lines: on one line what is short and from one file, everything else below each other."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def entry(self, key: str, value: Any, path: Path, indent: int) -> Iterator[_Line]:
        """The lines of one entry of a map."""
        head = f"{' ' * indent}{_scalar(key)}:"
        whole = f"{head} {_flow(value)}"
        if self._stays_whole(value, path, whole):
            yield whole, path
            return
        yield head, path
        yield from self._below(value, path, indent + 2)

    def _below(self, value: Any, path: Path, indent: int) -> Iterator[_Line]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from self.entry(key, each, (*path, key), indent)
            return
        for index, each in enumerate(value):
            yield from self._item(each, (*path, index), indent)

    def _item(self, value: Any, path: Path, indent: int) -> Iterator[_Line]:
        whole = f"{' ' * indent}- {_flow(value)}"
        if self._stays_whole(value, path, whole):
            yield whole, path
            return
        lines = list(self._below(value, path, indent + 2))
        first, place = lines[0]
        yield f"{' ' * indent}- {first[indent + 2 :]}", place
        yield from lines[1:]

    def _stays_whole(self, value: Any, path: Path, written: str) -> bool:
        if not isinstance(value, dict | list) or not value:
            return True
        is_section = len(path) == 1 and isinstance(value, dict) and any(isinstance(each, dict) for each in value.values())
        return not is_section and cell_len(written) <= _WIDEST and len(set(self._files(value, path))) == 1

    def _files(self, value: Any, path: Path) -> Iterator[str]:
        yield self._document.source(path)[0].file
        for part, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            yield from self._files(each, (*path, part))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]" if isinstance(value, list) else _scalar(value)


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and fullwidth.first(text) is None:
        return text
    return json.dumps(text, ensure_ascii=False)


def _origin(document: Document, path: Path, names: dict[str, str]) -> str:
    source, there = document.source(path)
    return f"{names[source.file]}:{source.span(there, of_key=isinstance(path[-1], str)).line}"


def _short_names(files: Iterable[str]) -> dict[str, str]:
    """file → as much of its end as tells it apart from the others."""
    parts = {file: PurePath(file).parts for file in dict.fromkeys(files)}
    names: dict[str, str] = {}
    for file, own in parts.items():
        length = next(
            (n for n in range(1, len(own)) if all(each[-n:] != own[-n:] for other, each in parts.items() if other != file)), len(own)
        )
        names[file] = "/".join(own[-length:])
    return names
