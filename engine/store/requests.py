"""Idempotency keys that have had their time. They are written with the move itself, by the unit of work."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from engine.core.codec import encode_instant
from engine.store.schema import requests

LIFETIME = timedelta(days=30)
INTAKE = "intake:"
"""Scopes that begin so never expire: a ticket taken in last year must still not be taken in twice."""


def prune(connection: Connection, now: datetime) -> int:
    """Forget keys older than their lifetime; how many went."""
    old = requests.c.at < encode_instant(now - LIFETIME)
    return connection.execute(delete(requests).where(old, ~requests.c.scope.startswith(INTAKE, autoescape=True))).rowcount
