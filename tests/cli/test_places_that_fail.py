"""Damaged, newer, missing, unwritable and full places, closed pipes and broken terminals: a sentence, a code, nothing half-applied."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from engine.settings import SHIPPED
from tests.cli.conftest import BEGINS, NUMBER, TICKET, Terminal, typed

pytestmark = pytest.mark.reliability

READING = (("cases",), ("verify",), ("people",), ("find", "甲"), ("case", NUMBER), ("publish",))
RECEIVE = ("open", "phone-repair", "receive", "--as", "amy", *typed(TICKET))


def said(result: subprocess.CompletedProcess[bytes]) -> str:
    """All that a program said, in which there is never a traceback."""
    text = (result.stdout or b"").decode() + (result.stderr or b"").decode()
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_damaged_database(company: Terminal, command: tuple[str, ...]) -> None:
    (company.folder / "aftercare.db").write_bytes(b"SQLite format 3\0" + os.urandom(4096))

    answer = company.run(*command, code=1)

    assert "damaged file or something else" in answer.stderr
    assert "aftercare restore" in answer.stderr


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_newer_schema(company: Terminal, command: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(company.folder / "aftercare.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    answer = company.run(*command, code=1)

    assert "found 9999" in answer.stderr
    assert "Upgrade Aftercare" in answer.stderr
    assert "found 9999" in company.run("init", "--simulated", code=1).stderr


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_no_database_yet(terminal: Terminal, command: tuple[str, ...]) -> None:
    answer = terminal.run(*command, code=1)

    assert "aftercare init" in answer.stderr
    assert list(terminal.folder.iterdir()) == []


def test_a_settings_file_that_is_wrong(company: Terminal) -> None:
    (company.folder / "aftercare.toml").write_text("lingua = 'zh'\n", encoding="utf-8")

    answer = company.run("cases", code=2)

    assert "aftercare.toml, line 1: there is no setting “lingua”" in answer.stderr
    assert company.run("--help").stdout.startswith("Usage: aftercare")


@pytest.mark.parametrize("place", ["file/inside", "/proc/aftercare"])
def test_a_place_where_nothing_can_be_made(terminal: Terminal, place: str) -> None:
    (terminal.folder / "file").write_text("", encoding="utf-8")

    assert "cannot be made in" in terminal.run("init", place, code=1).stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def company_on_disk(small_disk: Path, founded: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A company on a small disk, with one case."""
    (small_disk / "aftercare.db").write_bytes((founded / "aftercare.db").read_bytes())
    monkeypatch.chdir(small_disk)
    there = Terminal(small_disk)
    there.open()
    return there


def test_a_disk_that_may_only_be_read(company_on_disk: Terminal) -> None:
    there = company_on_disk
    subprocess.run(["mount", "-o", "remount,ro", there.folder], check=True)

    moved = there.program("move", NUMBER, "take", "--as", "tom")
    founded = there.program("init", "branch")
    copied = there.program("backup", "copy.db")
    subprocess.run(["mount", "-o", "remount,rw", there.folder], check=True)

    for answer in (moved, founded, copied):
        assert answer.returncode == 1
        assert re.search("read-only place|cannot be opened|cannot be made", said(answer))
    assert there.json("case", NUMBER)["revision"] == 1


def test_a_full_disk_refuses_and_serves_again_when_there_is_space(company_on_disk: Terminal) -> None:
    there = company_on_disk
    fill(there.folder / "filler")

    full = there.program("correct", NUMBER, "--as", "amy", "--set", f"accessories={'长' * 2000}", "--reason", "补")
    backup = there.program("backup", "copy.db")
    (there.folder / "filler").unlink()

    for answer in (full, backup):
        assert answer.returncode == 1
        assert "is full; nothing was changed" in said(answer)
    assert {path.name for path in there.folder.iterdir()} <= {"aftercare.db", "aftercare.db-wal", "aftercare.db-shm"}
    assert there.json("case", NUMBER)["revision"] == 1
    there.run("move", NUMBER, "take", "--as", "tom")
    there.run("verify")


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    for size in (65536, 4096, 1):
        with suppress(OSError):
            while os.write(handle, b"x" * size):
                pass
    os.close(handle)


