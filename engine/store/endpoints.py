"""Endpoints: addresses to which messages are posted beside persons, each for a role or for events, in a unit. Posts nothing.

A secret is kept as it is, since messages are signed with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, insert, null, or_, select, update

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.store.people import all_units
from engine.store.schema import endpoints as table
from engine.store.snapshot import decode_optional, optional_instant
from notifications.endpoint import Kind


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address: whatever tells `role` in a case of `unit` or below (None: anywhere) is posted there too, and what is emitted there.

    It has a role or events, or both. While a secret is changed both hold: `former_secret` is the one before.
    """

    name: str
    kind: Kind
    url: str = field(repr=False)
    """Part of it may be secret: a robot is known by its address."""
    role: str | None
    unit: str | None = None
    secret: str | None = field(default=None, repr=False)
    former_secret: str | None = field(default=None, repr=False)
    renewed_at: datetime | None = None
    """When the secret took the place of the former one."""
    events: tuple[str, ...] = ()
    """What is emitted that it hears of: names, `repair.*` for all that begin so, or `*`."""


@dataclass(frozen=True, slots=True)
class KnownEndpoint:
    """An endpoint as recorded. A disabled one gets nothing until it is enabled again; `why` says who or what disabled it."""

    endpoint: Endpoint
    made_at: datetime
    made_by: str
    disabled_at: datetime | None = None
    why: Label | None = None
    held_until: datetime | None = None
    """Nothing is posted there before this: what was posted last was put off, and the receiver wants or needs to be left alone."""


def save(connection: Connection, endpoint: Endpoint, *, at: datetime, by: str) -> bool:
    """Add or change an endpoint; False when it is so already. Raises Unknown for a unit that does not exist."""
    known = {each.endpoint.name: each.endpoint for each in endpoints(connection)}
    if known.get(endpoint.name) == endpoint:
        return False
    _require_unit(connection, endpoint.unit)
    row = {name: getattr(endpoint, name) for name in ("kind", "url", "secret", "former_secret", "role", "unit")}
    row["renewed_at"] = optional_instant(endpoint.renewed_at)
    row["events"] = canonical(list(endpoint.events)) if endpoint.events else None
    if endpoint.name in known:
        connection.execute(update(table).where(table.c.name == endpoint.name).values(row))
    else:
        connection.execute(insert(table).values(name=endpoint.name, made_at=encode_instant(at), made_by=by, **row))
    return True


def endpoints(connection: Connection) -> list[KnownEndpoint]:
    """All endpoints, disabled ones too, by name."""
    return [_endpoint(row) for row in connection.execute(select(table).order_by(table.c.name))]


def disable(connection: Connection, name: str, at: datetime, why: Label) -> bool:
    """Post nothing there from now on; False when that is so already, or there is no such endpoint."""
    disabled = {"disabled_at": encode_instant(at), "why": canonical([why.zh, why.en])}
    return connection.execute(update(table).where(table.c.name == name, table.c.disabled_at.is_(None)).values(disabled)).rowcount == 1


def enable(connection: Connection, name: str) -> bool:
    """Post there again, at once, where it is disabled or held; False when it is neither, or there is no such endpoint."""
    enabled = {"disabled_at": None, "why": None, "held_until": None}
    is_kept = or_(table.c.disabled_at.is_not(None), table.c.held_until.is_not(None))
    return connection.execute(update(table).where(table.c.name == name, is_kept).values(enabled)).rowcount == 1


def hold(connection: Connection, name: str, first: datetime, again: datetime) -> None:
    """Post nothing there before `first`, or `again` if it has taken nothing since it was held before. An earlier hold changes nothing."""
    until = case((table.c.held_until.is_(None), encode_instant(first)), else_=encode_instant(again))
    is_later = or_(table.c.held_until.is_(None), table.c.held_until < encode_instant(again))
    connection.execute(update(table).where(table.c.name == name, is_later).values(held_until=until))


def let_go(connection: Connection, name: str) -> bool:
    """It has taken something: nothing holds it any more. False when nothing did."""
    was_held = table.c.held_until.is_not(None)
    return connection.execute(update(table).where(table.c.name == name, was_held).values(held_until=null())).rowcount == 1


def _require_unit(connection: Connection, unit: str | None) -> None:
    known = [each.id for each in all_units(connection)]
    if unit is not None and unit not in known:
        raise Unknown(Label("没有单位“{id}”。", "There is no unit “{id}”.").fill(id=unit), did_you_mean(unit, known))


def _endpoint(row: Any) -> KnownEndpoint:
    events = () if row.events is None else tuple(json.loads(row.events))
    renewed_at = decode_optional(row.renewed_at)
    endpoint = Endpoint(row.name, row.kind, row.url, row.role, row.unit, row.secret, row.former_secret, renewed_at, events)
    why = None if row.why is None else Label(*json.loads(row.why))
    held_until = decode_optional(row.held_until)
    return KnownEndpoint(endpoint, decode_instant(row.made_at), row.made_by, decode_optional(row.disabled_at), why, held_until)
