"""Published definitions by digest: the text as authors wrote it and its validated form, both as given. Understands neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select

from engine.core.codec import decode_instant, encode_instant
from engine.errors import Conflict
from engine.label import Label
from engine.store.schema import definitions


@dataclass(frozen=True, slots=True)
class Published:
    """One published version. `form` is the validated form as JSON: running reads it instead of the text."""

    digest: str
    workflow: str
    version: int
    title: Label
    text: str
    form: str
    published_at: datetime
    published_by: str


def publish(connection: Connection, definition: Published) -> bool:
    """Keep a version for good; False when this very one is there already.

    Raises Conflict when other text was published under its version number, naming the next free one.
    """
    if by_digest(connection, definition.digest) is not None:
        return False
    versions = connection.execute(select(definitions.c.version).where(definitions.c.workflow == definition.workflow)).scalars().all()
    if definition.version in versions:
        raise _version_taken(definition, max(versions) + 1)
    connection.execute(insert(definitions).values(_row(definition)))
    return True


def by_digest(connection: Connection, digest: str) -> Published | None:
    """The version with this digest."""
    found = _select(connection, definitions.c.digest == digest)
    return found[0] if found else None


def latest_digests(connection: Connection) -> dict[str, str]:
    """workflow → the digest of its newest version, by workflow: what new cases are opened with."""
    rows = connection.execute(select(definitions.c.workflow, definitions.c.digest).order_by(definitions.c.workflow, definitions.c.version))
    return {row.workflow: row.digest for row in rows}


def version_of(connection: Connection, workflow: str, version: int) -> Published | None:
    """One version of one workflow."""
    found = _select(connection, (definitions.c.workflow == workflow) & (definitions.c.version == version))
    return found[0] if found else None


def all_versions(connection: Connection) -> list[Published]:
    """Everything ever published, by workflow and version."""
    return _select(connection)


def digests(connection: Connection) -> list[str]:
    """The digest of everything ever published, by workflow and version."""
    return list(connection.execute(select(definitions.c.digest).order_by(definitions.c.workflow, definitions.c.version)).scalars())


def _select(connection: Connection, *conditions: ColumnElement[bool]) -> list[Published]:
    query = select(definitions).where(*conditions).order_by(definitions.c.workflow, definitions.c.version)
    return [
        Published(
            digest=row.digest,
            workflow=row.workflow,
            version=row.version,
            title=Label(row.title_zh, row.title_en),
            text=row.text,
            form=row.form,
            published_at=decode_instant(row.published_at),
            published_by=row.published_by,
        )
        for row in connection.execute(query)
    ]


def _row(definition: Published) -> dict[str, object]:
    return {
        "digest": definition.digest,
        "workflow": definition.workflow,
        "version": definition.version,
        "title_zh": definition.title.zh,
        "title_en": definition.title.en,
        "text": definition.text,
        "form": definition.form,
        "published_at": encode_instant(definition.published_at),
        "published_by": definition.published_by,
    }


def _version_taken(definition: Published, free: int) -> Conflict:
    return Conflict(
        Label(
            "流程 {workflow} 的第 {version} 版已发布，内容不同；已发布的版本不可更改。",
            "Version {version} of {workflow} is already published with other content; a published version never changes.",
        ).fill(workflow=definition.workflow, version=definition.version),
        Label("请把 version 改为 {free} 后再发布。", "Set version to {free} and publish again.").fill(free=free),
    )
