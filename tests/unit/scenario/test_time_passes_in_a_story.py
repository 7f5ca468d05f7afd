"""Time passes as if somebody watched all the time: every rung rings at its own instant, by the calendar of the process."""

from __future__ import annotations

from engine.authoring.scenario.running import run
from tests.process import CALENDAR
from tests.unit.scenario.rehearsal import OPENED, QUOTED, REPAIR, TAKEN, script, tell, wrong


def test_a_rung_rings_while_time_passes_and_never_twice() -> None:
    story = TAKEN + "- {wait: 4wh, expect: {told: {tom: overdue, bea: [overdue]}}}\n- {wait: 1wd, expect: {told: []}}"

    assert wrong(story) == []
    assert wrong(TAKEN + "- {wait: 4wh, expect: {told: {tom: due-soon, bea: overdue}}}") == [
        "expected to be told: “tom” (due-soon), “bea” (overdue), found “bea” (overdue), “tom” (overdue)"
    ]
    assert wrong(TAKEN + "- {wait: 3wh, expect: {told: [tom, bea]}}") == ["expected to be told: “tom”, “bea”, found nobody"]


def test_a_rung_fires_its_step_at_its_own_instant() -> None:
    told = tell(QUOTED + "- {until: '2026-09-30 09:00', expect: {told: {bea: due-soon}, state: lapsed, outcome: abandoned, running: []}}")

    assert told.passed
    case = told.steps[-1].case
    assert case is not None
    assert case.ended_at is not None
    assert case.ended_at.isoformat() == "2026-09-24T16:00:00+00:00"


def test_the_end_of_a_day_is_24_00() -> None:
    assert wrong(QUOTED + "- {wait: 1h, expect: {due: {confirming: '2026-09-24 24:00'}}}") == []
    assert wrong(QUOTED + "- {until: '2026-09-23 24:00', expect: {told: [bea]}}") == []


def test_time_never_runs_back() -> None:
    assert wrong(OPENED + "- {until: '2026-09-20 09:00'}") == ["expected an instant not before 2026-09-21 09:00, found 2026-09-20 09:00"]


def test_holidays_and_make_up_days_are_those_of_the_state() -> None:
    # 1 to 7 October 2026 are holidays; Saturday, 10 October, is worked.
    chinese = CALENDAR.replace("zone: Asia/Shanghai", "zone: Asia/Shanghai\nofficial: CN")
    process = REPAIR.replace("limit: 4wh", "limit: 3wd")
    due = TAKEN + "- {wait: 1m, expect: {due: {testing: 'DUE'}}}"

    read_of, setting = script(due.replace("DUE", "2026-10-10 18:00"), process, at="2026-09-30 17:00", calendar=chinese)
    assert run(read_of, 0, setting).failures == ()
    assert wrong(due.replace("DUE", "2026-10-05 18:00"), process, at="2026-09-30 17:00") == []


def test_what_is_due_already_rings_in_the_step_that_makes_it_so() -> None:
    process = (
        REPAIR.replace("limit: 4wh", "limit: 4wh\n    from: since")
        .replace("  imei:   {", "  since:  {type: datetime, title: 始于}\n  imei:   {")
        .replace("asks: [name, mail?, imei]", "asks: [name, mail?, imei, since?]")
    )
    opened = OPENED.replace("}}", ", since: '2026-09-18 09:00'}, expect: {told: [bea, tim, tom]}}")

    assert wrong(opened, process) == []
