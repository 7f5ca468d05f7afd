"""A process killed before or after any statement leaves the whole decision or nothing of it, and the repeated wish succeeds.

The loop goes on to the next boundary until one run completes unharmed (reliability bar 2).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from types import FrameType
from typing import Any

import pytest

from engine.core.effect import CancelChild, OpenIncident, TakeTurn, WakeParent
from engine.label import Label
from engine.store.database import Database
from engine.store.errands import waiting
from engine.store.incidents import incidents
from engine.store.outbox import messages
from engine.store.record import Claim, Record, Request
from engine.store.unit_of_work import UnitOfWork
from engine.store.verification import verify
from tests.store.story import (
    KINDS,
    accepted,
    armed,
    commented,
    corrected,
    notice,
    open_case,
    opened,
    opened_by,
    parting,
    recording,
    started,
)

Wish = Callable[[UnitOfWork], int]
CLAIM = Claim("imei", "001017000000011", "open")
pytestmark = [pytest.mark.reliability, pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")]


def open_one(unit: UnitOfWork) -> int:
    """An opening with a running number, answered from its key when repeated."""
    known = unit.known("cli", "open")
    if known is not None:
        return int(known.outcome)
    number = unit.next_number("R-")
    request = Request("cli", "open", "hash", str(number))
    opening = replace(opened(f"R-{number}"), clocks=(started("repair"), started("answer")))
    unit.record(None, accepted(None, opening, effects=(armed("repair"), armed("answer"))), recording(CLAIM, request=request))
    return number


def move_one(unit: UnitOfWork) -> int:
    """A decision of two events that starts a clock and tells somebody, on a stored case, answered from its key when repeated."""
    known = unit.known("cli", "move")
    if known is not None:
        return int(known.outcome)
    before: Record | None = unit.case("S-1")
    assert before is not None
    request = Request("cli", "move", "hash", "3")
    events = (replace(corrected({"mobile": "12800000002"}), clocks=(started("repair"),)), commented("…"))
    unit.record(before, accepted(before, *events, effects=(armed("repair"), notice())), recording(request=request))
    return 3


def part_one(unit: UnitOfWork) -> int:
    """A step of a stored case that opens a child, which asks it to look, and opens an incident; answered from its key when repeated."""
    known = unit.known("cli", "part")
    if known is not None:
        return int(known.outcome)
    before: Record | None = unit.case("S-1")
    assert before is not None
    number = f"P-{unit.next_number('P-')}"
    request = Request("cli", "part", "hash", "2")
    effects = (CancelChild(f"id-{number}", "drop"), OpenIncident("step_refused", "drop", Label("…", "…")), TakeTurn("worker", "u02"))
    unit.record(before, accepted(before, parting(number), effects=effects), recording(request=request))
    unit.record(None, accepted(None, opened_by("S-1", number), effects=(WakeParent(),)), recording())
    return 2


def die_at(boundary: int) -> Callable[[FrameType, str, Any], None]:
    """A profiler that kills the process when a driver has begun or ended statements so many times."""
    passed = 0

    def watch(frame: FrameType, event: str, called: Any) -> None:
        nonlocal passed
        of_sqlite = event in ("c_call", "c_return") and getattr(called, "__name__", "") == "execute"
        code = frame.f_code
        of_psycopg = event in ("call", "return") and code.co_name == "execute" and code.co_filename.endswith("psycopg/cursor.py")
        if of_sqlite or of_psycopg:
            passed += 1
            if passed == boundary:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def survives(url: str, wish: Wish, boundary: int) -> bool:
    """Whether a process that carries out the wish and dies at this boundary gets to its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            database = Database.open(url)
            database.kinds_of = lambda _: KINDS
            sys.setprofile(die_at(boundary))
            database.attempt(wish)
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return False
    assert os.WEXITSTATUS(ended) == 0
    return True


@pytest.mark.parametrize(("wish", "number", "least"), [(open_one, "R-", 10), (move_one, "S-", 6)])
def test_every_boundary(database: Database, story_url: str, wish: Wish, number: str, least: int) -> None:
    open_case(database, "S-1")
    boundaries = 0
    for boundary in count(1):
        before = found(database, number)
        unharmed = survives(story_url, wish, boundary)
        boundaries += not unharmed
        after = found(database, number)
        written = after != before
        assert after in (before, expected(before, wish))
        made = verify(database, lambda case: [armed(clock) for clock in case.clocks])
        assert [finding for verified in made for finding in verified.findings] == []
        assert told(database) == (wish is move_one and after == expected(before, wish))
        if written or unharmed:
            assert database.attempt(wish) == (1 if wish is open_one else 3)  # the key knows, nothing is done twice
            assert found(database, number) == after
        if written:
            break
        assert database.attempt(lambda unit: unit.known("cli", "open" if wish is open_one else "move")) is None
    assert boundaries >= least
    database.attempt(wish)
    assert found(database, number) == expected(before, wish)


def test_a_family_is_recorded_whole_or_not_at_all(database: Database, story_url: str) -> None:
    open_case(database, "S-1")
    nothing = parted(database)
    for boundary in count(1):
        unharmed = survives(story_url, part_one, boundary)
        assert [finding for verified in verify(database) for finding in verified.findings] == []
        if unharmed or parted(database) != nothing:
            break
    assert boundary > 20
    assert parted(database) == ((2,), (1,), ["id-P-1", "id-S-1"], 1, 1)
    assert database.attempt(part_one) == 2  # the key knows, nothing is done twice
    assert parted(database) == ((2,), (1,), ["id-P-1", "id-S-1"], 1, 1)


def parted(database: Database) -> tuple[object, ...]:
    """The seqs of the parent and of the child, whom errands wait for, how many incidents there are and how many cases came by turn."""
    with database.read() as reader:
        waits = [errand.target for errand in waiting(reader.connection, limit=9)]
        happened = sum(incident.count for incident in incidents(reader, limit=9))
    taken = database.attempt(lambda unit: unit.candidates(["u02"], "worker"))["u02"].last_at
    return found(database, "S-"), found(database, "P-"), sorted(waits), happened, int(taken is not None)


def expected(before: tuple[int, ...], wish: Wish) -> tuple[int, ...]:
    """The seqs of the cases when the wish was carried out."""
    return (*before, 1) if wish is open_one else (3,)


def told(database: Database) -> bool:
    """Whether the intent to tell somebody lies in the outbox."""
    with database.read() as reader:
        return len(messages(reader, limit=2)) == 1


def found(database: Database, prefix: str) -> tuple[int, ...]:
    """The seqs of the cases whose number begins so."""
    with database.read() as reader:
        records = [reader.case(f"{prefix}{place}") for place in (1, 2, 3)]
    return tuple(record.case.seq for record in records if record is not None)
