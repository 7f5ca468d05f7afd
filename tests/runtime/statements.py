"""Sees every statement that this process sends to a database, just before it is sent and just after it was answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import psycopg
from sqlalchemy import event
from sqlalchemy.pool import Pool

Seen = Callable[[str], object]


def nothing(_: str) -> None:
    """Sees nothing."""


@contextmanager
def watched(before: Seen, after: Seen = nothing) -> Iterator[None]:
    """Within it, every connection that is made tells of its statements. SQLite tells only what it is about to do."""
    told = WeakSet[Any]()
    execute = psycopg.Cursor.execute

    def tell(cursor: psycopg.Cursor[Any], query: Any, *arguments: Any, **options: Any) -> Any:
        if cursor.connection not in told:
            return execute(cursor, query, *arguments, **options)
        before(str(query))
        result = execute(cursor, query, *arguments, **options)
        after(str(query))
        return result

    def watch(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(before)
        else:
            told.add(connection)

    event.listen(Pool, "connect", watch)
    # Not a factory of the connection's: hot statements make cursors of a kind of their own.
    psycopg.Cursor.execute = tell  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
        event.remove(Pool, "connect", watch)
