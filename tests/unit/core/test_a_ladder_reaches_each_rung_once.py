"""What a ladder does when time passes: each rung once, never early, never late without a word, and steps fired by the system."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.core.command import Elapse
from engine.core.event import Event, Moved, RungFired, TimerLapsed
from engine.label import Label
from roles.policy import Right
from tests.process import Walk
from tests.unit.core.bench import fired, fires, instant, local, opened, run, step

TELL = "tell: bench, template: due-soon"
OVERDUE = "tell: boss, template: overdue"


def clock(ladder: str, words: str = "runs_in: working, limit: 4h", name: str = "repair") -> str:
    """One clock; with its usual words, and taken at 10:00, it is at 50% at 12:00 and due at 14:00."""
    return f"  {name}: {{title: 时限, {words}, ladder: [{ladder}]}}\n"


def taken(*clocks: str, **data: Any) -> Walk:
    """A case opened at 09:30 and taken at 10:00 on Monday."""
    return step(opened("".join(clocks), **data), "2026-09-28 10:00", "take")


def merged(events: tuple[Event, ...]) -> dict[str, str | None]:
    """Which rung was merged into which."""
    return {f"{each.clock}/{each.rung}#{each.repetition}": each.into for each in events if isinstance(each, RungFired) and each.into}


def told(walk: Walk) -> list[tuple[str, str]]:
    """Whom the last sweep tells of which rung: template and rung."""
    return [(each.template, each.occurrence.rung if each.occurrence is not None else "") for each in walk.told]


def test_each_rung_is_reached_once_however_often_time_passes() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}"))
    seen = []
    for minutes in range(0, 600, 1):
        at = instant("2026-09-28 10:00") + timedelta(minutes=minutes)
        walk.to(at)
        if walk.timers["repair"].fires_at is not None and walk.timers["repair"].fires_at <= at:
            seen += [(local(at), *each) for each in fired(walk.elapse(at))]

    assert seen == [("2026-09-28 12:00", "50%", 1, "told"), ("2026-09-28 14:00", "due", 1, "told")]
    for later in ("2026-09-28 20:00", "2026-09-28 20:00", "2026-12-01 10:00"):
        assert [type(event) for event in walk.elapse(later)] == [TimerLapsed]
        assert walk.told == []


def test_no_rung_is_reached_before_its_instant() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}"))
    assert fires(walk, "repair") == ("50%", "2026-09-28 12:00")

    assert [type(event) for event in walk.elapse("2026-09-28 11:59:59.999999")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-28 12:00")) == [("50%", 1, "told")]
    assert fires(walk, "repair") == ("due", "2026-09-28 14:00")
    assert [type(event) for event in walk.elapse("2026-09-28 13:59:59")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-28 14:00")) == [("due", 1, "told")]
    assert fires(walk, "repair") == (None, None)
    assert walk.due("repair") == "2026-09-28 14:00"


def test_a_reminder_says_of_what_it_reminds() -> None:
    walk = taken(clock(f"{{at: due + 1h, {OVERDUE}, every: 1h}}"))
    walk.elapse("2026-09-28 15:00")
    walk.elapse("2026-09-28 16:02")

    (notice,) = walk.told
    assert (notice.tell, notice.template, notice.state) == ((Right("role", "boss"),), "overdue", "working")
    assert notice.due_at == instant("2026-09-28 14:00")
    assert notice.occurrence is not None
    assert (notice.occurrence.clock, notice.occurrence.cycle) == ("repair", 1)
    assert (notice.occurrence.rung, notice.occurrence.repetition) == ("due+1h", 2)
    assert notice.occurrence.at == instant("2026-09-28 16:00")


def test_a_reminder_carries_the_words_of_with() -> None:
    ladder = "{at: 50%, tell: bench, template: step-refused, with: {step: level, why: promised}}"
    walk = taken(clock(ladder), level="high", promised="2026-10-01")
    walk.elapse("2026-09-28 12:00")

    (notice,) = walk.told
    assert notice.values["step"] == Label("高", "高")
    assert notice.values["why"].en == "2026-10-01"


def test_nobody_is_told_of_a_state_that_was_left() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}"))
    assert fired(walk.elapse("2026-09-28 12:00")) == [("50%", 1, "told")]
    step(walk, "2026-09-28 13:59", "back")

    assert [type(event) for event in walk.elapse("2026-09-28 14:00")] == [TimerLapsed]
    assert walk.told == []


def test_nothing_is_reached_while_it_is_paused() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: [working, missing], pauses: missing, limit: 4h"))
    step(walk, "2026-09-28 11:00", "need")

    assert [type(event) for event in walk.elapse("2026-09-29 11:00")] == [TimerLapsed]
    step(walk, "2026-09-29 12:00", "arrive")
    assert [type(event) for event in walk.elapse("2026-09-29 12:59")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-29 13:00")) == [("50%", 1, "told")]


def test_entered_again_on_the_same_day_a_new_cycle_reminds_again() -> None:
    walk = taken(clock(f"{{at: 30m, {TELL}}}", "runs_in: working, restart: on_entry, limit: 4h"))
    assert fired(walk.elapse("2026-09-28 10:30")) == [("30m", 1, "told")]
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-09-28 11:30", "take")

    assert [type(event) for event in walk.elapse("2026-09-28 11:59")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-28 12:00")) == [("30m", 1, "told")]
    assert [each.cycle for each in walk.events if isinstance(each, RungFired)] == [1, 2]


def test_entered_again_in_the_same_cycle_nobody_is_reminded_twice() -> None:
    walk = taken(clock(f"{{at: 30m, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: working, limit: 4h"))
    assert fired(walk.elapse("2026-09-28 10:30")) == [("30m", 1, "told")]
    step(walk, "2026-09-28 11:00", "back")
    step(walk, "2026-09-28 11:30", "take")

    assert [type(event) for event in walk.elapse("2026-09-28 12:00")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-28 14:30")) == [("due", 1, "told")]


def test_it_is_repeated_as_often_as_is_written() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}, every: 1wd, times: 3}}", "runs_in: working, limit: 4wh"))
    found = []
    for day in ("28", "29", "30"):
        found += fired(walk.elapse(f"2026-09-{day} 15:30"))

    assert found == [("due", 1, "told"), ("due", 2, "told"), ("due", 3, "told")]
    assert fires(walk, "repair") == (None, None)
    assert [type(event) for event in walk.elapse("2026-10-01 15:30")] == [TimerLapsed]


def test_it_is_repeated_over_days_of_rest_by_working_days() -> None:
    walk = step(opened(clock(f"{{at: due, {OVERDUE}, every: 1wd}}", "runs_in: working, limit: 1wd")), "2026-10-01 10:00", "take")
    assert fires(walk, "repair") == ("due", "2026-10-02 18:00")
    walk.elapse("2026-10-02 18:00")

    assert fires(walk, "repair") == ("due", "2026-10-05 18:00")


def test_it_is_repeated_until_the_clock_stops() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}, every: 1h}}"))
    for hour in range(14, 20):
        assert fired(walk.elapse(f"2026-09-28 {hour}:00")) == [("due", hour - 13, "told")]
    step(walk, "2026-09-28 19:30", "finish")

    assert [type(event) for event in walk.elapse("2026-09-28 20:00")] == [TimerLapsed]


def test_several_rungs_at_one_point_are_each_reached() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}}}, {{at: due, {TELL}}}, {{at: 4h, {TELL}}}"))

    assert fired(walk.elapse("2026-09-28 14:00")) == [("4h", 1, "told"), ("due", 1, "told"), ("due/2", 1, "told")]
    assert len(walk.told) == 3


@pytest.mark.parametrize(("at", "result"), [("2026-09-28 14:05", "told"), ("2026-09-28 14:05:00.000001", "skipped")])
def test_what_is_noticed_within_five_minutes_was_not_missed(at: str, result: str) -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}, late: skip}}"))

    assert fired(walk.elapse(at)) == [("due", 1, result)]
    assert len(walk.told) == (result == "told")


def test_of_what_was_missed_only_the_latest_is_told_unless_it_is_written_otherwise() -> None:
    walk = taken(
        clock(f"{{at: 50%, {TELL}}}, {{at: 75%, {TELL}, late: send}}, {{at: due, {OVERDUE}, late: skip}}, {{at: due + 1h, {OVERDUE}}}")
    )
    found = walk.elapse("2026-09-29 10:00")

    assert fired(found) == [("50%", 1, "merged"), ("75%", 1, "told"), ("due", 1, "skipped"), ("due+1h", 1, "told")]
    assert merged(found) == {"repair/50%#1": "repair/due+1h#1"}
    assert told(walk) == [("due-soon", "75%"), ("overdue", "due+1h")]
    assert [local(each.due_at) for each in found if isinstance(each, RungFired)] == [f"2026-09-28 {hour}:00" for hour in (12, 13, 14, 15)]
    assert [type(event) for event in walk.elapse("2026-09-29 10:01")] == [TimerLapsed]


def test_what_was_missed_merges_over_all_clocks_of_a_case() -> None:
    walk = taken(
        clock(f"{{at: due, {OVERDUE}}}"), clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: all, limit: 8h", "whole")
    )
    found = walk.elapse("2026-09-29 10:00")

    assert merged(found) == {"whole/50%#1": "whole/due#1", "repair/due#1": "whole/due#1"}
    assert told(walk) == [("overdue", "due")]


def test_repetitions_that_were_missed_are_each_recorded_and_one_is_told() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}, every: 1d, times: 5}}"))
    found = walk.elapse("2026-10-01 15:00")

    assert fired(found) == [("due", 1, "merged"), ("due", 2, "merged"), ("due", 3, "merged"), ("due", 4, "told")]
    assert set(merged(found).values()) == {"repair/due#4"}
    assert len(walk.told) == 1
    assert fires(walk, "repair") == ("due", "2026-10-02 14:00")


def test_what_was_missed_is_not_swallowed_by_what_is_reached_in_time() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}}}"), clock(f"{{at: 50%, {TELL}}}", "runs_in: all, limit: 1h * days", "whole"), days=20)
    assert fires(walk, "whole") == ("50%", "2026-09-28 19:30")
    found = walk.elapse("2026-09-28 19:31")

    assert fired(found) == [("due", 1, "told"), ("50%", 1, "told")]
    assert told(walk) == [("overdue", "due"), ("due-soon", "50%")]


def test_what_was_missed_is_not_merged_into_a_rung_that_is_passed_over() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}, {{at: due + 1h, {OVERDUE}, when: urgent}}"))
    found = walk.elapse("2026-09-29 10:00")

    assert fired(found) == [("50%", 1, "merged"), ("due", 1, "told"), ("due+1h", 1, "unmet")]
    assert merged(found) == {"repair/50%#1": "repair/due#1"}
    assert told(walk) == [("overdue", "due")]


def test_what_was_missed_is_not_merged_into_a_clock_that_a_step_has_stopped() -> None:
    whole = clock(f"{{at: due, {OVERDUE}}}", "runs_in: all, limit: 4h", "whole")
    walk = taken(clock(f"{{at: due, fire: put_back}}, {{at: due + 1h, {TELL}}}"), whole)
    found = walk.elapse("2026-09-29 10:00")

    assert fired(found) == [("due", 1, "told"), ("due", 1, "performed")]
    assert told(walk) == [("overdue", "due")]
    assert walk.case.state == "waiting"


def test_of_what_was_past_at_the_start_only_the_highest_is_told() -> None:
    ladder = f"{{at: 7d, {TELL}}}, {{at: 14d, {TELL}}}, {{at: 21d, {TELL}}}, {{at: due, {OVERDUE}}}"
    walk = opened(clock(ladder, "runs_in: all, from: bought, limit: 30d", "warranty"), bought="2026-09-10")
    found = walk.elapse("2026-09-28 09:31")

    assert fired(found) == [("7d", 1, "merged"), ("14d", 1, "told")]
    assert merged(found) == {"warranty/7d#1": "warranty/14d#1"}
    assert fires(walk, "warranty") == ("21d", "2026-10-02 00:00")


def test_of_what_was_past_the_highest_that_applies_is_told() -> None:
    ladder = f"{{at: 7d, {TELL}}}, {{at: 14d, {TELL}, when: urgent}}"
    walk = opened(clock(ladder, "runs_in: all, from: bought, limit: 30d", "warranty"), bought="2026-09-10", urgent=False)

    assert fired(walk.elapse("2026-09-28 09:31")) == [("7d", 1, "told"), ("14d", 1, "unmet")]


def test_what_was_past_is_merged_into_its_own_clock() -> None:
    ladder = f"{{at: 7d, {TELL}}}, {{at: 14d, {TELL}}}"
    other = clock(f"{{at: 1m, {OVERDUE}}}", "runs_in: all, limit: 4h", "whole")
    walk = opened(clock(ladder, "runs_in: all, from: bought, limit: 30d", "warranty") + other, bought="2026-09-10")
    found = walk.elapse("2026-09-28 09:31")

    assert fired(found) == [("7d", 1, "merged"), ("14d", 1, "told"), ("1m", 1, "told")]
    assert merged(found) == {"warranty/7d#1": "warranty/14d#1"}


def test_after_a_long_downtime_the_past_of_a_start_and_what_was_missed_since_are_told_apart() -> None:
    ladder = f"{{at: 7d, {TELL}}}, {{at: 14d, {TELL}}}, {{at: 21d, {TELL}}}, {{at: due, {OVERDUE}}}"
    walk = opened(clock(ladder, "runs_in: all, from: bought, limit: 30d", "warranty"), bought="2026-09-10")
    found = walk.elapse("2026-11-01 10:00")

    assert fired(found) == [("7d", 1, "merged"), ("14d", 1, "told"), ("21d", 1, "merged"), ("due", 1, "told")]
    assert merged(found) == {"warranty/7d#1": "warranty/14d#1", "warranty/21d#1": "warranty/due#1"}


def test_a_rung_that_lies_before_the_start_tells_nobody() -> None:
    walk = opened(clock(f"{{at: due - 3d, {TELL}}}, {{at: due - 1h, {TELL}}}", "runs_in: all, limit: 1d * days"), days=1)
    assert fired(walk.elapse("2026-09-28 09:31")) == [("due-3d", 1, "merged")]
    assert walk.told == []

    assert fires(walk, "repair") == ("due-1h", "2026-09-29 23:00")


def test_a_promise_that_was_broken_before_the_start_is_told_at_once() -> None:
    walk = taken(
        clock(f"{{at: due - 1d, {TELL}}}, {{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: working, due: promised"),
        promised="2026-09-20",
    )
    found = walk.elapse("2026-09-28 10:01")

    assert fired(found) == [("due-1d", 1, "merged"), ("50%", 1, "merged"), ("due", 1, "told")]
    assert set(merged(found).values()) == {"repair/due#1"}
    assert told(walk) == [("overdue", "due")]


def test_a_limit_that_shrinks_below_what_has_passed_tells_only_the_highest() -> None:
    ladder = f"{{at: 50%, {TELL}}}, {{at: 75%, {TELL}}}, {{at: due, {OVERDUE}}}"
    walk = taken(clock(ladder, "runs_in: working, limit: 1h * days"), days=40)
    step(walk, "2026-09-28 20:00", "allow", days=5)
    found = walk.elapse("2026-09-28 20:00")

    assert fired(found) == [("50%", 1, "merged"), ("75%", 1, "merged"), ("due", 1, "told")]
    assert merged(found) == {"repair/50%#1": "repair/due#1", "repair/75%#1": "repair/due#1"}


def test_what_was_fired_stays_fired_when_the_deadline_moves() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: working, limit: 1h * days"), days=4)
    walk.elapse("2026-09-28 12:00")
    step(walk, "2026-09-28 13:00", "allow", days=10)

    assert fires(walk, "repair") == ("due", "2026-09-28 20:00")
    assert [type(event) for event in walk.elapse("2026-09-28 19:59")] == [TimerLapsed]
    assert fired(walk.elapse("2026-09-28 20:00")) == [("due", 1, "told")]


@pytest.mark.parametrize("urgent", [False, ""])
def test_a_rung_whose_condition_does_not_hold_is_passed_over_for_good(urgent: object) -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}, when: urgent}}"), urgent=urgent)
    assert fired(walk.elapse("2026-09-28 12:00")) == [("50%", 1, "unmet")]
    assert walk.told == []

    step(walk, "2026-09-28 12:30", "rush", urgent=True)
    assert [type(event) for event in walk.elapse("2026-09-28 13:00")] == [TimerLapsed]


def test_nothing_due_is_a_lapsed_timer_and_leaves_the_revision() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}}}"))
    before = walk.case

    assert [type(event) for event in walk.elapse("2026-09-28 11:00")] == [TimerLapsed]
    assert (walk.case.revision, walk.case.seq) == (before.revision, before.seq + 1)


def test_a_reminder_breaks_nobodys_form() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}"))
    seen = walk.case.revision
    walk.elapse("2026-09-28 12:00")
    walk.elapse("2026-09-28 14:00")

    walk.do("finish", "tom", expect=seen)
    assert walk.case.state == "done"


def test_the_system_performs_the_step_of_a_rung() -> None:
    walk = taken(clock("{at: due, fire: lapse}"))
    reached, moved = walk.elapse("2026-09-28 14:00")

    assert isinstance(reached, RungFired)
    assert isinstance(moved, Moved)
    assert (reached.actor, reached.rung, reached.result) == ("system", "due", "performed")
    assert (moved.actor, moved.step, moved.to, moved.fired_by) == ("system", "lapse", "done", "repair")
    assert (walk.case.state, walk.timers) == ("done", {})


def test_nobody_but_the_system_performs_its_step() -> None:
    walk = taken(clock("{at: due, fire: lapse}"))

    for who in ("tom", "bea", "integration"):
        assert [reason.code for reason in walk.refused("lapse", who)] == ["not_authorised"]


def test_a_step_is_tried_however_late() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, fire: lapse, late: skip}}"))
    found = walk.elapse("2026-11-01 10:00")

    assert fired(found) == [("50%", 1, "told"), ("due", 1, "performed")]
    assert walk.case.state == "done"


def test_a_refused_step_is_recorded_and_told_to_the_owner() -> None:
    walk = taken(clock("{at: due, fire: give_up}"))
    found = walk.elapse("2026-09-28 14:00")

    (event,) = found
    assert isinstance(event, RungFired)
    assert (event.result, event.why) == ("refused", ("guard_unmet",))
    (notice,) = walk.told
    assert (notice.tell, notice.template) == ((Right("role", "boss"),), "step-refused")
    assert notice.values["step"] == Label("放弃", "放弃")
    assert "须有备注" in notice.values["why"].zh
    assert notice.occurrence is not None
    assert (notice.occurrence.clock, notice.occurrence.rung) == ("repair", "due")
    assert walk.case.state == "working"


def test_a_refused_step_is_tried_again_with_the_event_that_makes_it_possible() -> None:
    walk = taken(clock("{at: due, fire: give_up}"))
    walk.elapse("2026-09-28 14:00")
    step(walk, "2026-09-28 15:00", "rush", urgent=True)
    assert (walk.case.state, walk.told) == ("working", [])
    step(walk, "2026-09-28 16:00", "remark", note="客户放弃")

    assert [(each.step, each.actor, each.fired_by) for each in walk.events[-2:] if isinstance(each, Moved)] == [
        ("remark", "tom", None),
        ("give_up", "system", "repair"),
    ]
    assert walk.case.state == "done"
    assert run(walk, "repair").pending is None


def test_a_refused_step_is_tried_again_with_a_comment_and_a_correction() -> None:
    for wish in ("comment", "correct"):
        walk = taken(clock("{at: due, fire: retire}"), bought="2026-09-25")
        assert fired(walk.elapse("2026-09-28 14:00")) == [("due", 1, "refused")]
        walk.to("2026-09-29 10:00").comment("tom", "客户来电")
        assert walk.case.state == "working"
        walk.to("2026-10-08 10:00")
        if wish == "comment":
            walk.comment("tom", "客户来电")
        else:
            walk.correct("bea", level="low")

        assert walk.case.state == "done"
        assert isinstance(walk.events[-1], Moved)
        assert walk.events[-1].fired_by == "repair"


def test_a_refused_step_is_tried_again_when_another_rung_is_reached() -> None:
    walk = taken(clock(f"{{at: 50%, fire: retire}}, {{at: due + 10d, {TELL}}}"), bought="2026-09-25")
    assert fired(walk.elapse("2026-09-28 12:00")) == [("50%", 1, "refused")]

    found = walk.elapse("2026-10-08 14:00")
    assert [type(event) for event in found] == [RungFired, Moved]
    assert walk.case.state == "done"


def test_a_refused_step_is_not_tried_after_its_clock_has_stopped() -> None:
    walk = taken(clock("{at: due, fire: give_up}"))
    walk.elapse("2026-09-28 14:00")
    step(walk, "2026-09-28 15:00", "back")
    step(walk, "2026-09-28 16:00", "remark", note="客户放弃")

    assert walk.case.state == "waiting"
    assert isinstance(walk.events[-1], Moved)
    assert walk.events[-1].step == "remark"


def test_a_step_by_hand_that_leaves_the_clock_ends_the_attempts() -> None:
    walk = taken(clock("{at: due, fire: give_up}", "runs_in: working, restart: on_entry, limit: 4h"))
    walk.elapse("2026-09-28 14:00")
    step(walk, "2026-09-28 15:00", "back")
    step(walk, "2026-09-28 16:00", "take")

    step(walk, "2026-09-28 17:00", "remark", note="客户放弃")
    assert walk.case.state == "working"
    assert fires(walk, "repair") == ("due", "2026-09-28 20:00")


def test_a_step_fired_just_now_stops_the_other_rungs_of_its_clock() -> None:
    walk = taken(clock(f"{{at: 50%, fire: put_back}}, {{at: 75%, {TELL}}}, {{at: due, fire: lapse}}"))
    found = walk.elapse("2026-09-29 10:00")

    assert fired(found) == [("50%", 1, "performed")]
    assert walk.told == []
    assert walk.case.state == "waiting"


def test_a_step_fired_just_now_moves_the_deadlines_of_other_clocks() -> None:
    whole = clock(f"{{at: due, {OVERDUE}}}", "runs_in: all, limit: [{when: urgent, then: 5h}, {else: 2d}]", "whole")
    walk = taken(clock("{at: due, fire: relax}"), whole, urgent=True)
    found = walk.elapse("2026-09-29 10:00")

    assert fired(found) == [("due", 1, "performed")]
    assert walk.told == []
    assert fires(walk, "whole") == ("due", "2026-10-01 00:00")


def test_a_step_that_restarts_its_clock_is_fired_again_in_the_next_cycle_only() -> None:
    walk = opened(clock("{at: due, fire: relax}", "runs_in: all, restart: any_step, limit: 1d", "idle"))
    found = walk.elapse("2026-10-05 10:00")

    assert fired(found) == [("due", 1, "performed")]
    assert run(walk, "idle").cycle == 2
    assert fires(walk, "idle") == ("due", "2026-10-07 00:00")


def test_time_passing_is_never_refused() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}}}"))
    for at in ("2026-09-28 10:00", "2026-09-28 14:00", "2030-01-01 10:00"):
        walk.to(at).decide(Elapse(), "system")

    assert [type(event) for event in walk.events[2:]] == [TimerLapsed, RungFired, TimerLapsed]
