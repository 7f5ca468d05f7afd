"""The one writer of a SQLite database in this process: its writes queue behind one another on one connection.

SQLite has one writer at a time anyway; a connection per thread would only make the waiting unfair (PERFORMANCE, lesson 5).
Every transaction begins with BEGIN IMMEDIATE, so that what it reads first cannot change before it writes (DESIGN law 4).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, get_ident
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, exc

T = TypeVar("T")


class Writer:
    """Holds the writing connection and lends it to one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writing=True)
        self._turn = _Turn()
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection | None = None

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` answers, which gets the driver's connection inside an immediate transaction, for hot statements.

        It commits or rolls back itself; on an exception it is rolled back here.
        """
        with self._turn:
            driver = self._driver or self._connect()
            try:
                driver.execute("BEGIN IMMEDIATE")
                return work(driver)
            except BaseException as error:
                self._recover(driver, error)
                raise

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A SQLAlchemy connection inside an immediate transaction, committed at the end, rolled back on an exception."""
        with self._turn:
            driver = self._driver or self._connect()
            assert self._connection is not None
            try:
                with self._connection.begin():
                    yield self._connection
            except BaseException as error:
                self._recover(driver, error)
                raise

    def close(self) -> None:
        """Give the connection back; a later write opens another."""
        with self._turn:
            self._drop()

    def _connect(self) -> sqlite3.Connection:
        self._connection = self._engine.connect()
        self._driver = cast(sqlite3.Connection, self._connection.connection.driver_connection)
        return self._driver

    def _recover(self, driver: sqlite3.Connection, error: BaseException) -> None:
        with suppress(sqlite3.Error):
            if driver.in_transaction:
                driver.execute("ROLLBACK")
        # After a failed sync nothing that this connection believes about the file can be trusted.
        if isinstance(error, sqlite3.OperationalError | exc.OperationalError) or driver.in_transaction:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection, self._driver = self._connection, None, None
            with suppress(Exception):
                connection.invalidate()
            with suppress(Exception):
                connection.close()


class _Turn:
    """One thread's turn to write; the others wait. Asking for a second turn within one is a mistake, not a wait for ever."""

    __slots__ = ("_lock", "_owner")

    def __init__(self) -> None:
        self._lock = Lock()
        self._owner: int | None = None

    def __enter__(self) -> None:
        if self._owner == get_ident():
            raise RuntimeError("this thread is already writing: a unit of work cannot begin another")
        self._lock.acquire()
        self._owner = get_ident()

    def __exit__(self, *_: object) -> None:
        self._owner = None
        self._lock.release()
