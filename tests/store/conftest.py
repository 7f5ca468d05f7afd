"""A database with one published definition, and cases that move through it without a compiled definition: the store decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.store.database import Database
from tests.store.story import prepare

CREATED = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database on each dialect."""
    database = Database.create(database_url, simulated=False, now=CREATED)
    prepare(database)
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """An open SQLite database, for what only files can suffer."""
    database = Database.create(sqlite_url, simulated=False, now=CREATED)
    prepare(database)
    yield database
    database.close()
