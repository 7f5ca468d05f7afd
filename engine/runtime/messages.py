"""What people were told and what waits to be told, in words: the outbox with what became of each message, and the inboxes.

Tells nobody itself (the relay does); writes only that something was read, or is to be sent again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from engine.core.compiled import CompiledDefinition
from engine.core.masking import HIDDEN
from engine.errors import Unknown
from engine.label import Label, listed
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.naming import person_named
from engine.runtime.rung import clock_title, rung_title
from engine.runtime.service import unknown_number
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import party_title, person_title, right_title
from engine.runtime.wording import subject_of
from engine.store import cases, deliveries, outbox
from engine.store.database import Database
from engine.store.deliveries import INBOX, Delivery, Listed
from engine.store.outbox import Key, OutboxMessage
from engine.store.oversight import EVERYTHING, Oversight
from engine.store.reader import Reader
from roles.roster import Roster

Status = Literal["waiting", "told", "withdrawn", "nobody", "sending", "failed"]
"""What became of a message; `sending`: a channel has still to deliver it; `failed`: it could not, and no attempt is left."""

Made = Mapping[Key, tuple[Delivery, ...]]
"""intent → what was made of it."""

_ID = re.compile(r"(?P<number>.+)/(?P<seq>[0-9]{1,9})\.(?P<place>[0-9]{1,4})")
_AT_ONCE = 200


class Listing(Protocol):
    """A page of deliveries of one kind, beginning after one of them."""

    def __call__(self, reader: Reader, *, limit: int, after: Delivery | None, oversight: Oversight) -> list[Listed]: ...


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery and who is meant by its recipient."""

    delivery: Delivery
    recipient: Label


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in words: what it is about, whom it is for, and what came of it with whom."""

    id: str
    message: OutboxMessage
    about: Label
    meant: Label
    deliveries: tuple[DeliveryView, ...]

    @property
    def status(self) -> Status:
        """What became of it as a whole."""
        made = {each.delivery.status for each in self.deliveries}
        return "failed" if "failed" in made else "sending" if "waiting" in made else self.message.status


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, newest first, and whether there are more."""

    lines: tuple[MessageView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A message in an inbox."""

    id: str
    number: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class InboxPage:
    """What a person was told, what is unread coming first, and whether there is more."""

    person: str
    name: str
    lines: tuple[InboxLine, ...]
    more: bool


class Messages:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._time = time

    def outbox(
        self,
        limit: int,
        *,
        number: str | None = None,
        status: Status | None = None,
        access: Access = OPERATOR,
        after: str | None = None,
    ) -> MessagePage:
        """The messages of a case, or of all that he looks after, newest first; from after the one with this id.

        Of what is to be sent or was given up there is only a first page. Raises Unknown for a case that is not there for him, and for such
        an id; Forbidden for whoever looks after none.
        """
        oversight = EVERYTHING if number is not None else access.oversight(self._catalog.owners)
        with self._database.read() as reader:
            if number is not None:
                self._require(reader, number, access)
            if status == "sending" or status == "failed":  # noqa: PLR1714 - the type checker narrows only so
                found = _by_delivery(reader, number, limit + 1, deliveries.unsent if status == "sending" else deliveries.dead, oversight)
            else:
                place = _place(reader, after, number, oversight) if after is not None else None
                found = outbox.messages(reader, number=number, status=status, oversight=oversight, limit=limit + 1, after=place)
            made = deliveries.of(reader, {each.key for each in found})
            masked = self._masked(reader, found, made, access)
        roster = self._directory.roster()
        return MessagePage(tuple(self._view(each, _without(masked, made), roster) for each in found[:limit]), len(found) > limit)

    def resend(self, id: str, access: Access = OPERATOR) -> bool:
        """Try a message again that was given up or reached nobody; False when there is nothing to be done anew.

        Raises Unknown, also for one of a case that he does not look after; Forbidden for whoever looks after none.
        """
        now, oversight = self._time.now(), access.oversight(self._catalog.owners)
        with self._database.read() as reader:
            key = _place(reader, id, None, oversight).key
            made = deliveries.of(reader, {key}).get(key, ())
        with self._database.write() as connection:
            again = [deliveries.resend(connection, each.id, now) for each in made]
            return any(again) or outbox.resend(connection, key, now)

    def resend_channel(self, channel: str) -> int:
        """Try everything again that was given up over a channel, as `email` or `webhook:NAME`; how many deliveries."""
        with self._database.write() as connection:
            return deliveries.resend_channel(connection, channel, self._time.now())

    def inbox(self, person: str, limit: int, *, unread_only: bool = False) -> InboxPage:
        """What a person, by id or name, was told: first what he has not read, by time left, then the rest. Raises Unknown."""
        roster = self._directory.roster()
        person = person_named(roster, person)
        with self._database.read() as reader:
            found = deliveries.unread(reader, person, limit=limit + 1)
            if len(found) <= limit and not unread_only:
                found += deliveries.inbox(reader, person, read_only=True, limit=limit + 1 - len(found))
        lines = tuple(InboxLine(_id(each.number, each.delivery.key), each.number, each.delivery) for each in found[:limit])
        return InboxPage(person, roster.names[person], lines, len(found) > limit)

    def read(self, person: str, ids: Sequence[str]) -> int:
        """The person has read these messages; how many were unread. Raises Unknown for one that is not in this inbox."""
        person = person_named(self._directory.roster(), person)
        with self._database.read() as reader:
            mine = [_in_inbox(reader, person, id) for id in ids]
        with self._database.write() as connection:
            return deliveries.mark_read(connection, person, mine, self._time.now())

    def read_all(self, person: str) -> int:
        """The person has read everything; how many messages were unread."""
        person, count = person_named(self._directory.roster(), person), 0
        while True:
            with self._database.read() as reader:
                unread = deliveries.unread(reader, person, limit=_AT_ONCE)
            if not unread:
                return count
            with self._database.write() as connection:
                count += deliveries.mark_read(connection, person, [each.delivery.id for each in unread], self._time.now())

    def _require(self, reader: Reader, number: str, access: Access) -> None:
        record = reader.case(number)
        if record is None or not access.finds(self._catalog.by_digest(record.case.digest), record.case):
            raise unknown_number(number)

    def _masked(self, reader: Reader, found: Sequence[OutboxMessage], made: Made, access: Access) -> frozenset[str]:
        """The ids of the cases whose personal values he does not see, of those where somebody outside could not be reached."""
        if access.actor is None:
            return frozenset()
        numbers = {each.number for each in found if any(_may_name(one) for one in made.get(each.key, ()))}
        of = (record.case for record in cases.records(reader, sorted(numbers)).values()) if numbers else ()
        return frozenset(case.id for case in of if not access.discloses(self._catalog.by_digest(case.digest), case))

    def _view(self, message: OutboxMessage, made: Made, roster: Roster) -> MessageView:
        definition = self._catalog.by_digest(message.digest)
        return MessageView(
            id=_id(message.number, message.key),
            message=message,
            about=_about(definition, message),
            meant=_meant(definition, message),
            deliveries=tuple(DeliveryView(each, _recipient(each, definition, roster)) for each in made.get(message.key, ())),
        )


def _meant(definition: CompiledDefinition, message: OutboxMessage) -> Label:
    if message.emitted is not None:
        return Label("订阅此事件的外部程序", "the programs that hear of this event")
    return listed(right_title(right, definition) for right in message.tell)


def _about(definition: CompiledDefinition, message: OutboxMessage) -> Label:
    if message.emitted is not None:
        return Label("事件 {event}", "event {event}").fill(event=message.emitted.event)
    if message.clock is None or message.rung is None:
        return subject_of(definition, message.template, message.number, message.state, message.words)
    said = Label("{clock}：{rung}", "{clock}: {rung}")
    return said.fill(clock=clock_title(definition, message.clock), rung=rung_title(message.rung, message.repetition or 1))


def _recipient(delivery: Delivery, definition: CompiledDefinition, roster: Roster) -> Label:
    if delivery.kind == "party":
        return party_title(delivery.recipient, definition)
    return person_title(delivery.recipient, roster)


def _may_name(delivery: Delivery) -> bool:
    """Whether its note may name an address: that of somebody outside, in the words of his mail server."""
    return delivery.kind == "party" and delivery.note is not None


def _without(masked: frozenset[str], made: Made) -> Made:
    """The deliveries without what may name somebody in these cases."""
    return {
        key: tuple(replace(one, note=HIDDEN) if key.case_id in masked and _may_name(one) else one for one in each)
        for key, each in made.items()
    }


def _place(reader: Reader, id: str, number: str | None, oversight: Oversight) -> OutboxMessage:
    """The message after which a list goes on."""
    key = _key(reader, id)
    found = next((each for each in outbox.of_decision(reader, key.case_id, key.seq) if each.key == key), None)
    record = reader.case(found.number) if found is not None and number in (None, found.number) else None
    if found is None or record is None or not oversight.covers(record.case.workflow, record.case.unit):
        raise _unknown(id)
    return found


def _by_delivery(reader: Reader, number: str | None, limit: int, listed: Listing, oversight: Oversight) -> list[OutboxMessage]:
    found: dict[Key, OutboxMessage] = {}
    after: Delivery | None = None
    while len(found) < limit and (page := listed(reader, limit=_AT_ONCE, after=after, oversight=oversight)):
        for each in page:
            if number in (None, each.number) and each.delivery.key not in found:
                found[each.delivery.key] = outbox.message(reader.connection, each.delivery.key)
        after = page[-1].delivery
    return list(found.values())[:limit]


def _in_inbox(reader: Reader, person: str, id: str) -> str:
    key = _key(reader, id)
    found = next((each for each in deliveries.of(reader, {key}).get(key, ()) if (each.recipient, each.channel) == (person, INBOX)), None)
    if found is None:
        raise _unknown(id)
    return found.id


def _id(number: str, key: Key) -> str:
    """What people call a message: the case, the history entry it came of, and which of the messages of that entry it is."""
    return f"{number}/{key.seq}.{key.place}"


def _key(reader: Reader, id: str) -> Key:
    written = _ID.fullmatch(id.strip())
    record = reader.case(written["number"]) if written is not None else None
    if written is None or record is None:
        raise _unknown(id)
    return Key(record.case.id, int(written["seq"]), int(written["place"]))


def _unknown(id: str) -> Unknown:
    return Unknown(
        Label("没有消息“{id}”。", "There is no message “{id}”.").fill(id=id),
        Label("编号见“aftercare inbox”或“aftercare messages”。", "Ids are shown by “aftercare inbox” and “aftercare messages”."),
    )
