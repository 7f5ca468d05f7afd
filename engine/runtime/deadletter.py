"""What came of deliveries, recorded: one that was given up becomes an incident, and one that arrives after all ends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.core.conclusion import SYSTEM
from engine.label import Label, verbatim
from engine.runtime.posting import give_up
from engine.runtime.titles import person_title
from engine.store import attempts, deliveries, endpoints, incidents
from engine.store.attempts import Attempt
from engine.store.database import Database
from engine.store.deliveries import Delivery
from engine.store.incidents import incident_id
from roles.roster import Roster

_MAILED = Label("发给{who}的邮件未能送达，不再尝试：{why}", "a mail to {who} was given up: {why}")
_POSTED = Label("发往推送地址“{who}”的消息未能送达，不再尝试：{why}", "a message to the endpoint “{who}” was given up: {why}")
_OUTSIDER = Label("外部收件人", "an outside recipient")
_ASK = Label("原因见该消息", "the message says why")
"""An incident is kept for good, and what a mail server says of a customer may name his address."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when an endpoint that has put a message off is left alone: the first time, and when it goes on so."""

    first: datetime
    again: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of one delivery that was claimed."""

    delivery: Delivery
    status: deliveries.Status
    note: Label | None
    next_at: datetime | None = None
    apart: bool = False
    """It did not leave with the others of its claim: it will leave by itself."""
    is_gone: bool = False
    """Its endpoint is no more, and takes nothing else either."""
    hold: Hold | None = None
    """Its endpoint takes nothing else for a while either."""
    attempt: Attempt | None = None
    """The post to its endpoint, for the log."""


def settle(database: Database, roster: Roster, fates: Iterable[Fate], lease: str, now: datetime) -> list[Fate]:
    """Record them in one transaction, with the incidents they open; answers those that the lease still covered."""
    with database.write() as connection:
        held = [
            fate
            for fate in fates
            if deliveries.settle(
                connection, fate.delivery.id, lease, fate.status, at=now, next_at=fate.next_at, note=fate.note, apart=fate.apart
            )
        ]
        for fate in held:
            if fate.status == "failed":
                delivery = fate.delivery
                subject, sentence = way_of(delivery), _sentence(fate, roster)
                incidents.open_incident(connection, delivery.key.case_id, "dead_letter", subject, sentence, now)
            if fate.attempt is not None:
                _note(connection, fate.delivery, fate.attempt)
            if fate.hold is not None:
                endpoints.hold(connection, fate.delivery.recipient, fate.hold.first, fate.hold.again)
            if fate.is_gone:
                assert fate.note is not None
                give_up(connection, fate.delivery.recipient, now, fate.note)
    _end_incidents(database, [fate.delivery for fate in held if fate.status == "delivered"], now)
    return held


def _note(connection: Connection, delivery: Delivery, attempt: Attempt) -> None:
    """Log it; an endpoint that takes a message again gets at once what it did not take before."""
    attempts.add(connection, delivery.id, attempt)
    if attempt.result == "delivered" and endpoints.let_go(connection, delivery.recipient):
        deliveries.hasten(connection, delivery.channel, attempt.at)


def way_of(delivery: Delivery) -> str:
    """How a message went, as the subject of its incident."""
    return f"{delivery.channel}:{delivery.recipient}"


def channel_and_recipient(subject: str) -> tuple[str, str]:
    """The two parts of such a subject. The channel of an endpoint has a colon in it, a recipient never."""
    channel, _, recipient = subject.rpartition(":")
    return channel, recipient


def _sentence(fate: Fate, roster: Roster) -> Label:
    delivery = fate.delivery
    if delivery.kind == "party":
        return _MAILED.fill(who=_OUTSIDER, why=_ASK)
    if delivery.kind == "endpoint":
        return _POSTED.fill(who=verbatim(delivery.recipient), why=fate.note or _ASK)
    return _MAILED.fill(who=person_title(delivery.recipient, roster), why=fate.note or _ASK)


def _end_incidents(database: Database, delivered: Iterable[Delivery], now: datetime) -> None:
    over: set[str] = set()
    with database.read() as reader:
        for each in delivered:
            known = incidents.by_id(reader, incident_id(each.key.case_id, "dead_letter", way_of(each)))
            still = known is not None and deliveries.unfinished(reader, each.key.case_id, each.channel, each.recipient)
            if known is not None and known.state != "resolved" and not still:
                over.add(known.id)
    if over:
        with database.write() as connection:
            for id in sorted(over):
                incidents.settle(connection, id, "resolved", now, SYSTEM.id, None)
