"""Incidents as objects for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.core.effect import IncidentKind
from engine.representation.label import LabelObject, of_label
from engine.representation.scalar import Instant, More, Next, Number, Person, of_instant
from engine.runtime.incidents import IncidentPage, IncidentView
from engine.runtime.retrying import Retried
from engine.store.incidents import Incident, IncidentState


class IncidentObject(TypedDict):
    """What a person must look at; one for each case, kind and subject, however often it happens."""

    id: Annotated[str, Field(examples=["3f9a0c1d2e4b"])]
    case: Annotated[Number | None, Field(description="Null where it is about no case: an endpoint, a process.")]
    kind: IncidentKind
    subject: Annotated[str, Field(description="What it is about: a step, a role, a clock, a delivery.")]
    sentence: Annotated[LabelObject, Field(description="As it happened last.")]
    state: IncidentState
    count: Annotated[int, Field(description="How often it has happened.")]
    opened_at: Instant
    last_at: Instant
    settled_at: Instant | None
    settled_by: Person | None
    note: Annotated[str | None, Field(description="What was done about it.")]
    seen_at: Annotated[Instant | None, Field(description="When somebody first said that he has seen it, since it was opened.")]
    seen_by: Person | None


class IncidentPageObject(TypedDict):
    """Incidents, the one that happened last first."""

    incidents: list[IncidentObject]
    more: More


class IncidentListObject(IncidentPageObject):
    """A page of incidents, and where the next one begins."""

    next: Next


class RetriedObject(TypedDict):
    """What came of trying again."""

    id: str
    state: IncidentState
    going: Annotated[bool, Field(description="It was set going, or has come right.")]
    sentence: LabelObject


def of_incidents(page: IncidentPage) -> IncidentPageObject:
    """Incidents, and whether there are more."""
    return {"incidents": of_lines(page.lines), "more": page.more}


def of_incident_list(page: IncidentPage) -> IncidentListObject:
    """Incidents, page by page."""
    return {**of_incidents(page), "next": page.lines[-1].incident.id if page.more else None}


def of_lines(lines: Iterable[IncidentView]) -> list[IncidentObject]:
    """Incidents."""
    return [of_incident(each.incident) for each in lines]


def of_incident(incident: Incident) -> IncidentObject:
    """One incident."""
    return {
        "id": incident.id,
        "case": incident.number,
        "kind": incident.kind,
        "subject": incident.subject,
        "sentence": of_label(incident.sentence),
        "state": incident.state,
        "count": incident.count,
        "opened_at": encode_instant(incident.opened_at),
        "last_at": encode_instant(incident.last_at),
        "settled_at": of_instant(incident.settled_at),
        "settled_by": incident.settled_by,
        "note": incident.note,
        "seen_at": of_instant(incident.seen_at),
        "seen_by": incident.seen_by,
    }


def of_retried(retried: Retried) -> RetriedObject:
    """What came of trying again."""
    incident = retried.incident
    return {"id": incident.id, "state": incident.state, "going": retried.is_going, "sentence": of_label(retried.sentence)}
