"""The relay: tells people what decisions recorded. Never talks to a channel inside a transaction.

First every intent whose time has come is addressed: one transaction turns it into one delivery for each recipient and channel, and
with that the inboxes are served. Then what goes out is dispatched, each channel by itself, so that a slow one delays no other. A crash
leaves the intent waiting or the delivery leased; both are taken up again, and the outside sees the same identity twice at worst.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.telling import words_of
from engine.errors import AftercareError, Damaged
from engine.label import Label, listed
from engine.runtime.addressing import QUIET, UNHEARD, UNREACHABLE, Present, Surroundings, addressed, calendar_of, overtaken, why_nobody
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.dispatch import Dispatch, Dispatched
from engine.runtime.pulse import Pulse, feel
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import right_title
from engine.runtime.trouble import Trouble
from engine.store import cases, deliveries, endpoints, incidents, outbox, timers
from engine.store.database import Database
from engine.store.deliveries import Delivery
from engine.store.outbox import OutboxMessage, Verdict
from engine.store.record import Record
from engine.store.timers import Cycle
from notifications.message import one_line

BATCH = 100
"""Intents addressed in one transaction."""
SPELL = timedelta(seconds=20)
"""How long one run goes on sending by a channel. The rest waits for the next, which looks at the clock again; and so a stop is heard."""
AT_ONCE = 32
"""How many channels are sent by side by side."""
_LONGEST_REASON = 200


class _Listed(Protocol):
    """A query for intents, page by page."""

    def __call__(self, connection: Connection, now: datetime, *, limit: int, after: OutboxMessage | None = None) -> list[OutboxMessage]: ...


@dataclass(slots=True)
class Relayed:
    """What one run did."""

    pulse: Pulse
    told: int = 0
    """Intents that reached somebody's inbox or were handed to a channel."""
    postponed: int = 0
    withdrawn: int = 0
    nobody: int = 0
    sent: int = 0
    """Messages that a channel took over; several to one person are one."""
    deferred: int = 0
    failed: int = 0
    """Messages given up for good; `aftercare messages` lists what was in them."""
    troubles: list[Trouble] = field(default_factory=list)
    """Cases nobody can be told of, because they or their definitions cannot be read."""

    def count(self, verdicts: Iterable[Verdict]) -> None:
        """Add what came of these intents."""
        for verdict in verdicts:
            self.told += verdict.status == "told"
            self.postponed += verdict.status == "waiting"
            self.withdrawn += verdict.status == "withdrawn"
            self.nobody += verdict.status == "nobody"

    def add(self, done: Dispatched | Relayed) -> None:
        """Add what was done besides."""
        for each in fields(done):
            if each.name == "troubles":
                self.troubles += [trouble for trouble in getattr(done, each.name) if trouble not in self.troubles]
            elif each.name != "pulse":
                setattr(self, each.name, getattr(self, each.name) + getattr(done, each.name))

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.told or self.postponed or self.withdrawn or self.nobody or self.sent or self.deferred or self.failed)


@dataclass(frozen=True, slots=True)
class _About:
    """The case that a message is about, and all that telling needs to know of it."""

    definition: CompiledDefinition
    case: Case


