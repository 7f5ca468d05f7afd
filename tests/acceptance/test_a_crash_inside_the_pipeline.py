"""A worker killed anywhere between the rung and the letter leaves nothing lost and nothing double (reliability bar 16).

Timer listed, decided, recorded, addressed, delivery claimed, handed to SMTP, accepted, noted, next rung armed: the worker dies before
and (on a server) after a statement, or while the mail server has the word. A fresh worker then finishes. There is one record for each
occurrence, recipient and channel; a letter comes twice only when the worker died between its acceptance and the note of it, and then
under the same Message-ID. The quick form dies once at each kind of statement; the full one at every statement.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from engine.app import Application
from engine.store import people
from engine.store.schema import metadata
from notifications.channels.memory import Memory
from notifications.message import Message, Recipient, Result
from roles.assignment import Assignment
from roles.staff import Person
from tests.notifications.mail import serving
from tests.rig.child import Child
from tests.rig.desk import Desk, going_by, open_desk, with_mail
from tests.rig.oracle import look
from tests.rig.postbox import Postbox, Stage
from tests.rig.report import Run, Tell, store_of
from tests.runtime.statements import watched

HOUR = timedelta(hours=1)
TOLD = 4
"""Records of one occurrence: three inboxes, and the one letter."""
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


class Pipeline:
    """One case that reminds every hour, its mail server, and a worker that dies at each of its hours."""

    def __init__(self, url: str, postbox: Postbox, port: int) -> None:
        self._url = url
        self._postbox = postbox
        self._port = port
        self.hours = 0
        self.duplicates = 0
        with self._working() as desk:
            with desk.app.database.write() as connection:
                for person in people.all_people(connection):
                    people.save_person(connection, replace(person, email="sun@example.com" if person.id == "sun" else None))
            desk.receive("hourly")

    def statements(self) -> list[str]:
        """What a worker sends that does the work of one hour unharmed."""
        sent: list[str] = []
        self._next_hour()
        with watched(sent.append), self._working() as desk:
            sent.clear()
            desk.work()
        self._judge(arrived_before=len(self._postbox.received) - 1)
        return sent

    def die_at(self, place: int) -> bool:
        """Let a worker die at the so manieth boundary and another finish; whether it came to die."""
        self._next_hour()
        before = len(self._postbox.received)
        return self._finish(Child.at(lambda: self._work(place)), before)

    def die_when_the_server_has(self, stage: Stage) -> bool:
        """Let a worker die while the mail server has the word, and another finish."""
        self._next_hour()
        self._postbox.stage = stage
        before, begun = len(self._postbox.received), Future[Child]()
        self._postbox.harm = lambda: begun.result().kill()
        begun.set_result(Child.at(lambda: self._work(None)))
        return self._finish(begun.result(), before)

    def _finish(self, child: Child, before: int) -> bool:
        died = not child.survived()
        self._judge(before)
        return died

    def _judge(self, arrived_before: int) -> None:
        """Let a fresh worker finish the hour, and look at its records and letters."""
        arrived = len(self._postbox.received) - arrived_before
        with self._working() as desk:
            noted = len(look(self._url, finished=False).violations) == 0 and self._letter(desk) == "delivered"
            desk.work()
            desk.app.move_time(desk.app.time.now() + timedelta(minutes=3))  # the lease of the dead one is over
            desk.work()
            lines = desk.ledger()
        again = int(arrived == 1 and not noted)
        self.duplicates += again
        assert len(self._postbox.received) - arrived_before == 1 + again
        assert [each.repetition for each in lines] == list(range(1, self.hours + 1))
        seen = look(self._url, arrived=self._postbox.identities())
        assert seen.violations == ()
        assert (seen.told, seen.records) == (self.hours, TOLD * self.hours)
        assert sum(times - 1 for times in self._postbox.identities().values()) == self.duplicates

    def _letter(self, desk: Desk) -> str | None:
        """How the newest letter stands; None while it has no record."""
        table = metadata.tables["deliveries"]
        query = table.select().where(table.c.channel == "email").order_by(table.c.seq.desc()).limit(1)
        with desk.app.database.read() as reader:
            row = reader.connection.execute(query).first()
        return None if row is None or row.seq < desk.case("DW26-000001").seq else str(row.status)

    def _work(self, place: int | None) -> None:
        passed = count(1)

        def boundary(_: str) -> None:
            if is_armed and next(passed) == place:
                os.kill(os.getpid(), signal.SIGKILL)

        is_armed = False
        with watched(boundary, boundary), self._working() as desk:
            is_armed = True
            desk.work()
            boundary("done, but nobody has heard of it")

    def _next_hour(self) -> None:
        self.hours += 1
        with self._working() as desk:
            at = desk.app.time.now().replace(minute=0) + HOUR
            desk.app.move_time(at)

    @contextmanager
    def _working(self) -> Iterator[Desk]:
        with Application.open(with_mail(self._url, self._port)) as app:
            yield Desk(app)


@contextmanager
def pipeline(url: str) -> Iterator[Pipeline]:
    postbox = Postbox()
    with serving(postbox) as port:
        yield Pipeline(url, postbox, port)
    with open_desk(url):
        pass  # which proves it


def turning_points(statements: list[str]) -> list[int]:
    """The places of the first statement of each kind – what it does to which tables – and of the last that changes anything."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, statement in enumerate(statements, 1):
        words = statement.replace('"', " ").replace("(", " ").replace(".", " ").split()
        tables = sorted({word for word in words if word in metadata.tables})
        if tables or words[0].upper() in ("BEGIN", "COMMIT"):
            places.setdefault((words[0].upper(), *tables), []).append(place)
    changing = [each[-1] for kind, each in places.items() if kind[0] in ("INSERT", "UPDATE", "WITH", "COMMIT")]
    return sorted({*(each[0] for each in places.values()), *changing})


