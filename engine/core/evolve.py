"""How events make a case: `evolve` applies one event, `replay` folds a whole history. Evaluates nothing, needs no definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from engine.core.case import Case, Performance
from engine.core.event import CalendarExtended, Changes, Commented, Corrected, Event, Moved, Opened, RungFired, TimerLapsed
from engine.core.kind import Value
from engine.core.run import ClockChange, ClockRun, changed, fired, performed


def evolve(case: Case | None, event: Event) -> Case:
    """The next case. `case` is None for, and only for, an Opened event; anything else is a ValueError (a damaged history)."""
    if isinstance(event, Opened):
        if case is not None:
            raise ValueError("a case is opened once")
        return _opened(event)
    if case is None:
        raise ValueError("a history begins with the opening")
    if isinstance(event, Moved):
        return _moved(case, event)
    if isinstance(event, Corrected):
        clocks = _clocked(case.clocks, event.clocks, event.at, case.state)
        data = _changed(case.data, event.changes)
        return replace(case, data=data, clocks=clocks, last_at=event.at, seq=case.seq + 1, revision=case.revision + 1)
    return _noted(case, event)


def replay(events: Iterable[Event]) -> Case:
    """The case that a history makes. Raises ValueError for an empty or impossible history."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    if case is None:
        raise ValueError("a history is never empty")
    return case


def _opened(event: Opened) -> Case:
    return Case(
        id=event.id,
        number=event.number,
        workflow=event.workflow,
        digest=event.digest,
        unit=event.unit,
        state=event.to,
        outcome=event.outcome,
        data=_changed({}, event.changes),
        assignee=event.assignee,
        performed=(Performance(event.start, event.actor, event.on_behalf_of, event.at),),
        visit=1,
        opened_at=event.at,
        entered_at=event.at,
        ended_at=event.at if event.outcome else None,
        last_at=event.at,
        seq=1,
        revision=1,
        clocks=_clocked({}, event.clocks, event.at, event.to),
        edition=event.edition,
    )


def _moved(case: Case, event: Moved) -> Case:
    ended_at = (case.ended_at or event.at) if event.outcome else None
    # Not dataclasses.replace: this is the hot path, and the constructor call is three times as quick.
    return Case(
        id=case.id,
        number=case.number,
        workflow=case.workflow,
        digest=case.digest,
        unit=event.unit,
        state=event.to,
        outcome=event.outcome,
        data=_changed(case.data, event.changes),
        assignee=event.assignee,
        performed=(*case.performed, Performance(event.step, event.actor, event.on_behalf_of, event.at)),
        visit=case.visit + 1 if event.entered else case.visit,
        opened_at=case.opened_at,
        entered_at=event.at if event.entered else case.entered_at,
        ended_at=ended_at,
        last_at=event.at,
        seq=case.seq + 1,
        revision=case.revision + 1,
        clocks=_clocked(case.clocks, event.clocks, event.at, event.to, event.fired_by),
        edition=case.edition,
    )


def _noted(case: Case, event: Commented | RungFired | TimerLapsed | CalendarExtended) -> Case:
    clocks, edition = case.clocks, case.edition
    if isinstance(event, RungFired):
        clocks = {**clocks, event.clock: fired(clocks[event.clock], event.rung, pending=event.result == "refused")}
    elif isinstance(event, CalendarExtended):
        edition = event.edition
    # Neither a remark nor a reminder breaks somebody's open form: the revision stays (DESIGN law 5).
    return replace(case, clocks=clocks, edition=edition, last_at=event.at, seq=case.seq + 1)


def _clocked(
    runs: Mapping[str, ClockRun], changes: tuple[ClockChange, ...], at: datetime, state: str, fired_by: str | None = None
) -> Mapping[str, ClockRun]:
    if not changes and fired_by is None:
        return runs
    after = {**runs, **{change.clock: changed(runs.get(change.clock), change, at, state) for change in changes}}
    if fired_by is not None:
        clock, _, rung = fired_by.partition("/")
        after[clock] = performed(after[clock], rung)
    return after


def _changed(data: Mapping[str, Value], changes: Changes) -> Mapping[str, Value]:
    after = {**data, **changes}
    return {name: value for name, value in after.items() if value is not None}
