"""When a clock begins a new cycle, goes on in the old one, or has ended (docs/reference/language.md, Clocks)."""

from __future__ import annotations

from datetime import timedelta

from engine.core.event import TimerLapsed
from tests.unit.core.bench import counted, opened, run, step

LEGAL = "legal: true, source: [CON3]"


def test_with_never_the_time_inside_adds_up() -> None:
    walk = opened("  repair: {title: 维修, runs_in: working, limit: 4wh}\n")
    for day in ("28", "29", "30"):
        step(walk, f"2026-09-{day} 10:00", "take")
        step(walk, f"2026-09-{day} 11:00", "back")

    assert step(walk, "2026-10-01 16:00", "take").due("repair") == "2026-10-01 17:00"
    assert run(walk, "repair").cycle == 1
    assert counted(walk, "repair", "2026-10-01 16:30") == timedelta(hours=3, minutes=30)


def test_with_on_entry_each_entry_begins_a_cycle() -> None:
    walk = opened("  repair: {title: 维修, runs_in: [working, missing], restart: on_entry, limit: 4wh}\n")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "back")

    assert step(walk, "2026-09-29 10:00", "take").due("repair") == "2026-09-29 15:30"
    assert run(walk, "repair").cycle == 2
    assert counted(walk, "repair", "2026-09-29 10:30") == timedelta(minutes=30)


def test_from_one_of_its_states_to_another_is_no_entry() -> None:
    walk = opened("  repair: {title: 维修, runs_in: [working, missing], pauses: missing, restart: on_entry, limit: 4wh}\n")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "need")
    step(walk, "2026-09-28 14:00", "arrive")

    assert run(walk, "repair").cycle == 1
    assert walk.due("repair") == "2026-09-28 17:00"


def test_an_entry_whose_condition_holds_only_later_begins_a_cycle_all_the_same() -> None:
    walk = opened("  repair: {title: 维修, runs_in: working, when: urgent, restart: on_entry, limit: 4wh}\n", urgent=True)
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-09-28 11:30", "rush", urgent=False)
    step(walk, "2026-09-29 10:00", "take")
    assert walk.due("repair") is None

    assert step(walk, "2026-09-29 11:00", "rush", urgent=True).due("repair") == "2026-09-29 16:30"
    assert run(walk, "repair").cycle == 2


def test_a_condition_that_holds_again_is_no_entry() -> None:
    walk = opened("  repair: {title: 维修, runs_in: working, when: urgent, restart: on_entry, limit: 4wh}\n", urgent=True)
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "rush", urgent=False)

    assert step(walk, "2026-09-28 15:00", "rush", urgent=True).due("repair") == "2026-09-28 18:00"
    assert run(walk, "repair").cycle == 1


def test_an_idle_clock_begins_again_with_every_step() -> None:
    walk = opened("  idle: {title: 闲置, runs_in: all, pauses: missing, restart: any_step, limit: 3d}\n")
    assert walk.due("idle") == "2026-10-02 00:00"

    assert step(walk, "2026-09-29 10:00", "remark", note="在修").due("idle") == "2026-10-03 00:00"
    walk.to("2026-09-30 10:00").comment("tom", "客户来电")
    assert walk.due("idle") == "2026-10-03 00:00"
    walk.to("2026-09-30 11:00").correct("tom", note="还在修")
    assert walk.due("idle") == "2026-10-03 00:00"
    step(walk, "2026-10-01 10:00", "take")
    step(walk, "2026-10-02 10:00", "need")
    assert (walk.due("idle"), run(walk, "idle").standing) == (None, "paused")
    assert step(walk, "2026-10-06 10:00", "arrive").due("idle") == "2026-10-10 00:00"
    assert run(walk, "idle").cycle == 5


def test_a_cycle_begins_with_the_named_steps_only() -> None:
    walk = opened("  progress: {title: 通报, runs_in: all, restart: [remark, back], limit: 8wh}\n")
    step(walk, "2026-09-28 10:00", "take")
    assert walk.due("progress") == "2026-09-29 10:00"

    assert step(walk, "2026-09-28 14:00", "remark", note="已告知").due("progress") == "2026-09-29 14:30"
    assert step(walk, "2026-09-28 15:00", "need").due("progress") == "2026-09-29 14:30"
    assert run(walk, "progress").cycle == 2


def test_until_a_step_it_runs_from_the_opening() -> None:
    walk = opened("  whole: {title: 周期, until: [finish, abandon], pauses: {waits_on: parts}, limit: 5wd}\n")
    assert walk.due("whole") == "2026-10-05 18:00"

    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 17:00", "need")
    assert walk.due("whole") is None
    assert step(walk, "2026-09-30 08:00", "arrive").due("whole") == "2026-10-06 18:00"
    assert step(walk, "2026-09-30 10:00", "finish").due("whole") is None
    assert run(walk, "whole").standing == "ended"
    step(walk, "2026-09-30 11:00", "reopen")
    assert (run(walk, "whole").standing, run(walk, "whole").cycle) == ("ended", 1)


def test_a_clock_that_ended_with_its_step_does_not_go_on_in_an_open_case() -> None:
    walk = opened("  first: {title: 首次响应, until: take, restart: on_entry, limit: 4wh}\n")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-09-28 14:00", "take")

    assert walk.due("first") is None
    assert (run(walk, "first").standing, run(walk, "first").cycle) == ("ended", 1)


def test_a_clock_that_never_ran_is_not_ended_by_its_step() -> None:
    walk = opened("  first: {title: 首次响应, until: take, when: urgent, limit: 4wh}\n", urgent=False)
    step(walk, "2026-09-28 10:00", "take")

    assert walk.case.clocks == {}


def test_a_new_cycle_counts_from_the_field_again() -> None:
    walk = opened("  warranty: {title: 三包, runs_in: working, from: bought, restart: on_entry, limit: 30d}\n", bought="2026-09-20")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-10-05 10:00", "take")

    assert (run(walk, "warranty").cycle, walk.due("warranty")) == (2, "2026-10-21 00:00")


def test_a_case_that_ends_stops_every_clock() -> None:
    walk = opened("""
  repair: {title: 维修, runs_in: working, limit: 4wh}
  whole:  {title: 周期, until: abandon, limit: 3d, ladder: [{at: due, tell: boss, template: overdue}]}
  idle:   {title: 闲置, runs_in: all, restart: any_step, limit: 3d}
  due:    {title: 承诺, runs_in: all, due: promised}
""")
    step(walk, "2026-09-28 10:00", "promise", promised="2026-09-30")
    step(walk, "2026-09-28 11:00", "take")
    assert walk.timers.keys() == {"repair", "whole", "idle", "due"}
    step(walk, "2026-09-28 14:00", "finish")

    assert walk.timers == {}
    assert {each.standing for each in walk.case.clocks.values()} == {"stopped"}
    assert [type(event) for event in walk.elapse("2026-12-01 10:00")] == [TimerLapsed]
    assert walk.told == []


def test_reopening_begins_a_cycle_with_on_entry() -> None:
    walk = opened("""
  repair: {title: 维修, runs_in: [waiting, working], restart: on_entry, limit: 4wh}
  whole:  {title: 周期, until: finish, restart: on_entry, limit: 4wh}
""")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "finish")
    step(walk, "2026-10-05 10:00", "reopen")

    for name in ("repair", "whole"):
        assert (run(walk, name).cycle, walk.due(name)) == (2, "2026-10-05 15:30")


def test_reopening_goes_on_with_never_and_leaves_the_time_between_out() -> None:
    walk = opened("""
  repair: {title: 维修, runs_in: working, limit: 4wh}
  whole:  {title: 周期, runs_in: all, limit: 10d}
""")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "finish")
    step(walk, "2026-10-05 09:00", "resume")

    assert (run(walk, "repair").cycle, walk.due("repair")) == (1, "2026-10-05 12:00")
    assert (run(walk, "whole").cycle, walk.due("whole")) == (1, "2026-10-16 00:00")


def test_a_legal_clock_counts_the_time_in_which_the_case_had_ended() -> None:
    walk = opened(f"""
  law:    {{title: 法定, runs_in: all, limit: 10d, {LEGAL}}}
  paused: {{title: 法定, runs_in: [working, waiting], pauses: waiting, limit: 10d, {LEGAL}}}
""")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "finish")
    assert walk.due("law") is None
    step(walk, "2026-10-05 09:00", "reopen")

    assert (run(walk, "law").cycle, walk.due("law"), run(walk, "law").breaks) == (1, "2026-10-09 00:00", ())
    assert step(walk, "2026-10-06 09:00", "take").due("paused") == "2026-10-10 00:00"


def test_a_legal_clock_counts_that_time_wherever_the_case_is_reopened() -> None:
    walk = opened(f"  law: {{title: 法定, runs_in: working, limit: 10d, {LEGAL}}}\n")
    step(walk, "2026-09-28 10:00", "take")
    step(walk, "2026-09-28 11:00", "finish")
    step(walk, "2026-09-30 10:00", "reopen")

    assert step(walk, "2026-10-01 10:00", "take").due("law") == "2026-10-10 00:00"
