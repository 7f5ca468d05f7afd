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
from engine.core.decision import Accepted, Reason
from engine.core.effect import Notify, Occurrence
from engine.core.event import CalendarExtended, Event, Result, RungFired, TimerLapsed
from engine.core.evolve import evolve
from engine.core.expression import Environment
from engine.core.facts import Facts
from engine.core.moving import Move, move
from engine.core.perform import Before, environment_of
from engine.core.telling import NoticeRule, notice
from engine.label import listed
from roles.policy import Right

ON_TIME = timedelta(minutes=5)
"""What is noticed later than this was missed."""
STEP_REFUSED = "step-refused"
"""The template by which the owner hears that a rung could not fire its step."""


def elapse(definition: CompiledDefinition, case: Case, facts: Facts) -> Accepted:
    """What is due on the case at `facts.now`. With nothing due it is a lapsed timer: recorded, and the timers are armed anew."""
    facts = replace(facts, actor=SYSTEM)
    due = sorted(
        (
            each
            for name, run in case.clocks.items()
            for each in reached(definition.clocks[name], run, facts.calendars[definition.clocks[name].calendar], facts.now)
        ),
        key=lambda each: (each.at, each.rule.id, each.rung.id),
    )
    if not due:
        return _lapsed(definition, case, facts)
    work = _Work(definition, case, facts)
    for each, fate in zip(due, fates(case, due, facts.now), strict=True):
        work.deal_with(each, fate)
    return conclude(definition, case, tuple(work.events), tuple(work.notices), facts)


def extend(definition: CompiledDefinition, case: Case, facts: Facts) -> Accepted:
    """Let the case follow a later edition of official holidays; every timer is computed anew."""
    event = CalendarExtended(facts.now, SYSTEM.id, None, facts.edition)
    return _rearmed(definition, case, event, facts)


@dataclass(frozen=True, slots=True)
class Fate:
    """What is to become of a rung that was reached: told or performed (`acts`), or why not, and where it goes instead."""

    acts: bool
    result: Result = "told"
    into: Reached | None = None


def fates(case: Case, due: Sequence[Reached], now: datetime) -> list[Fate]:
    """The fate of each of these rungs, which lie in order of time. Steps are always tried: only tellings merge."""
    telling = [each for each in due if each.rung.notice is not None and not _is_skipped(case, each, now)]
    kept = [each for each in telling if _is_kept(case, each, telling, now)]
    latest = next((each for each in reversed(telling) if not _lies_before_start(case, each)), None)
    if latest is not None and latest not in kept and not _is_already_past(case, latest):
        kept.append(latest)
    found: list[Fate] = []
    for each in due:
        if each.rung.notice is None or each in kept:
            found.append(Fate(acts=True))
        elif each in telling:
            found.append(Fate(acts=False, result="merged", into=latest))
        else:
            found.append(Fate(acts=False, result="skipped"))
    return found


def _is_kept(case: Case, each: Reached, telling: Sequence[Reached], now: datetime) -> bool:
    if _lies_before_start(case, each):
        return False
    if _is_already_past(case, each):
        # Of what was past when the deadline was set, only the highest is told.
        return each is [other for other in telling if other.rule is each.rule and _is_already_past(case, other)][-1]
    return now - each.at <= ON_TIME or each.rung.late == "send"


def _is_skipped(case: Case, each: Reached, now: datetime) -> bool:
    return each.rung.late == "skip" and now - each.at > ON_TIME and not _is_already_past(case, each)


def _is_already_past(case: Case, each: Reached) -> bool:
    return each.at <= case.clocks[each.rule.id].armed_at


def _lies_before_start(case: Case, each: Reached) -> bool:
    return each.at < case.clocks[each.rule.id].start


class _Work:
    """The rungs dealt with so far, and the case they lead to."""

    def __init__(self, definition: CompiledDefinition, case: Case, facts: Facts) -> None:
        self._definition = definition
        self._facts = facts
        self._case = case
        self._cycles = {name: run.cycle for name, run in case.clocks.items()}
        self.events: list[Event] = []
        self.notices: list[Notify] = []

    def deal_with(self, each: Reached, fate: Fate) -> None:
        run = self._case.clocks[each.rule.id]
        if run.standing != "running" or run.cycle != self._cycles[each.rule.id]:
            return  # a step fired just now has stopped this clock
        if not fate.acts:
            self._record(each, fate.result, into=fate.into)
        elif not self._applies(each):
            self._record(each, "unmet")
        elif each.rung.fire is not None:
            self._fire(each, each.rung.fire)
        elif each.rung.notice is not None:
            self._tell(each, each.rung.notice)

    def _applies(self, each: Reached) -> bool:
        return each.rung.when is None or each.rung.when.evaluate(self._environment()) is True

    def _tell(self, each: Reached, rule: NoticeRule) -> None:
        calendar = self._facts.calendars[each.rule.calendar]
        due = due_of(each.rule, self._case.clocks[each.rule.id], calendar)
        intent = notice(rule, self._environment(), self._case.state, self._occurrence(each), due.at if due is not None else None)
        if intent is not None:
            self.notices.append(intent)
        self._record(each, "told" if intent is not None else "unmet")

    def _fire(self, each: Reached, step: str) -> None:
        found = move(self._definition, self._case, step, {}, None, self._facts, fired_by=each.rule.id)
        if isinstance(found, Move):
            self._record(each, "performed")
            self._take(found.event)
            self.notices += found.notices
        else:
            self.notices.append(self._refusal(each, step, found))
            self._record(each, "refused", why=tuple(reason.code for reason in found))

    def _refusal(self, each: Reached, step: str, reasons: tuple[Reason, ...]) -> Notify:
        owner = (Right("role", self._definition.owner),)
        title = next(known.title for state in self._definition.states.values() for known in state.steps.values() if known.id == step)
        values = {"step": title, "why": listed(reason.sentence for reason in reasons)}
        return Notify(owner, STEP_REFUSED, self._case.state, values, self._occurrence(each))

    def _record(self, each: Reached, result: Result, *, into: Reached | None = None, why: tuple[str, ...] = ()) -> None:
        run = self._case.clocks[each.rule.id]
        self._take(
            RungFired(
                at=self._facts.now,
                actor=SYSTEM.id,
                on_behalf_of=None,
                clock=each.rule.id,
                cycle=run.cycle,
                rung=each.rung.id,
                repetition=each.repetition,
                due_at=each.at,
                result=result,
                into=f"{into.rule.id}/{into.rung.id}#{into.repetition}" if into is not None else None,
                why=why,
            )
        )

    def _take(self, event: Event) -> None:
        self._case = evolve(self._case, event)
        self.events.append(event)

    def _occurrence(self, each: Reached) -> Occurrence:
        return Occurrence(each.rule.id, self._case.clocks[each.rule.id].cycle, each.rung.id, each.repetition, each.at)

    def _environment(self) -> Environment:
        return environment_of(self._definition, Before.of(self._case), self._facts, frozenset(), self._case.data)


def _lapsed(definition: CompiledDefinition, case: Case, facts: Facts) -> Accepted:
    return _rearmed(definition, case, TimerLapsed(facts.now, SYSTEM.id, None), facts)


def _rearmed(definition: CompiledDefinition, case: Case, event: Event, facts: Facts) -> Accepted:
    after = evolve(case, event)
    return Accepted(after, (event,), timers(definition, after, facts.calendars))
