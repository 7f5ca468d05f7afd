"""Whatever a receiver of webhooks does, it delays nobody but itself, and nothing is lost (reliability bar 19).

Six endpoints hear of the same cases: two are fine, one is slow, one flaps, one is gone, one hangs up with the message in hand.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event

import pytest
from standardwebhooks import Webhook as Verifier

from engine.runtime.endpoints import Endpoints, Wish
from engine.store import deliveries, incidents
from engine.store.deliveries import Delivery
from engine.store.outbox import Key
from engine.store.schema import metadata
from notifications.channels.inbox import Inbox
from notifications.channels.webhook import Webhook
from notifications.notifier import Notifier
from notifications.outbound import Outbound
from tests.notifications.receiver import HOST, Post, Receiver, Reply, drip, receiving, reset
from tests.rig.desk import Desk, going_by, open_desk
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import registry

DEADLINE = timedelta(seconds=3)
NAMES = ("fine-1", "fine-2", "a-slow-one", "flapping", "gone", "hanging-up")


class Slow(Receiver):
    """Answers the first post only when the fine ones have theirs, and drips at the second."""

    def __init__(self, others: tuple[Receiver, ...]) -> None:
        super().__init__()
        self.replies = [Reply(misbehave=self.wait), Reply(misbehave=drip)]
        self.saw_others_served = False
        self._others = others

    def wait(self, connection: socket.socket, over: Event) -> None:
        """Wait for the others, but not for ever."""
        for _ in range(500):
            self.saw_others_served = all(other.posts for other in self._others)
            if self.saw_others_served or over.wait(0.02):
                break
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def receivers() -> dict[str, Receiver]:
    """The six, as badly as each of them behaves."""
    fine = Receiver(), Receiver()
    found = dict(zip(NAMES, (*fine, Slow(fine), Receiver(), Receiver(Reply(410)), Receiver()), strict=True))
    found["flapping"].replies = [Reply(500), Reply(429, {"Retry-After": "600"}), Reply(200), Reply(503, {"Retry-After": "soon"})]
    found["hanging-up"].replies = [Reply(misbehave=reset), Reply(misbehave=reset)]
    return found


@contextmanager
def listening(url: str, found: Mapping[str, Receiver]) -> Iterator[tuple[Desk, Mapping[str, str]]]:
    """A desk that posts to all of them, and the secret of each."""
    with ExitStack() as stack:
        ports = {name: stack.enter_context(receiving(receiver)) for name, receiver in found.items()}
        desk = stack.enter_context(open_desk(url))
        webhook = Webhook(Outbound("private", DEADLINE))
        managed = Endpoints(desk.app.database, Notifier([Inbox(), webhook]), "private", desk.app.time)
        secrets = {}
        for name, port in ports.items():
            wish = Wish(name, "webhook", f"http://{HOST}:{port}/hooks", "desk-supervisor", None, None)
            made = managed.add(registry(), wish, by="os:owner")
            assert made is not None
            secrets[name] = made
        yield Desk(going_by(desk.app, desk.app.time, webhook)), secrets


def posted(desk: Desk) -> list[Delivery]:
    """What was to be posted, and how it stands."""
    table = metadata.tables["deliveries"]
    query = table.select().where(table.c.kind == "endpoint").with_only_columns(table.c.case_id, table.c.seq, table.c.place)
    with desk.app.database.read() as reader:
        found = deliveries.of(reader, {Key(*row) for row in reader.connection.execute(query)})
    return [each for rows in found.values() for each in rows if each.kind == "endpoint"]


def relay_until_settled(desk: Desk) -> None:
    """Tell what is to be told, and let time pass from attempt to attempt until nothing waits."""
    desk.app.relay.run_once()
    while waiting := [each.next_at for each in posted(desk) if each.status == "waiting" and each.next_at is not None]:
        held = [each.held_until for each in desk.app.endpoints.known() if each.held_until is not None]
        now = desk.app.time.now()
        desk.app.move_time(min(each for each in [*waiting, *held] if each > now))
        desk.app.relay.run_once()


def attempts(posts: list[Post]) -> dict[str, list[Post]]:
    """Identity → the posts that bore it."""
    found: dict[str, list[Post]] = {}
    for post in posts:
        found.setdefault(post.headers["webhook-id"], []).append(post)
    return found


@pytest.mark.reliability
def test_six_receivers_of_which_two_are_fine(desk_url: str, told: Tell) -> None:
    run, found = Run(19, store_of(desk_url)), receivers()
    with listening(desk_url, found) as (desk, secrets):
        desk.receive("hourly")
        desk.at("10:00")
        desk.sweep()
        relay_until_settled(desk)
        assert isinstance(slow := found["a-slow-one"], Slow)
        assert slow.saw_others_served  # while it was kept waiting
        desk.at("12:30")
        desk.sweep()
        relay_until_settled(desk)

        made = posted(desk)
        assert {each.status for each in made if each.recipient != "gone"} == {"delivered"}
        [dead] = [each for each in made if each.recipient == "gone"]  # nothing more was addressed to it
        assert (dead.status, dead.attempts) == ("failed", 1)
        ids = {each.id for each in made}
        for name, receiver in found.items():
            for id, posts in attempts(receiver.posts).items():
                assert id in ids
                assert len({post.body for post in posts}) == 1
                for post in posts:
                    Verifier(secrets[name]).verify(post.body, dict(post.headers))
        for name in ("fine-1", "fine-2"):
            assert all(len(posts) == 1 for posts in attempts(found[name].posts).values())
        with desk.app.database.read() as reader:
            opened = incidents.incidents(reader, kind="dead_letter", limit=10)
        assert any("gone" in each.sentence.en and "410" in each.sentence.en for each in opened)
        run.faults = 2 + 3 + 1 + 2
        run.figures = {
            "endpoints": len(found),
            "delivered": sum(each.status == "delivered" for each in made),
            "dead": sum(each.status == "failed" for each in made),
            "attempts": {name: len(receiver.posts) for name, receiver in found.items()},
        }
        told(run, len(made), 0)


def test_what_was_given_up_is_sent_again_by_hand(desk_sqlite_url: str) -> None:
    gone = Receiver(Reply(410))
    with listening(desk_sqlite_url, {"gone": gone}) as (desk, _):
        desk.receive("hourly")
        desk.at("10:00")
        desk.sweep()
        relay_until_settled(desk)
        assert [each.status for each in posted(desk)] == ["failed"]
        gone.reply = Reply(200)
        managed = desk.app.endpoints
        assert managed.enable("gone")
        page = desk.app.messages.outbox(10, status="failed")
        assert [desk.app.messages.resend(each.id) for each in page.lines] == [True]
        relay_until_settled(desk)
        assert [each.status for each in posted(desk)] == ["delivered"]
        assert len(attempts(gone.posts)) == 1
