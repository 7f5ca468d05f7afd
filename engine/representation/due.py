"""What is overdue, and what became of the rungs, as objects for JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.core.wording import local
from engine.representation.label import LabelObject, of_label
from engine.representation.scalar import Instant, Local, More, Next, Number, Person, Seconds, Unit, Workflow, of_length
from engine.runtime.due import FiringView, Ledger, OverduePage, OverdueView


class OverdueObject(TypedDict):
    """A clock past its deadline."""

    number: Number
    workflow: Workflow
    unit: Unit | None
    state: str
    state_title: LabelObject
    holder: Person | None
    subject: str | None
    clock: str
    clock_title: LabelObject
    cycle: int
    standing: Literal["running", "paused"]
    due: Instant
    due_local: Local
    provisional: bool
    overdue: Annotated[Seconds, Field(description="By how much, on the wall.")]
    overdue_working: Annotated[Seconds, Field(description="By how much, in the working time of its calendar.")]
    place: Annotated[str, Field(description="Where the list goes on after this line.")]


class OverduePageObject(TypedDict):
    """What is overdue, longest first."""

    overdue: list[OverdueObject]
    more: More


class OverdueListObject(OverduePageObject):
    """A page of what is overdue, and where the next one begins."""

    next: Next


class FiringObject(TypedDict):
    """A rung that was noticed, and what became of it."""

    number: Number
    workflow: Workflow
    clock: str
    clock_title: LabelObject
    cycle: int
    rung: str
    repetition: int
    due_at: Instant
    fired_at: Instant
    lateness: Seconds
    result: str
    into: str | None
    why: list[str]


class LedgerObject(TypedDict):
    """What became of the rungs, oldest first."""

    since: Instant
    rungs: list[FiringObject]
    more: More


def of_overdue(page: OverduePage) -> OverduePageObject:
    """What is overdue."""
    return {"overdue": [_overdue(each) for each in page.lines], "more": page.more}


def of_overdue_list(page: OverduePage) -> OverdueListObject:
    """What is overdue, page by page."""
    return {**of_overdue(page), "next": page.lines[-1].place if page.more else None}


def of_ledger(ledger: Ledger) -> LedgerObject:
    """What became of the rungs."""
    return {"since": encode_instant(ledger.since), "rungs": [_firing(each) for each in ledger.lines], "more": ledger.more}


def _overdue(view: OverdueView) -> OverdueObject:
    overdue = view.overdue
    return {
        "number": overdue.number,
        "workflow": overdue.workflow,
        "unit": overdue.unit,
        "state": overdue.state,
        "state_title": of_label(view.state),
        "holder": overdue.assignee,
        "subject": overdue.subject,
        "clock": overdue.timer.clock,
        "clock_title": of_label(view.clock),
        "cycle": overdue.timer.cycle,
        "standing": overdue.timer.standing,
        "due": encode_instant(overdue.due_at),
        "due_local": local(overdue.due_at, view.zone).en,
        "provisional": overdue.timer.provisional,
        "overdue": of_length(view.by),
        "overdue_working": of_length(view.by_working),
        "place": view.place,
    }


def _firing(view: FiringView) -> FiringObject:
    firing = view.firing
    return {
        "number": firing.number,
        "workflow": firing.workflow,
        "clock": firing.clock,
        "clock_title": of_label(view.clock),
        "cycle": firing.cycle,
        "rung": firing.rung,
        "repetition": firing.repetition,
        "due_at": encode_instant(firing.due_at),
        "fired_at": encode_instant(firing.fired_at),
        "lateness": of_length(firing.lateness),
        "result": firing.result,
        "into": firing.into,
        "why": list(firing.why),
    }
