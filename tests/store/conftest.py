"""A database with one published definition, and cases that move through it without a compiled definition: the store decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.store.database import Database
from tests.original import FileOriginal, ServerOriginal
from tests.postgresql import Server
from tests.store.story import KINDS, prepare

CREATED = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def found(url: str) -> None:
    """Create a database and publish the one definition."""
    with closing(Database.create(url, simulated=False, now=CREATED)) as database:
        prepare(database)


@pytest.fixture(scope="session")
def file_original(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The database as a file."""
    return FileOriginal(tmp_path_factory.mktemp("store") / "original.db", found)


@pytest.fixture(scope="session")
def server_original(postgresql_server: Server) -> Iterator[ServerOriginal]:
    """The database on PostgreSQL."""
    with postgresql_server.database() as url:
        yield ServerOriginal(url, found)


@pytest.fixture
def sqlite_story_url(sqlite_url: str, tmp_path: Path, file_original: FileOriginal) -> str:
    """The URL of a SQLite database with the definition."""
    file_original.copy_to(tmp_path / "aftercare.db")
    return sqlite_url


@pytest.fixture
def postgresql_story_url(server_original: ServerOriginal) -> str:
    """The URL of a PostgreSQL database with the definition."""
    server_original.put_back()
    return server_original.url


@pytest.fixture(params=["sqlite", "postgresql"])
def story_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the definition, on each dialect."""
    url: str = request.getfixturevalue(f"{request.param}_story_url")
    return url


@pytest.fixture
def database(story_url: str) -> Iterator[Database]:
    """An open database on each dialect."""
    with opened(story_url) as database:
        yield database


@pytest.fixture
def sqlite(sqlite_story_url: str) -> Iterator[Database]:
    """An open SQLite database, for what only files can suffer."""
    with opened(sqlite_story_url) as database:
        yield database


def opened(url: str) -> closing[Database]:
    """The database, which knows the kinds of its one definition."""
    database = Database.open(url)
    database.kinds_of = lambda _: KINDS
    return closing(database)
