"""Whatever is wrong with a database, opening or using it ends in one sentence with a way out, and nothing is changed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.core.kind import Value
from engine.errors import AftercareError, Conflict, Damaged, Misuse, Unavailable
from engine.store.database import Database
from tests.store.story import START, advance, commented, moved, open_case, prepare, read

pytestmark = pytest.mark.reliability

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def refused(action: Callable[[], object], expected: type[AftercareError], way_out: str) -> str:
    """The sentence of the refusal, which must be in both languages and offer this way out."""
    with pytest.raises(expected) as caught:
        action()
    error = caught.value
    assert error.way_out is not None
    assert way_out in error.way_out.en
    assert error.sentence.zh != error.sentence.en
    return error.sentence.en


def run(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_creating_twice_changes_nothing(database_url: str) -> None:
    first = Database.create(database_url, simulated=False, now=NOW)
    first.close()
    again = Database.create(database_url, simulated=False, now=START)
    assert again.purpose == first.purpose
    again.close()


def test_kinds_of_time_do_not_mix(database_url: str) -> None:
    database = Database.create(database_url, simulated=True, now=NOW)
    assert database.simulated_now() == NOW
    database.set_simulated_now(START)
    assert database.simulated_now() == START
    database.close()
    assert "simulated time" in refused(lambda: Database.create(database_url, simulated=False, now=NOW), Conflict, "another database")


def test_real_time_has_no_simulated_instant(database: Database) -> None:
    database.set_simulated_now(START)
    assert database.simulated_now() is None


def test_a_place_without_a_database_is_told_to_be_initialised(database_url: str, tmp_path: Path) -> None:
    refused(lambda: Database.open(database_url), Unavailable, "aftercare init")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema_is_refused_untouched(database_url: str) -> None:
    Database.create(database_url, simulated=False, now=NOW).close()
    run(database_url, "UPDATE alembic_version SET version_num = '0999'")
    assert "0999" in refused(lambda: Database.open(database_url), Unavailable, "Upgrade Aftercare")
    assert "0999" in refused(lambda: Database.create(database_url, simulated=False, now=NOW), Unavailable, "Upgrade Aftercare")


def test_an_older_schema_is_told_to_be_upgraded(database_url: str) -> None:
    Database.create(database_url, simulated=False, now=NOW).close()
    run(database_url, "UPDATE alembic_version SET version_num = '0000'")
    refused(lambda: Database.open(database_url), Unavailable, "aftercare init")


def test_an_incomplete_purpose_is_damage(story_url: str) -> None:
    run(story_url, "DELETE FROM meta WHERE key = 'claim_key'")
    refused(lambda: Database.open(story_url), Damaged, "backup")


@pytest.mark.parametrize("url", ["", "aftercare.db", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "nonsense:///x"])
def test_an_address_that_is_none_is_misuse(url: str) -> None:
    assert "secret" not in refused(lambda: Database.open(url), Misuse, "sqlite:///")


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"postgresql://u:secret@/d?host={tmp_path}"
    told = refused(lambda: Database.open(url, patience=2), Unavailable, "server runs")
    assert "secret" not in told


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("工单,状态\n" * 200, "utf-8")
    refused(lambda: Database.open(f"sqlite:///{tmp_path}/a.db"), Damaged, "restore")
    refused(lambda: Database.create(f"sqlite:///{tmp_path}/a.db", simulated=False, now=NOW), Damaged, "restore")


def test_a_damaged_file_is_found(sqlite: Database, sqlite_url: str) -> None:
    for number in range(150):
        open_case(sqlite, f"R-{number}")
    assert sqlite.examine() == []
    sqlite.close()
    file = Path(sqlite.place)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(file.read_bytes())
    content[-65536:] = os.urandom(65536)
    file.write_bytes(content)

    damaged = Database.open(sqlite_url)
    damaged.kinds_of = sqlite.kinds_of
    assert damaged.examine() != []

    def read_all() -> None:
        for number in range(150):
            read(damaged, f"R-{number}")

    refused(read_all, Damaged, "restore")
    damaged.close()


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    refused(lambda: Database.create(f"sqlite:///{tmp_path}/no/a.db", simulated=False, now=NOW), Unavailable, "folder")


def test_another_programs_lock_is_waited_for_only_so_long(sqlite: Database, sqlite_url: str) -> None:
    record = open_case(sqlite, "R-1")
    hurried = Database.open(sqlite_url, patience=0.05)
    holder = sqlite3.connect(sqlite.place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    refused(lambda: hurried.attempt(lambda unit: unit.next_number("R")), Unavailable, "Try again")
    holder.execute("ROLLBACK")
    holder.close()
    hurried.kinds_of = sqlite.kinds_of
    assert read(hurried, "R-1") == record
    assert hurried.attempt(lambda unit: unit.next_number("R")) == 1
    hurried.close()


def test_a_locked_case_is_waited_for_only_so_long(postgresql_url: str) -> None:
    database = Database.create(postgresql_url, simulated=False, now=NOW, patience=0.2)
    prepare(database)
    record = open_case(database, "R-1")
    engine = create_engine(postgresql_url, poolclass=NullPool)
    with engine.begin() as holder:
        holder.execute(text("SELECT 1 FROM cases FOR UPDATE"))
        refused(lambda: advance(database, "R-1", moved("diagnosed")), Unavailable, "Try again")
    assert read(database, "R-1") == record
    advance(database, "R-1", moved("diagnosed"))
    database.close()


def test_characters_that_no_database_keeps_are_misuse(database: Database) -> None:
    record = open_case(database, "R-1")
    refused(lambda: advance(database, "R-1", commented("\ud800")), Misuse, "control characters")
    assert read(database, "R-1") == record
    advance(database, "R-1", moved("diagnosed"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_refuses_whole_moves_and_recovers_without_restart(small_disk: Path) -> None:
    database = Database.create(f"sqlite:///{small_disk}/a.db", simulated=False, now=NOW)
    prepare(database)
    data: dict[str, Value] = {"fault": "屏" * 20_000}
    kept: list[str] = []

    def fill() -> None:
        for number in range(200):
            open_case(database, f"R-{number}", data)
            kept.append(f"R-{number}")

    assert "full" in refused(fill, Unavailable, "no restart")
    assert [read(database, number).case.number for number in kept] == kept
    with database.read() as reader:
        assert reader.case(f"R-{len(kept)}") is None
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    open_case(database, f"R-{len(kept)}", data)
    assert database.examine() == []
    database.close()


@pytest.fixture
def sealed(sqlite: Database, tmp_path: Path) -> Iterator[Path]:
    """A place that holds a database and has become read-only, for root too."""
    open_case(sqlite, "R-1")
    sqlite.close()
    mounted = subprocess.run(["mount", "--bind", "-o", "ro", str(tmp_path), str(tmp_path)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no read-only place can be made here: {mounted.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_read_only_place_is_told(sealed: Path) -> None:
    def take_number() -> None:
        database = Database.open(f"sqlite:///{sealed}/aftercare.db")
        try:
            database.attempt(lambda unit: unit.next_number("R"))
        finally:
            database.close()

    refused(take_number, Unavailable, "writ")


def test_time_is_told_in_utc_inside_and_outside_of_an_attempt(database: Database) -> None:
    times = [database.server_time(), database.attempt(lambda unit: unit.server_time()), database.server_time()]
    assert times == sorted(times)
    assert {each.tzinfo for each in times} == {UTC}
