"""The company on each dialect, proven after every test: history replayed is the case, and `verify` finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.original import FileOriginal, ServerOriginal
from tests.postgresql import Server
from tests.runtime.company import Company, found, open_company


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The service on PostgreSQL runs beside the quick suite: what differs there is the store, which is tried on both in its own folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "postgresql" in item.name:
            item.add_marker(pytest.mark.reliability)


@pytest.fixture(scope="session")
def file_original(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The company just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("company") / "original.db", found)


@pytest.fixture(scope="session")
def server_original(postgresql_server: Server) -> Iterator[ServerOriginal]:
    """The company just founded, on PostgreSQL."""
    with postgresql_server.database() as url:
        yield ServerOriginal(url, found)


@pytest.fixture(params=["sqlite", "postgresql"])
def company_url(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> str:
    """The database of a company just founded."""
    if request.param == "sqlite":
        file: FileOriginal = request.getfixturevalue("file_original")
        file.copy_to(tmp_path / "aftercare.db")
        return sqlite_url
    server: ServerOriginal = request.getfixturevalue("server_original")
    server.put_back()
    return server.url


@pytest.fixture
def company(company_url: str) -> Iterator[Company]:
    """A company whose clock stands at nine in the morning."""
    with open_company(company_url) as company:
        yield company
