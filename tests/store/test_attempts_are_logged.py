"""Every attempt of a delivery is written down with what came of it, counted through, and forgotten after its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.label import Label
from engine.store import attempts
from engine.store.attempts import LIFETIME, Attempt, of, prune
from engine.store.database import Database
from engine.store.deliveries import Delivery, add
from engine.store.outbox import Key
from tests.store.story import START, advance, moved, notice, open_case

BUSY = Attempt(START, timedelta(milliseconds=412), 503, "deferred", Label("对方回答 HTTP 503", "The receiver answered HTTP 503"))
SILENT = Attempt(START + timedelta(minutes=5), timedelta(seconds=15), None, "failed", Label("对方没有及时回答", "no answer in time"))
TAKEN = Attempt(START + timedelta(days=1), timedelta(milliseconds=38), 204, "delivered", None)


@pytest.fixture
def posted(database: Database) -> Database:
    """Two deliveries to endpoints."""
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"), effects=(notice(None),))
    with database.write() as connection:
        rows = [Delivery(name, Key("id-R-1", 2, 1), name, "endpoint", f"webhook:{name}", "逾期", "", START) for name in ("desk", "hall")]
        add(connection, rows)
        for attempt in (BUSY, SILENT, TAKEN):
            attempts.add(connection, "desk", attempt)
    return database


def test_the_attempts_of_a_delivery_are_told_in_their_order(posted: Database) -> None:
    with posted.read() as reader:
        assert of(reader, ["desk", "hall"]) == {"desk": (BUSY, SILENT, TAKEN)}
        assert of(reader, ["hall"]) == {}


def test_old_ones_are_forgotten_and_counting_goes_on(posted: Database) -> None:
    with posted.write() as connection:
        assert prune(connection, START + LIFETIME) == 0
        assert prune(connection, START + LIFETIME + timedelta(minutes=1)) == 1
        attempts.add(connection, "desk", BUSY)
    with posted.read() as reader:
        assert of(reader, ["desk"])["desk"] == (SILENT, TAKEN, BUSY)
