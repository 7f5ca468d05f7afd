"""The run of a clock: its present cycle on one case. The fold of the changes that events carry, and nothing else.

No counter is kept: how much has passed, what is due and when are computed from here by `core.clock`, whenever they are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.timing.interval import Interval
from engine.timing.period import Period

Standing = Literal["running", "paused", "stopped", "ended"]
"""running: time counts. paused: in a state that pauses it. stopped: outside its states, or its `when` does not hold; it may go
on. ended: its step was performed; only a new cycle follows."""

Change = Literal["started", "resumed", "paused", "stopped", "ended", "revised"]
Why = Literal["pause", "outside", "condition", "closed", "done"]
"""Why time does not count: a state that pauses, a state outside, a `when` that does not hold, a case that had ended, a step of `until`."""


@dataclass(frozen=True, slots=True)
class ClockChange:
    """What an event did to one clock. `start`, `limit` and `promised` are the values that hold from here on."""

    clock: str
    change: Change
    start: datetime
    limit: Period | None = None
    promised: datetime | None = None
    """The instant that the field of `due` stands for, while it is set."""
    why: Why | None = None
    counted: bool = False
    """Resumed as if it had never stood: a legal clock counts the time in which the case had ended."""


@dataclass(frozen=True, slots=True)
class Break:
    """Time that does not count, [begins, ends), and why; `state` is where the case stood."""

    begins: datetime
    ends: datetime | None
    why: Why
    state: str

    @property
    def interval(self) -> Interval:
        """The same without its reason."""
        return Interval(self.begins, self.ends)


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One cycle. All instants are aware, in UTC."""

    cycle: int
    """From 1; one more with every restart. 0: none, since the step that started the first was undone."""
    standing: Standing
    start: datetime
    """From when it counts; with `from: FIELD` this may lie before the case."""
    armed_at: datetime
    """Since when the present deadline holds: what lies before was already past when it was set."""
    limit: Period | None
    promised: datetime | None
    breaks: tuple[Break, ...] = ()
    fired: Mapping[str, int] = field(default_factory=dict)
    """rung → how often it was reached, told or not."""
    pending: tuple[str, ...] = ()
    """The rungs whose steps were refused, to be tried again while it runs."""
    struck: int = 0
    """How many cycles after this one were struck out with the steps that began them: their numbers are not used again."""


def changed(run: ClockRun | None, change: ClockChange, at: datetime, state: str) -> ClockRun:
    """The run after a change that happened at `at`, in which the case came to stand in `state`."""
    if change.change == "started" or run is None:
        cycle = 1 if run is None else run.cycle + run.struck + 1
        fresh = ClockRun(cycle, "running", change.start, at, change.limit, change.promised)
        return fresh if change.why is None else replace(fresh, standing=_standing(change), breaks=(Break(at, None, change.why, state),))
    if change.change == "revised":
        return replace(run, start=change.start, armed_at=at, limit=change.limit, promised=change.promised)
    breaks = _closed(run.breaks, at, counted=change.counted)
    if change.why is not None:
        breaks = (*breaks, Break(at, None, change.why, state))
    standing: Standing = "running" if change.change == "resumed" else change.change
    return replace(
        run,
        standing=standing,
        start=change.start,
        armed_at=at,
        limit=change.limit,
        promised=change.promised,
        breaks=breaks,
        pending=() if standing == "ended" else run.pending,
    )


def fired(run: ClockRun, rung: str, *, pending: bool) -> ClockRun:
    """The run after a rung was reached once more; `pending`: its step was refused and will be tried again."""
    still = (*run.pending, rung) if pending and rung not in run.pending else run.pending
    return replace(run, fired={**run.fired, rung: run.fired.get(rung, 0) + 1}, pending=still)


def performed(run: ClockRun, rung: str) -> ClockRun:
    """The run after the step of a rung was performed: it is pending no more."""
    return replace(run, pending=tuple(each for each in run.pending if each != rung))


def taken_back(before: ClockRun | None, now: ClockRun, since: datetime, at: datetime, *, counts: bool) -> ClockRun:
    """The run at `at`, after the step that made `now` of `before` at `since` was undone: `before`, as if time had only passed.

    What was reached in the same cycle stays so. `counts`: the time between counts, if it did while the step held (a legal clock).
    """
    struck = now.cycle + now.struck - (before.cycle if before is not None else 0)
    if before is None:
        return ClockRun(0, "ended", now.start, now.armed_at, None, None, struck=struck)
    if now.cycle != before.cycle:
        return replace(before, struck=struck)
    breaks = before.breaks
    # The time in which a case had ended counts for a legal clock anyway, once it is open again.
    if counts and now.standing == "running" and breaks and breaks[-1].ends is None and breaks[-1].why != "closed":
        breaks = (*breaks[:-1], replace(breaks[-1], ends=since), replace(breaks[-1], begins=at))
    pending = (*before.pending, *(rung for rung in now.pending if rung not in before.pending))
    return replace(before, breaks=breaks, fired={**before.fired, **now.fired}, pending=pending, struck=struck)


def _standing(change: ClockChange) -> Standing:
    return "paused" if change.why == "pause" else "stopped"


def _closed(breaks: tuple[Break, ...], at: datetime, *, counted: bool) -> tuple[Break, ...]:
    if not breaks or breaks[-1].ends is not None:
        return breaks
    return breaks[:-1] if counted else (*breaks[:-1], replace(breaks[-1], ends=at))
