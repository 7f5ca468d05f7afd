"""PostgreSQL through psycopg 3: cases are read without a lock, and a move is one guarded statement that commits by itself.

Connections are in autocommit mode; a transaction is begun only when one statement does not suffice (an opening takes a
number first, several recordings belong together). A lost race is decided again, at most five times.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from engine.errors import Unavailable
from engine.label import Label
from engine.store.failure import Lost, Raced, raced, translated, unknown_outcome
from engine.store.intent import Beside
from engine.store.move import Shape, move_statements, numbered
from engine.store.record import KindsOf
from engine.store.statement import Cursor, Statement
from engine.store.unit_of_work import UnitOfWork
from engine.store.writing import Writing

T = TypeVar("T")
_ATTEMPTS = 5
_MIGRATION_LOCK = 4_716_203_115


class PostgresUnit(UnitOfWork):
    """Holds the first recording back, so that a unit which ends with it costs one statement and one commit."""

    _pending: Writing | None = None
    _begun = False
    sent = False
    """Whether a statement was sent that may have committed."""

    def next_number(self, remainder: str) -> int:
        self._begin()
        return super().next_number(remainder)

    def hold_incident(self, id: str) -> str | None:
        self._begin()
        return super().hold_incident(id)

    def finish(self) -> None:
        """Make everything durable: the pending recording by itself, or the transaction that was begun."""
        if self._pending is not None and not self._begun:
            self.sent = True
            self._send()
        elif self._begun:
            self._send()
            self.sent = self.recorded
            self._driver.execute("COMMIT" if self.recorded else "ROLLBACK")
            self._begun = False

    def abandon(self) -> None:
        """Undo what is not yet committed."""
        if self._begun:
            self._driver.execute("ROLLBACK")

    def _write(self, writing: Writing) -> None:
        if self._pending is not None:
            self._begin()
            self._send()
        self._pending = writing
        if writing.besides:
            self._write_besides(writing.besides)

    def _write_besides(self, besides: Sequence[Beside]) -> None:
        # The pending move goes first: a lost race is found by its guard before any of these waits for a row of another.
        self._begin()
        super()._write_besides(besides)

    def _run(self, statement: Statement, values: Mapping[str, object]) -> Cursor:
        if self._pending is not None:
            self._begin()
            self._send()
        return super()._run(statement, values)

    def _begin(self) -> None:
        if not self._begun:
            self._driver.execute("BEGIN")
            self._begun = True

    def _send(self) -> None:
        writing, self._pending = self._pending, None
        if writing is None:
            return
        request = [] if writing.request is None else [writing.request]
        shape = Shape(
            opening=writing.case["guard"] is None,
            entries=len(writing.entries),
            personal=len(writing.personal),
            armed=len(writing.armed),
            cancelled=len(writing.cancelled),
            firings=len(writing.firings),
            outbox=len(writing.outbox),
            claimed=len(writing.claimed),
            released=len(writing.released),
            request=len(request),
        )
        values = {
            **writing.case,
            **numbered("entries", writing.entries),
            **numbered("personal", writing.personal),
            **numbered("armed", writing.armed),
            **numbered("cancelled", writing.cancelled),
            **numbered("firings", writing.firings),
            **numbered("outbox", writing.outbox),
            **numbered("claimed", writing.claimed),
            **numbered("released", writing.released),
            **numbered("request", request),
        }
        if self._statements.whole(shape).run(self._driver, values).fetchone() is None:
            raise raced(writing.record.case.number)


class PostgresBackend:
    """One database on a server. `patience` is how many seconds to wait for the server and for locks."""

    dialect = "postgresql"

    def __init__(self, url: URL, patience: float) -> None:
        self.place = url.render_as_string(hide_password=True)
        # Two pools: a decision that looks something else up holds one connection of each, so no ring of waiting can form.
        self._moves = _engine(url, patience)
        self._engine = _engine(url, patience)
        self._statements = move_statements("postgresql")
        self._cursor = _raw_cursor()

    def clock(self) -> datetime:
        with translated(self.place), self._live() as connection:
            told = connection.execute(select(func.clock_timestamp())).scalar_one()
        instant: datetime = told.astimezone(UTC)
        return instant

    def exists(self) -> bool:
        with self.read() as connection:
            connection.execute(text("SELECT 1"))
        return True

    def attempt(self, work: Callable[[UnitOfWork], T], kinds_of: KindsOf, claim_key: bytes) -> T:
        lost = False
        for turn in range(1, _ATTEMPTS):
            try:
                return self._once(work, kinds_of, claim_key)
            except Raced:
                time.sleep(random.uniform(0.0005, 0.002) * 2**turn)
            except Lost:
                if lost:
                    raise
                lost = True  # a server that was restarted is found again by fresh connections
                self._moves.dispose()
        return self._once(work, kinds_of, claim_key)

    def _once(self, work: Callable[[UnitOfWork], T], kinds_of: KindsOf, claim_key: bytes) -> T:
        with translated(self.place):
            pooled = self._moves.raw_connection()
        # One cursor for the whole unit: a connection would make another for every statement.
        unit = PostgresUnit(self._cursor(pooled.driver_connection), self._statements, kinds_of, claim_key)
        try:
            with translated(self.place):
                result = work(unit)
                unit.finish()
            return result
        except BaseException as error:
            self._withdraw(pooled, unit)
            if isinstance(error, Lost) and unit.sent:
                raise unknown_outcome(self.place) from error
            raise
        finally:
            pooled.close()

    def _withdraw(self, pooled: PoolProxiedConnection, unit: PostgresUnit) -> None:
        try:
            unit.abandon()
        except Exception:  # the connection itself is gone: whatever was not committed is gone with it
            pooled.invalidate()
            return
        if getattr(pooled.driver_connection, "broken", False) or getattr(pooled.driver_connection, "closed", False):
            pooled.invalidate()

    def ask(self, name: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        try:
            return self._asked(name, values)
        except Lost:
            self._moves.dispose()  # as in `attempt`
            return self._asked(name, values)

    def _asked(self, name: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        statement: Statement = getattr(self._statements, name)
        with translated(self.place), closing(self._moves.raw_connection()) as pooled:
            return statement.run(self._cursor(pooled.driver_connection), values).fetchall()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with translated(self.place), self._live() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with translated(self.place), self._live() as plain:
            connection = plain.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                yield connection

    def _live(self) -> Connection:
        """A connection that answers: those that a restarted server left behind are replaced."""
        for _ in range(2):
            connection = self._engine.connect()
            try:
                connection.exec_driver_sql("SELECT 1")
                connection.rollback()
                return connection
            except DBAPIError as error:
                connection.close()
                if not error.connection_invalidated:
                    raise
        return self._engine.connect()

    @contextmanager
    def reshape(self) -> Iterator[Connection]:
        with self.write() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            yield connection

    def examine(self) -> list[str]:
        self.exists()
        return []

    def close(self) -> None:
        for engine in (self._moves, self._engine):
            with suppress(Exception):
                engine.dispose()


def _raw_cursor() -> Any:
    from psycopg import RawCursor  # noqa: PLC0415  # only where the extra is installed

    # The hot statements number their parameters as the server does: of more than fifty, psycopg would translate them at every call.
    return RawCursor


def _engine(url: URL, patience: float) -> Engine:
    options: dict[str, Any] = {"connect_timeout": max(2, round(patience))}
    if "options" not in url.query:
        options["options"] = f"-c lock_timeout={round(patience * 1000)}"
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            connect_args=options,
            pool_size=16,
            pool_timeout=patience,
        )
    except ModuleNotFoundError as error:
        raise Unavailable(
            Label("使用 PostgreSQL 需要驱动程序 psycopg，尚未安装。", "PostgreSQL needs the driver psycopg, which is not installed."),
            Label('请运行 `pip install "aftercare[postgres]"`，或改用 SQLite。', 'Run `pip install "aftercare[postgres]"`, or use SQLite.'),
        ) from error
