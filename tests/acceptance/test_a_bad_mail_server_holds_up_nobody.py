"""Whatever a mail server does to one letter, the others go out, every inbox is served, and nothing is lost (reliability bar 18).

What may pass is tried again, later and later, under the same Message-ID; what will not is given up where a person sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

import pytest

from engine.app import Application
from engine.runtime.relay import SPELL
from engine.store import deliveries, people
from engine.store.deliveries import Delivery
from engine.store.outbox import Key
from engine.store.schema import metadata
from notifications import backoff
from notifications.channels.email import Email
from notifications.channels.memory import Memory
from notifications.mailserver import MailServer
from notifications.message import Message, Recipient, Result
from roles.assignment import Assignment
from roles.staff import Person
from tests.notifications.mail import HOST, refusing, serving, speaking
from tests.notifications.test_a_bad_mail_server_does_not_stop_us import LONG, answering
from tests.rig.desk import MAILS, Desk, OwnClock, going_by, instant, open_desk
from tests.rig.oracle import look
from tests.rig.postbox import Postbox
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import settings

RUI = MAILS["rui"]
EVERYBODY = 3
"""Whom the hourly reminder tells; each of them has an address."""


@contextmanager
def at_the_first_hour(url: str, postbox: Postbox) -> Iterator[Desk]:
    """A desk with a mail server, whose first reminder is decided and not yet told."""
    with serving(postbox) as port, open_desk(url, port=port) as desk:
        desk.receive("hourly")
        desk.at("10:00")
        desk.sweep()
        yield desk


def mails(desk: Desk) -> dict[str, Delivery]:
    """Who is written to → how it stands."""
    table = metadata.tables["deliveries"]
    query = table.select().where(table.c.channel == "email").with_only_columns(table.c.case_id, table.c.seq, table.c.place)
    with desk.app.database.read() as reader:
        keys = {Key(*row) for row in reader.connection.execute(query)}
        found = deliveries.of(reader, keys)
    return {each.recipient: each for rows in found.values() for each in rows if each.channel == "email"}


def inboxes(desk: Desk) -> list[int]:
    return [len(desk.inbox(person)) for person in ("rui", "ren", "sun")]


@pytest.mark.reliability
@pytest.mark.parametrize("answer", ["550 no such mailbox", "552 too big"])
def test_what_is_refused_for_good_is_given_up_and_seen(desk_url: str, answer: str) -> None:
    postbox = Postbox()
    (postbox.answers if answer.startswith("550") else postbox.letters)[RUI] = answer
    with at_the_first_hour(desk_url, postbox) as desk:
        relayed = desk.app.relay.run_once()
        assert (relayed.told, relayed.sent, relayed.failed, relayed.deferred) == (1, EVERYBODY - 1, 1, 0)
        assert inboxes(desk) == [1, 1, 1]
        with desk.app.database.read() as reader:
            [dead] = deliveries.dead(reader, limit=10)
            assert deliveries.backlog(reader.connection).failed == 1
        assert (dead.delivery.recipient, dead.delivery.status) == ("rui", "failed")
        assert dead.delivery.note is not None
        assert answer in dead.delivery.note.en
        assert desk.app.relay.run_once().is_idle
        desk.at("23:59")
        assert desk.app.relay.run_once().is_idle

        postbox.answers.clear()
        postbox.letters.clear()
        with desk.app.database.write() as connection:
            assert deliveries.resend(connection, dead.delivery.id, desk.app.time.now())  # a person has mended it
        assert desk.app.relay.run_once().sent == 1
    assert look(desk_url, arrived=postbox.identities()).violations == ()


@pytest.mark.reliability
def test_what_is_put_off_is_tried_again_later_and_later(desk_url: str) -> None:
    postbox = Postbox()
    postbox.answers[RUI] = "451 greylisted, come back later"
    with at_the_first_hour(desk_url, postbox) as desk:
        assert desk.app.relay.run_once().sent == EVERYBODY - 1
        waits = []
        for attempt in range(1, 6):
            letter = mails(desk)["rui"]
            assert letter.next_at is not None
            assert (letter.status, letter.attempts) == ("waiting", attempt)
            waits.append(letter.next_at - desk.app.time.now())
            desk.app.move_time(letter.next_at - timedelta(microseconds=1))
            assert desk.app.relay.run_once().is_idle  # not before
            desk.app.move_time(letter.next_at)
            assert desk.app.relay.run_once().deferred == 1
        assert waits == sorted(waits)
        assert timedelta(seconds=48) <= waits[0] <= timedelta(seconds=72)
        postbox.answers.clear()
        desk.at("12:00")
        assert desk.app.relay.run_once().sent == 1
        assert mails(desk)["rui"].status == "delivered"
    assert look(desk_url, arrived=postbox.identities()).violations == ()
    assert set(postbox.identities().values()) == {1}


@pytest.mark.reliability
def test_a_server_that_dies_after_the_dot_gets_it_again_under_the_same_identity(desk_url: str) -> None:
    postbox = Postbox()
    with at_the_first_hour(desk_url, postbox) as desk:
        postbox.dies = True
        assert desk.app.relay.run_once().deferred == EVERYBODY
        assert inboxes(desk) == [1, 1, 1]
        postbox.dies = False
        desk.at("10:02")
        assert desk.app.relay.run_once().sent == EVERYBODY
        desk.at("10:59")
        assert desk.app.relay.run_once().is_idle
    assert sorted(postbox.identities().values()) == [2] * EVERYBODY
    assert look(desk_url, arrived=postbox.identities()).violations == ()


@pytest.mark.reliability
def test_a_server_that_is_away_for_days_is_given_up_in_the_end(desk_url: str) -> None:
    with refusing() as port, open_desk(desk_url, port=port) as desk:
        number = desk.receive("by_promise", promised="2026-09-28 18:00")
        desk.at("18:30")
        desk.work()
        attempts = 1
        while (letter := mails(desk)["rui"]).status == "waiting" and attempts <= len(backoff.MAILS) + 1:
            assert letter.next_at is not None
            desk.app.move_time(letter.next_at)
            desk.app.relay.run_once()
            attempts += 1
        assert (attempts, letter.status, letter.note is not None) == (len(backoff.MAILS) + 1, "failed", True)
        days = (desk.app.time.now() - desk.inbox("rui", number)[0].at) / timedelta(days=1)
        assert 1.5 < days < 2.5
    seen = look(desk_url, finished=False)
    assert seen.violations == ()


@pytest.mark.reliability
def test_a_server_that_hangs_takes_its_time_and_no_more(desk_url: str) -> None:
    run_out = timedelta(seconds=0.2)
    with speaking(answering(b"220 hello\r\n", b"250 hello\r\n", b"")) as port, open_desk(desk_url) as desk:
        hanging = Email(MailServer.parse(f"smtp://{HOST}:{port}", "desk@example.com"), run_out)
        slow = Desk(going_by(desk.app, desk.app.time, hanging))
        slow.receive("hourly")
        slow.at("10:00")
        slow.sweep()
        began = perf_counter()
        relayed = slow.app.relay.run_once()
        assert (relayed.told, relayed.deferred) == (1, EVERYBODY)
        assert inboxes(slow) == [1, 1, 1]
        assert perf_counter() - began < LONG  # then it would have turned good
    assert look(desk_url, finished=False).violations == ()


class Interrupted(Memory):
    """A channel in whose first letters something comes between, each time something else."""

    def __init__(self, *meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = list(meanwhile)

    def send(self, message: Message, recipient: Recipient) -> Result:
        """As ever, when it is over."""
        if self._meanwhile:
            self._meanwhile.pop(0)()
        return super().send(message, recipient)


@pytest.mark.reliability
def test_who_waits_for_his_inbox_does_not_wait_for_letters(desk_url: str) -> None:
    seen: list[list[str]] = []

    def remind_another() -> None:
        """While the first letter is on its way, another case comes to its hour."""
        with Application.open(settings(desk_url)) as app:
            app.move_time(app.time.now() + timedelta(hours=1))
            Desk(app).sweep()

    def look_around() -> None:
        with Application.open(settings(desk_url)) as app:
            seen.append(Desk(app).rungs("sun"))

    with open_desk(desk_url) as desk:
        channel = Interrupted(remind_another, look_around)
        slow = Desk(going_by(desk.app, OwnClock(instant("11:01")), channel))
        desk.receive("hourly")
        desk.at("10:00")
        desk.receive("hourly")
        desk.sweep()
        slow.app.relay.run_once()
    assert len(seen[0]) == 3  # the first of both and the second of one are there before the second letter is sent
    assert len(channel.given) == 1 + EVERYBODY  # what has come in between leaves as one for each


@pytest.mark.reliability
def test_one_run_goes_on_sending_only_for_a_while(desk_url: str) -> None:
    channel = Memory()
    with open_desk(desk_url) as desk:
        clock = OwnClock(desk.app.time.now(), timedelta(seconds=1))  # every look at it takes a second
        slow = Desk(going_by(desk.app, clock, channel))
        for place in range(10):
            more_repairers(desk, f"p{place:03}")
        slow.receive("by_promise", promised="2026-09-28 12:00")
        clock.at += timedelta(hours=4)
        slow.sweep()
        began = clock.at
        first = slow.app.relay.run_once()
        assert first.told == 1
        assert 0 < first.sent < 12
        assert clock.at - began < 2 * SPELL + timedelta(seconds=10)
        while slow.app.relay.run_once().sent:
            pass
    assert len({message.id for message, _ in channel.given}) == len(channel.given) == 12


@pytest.mark.reliability
def test_who_has_lost_his_lease_has_no_say_any_more(desk_url: str) -> None:
    others = Memory()

    def take_over() -> None:
        """The first relay sleeps with a letter in hand, over its lease; another sends all the letters."""
        with Application.open(settings(desk_url)) as app:
            app.move_time(app.time.now() + timedelta(minutes=3))
            assert going_by(app, app.time, others).relay.run_once().sent == EVERYBODY

    with open_desk(desk_url) as desk:
        sleepy = Interrupted(take_over)
        desk.receive("hourly")
        desk.at("10:00")
        desk.sweep()
        relayed = going_by(desk.app, desk.app.time, sleepy).relay.run_once()
        assert relayed.sent == 0  # what it thinks of it counts no more
    assert len(others.given) == EVERYBODY
    assert len(sleepy.given) == 1
    assert sleepy.given[0][0].id in {message.id for message, _ in others.given}  # known outside as the same
    assert look(desk_url).violations == ()


def more_repairers(desk: Desk, *names: str) -> None:
    """People of the shop, each with an address."""
    now = desk.app.time.now()
    with desk.app.database.write() as connection:
        for name in names:
            people.save_person(connection, Person(name, f"样例工程师{name[1:]}", email=f"{name}@example.com"))
            people.assign(connection, Assignment(name, "desk-repairer", "shop-1", now, None), at=now, by="os:owner")


@pytest.mark.full
def test_five_thousand_letters_to_a_moody_server(desk_url: str, told: Tell) -> None:
    run = Run(18, store_of(desk_url))
    postbox = Postbox()
    with serving(postbox) as port, open_desk(desk_url, port=port) as desk:
        more_repairers(desk, *(f"p{place:03}" for place in range(100)))
        moods = ["250 OK", "451 come back", "550 no such mailbox", "250 OK"]
        postbox.answers = {f"p{place:03}@example.com": moods[place % 4] for place in range(100)}
        postbox.letters = {f"p{place:03}@example.com": "552 too big" for place in range(0, 100, 20)}
        for place in range(49):
            desk.receive("by_promise", promised=f"2026-09-28 09:{place + 1:02}")
        for place in range(49):  # one by one, or what is due for one person would leave as one
            desk.at(f"09:{place + 1:02}")
            desk.work()
        assert len(desk.inbox("p002")) == 49
        postbox.answers = {address: mood for address, mood in postbox.answers.items() if not mood.startswith("451")}
        desk.at("18:40")
        desk.app.relay.run_once()
    seen = look(desk_url, arrived=postbox.identities())
    run.faults = 49 * 50
    run.figures = {"letters": len(postbox.received), "records": seen.records}
    told(run, seen.records, len(seen.violations))
    assert seen.violations == ()
    assert set(postbox.identities().values()) == {1}
