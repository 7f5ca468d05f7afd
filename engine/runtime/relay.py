"""The relay: tells people what decisions recorded. The only place that talks to a channel, and never inside a transaction.

First every intent whose time has come is addressed: one transaction turns it into one delivery for each recipient and channel, and
with that the inboxes are served. Then what goes out is sent, each delivery under a lease. A crash leaves the intent waiting or the
delivery leased; both are taken up again, and the outside sees the same identity twice at worst.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.errors import Damaged
from engine.label import Label
from engine.runtime.addressing import QUIET, STOPPED, Surroundings, addressed, calendar_of, why_nobody
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory, Roster
from engine.runtime.pulse import Pulse, feel
from engine.runtime.recipient import inside, outside
from engine.runtime.timesource import TimeSource
from engine.runtime.trouble import Trouble
from engine.runtime.wording import word
from engine.store import cases, deliveries, outbox, timers
from engine.store.database import Database
from engine.store.deliveries import Delivery
from engine.store.outbox import OutboxMessage, Verdict
from engine.store.record import Record
from engine.store.timers import Cycle
from engine.timing.calendar import WorkingCalendar
from notifications.backoff import next_attempt
from notifications.message import Deferred, Delivered, Message, Recipient, Result, Text

BATCH = 100
"""Intents addressed in one transaction."""
LEASE = timedelta(minutes=2)
"""How long a delivery is taken: well over what one attempt may last."""
SPELL = timedelta(seconds=20)
"""How long one run goes on sending by a channel. The rest waits for the next, which looks at the clock again; and so a stop is heard."""


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
    """Deliveries that a channel took over."""
    deferred: int = 0
    failed: int = 0
    """Deliveries given up for good; `aftercare messages` lists them."""
    troubles: list[Trouble] = field(default_factory=list)
    """Cases nobody can be told of, because they or their definitions cannot be read."""

    def count(self, verdicts: Iterable[Verdict]) -> None:
        """Add what came of these intents."""
        for verdict in verdicts:
            self.told += verdict.status == "told"
            self.postponed += verdict.status == "waiting"
            self.withdrawn += verdict.status == "withdrawn"
            self.nobody += verdict.status == "nobody"

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
        self._chance = chance

    def run_once(self) -> Relayed:
        """Address and send everything whose time has come; nothing at all while the clock is not to be trusted."""
        relayed = Relayed(feel(self._database, self._time.now()))
        if relayed.pulse.is_held:
            return relayed
        self._tell(relayed)
        for channel in self._surroundings.notifier.names():
            if channel != deliveries.INBOX:
                self._send(channel, relayed)
        return relayed

    def _tell(self, relayed: Relayed) -> None:
        now = self._time.now()
        for listed in (outbox.waiting, outbox.ahead):
            after: OutboxMessage | None = None
            while page := self._page(listed, now, after):
                self._address(page, now, relayed)
                after = page[-1]

    def _page(self, listed: _Listed, now: datetime, after: OutboxMessage | None) -> list[OutboxMessage]:
        with self._database.read() as reader:
            return listed(reader.connection, now, limit=BATCH, after=after)

    def _address(self, waiting: list[OutboxMessage], now: datetime, relayed: Relayed) -> None:
        roster = self._directory.roster()
        about = self._readable(waiting, relayed)
        with self._database.write() as connection:
            held = outbox.hold(connection, [each.key for each in waiting if each.number in about])
            standing = timers.standing(connection, {key.case_id for key in held})
            verdicts: list[Verdict] = []
            rows: list[Delivery] = []
            for message in (each for each in waiting if each.key in held):
                verdict, made = self._address_one(about[message.number], message, standing, roster, now)
                verdicts.append(verdict)
                rows += made
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
        self, found: _About, message: OutboxMessage, standing: Collection[Cycle], roster: Roster, now: datetime
    ) -> tuple[Verdict, tuple[Delivery, ...]]:
        if _has_stopped(message, standing):
            return Verdict(message.key, "withdrawn", STOPPED), ()
        calendar = self._calendar(found, message)
        quiet_until = calendar.next_quiet_end(now) if calendar is not None else None
        if quiet_until is not None:
            return Verdict(message.key, "waiting", QUIET, quiet_until), ()
        rows = addressed(found.definition, found.case, message, roster, self._surroundings, calendar, now)
        if rows:
            return Verdict(message.key, "told"), rows
        return Verdict(message.key, "nobody", why_nobody(found.definition, found.case, message, roster, now)), ()

    def _send(self, channel: str, relayed: Relayed) -> None:
        began = self._time.now()
        while self._time.now() - began < SPELL and self._send_one(channel, relayed):
            self._tell(relayed)  # a mail server that is slow keeps nobody from his inbox

    def _send_one(self, channel: str, relayed: Relayed) -> bool:
        now, lease = self._time.now(), secrets.token_hex(16)
        with self._database.write() as connection:
            claimed = deliveries.claim(connection, channel, now, lease, now + LEASE, limit=1)
        for delivery in claimed:
            try:
                self._attempt(delivery, lease, now, relayed)
            except Damaged as error:
                self._conclude(delivery, lease, Deferred(error.sentence), relayed)
        return bool(claimed)

    def _attempt(self, delivery: Delivery, lease: str, now: datetime, relayed: Relayed) -> None:
        message = self._intent(delivery)
        found = self._about(message.number)
        calendar = self._calendar(found, message)
        quiet_until = calendar.next_quiet_end(now) if calendar is not None else None
        if quiet_until is not None:
            self._settle(delivery, lease, "waiting", now, quiet_until, QUIET)
            relayed.postponed += 1
            return
        with self._database.read() as reader:
            standing = timers.standing(reader.connection, {message.key.case_id})
        if _has_stopped(message, standing):
            self._settle(delivery, lease, "withdrawn", now, None, STOPPED)
            relayed.withdrawn += 1
            return
        recipient = self._recipient(found, delivery, self._directory.roster())
        text = self._text(delivery, found, message, recipient)
        result = self._surroundings.notifier.send(delivery.channel, Message(delivery.id, text), recipient)
        self._conclude(delivery, lease, result, relayed)

    def _conclude(self, delivery: Delivery, lease: str, result: Result, relayed: Relayed) -> None:
        now = self._time.now()
        if isinstance(result, Delivered):
            relayed.sent += self._settle(delivery, lease, "delivered", now, None, None)
            return
        again = next_attempt(delivery.attempts, now, self._chance(), result.retry_after) if isinstance(result, Deferred) else None
        held = self._settle(delivery, lease, "failed" if again is None else "waiting", now, again, result.why)
        relayed.deferred += held and again is not None
        relayed.failed += held and again is None

    def _settle(
        self, delivery: Delivery, lease: str, status: deliveries.Status, now: datetime, next_at: datetime | None, note: Label | None
    ) -> bool:
        with self._database.write() as connection:
            return deliveries.settle(connection, delivery.id, lease, status, at=now, next_at=next_at, note=note)

    def _text(self, delivery: Delivery, found: _About, message: OutboxMessage, recipient: Recipient) -> Text:
        if delivery.subject is not None and delivery.body is not None:
            return Text(delivery.subject, delivery.body)
        surroundings = self._surroundings
        return word(
            found.definition,
            found.case,
            message,
            recipient,
            language=surroundings.language,
            calendar=self._calendar(found, message),
            link=surroundings.link,
            now=self._time.now(),
        )

    def _recipient(self, found: _About, delivery: Delivery, roster: Roster) -> Recipient:
        # Read anew at each attempt: an address that was mended meanwhile is the one to use.
        if delivery.kind == "party":
            return outside(found.definition, found.case, delivery.recipient)
        return inside(delivery.recipient, roster)

    def _intent(self, delivery: Delivery) -> OutboxMessage:
        with self._database.read() as reader:
            return outbox.message(reader.connection, delivery.key)

    def _about(self, number: str) -> _About:
        with self._database.read() as reader:
            record = reader.case(number)
        assert record is not None  # a foreign key holds it
        return self._known(record)

    def _known(self, record: Record) -> _About:
        return _About(self._catalog.by_digest(record.case.digest), record.case)

    def _calendar(self, found: _About, message: OutboxMessage) -> WorkingCalendar | None:
        return calendar_of(found.definition, message, self._catalog.calendars(found.definition, found.case.edition))


def _has_stopped(message: OutboxMessage, standing: Collection[Cycle]) -> bool:
    """Whether a reminder speaks of a clock that does not run any more: nobody wants to hear of it."""
    if message.clock is None or message.cycle is None:
        return False
    return (message.key.case_id, message.clock, message.cycle) not in standing
