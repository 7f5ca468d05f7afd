"""Attachments on their way in and out: a file of the disk becomes a stored content with a name, and the other way round.

What a content is, its own bytes say, never its name. Knows no case; what a field takes is checked by its rule before anything is stored.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.authoring.document import content_of
from engine.core.attaching import MB, FileRule, size_in_words
from engine.core.kind import Attachment, attachments_in
from engine.errors import Damaged, Forbidden, Misuse, Unavailable, Unknown, reason_of
from engine.label import Label
from engine.runtime.naming import require
from engine.runtime.reading import CaseView
from engine.store import files
from engine.store.database import Database

LARGEST = 100 * MB
"""No field takes more, whatever its document says: a content is held in memory while it is stored."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
)
"""Offset, bytes, media type."""

_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_OFFICE = {
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
UNKNOWN = "application/octet-stream"
"""What no known signature shows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies on the disk, read but not stored."""

    attachment: Attachment
    content: bytes


def look(path: Path, rule: FileRule | None = None) -> Found:
    """The file at a path. Raises Misuse when it cannot be read, or when the field cannot take it."""
    content = content_of(_small_enough(path))
    if not content:
        raise Misuse(Label("文件“{path}”是空的。", "The file “{path}” is empty.").fill(path=path))
    found = arrived(content, " ".join(path.name.split())[:200])
    fault = rule.fault_of(found.attachment) if rule is not None else None
    if fault is not None:
        raise Misuse(Label("不能附上该文件：{fault}。", "The file cannot be attached: {fault}.").fill(fault=fault))
    return found


def arrived(content: bytes, name: str) -> Found:
    """The same for a content at hand, which is not empty."""
    return Found(Attachment(files.content_id(content), name, len(content), media_of(content)), content)


def store(database: Database, found: Found, at: datetime) -> Attachment:
    """Keep a content; the same one is kept once."""
    with database.write() as connection:
        files.put(connection, found.content, found.attachment.media, at)
    return found.attachment


def held(view: CaseView, field: str) -> tuple[Attachment, ...]:
    """The attachments in a field, by id or title. Raises Unknown when there is no such file field, or nothing in it.

    Forbidden when the field is masked in this view.
    """
    titles = {name: rule.title for name, rule in view.definition.fields.items() if rule.files is not None}
    name = require(field, titles, Label("附件字段", "file field"))
    found = attachments_in(view.case.data.get(name))
    if not found:
        sentence = Label("工单 {number} 的“{field}”没有附件。", "“{field}” of case {number} holds no file.")
        raise Unknown(sentence.fill(number=view.case.number, field=titles[name]))
    if any(each.id == name and each.is_masked for each in view.fields):
        sentence = Label(
            "工单 {number} 的“{field}”已脱敏，不能取出附件。", "“{field}” of case {number} is masked: its files stay where they are."
        )
        way_out = Label("由承办人或可办理下一步的人取出。", "Whoever holds the case, or may perform its next step, can fetch them.")
        raise Forbidden(sentence.fill(number=view.case.number, field=titles[name]), way_out)
    return found


def write_all(database: Database, attachments: Sequence[Attachment], to: Path) -> Iterator[Path]:
    """Write attachments out, one after the other (`write_out`). Raises Misuse where several would become one file."""
    if len(attachments) > 1 and not to.is_dir():
        sentence = Label("有 {count} 个附件，“{path}”不是文件夹。", "There are {count} files, and “{path}” is no folder.")
        raise Misuse(sentence.fill(count=len(attachments), path=to), Label("请用 --to 指定一个文件夹。", "Name a folder with --to."))
    return (write_out(database, each, to) for each in attachments)


def fetch(database: Database, attachment: Attachment) -> bytes:
    """The content of an attachment. Raises Damaged for one that is gone or is not what was attached."""
    with database.read() as reader:
        content = files.get(reader.connection, attachment.id)
    if content is None:
        sentence = Label("附件“{name}”的内容不在数据库中。", "The content of “{name}” is not in the database.")
        raise Damaged(sentence.fill(name=attachment.name))
    if files.content_id(content.content) != attachment.id:
        sentence = Label("附件“{name}”的内容已被改动，不是当初附上的。", "The content of “{name}” is not what was attached.")
        raise Damaged(sentence.fill(name=attachment.name), Label("请恢复备份。", "Restore a backup."))
    return content.content


def write_out(database: Database, attachment: Attachment, to: Path) -> Path:
    """Write an attachment to a path, or into a folder under its name.

    Raises Misuse for a file that is there already, Damaged as `fetch` does.
    """
    content = fetch(database, attachment)
    target = to / Path(attachment.name).name if to.is_dir() else to
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        way_out = Label("用 --to 指定另一个路径。", "Name another path with --to.")
        raise Misuse(Label("文件“{path}”已存在。", "The file “{path}” exists already.").fill(path=target), way_out) from error
    except OSError as error:
        sentence = Label("无法写入文件“{path}”：{why}。", "The file “{path}” cannot be written: {why}.")
        raise Unavailable(sentence.fill(path=target, why=reason_of(error))) from error
    return target


def media_of(content: bytes) -> str:
    """The media type that the bytes themselves show.

    >>> media_of(b"%PDF-1.7"), media_of("备注".encode()), media_of(bytes(8))
    ('application/pdf', 'text/plain', 'application/octet-stream')
    """
    for offset, magic, media in _MAGIC:
        if content[offset : offset + len(magic)] == magic:
            return media
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], UNKNOWN)
    if content[:4] == b"PK\x03\x04":
        return _archive(content)
    return "text/plain" if _is_text(content) else UNKNOWN


def _archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return UNKNOWN
    if "[Content_Types].xml" in names:
        return next((media for folder, media in _OFFICE.items() if any(name.startswith(folder) for name in names)), "application/zip")
    return "application/zip"


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _small_enough(path: Path) -> Path:
    try:
        size = path.stat().st_size
    except OSError:
        return path  # reading it says why not
    if size > LARGEST:
        sentence = Label("文件“{path}”为 {size}，最多可附 {limit}。", "The file “{path}” has {size}; at most {limit} can be attached.")
        raise Misuse(sentence.fill(path=path, size=size_in_words(size), limit=size_in_words(LARGEST)))
    return path
