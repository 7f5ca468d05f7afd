"""Why a length of time ends when it does, as an object for JSON: the days on the way, and the deadline."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.core.wording import local
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Day, Instant, Local, Seconds, of_length
from engine.timing.calendar import DayKind, WorkingCalendar
from engine.timing.deadline import Deadline
from engine.timing.trace import KINDS, Trace

Length = Annotated[str, Field(description="A length of time as definitions write it.", examples=["4wh"])]


class DeadlineObject(TypedDict):
    """A deadline: exclusive instants, and as people say it; all null while a pause keeps it open."""

    due: Instant | None
    due_local: Local | None
    latest: Annotated[Instant | None, Field(description="Of a legal deadline the latest that can be defended.")]
    provisional: Annotated[bool, Field(description="Whether the date may change: official holidays are not known yet.")]


class TraceDayObject(TypedDict):
    """A local day on the way."""

    day: Day
    kind: DayKind
    kind_title: LabelObject
    provisional: bool
    hours: Annotated[list[list[str]], Field(description="What is worked, as pairs of instants in the zone of the calendar.")]
    counted: Seconds | None
    left_out: Annotated[Seconds | None, Field(description="What did not count because of pauses.")]
    remark: Annotated[LabelObject | None, Field(description="How the day counts, where days are counted.")]


class TraceObject(DeadlineObject):
    """The way to a deadline."""

    start: Instant
    period: Length
    days: list[TraceDayObject]
    omitted: Annotated[int, Field(description="Days after these that are left out.")]


def of_trace(found: Trace, calendar: WorkingCalendar) -> TraceObject:
    """The way to a deadline; lengths in seconds, hours in the calendar's zone."""
    return {
        "start": encode_instant(found.start),
        "period": f"{found.period.count}{found.period.unit}",
        "days": [
            {
                "day": each.day.isoformat(),
                "kind": each.kind,
                "kind_title": of_label(KINDS[each.kind]),
                "provisional": each.provisional,
                "hours": [[opens.isoformat(), closes.isoformat()] for opens, closes in each.hours],
                "counted": of_length(each.counted) if each.counted is not None else None,
                "left_out": of_length(each.left_out) if each.left_out is not None else None,
                "remark": of_optional(each.remark),
            }
            for each in found.days
        ],
        "omitted": found.omitted,
        **of_deadline(found.deadline, calendar.zone),
    }


def of_deadline(deadline: Deadline | None, zone: ZoneInfo) -> DeadlineObject:
    """A deadline, if there is one."""
    if deadline is None:
        return {"due": None, "due_local": None, "latest": None, "provisional": False}
    return {
        "due": encode_instant(deadline.at),
        "due_local": local(deadline.at, zone).en,
        "latest": encode_instant(deadline.latest),
        "provisional": deadline.provisional,
    }
