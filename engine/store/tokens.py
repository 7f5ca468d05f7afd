"""Tokens: what other programs prove themselves with. A secret is never kept, only its hash: it is too long to be guessed from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, insert, literal_column, select, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.store.reader import Reader
from engine.store.schema import STAFF_VERSION, meta
from engine.store.schema import tokens as table
from engine.store.snapshot import decode_optional, optional_instant
from roles.scope import Scope

if TYPE_CHECKING:
    from engine.store.database import Database

TokenState = Literal["good", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as recorded. `holder`: the person or service that it acts as, within `scope`; `for_people`: or as any person it names."""

    id: str
    hash: str
    holder: str
    title: str
    scope: Scope
    for_people: bool
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    """When it was last used, within a few minutes."""

    def state(self, now: datetime) -> TokenState:
        """Whether it is good for anything now, and if not, why."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else "good"


def add(connection: Connection, token: Token) -> None:
    """Record a new token."""
    row = {
        "id": token.id,
        "hash": token.hash,
        "holder": token.holder,
        "title": token.title,
        "roles": _listed(token.scope.roles),
        "units": _listed(token.scope.units),
        "for_people": int(token.for_people),
        "made_at": encode_instant(token.made_at),
        "made_by": token.made_by,
        "expires_at": encode_instant(token.expires_at),
        "revoked_at": optional_instant(token.revoked_at),
        "used_at": optional_instant(token.used_at),
    }
    connection.execute(insert(table).values(row))


@dataclass(frozen=True, slots=True)
class Shown:
    """A token that somebody shows, with what every request must know besides: no further question is asked for it."""

    token: Token
    staff_version: str
    clock: datetime | None

    def server_time(self) -> datetime:
        """The instant by the clock that all writers share."""
        return datetime.now(UTC) if self.clock is None else self.clock.astimezone(UTC)


def select_shown(clock: ColumnElement[Any]) -> Select[Any]:
    """The token with the id `token`, the version of the staff, and the clock."""
    staff = select(meta.c.value).where(meta.c.key == literal_column(f"'{STAFF_VERSION}'")).scalar_subquery()
    return select(*table.columns, staff, clock).where(table.c.id == bindparam("token"))


def shown(database: Database, id: str) -> Shown | None:
    """The token with this id, whatever became of it."""
    rows = database.ask("token", {"token": id})
    if not rows:
        return None
    *columns, version, clock = rows[0]
    return Shown(_token(dict(zip(table.columns.keys(), columns, strict=True))), version, clock)


def tokens(reader: Reader) -> list[Token]:
    """All of them, oldest first."""
    return [_token(row) for row in reader.connection.execute(select(table).order_by(table.c.made_at, table.c.id)).mappings()]


def is_known(connection: Connection, id: str) -> bool:
    """Whether there is a token with this id, whatever became of it."""
    return connection.execute(select(table.c.id).where(table.c.id == id)).first() is not None


def revoke(connection: Connection, id: str, at: datetime) -> bool:
    """It is good for nothing from now on; False when that is so already, or there is none."""
    alive = (table.c.id == id, table.c.revoked_at.is_(None))
    return connection.execute(update(table).where(*alive).values(revoked_at=encode_instant(at))).rowcount == 1


def use(connection: Connection, used: Token, at: datetime) -> Token:
    """Note when it was used."""
    connection.execute(update(table).where(table.c.id == used.id).values(used_at=encode_instant(at)))
    return replace(used, used_at=at)


def _listed(names: frozenset[str] | None) -> str | None:
    return None if names is None else canonical([*sorted(names)])


def _named(listed: str | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(json.loads(listed))


def _token(row: Mapping[str, Any] | RowMapping) -> Token:
    return Token(
        id=row["id"],
        hash=row["hash"],
        holder=row["holder"],
        title=row["title"],
        scope=Scope(_named(row["roles"]), _named(row["units"])),
        for_people=bool(row["for_people"]),
        made_at=decode_instant(row["made_at"]),
        made_by=row["made_by"],
        expires_at=decode_instant(row["expires_at"]),
        revoked_at=decode_optional(row["revoked_at"]),
        used_at=decode_optional(row["used_at"]),
    )