STAGES: tuple[Stage, ...] = ("address", "letter")


@pytest.mark.reliability
def test_a_worker_dies_at_each_stage(desk_url: str, told: Tell) -> None:
    run = Run(16, store_of(desk_url))
    with pipeline(desk_url) as line:
        line.statements()  # now the roster and the years are as they will be
        places = turning_points(line.statements())
        if run.store == "postgresql":  # which tells of each statement before and after
            places = [2 * place - 1 for place in places]
        for place in places:
            assert line.die_at(place)
        for stage in STAGES:
            assert line.die_when_the_server_has(stage)
        run.faults = len(places) + len(STAGES)
        run.figures = {"records_per_reminder_and_way": 1.0, "letters_twice": line.duplicates}
        told(run, line.hours, 0)
        assert line.duplicates >= 2
    assert run.faults >= 12


@pytest.mark.full
def test_a_worker_dies_at_every_statement(desk_url: str, told: Tell) -> None:
    run = Run(16, store_of(desk_url))
    with pipeline(desk_url) as line:
        place = 1
        while line.die_at(place):
            place += 1
        for stage in STAGES * 50:
            assert line.die_when_the_server_has(stage)
        run.faults = place - 1 + 50 * len(STAGES)
        run.figures = {"boundaries": place - 1, "records_per_reminder_and_way": 1.0, "letters_twice": line.duplicates}
        told(run, line.hours, 0)
    assert place > 40


class Bursting(Memory):
    """A channel that fails at one recipient with an error that nobody foresaw."""

    def __init__(self, bursts_at: str) -> None:
        super().__init__("memory")
        self._bursts_at = bursts_at
        self.bursts = True

    def send(self, message: Message, recipient: Recipient) -> Result:
        """As ever, but for one."""
        if self.bursts and recipient.id == self._bursts_at:
            raise ZeroDivisionError("in the middle of all recipients")
        return super().send(message, recipient)


@pytest.mark.reliability
def test_one_of_many_recipients_at_whom_the_channel_fails_holds_up_nobody(desk_url: str, told: Tell) -> None:
    of_many(desk_url, 40, told)


@pytest.mark.full
def test_one_of_a_thousand_recipients(desk_url: str, told: Tell) -> None:
    of_many(desk_url, 1_000, told)


def of_many(url: str, recipients: int, told: Tell) -> None:
    run = Run(16, store_of(url), faults=1)
    with open_desk(url) as desk:
        now = desk.app.time.now()
        with desk.app.database.write() as connection:
            for place in range(recipients - 2):
                people.save_person(connection, Person(f"p{place:04}", f"样例工程师{place:04}"))
                people.assign(connection, Assignment(f"p{place:04}", "desk-repairer", "shop-1", now, None), at=now, by="os:owner")
        channel = Bursting(f"p{recipients // 2:04}")
        crowd = Desk(going_by(desk.app, desk.app.time, channel))
        crowd.receive("by_promise", promised="2026-09-28 18:00")
        crowd.at("18:30")
        relayed = crowd.work()[1]
        assert (relayed.sent, relayed.deferred, len(channel.given)) == (recipients - 1, 1, recipients - 1)
        for minute in range(31, 34):
            crowd.at(f"18:{minute}")
            assert crowd.app.relay.run_once().sent == 0  # nobody gets it again
        channel.bursts = False
        crowd.at("18:45")
        assert crowd.app.relay.run_once().sent == 1
        assert len({recipient.id for _, recipient in channel.given}) == len(channel.given) == recipients
    seen = look(url)
    told(run, recipients, len(seen.violations))
    assert (seen.violations, seen.records) == ((), 2 * recipients)
