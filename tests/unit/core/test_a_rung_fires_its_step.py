"""A rung fires its step: the system performs it like anybody else, and tries again what was refused."""

from __future__ import annotations

from engine.core.effect import OpenIncident
from engine.core.event import Moved, RungFired
from engine.label import Label
from roles.policy import Right
from tests.unit.core.bench import OVERDUE, TELL, clock, fired, fires, opened, run, step, taken


def test_the_system_performs_the_step_of_a_rung() -> None:
    walk = taken(clock("{at: due, fire: lapse}"))
    reached, moved = walk.elapse("2026-09-28 14:00")

    assert isinstance(reached, RungFired)
    assert isinstance(moved, Moved)
    assert (reached.actor, reached.rung, reached.result) == ("system", "due", "performed")
    assert (moved.actor, moved.step, moved.to, moved.fired_by) == ("system", "lapse", "done", "repair/due")
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
    (incident,) = [effect for effect in walk.effects if isinstance(effect, OpenIncident)]
    assert (incident.kind, incident.subject) == ("step_refused", "give_up")
    assert "须有备注" in incident.sentence.zh
    assert walk.case.state == "working"


def test_a_refused_step_is_tried_again_with_the_event_that_makes_it_possible() -> None:
    walk = taken(clock("{at: due, fire: give_up}"))
    walk.elapse("2026-09-28 14:00")
    step(walk, "2026-09-28 15:00", "rush", urgent=True)
    assert (walk.case.state, walk.told) == ("working", [])
    step(walk, "2026-09-28 16:00", "remark", note="客户放弃")

    assert [(each.step, each.actor, each.fired_by) for each in walk.events[-2:] if isinstance(each, Moved)] == [
        ("remark", "tom", None),
        ("give_up", "system", "repair/due"),
    ]
    assert walk.case.state == "done"
    assert run(walk, "repair").pending == ()


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
        assert walk.events[-1].fired_by == "repair/due"


def test_a_refused_step_is_tried_again_when_another_rung_is_reached() -> None:
    walk = taken(clock(f"{{at: 50%, fire: retire}}, {{at: due + 10d, {TELL}}}"), bought="2026-09-25")
    assert fired(walk.elapse("2026-09-28 12:00")) == [("50%", 1, "refused")]

    found = walk.elapse("2026-10-08 14:00")
    assert [type(event) for event in found] == [RungFired, Moved]
    assert walk.case.state == "done"


def test_a_step_that_was_tried_again_and_performed_is_not_performed_again() -> None:
    walk = taken(clock("{at: due, fire: flag}"))
    assert fired(walk.elapse("2026-09-28 14:00")) == [("due", 1, "refused")]
    step(walk, "2026-09-28 15:00", "remark", note="客户来电")
    assert walk.case.data["level"] == "high"
    step(walk, "2026-09-28 16:00", "remark", note="再次来电")

    assert [event.step for event in walk.events if isinstance(event, Moved)] == ["take", "remark", "flag", "remark"]


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


def test_a_refused_step_waits_out_a_pause_and_is_tried_when_the_clock_goes_on() -> None:
    walk = taken(clock("{at: due, fire: give_up}", "runs_in: [working, missing], pauses: missing, limit: 4h"))
    assert fired(walk.elapse("2026-09-28 14:00")) == [("due", 1, "refused")]
    step(walk, "2026-09-28 15:00", "need")
    step(walk, "2026-09-28 15:30", "remark", note="客户放弃")
    assert walk.case.state == "missing"
    step(walk, "2026-09-28 16:00", "arrive")

    assert walk.case.state == "done"


def test_two_refused_steps_are_each_tried_again() -> None:
    walk = taken(clock("{at: 50%, fire: flag}, {at: due, fire: give_up}"))
    walk.elapse("2026-09-28 14:00")
    assert run(walk, "repair").pending == ("50%", "due")
    step(walk, "2026-09-28 15:00", "remark", note="客户放弃")

    assert [each.fired_by for each in walk.events[-2:] if isinstance(each, Moved)] == ["repair/50%", "repair/due"]
    assert walk.case.state == "done"
