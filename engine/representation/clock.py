"""The clocks of a case as objects for JSON: every cycle, what counted and what did not, every reminder, and why it is due then."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.account import RungAccount, Stretch
from engine.core.codec import encode_instant
from engine.core.run import Standing
from engine.core.run import Why as NotCounted
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.scalar import Instant, Number, Seconds, of_instant, of_length
from engine.representation.trace import DeadlineObject, Length, TraceObject, of_deadline, of_trace
from engine.runtime.clocks import CaseClocks, ClockView, CycleView


class StretchObject(TypedDict):
    """A time that counted or did not."""

    begins: Instant
    ends: Annotated[Instant | None, Field(description="Null: it lasts.")]
    counts: bool
    why: Annotated[NotCounted | None, Field(description="Why it does not count.")]
    state: str | None
    state_title: LabelObject | None


class ReminderObject(TypedDict):
    """A rung of the ladder, still to come where `result` is null."""

    rung: Annotated[str, Field(description="As the definition writes it.", examples=["75%", "due+1wd"])]
    repetition: int
    at: Instant
    result: str | None
    noticed_at: Instant | None
    into: str | None
    why: list[str]


class CycleObject(DeadlineObject):
    """One round of a clock."""

    cycle: int
    standing: Standing
    start: Instant
    limit: Length | None
    ended_at: Instant | None
    late: Annotated[bool, Field(description="Whether it ended after its deadline.")]
    elapsed: Annotated[Seconds, Field(description="In the clock's own time: working time, or time on the wall.")]
    stretches: list[StretchObject]
    rungs: list[ReminderObject]


class ClockObject(TypedDict):
    """One clock of a case."""

    clock: str
    title: LabelObject
    legal: bool
    source: Annotated[list[str], Field(description="Which clauses of written procedures it comes from.")]
    calendar: str
    zone: Annotated[str, Field(description="Of its calendar.", examples=["Asia/Shanghai"])]
    promised_in: Annotated[LabelObject | None, Field(description="The field whose date holds instead of a limit.")]
    cycles: Annotated[list[CycleObject], Field(description="Oldest first; none while it has never run.")]
    because: Annotated[TraceObject | None, Field(description="Day by day to the deadline of the newest cycle.")]


class ClocksObject(TypedDict):
    """The clocks of a case at an instant."""

    number: Number
    now: Instant
    clocks: list[ClockObject]


def of_clocks(found: CaseClocks) -> ClocksObject:
    """The clocks of a case."""
    return {"number": found.case.number, "now": encode_instant(found.now), "clocks": [_clock(each, found) for each in found.clocks]}


def _clock(view: ClockView, found: CaseClocks) -> ClockObject:
    rule, zone = view.rule, view.calendar.zone
    return {
        "clock": rule.id,
        "title": of_label(rule.title),
        "legal": rule.legal,
        "source": list(rule.source),
        "calendar": view.calendar.id,
        "zone": zone.key,
        "promised_in": of_optional(view.promised_in),
        "cycles": [_cycle(each, zone, found) for each in view.cycles],
        "because": of_trace(view.trace, view.calendar) if view.trace is not None else None,
    }


def _cycle(cycle: CycleView, zone: ZoneInfo, found: CaseClocks) -> CycleObject:
    account, run = cycle.account, cycle.account.run
    return {
        "cycle": run.cycle,
        "standing": run.standing,
        "start": encode_instant(run.start),
        "limit": f"{run.limit.count}{run.limit.unit}" if run.limit is not None else None,
        "ended_at": of_instant(cycle.ended_at),
        "late": cycle.is_late,
        "elapsed": of_length(account.elapsed),
        **of_deadline(cycle.due, zone),
        "stretches": [_stretch(each, found) for each in account.stretches],
        "rungs": [_reminder(each) for each in account.rungs],
    }


def _stretch(each: Stretch, found: CaseClocks) -> StretchObject:
    return {
        "begins": encode_instant(each.begins),
        "ends": of_instant(each.ends),
        "counts": each.why is None,
        "why": each.why,
        "state": each.state,
        "state_title": of_label(found.state(each.state)) if each.state is not None else None,
    }


def _reminder(each: RungAccount) -> ReminderObject:
    fired = each.fired
    return {
        "rung": each.rung,
        "repetition": each.repetition,
        "at": encode_instant(each.at),
        "result": fired.result if fired is not None else None,
        "noticed_at": encode_instant(fired.at) if fired is not None else None,
        "into": fired.into if fired is not None else None,
        "why": list(fired.why) if fired is not None else [],
    }
