"""Clocks of a variant that run shorter, in fewer states or towards a later end than in the base; rungs that are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from engine.authoring.weakening.weakening import Weakening
from engine.core.problem import Path
from engine.definition.clock import PERIOD, Clock, PhaseSet, Rung, StateSet, WaitingSet
from engine.definition.value import CasesValue
from engine.definition.who import word_of
from engine.definition.workflow import Workflow
from engine.label import Label
from engine.timing.period import Period, Unit, finest

_OTHERWISE = ("since", "until", "due", "when", "restart", "calendar")
"""What else decides when a clock is due; whether a change of it is for the worse cannot be told, so it counts as one."""

_OTHER_RULE = Label("另一规则", "another rule")


def weaker_clocks(base: Workflow, variant: Workflow) -> Iterator[Weakening]:
    """The weakenings of clocks, in the order of the base."""
    for name, clock in base.clocks.items():
        kept, path = variant.clocks.get(name), ("clocks", name)
        if kept is None:
            yield Weakening("clock", name, path, Label("没有时限“{clock}”", "the clock “{clock}” is gone").fill(clock=clock.title.label))
            continue
        yield from (Weakening("clock", name, place, sentence) for place, sentence in _weaker(base, variant, name))
        yield from _missing_rungs(base, variant, name)


def _weaker(base: Workflow, variant: Workflow, name: str) -> Iterator[tuple[Path, Label]]:
    """Where a clock is made weaker, and what to say."""
    clock, kept, path = base.clocks[name], variant.clocks[name], ("clocks", name)
    title = kept.title.label
    if clock.legal and not kept.legal:
        yield (*path, "legal"), Label("“{clock}”不再是法定时限", "“{clock}” is no longer a legal clock").fill(clock=title)
    if _may_be_longer(clock.limit, kept.limit):
        old, new = _shown(clock.limit), _shown(kept.limit)
        sentence = Label("“{clock}”的时长由 {old} 改为 {new}", "the limit of “{clock}” goes from {old} to {new}")
        yield (*path, "limit"), sentence.fill(clock=title, old=old, new=new)
    left = _states(base, clock.runs_in) & variant.states.keys()
    for state in sorted(left - _states(variant, kept.runs_in)):
        sentence = Label("“{clock}”在“{state}”中不计时", "“{clock}” does not run in “{state}”")
        # The same words that mean fewer states: then a state was changed, not the clock.
        place = ("states", state) if clock.runs_in == kept.runs_in else (*path, "runs_in")
        yield place, sentence.fill(clock=title, state=variant.states[state].title.label)
    for state in sorted((_states(variant, kept.pauses) - _states(base, clock.pauses)) & base.states.keys()):
        sentence = Label("“{clock}”在“{state}”中暂停", "“{clock}” pauses in “{state}”")
        place = ("states", state) if clock.pauses == kept.pauses else (*path, "pauses")
        yield place, sentence.fill(clock=title, state=variant.states[state].title.label)
    for attribute in _OTHERWISE:
        if getattr(clock, attribute) != getattr(kept, attribute):
            key = Clock.model_fields[attribute].alias or attribute
            sentence = Label("“{clock}”的 {key} 与基础流程不同", "“{clock}” has another “{key}” than the base")
            yield (*path, key), sentence.fill(clock=title, key=key)


def _states(workflow: Workflow, named: StateSet) -> frozenset[str]:
    """The open states that a set means."""
    found = set[str]()
    for name, state in workflow.states.items():
        for each in named:
            by_name = each in (name, "all")
            by_phase = isinstance(each, PhaseSet) and each.phase == state.phase
            by_waiting = isinstance(each, WaitingSet) and each.waits_on == state.waits_on
            if state.final is None and (by_name or by_phase or by_waiting):
                found.add(name)
    return frozenset(found)


def _may_be_longer(old: CasesValue | None, new: CasesValue | None) -> bool:
    """Whether it cannot be shown that the new limit is at most as long as the old one."""
    if old == new:
        return False
    before, after = _period(old), _period(new)
    return before is None or after is None or before.unit != after.unit or after.count > before.count


def _period(limit: CasesValue | None) -> Period | None:
    written = re.fullmatch(PERIOD, limit) if isinstance(limit, str) else None
    return finest(Period(int(written[0].removesuffix(written[1])), cast(Unit, written[1]))) if written else None


def _shown(limit: CasesValue | None) -> str | Label:
    if limit is None:
        return Label("无", "none")
    return limit if isinstance(limit, str) else _OTHER_RULE


def _missing_rungs(base: Workflow, variant: Workflow, name: str) -> Iterator[Weakening]:
    clock, kept = base.clocks[name], variant.clocks[name]
    place = ("ladders", kept.ladder) if isinstance(kept.ladder, str) else ("clocks", name, "ladder")
    told: dict[str, set[str]] = {}
    for rung in _rungs(variant, kept):
        told.setdefault(rung.at, set()).update(_done(rung))
    for rung in _rungs(base, clock):
        if rung.at not in told:
            sentence = Label("“{clock}”没有提醒“{at}”", "“{clock}” lacks the rung “{at}”").fill(clock=kept.title.label, at=rung.at)
            yield Weakening("rung", name, place, sentence)
            continue
        for who in _done(rung):
            if who not in told[rung.at]:
                sentence = Label("“{clock}”的提醒“{at}”不涉及“{who}”", "the rung “{at}” of “{clock}” leaves out “{who}”")
                yield Weakening("rung", name, place, sentence.fill(clock=kept.title.label, at=rung.at, who=who))


def _rungs(workflow: Workflow, clock: Clock) -> tuple[Rung, ...]:
    return workflow.ladders.get(clock.ladder, ()) if isinstance(clock.ladder, str) else clock.ladder


def _done(rung: Rung) -> list[str]:
    """Whom it tells, or the step that it fires."""
    return [*map(word_of, rung.tell), *((rung.fire,) if rung.fire is not None else ())]
