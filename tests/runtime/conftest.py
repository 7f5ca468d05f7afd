"""The company on each dialect, proven after every test: history replayed is the case, and `verify` finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, insert, select
from sqlalchemy.pool import NullPool

from engine.store.schema import metadata
from tests.postgresql import Server
from tests.runtime.company import Company, found, open_company

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def founded(postgresql_server: Server) -> Iterator[tuple[str, Rows]]:
    """A company on PostgreSQL, and every row of it when it was founded. Making a database costs more than all that a test does."""
    with postgresql_server.database() as url:
        found(url)
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            rows = {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in metadata.sorted_tables}
        yield url, rows


def put_back(url: str, rows: Rows) -> None:
    """Make the database what it was when it was founded."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        for table in metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table).values(rows[table.name]))


@pytest.fixture(params=["sqlite", "postgresql"])
def company_url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """The database of a company just founded: a new file, or the one of this run put back."""
    if request.param == "sqlite":
        found(sqlite_url)
        return sqlite_url
    url, rows = request.getfixturevalue("founded")
    put_back(url, rows)
    return str(url)


@pytest.fixture
def company(company_url: str) -> Iterator[Company]:
    """A company whose clock stands at nine in the morning."""
    with open_company(company_url) as company:
        yield company
