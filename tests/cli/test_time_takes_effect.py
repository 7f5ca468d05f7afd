"""Reminders and messages from the command line: once, or in the foreground until a signal; held when the clock is not to be trusted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from engine.settings import SHIPPED
from engine.store import beat
from engine.store.database import Database
from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask, found

pytestmark = pytest.mark.reliability


@contextmanager
def working(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program at work, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(SHIPPED), "AFTERCARE_LANGUAGE": "en"}
    command = [sys.executable, "-m", "cli", *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as program:
        try:
            assert program.stderr is not None
            assert program.stderr.readline().startswith("At work")
            yield program
        finally:
            program.kill()


@pytest.fixture
def real(terminal: Terminal) -> Terminal:
    """A company on real time."""
    found(terminal)
    return terminal


def beat_at(there: Terminal, at: datetime) -> None:
    """Let the workers have worked last at this instant."""
    database = Database.open(f"sqlite:///{there.folder / 'aftercare.db'}")
    with database.write() as connection:
        beat.keep(connection, at, None, None)
    database.close()


def test_a_sweep_and_a_delivery_say_what_they_did(desk: Terminal) -> None:
    ask(desk)
    assert desk.run("sweep").stdout == "Nothing was due.\n"
    assert desk.run("deliver", lang="zh").stdout == "没有要通知的消息。\n"

    swept = desk.run("--at", "2026-09-30T18:02", "sweep").stdout
    told = desk.run("deliver").stdout

    assert swept == "1 case, 1 reminder was reached; 2 min late.\n"
    assert told == "1 message told.\n"


def test_they_answer_programs(desk: Terminal) -> None:
    ask(desk)

    swept = desk.json("--at", "2026-09-30T18:02", "sweep")
    told = desk.json("deliver")

    assert (swept["cases"], swept["rungs"], swept["lateness"], swept["pulse"]["held"]) == (1, 1, 120, False)
    assert (told["told"], told["failed"], told["pulse"]["held"]) == (1, 0, False)


def test_a_case_that_fails_is_named_and_holds_up_no_other(desk: Terminal) -> None:
    ask(desk)
    ask(desk)
    engine = create_engine(f"sqlite:///{desk.folder / 'aftercare.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET document = 'x' WHERE number = :number"), {"number": NUMBER})
    engine.dispose()

    answer = desk.run("--at", "2026-09-30T18:00", "sweep", code=1)

    assert "1 case, 1 reminder was reached" in answer.stdout
    assert "1 case failed and is tried again" in answer.stdout
    assert NUMBER in answer.stderr


def test_simulated_time_is_not_worked_through(desk: Terminal) -> None:
    refused = desk.run("work", code=2)

    assert "--at INSTANT sweep" in refused.stderr


def test_after_a_gap_everything_is_held_and_says_why(real: Terminal) -> None:
    beat_at(real, datetime.now(UTC) - timedelta(hours=1))

    for command in ("sweep", "deliver"):
        answer = real.run(command, code=1)
        assert "held since" in answer.stderr
        assert "aftercare release" in answer.stderr
    assert "已暂停提醒和通知" in real.run("sweep", lang="zh", code=1).stderr
    assert real.json("sweep", code=1)["pulse"]["held"] is True
    assert "held for" in real.run("doctor", code=1).stdout


def test_a_person_says_that_the_clock_is_right(real: Terminal) -> None:
    assert real.run("release").stdout == "Nothing was held.\n"
    beat_at(real, datetime.now(UTC) - timedelta(hours=1))
    real.run("sweep", code=1)

    assert "go on" in real.run("release").stdout
    assert real.run("sweep").stdout == "Nothing was due.\n"


@pytest.mark.parametrize("command", ["sweep", "deliver"])
def test_a_timetable_may_say_so_each_time(real: Terminal, command: str) -> None:
    beat_at(real, datetime.now(UTC) - timedelta(hours=1))
    real.run(command, code=1)

    real.run(command, "--trust-clock")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_work_cleanly(real: Terminal, number: signal.Signals) -> None:
    with working(real.folder, "work", "--every", "0.2") as program:
        program.send_signal(number)
        said, trouble = program.communicate(timeout=30)

    assert program.returncode == 0
    assert said == "Stopped; what was begun is done.\n"
    assert trouble == ""


def test_the_worker_tells_and_says_so(real: Terminal) -> None:
    ask(real)
    number = real.json("cases")["cases"][0]["number"]
    with working(real.folder, "work", "--every", "0.2") as program:
        assert program.stdout is not None
        real.run("move", number, "promise", "--as", "rui", "--set", "promised=2026-01-05 10:00")
        said = [program.stdout.readline() for _ in range(2)]
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)

    told = sorted(line.split("  ", 1)[1].split(";")[0].rstrip(".\n") for line in said)
    assert told == ["1 case, 1 reminder was reached", "1 message told"]
    assert [each["number"] for each in real.json("inbox", "--as", "sun")["messages"]] == [number]


def test_an_error_is_said_once_and_the_work_goes_on(terminal: Terminal, postgresql_url: str) -> None:
    url = make_url(postgresql_url)
    (terminal.folder / "aftercare.toml").write_text(f'database = "{postgresql_url}"\n', encoding="utf-8")
    terminal.run("init")
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with working(terminal.folder, "work", "--every", "0.2") as program, admin.connect() as connection:
        assert program.stderr is not None
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database})
        said = [program.stderr.readline()]
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
        while said[-1] != "Working again.\n":
            said.append(program.stderr.readline())
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)
    admin.dispose()

    assert program.returncode == 0
    assert said[-1] == "Working again.\n"
    assert all(line != after for line, after in pairwise(said))
    assert not any("Traceback" in line for line in said)
