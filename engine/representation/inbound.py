"""Events from outside as objects for JSON: what their sender is answered, and what those read who look after the quarantine."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.label import LabelObject, of_optional
from engine.representation.outcome import OutcomeObject, of_outcome
from engine.representation.scalar import Instant, More, Number, Person, of_instant
from engine.runtime.inbound import EventPage, EventView
from engine.runtime.outcome import Outcome
from engine.store.inbound import InboundEvent, InboundStatus

EventId = Annotated[str, Field(description="As its sender calls it.", examples=["msg_0001"])]
SourceName = Annotated[str, Field(examples=["courier"])]
Code = Annotated[str | None, Field(description="Why it is in quarantine; after a replay, of the last time it was.", examples=["unmatched"])]


class ReceiptObject(TypedDict):
    """That an event was received, and what became of it."""

    source: SourceName
    id: EventId
    status: InboundStatus
    code: Code
    sentence: LabelObject | None
    outcome: Annotated[OutcomeObject | None, Field(description="What it did, once accepted.")]


class EventObject(TypedDict):
    """An event, and what became of it."""

    source: SourceName
    id: EventId
    name: Annotated[str, Field(examples=["waybill.signed"])]
    status: InboundStatus
    received_at: Instant
    case: Annotated[Number | None, Field(description="The case that it has opened or moved, or – in quarantine – the one that it means.")]
    code: Code
    sentence: LabelObject | None
    note: Annotated[str | None, Field(description="Why it was dropped.")]
    settled_at: Instant | None
    settled_by: Annotated[Person | None, Field(description="Whoever had it replayed or dropped it; null where it was accepted at once.")]


class EventViewObject(EventObject):
    """An event with what it said."""

    payload: Annotated[object, Field(description="Null once it was forgotten.")]
    masked: Annotated[bool, Field(description="Whether values are hidden from this reader, as `***`.")]


class EventPageObject(TypedDict):
    """Events, newest first."""

    events: list[EventObject]
    more: More
    next: Annotated[str | None, Field(description="`cursor` of the next page.")]


def of_receipt(event: InboundEvent) -> ReceiptObject:
    """What the sender is answered: the same for as long as nobody has it replayed or dropped."""
    return {
        "source": event.source,
        "id": event.id,
        "status": event.status,
        "code": event.code,
        "sentence": of_optional(event.sentence),
        "outcome": of_outcome(Outcome.read(event.outcome)) if event.outcome is not None else None,
    }


def of_event(event: InboundEvent) -> EventObject:
    """An event, and what became of it."""
    return {
        "source": event.source,
        "id": event.id,
        "name": event.name,
        "status": event.status,
        "received_at": encode_instant(event.received_at),
        "case": event.number,
        "code": event.code,
        "sentence": of_optional(event.sentence),
        "note": event.note,
        "settled_at": of_instant(event.settled_at),
        "settled_by": event.settled_by,
    }


def of_event_view(view: EventView) -> EventViewObject:
    """An event with what it said, as its reader may see it."""
    return {**of_event(view.event), "payload": view.payload, "masked": view.is_masked}


def of_event_page(page: EventPage) -> EventPageObject:
    """Events, newest first."""
    last = page.events[-1] if page.more else None
    return {"events": [of_event(each) for each in page.events], "more": page.more, "next": str(last.place) if last is not None else None}
