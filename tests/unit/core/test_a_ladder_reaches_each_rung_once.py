"""What a ladder does when time passes: each rung once, never early, never late without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.core.command import Elapse
from engine.core.event import Event, RungFired, TimerLapsed
from engine.label import Label
from roles.policy import Right
from tests.process import Walk
from tests.unit.core.bench import OVERDUE, TELL, clock, fired, fires, instant, local, opened, step, taken


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

    assert fired(walk.elapse("2026-09-28 14:00")) == [("due", 1, "told"), ("due/2", 1, "told"), ("4h", 1, "told")]
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


def test_nothing_is_merged_into_what_is_skipped() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}, late: skip}}"))

    assert fired(walk.elapse("2026-09-29 10:00")) == [("50%", 1, "told"), ("due", 1, "skipped")]
    assert told(walk) == [("due-soon", "50%")]


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
    first = clock(ladder, "runs_in: all, from: bought, limit: 30d", "warranty")
    second = clock(f"{{at: 2d, {TELL}}}, {{at: 3d, {TELL}}}", "runs_in: all, from: bought, limit: 40d", "service")
    other = clock(f"{{at: 1m, {OVERDUE}}}", "runs_in: all, limit: 4h", "whole")
    walk = opened(first + second + other, bought="2026-09-10")
    found = walk.elapse("2026-09-28 09:31")

    assert fired(found) == [("2d", 1, "merged"), ("3d", 1, "told"), ("7d", 1, "merged"), ("14d", 1, "told"), ("1m", 1, "told")]
    assert merged(found) == {"service/2d#1": "service/3d#1", "warranty/7d#1": "warranty/14d#1"}


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


def test_of_what_followed_a_promise_broken_before_the_start_the_latest_is_told() -> None:
    ladder = f"{{at: due, {OVERDUE}}}, {{at: due + 1d, {OVERDUE}}}, {{at: due + 30d, {OVERDUE}}}"
    walk = taken(clock(ladder, "runs_in: working, due: promised"), promised="2026-09-20")
    found = walk.elapse("2026-09-28 10:01")

    assert fired(found) == [("due", 1, "merged"), ("due+1d", 1, "told")]
    assert fires(walk, "repair") == ("due+30d", "2026-10-21 00:00")


def test_a_limit_of_nothing_is_due_at_once_and_told_once() -> None:
    walk = taken(clock(f"{{at: 50%, {TELL}}}, {{at: due, {OVERDUE}}}", "runs_in: working, limit: 1h * days"), days=0)
    found = walk.elapse("2026-09-28 10:00")

    assert fired(found) == [("50%", 1, "merged"), ("due", 1, "told")]


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


def test_time_passing_is_never_refused() -> None:
    walk = taken(clock(f"{{at: due, {OVERDUE}}}"))
    for at in ("2026-09-28 10:00", "2026-09-28 14:00", "2030-01-01 10:00"):
        walk.to(at).decide(Elapse(), "system")

    assert [type(event) for event in walk.events[2:]] == [TimerLapsed, RungFired, TimerLapsed]
