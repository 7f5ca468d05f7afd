"""The one writer of a SQLite database in this process: its writes queue behind one another on one connection.

SQLite has one writer at a time anyway; a connection per thread would only make the waiting unfair (PERFORMANCE, lesson 5). Works that
wait share a transaction with the one whose turn it is: the disk is waited for once, and nobody is answered before it has answered.
Every transaction begins with BEGIN IMMEDIATE, so that what it reads first cannot change before it writes (DESIGN law 4).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, exc

from engine.store.failure import Crowded, unknown_outcome
from engine.store.line import Group, Line, Place

T = TypeVar("T")
Work = Callable[[sqlite3.Connection, bool], tuple[T, bool]]
"""Gets the driver's connection in a transaction, and whether others wrote in it before; answers, and says whether it has written."""

TOGETHER = 64
"""How many works share a transaction at most."""
PATIENCE = 0.02
"""Seconds after which no further work is taken into a transaction: another program may wait for the file."""


class Writer:
    """Holds the writing connection and lends it to one thread at a time."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine.execution_options(writing=True)
        self._place = place
        self._line = Line()
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection | None = None

    def run(self, work: Work[T]) -> T:
        """What `work` answers, once what it wrote is durable; on an exception nothing of it is left.

        Another thread may carry it out, in the context of this one. It may be done again: when the database fails under works that
        share a transaction, each of them is done alone.
        """
        place = Place(work)
        if self._line.enter(place):
            return self._lead(work)
        assert place.group is not None
        if place.group.standing == "committing":
            raise unknown_outcome(self._place)
        if place.group.standing == "open" or isinstance(place.error, Crowded):
            return self._alone(work)
        if place.error is not None:
            raise place.error
        return cast(T, place.answer)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A SQLAlchemy connection inside an immediate transaction, committed at the end, rolled back on an exception."""
        with self._turn() as driver:
            assert self._connection is not None
            try:
                with self._connection.begin():
                    yield self._connection
            except BaseException as error:
                self._recover(driver, error)
                raise

    def close(self) -> None:
        """Give the connection back; a later write opens another."""
        self._line.enter(Place(None))
        try:
            self._drop()
        finally:
            self._line.leave()

    def _lead(self, work: Work[T]) -> T:
        """It is this thread's turn: do its work, and that of those who wait."""
        group = Group()
        try:
            driver = self._driver or self._connect()
            try:
                return self._together(driver, work, group)
            except BaseException as error:
                self._recover(driver, error)
                if not group.places or not isinstance(error, Exception):
                    raise
                group.standing = "open"
        finally:
            self._line.leave(group)
        return self._alone(work)

    def _together(self, driver: sqlite3.Connection, work: Work[T], group: Group) -> T:
        driver.execute("BEGIN IMMEDIATE")
        answer, has_written = work(driver, False)
        if not has_written:
            driver.execute("ROLLBACK")
            return answer
        until = monotonic() + PATIENCE
        while len(group.places) < TOGETHER - 1 and (place := self._line.join(group)) is not None:
            _carry_out(driver, place)
            if monotonic() > until:
                break
        group.standing = "committing"
        driver.execute("COMMIT")
        group.standing = "committed"
        return answer

    def _alone(self, work: Work[T]) -> T:
        with self._turn() as driver:
            try:
                driver.execute("BEGIN IMMEDIATE")
                answer, has_written = work(driver, False)
                driver.execute("COMMIT" if has_written else "ROLLBACK")
            except BaseException as error:
                self._recover(driver, error)
                raise
            return answer

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        self._line.enter(Place(None))
        try:
            yield self._driver or self._connect()
        finally:
            self._line.leave()

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


def _carry_out(driver: sqlite3.Connection, place: Place) -> None:
    """Do the work of somebody else upon what is not committed yet. Whatever fails in it fails alone, unless the database does."""
    assert place.context is not None
    assert place.work is not None
    driver.execute("SAVEPOINT joined")
    has_written = False
    try:
        place.answer, has_written = place.context.run(place.work, driver, True)
    except Exception as error:
        violates = isinstance(error, sqlite3.IntegrityError) or not isinstance(error, sqlite3.Error)
        if not violates or not driver.in_transaction:
            raise
        place.error = error
    if not has_written:
        driver.execute("ROLLBACK TO joined")
    driver.execute("RELEASE joined")
