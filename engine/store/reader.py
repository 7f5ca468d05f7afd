"""Reads that see one consistent snapshot of the database; `Database.read` hands it out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.store.record import KindsOf, Record
from engine.store.schema import cases
from engine.store.snapshot import decode_snapshot, select_snapshot


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection for queries, and the kinds that decoding needs. Valid only inside its `with`."""

    connection: Connection
    kinds_of: KindsOf

    def case(self, number: str) -> Record | None:
        """The case as it stood when the reading began; None for an unknown number."""
        rows = self.connection.execute(select_snapshot().where(cases.c.number == number)).fetchall()
        return decode_snapshot(rows, self.kinds_of) if rows else None
