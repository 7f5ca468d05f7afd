"""The test server itself: begun from nothing, shared, private, and gone without a trace."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.postgresql import Server

pytestmark = [pytest.mark.reliability, pytest.mark.usefixtures("postgresql_server")]  # where none can run, nothing here can be tested

USE_AND_HANG = """
import sys, time
from pathlib import Path
from tests.postgresql import Server
server = Server(Path(sys.argv[1]))
server.enter()
with server.database() as url:
    print(url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a server of the test's own, where one can run; whatever the test does, nothing stays running in it."""
    folder = tmp_path / "environment" / "postgresql"
    yield folder
    Server(folder).stop_if_unused()


@contextmanager
def taking_part(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.enter()
    try:
        yield server
    finally:
        server.leave()


def servers_in(folder: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if str(folder / "data") in (process.info["cmdline"] or [])]


def select_one(url: str) -> object:
    engine = create_engine(url)
    with engine.connect() as connection:
        one = connection.scalar(text("select 1"))
    engine.dispose()
    return one


def test_each_test_gets_an_empty_database_of_a_real_postgresql(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        assert connection.dialect.name == "postgresql"
        assert connection.scalar(text("select count(*) from pg_tables where schemaname = 'public'")) == 0
        assert connection.scalar(text("show server_encoding")) == "UTF8"
    engine.dispose()


def test_a_database_url_comes_for_every_database(database_url: str) -> None:
    assert select_one(database_url) == 1


def test_the_last_to_leave_stops_the_server_and_leaves_no_files(folder: Path) -> None:
    with taking_part(folder) as last:
        with taking_part(folder):
            assert len(servers_in(folder)) == 1
        with last.database() as url:
            assert select_one(url) == 1

    assert servers_in(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["door.lock", "users.lock"]


def test_a_killed_run_leaves_nothing_that_hinders_the_next(folder: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", USE_AND_HANG, str(folder)], cwd=root, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        left_behind = run.stdout.readline().strip()
        assert select_one(left_behind) == 1
        run.send_signal(signal.SIGKILL)
    (orphan,) = servers_in(folder)

    with taking_part(folder) as server, server.database() as url:
        (serving,) = servers_in(folder)
        assert serving != orphan
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("select count(*) from pg_database where datname like 'test_%'").fetchone() == (1,)


def test_a_deep_folder_closed_to_others_serves_and_stays_closed(folder: Path) -> None:
    closed = folder.parent / "closed"
    deep = closed / ("很深的文件夹 " * 6).strip() / "postgresql"
    deep.mkdir(parents=True)
    closed.chmod(0o700)

    with taking_part(deep) as server, server.database() as url:
        assert select_one(url) == 1
        socket = Path(str(make_url(url).query["host"]))

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not socket.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try")
def test_no_other_user_of_the_machine_may_connect(folder: Path) -> None:
    other = ["setpriv", "--reuid=nobody", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    with taking_part(folder) as server, server.database() as url:
        attempt = f"import psycopg\ntry: psycopg.connect({url.replace('+psycopg', '')!r})\nexcept psycopg.OperationalError as e: print(e)"
        result = subprocess.run([*other, sys.executable, "-c", attempt], capture_output=True, text=True, check=False)

    assert 'Peer authentication failed for user "postgres"' in result.stdout, result.stderr
