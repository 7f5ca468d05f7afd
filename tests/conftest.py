"""What every test may ask for: a database of its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import Server, Unavailable, environment_server

# A loaded machine is no defect: time limits stand in the benchmarks.
settings.register_profile("quick", deadline=None)
settings.register_profile("full", deadline=None, max_examples=2000)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The one server of this run; where none can run, the test is skipped and the reason printed."""
    try:
        server = environment_server()
        server.enter()
    except Unavailable as reason:
        pytest.skip(f"no PostgreSQL here: {reason}")
    yield server
    server.leave()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that only this test sees."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that does not exist yet and only this test will see."""
    return f"sqlite:///{tmp_path}/aftercare.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One conformance suite, every database: a test that asks for this runs on each."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that leads the run stops the server of workers that could not."""
    if not hasattr(config, "workerinput"):
        with suppress(Unavailable):
            environment_server().stop_if_unused()
