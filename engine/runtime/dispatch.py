"""The dispatch: sends what waits for a channel, one message at a time and each under a lease; never inside a transaction.

What waits for one person over one channel leaves as one message, and as the same message at every attempt. A crash leaves the lease to
run out: the set is taken up again as it was, and the outside sees the same identity twice at worst.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.recipient import inside, outside
from engine.errors import Damaged
from engine.label import Label
from engine.runtime.addressing import NO_LONGER, QUIET, Surroundings, calendar_of, overtaken
from engine.runtime.budget import Budget, Rate
from engine.runtime.catalog import Catalog
from engine.runtime.deadletter import Fate, Hold, settle
from engine.runtime.digest import Entry, by_time_left, digest
from engine.runtime.directory import Directory
from engine.runtime.posting import matter_of
from engine.runtime.posting import recipient_of as endpoint_of
from engine.runtime.timesource import TimeSource
from engine.runtime.wording import NUMBER, word
from engine.store import attempts, deliveries, outbox, timers
from engine.store.attempts import Attempt
from engine.store.database import Database
from engine.store.deliveries import Delivery
from engine.store.outbox import OutboxMessage
from engine.timing.calendar import WorkingCalendar
from notifications.backoff import MAILS, POSTS, Waits, next_attempt
from notifications.message import Deferred, Delivered, Matter, Message, Recipient, Result, Text, one_line
from roles.roster import Roster

LEASE = timedelta(minutes=2)
"""How long a delivery is taken: well over what one attempt may last."""
TOGETHER = 50
"""How many messages for one person leave as one."""
PER_ENDPOINT = Rate(per_second=10, burst=600)
"""How many attempts are made of one program at one endpoint: a long queue leaves time and network to the others."""
_LONGEST_REASON = 200
_CAME: Mapping[deliveries.Status, attempts.Result] = {"delivered": "delivered", "waiting": "deferred", "failed": "failed"}
"""What came of an attempt, by what became of its delivery."""


@dataclass(slots=True)
class Dispatched:
    """What came of one claim: the message that left or did not, and deliveries that were taken out of it before."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    postponed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class _Letter:
    """A delivery that may leave now, and all that saying it needs."""

    delivery: Delivery
    message: OutboxMessage
    definition: CompiledDefinition
    case: Case
    calendar: WorkingCalendar | None
    recipient: Recipient


