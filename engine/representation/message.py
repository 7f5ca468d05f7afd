"""Messages as objects for JSON: the outbox with what became of each, and the inboxes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Instant, More, Next, Number, Person, of_instant
from engine.runtime.messages import DeliveryView, InboxLine, InboxPage, MessagePage, MessageView, Status
from engine.store.deliveries import Status as DeliveryStatus
from roles.policy import RightKind

MessageId = Annotated[str, Field(description="Of a message: its case, history entry and place.", examples=["WX26-000001/3.0"])]


class MeantObject(TypedDict):
    """A word of `tell`: who is meant."""

    kind: RightKind
    name: str


class DeliveryObject(TypedDict):
    """A message to one recipient over one channel."""

    id: Annotated[str, Field(description="The same at every attempt: what the receiver sees.")]
    recipient: Annotated[str, Field(description="A person, a party of the case, or an endpoint, by id.")]
    kind: Literal["person", "party", "endpoint"]
    channel: Annotated[str, Field(examples=["inbox", "email", "webhook:till"])]
    status: DeliveryStatus
    attempts: int
    note: Annotated[LabelObject | None, Field(description="Why it was put off or given up.")]
    created_at: Instant
    next_at: Annotated[Instant | None, Field(description="Not before this is it tried next.")]
    delivered_at: Instant | None


class MessageObject(TypedDict):
    """A message, and what became of it."""

    id: MessageId
    number: Number
    status: Status
    about: LabelObject
    template: Annotated[str | None, Field(description="Null for an event.")]
    tell: Annotated[list[MeantObject], Field(description="Nobody for an event: whoever hears of it.")]
    event: Annotated[str | None, Field(description="What programs are told has happened.", examples=["repair.finished"])]
    clock: str | None
    cycle: int | None
    rung: str | None
    repetition: int | None
    recorded_at: Instant
    not_before: Instant
    note: Annotated[LabelObject | None, Field(description="Why it waits, or was not told.")]
    deliveries: list[DeliveryObject]


class MessagePageObject(TypedDict):
    """Messages, newest first."""

    messages: list[MessageObject]
    more: More


class MessageListObject(MessagePageObject):
    """A page of messages, and where the next one begins."""

    next: Next


class InboxLineObject(TypedDict):
    """A message in an inbox."""

    id: MessageId
    number: Number
    at: Instant
    subject: str | None
    body: str | None
    read_at: Instant | None


class InboxObject(TypedDict):
    """What a person was told, what is unread coming first."""

    person: Person
    name: str
    messages: list[InboxLineObject]
    more: More


def of_messages(page: MessagePage) -> MessagePageObject:
    """Messages, each with what became of it."""
    return {"messages": [of_message(each) for each in page.lines], "more": page.more}


def of_message_list(page: MessagePage, *, goes_on: bool) -> MessageListObject:
    """Messages, page by page; one page where the list does not go on."""
    return {**of_messages(page), "next": page.lines[-1].id if page.more and goes_on else None}


def of_message(view: MessageView) -> MessageObject:
    """A message, and what became of it."""
    message = view.message
    return {
        "id": view.id,
        "number": message.number,
        "status": view.status,
        "about": of_label(view.about),
        "template": message.template or None,
        "tell": [{"kind": right.kind, "name": right.name} for right in message.tell],
        "event": message.emitted.event if message.emitted is not None else None,
        "clock": message.clock,
        "cycle": message.cycle,
        "rung": message.rung,
        "repetition": message.repetition,
        "recorded_at": encode_instant(message.recorded_at),
        "not_before": encode_instant(message.not_before),
        "note": of_optional(message.note),
        "deliveries": [_delivery(each) for each in view.deliveries],
    }


def of_inbox(page: InboxPage) -> InboxObject:
    """What a person was told."""
    return {"person": page.person, "name": page.name, "messages": [_inbox_line(each) for each in page.lines], "more": page.more}


def _delivery(view: DeliveryView) -> DeliveryObject:
    delivery = view.delivery
    return {
        "id": delivery.id,
        "recipient": delivery.recipient,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "note": of_optional(delivery.note),
        "created_at": encode_instant(delivery.created_at),
        "next_at": of_instant(delivery.next_at),
        "delivered_at": of_instant(delivery.delivered_at),
    }


def _inbox_line(line: InboxLine) -> InboxLineObject:
    delivery = line.delivery
    return {
        "id": line.id,
        "number": line.number,
        "at": encode_instant(delivery.created_at),
        "subject": delivery.subject,
        "body": delivery.body,
        "read_at": of_instant(delivery.read_at),
    }
