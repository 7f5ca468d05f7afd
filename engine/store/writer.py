"""The one writer of a SQLite database in this process: its writes queue behind one another on one connection.

SQLite has one writer at a time anyway; a connection per thread would only make the waiting unfair (PERFORMANCE, lesson 5).
Every transaction begins with BEGIN IMMEDIATE, so that what it reads first cannot change before it writes (DESIGN law 4).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, get_ident
from typing import cast

from sqlalchemy import Connection, Engine, exc


class Writer:
    """Holds the writing connection and lends it to one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writing=True)
        self._lock = Lock()
        self._owner: int | None = None
        self._connection: Connection | None = None

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """The driver's connection inside an immediate transaction, for hot statements.

        The borrower commits or rolls back; on an exception it is rolled back here.
        """
        with self._alone():
            driver = self._driver()
            try:
                driver.execute("BEGIN IMMEDIATE")
                yield driver
            except BaseException as error:
                self._recover(driver, error)
                raise

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A SQLAlchemy connection inside an immediate transaction, committed at the end, rolled back on an exception."""
        with self._alone():
            driver = self._driver()
            assert self._connection is not None
            try:
                with self._connection.begin():
                    yield self._connection
            except BaseException as error:
                self._recover(driver, error)
                raise

    def close(self) -> None:
        """Give the connection back; a later write opens another."""
        with self._alone():
            self._drop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._owner == get_ident():
            raise RuntimeError("this thread is already writing: a unit of work cannot begin another")
        with self._lock:
            self._owner = get_ident()
            try:
                yield
            finally:
                self._owner = None

    def _driver(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return cast(sqlite3.Connection, self._connection.connection.driver_connection)

    def _recover(self, driver: sqlite3.Connection, error: BaseException) -> None:
        with suppress(sqlite3.Error):
            if driver.in_transaction:
                driver.execute("ROLLBACK")
        # After a failed sync nothing that this connection believes about the file can be trusted.
        if isinstance(error, sqlite3.OperationalError | exc.OperationalError) or driver.in_transaction:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):
                connection.invalidate()
            with suppress(Exception):
                connection.close()
