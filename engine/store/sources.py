"""Sources: who may send events, how they are signed and enveloped, and as which service their steps are performed.

A secret is kept as it is, since signatures are made again with it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.store.schema import sources as table
from engine.store.snapshot import decode_optional, optional_instant
from notifications.envelope import Envelope, Place
from notifications.signature import Hmac, Scheme, Standard


@dataclass(frozen=True, slots=True)
class Source:
    """A sender of events. While a secret is changed both hold: `former_secret` is the one before."""

    name: str
    service: str
    """The service that performs the steps: what its roles do not allow, no event of this source does."""
    scheme: Scheme
    envelope: Envelope
    secret: str = field(repr=False)
    former_secret: str | None = field(default=None, repr=False)
    renewed_at: datetime | None = None
    """When the secret took the place of the former one."""


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as recorded. Of a disabled one nothing is taken in until it is enabled again."""

    source: Source
    made_at: datetime
    made_by: str
    disabled_at: datetime | None = None


def save(connection: Connection, source: Source, *, at: datetime, by: str) -> None:
    """Add a source, or change the one of this name."""
    row = {name: getattr(source, name) for name in ("service", "secret", "former_secret")}
    row |= {"scheme": canonical(_encoded(source)), "renewed_at": optional_instant(source.renewed_at)}
    if by_name(connection, source.name) is not None:
        connection.execute(update(table).where(table.c.name == source.name).values(row))
    else:
        connection.execute(insert(table).values(name=source.name, made_at=encode_instant(at), made_by=by, **row))


def sources(connection: Connection) -> list[KnownSource]:
    """All sources, disabled ones too, by name."""
    return [_source(row) for row in connection.execute(select(table).order_by(table.c.name))]


def by_name(connection: Connection, name: str) -> KnownSource | None:
    """The source of this name."""
    row = connection.execute(select(table).where(table.c.name == name)).one_or_none()
    return None if row is None else _source(row)


def disable(connection: Connection, name: str, at: datetime) -> bool:
    """Take nothing in from it; False when that is so already, or there is no such source."""
    enabled = (table.c.name == name, table.c.disabled_at.is_(None))
    return connection.execute(update(table).where(*enabled).values(disabled_at=encode_instant(at))).rowcount == 1


def enable(connection: Connection, name: str) -> bool:
    """Take in again what it sends; False when that is so already, or there is no such source."""
    disabled = (table.c.name == name, table.c.disabled_at.is_not(None))
    return connection.execute(update(table).where(*disabled).values(disabled_at=None)).rowcount == 1


def _encoded(source: Source) -> dict[str, Any]:
    scheme, envelope = source.scheme, source.envelope
    signed: dict[str, Any] = {"kind": "standard"}
    if isinstance(scheme, Hmac):
        signed = {"kind": "hmac", **asdict(scheme), "tolerance": round(scheme.tolerance.total_seconds())}
    return {"signature": signed, "id": str(envelope.id), "name": str(envelope.name), "data": envelope.data}


def _source(row: Any) -> KnownSource:
    told = json.loads(row.scheme)
    signed = told["signature"]
    scheme: Scheme = Standard()
    if signed.pop("kind") == "hmac":
        scheme = Hmac(**{**signed, "tolerance": timedelta(seconds=signed["tolerance"])})
    envelope = Envelope(Place.parse(told["id"]), Place.parse(told["name"]), told["data"])
    source = Source(row.name, row.service, scheme, envelope, row.secret, row.former_secret, decode_optional(row.renewed_at))
    return KnownSource(source, decode_instant(row.made_at), row.made_by, decode_optional(row.disabled_at))
