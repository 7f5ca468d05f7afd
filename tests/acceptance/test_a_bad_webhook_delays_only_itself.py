"""Whatever a receiver of webhooks does, it delays nobody but itself, and nothing is lost or out of order (reliability bar 19).

Six endpoints hear of the same cases: one is fine, one is slow, one flaps, one redirects, one is gone, one hangs up with the message in
hand and then answers with 100 MB.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from time import perf_counter

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from engine.runtime.endpoints import Endpoints, Wish
from engine.store import deliveries, incidents
from engine.store.deliveries import Delivery
from engine.store.outbox import Key
from engine.store.schema import metadata
from notifications.answer import Answer
from notifications.channels.inbox import Inbox
from notifications.channels.webhook import Webhook
from notifications.message import Deferred, Rejected
from notifications.notifier import Notifier
from notifications.outbound import Outbound
from tests.notifications.receiver import HOST, Flood, Post, Receiver, Reply, drip, receiving, reset
from tests.rig.desk import CLOCKS, HEAD, Desk, found, going_by, open_desk
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import granted, registry

DEADLINE, PATIENCE = timedelta(seconds=2), timedelta(seconds=60)
"""For one that drips, and for whoever answers: as long as a machine may take that does much else besides."""
CASES = 3
DOCUMENT = HEAD + CLOCKS
for _step, _event in (("take:   {", "taken"), ("wait:    {", "waiting"), ("go_on: {", "continued")):
    DOCUMENT = DOCUMENT.replace(_step, f"{_step}emit: {{name: repair.{_event}}}, ", 1)
DOCUMENT = DOCUMENT.replace(
    "        by: repairer\n        assign",
    "        by: repairer\n        emit: {name: repair.finished, fields: [watch]}\n        assign",
    1,
)
HEARS = {
    "fine": ("*",),
    "a-slow-one": ("*",),
    "flapping": ("repair.*",),
    "redirecting": ("repair.finished",),
    "gone": ("*",),
    "hanging-up": ("*",),
}


class Slow(Receiver):
    """Answers the first post only when the fine one has its own, and drips at the second."""

    def __init__(self, other: Receiver) -> None:
        super().__init__()
        self.replies = [Reply(misbehave=self.wait), Reply(misbehave=drip), Reply(misbehave=drip)]
        self.saw_other_served = False
        self._other = other

    def wait(self, connection: socket.socket, over: Event) -> None:
        """Wait for the other, but not for ever."""
        until = perf_counter() + PATIENCE.total_seconds() / 2
        while not self.saw_other_served and perf_counter() < until and not over.wait(0.02):
            self.saw_other_served = len(self._other.posts) >= CASES
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@dataclass(frozen=True, slots=True)
class Unequal(Outbound):
    """Waits for an answer as long as that takes, but not where it only drips."""

    drips: Callable[[str], bool] = lambda _: False

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer | Deferred | Rejected:
        """Post once."""
        return Outbound(self.reach, DEADLINE if self.drips(url) else PATIENCE, self.resolve).post(url, content, headers)


@dataclass
class Rig:
    """A desk that posts to receivers, the secrets of each, the newest first, and when each run of the relay began."""

    desk: Desk
    receivers: Mapping[str, Receiver]
    secrets: dict[str, list[str]]
    began: list[float] = field(default_factory=list)

    def relay(self) -> None:
        """Let the relay work once."""
        self.began.append(perf_counter())
        self.desk.app.relay.run_once()

    def relay_until_settled(self) -> None:
        """Tell what is to be told, and let time pass from attempt to attempt until nothing waits."""
        self.relay()
        while waiting := [each.next_at for each in self.made() if each.status == "waiting" and each.next_at is not None]:
            held = [each.held_until for each in self.desk.app.endpoints.known() if each.held_until is not None]
            now = self.desk.app.time.now()
            self.desk.app.move_time(min(each for each in [*waiting, *held] if each > now))
            self.relay()

    def made(self) -> list[Delivery]:
        """What was to be posted, and how it stands."""
        table = metadata.tables["deliveries"]
        query = table.select().where(table.c.kind == "endpoint").with_only_columns(table.c.case_id, table.c.seq, table.c.place)
        with self.desk.app.database.read() as reader:
            made = deliveries.of(reader, {Key(*row) for row in reader.connection.execute(query)})
        return [each for rows in made.values() for each in rows if each.kind == "endpoint"]

    def rotate(self) -> None:
        """Give each endpoint a new secret."""
        for name, secrets in self.secrets.items():
            new = self.desk.app.endpoints.rotate(name, None, by="os:owner")
            assert new is not None
            secrets.insert(0, new)

    def delays(self, name: str) -> list[float]:
        """How long each post to this endpoint came after the beginning of the run that made it, in seconds."""
        return sorted(post.at - max(began for began in self.began if began <= post.at) for post in self.receivers[name].posts)


@contextmanager
def listening(url: str, receivers: Mapping[str, Receiver], hears: Mapping[str, Sequence[str]]) -> Iterator[Rig]:
    """A desk that posts to all of them."""
    found(url, document=DOCUMENT)
    with ExitStack() as stack:
        ports = {name: stack.enter_context(receiving(receiver)) for name, receiver in receivers.items()}
        desk = stack.enter_context(open_desk(url))
        at = {f"http://{HOST}:{port}/hooks": receivers[name] for name, port in ports.items()}
        webhook = Webhook(Unequal("private", drips=lambda url: any(each.misbehave is drip for each in at[url].replies[:1])))
        managed = Endpoints(desk.app.database, Notifier([Inbox(), webhook]), "private", desk.app.time)
        secrets = {}
        for name, port in ports.items():
            wish = Wish(name, "webhook", f"http://{HOST}:{port}/hooks", "desk-supervisor", None, None, tuple(hears[name]))
            made = managed.add(registry(), wish, by="os:owner")
            assert made is not None
            secrets[name] = [made]
        yield Rig(Desk(going_by(desk.app, desk.app.time, webhook)), receivers, secrets)


def the_six() -> dict[str, Receiver]:
    """As badly as each of them behaves."""
    fine = Receiver()
    made = dict(zip(HEARS, (fine, Slow(fine), Receiver(), Receiver(), Receiver(Reply(410)), Receiver()), strict=True))
    made["flapping"].replies = [Reply(500), Reply(429, {"Retry-After": "600"}), Reply(200), Reply(503, {"Retry-After": "soon"}), Reply(500)]
    made["redirecting"].reply = Reply(307, {"Location": "/elsewhere"})
    made["hanging-up"].replies = [Reply(misbehave=reset), Reply(misbehave=Flood())]
    return made


def by_identity(posts: Sequence[Post]) -> dict[str, list[Post]]:
    """Identity → the posts that bore it."""
    known: dict[str, list[Post]] = {}
    for post in posts:
        known.setdefault(post.headers["webhook-id"], []).append(post)
    return known


def faults_of(name: str, rig: Rig, made: Sequence[Delivery]) -> Iterator[str]:
    """What was not as Standard Webhooks says, or lost, or out of order (I7, I10) at one receiver."""
    receiver, mine = rig.receivers[name], {each.id: each for each in made if each.recipient == name}
    received = by_identity(receiver.posts)
    yield from (f"{name}: {id} is not ours" for id in received.keys() - mine.keys())
    yield from (
        f"{name}: {id} is delivered and was not received" for id, each in mine.items() if each.status == "delivered" and id not in received
    )
    yield from (f"{name}: {id} is still {each.status}" for id, each in mine.items() if each.status == "waiting")
    for id, posts in received.items():
        if len({post.body for post in posts}) != 1 or posts[0].content["id"] != id:
            yield f"{name}: {id} says different things"
    yield from (f"{name}: followed to {post.target}" for post in receiver.posts if post.target != "/hooks")
    yield from disorder(name, receiver.posts)


def disorder(name: str, posts: Sequence[Post]) -> Iterator[str]:
    """Cases whose messages came in another order than they were decided in, repetitions apart."""
    first: dict[str, list[int]] = {}
    for same in by_identity(posts).values():
        about = same[0].content["data"]
        first.setdefault(about["case"], []).append(about["seq"])
    yield from (f"{name}: {case} in the order {seqs}" for case, seqs in first.items() if seqs != sorted(seqs))


def unverified(rig: Rig, since: Mapping[str, int]) -> int:
    """Signatures that the reference library does not accept. `since`: how many posts each had when its secret was replaced.

    From then on the new secret signs; the former too, until a day is over.
    """
    count = 0
    for name, receiver in rig.receivers.items():
        new, former = rig.secrets[name]
        for place, post in enumerate(receiver.posts):
            is_twice = " " in post.headers["webhook-signature"]
            secrets = (former,) if place < since[name] else (new, former) if is_twice else (new,)
            count += sum(not verifies(secret, post) for secret in secrets)
    return count


def verifies(secret: str, post: Post) -> bool:
    """Whether the reference library accepts it: the signature, and that it was made within the last five minutes."""
    try:
        Verifier(secret).verify(post.body, dict(post.headers))
    except WebhookVerificationError:
        return False
    return True


@pytest.mark.reliability
def test_six_receivers_of_which_one_is_fine(database_url: str, told: Tell) -> None:
    run, receivers = Run(19, store_of(database_url)), the_six()
    with listening(database_url, receivers, HEARS) as rig:
        desk, slow = rig.desk, receivers["a-slow-one"]
        numbers = [desk.receive("hourly") for _ in range(CASES)]
        for number in numbers:
            granted(desk.fire(number, "take", "rui"))
        rig.relay()
        assert isinstance(slow, Slow)
        assert slow.saw_other_served  # while it was kept waiting
        for number in numbers:
            granted(desk.fire(number, "wait", "rui"))
            granted(desk.fire(number, "go_on", "rui"))
        desk.at("12:30")
        desk.sweep()
        rig.relay()
        rotated_at = {name: len(receiver.posts) for name, receiver in receivers.items()}
        rig.rotate()
        for number in numbers:
            granted(desk.fire(number, "finish", "rui"))
        rig.relay_until_settled()

        made = rig.made()
        came = {name: Counter(each.status for each in made if each.recipient == name) for name in receivers}
        for name in ("fine", "a-slow-one", "flapping", "hanging-up"):
            assert came[name].keys() <= {"delivered", "withdrawn"}, name  # of reminders whose clock had stopped before they got through
        assert came["fine"].keys() == {"delivered"}
        assert came["gone"]["failed"] == 1
        assert len(receivers["gone"].posts) == 1  # and never again
        assert came["redirecting"]["failed"] > 0
        with desk.app.database.read() as reader:
            opened = incidents.incidents(reader, kind="dead_letter", limit=50)
        assert any("gone" in each.sentence.en and "410" in each.sentence.en and each.case_id is None for each in opened)
        for name, receiver in receivers.items():
            logged = [attempt for each in made if each.recipient == name for attempt in desk.app.attempts.of(each.id)]
            assert len(logged) == len(receiver.posts), name

        faults = [fault for name in receivers for fault in faults_of(name, rig, made)]
        wrong, delays = unverified(rig, rotated_at), rig.delays("fine")
        assert all(" " in post.headers["webhook-signature"] for post in receivers["fine"].posts[rotated_at["fine"] :])
        run.faults = sum(len(receiver.posts) for name, receiver in receivers.items() if name in ("redirecting", "gone")) + 1 + 2 + 4 + 2
        run.figures = {
            "endpoints": len(receivers),
            "i7_percent": 100 * (1 - len(faults) / len(made)),
            "delay_of_fine_p99_s": round(delays[int(len(delays) * 0.99)], 3),
            "signature_failures": wrong,
            "outcomes": {name: dict(each) for name, each in came.items()},
            "attempts_per_delivery": {name: round(len(each.posts) / came[name].total(), 2) for name, each in receivers.items()},
        }
        told(run, len(made), len(faults) + wrong)
        assert faults == []
        assert wrong == 0


def test_what_was_given_up_is_sent_again_by_hand(sqlite_url: str) -> None:
    gone = Receiver(Reply(410))
    with listening(sqlite_url, {"gone": gone}, {"gone": ("*",)}) as rig:
        desk = rig.desk
        number = desk.receive("hourly")
        granted(desk.fire(number, "take", "rui"))
        granted(desk.fire(number, "wait", "rui"))
        rig.relay_until_settled()
        assert [each.status for each in rig.made()] == ["failed", "withdrawn"]
        gone.reply = Reply(200)
        assert desk.app.endpoints.enable("gone")
        assert desk.app.messages.resend_channel("webhook:gone") == 2
        rig.relay_until_settled()
        assert [each.status for each in rig.made()] == ["delivered", "delivered"]
        assert [len(posts) for posts in by_identity(gone.posts).values()] == [2, 1]
        [log] = [desk.app.attempts.of(each.id) for each in rig.made() if each.id == gone.posts[0].headers["webhook-id"]]
        assert [(each.answer, each.result) for each in log] == [(410, "failed"), (200, "delivered")]
