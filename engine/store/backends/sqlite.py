"""SQLite: a file in WAL mode, synced on every commit; readers beside one writer (`store.writer`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event

from engine.store.failure import no_log, raced, translated, translated_files
from engine.store.move import move_statements
from engine.store.record import KindsOf
from engine.store.statement import Statement
from engine.store.unit_of_work import UnitOfWork
from engine.store.writer import Writer
from engine.store.writing import Writing

T = TypeVar("T")


class SqliteUnit(UnitOfWork):
    """Writes row by row inside an immediate transaction."""

    def _write(self, writing: Writing) -> None:
        statements = self._statements
        if writing.case["guard"] is None:
            self._run(statements.open_case, writing.case)
        elif self._run(statements.move_case(writing.changed), writing.case).rowcount != 1:
            raise raced(writing.record.case.number)
        for entry in writing.entries:
            self._run(statements.add_entry, entry)
        for value in writing.personal:
            self._run(statements.add_personal, value)
        for timer in writing.armed:
            self._run(statements.arm_timer, timer)
        for timer in writing.cancelled:
            self._run(statements.cancel_timer, timer)
        for firing in writing.firings:
            self._run(statements.add_firing, firing)
        for intent in writing.outbox:
            self._run(statements.add_outbox, intent)
        for claim in writing.released:
            self._run(statements.release_claim, claim)
        for claim in writing.claimed:
            self._run(statements.add_claim, claim)
        if writing.request is not None:
            self._run(statements.add_request, writing.request)
        if writing.besides:
            self._write_besides(writing.besides)


class SqliteBackend:
    """One database file. `patience` is how many seconds to wait for another program's lock."""

    dialect = "sqlite"

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self.place = str(path)
        self._engine = _engine(path, patience)
        self._writer = Writer(self._engine, self.place)
        self._statements = move_statements("sqlite")

    def clock(self) -> datetime:
        return datetime.now(UTC)

    def exists(self) -> bool:
        with translated_files(self.place):
            return self.path.is_file() and self.path.stat().st_size > 0

    def attempt(self, work: Callable[[UnitOfWork], T], kinds_of: KindsOf, claim_key: bytes) -> T:
        def within(driver: sqlite3.Connection, is_shared: bool) -> tuple[T, bool]:
            unit = SqliteUnit(driver, self._statements, kinds_of, claim_key)
            unit.is_shared = is_shared
            result = work(unit)
            return result, unit.recorded

        with translated(self.place):
            return self._writer.run(within)

    def ask(self, name: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        statement: Statement = getattr(self._statements, name)
        with translated(self.place), closing(self._engine.raw_connection()) as pooled:
            return statement.run(cast(sqlite3.Connection, pooled.driver_connection), values).fetchall()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with translated(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with translated(self.place), self._writer.connection() as connection:
            yield connection

    @contextmanager
    def reshape(self) -> Iterator[Connection]:
        with translated(self.place), self._engine.execution_options(writing=True).connect() as connection:
            cursor = connection.connection.cursor()
            if cursor.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):  # from now on it stays with the file
                raise no_log(self.place)
            # Changing a table means building it anew and dropping the old one, which foreign keys would forbid.
            cursor.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.invalidate()

    def examine(self) -> list[str]:
        with self.read() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        self._writer.close()
        self._engine.dispose()


def _engine(path: Path, patience: float) -> Engine:
    options = {"timeout": patience, "isolation_level": None, "check_same_thread": False}
    # As many are kept as a server has threads that read: opening one costs more than what it is asked.
    engine = create_engine(f"sqlite:///{path}", connect_args=options, pool_size=64, max_overflow=100)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine
