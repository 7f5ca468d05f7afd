"""phone-repair: the ways a device takes through the repair centre, and the steps that are refused on the way."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from engine.core.decision import Accepted, Refused
from tests.unit.workflows import shipped
from tests.unit.workflows.walk import Walk, compiled

PHONE = compiled(shipped.ROOT / "workflows" / "phone" / "phone-repair.yaml")

TICKET: dict[str, Any] = {
    "channel": "walk_in",
    "customer_name": "测试客户甲",
    "mobile": "12800000001",
    "model": "示例 X20",
    "imei": "001017000000011",
    "proof": "invoice",
    "sold_on": "2026-03-01",
    "symptom": "充电充不进，偶尔自动关机",
    "accessories": "SIM 卡托、透明壳",
    "appearance": "左下角磕碰，屏幕无裂",
    "as_listed": True,
    "backed_up": True,
}
VERDICT: dict[str, Any] = {"fault": "charging", "cause": "尾插氧化", "in_warranty": True, "verdict_why": "性能故障", "remedy": "repair"}
TAKEN_BACK: dict[str, Any] = {"symptom": "又充不进电", "accessories": "无", "appearance": "完好", "backed_up": True}


def received(**changes: Any) -> Walk:
    walk = Walk(PHONE)
    assert isinstance(walk.open("receive", "amy", **TICKET | changes), Accepted)
    return walk


def diagnosing(**changes: Any) -> Walk:
    walk = received(**changes)
    walk.do("take", "tom")
    return walk


def in_repair() -> Walk:
    walk = diagnosing()
    walk.do("diagnose", "tom", **VERDICT)
    return walk


def quoted() -> Walk:
    walk = diagnosing()
    assert walk.do("diagnose", "tom", **VERDICT | {"in_warranty": False, "verdict_why": "人为损坏"}) == "quoting"
    assert walk.do("quote", "tom", parts_fee="380.00", labour_fee="88", valid_until="2026-10-03") == "awaiting_approval"
    return walk


def inspected(walk: Walk) -> Walk:
    walk.do("finish", "tom", work_done="更换尾插小板")
    assert walk.do("inspect", "sue", rescan=walk.case.data["imei_now"], result="passed") == "returning"
    return walk


def calling_back() -> Walk:
    walk = inspected(in_repair())
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1") == "calling_back"
    return walk


def test_in_warranty_and_fixed_the_first_time() -> None:
    walk = calling_back()

    assert walk.do("call_back", "ann", satisfaction=5) == "closed"
    assert walk.case.outcome == "success"
    assert walk.case.data["reworks"] == 0


def test_the_device_is_assigned_to_the_repairer_only_while_it_lies_on_his_bench() -> None:
    walk = received()
    holders = [walk.case.assignee]
    for step, by, data in (
        ("take", "tom", {}),
        ("diagnose", "tom", VERDICT),
        ("finish", "tom", {"work_done": "更换尾插小板"}),
        ("inspect", "sue", {"rescan": TICKET["imei"], "result": "rework"}),
    ):
        walk.do(step, by, **data)
        holders.append(walk.case.assignee)

    assert holders == [None, "tom", "tom", None, "tom"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"backed_up": False}, "guard_unmet"),
        ({"sold_on": ""}, "guard_unmet"),
        ({"sold_on": "2026-09-29"}, "guard_unmet"),
        ({"symptom": ""}, "data_invalid"),
    ],
)
def test_an_incomplete_ticket_is_not_received(change: dict[str, Any], code: str) -> None:
    decision = Walk(PHONE).open("receive", "amy", **TICKET | change)

    assert isinstance(decision, Refused)
    assert [reason.code for reason in decision.reasons] == [code]


def test_a_difference_is_cleared_before_anybody_takes_the_device() -> None:
    walk = received(as_listed=False)

    assert walk.case.state == "clarifying"
    assert walk.do("clarify", "amy", difference="少一个充电器，客户确认未寄出") == "received"


@pytest.mark.parametrize(
    "change",
    [
        {"fault": "none"},
        {"fault": "none", "remedy": "give_back"},
        {"fault": "liquid"},
    ],
)
def test_a_verdict_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    assert diagnosing().refused("diagnose", "tom", **VERDICT | change) == {"guard_unmet"}


def test_in_warranty_needs_a_dated_proof_of_purchase() -> None:
    walk = diagnosing(proof="none")

    assert walk.refused("diagnose", "tom", **VERDICT) == {"guard_unmet"}


def test_no_fault_found_goes_back_unrepaired() -> None:
    walk = diagnosing()
    assert (
        walk.do("diagnose", "tom", **VERDICT | {"fault": "none", "tests": "充放电三轮、老化两小时", "remedy": "give_back"}) == "returning"
    )

    assert walk.refused("recheck_failed", "amy", reason="屏幕有划痕") == {"guard_unmet"}
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1") == "unrepaired"
    assert walk.case.outcome == "failure"


def test_an_approved_quote_is_frozen_and_must_be_paid() -> None:
    walk = quoted()
    assert walk.refused("approve", "amy") == {"guard_unmet"}
    walk.do("approve", "amy", evidence="录音 0928-17")
    inspected(walk)

    assert walk.refused("hand_over", "amy", accessories_back=True, receipt="QJ-1") == {"guard_unmet"}
    assert walk.refused("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="460") == {"guard_unmet"}
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="468.00") == "calling_back"


def test_a_declined_quote_goes_back_unrepaired_and_free_of_charge() -> None:
    walk = quoted()
    walk.do("decline", "amy", evidence="签字单 77")

    assert walk.do("hand_over", "ann", accessories_back=True, receipt="QJ-1") == "unrepaired"


def test_an_expired_quote_is_made_again() -> None:
    walk = quoted()
    walk.wait(days=6)

    assert walk.refused("approve", "amy", evidence="录音 0928-17") == {"guard_unmet"}
    assert walk.do("requote", "amy", reason="报价过期") == "quoting"


def test_a_new_verdict_voids_the_approval() -> None:
    walk = quoted()
    walk.do("approve", "amy", evidence="录音 0928-17")
    walk.do("rediagnose", "tom", reason="拆机后发现主板腐蚀")
    walk.do("diagnose", "tom", **VERDICT | {"in_warranty": False})

    assert walk.case.data.keys().isdisjoint({"fee", "price", "evidence"})


def test_parts_are_issued_by_the_warehouse_against_the_old_part() -> None:
    walk = in_repair()
    walk.do("request_parts", "tom", material="X20-尾插小板", quantity=1)

    assert walk.refused("parts_arrived", "tom", new_part="PU-T-9001", old_part="PU-T-1") == {"not_authorised", "separation_of_duties"}
    assert walk.do("parts_arrived", "ken", new_part="PU-T-9001", old_part="PU-T-1") == "repairing"
    walk.do("request_parts", "tom", material="X20-主板", quantity=1)
    assert walk.do("no_parts", "kim", reason="厂家停产") == "repairing"


def test_whoever_repaired_does_not_inspect_and_a_failure_goes_back_to_the_bench() -> None:
    walk = in_repair()
    walk.do("finish", "tom", work_done="清洁尾插")

    assert walk.refused("inspect", "tom", rescan=TICKET["imei"], result="passed") == {"separation_of_duties"}
    assert walk.do("inspect", "sue", rescan=TICKET["imei"], result="rework") == "repairing"
    assert walk.case.data["reworks"] == 1
    inspected(walk)
    assert walk.case.data["reworks"] == 1
    assert walk.do("recheck_failed", "amy", reason="后盖未扣紧") == "repairing"


def test_the_device_that_passes_is_the_one_on_record_even_with_a_new_board() -> None:
    walk = in_repair()
    assert walk.refused("swap_board", "tom", new_imei=TICKET["imei"]) == {"guard_unmet"}
    assert walk.do("swap_board", "tom", new_imei="001017000000029") == "repairing"
    walk.do("finish", "tom", work_done="更换主板")

    assert walk.refused("inspect", "sue", rescan=TICKET["imei"], result="passed") == {"guard_unmet"}
    assert walk.do("inspect", "sue", rescan="001017000000029", result="passed") == "returning"


def test_scrapping_needs_the_supervisor() -> None:
    walk = diagnosing()
    walk.do("diagnose", "tom", **VERDICT | {"remedy": "scrap"})

    assert walk.refused("approve_scrap", "tom") == {"not_authorised", "separation_of_duties"}
    assert walk.do("refuse_scrap", "mia", reason="主板可修") == "diagnosing"
    walk.do("diagnose", "tom", **VERDICT | {"remedy": "scrap"})
    assert walk.do("approve_scrap", "max") == "returning"


def test_a_device_that_was_sent_in_is_sent_back_and_signed_for() -> None:
    walk = inspected(in_repair())
    assert walk.refused("ship", "leo", accessories_back=True, waybill="YD-1") == {"guard_unmet"}

    walk = diagnosing(channel="mail_in")
    walk.do("diagnose", "tom", **VERDICT)
    assert inspected(walk).do("ship", "leo", accessories_back=True, waybill="YD-1") == "shipped"
    assert walk.do("sent_back", "leo", reason="地址不详") == "returning"
    walk.do("ship", "amy", accessories_back=True, waybill="YD-2")
    assert walk.do("sign", "intake", receipt="快递签收") == "calling_back"


def test_nothing_is_charged_where_nothing_is_due() -> None:
    walk = inspected(in_repair())

    assert walk.refused("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="50") == {"guard_unmet"}
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="0") == "calling_back"


def test_a_customer_who_does_not_want_to_be_called_closes_the_case() -> None:
    walk = calling_back()

    assert walk.refused("refuse", "amy") == {"data_invalid"}
    assert walk.refused("refuse", "tom", reason="客户在忙") == {"not_authorised", "separation_of_duties"}
    assert walk.do("refuse", "amy", reason="客户请勿再打扰") == "closed"


def test_three_calls_without_answer_close_the_case() -> None:
    walk = calling_back()

    assert [walk.do("not_reached", who) for who in ("amy", "ann", "mia")] == ["calling_back", "calling_back", "closed"]


def test_an_unsatisfied_customer_is_heard_and_the_device_comes_back_or_the_matter_is_settled() -> None:
    walk = calling_back()
    assert walk.refused("call_back", "amy", satisfaction=2) == {"guard_unmet"}
    assert walk.do("call_back", "amy", satisfaction=2, opinion="两天后又充不进") == "resolving"
    assert walk.do("take_back", "amy", **TAKEN_BACK) == "diagnosing"
    assert walk.case.data["reworks"] == 1
    assert walk.case.assignee == "tom"

    walk = calling_back()
    walk.do("call_back", "amy", satisfaction=1, opinion="等了太久")
    assert walk.do("settle", "mia", settlement="赠送保护壳，客户接受") == "closed"


def test_a_closed_case_is_reopened_unless_the_device_is_already_here_again() -> None:
    walk = calling_back()
    walk.do("call_back", "ann", satisfaction=5)
    walk.taken = {("imei", '"001017000000011"'): "WX26-000009"}
    assert walk.refused("reopen", "amy", reason="同一故障", **TAKEN_BACK) == {"duplicate"}

    walk.taken = {}
    assert walk.do("reopen", "amy", reason="同一故障", **TAKEN_BACK) == "received"
    assert walk.case.outcome is None
    assert walk.do("take", "sue") == "diagnosing"


def test_a_cancelled_ticket_gives_the_device_back_first() -> None:
    walk = received()
    assert walk.refused("cancel", "amy") == {"data_invalid"}
    walk.do("cancel", "amy", reason="客户改主意")

    assert walk.do("release", "ann", accessories_back=True, receipt="QJ-1") == "cancelled"


def test_a_cancelled_device_that_came_by_mail_goes_back_by_mail() -> None:
    walk = received()
    walk.do("cancel", "amy", reason="客户改主意")
    assert walk.refused("release", "ann", accessories_back=True, waybill="YD-1") == {"guard_unmet"}

    walk = received(channel="mail_in")
    walk.do("cancel", "amy", reason="客户改主意")
    assert walk.refused("release", "ann", accessories_back=True) == {"guard_unmet"}
    assert walk.do("release", "ann", accessories_back=True, waybill="YD-1") == "cancelled"


def test_the_supervisor_may_stop_a_repair_but_not_one_that_is_ready() -> None:
    walk = quoted()
    walk.do("approve", "amy", evidence="录音 0928-17")
    assert walk.do("abandon", "mia", reason="无法采购主板") == "returning"
    assert walk.refused("abandon", "mia", reason="无法采购主板") == {"not_available"}

    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1") == "unrepaired"


def test_a_reassigned_repair_is_done_by_the_new_repairer() -> None:
    walk = in_repair()
    assert walk.refused("reassign", "mia", reason="换班", tester="amy") == {"data_invalid"}
    walk.do("reassign", "mia", reason="换班", tester="ray")

    assert walk.refused("finish", "tom", work_done="清洁尾插") == {"not_authorised"}
    assert walk.do("finish", "ray", work_done="清洁尾插") == "inspecting"


def test_a_repairer_of_another_shop_has_no_say() -> None:
    assert received().refused("take", "ted") == {"not_authorised"}


def test_the_sample_sheet_holds_nine_tickets_that_the_process_refuses() -> None:
    titles = {field.title.zh: name for name, field in PHONE.fields.items()}
    sheet = (shipped.ROOT / "workflows" / "examples" / "intake.csv").read_text("utf-8-sig").splitlines(keepends=True)
    taken: dict[tuple[str, str], str] = {}
    refused: dict[str, str] = {}
    for row in csv.DictReader(sheet):
        reference = row.pop("reference")
        decision = Walk(PHONE, taken).open("receive", "intake", **{titles[title]: value for title, value in row.items()})
        if isinstance(decision, Refused):
            (reason,) = decision.reasons
            refused[reference] = f"{reason.code} {reason.subject}"
        else:
            taken[("imei", f'"{row["串号"]}"')] = reference

    assert refused == {
        "SX2609-0075": "data_invalid imei",
        "SX2609-0076": "data_invalid sold_on",
        "SX2609-0077": "data_invalid symptom",
        "SX2609-0078": "duplicate imei",
        "SX2609-0080": "data_invalid channel",
        "SX2609-0081": "data_invalid backed_up",
        "SX2609-0082": "data_invalid symptom",
        "SX2609-0083": "data_invalid mobile",
        "SX2609-0084": "guard_unmet backed_up",
    }
