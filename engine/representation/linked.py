"""The cases of one subject – a device, a vehicle – as objects for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.scalar import Instant, Number, Workflow, of_instant
from engine.runtime.lineage import Visit


class VisitObject(TypedDict):
    """One case of a subject."""

    number: Number
    workflow: Workflow
    state: str
    outcome: str | None
    opened_at: Instant
    ended_at: Instant | None
    days: Annotated[int, Field(description="Calendar days from its opening to its end, or to now.")]


class SubjectObject(TypedDict):
    """Every case of a subject, oldest first."""

    subject: Annotated[str, Field(examples=["001017000000011"])]
    cases: list[VisitObject]


def of_subject(subject: str, visits: Iterable[Visit]) -> SubjectObject:
    """Every case of a subject."""
    return {"subject": subject, "cases": of_visits(visits)}


def of_visits(visits: Iterable[Visit]) -> list[VisitObject]:
    """Cases of one subject."""
    return [
        {
            "number": each.line.number,
            "workflow": each.line.workflow,
            "state": each.line.state,
            "outcome": each.line.outcome,
            "opened_at": encode_instant(each.line.opened_at),
            "ended_at": of_instant(each.line.ended_at),
            "days": each.days,
        }
        for each in visits
    ]
