"""The history of a case as objects for JSON: what happened, by whom, through which door, and the link of its chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import EVENT_KINDS, encode_instant
from engine.core.event import RungFired
from engine.representation.case import ChangeObject, of_change
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Instant, Number, Person
from engine.runtime.chronicle import EntryView
from engine.store.record import Door


class FiredRungObject(TypedDict):
    """A rung of a clock's ladder that was reached, and what became of it."""

    clock: str
    cycle: int
    rung: str
    repetition: int
    due_at: Instant
    result: str
    into: Annotated[str | None, Field(description="The rung that it was merged into, as CLOCK/RUNG#REPETITION.")]
    why: Annotated[list[str], Field(description="The codes for which its step was refused.")]


class EntryObject(TypedDict):
    """An entry of a history."""

    seq: Annotated[int, Field(description="Which entry, from 1 and without gaps.")]
    at: Instant
    kind: Annotated[str, Field(description="What kind of event.", examples=["moved"])]
    title: LabelObject
    to: Annotated[LabelObject | None, Field(description="The state that was entered, if one was.")]
    door: Door
    principal: Annotated[str, Field(description="Who was authenticated.", examples=["token:4f1c2a9b/till"])]
    actor: Annotated[Person, Field(description="Who acted: a person, a service, the system itself.")]
    on_behalf_of: Person | None
    reason: str | None
    cause: Annotated[str | None, Field(description="The case that brought it about, if another did.")]
    changes: list[ChangeObject]
    text: Annotated[LabelObject | None, Field(description="A comment, or what became of a rung.")]
    masked: Annotated[bool, Field(description="Whether the comment is hidden from this caller.")]
    opened: Annotated[list[LabelObject], Field(description="The cases that were opened with it, by title and number.")]
    rung: FiredRungObject | None
    erased: Annotated[list[str], Field(description="The fields whose values were erased since.")]
    hash: Annotated[str, Field(description="The link of the chain of this case.")]


class HistoryObject(TypedDict):
    """All that happened to a case, oldest first."""

    number: Number
    history: list[EntryObject]


def of_history(number: str, entries: Sequence[EntryView]) -> HistoryObject:
    """All that happened to a case."""
    return {"number": number, "history": [of_entry(each) for each in entries]}


def of_entry(view: EntryView) -> EntryObject:
    """An entry of a history."""
    entry = view.entry
    return {
        "seq": entry.seq,
        "at": encode_instant(entry.at),
        "kind": EVENT_KINDS[type(entry.event)],
        "title": of_label(view.title),
        "to": of_optional(view.to),
        "door": entry.door,
        "principal": entry.principal,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "reason": entry.reason,
        "cause": entry.cause,
        "changes": [of_change(each) for each in view.changes],
        "text": of_optional(view.text),
        "masked": view.is_masked,
        "opened": [of_label(each) for each in view.opened],
        "rung": _rung(entry.event) if isinstance(entry.event, RungFired) else None,
        "erased": sorted(entry.erased),
        "hash": entry.hash,
    }


def _rung(event: RungFired) -> FiredRungObject:
    return {
        "clock": event.clock,
        "cycle": event.cycle,
        "rung": event.rung,
        "repetition": event.repetition,
        "due_at": encode_instant(event.due_at),
        "result": event.result,
        "into": event.into,
        "why": list(event.why),
    }