class Relay:
    """Serves one database; safe to run beside others."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        directory: Directory,
        time: TimeSource,
        surroundings: Surroundings,
        chance: Callable[[], float],
    ) -> None:
        """`chance` gives numbers in [0, 1): it spreads the attempts of those who failed together."""
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._time = time
        self._surroundings = surroundings
        self._dispatch = Dispatch(database, catalog, directory, time, surroundings, chance)
        self._couriers = ThreadPoolExecutor(AT_ONCE, "aftercare-courier")
        self._out: dict[str, Future[Relayed]] = {}
        """channel → who sends by it since an earlier beat."""

    def run_once(self) -> Relayed:
        """Address and send everything whose time has come; nothing at all while the clock is not to be trusted."""
        relayed = Relayed(feel(self._database, self._time.now()))
        if relayed.pulse.is_held:
            return relayed
        self._tell(relayed)
        due = self._due_channels()
        if len(due) == 1:
            relayed.add(self._send(due[0], relayed.pulse))
        elif due:
            with ThreadPoolExecutor(min(len(due), AT_ONCE)) as side_by_side:
                for done in side_by_side.map(lambda channel: self._send(channel, relayed.pulse), due):
                    relayed.add(done)
        return relayed

    def beat(self) -> Relayed:
        """The same for one who comes again soon: nobody waits for a slow channel, and a later beat tells what came of it. One at a time."""
        relayed = Relayed(feel(self._database, self._time.now()))
        if relayed.pulse.is_held:
            return relayed
        self._tell(relayed)
        for channel in self._due_channels():
            if channel not in self._out:
                self._out[channel] = self._couriers.submit(self._send, channel, relayed.pulse)
        for channel in [channel for channel, sending in self._out.items() if sending.done()]:
            relayed.add(self._out.pop(channel).result())
        return relayed

    def rest(self) -> None:
        """Wait until nothing that a beat began is still on its way."""
        wait(self._out.values())

    def _due_channels(self) -> list[str]:
        """Those by which something is to be sent now, of those that are set up."""
        known = self._surroundings.notifier.names()
        with self._database.read() as reader:
            due = deliveries.due_channels(reader.connection, self._time.now())
        return [channel for channel in due if channel.partition(":")[0] in known]

    def _send(self, channel: str, pulse: Pulse) -> Relayed:
        relayed, began = Relayed(pulse), self._time.now()
        while self._time.now() - began < SPELL and (done := self._dispatch.send_next(channel)) is not None:
            relayed.add(done)
            self._tell(relayed)  # a mail server that is slow keeps nobody from his inbox
        return relayed

    def _tell(self, relayed: Relayed) -> None:
        now = self._time.now()
        for listed_of in (outbox.waiting, outbox.ahead):
            after: OutboxMessage | None = None
            while page := self._page(listed_of, now, after):
                self._address(page, now, relayed)
                after = page[-1]

    def _page(self, listed_of: _Listed, now: datetime, after: OutboxMessage | None) -> list[OutboxMessage]:
        with self._database.read() as reader:
            return listed_of(reader.connection, now, limit=BATCH, after=after)

    def _address(self, waiting: list[OutboxMessage], now: datetime, relayed: Relayed) -> None:
        roster = self._directory.roster()
        about = self._readable(waiting, relayed)
        with self._database.write() as connection:
            held = outbox.hold(connection, [each.key for each in waiting if each.number in about])
            standing = timers.standing(connection, {key.case_id for key in held})
            present = Present(roster, endpoints.endpoints(connection), now)
            verdicts: list[Verdict] = []
            rows: list[Delivery] = []
            for message in (each for each in waiting if each.key in held):
                verdict, made = self._address_one(about[message.number], message, standing, present)
                verdicts.append(verdict)
                rows += made
                if verdict.status == "nobody":
                    _alarm(connection, about[message.number], message, verdict, now)
            outbox.settle(connection, verdicts)
            deliveries.add(connection, rows)
        relayed.count(verdicts)

    def _readable(self, waiting: list[OutboxMessage], relayed: Relayed) -> dict[str, _About]:
        """What is known of each case; one that cannot be read is a trouble, and its messages wait."""
        numbers = list(dict.fromkeys(each.number for each in waiting))
        found: dict[str, _About] = {}
        with suppress(Damaged), self._database.read() as reader:
            return {number: self._known(record) for number, record in cases.records(reader, numbers).items()}
        for number in numbers:
            try:
                found[number] = self._about(number)
            except Damaged as error:
                trouble = Trouble(number, error.sentence)
                if trouble not in relayed.troubles:
                    relayed.troubles.append(trouble)
        return found

    def _address_one(
        self, found: _About, message: OutboxMessage, standing: Collection[Cycle], present: Present
    ) -> tuple[Verdict, Sequence[Delivery]]:
        over = overtaken(message, found.case, standing)
        if over is not None:
            return Verdict(message.key, "withdrawn", over), ()
        try:
            calendar = calendar_of(found.definition, message, self._catalog.calendars(found.definition, found.case.edition))
            quiet_until = calendar.next_quiet_end(present.now) if calendar is not None else None
            if quiet_until is not None:
                return Verdict(message.key, "waiting", QUIET, quiet_until), ()
            rows = addressed(found.definition, found.case, message, present, self._surroundings, calendar)
        except AftercareError:
            raise
        except Exception as error:  # one message that cannot be made must hold up no other
            sentence = Label("消息无法生成：{kind} {reason}", "The message cannot be made: {kind} {reason}")
            reason = one_line(str(error), _LONGEST_REASON)
            return Verdict(message.key, "nobody", sentence.fill(kind=type(error).__name__, reason=reason)), ()
        return (Verdict(message.key, "told"), rows) if rows else (Verdict(message.key, "nobody", why_nobody(message)), ())

    def _about(self, number: str) -> _About:
        with self._database.read() as reader:
            record = reader.case(number)
        assert record is not None  # a foreign key holds it
        return self._known(record)

    def _known(self, record: Record) -> _About:
        return _About(self._catalog.by_digest(record.case.digest), record.case)


def _alarm(connection: Connection, found: _About, message: OutboxMessage, verdict: Verdict, now: datetime) -> None:
    """Somebody must see to it that there is somebody; that a customer gave no address, or no program listens, is no incident."""
    assert verdict.note is not None
    if verdict.note == UNHEARD or (all(right.kind == "party" for right in message.tell) and verdict.note == UNREACHABLE):
        return
    who = listed(right_title(right, found.definition) for right in message.tell)
    sentence = Label("发给“{who}”的消息没有通知到任何人：{why}", "a message for “{who}” reached nobody: {why}").fill(
        who=who, why=verdict.note
    )
    incidents.open_incident(connection, message.key.case_id, "nobody_to_tell", words_of(message.tell), sentence, now)
