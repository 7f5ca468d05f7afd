"""Time has passed: which rungs has the case reached, and what becomes of each – told, performed, merged, skipped?

Every repetition of every rung is dealt with once, for `RungFired` enters the case that the next decision reads. What was noticed in
time is told as it is; what was missed while nobody worked follows the `late` of its rung, so that a downtime is no flood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.core.case import Case
from engine.core.clock import Reached, due_of, reached, timers
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM, conclude
from engine.core.decision import Accepted, Opening, Reason
from engine.core.effect import Effect, Notify, Occurrence, OpenIncident
from engine.core.event import CalendarExtended, Event, Result, RungFired, TimerLapsed
from engine.core.evolve import evolve
from engine.core.expression import Environment
from engine.core.facts import Facts
from engine.core.moving import Move, move
from engine.core.perform import Before, environment_of
from engine.core.run import ClockRun
from engine.core.telling import NoticeRule, notice
from engine.label import Label, listed
from roles.policy import Right

ON_TIME = timedelta(minutes=5)
"""What is noticed later than this was missed."""
STEP_REFUSED = "step-refused"
"""The template by which the owner hears that a rung could not fire its step."""


def elapse(definition: CompiledDefinition, case: Case, facts: Facts, by: datetime) -> Accepted:
    """What is due on the case by this instant, recorded at `facts.now`. With nothing due it is a lapsed timer: all are armed anew."""
    facts = replace(facts, actor=SYSTEM)
    due = sorted(
        (
            each
            for name, run in case.clocks.items()
            for each in reached(definition.clocks[name], run, facts.calendars[definition.clocks[name].calendar], by)
        ),
        key=lambda each: (each.at, each.rule.id, each.rule.ladder.index(each.rung)),
    )
    if not due:
        return _lapsed(definition, case, facts)
    work = _Work(definition, case, facts)
    for each in due:
        work.deal_with(each)
    events, effects, openings = work.settled(by)
    return conclude(definition, case, events, effects, facts, openings)


def extend(definition: CompiledDefinition, case: Case, facts: Facts) -> Accepted:
    """Let the case follow a later edition of official holidays; every timer is computed anew."""
    event = CalendarExtended(facts.now, SYSTEM.id, None, facts.edition)
    return _rearmed(definition, case, event, facts)


@dataclass(frozen=True, slots=True)
class Fate:
    """What is to become of a rung that would tell somebody: it does, or why not, and where it goes instead."""

    result: Result = "told"
    into: Reached | None = None


def fates(case: Case, telling: Sequence[Reached], now: datetime) -> list[Fate]:
    """The fate of each of these rungs, which lie in order of time and would all tell somebody; `case` is the one before any of them."""
    past = {each.rule.id: each for each in telling if _is_already_past(case, each) and not _lies_before_start(case, each)}
    missed = [each for each in telling if _is_missed(case, each, now) and each.rung.late != "skip"]
    return [_fate(case, each, now, past.get(each.rule.id), missed[-1] if missed else None) for each in telling]


def _fate(case: Case, each: Reached, now: datetime, past: Reached | None, missed: Reached | None) -> Fate:
    if _is_already_past(case, each) or _lies_before_start(case, each):
        # Of what was past when the deadline was set, only the highest is told.
        return Fate() if each is past else Fate("merged", past)
    if not _is_missed(case, each, now) or each.rung.late == "send":
        return Fate()
    if each.rung.late == "skip":
        return Fate("skipped")
    return Fate() if each is missed else Fate("merged", missed)


def _is_missed(case: Case, each: Reached, now: datetime) -> bool:
    return now - each.at > ON_TIME and not _is_already_past(case, each)


def _is_already_past(case: Case, each: Reached) -> bool:
    return each.at <= case.clocks[each.rule.id].armed_at


def _lies_before_start(case: Case, each: Reached) -> bool:
    # Only what comes before a deadline can: one that is itself past at the start is told.
    return each.rung.after_due is not None and each.rung.after_due.count < 0 and each.at < case.clocks[each.rule.id].start


class _Work:
    """The rungs dealt with so far, and the case they lead to."""

    def __init__(self, definition: CompiledDefinition, case: Case, facts: Facts) -> None:
        self._definition = definition
        self._facts = facts
        self._case = case
        self._before = case
        self._events: list[Event] = []
        self._effects: list[tuple[int, Effect]] = []
        """Each with the index of its event."""
        self._openings: list[Opening] = []
        self._told: dict[int, tuple[Reached, RungFired]] = {}
        """By the index of the event."""

    def deal_with(self, each: Reached) -> None:
        if _course(self._case.clocks[each.rule.id]) != _course(self._before.clocks[each.rule.id]):
            return  # a step fired just now has stopped or moved this clock
        if not self._applies(each):
            self._record(each, "unmet")
        elif each.rung.fire is not None:
            self._fire(each, each.rung.fire)
        elif each.rung.notice is not None:
            self._tell(each, each.rung.notice)

    def settled(self, now: datetime) -> tuple[tuple[Event, ...], tuple[Effect, ...], tuple[Opening, ...]]:
        """What happened and whom to tell, now that it is known what is told at all: nothing merges into what is not."""
        found = fates(self._before, [each for each, _ in self._told.values()], now)
        events, silent = list(self._events), set()
        for (index, (_, event)), fate in zip(self._told.items(), found, strict=True):
            if fate.result != "told":
                into = f"{fate.into.rule.id}/{fate.into.rung.id}#{fate.into.repetition}" if fate.into is not None else None
                events[index] = replace(event, result=fate.result, into=into)
                silent.add(index)
        return tuple(events), tuple(effect for index, effect in self._effects if index not in silent), tuple(self._openings)

    def _applies(self, each: Reached) -> bool:
        return each.rung.when is None or each.rung.when.evaluate(self._environment()) is True

    def _tell(self, each: Reached, rule: NoticeRule) -> None:
        calendar = self._facts.calendars[each.rule.calendar]
        due = due_of(each.rule, self._case.clocks[each.rule.id], calendar)
        intent = notice(rule, self._environment(), self._case.state, self._occurrence(each), due.at if due is not None else None)
        index = len(self._events)
        event = self._record(each, "told" if intent is not None else "unmet")
        if intent is not None:
            self._effects.append((index, intent))
            self._told[index] = each, event

    def _fire(self, each: Reached, step: str) -> None:
        found = move(self._definition, self._case, step, {}, None, self._facts, fired_by=f"{each.rule.id}/{each.rung.id}")
        if isinstance(found, Move):
            self._record(each, "performed")
            self._effects += [(len(self._events), effect) for effect in found.effects]
            self._openings += found.openings
            self._facts = replace(self._facts, new_children=self._facts.new_children[len(found.openings) :])
            self._take(found.event)
        else:
            self._effects += [(len(self._events), effect) for effect in self._refusal(each, step, found)]
            self._record(each, "refused", why=tuple(reason.code for reason in found))

    def _refusal(self, each: Reached, step: str, reasons: tuple[Reason, ...]) -> tuple[Effect, ...]:
        owner = (Right("role", self._definition.owner),)
        title = next(known.title for state in self._definition.states.values() for known in state.steps.values() if known.id == step)
        values = {"step": title, "why": listed(reason.sentence for reason in reasons)}
        sentence = Label("到时应执行的步骤“{step}”未能执行：{why}", "“{step}”, whose time had come, could not be performed: {why}")
        notice = Notify(owner, STEP_REFUSED, self._case.state, values, self._occurrence(each))
        return notice, OpenIncident("step_refused", step, sentence.fill(**values))

    def _record(self, each: Reached, result: Result, why: tuple[str, ...] = ()) -> RungFired:
        run = self._case.clocks[each.rule.id]
        event = RungFired(
            at=self._facts.now,
            actor=SYSTEM.id,
            on_behalf_of=None,
            clock=each.rule.id,
            cycle=run.cycle,
            rung=each.rung.id,
            repetition=each.repetition,
            # What was past when the deadline was set could be noticed from then on: nobody was late.
            due_at=max(each.at, run.armed_at),
            result=result,
            why=why,
        )
        self._take(event)
        return event

    def _take(self, event: Event) -> None:
        self._case = evolve(self._case, event)
        self._events.append(event)

    def _occurrence(self, each: Reached) -> Occurrence:
        return Occurrence(each.rule.id, self._case.clocks[each.rule.id].cycle, each.rung.id, each.repetition, each.at)

    def _environment(self) -> Environment:
        return environment_of(self._definition, Before.of(self._case), self._facts, frozenset(), self._case.data)


def _course(run: ClockRun) -> tuple[object, ...]:
    return run.cycle, run.standing, run.start, run.limit, run.promised, run.breaks


def _lapsed(definition: CompiledDefinition, case: Case, facts: Facts) -> Accepted:
    return _rearmed(definition, case, TimerLapsed(facts.now, SYSTEM.id, None), facts)


def _rearmed(definition: CompiledDefinition, case: Case, event: Event, facts: Facts) -> Accepted:
    after = evolve(case, event)
    return Accepted(after, (event,), timers(definition, after, facts.calendars))
