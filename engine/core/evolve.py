"""How events make a case: `evolve` applies one event, `replay` folds a whole history. Evaluates nothing, needs no definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from engine.core.case import Case, Child, Performance, Signature, Signing
from engine.core.event import (
    Assigned,
    CalendarExtended,
    Changes,
    ChildChanged,
    ChildOpened,
    Commented,
    Corrected,
    Disclosed,
    Event,
    Moved,
    Opened,
    RungFired,
    Signed,
    TimerLapsed,
    Undone,
    Voided,
)
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
    if isinstance(event, Commented | Disclosed | RungFired | TimerLapsed | CalendarExtended):
        return _noted(case, event)
    return replace(_seen(case, event), last_at=event.at, seq=case.seq + 1, revision=case.revision + 1)


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
        parent=event.parent,
        children=_opened_children({}, event.children, event.at),
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
        performed=(*case.performed, performance(case, event.step, event.actor, event.on_behalf_of, event.at)),
        visit=case.visit + 1 if event.entered else case.visit,
        opened_at=case.opened_at,
        entered_at=event.at if event.entered else case.entered_at,
        ended_at=ended_at,
        last_at=event.at,
        seq=case.seq + 1,
        revision=case.revision + 1,
        clocks=_clocked(case.clocks, event.clocks, event.at, event.to, event.fired_by),
        edition=case.edition,
        parent=case.parent,
        children=_opened_children(case.children, event.children, event.at),
        # Signatures count in one stay; those of the step itself are used up by it.
        signing={} if event.entered else {step: each for step, each in case.signing.items() if step != event.step},
    )


def performance(case: Case, step: str, actor: str, on_behalf_of: str | None, at: datetime) -> Performance:
    """What is kept of a step that is performed in a case as it stands before it."""
    signing = case.signing.get(step)
    if signing is None:
        return Performance(step, actor, on_behalf_of, at)
    cosigners = tuple(person for each in signing.signatures for person in (each.actor, each.on_behalf_of) if person is not None)
    return Performance(step, actor, on_behalf_of, at, cosigners=cosigners)


def _seen(case: Case, event: Corrected | Assigned | Signed | Voided | ChildChanged | Undone) -> Case:
    """The case after what a person sees, and what is no move; its counters are the caller's."""
    if isinstance(event, Corrected):
        return replace(case, data=_changed(case.data, event.changes), clocks=_clocked(case.clocks, event.clocks, event.at, case.state))
    if isinstance(event, Assigned):
        return replace(case, assignee=event.assignee, clocks=_clocked(case.clocks, event.clocks, event.at, case.state))
    if isinstance(event, Signed):
        return replace(case, signing={**case.signing, event.step: _signed(case.signing.get(event.step), event)})
    if isinstance(event, Voided):
        return replace(case, signing=_voided(case.signing, event))
    if isinstance(event, ChildChanged):
        data, clocks = _changed(case.data, event.changes), _clocked(case.clocks, event.clocks, event.at, case.state)
        return replace(case, children=_changed_child(case.children, event), data=data, clocks=clocks)
    return _undone(case, event)


def _signed(signing: Signing | None, event: Signed) -> Signing:
    signature = Signature(event.actor, event.on_behalf_of, event.at, event.through)
    if signing is None:
        return Signing(event.form or {}, event.reason, (signature,))
    return replace(signing, signatures=(*signing.signatures, signature))


def _voided(signing: Mapping[str, Signing], event: Voided) -> Mapping[str, Signing]:
    if event.step not in signing:
        return signing  # the move that left the state has emptied it already
    left = tuple(each for each in signing[event.step].signatures if each.actor not in event.signers)
    after = {step: each for step, each in signing.items() if step != event.step}
    return {**after, event.step: replace(signing[event.step], signatures=left)} if left else after


def _opened_children(
    children: Mapping[str, tuple[Child, ...]], opened: tuple[ChildOpened, ...], at: datetime
) -> Mapping[str, tuple[Child, ...]]:
    if not opened:
        return children
    after = dict(children)
    for each in opened:
        child = Child(each.id, each.number, each.workflow, each.row, each.at_end, each.cancel_step, at)
        after[each.alias] = (*after.get(each.alias, ()), child)
    return after


def _changed_child(children: Mapping[str, tuple[Child, ...]], event: ChildChanged) -> dict[str, tuple[Child, ...]]:
    def after(child: Child) -> Child:
        if child.id != event.id:
            return child
        return replace(child, state=event.state, outcome=event.outcome, ended_at=event.ended_at, returns=event.returns)

    return {**children, event.alias: tuple(after(child) for child in children[event.alias])}


def _undone(case: Case, event: Undone) -> Case:
    last = max(place for place, done in enumerate(case.performed) if done.step == event.step and not done.undone)
    return replace(
        case,
        state=event.to,
        outcome=event.outcome,
        assignee=event.assignee,
        unit=event.unit,
        visit=event.visit,
        entered_at=event.entered_at,
        ended_at=event.ended_at,
        data=_changed(case.data, event.changes),
        clocks={**case.clocks, **event.runs},
        children=_disowned(case.children, event.disowned) if event.disowned else case.children,
        performed=tuple(replace(done, undone=True) if place == last else done for place, done in enumerate(case.performed)),
        # Of a step that stayed where it was, undoing leaves no state.
        signing=case.signing if event.visit == case.visit else {},
    )


def _disowned(children: Mapping[str, tuple[Child, ...]], ids: tuple[str, ...]) -> dict[str, tuple[Child, ...]]:
    return {
        alias: tuple(replace(child, disowned=True) if child.id in ids else child for child in of_alias)
        for alias, of_alias in children.items()
    }


def _noted(case: Case, event: Commented | Disclosed | RungFired | TimerLapsed | CalendarExtended) -> Case:
    clocks, edition = case.clocks, case.edition
    if isinstance(event, RungFired):
        clocks = {**clocks, event.clock: fired(clocks[event.clock], event.rung, pending=event.result == "refused")}
    elif isinstance(event, CalendarExtended):
        edition = event.edition
    # Not dataclasses.replace: a sweep does this for every rung.
    return Case(
        id=case.id,
        number=case.number,
        workflow=case.workflow,
        digest=case.digest,
        unit=case.unit,
        state=case.state,
        outcome=case.outcome,
        data=case.data,
        assignee=case.assignee,
        performed=case.performed,
        visit=case.visit,
        opened_at=case.opened_at,
        entered_at=case.entered_at,
        ended_at=case.ended_at,
        last_at=event.at,
        seq=case.seq + 1,
        # Neither a remark, nor who has read what, nor a reminder breaks somebody's open form (DESIGN law 5).
        revision=case.revision,
        clocks=clocks,
        edition=edition,
        parent=case.parent,
        children=case.children,
        signing=case.signing,
    )


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
