"""A backup is taken beside the running use, holds everything, replaces nothing unasked, and is checked before it is put back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.errors import AftercareError, Conflict, Damaged, Misuse, Unavailable
from engine.store.backup import backup, restore
from engine.store.database import Database
from engine.store.verification import verify
from tests.store.story import KINDS, advance, moved, open_case, read


@pytest.fixture
def saved(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Path:
    """A backup of one opened case; the case has moved on since."""
    open_case(sqlite, "R-1")
    target = tmp_path / "备份.db"
    backup(sqlite_url, target)
    advance(sqlite, "R-1", moved("diagnosed"))
    return target


def test_a_backup_is_put_back_elsewhere(saved: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    restore(saved, url)
    database = Database.open(url)
    database.kinds_of = lambda _: KINDS
    assert read(database, "R-1").case.state == "received"
    assert [verified.findings for verified in verify(database)] == [()]
    advance(database, "R-1", moved("repaired"))
    database.close()
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_replaces_the_database_only_when_forced(saved: Path, sqlite: Database, sqlite_url: str) -> None:
    sqlite.close()
    with pytest.raises(Conflict):
        restore(saved, sqlite_url)
    assert read(sqlite, "R-1").case.state == "diagnosed"
    sqlite.close()
    restore(saved, sqlite_url, force=True)
    assert read(sqlite, "R-1").case.state == "received"


def test_a_database_in_use_is_not_replaced(saved: Path, sqlite: Database, sqlite_url: str) -> None:
    user = sqlite3.connect(sqlite.place)
    user.execute("SELECT count(*) FROM cases").fetchall()
    with pytest.raises(Unavailable):
        restore(saved, sqlite_url, force=True)
    user.close()
    assert read(sqlite, "R-1").case.state == "diagnosed"


def test_a_damaged_database_can_be_replaced(saved: Path, sqlite: Database, sqlite_url: str) -> None:
    sqlite.close()
    Path(sqlite.place).write_bytes(b"not a database" * 100)
    restore(saved, sqlite_url, force=True)
    assert read(sqlite, "R-1").case.state == "received"


def test_an_existing_backup_is_replaced_only_when_forced(saved: Path, sqlite_url: str) -> None:
    before = saved.read_bytes()
    with pytest.raises(Conflict):
        backup(sqlite_url, saved)
    assert saved.read_bytes() == before
    backup(sqlite_url, saved, force=True)
    assert saved.read_bytes() != before


@pytest.mark.parametrize(("content", "expected"), [(b"", Damaged), (b"x" * 5000, Damaged), (None, Unavailable)])
def test_what_is_no_backup_is_not_put_back(tmp_path: Path, content: bytes | None, expected: type[AftercareError]) -> None:
    source = tmp_path / "source.db"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(expected):
        restore(source, f"sqlite:///{tmp_path}/new.db")
    assert not (tmp_path / "new.db").exists()
    assert [each.name for each in tmp_path.iterdir()] in ([], ["source.db"])


def test_a_backup_of_a_newer_version_is_not_put_back(saved: Path, tmp_path: Path) -> None:
    with sqlite3.connect(saved) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    with pytest.raises(Unavailable, match="newer"):
        restore(saved, f"sqlite:///{tmp_path}/new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_place_that_cannot_take_the_backup_is_named_and_not_the_database(saved: Path, sqlite_url: str, tmp_path: Path) -> None:
    assert saved.is_file()
    with pytest.raises(Unavailable, match="nowhere"):
        backup(sqlite_url, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(Misuse, match="found the folder"):
        backup(sqlite_url, tmp_path, force=True)


def test_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as caught:
        backup("postgresql://u:secret@h/d", tmp_path / "b.db")
    assert caught.value.way_out is not None
    assert "pg_dump" in caught.value.way_out.zh
    assert "secret" not in caught.value.sentence.en
