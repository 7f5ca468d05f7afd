"""Addresses an intent: from who is to be told to the deliveries that tell them – or why nobody is.

Pure but for what it is given: the intent, its case and the people as they are at the moment of telling. The relay writes the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.core.assigning import NOBODY_TO_ASSIGN
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.recipient import recipients
from engine.label import Label, Language
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.posting import listening, subscribed
from engine.runtime.wording import word
from engine.store.deliveries import INBOX, Delivery
from engine.store.endpoints import KnownEndpoint
from engine.store.outbox import OutboxMessage
from engine.store.timers import Cycle
from engine.timing.calendar import WorkingCalendar
from notifications.message import Recipient
from notifications.notifier import Notifier
from roles.roster import Roster

NOBODY = Label("没有应通知的人", "There is nobody to be told")
UNREACHABLE = Label("对方没有登记地址，或尚未设置邮件服务器", "Whom it is for has no address, or no mail server is set")
UNHEARD = Label("没有推送地址订阅此事件", "No endpoint hears of this event")
STOPPED = Label("通知之前，时限已经停止", "The clock had stopped before anybody was told")
ASSIGNED = Label("通知之前，工单已有承办人", "The case had an assignee before anybody was told")
MOVED_ON = Label("通知之前，工单已离开该状态", "The case had left the state before anybody was told")
QUIET = Label("免打扰时段，稍后通知", "Quiet hours: told when they are over")
NO_LONGER = Label("收件人或推送地址已停用，不再通知", "Whom it is for has been disabled meanwhile, and is told no more")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an installation brings to every message."""

    notifier: Notifier
    language: Language
    link: str
    """The address of a case, with `{number}` in it; empty without a screen."""
    hierarchy: Hierarchy = field(default_factory=lambda: Hierarchy(()))
    """Who hears of it when nobody of a role is there."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who can be told at one instant: the people and the endpoints as they are."""

    roster: Roster
    endpoints: Sequence[KnownEndpoint]
    now: datetime


def addressed(
    definition: CompiledDefinition,
    case: Case,
    message: OutboxMessage,
    present: Present,
    surroundings: Surroundings,
    calendar: WorkingCalendar | None,
) -> tuple[Delivery, ...]:
    """A delivery for every recipient and every channel that reaches him; none when there is nobody to reach."""
    return tuple(
        _delivery(definition, case, message, recipient, channel, surroundings, calendar, present.now)
        for recipient in _meant(definition, case, message, present, surroundings)
        for channel in surroundings.notifier.plan(recipient)
    )


def _meant(
    definition: CompiledDefinition, case: Case, message: OutboxMessage, present: Present, surroundings: Surroundings
) -> tuple[Recipient, ...]:
    roster, now = present.roster, present.now
    lineage = roster.lineages.get(case.unit, (case.unit,)) if case.unit is not None else ()
    if message.emitted is not None:
        return subscribed(present.endpoints, message.emitted.event, lineage, now)
    return (
        *recipients(definition, case, message.tell, roster, surroundings.hierarchy.superiors, now),
        *listening(present.endpoints, definition, message.tell, lineage, surroundings.language, now),
    )


def why_nobody(message: OutboxMessage) -> Label:
    """Why `addressed` found nothing: nobody is there, or no channel reaches the outsider whom it means."""
    if message.emitted is not None:
        return UNHEARD
    return UNREACHABLE if any(right.kind == "party" for right in message.tell) else NOBODY


def calendar_of(definition: CompiledDefinition, message: OutboxMessage, calendars: Mapping[str, WorkingCalendar]) -> WorkingCalendar | None:
    """Whose quiet hours and time zone a message keeps: those of its clock's calendar, else of the process.

    None without one, and of an event: programs do not sleep.
    """
    if message.emitted is not None:
        return None
    name = definition.clocks[message.clock].calendar if message.clock is not None else definition.calendar
    return calendars[name] if name is not None else None


def overtaken(message: OutboxMessage, case: Case, standing: Collection[Cycle]) -> Label | None:
    """Why nobody wants to hear of it any more: its clock does not run, or who was asked to find an assignee has nothing to do."""
    if message.clock is not None and message.cycle is not None:
        return STOPPED if (message.key.case_id, message.clock, message.cycle) not in standing else None
    if message.template != NOBODY_TO_ASSIGN:
        return None
    if case.assignee is not None:
        return ASSIGNED
    return MOVED_ON if case.state != message.state else None


def _delivery(
    definition: CompiledDefinition,
    case: Case,
    message: OutboxMessage,
    recipient: Recipient,
    channel: str,
    surroundings: Surroundings,
    calendar: WorkingCalendar | None,
    now: datetime,
) -> Delivery:
    text = None
    if not recipient.is_outside and message.emitted is None:
        text = word(
            definition, case, message, recipient, language=surroundings.language, calendar=calendar, link=surroundings.link, now=now
        )
    is_here = channel == INBOX
    return Delivery(
        id=delivery_id(message, recipient.id, channel),
        key=message.key,
        recipient=recipient.id,
        kind="endpoint" if recipient.endpoint is not None else "party" if recipient.is_outside else "person",
        channel=channel,
        subject=text.subject if text is not None else None,
        body=text.body if text is not None else None,
        created_at=now,
        status="delivered" if is_here else "waiting",
        next_at=None if is_here else now,
        delivered_at=now if is_here else None,
    )


def delivery_id(message: OutboxMessage, recipient: str, channel: str) -> str:
    """The identity of a delivery towards the outside: the same whoever makes it, however often.

    It becomes the Message-ID, so it tells nothing: 40 hexadecimal digits.
    """
    key = message.key
    return hashlib.sha256(f"{key.case_id}\0{key.seq}\0{key.place}\0{recipient}\0{channel}".encode()).hexdigest()[:40]
