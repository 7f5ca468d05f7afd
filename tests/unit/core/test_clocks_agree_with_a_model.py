"""Whatever happens to a case, its clocks are what a naive reading of its history says, and the history alone makes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.event import Corrected, Event, Moved, Opened, RungFired
from engine.core.evolve import evolve
from engine.core.perform import Before, environment_of
from engine.core.run import ClockChange
from tests.unit.core.naive import Firing, minute
from tests.unit.core.scripts import SCRIPTS, Script, Stage

QUICK = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
FULL = settings(max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])


def played(script: Script, *, checked: bool = False) -> Stage:
    """The case after the script and nine more days, each rung seen to in its minute; `checked` compares after everything."""
    stage = Stage()
    stage.open()
    for gap, choice, value in script:
        stage.pass_on(stage.now + timedelta(minutes=gap))
        if checked:
            stage.check()
        stage.act(choice, value)
        if checked:
            stage.check()
    stage.pass_on(stage.now + timedelta(days=9))
    return stage


def firings(stage: Stage, clock: str) -> list[Firing]:
    """The rungs of a clock as history has them."""
    return [
        Firing(each.cycle, each.rung, each.repetition, minute(each.due_at), minute(each.at), each.result)
        for each in stage.events
        if isinstance(each, RungFired) and each.clock == clock
    ]


def clocks_are_what_the_model_says(script: Script) -> None:
    stage = played(script, checked=True)
    stage.check()

    for name, model in stage.models.items():
        assert sorted(firings(stage, name), key=str) == sorted(model.firings, key=str), name


def history_alone_makes_the_clocks(script: Script) -> None:
    stage = played(script)
    case: Case | None = None
    for event in stage.events:
        after = evolve(case, event)
        if isinstance(event, Opened | Moved | Corrected):
            assert rederived(stage, case, event, after) == event.clocks
        case = after

    assert case == stage.case


def rederived(stage: Stage, case: Case | None, event: Event, after: Case) -> tuple[ClockChange, ...]:
    """What an event does to the clocks, from the case before it and the values after it."""
    stage.walk.now = event.at
    facts = stage.walk.facts("system")
    step = event.step if isinstance(event, Moved) else None
    situation = Situation(after.state, after.outcome is None, step, case is None or case.outcome is None, event.at)
    environment = environment_of(stage.walk.definition, Before.of(case or after), facts, frozenset(), after.data)
    runs = case.clocks if case is not None else {}
    changes, reasons = clock_changes(stage.walk.definition, runs, situation, environment, facts.calendars)
    assert reasons == ()
    return changes


def no_rung_is_reached_twice_or_early(script: Script) -> None:
    stage = Stage()
    stage.open()
    for gap, choice, value in script:
        stage.now += timedelta(minutes=gap)
        if choice % 3 == 0:
            stage.look()
        stage.act(choice // 3, value)
    stage.look()
    fired = [each for each in stage.events if isinstance(each, RungFired)]

    keys = [(each.clock, each.cycle, each.rung, each.repetition) for each in fired]
    assert len(keys) == len(set(keys))
    assert all(each.due_at <= each.at for each in fired)
    told = {f"{each.clock}/{each.rung}#{each.repetition}" for each in fired if each.result == "told"}
    assert {each.into for each in fired if each.into is not None} <= told


@pytest.mark.reliability
@given(SCRIPTS)
@settings(QUICK, max_examples=300)
def test_clocks_are_what_the_model_says(script: Script) -> None:
    clocks_are_what_the_model_says(script)


@given(SCRIPTS)
@QUICK
def test_history_alone_makes_the_clocks(script: Script) -> None:
    history_alone_makes_the_clocks(script)


@given(SCRIPTS)
@QUICK
def test_whoever_looks_seldom_reaches_no_rung_twice_or_early(script: Script) -> None:
    no_rung_is_reached_twice_or_early(script)


@pytest.mark.full
@given(SCRIPTS)
@settings(FULL, max_examples=10_000)
def test_clocks_are_ever_more_often_what_the_model_says(script: Script) -> None:
    clocks_are_what_the_model_says(script)


@pytest.mark.full
@given(SCRIPTS)
@FULL
def test_history_alone_makes_the_clocks_ever_more_often(script: Script) -> None:
    history_alone_makes_the_clocks(script)


@pytest.mark.full
@given(SCRIPTS)
@FULL
def test_whoever_looks_seldom_never_reaches_a_rung_twice_or_early(script: Script) -> None:
    no_rung_is_reached_twice_or_early(script)
