"""The account of a clock leaves no time unexplained: what counted, what did not and why, in every cycle."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from engine.core.account import Account, Stretch, accounts, by_clock
from engine.core.evolve import replay
from tests.process import Walk
from tests.unit.core.bench import instant, local, opened, step
from tests.unit.core.scripts import SCRIPTS, Script, Stage, process

OVERDUE = "tell: boss, template: overdue"


def account(walk: Walk, clock: str, at: str) -> tuple[Account, ...]:
    """Every cycle of a clock, as it is at a local time."""
    found = accounts(walk.definition, walk.events, walk.definition.calendars, instant(at))
    return by_clock(found).get(clock, ())


def told(stretches: tuple[Stretch, ...]) -> list[tuple[str, str | None, str | None, str | None]]:
    """The stretches in short: from, until, why, in which state."""
    return [(local(each.begins)[5:], local(each.ends)[5:] if each.ends is not None else None, each.why, each.state) for each in stretches]


def assert_whole(found: Account, now: datetime) -> None:
    """From the start until now, or until the next cycle, each instant lies in one stretch, and each break says why."""
    stretches = found.stretches
    end = found.over_at or now
    if not stretches:
        assert found.run.start >= end
        assert found.elapsed == timedelta()
        return
    assert stretches[0].begins == found.run.start
    assert stretches[-1].ends == found.over_at
    for one, next_one in pairwise(stretches):
        assert one.ends == next_one.begins
        assert one.begins < next_one.begins
    assert all((each.why is None) == (each.state is None) for each in stretches)
    if found.run.promised is not None or (found.run.limit is not None and found.run.limit.unit not in ("wh", "wd")):
        counted = [(each.ends or end) - each.begins for each in stretches if each.why is None]
        assert sum(counted, timedelta()) == found.elapsed


def test_every_break_has_its_reason_and_its_state() -> None:
    words = "runs_in: [working, missing], pauses: missing, limit: 1wd, when: urgent"
    walk = opened(f"  repair: {{title: 维修, {words}, ladder: [{{at: 50%, {OVERDUE}}}, {{at: due, {OVERDUE}}}]}}\n", urgent=True)
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    step(walk, "2026-09-28 14:00", "arrive")
    step(walk, "2026-09-28 15:00", "back")
    step(walk, "2026-09-28 16:00", "take")
    step(walk, "2026-09-28 17:00", "rush", urgent=False)
    step(walk, "2026-09-28 17:30", "rush", urgent=True)
    step(walk, "2026-09-28 18:00", "finish")

    (found,) = account(walk, "repair", "2026-09-29 10:00")
    assert told(found.stretches) == [
        ("09-28 10:00", "09-28 11:00", None, None),
        ("09-28 11:00", "09-28 14:00", "pause", "missing"),
        ("09-28 14:00", "09-28 15:00", None, None),
        ("09-28 15:00", "09-28 16:00", "outside", "waiting"),
        ("09-28 16:00", "09-28 17:00", None, None),
        ("09-28 17:00", "09-28 17:30", "condition", "working"),
        ("09-28 17:30", "09-28 18:00", None, None),
        ("09-28 18:00", None, "closed", "done"),
    ]
    assert found.elapsed == timedelta(hours=3, minutes=30)
    assert found.over_at is None


def test_rungs_are_accounted_for_before_and_after_they_are_reached() -> None:
    walk = opened(
        f"  repair: {{title: 维修, runs_in: working, limit: 4h, ladder: [{{at: 50%, {OVERDUE}}}, {{at: due, {OVERDUE}, every: 1h}}]}}\n"
    )
    step(walk, "2026-09-28 10:00", "take")
    walk.elapse("2026-09-28 12:01")

    (found,) = account(walk, "repair", "2026-09-28 12:30")
    assert [(each.rung, each.repetition, local(each.at), each.fired is not None) for each in found.rungs] == [
        ("50%", 1, "2026-09-28 12:00", True),
        ("due", 1, "2026-09-28 14:00", False),
    ]
    assert found.due is not None
    assert local(found.due.at) == "2026-09-28 14:00"


@pytest.mark.parametrize("restart", ["any_step", "[remark]"])
def test_a_cycle_before_ends_where_the_next_begins(restart: str) -> None:
    walk = opened(
        f"  idle: {{title: 闲置, runs_in: all, restart: {restart}, limit: 8h, ladder: [{{at: 1h, {OVERDUE}}}, {{at: due, {OVERDUE}}}]}}\n"
    )
    walk.elapse("2026-09-28 10:30")
    step(walk, "2026-09-28 12:00", "remark", note="在修")
    step(walk, "2026-09-28 14:00", "remark", note="还在修")

    first, second, third = account(walk, "idle", "2026-09-28 15:00")
    assert [each.run.cycle for each in (first, second, third)] == [1, 2, 3]
    assert told(first.stretches) == [("09-28 09:30", "09-28 12:00", None, None)]
    assert told(second.stretches) == [("09-28 12:00", "09-28 14:00", None, None)]
    assert told(third.stretches) == [("09-28 14:00", None, None, None)]
    assert [each.elapsed for each in (first, second, third)] == [timedelta(minutes=150), timedelta(hours=2), timedelta(hours=1)]
    assert [[each.rung for each in found.rungs] for found in (first, second, third)] == [["1h"], [], ["1h", "due"]]


def test_a_cycle_that_was_left_says_how_it_ended() -> None:
    walk = opened("  repair: {title: 维修, runs_in: working, restart: on_entry, limit: 4h}\n")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-09-28 15:00", "take")

    first, second = account(walk, "repair", "2026-09-28 15:30")
    assert told(first.stretches) == [("09-28 10:00", "09-28 11:00", None, None), ("09-28 11:00", "09-28 15:00", "outside", "waiting")]
    assert (first.elapsed, second.elapsed) == (timedelta(hours=1), timedelta(minutes=30))


def test_the_time_before_the_case_counts_from_the_field() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: all, pauses: missing, from: bought, limit: 30d}\n", bought="2026-09-20")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    step(walk, "2026-09-28 12:00", "arrive")

    (found,) = account(walk, "warranty", "2026-09-28 13:00")
    assert told(found.stretches) == [
        ("09-20 00:00", "09-28 11:00", None, None),
        ("09-28 11:00", "09-28 12:00", "pause", "missing"),
        ("09-28 12:00", None, None, None),
    ]


def test_a_start_that_is_moved_behind_a_pause_leaves_it_out_of_the_account() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: all, pauses: missing, from: bought, limit: 30d}\n", bought="2026-09-20")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    step(walk, "2026-09-28 12:00", "arrive")
    step(walk, "2026-09-30 12:00", "sold", bought="2026-09-30")

    (found,) = account(walk, "warranty", "2026-09-30 13:00")
    assert told(found.stretches) == [("09-30 00:00", None, None, None)]


def test_a_start_that_is_still_to_come_has_nothing_to_account_for() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: all, from: bought, limit: 30d}\n", bought="2026-10-10")

    (found,) = account(walk, "warranty", "2026-09-30 13:00")
    assert (found.stretches, found.elapsed) == ((), timedelta())


def test_a_clock_that_never_ran_has_no_account() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: all, from: bought, limit: 30d}\n")

    assert account(walk, "warranty", "2026-09-30 13:00") == ()


@given(SCRIPTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_every_account_is_whole(script: Script) -> None:
    stage = Stage()
    stage.open()
    for gap, choice, value in script:
        stage.pass_on(stage.now + timedelta(minutes=gap))
        stage.act(choice, value)
    now = stage.now + timedelta(hours=5)
    found = accounts(process(), stage.events, process().calendars, now)

    for each in found:
        assert_whole(each, now)
    cycles = {name: run.cycle for name, run in replay(stage.events).clocks.items()}
    assert {name: [each.run.cycle for each in group] for name, group in by_clock(found).items()} == {
        name: list(range(1, last + 1)) for name, last in cycles.items()
    }
