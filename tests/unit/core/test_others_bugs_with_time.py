"""What went wrong with the clocks of cases in the products of others: PRODUCT §6, by number. Arithmetic alone is in tests/unit/timing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.core.clock import elapsed
from engine.core.command import Fire
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.event import TimerLapsed
from tests.unit.core.bench import fired, fires, instant, opened, run, step

REMIND = "tell: bench, template: due-soon"
OVERDUE = "tell: boss, template: overdue"


@pytest.mark.parametrize(("limit", "due"), [("1wd", "2026-09-28 18:00"), ("8wh", "2026-09-28 15:00")])
def test_2_a_pause_over_the_weekend_takes_no_working_day(limit: str, due: str) -> None:
    """GLPI#10594: paused on Friday at 16:00, resumed on Monday at 10:00, and the target had moved by the whole weekend."""
    walk = opened(f"  repair: {{title: 维修, runs_in: [working, missing], pauses: missing, limit: {limit}}}\n", "2026-09-25 09:00")
    step(walk, "2026-09-25 10:00", "take")
    assert step(walk, "2026-09-25 16:00", "need").due("repair") is None

    assert step(walk, "2026-09-28 10:00", "arrive").due("repair") == due


def test_3_a_case_ended_straight_from_a_long_pause_has_not_worked_through_it() -> None:
    """Helpdesk PR 3776: paused in February and resolved in August without resuming, the months counted as worked."""
    walk = opened("  repair: {title: 维修, runs_in: [working, missing], pauses: missing, limit: 8wh}\n", "2026-02-02 08:00")
    step(walk, "2026-02-02 09:00", "take")
    step(walk, "2026-02-03 09:00", "need")
    step(walk, "2026-08-03 09:00", "abandon")

    calendar = walk.definition.calendars["desk-hours"]
    for at in ("2026-02-03 09:00", "2026-05-01 12:00", "2026-08-03 09:00", "2026-12-31 12:00"):
        assert elapsed(run(walk, "repair"), calendar, instant(at)) == timedelta(hours=7, minutes=30)


def test_4_a_pause_survives_a_change_of_priority() -> None:
    """GLPI#6902, #15605: another priority while the case waited gave it a new target that ran on at once."""
    limit = "limit: [{when: urgent, then: 4wh}, {else: 8wh}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: [working, missing], pauses: missing, {limit}}}\n", urgent=False)
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    step(walk, "2026-09-28 14:00", "rush", urgent=True)
    assert (walk.due("repair"), run(walk, "repair").standing) == (None, "paused")
    walk.to("2026-09-28 15:00").correct("bea", urgent=False)
    assert (walk.due("repair"), run(walk, "repair").standing) == (None, "paused")
    walk.to("2026-09-28 16:00").correct("bea", urgent=True)

    assert step(walk, "2026-09-29 09:00", "arrive").due("repair") == "2026-09-29 12:00"
    assert len(run(walk, "repair").breaks) == 1


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Pacific/Kiritimati"])
def test_5_whoever_acts_from_another_zone_gets_the_same_deadline(zone: str) -> None:
    """Helpdesk PR 3776, erpnext PR 38745: what was left was reckoned in the zone of whoever looked."""
    walk = opened("""
  days:    {title: 天, runs_in: working, limit: 3d}
  office:  {title: 工时, runs_in: working, limit: 4wh}
  given:   {title: 承诺, runs_in: working, due: promised}
  bought:  {title: 三包, runs_in: working, from: bought, limit: 30d}
""", promised="2026-09-30", bought="2026-09-20")  # fmt: skip
    walk.to("2026-09-28 16:00")
    facts = replace(walk.facts("tom"), zone=ZoneInfo("Asia/Shanghai"))
    here = decide(walk.definition, walk.case, Fire("take"), facts)
    there = decide(walk.definition, walk.case, Fire("take"), replace(facts, zone=ZoneInfo(zone)))

    assert isinstance(here, Accepted)
    assert len(here.effects) == 4
    assert there == here


def test_10_two_reminders_on_one_day_are_two_and_none_comes_after_the_state_was_left() -> None:
    """zammad#5655: the second reminder of a day was taken for a duplicate. zammad#5051: one came after the state had changed."""
    ladder = f"ladder: [{{at: 1h, {REMIND}}}, {{at: 2h, {REMIND}}}, {{at: 3h, {REMIND}}}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: working, limit: 8h, {ladder}}}\n")
    step(walk, "2026-09-28 10:00", "take")
    for at, rung in (("2026-09-28 11:00", "1h"), ("2026-09-28 12:00", "2h")):
        assert fired(walk.elapse(at)) == [(rung, 1, "told")]
        assert len(walk.told) == 1
    step(walk, "2026-09-28 12:30", "need")

    assert [type(event) for event in walk.elapse("2026-09-28 13:00")] == [TimerLapsed]
    assert walk.told == []


