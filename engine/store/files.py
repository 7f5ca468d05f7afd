"""Contents of attachments, under the SHA-256 of their bytes. Knows no case, and no limit of what may be stored.

A content never changes. What a case calls it stands in the field (`core.kind.Attachment`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from engine.core.codec import encode_instant
from engine.store.schema import files
from engine.store.upsert import inserting, put_file


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file and their media type, as found when they were stored."""

    media: str
    content: bytes


def content_id(content: bytes) -> str:
    """Under which id these bytes lie: 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def put(connection: Connection, content: bytes, media: str, at: datetime) -> str:
    """Keep a content and answer its id; the same content is kept once."""
    id = content_id(content)
    row = {"id": id, "size": len(content), "media": media, "content": content, "stored_at": encode_instant(at)}
    connection.execute(put_file(inserting(connection.dialect.name)), row)
    return id


def get(connection: Connection, id: str) -> Content | None:
    """The content with this id."""
    row = connection.execute(select(files.c.media, files.c.content).where(files.c.id == id)).one_or_none()
    return None if row is None else Content(row.media, bytes(row.content))


def known(connection: Connection, ids: Collection[str]) -> Mapping[str, tuple[int, str]]:
    """id → its size in bytes and its media type, for the contents that are kept."""
    query = select(files.c.id, files.c.size, files.c.media).where(files.c.id.in_(ids))
    return {id: (size, media) for id, size, media in connection.execute(query)}
