"""dealer-callback: from the list to the report, with the second call after something was put right."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.decision import Accepted, Refused
from tests.unit.workflows import shipped
from tests.unit.workflows.walk import Walk, compiled

CALLBACK = compiled(shipped.ROOT / "workflows" / "dealer" / "dealer-callback.yaml")

VISIT: dict[str, Any] = {
    "order_no": "GD26-000417",
    "customer_name": "测试客户甲",
    "mobile": "12800000001",
    "plate": "测A·00001",
    "vin": "L00TEST14N1000001",
    "service": "保养、更换前制动片",
    "delivered_on": "2026-09-27",
}


def waiting(**changes: Any) -> Walk:
    walk = Walk(CALLBACK)
    assert isinstance(walk.open("list", "cleo", **VISIT | changes), Accepted)
    return walk


def test_a_content_customer_is_called_once_and_reported() -> None:
    walk = waiting(adviser="ada", technician="tim")

    assert walk.do("record", "cleo", quality="good", satisfaction=5) == "submitting"
    assert walk.case.data["caller"] == "cleo"
    assert walk.do("submit", "cody", report_no="GZ-39") == "closed"
    assert walk.case.outcome == "success"


def test_the_calls_are_dealt_out_in_turn_each_round_anew() -> None:
    walk = waiting(technician="tim")
    holders = [walk.case.assignee]
    walk.do("record", "cleo", quality="problem", satisfaction=2, impression="制动有异响")
    holders.append(walk.case.assignee)
    walk.do("resolve", "vera", solution="重新打磨制动片", rebooking="YY-8")
    holders.append(walk.case.assignee)

    assert holders == ["cleo", None, "cleo"]


def test_a_car_is_listed_after_delivery() -> None:
    decision = Walk(CALLBACK).open("list", "intake", **VISIT | {"delivered_on": "2026-09-29"})

    assert isinstance(decision, Refused)
    assert [reason.code for reason in decision.reasons] == ["guard_unmet"]


def test_an_adviser_calls_his_own_customers_and_whoever_repaired_the_car_never() -> None:
    walk = waiting(adviser="ada", technician="tim")

    assert walk.refused("record", "ali", quality="good", satisfaction=5) == {"not_authorised"}
    assert walk.refused("reassign", "carl", reason="换人", caller="tim") == {"guard_unmet"}
    walk.do("reassign", "carl", reason="换人", caller="ada")
    assert walk.case.assignee == "ada"
    assert walk.do("record", "ada", quality="good", satisfaction=5) == "submitting"


def test_a_customer_who_was_not_reached_may_be_called_again() -> None:
    walk = waiting()
    for _ in range(3):
        walk.do("not_reached", "cleo")

    assert walk.do("call_again", "carl", reason="客户回电") == "waiting"
    assert walk.case.data["calls"] == 0


def test_the_third_call_without_answer_ends_it() -> None:
    walk = waiting()

    assert [walk.do("not_reached", "cleo") for _ in range(3)] == ["waiting", "waiting", "unreached"]


@pytest.mark.parametrize(("quality", "satisfaction"), [("problem", 5), ("good", 3)])
def test_what_is_not_in_order_is_put_right_called_about_again_and_learnt_from(quality: str, satisfaction: int) -> None:
    walk = waiting(technician="tim")
    assert walk.refused("record", "cleo", quality=quality, satisfaction=satisfaction) == {"guard_unmet"}
    assert walk.do("record", "cleo", quality=quality, satisfaction=satisfaction, impression="制动有异响") == "handling"
    if quality == "problem":
        assert walk.refused("resolve", "vera", solution="道歉") == {"guard_unmet"}
    assert walk.do("resolve", "vera", solution="重新打磨制动片", rebooking="YY-8") == "waiting"

    assert walk.do("record", "cody", quality="good", satisfaction=4) == "improving"
    assert walk.do("improve", "carl", cause="制动片批次硬度偏高", improvement="入库抽检") == "submitting"


def test_only_an_overdue_call_is_urged() -> None:
    walk = waiting()
    assert walk.refused("urge", "vera") == {"guard_unmet"}
    walk.wait(days=3)

    assert walk.do("urge", "vera") == "waiting"
    assert walk.case.data["urges"] == 1


def test_a_customer_may_refuse_and_a_wrong_listing_be_cancelled() -> None:
    assert waiting().do("refuse", "cleo", reason="客户要求不再回访") == "refused"
    assert waiting().do("cancel", "carl", reason="重复列入") == "cancelled"


def test_a_closed_callback_is_reopened_with_three_new_calls() -> None:
    walk = waiting()
    walk.do("not_reached", "cleo")
    walk.do("record", "cleo", quality="good", satisfaction=5)
    walk.do("submit", "cody", report_no="GZ-39")
    walk.do("reopen", "carl", reason="客户来电反映异响")

    assert walk.case.data["calls"] == 0
    assert walk.case.state == "waiting"