class Dispatch:
    """Serves one database; several threads may send by it at once, each by a channel of its own."""

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
        self._budget = Budget(PER_ENDPOINT)

    def send_next(self, channel: str) -> Dispatched | None:
        """Send the message that is longest due over this channel; None when none is due, or an endpoint has had its share."""
        now, lease = self._time.now(), secrets.token_hex(16)
        if is_posted(channel) and self._budget.take(channel, now.timestamp()).wait:
            return None
        with self._database.write() as connection:
            claimed = deliveries.claim_digest(connection, channel, now, lease, now + LEASE, limit=TOGETHER)
        if not claimed:
            return None
        letters, fates = self._sorted(claimed, now)
        if letters:
            made, began = self._made(letters), perf_counter()
            result = made if isinstance(made, Deferred) else self._surroundings.notifier.send(channel, made, letters[0].recipient)
            took = timedelta(seconds=perf_counter() - began)
            now = self._time.now()
            sent = [self._fate(each.delivery, result, now) for each in letters]
            if isinstance(made, Message):
                sent = [self._posted(fate, result, took, now) for fate in sent]
            fates += sent
        held = settle(self._database, self._directory.roster(), fates, lease, now)
        return _counted(held, frozenset(each.delivery.id for each in letters))

    def _sorted(self, claimed: Iterable[Delivery], now: datetime) -> tuple[list[_Letter], list[Fate]]:
        letters: list[_Letter] = []
        fates: list[Fate] = []
        roster = self._directory.roster()
        for delivery in claimed:
            try:
                found = self._looked_at(delivery, roster, now)
            except Damaged as error:
                found = self._fate(delivery, Deferred(error.sentence), now, apart=True)
            if isinstance(found, Fate):
                fates.append(found)
            else:
                letters.append(found)
        return letters, fates

    def _looked_at(self, delivery: Delivery, roster: Roster, now: datetime) -> _Letter | Fate:
        with self._database.read() as reader:
            message = outbox.message(reader.connection, delivery.key)
            record = reader.case(message.number)
            standing = timers.standing(reader.connection, {delivery.key.case_id})
        assert record is not None  # a foreign key holds it
        definition = self._catalog.by_digest(record.case.digest)
        over = overtaken(message, record.case, standing)
        if over is not None:
            return Fate(delivery, "withdrawn", over)
        recipient = self._recipient(definition, record.case, delivery, roster, now)
        if recipient is None:
            return Fate(delivery, "withdrawn", NO_LONGER)
        calendar = calendar_of(definition, message, self._catalog.calendars(definition, record.case.edition))
        quiet_until = calendar.next_quiet_end(now) if calendar is not None else None
        if quiet_until is not None:
            return Fate(delivery, "waiting", QUIET, quiet_until, apart=True)
        return _Letter(delivery, message, definition, record.case, calendar, recipient)

    def _recipient(self, definition: CompiledDefinition, case: Case, delivery: Delivery, roster: Roster, now: datetime) -> Recipient | None:
        """Whom it is for, as he can be reached now: an address that was mended meanwhile is the one to use. None: nobody any more."""
        if delivery.kind == "party":
            return outside(definition, case, delivery.recipient)
        if delivery.kind == "person":
            return inside(delivery.recipient, roster) if roster.is_active(delivery.recipient, now) else None
        with self._database.read() as reader:
            return endpoint_of(reader.connection, delivery.recipient, now)

    def _made(self, letters: Sequence[_Letter]) -> Message | Deferred:
        first = letters[0].delivery
        try:
            return Message(first.digest or first.id, self._text(letters), self._matter(letters[0]))
        except Exception as error:  # one message that cannot be made must hold up no other
            sentence = Label("消息无法生成：{kind} {reason}", "the message cannot be made: {kind} {reason}")
            return Deferred(sentence.fill(kind=type(error).__name__, reason=one_line(str(error), _LONGEST_REASON)))

    def _matter(self, letter: _Letter) -> Matter | None:
        """What programs are told besides the text; people need nothing else."""
        if letter.delivery.kind != "endpoint":
            return None
        return matter_of(letter.definition, letter.case, letter.message, self._surroundings.link)

    def _text(self, letters: Sequence[_Letter]) -> Text:
        if len(letters) == 1:
            return self._text_of(letters[0])
        surroundings = self._surroundings
        entries = by_time_left(
            Entry(
                each.case.number,
                self._text_of(each).subject,
                each.message.due_at,
                each.calendar.zone if each.calendar is not None else None,
                surroundings.link.replace(NUMBER, each.case.number),
            )
            for each in sorted(letters, key=_age)
        )
        # As of when the newest was written, not as of now: every attempt is to say the same.
        written_at = max(each.delivery.created_at for each in letters)
        return digest(entries, letters[0].recipient, surroundings.language, written_at)

    def _text_of(self, letter: _Letter) -> Text:
        delivery, surroundings = letter.delivery, self._surroundings
        if letter.message.emitted is not None:
            return Text(letter.message.emitted.event, "")
        if delivery.subject is not None and delivery.body is not None:
            return Text(delivery.subject, delivery.body)
        return word(
            letter.definition,
            letter.case,
            letter.message,
            letter.recipient,
            language=surroundings.language,
            calendar=letter.calendar,
            link=surroundings.link,
            now=self._time.now(),
        )

    def _fate(self, delivery: Delivery, result: Result, now: datetime, *, apart: bool = False) -> Fate:
        if isinstance(result, Delivered):
            return Fate(delivery, "delivered", None)
        again = self._again(delivery, result, now) if isinstance(result, Deferred) else None
        is_gone = not isinstance(result, Deferred) and result.is_gone
        return Fate(delivery, "failed" if again is None else "waiting", result.why, again, apart=apart, is_gone=is_gone)

    def _again(self, delivery: Delivery, result: Deferred, now: datetime) -> datetime | None:
        waits: Waits = POSTS if delivery.kind == "endpoint" else MAILS
        return next_attempt(waits, delivery.attempts, now, self._chance(), result.retry_after)

    def _posted(self, fate: Fate, result: Result, took: timedelta, now: datetime) -> Fate:
        """With what an endpoint adds: the attempt is logged, and while one message is put off, all the others wait too.

        It asked to be left alone, or is not there. How long, does not grow with the attempts of one message: the next one finds out.
        """
        if fate.delivery.kind != "endpoint":
            return fate
        attempt = Attempt(now, took, result.answer, _CAME[fate.status], fate.note)
        if not isinstance(result, Deferred):
            return replace(fate, attempt=attempt)
        first, again = (next_attempt(POSTS, failed, now, self._chance(), result.retry_after) for failed in (1, 2))
        assert first is not None
        assert again is not None
        return replace(fate, attempt=attempt, hold=Hold(first, again))


def is_posted(channel: str) -> bool:
    """Whether it is the channel of one endpoint, as `webhook:NAME`."""
    return ":" in channel


def _age(letter: _Letter) -> tuple[datetime, str]:
    return letter.delivery.created_at, letter.delivery.id


def _counted(fates: Iterable[Fate], letters: frozenset[str]) -> Dispatched:
    """What left as one message, or was to, counts as one."""
    alone = [fate for fate in fates if fate.delivery.id not in letters]
    together = {fate.status for fate in fates if fate.delivery.id in letters}
    quiet = sum(fate.status == "waiting" and fate.note == QUIET for fate in alone)
    return Dispatched(
        sent=int("delivered" in together),
        deferred=int("waiting" in together) + sum(fate.status == "waiting" for fate in alone) - quiet,
        failed=int("failed" in together) + sum(fate.status == "failed" for fate in alone),
        postponed=quiet,
        withdrawn=sum(fate.status == "withdrawn" for fate in alone),
    )
