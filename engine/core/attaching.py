"""Attachments: what a file field takes – how large, which kinds of content, how many – and how a raw value names stored files.

A wish names files by their ids, with the names that people gave them; whether they were stored is among the facts. Knows no content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.core.kind import Attachment
from engine.core.prose import fault_in, quoted
from engine.label import Label, listed, verbatim

MB = 1_000_000

MEDIA: Mapping[str, str] = MappingProxyType(
    {
        "jpg": "image/jpeg",
        "png": "image/png",
        "webp": "image/webp",
        "pdf": "application/pdf",
        "txt": "text/plain",
        "csv": "text/plain",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "mp4": "video/mp4",
        "mp3": "audio/mpeg",
        "wav": "audio/wav",
        "zip": "application/zip",
    }
)
"""A word of `accept` → the media type that is found in such content. A table of commas is text like any other."""

_ID = re.compile(r"[0-9a-f]{64}")
_NAME_LIMIT = 200
_EXPECTED = Label("附件", "a file")


@dataclass(frozen=True, slots=True)
class FileRule:
    """The limits of a file field. `accept`: the words as written; empty takes everything."""

    size: int = 10 * MB
    accept: tuple[str, ...] = ()
    least: int = 0
    most: int = 10

    def fault_of(self, file: Attachment) -> Label | None:
        """Why the field cannot take a file."""
        if file.size > self.size:
            sentence = Label("“{name}”为 {found}，应不超过 {limit}", "“{name}” has {found}, expected at most {limit}")
            return sentence.fill(name=file.name, found=size_in_words(file.size), limit=size_in_words(self.size))
        if self.accept and file.media not in {MEDIA[word] for word in self.accept}:
            sentence = Label("“{name}”的内容是 {found}，应为：{accept}", "“{name}” is {found} by its content, expected: {accept}")
            return sentence.fill(name=file.name, found=file.media, accept=listed(map(verbatim, self.accept)))
        return None

    def fault_in(self, files: Sequence[Attachment]) -> Label | None:
        """Why the field cannot hold these together, or one of them."""
        return self._fault_in_number(len(files)) or next(filter(None, map(self.fault_of, files)), None)

    def _fault_in_number(self, count: int) -> Label | None:
        if count > self.most == 1:
            return Label("应为一个附件，实际为 {count} 个", "expected one file, found {count}").fill(count=count)
        if count > self.most:
            return Label("附件应不超过 {limit} 个，实际为 {count} 个", "expected at most {limit} files, found {count}").fill(
                limit=self.most, count=count
            )
        if count < self.least:
            return Label("附件应不少于 {limit} 个，实际为 {count} 个", "expected at least {limit} files, found {count}").fill(
                limit=self.least, count=count
            )
        return None


def read_files(raw: object, stored: Mapping[str, Attachment]) -> tuple[Attachment, ...] | Label:
    """The files that a raw value names, each once; or why there is one that cannot be.

    A file is named by its id, by `{"id": …, "name": …}`, or is itself at hand; several stand in a list, ids also in a text with commas.
    """
    found: dict[str, Attachment] = {}
    for each in _each(raw):
        file = _read(each, stored)
        if isinstance(file, Label):
            return file
        found[file.id] = file
    return tuple(found.values())


def files_in(raw: object) -> Iterator[str]:
    """The ids of files that a raw value names."""
    for each in _each(raw):
        id = _named(each)
        if id is not None:
            yield id


def size_in_words(size: int) -> str:
    """A size as people read it.

    >>> size_in_words(10_000_000), size_in_words(48_200), size_in_words(312)
    ('10 MB', '48.2 kB', '312 B')
    """
    for unit, word in ((MB, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {word}"
    return f"{size} B"


def _each(raw: object) -> tuple[object, ...]:
    if isinstance(raw, list | tuple):
        return tuple(raw)
    if isinstance(raw, str):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return () if raw is None else (raw,)


def _named(raw: object) -> str | None:
    id = raw.get("id") if isinstance(raw, Mapping) else raw
    return id if isinstance(id, str) and _ID.fullmatch(id) else None


def _read(raw: object, stored: Mapping[str, Attachment]) -> Attachment | Label:
    if isinstance(raw, Attachment):
        return raw
    id = _named(raw)
    if id is None:
        return Label("应为{expected}，实际为{raw}", "expected {expected}, found {raw}").fill(expected=_EXPECTED, raw=quoted(raw))
    file = stored.get(id)
    if file is None:
        return Label("没有存过附件 {id}…", "no file {id}… was stored").fill(id=id[:12])
    name = raw.get("name") if isinstance(raw, Mapping) else None
    if name is None:
        return file
    if not isinstance(name, str) or not name.strip():
        return Label("附件的名称应为文字，实际为{raw}", "expected text as the name of a file, found {raw}").fill(raw=quoted(name))
    fault = fault_in(name.strip(), _NAME_LIMIT)
    return replace(file, name=" ".join(name.split())) if fault is None else fault
