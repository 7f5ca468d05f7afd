"""What a database must offer, whichever it is; `backends/` holds the implementations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from engine.store.record import KindsOf
from engine.store.unit_of_work import UnitOfWork

T = TypeVar("T")


class Backend(Protocol):
    """Connections and transactions of one database. All failures come as AftercareErrors."""

    dialect: str
    """`sqlite` or `postgresql`."""
    place: str
    """The path, or the address without its password: what messages call the database."""

    def clock(self) -> datetime:
        """The instant by the clock that all writers of this database share."""

    def exists(self) -> bool:
        """Whether there is anything to connect to; never creates it."""

    def attempt(self, work: Callable[[UnitOfWork], T], kinds_of: KindsOf, claim_key: bytes) -> T:
        """Run `work` in one transaction and commit what it recorded."""

    def ask(self, name: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """The rows that answer a hot statement (`store.move.MoveStatements`) by itself."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one consistent snapshot."""

    def write(self) -> AbstractContextManager[Connection]:
        """A connection in a writing transaction, committed at the end: for everything that is not a move."""

    def reshape(self) -> AbstractContextManager[Connection]:
        """As `write`, alone: no other program can change the schema, or anything else, meanwhile."""

    def examine(self) -> list[str]:
        """What the database's own integrity check finds wrong; empty when sound."""

    def close(self) -> None:
        """Give all connections back."""
