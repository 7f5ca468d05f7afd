"""phone-callback: the call that follows every finished repair, and what an unsatisfied customer leads to."""

from __future__ import annotations

from engine.core.decision import Accepted
from tests.unit.workflows import shipped
from tests.unit.workflows.phone import PHONE, diagnosing, handed_over
from tests.unit.workflows.walk import Walk, compiled

CALLBACK = compiled(shipped.ROOT / "workflows" / "phone" / "phone-callback.yaml")


def calling() -> Walk:
    return handed_over().child(CALLBACK, "amy")


def test_a_finished_repair_is_followed_by_a_call() -> None:
    walk = calling()

    assert (walk.case.state, walk.case.data["repair_no"], walk.case.data["repairers"]) == ("calling", "NO-1", ("tom",))
    assert walk.do("call_back", "ann", satisfaction=5) == "closed"
    assert walk.case.outcome == "success"


def test_the_calls_are_dealt_out_in_turn_and_a_complaint_is_nobodys_yet() -> None:
    walk = calling()
    holders = [walk.case.assignee]
    walk.do("call_back", "amy", satisfaction=2, opinion="等了太久")

    assert [*holders, walk.case.assignee] == ["amy", None]


def test_a_call_that_was_recorded_on_the_wrong_case_is_taken_back() -> None:
    walk = calling()
    walk.do("not_reached", "ann")
    walk.wait(minutes=-55)

    assert walk.undone("ann") == set()
    assert walk.case.data["calls"] == 0


def test_a_device_that_goes_back_unrepaired_is_not_called_about() -> None:
    walk = diagnosing()
    walk.do("diagnose", "tom", fault="none", tests="充放电", cause="未能复现", in_warranty=False, verdict_why="无故障", remedy="give_back")
    walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1")

    assert walk.openings == []
    assert PHONE.starts["receive"].starts == ()


def test_whoever_repaired_does_not_call() -> None:
    walk = calling()

    assert walk.refused("refuse", "tom", reason="客户在忙") == {"not_authorised", "separation_of_duties"}


def test_a_customer_who_does_not_want_to_be_called_closes_the_case() -> None:
    walk = calling()

    assert walk.refused("refuse", "amy") == {"data_invalid"}
    assert walk.do("refuse", "amy", reason="客户请勿再打扰") == "refused"


def test_three_calls_without_answer_close_the_case() -> None:
    walk = calling()

    assert [walk.do("not_reached", who) for who in ("amy", "ann", "mia")] == ["calling", "calling", "unreached"]


def test_an_unsatisfied_customer_is_heard_and_the_matter_is_settled() -> None:
    walk = calling()
    assert walk.refused("call_back", "amy", satisfaction=2) == {"guard_unmet"}
    assert walk.do("call_back", "amy", satisfaction=2, opinion="等了太久") == "resolving"

    assert walk.do("settle", "mia", settlement="赠送保护壳，客户接受") == "closed"


def test_a_device_that_comes_back_is_a_repair_of_its_own() -> None:
    walk = calling()
    walk.do("call_back", "amy", satisfaction=1, opinion="两天后又充不进")

    assert walk.refused("take_back", "amy", rework_no="NO-1") == {"guard_unmet"}
    assert walk.do("take_back", "amy", rework_no="NO-2") == "reworked"
    assert walk.case.outcome == "failure"


def test_a_repair_that_was_written_up_elsewhere_can_be_listed() -> None:
    form = {"repair_no": "WX25-000001", "customer_name": "测试客户甲", "mobile": "12800000001", "model": "示例 X20"}
    form |= {"imei": "001017000000011", "symptom": "充不进电", "reworks": "0"}
    walk = Walk(CALLBACK)

    assert isinstance(walk.open("list", "amy", **form, tester="tom"), Accepted)
    assert walk.refused("call_back", "tom", satisfaction=5) == {"not_authorised", "separation_of_duties"}