def test_output_that_cannot_be_written(company: Terminal) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        answer = company.program("people", stdout=full)

    assert answer.returncode == 1
    assert "The disk is full" in said(answer)


def test_a_reader_that_leaves_early(company: Terminal) -> None:
    command = [sys.executable, "-m", "cli", "people", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(SHIPPED)}
    reading, writing = os.pipe()
    os.close(reading)

    answer = subprocess.run(command, cwd=company.folder, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert answer.returncode == 1
    assert b"Error" not in answer.stderr
    assert b"BrokenPipe" not in answer.stderr


@pytest.fixture
def interrupts() -> Iterator[None]:
    """They reach the programs that a test begins, although whoever runs the tests in the background ignores them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupted_program_says_so(company: Terminal) -> None:
    waiting = company.folder / "never.csv"
    os.mkfifo(waiting)
    command = [sys.executable, "-m", "cli", "intake", "never.csv", "--workflow", "phone-repair", "--start", "receive"]
    environment = {**os.environ, "PYTHONPATH": str(SHIPPED), "AFTERCARE_LANGUAGE": "en"}

    with subprocess.Popen(command, cwd=company.folder, env=environment, stderr=subprocess.PIPE, bufsize=0) as program:
        assert program.stderr is not None
        first = program.stderr.readline()  # the database is open
        with waiting.open("wb"):  # and the sheet, of which nothing ever comes
            program.send_signal(signal.SIGINT)
        rest = program.stderr.read()

    assert b"Simulated database" in first
    assert program.returncode == 130
    assert b"Interrupted." in rest
    assert b"Traceback" not in rest


def test_a_program_without_output_works(company: Terminal) -> None:
    script = f"{sys.executable} -m cli people add zoe --name 样例前台09 >&- 2>&-"

    answer = company.program("--version")
    closed = subprocess.run(["sh", "-c", script], cwd=company.folder, env={**os.environ, "PYTHONPATH": str(SHIPPED)}, check=False)

    assert answer.returncode == 0
    assert closed.returncode == 0
    assert "zoe" in {each["id"] for each in company.json("people", "list")["people"]}


ENCODINGS = {
    "C locale": ({"LC_ALL": "C"}, None),
    "C locale without UTF-8 mode": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, None),
    "ASCII": ({"PYTHONIOENCODING": "ascii"}, None),
    "GB18030": ({"PYTHONIOENCODING": "gb18030"}, "gb18030"),
}


@pytest.mark.parametrize(("environment", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_a_terminal_of_any_encoding(company: Terminal, environment: dict[str, str], encoding: str | None) -> None:
    company.open()

    shown = company.program("--lang", "zh", "case", NUMBER, env=environment)

    assert shown.returncode == 0
    assert NUMBER.encode() in shown.stdout
    assert b"Traceback" not in shown.stderr
    if encoding is not None:
        assert "测试客户甲" in shown.stdout.decode(encoding)


def test_a_defect_of_ours_is_one_line_to_report(company: Terminal) -> None:
    script = "import cli, commands.terminal as terminal; terminal.table = None; cli.main()"
    environment = {**os.environ, "PYTHONPATH": str(SHIPPED), "AFTERCARE_LANGUAGE": "en"}

    answer = subprocess.run(
        [sys.executable, "-c", script, "people", "units"], cwd=company.folder, env=environment, capture_output=True, check=False
    )

    assert answer.returncode == 1
    assert "Something is wrong in the program itself (TypeError:" in said(answer)
    assert "please report" in said(answer)
    assert BEGINS[:10] in said(answer)
