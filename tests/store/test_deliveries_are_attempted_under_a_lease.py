"""One delivery for each intent, recipient and channel; one attempt at a time, by whoever holds the lease; an inbox of one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.errors import Conflict
from engine.label import Label
from engine.store.database import Database
from engine.store.deliveries import Backlog, Delivery, add, backlog, claim_digest, dead, inbox, mark_read, resend, settle, unread
from engine.store.outbox import Key
from tests.store.story import START, advance, armed, notice, open_with_clocks, rung

KEY = Key("id-R-1", 2, 1)
NOTE = Label("邮箱不存在", "no such mailbox")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def mail(id: str, minutes: float = 0, recipient: str = "u01") -> Delivery:
    return Delivery(id, KEY, recipient, "person", "email", "逾期", "请尽快处理。", at(minutes), next_at=at(minutes))


def received(id: str, minutes: float = 0, recipient: str = "u01") -> Delivery:
    arrived = at(minutes)
    return Delivery(id, KEY, recipient, "person", "inbox", "逾期", "请尽快处理。", arrived, "delivered", delivered_at=arrived)


@pytest.fixture
def filled(database: Database) -> Database:
    """A case with two intents to tell."""
    open_with_clocks(database, "R-1", armed())
    fired = rung()
    advance(database, "R-1", fired, effects=(notice(fired), notice(fired, "owner")))
    return database


def put(database: Database, *rows: Delivery) -> None:
    with database.write() as connection:
        add(connection, rows)


def take(database: Database, minutes: float, lease: str, limit: int = 10) -> list[Delivery]:
    """Claim up to so many deliveries, message by message."""
    claimed: list[Delivery] = []
    while len(claimed) < limit:
        with database.write() as connection:
            found = claim_digest(connection, "email", at(minutes), lease, at(minutes + 1), limit=limit - len(claimed))
        if not found:
            break
        claimed += found
    return claimed


def ids(deliveries: list[Delivery]) -> list[str]:
    return [each.id for each in deliveries]


def test_a_second_delivery_of_the_same_is_refused_with_all_that_came_with_it(filled: Database) -> None:
    put(filled, mail("m-1"))
    with pytest.raises(Conflict):
        put(filled, mail("m-2", recipient="u02"), mail("m-3"))
    put(filled, replace(mail("m-4"), channel="inbox"), replace(mail("m-5"), key=Key("id-R-1", 2, 2)))
    assert ids(take(filled, 0, "a")) == ["m-1", "m-5"]


def test_what_is_due_is_claimed_longest_due_first(filled: Database) -> None:
    outside = Delivery("m-0", KEY, "customer", "party", "email", None, None, at(0), next_at=at(3))
    put(filled, mail("m-2", 2), mail("m-1", 1, "u02"), mail("m-9", 9, "u03"), outside, received("m-5"))
    claimed = take(filled, 5, "a")
    assert ids(claimed) == ["m-1", "m-2", "m-0"]
    assert claimed[2] == replace(outside, attempts=1)


def test_a_claimed_delivery_is_left_to_its_claimant_until_the_lease_expires(filled: Database) -> None:
    put(filled, mail("m-1"), mail("m-2", recipient="u02"))
    assert ids(take(filled, 1, "a", limit=1)) == ["m-1"]
    assert ids(take(filled, 1, "b")) == ["m-2"]
    assert ids(take(filled, 1.9, "c")) == []
    again = take(filled, 2, "c")
    assert [(each.id, each.attempts) for each in again] == [("m-1", 2), ("m-2", 2)]


def test_who_has_lost_the_lease_cannot_settle(filled: Database) -> None:
    put(filled, mail("m-1"))
    take(filled, 0, "slow")
    take(filled, 5, "quick")
    with filled.write() as connection:
        assert not settle(connection, "m-1", "slow", "failed", at=at(6), note=NOTE)
        assert settle(connection, "m-1", "quick", "delivered", at=at(6))
        assert not settle(connection, "m-1", "quick", "delivered", at=at(7))
    assert take(filled, 99, "later") == []


def test_what_is_put_off_is_tried_again_when_it_is_time(filled: Database) -> None:
    put(filled, mail("m-1"))
    (first,) = take(filled, 0, "a")
    with filled.write() as connection:
        assert settle(connection, "m-1", "a", "waiting", at=at(0), next_at=at(10), note=NOTE)
    assert take(filled, 9, "b") == []
    assert take(filled, 10, "b") == [replace(first, attempts=2, next_at=at(10), note=NOTE)]


def test_what_was_given_up_is_listed_and_can_be_sent_again(filled: Database) -> None:
    put(filled, mail("m-1"), mail("m-2", 1, "u02"), mail("m-3", 2, "u03"))
    take(filled, 5, "a")
    with filled.write() as connection:
        for id in ("m-1", "m-2"):
            settle(connection, id, "a", "failed", at=at(5), note=NOTE)
        assert backlog(connection) == Backlog(1, at(2), 2)
        assert not resend(connection, "m-3", at(6))
    with filled.read() as reader:
        listed = dead(reader, limit=10)
        assert [(each.number, each.delivery.id, each.delivery.note) for each in listed] == [("R-1", "m-2", NOTE), ("R-1", "m-1", NOTE)]
        assert dead(reader, limit=10, after=listed[0].delivery) == listed[1:]
    with filled.write() as connection:
        assert resend(connection, "m-1", at(6))
    assert [(each.id, each.attempts, each.note) for each in take(filled, 7, "b")] == [("m-3", 2, None), ("m-1", 1, None)]


def test_claimants_at_the_same_time_share_the_work(filled: Database) -> None:
    put(filled, *(mail(f"m-{count:02}", recipient=f"u{count}") for count in range(40)))
    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(lambda name: ids(take(filled, 0, f"lease-{name}", limit=10)), range(4)))
    claimed = [id for share in shares for id in share]
    assert len(claimed) == len(set(claimed))
    rest = ids(take(filled, 0, "rest", limit=40))
    assert sorted([*claimed, *rest]) == [f"m-{count:02}" for count in range(40)]


def test_a_person_finds_his_own_messages_newest_first(filled: Database) -> None:
    put(filled, received("i-1", 1), replace(received("i-2", 2), key=Key("id-R-1", 2, 2)), received("i-3", 3, "u02"), mail("m-1"))
    with filled.read() as reader:
        found = inbox(reader, "u01", limit=10)
        assert [(each.number, each.delivery.id, each.delivery.subject) for each in found] == [
            ("R-1", "i-2", "逾期"),
            ("R-1", "i-1", "逾期"),
        ]
        assert inbox(reader, "u01", limit=10, after=found[0].delivery) == found[1:]


def test_reading_is_for_oneself(filled: Database) -> None:
    put(filled, received("i-1"), replace(received("i-2"), key=Key("id-R-1", 2, 2)), received("i-3", recipient="u02"), mail("m-1"))
    with filled.write() as connection:
        assert mark_read(connection, "u01", ["i-1", "i-3", "m-1"], at(1)) == 1
        assert mark_read(connection, "u01", ["i-1"], at(2)) == 0
    with filled.read() as reader:
        assert [each.delivery.id for each in unread(reader, "u01", limit=10)] == ["i-2"]
        assert [each.delivery.read_at for each in inbox(reader, "u01", limit=10)] == [None, at(1)]
        assert [each.delivery.read_at for each in inbox(reader, "u02", limit=10)] == [None]


def test_nothing_is_added_without_rows(filled: Database) -> None:
    put(filled)
    with filled.read() as reader:
        assert backlog(reader.connection) == Backlog(0, None, 0)
