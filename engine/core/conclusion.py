"""Concludes an accepted wish: pending steps of rungs are tried again, and the timers of every clock that changed are armed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.core.case import Case
from engine.core.clock import timers
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Accepted
from engine.core.effect import Notify
from engine.core.event import Event
from engine.core.evolve import evolve
from engine.core.facts import Facts
from engine.core.moving import Move, move
from engine.core.run import ClockRun
from roles.actor import Actor

SYSTEM = Actor("system", "system")
"""Who acts when a clock does."""


def conclude(
    definition: CompiledDefinition, before: Case | None, events: tuple[Event, ...], notices: tuple[Notify, ...], facts: Facts
) -> Accepted:
    """Accepted with the case that these events lead to, and with all that follows from them.

    `before` is None for an opening and only then.
    """
    case = before
    for event in events:
        case = evolve(case, event)
    assert case is not None
    if any(run.pending for run in case.clocks.values()):
        case, events, notices = _try_again(definition, case, events, notices, facts)
    if not definition.clocks:
        return Accepted(case, events, notices)
    known: Mapping[str, ClockRun] = {} if before is None else before.clocks
    changed = [name for name, run in case.clocks.items() if known.get(name) is not run]
    return Accepted(case, events, (*timers(definition, case, facts.calendars, changed), *notices))


def _try_again(
    definition: CompiledDefinition, case: Case, events: tuple[Event, ...], notices: tuple[Notify, ...], facts: Facts
) -> tuple[Case, tuple[Event, ...], tuple[Notify, ...]]:
    """Every step that a rung could not perform, once, as long as its clock runs (docs/reference/language.md, Ladders)."""
    by_system = replace(facts, actor=SYSTEM)
    waiting = [(name, rung) for name, run in case.clocks.items() for rung in definition.clocks[name].ladder if rung.id in run.pending]
    for name, rung in waiting:
        run = case.clocks[name]
        if rung.fire is None or rung.id not in run.pending or run.standing != "running":
            continue  # the step tried before has stopped this clock
        found = move(definition, case, rung.fire, {}, None, by_system, fired_by=f"{name}/{rung.id}")
        if isinstance(found, Move):
            case, events, notices = evolve(case, found.event), (*events, found.event), (*notices, *found.notices)
    return case, events, notices
