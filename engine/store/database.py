"""The database as the rest of the program sees it: created or opened, read from, and written to by units of work.

Knows no table's meaning. Everything that goes wrong in a driver or on the disk leaves here as an AftercareError with a way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from engine.core.codec import Kinds
from engine.errors import Conflict, Damaged, Misuse, Unavailable
from engine.label import Label
from engine.store import purpose
from engine.store.backend import Backend
from engine.store.backends.postgresql import PostgresBackend
from engine.store.backends.sqlite import SqliteBackend
from engine.store.failure import damaged
from engine.store.migration import present_version, upgrade
from engine.store.purpose import Purpose
from engine.store.reader import Reader
from engine.store.record import KindsOf
from engine.store.schema import VERSION
from engine.store.unit_of_work import UnitOfWork

T = TypeVar("T")
PATIENCE = 10.0
"""Seconds to wait for another program's lock, or for a server."""


class NotInitialised(Unavailable):
    """There is no database at this place yet."""


class Database:
    """An open database. `kinds_of` tells the kinds of a definition's fields by digest; the catalog sets it."""

    def __init__(self, backend: Backend, purpose: Purpose) -> None:
        self._backend = backend
        self.purpose = purpose
        self.kinds_of: KindsOf = _no_kinds

    @classmethod
    def create(cls, url: str, *, simulated: bool, now: datetime, patience: float = PATIENCE) -> Self:
        """Make a new database, or bring an existing one to the present schema; safe to repeat.

        Raises Conflict when it exists with the other kind of time, Unavailable when it cannot be written or is newer.
        """
        backend = _backend(url, patience)
        with _closing_on_failure(backend):
            with backend.reshape() as connection:
                version = present_version(connection)
                _refuse_newer(version, backend.place)
                if version != VERSION:
                    upgrade(connection)
                if purpose.read_purpose(connection) is None:
                    purpose.found(connection, now, simulated=simulated)
            database = cls(backend, _checked_purpose(backend))
            if database.purpose.simulated != simulated:
                raise _other_time(backend.place, database.purpose.simulated)
            return database

    @classmethod
    def open(cls, url: str, *, patience: float = PATIENCE) -> Self:
        """Open an existing database; never creates or changes one.

        Raises Unavailable when it is missing, older or newer than this program or out of reach, Damaged when it is none.
        """
        backend = _backend(url, patience)
        with _closing_on_failure(backend):
            if not backend.exists():
                raise _not_initialised(backend.place)
            return cls(backend, _checked_purpose(backend))

    @property
    def place(self) -> str:
        """The path, or the address without its password."""
        return self._backend.place

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._backend.dialect

    def server_time(self) -> datetime:
        """The present instant by the clock that all writers share: the server's, or for a file this machine's.

        Within an attempt ask the unit: there it comes with what is read anyway.
        """
        return self._backend.clock()

    def attempt(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` in one transaction and answer its result; what it recorded is durable when this returns.

        `work` may run again, each time on fresh reads, so it must have no effect outside the unit. SQLite: writers queue, and those
        that wait share a transaction; should it fail, each `work` runs again alone. PostgreSQL: up to five times. Raises Conflict when
        the race was lost throughout, Unavailable when nothing could be written (or, saying so, when that is unknown).
        """
        return self._backend.attempt(work, self.kinds_of, self.purpose.claim_key)

    def ask(self, name: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """The rows that answer a hot statement, by its name among `store.move.MoveStatements`: a question that every request asks."""
        return self._backend.ask(name, values)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A Reader on one consistent snapshot."""
        with self._backend.read() as connection:
            yield Reader(connection, self.kinds_of)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a writing transaction, for what is not a decision: definitions, people, requests."""
        with self._backend.write() as connection:
            yield connection

    def is_current(self) -> bool:
        """Whether it can be read and still has the schema of this program, which a newer one may have changed. Raises Unavailable."""
        with self._backend.read() as connection:
            return present_version(connection) == VERSION

    def examine(self) -> list[str]:
        """What the database's own integrity check finds wrong; empty when sound. Reads the whole file."""
        try:
            return self._backend.examine()
        except Damaged as error:
            return [str(error)]

    def simulated_now(self) -> datetime | None:
        """The simulated instant; None when time is real."""
        with self._backend.read() as connection:
            return purpose.simulated_now(connection)

    def set_simulated_now(self, now: datetime) -> None:
        """Advance the simulated instant of a database that was created for it."""
        with self._backend.write() as connection:
            purpose.set_simulated_now(connection, now)

    def close(self) -> None:
        """Give all connections back."""
        self._backend.close()


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address; None for another kind of database. Misuse for an address that is none."""
    parsed = _parse(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _backend(url: str, patience: float) -> Backend:
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteBackend(Path(parsed.database or ""), patience)
    return PostgresBackend(parsed, patience)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise _bad_address(url) from error
    if name not in ("sqlite", "postgresql") or (name == "sqlite" and parsed.database in (None, "", ":memory:")):
        raise _bad_address(parsed.render_as_string(hide_password=True))
    return parsed


def _checked_purpose(backend: Backend) -> Purpose:
    with backend.read() as connection:
        version = present_version(connection)
        if version is None:
            raise _not_initialised(backend.place)
        _refuse_newer(version, backend.place)
        if version != VERSION:
            raise _older(backend.place)
        try:
            found = purpose.read_purpose(connection)
        except (KeyError, ValueError) as error:
            raise damaged(backend.place, "meta") from error
    if found is None:
        raise _not_initialised(backend.place)
    return found


@contextmanager
def _closing_on_failure(backend: Backend) -> Iterator[None]:
    try:
        yield
    except BaseException:
        backend.close()
        raise


def _no_kinds(digest: str) -> Kinds:
    raise LookupError(f"no catalog was given to the database: the kinds of {digest} are unknown")


def _refuse_newer(version: str | None, place: str) -> None:
    if version is not None and version > VERSION:
        raise Unavailable(
            Label(
                "数据库 {place} 的结构版本为 {found}，比本程序支持的 {known} 更新。",
                "Expected a database of schema {known} or older, found {found} in {place}.",
            ).fill(place=place, found=version, known=VERSION),
            Label("请升级 Aftercare 后再打开；数据库未作任何更改。", "Upgrade Aftercare and open it again; the database was not touched."),
        )


def _older(place: str) -> Unavailable:
    return Unavailable(
        Label(
            "数据库 {place} 由较早版本的程序创建，需要先升级。",
            "The database {place} was made by an older version and must be upgraded first.",
        ).fill(place=place),
        Label("请先备份，再运行“aftercare init”升级。", "Make a backup, then run “aftercare init”, which upgrades it."),
    )


def _not_initialised(place: str) -> NotInitialised:
    return NotInitialised(
        Label("{place} 处还没有 Aftercare 数据库。", "Expected an Aftercare database at {place}, found none.").fill(place=place),
        Label("请先运行“aftercare init”创建数据库。", "Create it with “aftercare init”."),
    )


def _other_time(place: str, simulated: bool) -> Conflict:
    found = Label("模拟时间", "simulated time") if simulated else Label("真实时间", "real time")
    return Conflict(
        Label(
            "数据库 {place} 已存在，使用{found}，无法改变。",
            "The database {place} exists already and runs on {found}, which cannot be changed.",
        ).fill(place=place, found=found),
        Label("请为另一种时间另建一个数据库。", "Create another database for the other kind of time."),
    )


def _bad_address(url: str) -> Misuse:
    return Misuse(
        Label(
            "数据库地址应为 sqlite:///文件 或 postgresql://…，实际为 {url}。",
            "Expected a database address sqlite:///FILE or postgresql://…, found {url}.",
        ).fill(url=url or "–"),
        Label("例如 sqlite:///aftercare.db。", "For example sqlite:///aftercare.db."),
    )
