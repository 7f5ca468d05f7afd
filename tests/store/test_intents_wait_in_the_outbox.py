"""An intent waits in the outbox until one relay has settled it; what was put off or reached nobody says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.label import Label
from engine.store.database import Database
from engine.store.outbox import Backlog, Key, OutboxMessage, Verdict, backlog, hold, message, messages, resend, settle, waiting
from roles.policy import Right
from tests.store.story import DIGEST, START, advance, armed, moved, notice, open_with_clocks, rung

DAY = timedelta(days=1)
FIRST = Key("id-R-1", 2, 1)
NOTE = Label("安静时段", "quiet hours")


@pytest.fixture
def filled(database: Database) -> Database:
    """R-1 reminds its worker after a day; R-2 tells two people of a step after an hour."""
    for number in ("R-1", "R-2"):
        open_with_clocks(database, number, armed())
    fired = rung()
    advance(database, "R-1", fired, effects=(notice(fired),))
    advance(database, "R-2", moved("diagnosed"), effects=(notice(None, "owner"), notice(None, "worker", "chief")))
    return database


def taken(database: Database, days: float, limit: int = 10, after: OutboxMessage | None = None) -> list[OutboxMessage]:
    with database.read() as reader:
        return waiting(reader.connection, START + DAY * days, limit=limit, after=after)


def test_an_intent_comes_back_as_it_was_decided(filled: Database) -> None:
    reminder = taken(filled, 1)[-1]
    assert reminder == OutboxMessage(
        key=FIRST,
        number="R-1",
        digest=DIGEST,
        status="waiting",
        recorded_at=START + DAY,
        not_before=START + DAY,
        tell=(Right("role", "worker"),),
        template="overdue",
        state="received",
        words={"device": Label("手机", "phone")},
        clock="repair",
        cycle=1,
        rung="50%",
        repetition=1,
        rung_at=START + DAY,
        due_at=START + DAY,
        note=None,
        emitted=None,
    )
    step = taken(filled, 1)[1]
    with filled.read() as reader:
        assert message(reader.connection, FIRST) == reminder
    assert (step.key, step.tell, step.clock, step.due_at) == (
        Key("id-R-2", 2, 2),
        (Right("role", "worker"), Right("role", "chief")),
        None,
        None,
    )


def test_the_oldest_is_taken_up_first_and_page_follows_page(filled: Database) -> None:
    keys = [each.key for each in taken(filled, 1)]
    assert keys == [Key("id-R-2", 2, 1), Key("id-R-2", 2, 2), FIRST]
    first = taken(filled, 1, limit=2)
    assert [each.key for each in taken(filled, 1, limit=2, after=first[-1])] == [FIRST]
    assert [each.key for each in taken(filled, 0.9)] == keys[:2]


def test_an_intent_is_settled_once(filled: Database) -> None:
    with filled.write() as connection:
        assert hold(connection, [FIRST, Key("id-R-1", 2, 9)]) == {FIRST}
        settle(connection, [Verdict(FIRST, "told")])
        assert hold(connection, [FIRST]) == frozenset()
        settle(connection, [Verdict(FIRST, "nobody", NOTE), Verdict(FIRST, "waiting", NOTE, START + DAY * 2)])
        assert not resend(connection, FIRST, START + DAY * 2)
    assert FIRST not in [each.key for each in taken(filled, 9)]
    with filled.read() as reader:
        assert [(each.key, each.note) for each in messages(reader, status="told", limit=10)] == [(FIRST, None)]


def test_what_was_put_off_waits_and_says_why(filled: Database) -> None:
    with filled.write() as connection:
        settle(connection, [Verdict(FIRST, "waiting", NOTE, START + DAY * 1.5)])
    assert FIRST not in [each.key for each in taken(filled, 1.4)]
    put_off = taken(filled, 1.5)[-1]
    assert (put_off.key, put_off.note, put_off.recorded_at) == (FIRST, NOTE, START + DAY)


def test_what_reached_nobody_is_listed_and_can_be_taken_up_again(filled: Database) -> None:
    nobody = Label("没有人担任该角色", "nobody holds the role")
    with filled.write() as connection:
        settle(connection, [Verdict(FIRST, "nobody", nobody)])
    with filled.read() as reader:
        assert [(each.key, each.note) for each in messages(reader, status="nobody", limit=10)] == [(FIRST, nobody)]
    with filled.write() as connection:
        assert resend(connection, FIRST, START + DAY * 3)
    assert [(each.key, each.note) for each in taken(filled, 3)][-1] == (FIRST, None)


def test_people_see_the_newest_first(filled: Database) -> None:
    with filled.read() as reader:
        listed = messages(reader, limit=2)
        assert [each.key for each in listed] == [FIRST, Key("id-R-2", 2, 2)]
        assert [each.key for each in messages(reader, limit=2, after=listed[-1])] == [Key("id-R-2", 2, 1)]
        assert [each.key for each in messages(reader, number="R-1", limit=9)] == [FIRST]
        assert messages(reader, number="R-2", status="told", limit=9) == []


def test_health_counts_what_may_be_taken_up(filled: Database) -> None:
    with filled.read() as reader:
        assert backlog(reader.connection, START) == Backlog(0, None)
        assert backlog(reader.connection, START + DAY) == Backlog(3, START + timedelta(hours=1))
