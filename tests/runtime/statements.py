"""Sees every statement that this process sends to a database, just before it is sent and just after it was answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.pool import Pool

Seen = Callable[[str], object]


def nothing(_: str) -> None:
    """Sees nothing."""


@contextmanager
def watched(before: Seen, after: Seen = nothing) -> Iterator[None]:
    """Within it, every connection that is made tells of its statements. SQLite tells only what it is about to do."""

    class Told(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            before(str(query))
            result = super().execute(query, *arguments, **options)
            after(str(query))
            return result

    def watch(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(before)
        else:
            connection.cursor_factory = Told

    event.listen(Pool, "connect", watch)
    try:
        yield
    finally:
        event.remove(Pool, "connect", watch)
