"""Takes the newest step back: a compensating entry, after which the case is as it was, as if time had only passed.

What was told to nobody yet is told no more; who was told inside hears that it holds no longer. Nobody outside ever hears of a step
that was undone, since they are told only when it can be undone no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.core.calculation import differences
from engine.core.case import Case
from engine.core.command import Undo
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM, conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.effect import CancelChild, Effect, Notify, RecallNotices
from engine.core.event import CalendarExtended, Commented, Disclosed, Event, Moved, RungFired, TimerLapsed, Undone, Voided
from engine.core.evolve import replay
from engine.core.facts import Facts, Rewind
from engine.core.family import cancels, stays_open
from engine.core.moving import PARENT_HAS_ENDED
from engine.core.perform import faults_of_reason
from engine.core.run import ClockRun, taken_back
from engine.core.unique import duplicates
from engine.label import Label, listed, verbatim
from roles.policy import Right

STEP_UNDONE = "step-undone"
"""The template by which those who were told of a step hear that it was undone, and the owner that a legal clock was struck out."""

_NONE = Label("", "")


def undo(definition: CompiledDefinition, case: Case, command: Undo, facts: Facts, stale: tuple[Reason, ...]) -> Decision:
    """The case as it was before its newest step – or every reason why that step stands."""
    reasons = (*stale, *faults_of_reason(command.reason, is_required=True))
    rewind = _undoable(definition, facts)
    if isinstance(rewind, Label):
        return Refused((*reasons, Reason("not_undoable", rewind)))
    reasons += _not_restorable(definition, case, rewind, facts)
    if reasons:
        return Refused(reasons)
    before = rewind.before
    event = Undone(
        at=facts.now,
        actor=facts.actor.id,
        on_behalf_of=None,
        reason=command.reason,
        step=rewind.moved.step,
        undoes=rewind.seq,
        to=before.state,
        outcome=before.outcome,
        assignee=before.assignee,
        unit=before.unit,
        visit=before.visit,
        entered_at=before.entered_at,
        ended_at=before.ended_at,
        changes=differences(case.data, before.data),
        runs=_runs(definition, case, rewind, facts),
        disowned=tuple(child.id for child in rewind.moved.children),
    )
    return conclude(definition, case, (event,), _effects(definition, case, command, rewind), facts)


def rewound(history: Sequence[Event]) -> Rewind | None:
    """What undoing the newest step of a history would restore; None without any step. Who was told, and other cases, are not in it."""
    last = max((place for place, event in enumerate(history) if isinstance(event, Moved)), default=None)
    if last is None:
        return None
    moved = history[last]
    assert isinstance(moved, Moved)
    return Rewind(replay(history[:last]), last + 1, moved, tuple(history[last + 1 :]))


def moved_on(case: Case, moved: Moved, others: Callable[[str], Case | None]) -> tuple[str, ...]:
    """The children that the step opened and that have done more than open; the parent, if it went on after the step ended this case.

    `others`: number → the case as it stands; None for one that is not there.
    """
    found = []
    for child in moved.children:
        known = others(child.number)
        later = known.performed[1:] if known is not None else ()
        # What the system did by itself in the moment of its opening is part of the opening.
        if any(done.at > moved.at or done.actor != SYSTEM.id for done in later):
            found.append(child.number)
    if case.parent is not None and moved.outcome is not None:
        parent = others(case.parent.number)
        if parent is not None and parent.performed[-1].at >= moved.at:
            found.append(case.parent.number)
    return tuple(found)


def _undoable(definition: CompiledDefinition, facts: Facts) -> Rewind | Label:
    """The newest step, or why it cannot be taken back, whatever it has changed."""
    rewind = facts.rewind
    if definition.undo is None:
        return Label("本流程不允许撤销", "This process allows no undoing")
    if rewind is None:
        return Label("建单后还没有执行过步骤，没有可撤销的", "No step has been performed since the opening: there is nothing to take back")
    moved = rewind.moved
    step = definition.states[moved.source].steps[moved.step]
    minutes = int(definition.undo.total_seconds() // 60)
    if any(_is_seen(event) for event in rewind.later):
        fault = Label("“{step}”之后工单又有变动，不能再撤销", "Something has happened since “{step}”: it cannot be taken back any more")
    elif moved.actor == SYSTEM.id:
        fault = Label("“{step}”由系统自动执行，不能撤销", "“{step}” was performed by the system: it cannot be taken back")
    elif facts.actor.id != moved.actor or facts.actor.kind != "person":
        fault = Label("“{step}”由“{actor}”执行，只有本人可以撤销", "“{step}” was performed by “{actor}”, who alone can take it back")
    elif not step.undoable:
        fault = Label("流程规定“{step}”不可撤销", "The process says that “{step}” is never taken back")
    elif facts.now >= moved.at + definition.undo or rewind.informed:
        fault = Label("“{step}”只能在 {minutes} 分钟内撤销，现已超过", "“{step}” can be taken back for {minutes} minutes, which are over")
    else:
        return _family_fault(rewind, step.title) or rewind
    return fault.fill(step=step.title, actor=facts.called.person(moved.actor), minutes=minutes)


def _family_fault(rewind: Rewind, title: Label) -> Label | None:
    """Why what the step has set going in other cases forbids taking it back."""
    if rewind.moved_on:
        fault = Label("“{step}”带动的工单已有进展：{numbers}", "Cases that “{step}” has set going have moved: {numbers}")
        return fault.fill(step=title, numbers=listed(map(verbatim, rewind.moved_on)))
    if kept := stays_open(rewind.moved):
        fault = Label(
            "“{step}”开出的子工单不会随之取消：{numbers}", "The cases that “{step}” has opened are not cancelled with it: {numbers}"
        )
        return fault.fill(step=title, numbers=listed(map(verbatim, kept)))
    if cancels(rewind.before, rewind.moved):
        return Label("“{step}”已取消了子工单", "“{step}” has cancelled child cases").fill(step=title)
    return None


def _is_seen(event: Event) -> bool:
    """Whether a person sees the event; the signatures that the step itself made void belong to the step."""
    if isinstance(event, Voided):
        return event.why == "withdrawn"
    return not isinstance(event, Commented | Disclosed | RungFired | TimerLapsed | CalendarExtended)


def _not_restorable(definition: CompiledDefinition, case: Case, rewind: Rewind, facts: Facts) -> tuple[Reason, ...]:
    """Why the case cannot stand as it did: its parent has ended since, or another case has taken its values."""
    is_open = rewind.before.outcome is None
    parent = (PARENT_HAS_ENDED,) if is_open and case.outcome is not None and not facts.parent_is_open else ()
    kept = {name: value for name, value in rewind.before.data.items() if is_open or definition.fields[name].unique == "ever"}
    return (*parent, *duplicates(definition, kept, facts))


def _runs(definition: CompiledDefinition, case: Case, rewind: Rewind, facts: Facts) -> dict[str, ClockRun]:
    """The clocks that the step has changed, as they were."""
    restored = {
        name: taken_back(rewind.before.clocks.get(name), run, rewind.moved.at, facts.now, counts=definition.clocks[name].legal)
        for name, run in case.clocks.items()
    }
    return {name: run for name, run in restored.items() if run != case.clocks[name]}


def _effects(definition: CompiledDefinition, case: Case, command: Undo, rewind: Rewind) -> tuple[Effect, ...]:
    """What is told no more, who is told so, and the opened cases that are cancelled."""
    effects: list[Effect] = [RecallNotices(rewind.told_under)]
    state = rewind.before.state
    words = {"step": definition.states[rewind.moved.source].steps[rewind.moved.step].title, "why": verbatim(command.reason)}
    if rewind.told:
        effects.append(Notify(tuple(Right("person", person) for person in rewind.told), STEP_UNDONE, state, {**words, "clocks": _NONE}))
    struck = [definition.clocks[name].title for name, run in case.clocks.items() if _is_struck(definition, name, run, rewind)]
    if struck:
        effects.append(Notify((Right("role", definition.owner),), STEP_UNDONE, state, {**words, "clocks": listed(struck)}))
    effects += [CancelChild(child.id, child.cancel_step) for child in rewind.moved.children if child.cancel_step is not None]
    return tuple(effects)


def _is_struck(definition: CompiledDefinition, name: str, run: ClockRun, rewind: Rewind) -> bool:
    """Whether the step had started this legal clock."""
    known = rewind.before.clocks.get(name)
    return definition.clocks[name].legal and (known is None or known.cycle != run.cycle)
