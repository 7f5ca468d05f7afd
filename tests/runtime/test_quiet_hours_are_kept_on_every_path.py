"""Nobody is told anything in quiet hours, whichever way the message came; and what is not worth telling any more is withdrawn.

The calendar of the desk is quiet from 21:00 until 8:00. The rungs themselves fire in time: only the telling waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.label import Label, verbatim
from engine.runtime.addressing import ASSIGNED, MOVED_ON
from engine.runtime.publishing import publish
from engine.store import outbox, people
from engine.store.outbox import OutboxMessage
from notifications.channels.memory import Memory
from notifications.message import Deferred, Delivered
from roles.absence import Absence
from tests.notifications.mail import Sink, refusing, serving
from tests.rig.desk import CLOCKS, HEAD, Desk, checked, going_by, local, open_desk
from tests.runtime.company import granted

MORNING = "2026-09-29 08:00"
DEALT = HEAD.replace(
    "      drop:   {title",
    "      deal:   {title: {zh: 派工, en: Deal}, by: desk-clerk, assign: {role: desk-repairer, pick: least_open}, to: stay}\n"
    "      drop:   {title",
).replace("version: 1", "version: 2")


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with open_desk(desk_url) as desk:
        yield desk


def messages(desk: Desk) -> list[OutboxMessage]:
    with desk.app.database.read() as reader:
        return outbox.messages(reader, limit=100)


def told_at(desk: Desk, person: str) -> list[tuple[str, str]]:
    return [(each.rung, local(each.at)) for each in desk.inbox(person)]


def test_a_reminder_of_the_night_is_told_in_the_morning(desk: Desk) -> None:
    desk.at("18:00")
    desk.receive("repair")
    desk.at("22:00")
    swept, relayed = desk.work()
    assert (swept.rungs, relayed.told, relayed.postponed) == (1, 0, 1)
    [message] = messages(desk)
    assert (message.status, local(message.not_before), message.note is not None) == ("waiting", MORNING, True)
    desk.at("2026-09-29 07:59")
    assert desk.app.relay.run_once().is_idle
    desk.at(MORNING)
    desk.app.relay.run_once()

    assert told_at(desk, "rui") == [("50%", MORNING)]
    assert [local(each.fired_at) for each in desk.ledger()] == ["2026-09-28 22:00"]


@pytest.mark.parametrize(("minute", "waits"), [("20:59", False), ("21:00", True)])
def test_the_first_quiet_minute_is_quiet(desk: Desk, minute: str, waits: bool) -> None:
    desk.receive("expiry")
    desk.at(minute)
    _, relayed = desk.work()

    assert bool(relayed.postponed) == waits
    assert bool(desk.inbox("cai")) == (not waits)


def test_what_was_missed_and_caught_up_at_night_is_told_in_the_morning(desk: Desk) -> None:
    desk.receive("repair")
    desk.at("2026-09-29 03:00")
    desk.work()
    assert desk.inbox("rui") == []
    desk.at(MORNING)
    desk.work()

    assert told_at(desk, "rui") == [("due", MORNING)]


def test_the_message_of_a_step_waits_too(desk: Desk) -> None:
    number = desk.receive("none")
    granted(desk.fire(number, "take", "rui"))
    desk.at("23:00")
    granted(desk.fire(number, "finish", "rui"))
    desk.work()
    assert desk.inbox("cai") == []
    desk.at(MORNING)
    desk.work()

    assert told_at(desk, "cai") == [("-", MORNING)]


def test_a_mail_that_was_deferred_is_not_tried_again_at_night(desk_url: str) -> None:
    sink = Sink()
    with refusing() as port, open_desk(desk_url, port=port) as desk:
        desk.receive("repair")
        desk.at("20:59")
        _, relayed = desk.work()
        assert relayed.deferred == 3
    with serving(sink) as port, open_desk(desk_url, port=port) as desk:
        for night in ("21:10", "23:00", "2026-09-29 07:59"):
            desk.at(night)
            desk.app.relay.run_once()
        assert sink.received == []
        desk.at(MORNING)
        assert desk.app.relay.run_once().sent == 3

    assert sorted(address for _, [address] in sink.envelopes) == ["ren@example.com", "rui@example.com", "sun@example.com"]


def test_a_calendar_without_quiet_hours_tells_at_night(desk: Desk) -> None:
    desk.at("22:00")
    desk.receive("hourly")
    desk.at("23:00")
    desk.work()

    assert told_at(desk, "rui") == [("due", "2026-09-28 23:00")]


def test_what_waited_for_the_morning_is_withdrawn_when_the_case_is_done(desk: Desk) -> None:
    desk.at("18:00")
    number = desk.receive("repair")
    desk.at("22:00")
    desk.work()
    granted(desk.fire(number, "drop", "cai"))
    desk.at(MORNING)
    _, relayed = desk.work()

    assert (relayed.withdrawn, desk.inbox("rui")) == (1, [])
    [message] = messages(desk)
    assert (message.status, message.note is not None) == ("withdrawn", True)


def test_what_waited_is_withdrawn_when_the_clock_began_anew(desk: Desk) -> None:
    desk.at("18:00")
    number = desk.receive("repair")
    desk.at("22:00")
    desk.work()
    granted(desk.fire(number, "drop", "cai"))
    granted(desk.fire(number, "reopen", "cai", reason="客户要求"))
    desk.at(MORNING)
    _, relayed = desk.work()

    assert relayed.withdrawn == 1
    assert desk.reached(number)[1:] == [("50%", "merged"), ("due", "told")]  # of the new cycle, caught up


def test_a_pause_withdraws_nothing(desk: Desk) -> None:
    desk.at("18:00")
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "rui"))
    desk.at("22:00")
    desk.work()
    granted(desk.fire(number, "wait", "rui"))
    desk.at(MORNING)
    _, relayed = desk.work()

    assert (relayed.withdrawn, desk.rungs("rui")) == (0, ["50%"])


def deal_to_nobody(desk: Desk) -> str:
    """A case that could be given to nobody, since all who repair are away for an hour; its number."""
    now = desk.app.time.now()
    publish(desk.app.database, [checked(DEALT + CLOCKS)], "os:owner", now)
    with desk.app.database.write() as connection:
        for person in ("rui", "ren", "hua"):
            people.add_absence(connection, Absence(person, now, now + timedelta(hours=1)), at=now, by="os:owner", reason=None)
    number = desk.receive("none")
    granted(desk.fire(number, "deal", "cai"))
    return number


@pytest.mark.parametrize(
    ("step", "by", "status", "note"),
    [("take", "rui", "withdrawn", ASSIGNED), ("drop", "cai", "withdrawn", MOVED_ON), (None, None, "told", None)],
)
def test_who_was_to_find_an_assignee_is_not_troubled_when_one_was_found(
    desk: Desk, step: str | None, by: str | None, status: str, note: Label | None
) -> None:
    desk.at("22:00")
    number = deal_to_nobody(desk)
    assert desk.app.relay.run_once().postponed == 1
    desk.at("23:30")
    if step is not None and by is not None:
        granted(desk.fire(number, step, by))
    desk.at(MORNING)
    desk.app.relay.run_once()

    assert [(each.status, each.note) for each in messages(desk)] == [(status, note)]
    assert told_at(desk, "sun") == ([] if status == "withdrawn" else [("-", MORNING)])


def test_nor_by_another_attempt(desk: Desk) -> None:
    channel = Memory(answer=Deferred(verbatim("later")))
    slow = Desk(going_by(desk.app, desk.app.time, channel))
    number = deal_to_nobody(slow)
    assert slow.app.relay.run_once().deferred == 1
    slow.at("10:30")
    granted(slow.fire(number, "take", "rui"))
    channel.answer = Delivered()

    assert slow.app.relay.run_once().withdrawn == 1
    assert len(channel.given) == 1


def test_a_mail_on_its_way_is_withdrawn_when_the_case_is_done(desk_url: str) -> None:
    sink = Sink()
    with refusing() as port, open_desk(desk_url, port=port) as desk:
        number = desk.receive("repair")
        desk.at("14:00")
        desk.work()
        granted(desk.fire(number, "drop", "cai"))
    with serving(sink) as port, open_desk(desk_url, port=port) as desk:
        desk.at("15:00")
        assert desk.app.relay.run_once().withdrawn == 2

    assert sink.received == []
