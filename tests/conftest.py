"""What every test may ask for: a database of its own, on SQLite and on a real PostgreSQL, empty or with the desk of `tests.rig`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.original import FileOriginal, ServerOriginal
from tests.postgresql import Server, Unavailable, environment_server
from tests.rig import desk
from tests.rig.report import FIGURES, Run, Tell

# A loaded machine is no defect: time limits stand in the benchmarks. What stands before a merge tries the same each time; the long run
# tries anew, and prints how to see again what it has found.
LOADED = [HealthCheck.too_slow]
settings.register_profile("quick", deadline=None, max_examples=70, suppress_health_check=LOADED, derandomize=True, database=None)
settings.register_profile("full", deadline=None, max_examples=2000, suppress_health_check=LOADED, derandomize=False, print_blob=True)
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


@pytest.fixture(scope="session")
def desk_file(tmp_path_factory: pytest.TempPathFactory) -> FileOriginal:
    """The desk just founded, as a file."""
    return FileOriginal(tmp_path_factory.mktemp("desk") / "original.db", desk.found)


@pytest.fixture(scope="session")
def desk_on_server(postgresql_server: Server) -> Iterator[ServerOriginal]:
    """The desk just founded, on PostgreSQL."""
    with postgresql_server.database() as url:
        yield ServerOriginal(url, desk.found)


@pytest.fixture
def desk_sqlite_url(desk_file: FileOriginal, sqlite_url: str, tmp_path: Path) -> str:
    """The desk on a file of this test alone."""
    desk_file.copy_to(tmp_path / "aftercare.db")
    return sqlite_url


@pytest.fixture
def desk_postgresql_url(desk_on_server: ServerOriginal) -> str:
    """The desk on PostgreSQL, as it was founded."""
    desk_on_server.put_back()
    return desk_on_server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def desk_url(request: pytest.FixtureRequest) -> str:
    """The desk on each database."""
    url: str = request.getfixturevalue(f"desk_{request.param}_url")
    return url


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Tell:
    """Ends a run of an item of the reliability bar: its line is printed, and once more when all tests are done (`--figures`)."""

    def tell(run: Run, operations: int, violations: int) -> None:
        line = run.line(operations, violations)
        print(line)
        record_property(FIGURES, line)

    return tell


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make reliability` and `make full` ask for the figures."""
    parser.addoption("--figures", action="store_true", help="print the lines of the reliability bar when all tests are done")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The lines of all runs, in order of the items."""
    if config.getoption("--figures"):
        reports = (report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind))
        lines = sorted(str(value) for report in reports for name, value in report.user_properties if name == FIGURES)
        terminalreporter.section("reliability bar")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that leads the run stops the server of workers that could not."""
    if not hasattr(config, "workerinput"):
        with suppress(Unavailable):
            environment_server().stop_if_unused()
