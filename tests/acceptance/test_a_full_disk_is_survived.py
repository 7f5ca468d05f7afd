"""A disk that fills up: refused plainly, nothing acknowledged is lost, and work goes on once there is room (reliability bar 8).

SQLite only: the disk of a PostgreSQL server is the server's own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from engine.errors import Unavailable
from engine.runtime.caller import Key
from tests.runtime.company import Company, found, granted, open_company

SIZE = 4 * 1024 * 1024
ROOM = 900 * 1024
"""What is left on the disk when the work begins."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def fill(disk: Path) -> Path:
    """Take all but a little of the room; the file to delete again."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(b"\0" * (free - ROOM))
    return ballast


def open_one(company: Company, turn: int) -> str:
    """A ticket with a key."""
    return granted(company.open(imei=f"0010180{turn:08}", key=Key("cli", f"k-{turn}"))).outcome.number


def test_a_full_disk_is_said_plainly_and_survived_without_reopening(disk: Path) -> None:
    url = f"sqlite:///{disk}/aftercare.db"
    found(url)
    with open_company(url) as company:
        ballast = fill(disk)
        acknowledged: list[str] = []
        with pytest.raises(Unavailable) as caught:
            acknowledged.extend(open_one(company, turn) for turn in count())
        refused = len(acknowledged)
        assert refused > 10
        assert "is full; nothing was changed" in caught.value.sentence.en
        assert "已满" in caught.value.sentence.zh
        assert caught.value.way_out is not None
        assert "no restart" in caught.value.way_out.en
        with pytest.raises(Unavailable, match="is full"):
            open_one(company, refused)  # it stays full, and is said again
        assert sorted(row[1] for row in company.tables()["cases"]) == acknowledged  # type: ignore[type-var]
        assert company.prove() == refused  # reading goes on

        ballast.unlink()
        assert open_one(company, refused) not in acknowledged
        assert open_one(company, refused - 1) == acknowledged[-1]
        granted(company.fire(acknowledged[0], "take", "rui"))
        assert company.prove() == refused + 1
    with open_company(url) as again:
        assert again.app.database.examine() == []
        assert again.prove() == refused + 1


def test_works_that_share_a_commit_are_told_the_truth_each(disk: Path) -> None:
    url = f"sqlite:///{disk}/aftercare.db"
    found(url)
    with open_company(url) as company:
        fill(disk)
        acknowledged: list[str] = []

        def caller(nth: int) -> None:
            with pytest.raises(Unavailable, match="is full"):
                acknowledged.extend(open_one(company, turn) for turn in count(nth * 1000))

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(caller, range(16)))
        assert len(acknowledged) > 10
        assert sorted(str(row[1]) for row in company.tables()["cases"]) == sorted(acknowledged)
