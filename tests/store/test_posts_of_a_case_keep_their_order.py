"""What is posted to one endpoint about one case goes in the order in which it was decided, whatever has to wait (reliability, I10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.core.effect import Emit
from engine.label import Label
from engine.store import attempts, outbox
from engine.store.attempts import Attempt
from engine.store.database import Database
from engine.store.deliveries import Delivery, Status, add, claim_digest, hasten, resend, settle
from engine.store.endpoints import Endpoint, endpoints, hold, let_go, save
from engine.store.outbox import Key, Verdict
from tests.store.story import START, advance, moved, notice, open_case

CHANNEL = "webhook:desk"
NOTE = Label("对方回答 HTTP 500", "The receiver answered HTTP 500")


def at(minutes: float) -> datetime:
    return START + timedelta(days=1, minutes=minutes)


def post(number: str, seq: int, endpoint: str = "desk") -> Delivery:
    key = Key(f"id-{number}", seq, 1)
    name = f"{number}/{seq}/{endpoint}"
    return Delivery(name, key, endpoint, "endpoint", f"webhook:{endpoint}", "逾期", "请尽快处理。", at(0), next_at=at(0))


@pytest.fixture
def queued(database: Database) -> Database:
    """Two cases that tell something twice, all of it made out to the same endpoint."""
    for number in ("R-1", "R-2"):
        open_case(database, number)
        for state in ("diagnosed", "repaired"):
            advance(database, number, moved(state), effects=(notice(None),))
    put(database, *(post(number, seq) for number in ("R-1", "R-2") for seq in (2, 3)))
    return database


def put(database: Database, *rows: Delivery) -> None:
    with database.write() as connection:
        outbox.settle(connection, [Verdict(each.key, "told") for each in rows])
        add(connection, rows)


def claim(database: Database, minutes: float, channel: str = CHANNEL) -> str | None:
    with database.write() as connection:
        found = claim_digest(connection, channel, at(minutes), f"lease {minutes}", at(minutes + 30), limit=10)
    return found[0].id if found else None


def come(database: Database, minutes: float, id: str, status: Status, next_at: float | None = None) -> None:
    """What came of the attempt that was claimed at this minute."""
    again = at(next_at) if next_at is not None else None
    with database.write() as connection:
        assert settle(connection, id, f"lease {minutes}", status, at=at(minutes), next_at=again, note=NOTE)


def test_a_later_one_waits_for_an_earlier_one_that_is_put_off_and_no_other_case_does(queued: Database) -> None:
    assert claim(queued, 0) == "R-1/2/desk"
    come(queued, 0, "R-1/2/desk", "waiting", next_at=5)
    assert claim(queued, 1) == "R-2/2/desk"
    assert claim(queued, 1) is None  # it is on its way
    come(queued, 1, "R-2/2/desk", "delivered")
    assert claim(queued, 2) == "R-2/3/desk"
    assert claim(queued, 4) is None  # R-1/3 is due, and waits
    assert claim(queued, 5) == "R-1/2/desk"
    come(queued, 5, "R-1/2/desk", "delivered")
    assert claim(queued, 6) == "R-1/3/desk"


def test_one_that_was_given_up_stops_nobody(queued: Database) -> None:
    assert claim(queued, 0) == "R-1/2/desk"
    come(queued, 0, "R-1/2/desk", "failed")
    assert claim(queued, 1) == "R-1/3/desk"


def test_another_endpoint_has_an_order_of_its_own(queued: Database) -> None:
    put(queued, post("R-1", 2, "hall"), post("R-1", 3, "hall"))
    assert claim(queued, 0) == "R-1/2/desk"
    assert claim(queued, 0.5, "webhook:hall") == "R-1/2/hall"
    come(queued, 0.5, "R-1/2/hall", "delivered")
    assert claim(queued, 0.5, "webhook:hall") == "R-1/3/hall"


@pytest.mark.parametrize("effect", [Emit("repair.finished", (), "finished", at(60)), notice(None)], ids=["held back", "not made out yet"])
def test_nothing_goes_before_what_may_still_be_made_out_to_it(database: Database, effect: Emit) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"), effects=(effect,))
    advance(database, "R-1", moved("repaired"), effects=(notice(None),))
    put(database, post("R-1", 3))
    assert claim(database, 1) is None
    with database.write() as connection:
        outbox.settle(connection, [Verdict(Key("id-R-1", 2, 1), "nobody", NOTE)])
    assert claim(database, 2) == "R-1/3/desk"


def test_what_is_told_only_in_the_morning_is_not_waited_for(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"), effects=(replace(notice(None), not_before=at(600)),))
    advance(database, "R-1", moved("repaired"), effects=(notice(None),))
    put(database, post("R-1", 3))
    assert claim(database, 1) == "R-1/3/desk"


@pytest.fixture
def known(queued: Database) -> Database:
    """With the endpoint itself."""
    with queued.write() as connection:
        save(connection, Endpoint("desk", "webhook", "https://hook.example.com/", "front-desk"), at=START, by="u01")
    return queued


def held_until(database: Database) -> datetime | None:
    with database.read() as reader:
        return endpoints(reader.connection)[0].held_until


def test_an_endpoint_is_left_alone_longer_when_it_goes_on_failing(known: Database) -> None:
    for minutes, expected in ((0, 1), (1, 6), (6, 11)):
        with known.write() as connection:
            hold(connection, "desk", at(minutes + 1), at(minutes + 5))
        assert held_until(known) == at(expected)
    with known.write() as connection:
        assert let_go(connection, "desk")
        assert not let_go(connection, "desk")
        hold(connection, "desk", at(12), at(17))
    assert held_until(known) == at(12)


@pytest.mark.parametrize(
    ("answer", "is_tried_at_once"),
    [(None, True), (200, True), (500, True), (429, True), (408, True), (400, False), (302, False), (404, False)],
)
def test_once_it_takes_something_again_what_waited_for_it_goes_at_once(known: Database, answer: int | None, is_tried_at_once: bool) -> None:
    assert claim(known, 0) == "R-1/2/desk"
    come(known, 0, "R-1/2/desk", "waiting", next_at=300)
    with known.write() as connection:
        attempts.add(connection, "R-1/2/desk", Attempt(at(0), timedelta(seconds=1), answer, "deferred", NOTE))
        assert hasten(connection, "webhook:hall", at(9)) == 0
        assert hasten(connection, CHANNEL, at(9)) == is_tried_at_once
    come(known, 9, claim(known, 9) or "", "delivered")  # one that was due before
    come(known, 10, claim(known, 10) or "", "delivered")
    assert claim(known, 11) == ("R-1/2/desk" if is_tried_at_once else None)


def test_what_was_withdrawn_from_an_endpoint_can_be_sent_again(queued: Database) -> None:
    assert claim(queued, 0) == "R-1/2/desk"
    come(queued, 0, "R-1/2/desk", "withdrawn")
    with queued.write() as connection:
        assert resend(connection, "R-1/2/desk", at(1))
        assert not resend(connection, "R-1/3/desk", at(1))
    assert claim(queued, 2) == "R-2/2/desk"
    assert claim(queued, 3) == "R-1/2/desk"
    assert claim(queued, 4) is None
