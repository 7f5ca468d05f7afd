"""A process killed at any statement of a transaction that several works share leaves all of them or none, and had told nobody too soon.

SQLite only, as in `test_writers_share_a_commit`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from itertools import count

import pytest

from engine.store.record import Request
from engine.store.unit_of_work import UnitOfWork
from engine.store.verification import verify
from tests.rig.boundary import Boundary
from tests.rig.child import Child
from tests.rig.sharing import Sharing
from tests.runtime.statements import watched
from tests.store.conftest import opened
from tests.store.story import accepted, commented, open_case, present, read, recording

pytestmark = [pytest.mark.reliability, pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")]
CASES = ("S-1", "S-2", "S-3")


def remark(number: str) -> Callable[[UnitOfWork], str]:
    """A comment, answered from its key when repeated."""

    def work(unit: UnitOfWork) -> str:
        known = unit.known("cli", number)
        if known is not None:
            return known.outcome
        before = present(unit, number)
        unit.record(before, accepted(before, commented("…")), recording(request=Request("cli", number, "hash", "done")))
        return "done"

    return work


def killed_at(url: str, place: int) -> tuple[bool, list[str]]:
    """Whether a process survives that does all works together, with death waiting at this statement; whom it had answered."""
    reading, writing = os.pipe()

    def work() -> None:
        boundary = Boundary(place)
        with watched(boundary.passed), opened(url) as database:
            read(database, CASES[0])
            boundary.armed = True
            Sharing(database, lambda done: os.write(writing, CASES[done].encode())).together(*map(remark, CASES))
            boundary.armed = False

    child = Child.at(work)
    os.close(writing)
    survived = child.survived()
    with closing(os.fdopen(reading, "rb")) as told:
        text = told.read().decode()
    return survived, [text[begin : begin + 3] for begin in range(0, len(text), 3)]


def test_every_statement(sqlite_story_url: str) -> None:
    with opened(sqlite_story_url) as database:
        for number in CASES:
            open_case(database, number)
    for place in count(1):
        survived, answered = killed_at(sqlite_story_url, place)
        with opened(sqlite_story_url) as database:
            stored = {number for number in CASES if read(database, number).case.seq == 2}
            assert stored in (set(), set(CASES))
            assert set(answered) <= stored
            assert [finding for verified in verify(database) for finding in verified.findings] == []
        if survived:
            break
        assert stored == set()  # SQLite tells what it is about to do: not even the commit was begun
    assert place > 15
    assert sorted(answered) == list(CASES)
    with opened(sqlite_story_url) as database:
        assert database.attempt(remark("S-1")) == "done"
        assert read(database, "S-1").case.seq == 2