def test_10_a_second_case_of_reminding_on_one_day_is_a_second_reminder() -> None:
    """zammad#4348: a reminder of the same kind was not sent because one had been sent on that day."""
    clock = f"  repair: {{title: 维修, runs_in: working, restart: on_entry, limit: 1h, ladder: [{{at: due, {OVERDUE}}}]}}\n"
    walk = opened(clock, "2026-09-28 07:00")
    for hour in (8, 11, 14):
        step(walk, f"2026-09-28 {hour:02}:00", "take")
        assert fired(walk.elapse(f"2026-09-28 {hour + 1:02}:00")) == [("due", 1, "told")]
        step(walk, f"2026-09-28 {hour + 2:02}:00", "back")


def test_11_after_a_weekend_of_downtime_one_message_stands_for_three_rungs() -> None:
    """camunda#9680, and a scheduler of others: each missed run was made up for, one after the other – or none was."""
    ladder = f"ladder: [{{at: 50%, {REMIND}}}, {{at: 75%, {REMIND}}}, {{at: due, {OVERDUE}}}, {{at: due + 1wd, {OVERDUE}}}]"
    walk = opened(f"  repair: {{title: 维修, runs_in: working, limit: 4wh, {ladder}}}\n", "2026-09-25 13:00")
    step(walk, "2026-09-25 14:00", "take")
    assert (fires(walk, "repair"), walk.due("repair")) == (("50%", "2026-09-25 16:00"), "2026-09-25 18:00")

    found = walk.elapse("2026-09-28 09:00")
    assert fired(found) == [("50%", 1, "merged"), ("75%", 1, "merged"), ("due", 1, "told")]
    assert [each.template for each in walk.told] == ["overdue"]
    assert fires(walk, "repair") == ("due+1wd", "2026-09-28 18:00")
    assert fired(walk.elapse("2026-09-28 18:00")) == [("due+1wd", 1, "told")]


@pytest.mark.parametrize("words", ["runs_in: all, legal: true, source: [CON3]", "runs_in: all, restart: on_entry"])
def test_21_rework_within_the_warranty_does_not_begin_it_anew(words: str) -> None:
    """RepairDesk#573: a rework fifty days into a warranty of sixty had sixty days again."""
    walk = opened(f"  warranty: {{title: 保修, {words}, from: bought, limit: 60d}}\n", "2026-09-01 10:00", bought="2026-09-01")
    assert walk.due("warranty") == "2026-11-01 00:00"
    step(walk, "2026-09-01 11:00", "take")
    step(walk, "2026-09-02 11:00", "finish")
    assert walk.due("warranty") is None

    assert step(walk, "2026-10-21 10:00", "resume").due("warranty") == "2026-11-01 00:00"


def test_23_a_clock_runs_through_the_night_in_which_the_clocks_change() -> None:
    """The hour that is left out is not waited for, and the one that comes twice is: 22:00 in Berlin is 05:00 or 04:00 in Shanghai."""
    clocks = """
  hours:  {title: 小时, runs_in: working, restart: on_entry, limit: 5h, calendar: nights}
  worked: {title: 工时, runs_in: working, restart: on_entry, limit: 8wh, calendar: nights}
  day:    {title: 天, runs_in: working, restart: on_entry, limit: 1d, calendar: nights}
"""
    spring = step(opened(clocks, "2026-03-28 10:00"), "2026-03-29 05:00", "take")
    assert [spring.due(name) for name in ("hours", "worked", "day")] == ["2026-03-29 10:00", "2026-03-30 05:00", "2026-03-30 06:00"]

    autumn = step(opened(clocks, "2026-10-24 10:00"), "2026-10-25 04:00", "take")
    assert [autumn.due(name) for name in ("hours", "worked", "day")] == ["2026-10-25 09:00", "2026-10-25 12:00", "2026-10-26 07:00"]


def test_23_a_rung_in_the_hour_that_is_left_out_is_reached_right_after_it() -> None:
    """A day after 02:30 there is no 02:30 in Berlin; the first instant after it is 03:00, 09:00 in Shanghai."""
    clock = f"  call: {{title: 回电, runs_in: all, calendar: berlin, due: agreed, ladder: [{{at: due + 1d, {OVERDUE}}}]}}\n"
    walk = opened(clock, "2026-03-28 08:00", agreed="2026-03-28 09:30")
    assert fires(walk, "call") == ("due+1d", "2026-03-29 09:00")

    assert [type(event) for event in walk.elapse("2026-03-29 08:59")] == [TimerLapsed]
    assert fired(walk.elapse("2026-03-29 09:00")) == [("due+1d", 1, "told")]


def test_23_a_rung_in_the_hour_that_comes_twice_is_reached_once() -> None:
    """A day after 02:30 it is 02:30 in Berlin twice, at 08:30 and 09:30 in Shanghai."""
    clock = f"  call: {{title: 回电, runs_in: all, calendar: berlin, due: agreed, ladder: [{{at: due + 1d, {OVERDUE}}}]}}\n"
    walk = opened(clock, "2026-10-24 07:00", agreed="2026-10-24 08:30")
    assert fires(walk, "call") == ("due+1d", "2026-10-25 08:30")

    assert fired(walk.elapse("2026-10-25 08:30")) == [("due+1d", 1, "told")]
    assert [type(event) for event in walk.elapse("2026-10-25 09:30")] == [TimerLapsed]
