"""phone-repair: the ways a device takes through the repair centre, and the steps that are refused on the way."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from engine.core.decision import Refused
from engine.core.kind import Row, Value
from tests.unit.workflows import shipped
from tests.unit.workflows.phone import (
    OUTBOUND,
    PHONE,
    TAKEN_BACK,
    TICKET,
    VERDICT,
    asking_for_parts,
    diagnosing,
    handed_over,
    in_repair,
    inspected,
    quoted,
    received,
)
from tests.unit.workflows.walk import Walk


def test_in_warranty_and_fixed_the_first_time() -> None:
    walk = handed_over()

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


def test_the_third_repair_in_warranty_needs_a_word_on_an_exchange() -> None:
    walk = diagnosing()
    covered: dict[str, Value] = {"workflow": "phone-repair", "outcome": "success", "in_warranty": True}
    walk.earlier = (Row("1.1", covered), Row("1.2", covered | {"in_warranty": False}), Row("1.3", covered | {"outcome": "failure"}))
    assert walk.do("diagnose", "tom", **VERDICT) == "repairing"
    walk.do("rediagnose", "tom", reason="另有故障")
    walk.earlier = (*walk.earlier, Row("1.4", covered))

    assert walk.refused("diagnose", "tom", **VERDICT) == {"guard_unmet"}
    assert walk.do("diagnose", "tom", **VERDICT, exchange="已告知可换同型号，客户选择再修一次") == "repairing"


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
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="468.00") == "closed"


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


def test_parts_come_from_the_warehouse_against_the_old_part() -> None:
    walk = asking_for_parts()
    outbound = walk.child(OUTBOUND, "tom")
    assert (outbound.case.data["request_no"], outbound.case.assignee) == ("NO-1", "kay")
    assert outbound.refused("pick", "tom", picked=1, voucher="CK-1", new_part="PU-T-9001") == {"not_authorised", "separation_of_duties"}
    assert outbound.do("pick", "ken", picked=1, voucher="CK-1", new_part="PU-T-9001") == "reviewing"
    assert outbound.do("post", "mia") == "handing_over"
    assert outbound.do("sign", "tom", old_part="PU-T-1") == "issued"

    assert walk.hear(outbound) == "repairing"
    assert (walk.case.data["new_part"], walk.case.data["old_part"]) == ("PU-T-9001", "PU-T-1")


def test_a_part_that_is_short_leaves_the_repairer_to_decide() -> None:
    walk = asking_for_parts()
    outbound = walk.child(OUTBOUND, "tom")
    outbound.do("pick", "kay", picked=0, shortage="厂家停产")

    assert walk.hear(outbound) == "repairing"
    assert walk.case.data.keys().isdisjoint({"new_part", "old_part"})
    assert walk.case.children["parts"][0].returns == {"shortage": "厂家停产"}
    assert walk.do("request_parts", "tom", material="X20-主板", quantity=1) == "awaiting_parts"


def test_a_repair_that_was_stopped_needs_no_part_any_more() -> None:
    walk = asking_for_parts()
    assert walk.refused("finish", "tom", work_done="更换尾插") == {"not_available"}
    walk.do("abandon", "mia", reason="客户不修了")
    walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1")

    assert (walk.case.state, walk.cancelled) == ("unrepaired", [("child-1", "withdraw")])


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


def test_a_wrong_click_is_taken_back_for_ten_minutes_but_not_once_the_device_is_out_of_the_house() -> None:
    walk = in_repair()
    walk.do("finish", "tom", work_done="更换尾插小板")
    walk.do("inspect", "sue", rescan=TICKET["imei"], result="passed")
    assert walk.undone("ray") == {"not_undoable"}
    assert walk.undone("sue") == {"not_undoable"}  # an hour later

    walk.wait(minutes=-55)
    assert walk.undone("sue") == set()
    assert walk.case.state == "inspecting"
    inspected_again = walk.do("inspect", "sue", rescan=TICKET["imei"], result="passed")
    assert inspected_again == "returning"
    walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1")
    walk.wait(minutes=-55)
    assert walk.undone("amy") == {"not_undoable"}


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
    assert walk.do("sign", "intake", receipt="快递签收") == "closed"


def test_nothing_is_charged_where_nothing_is_due() -> None:
    walk = inspected(in_repair())

    assert walk.refused("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="50") == {"guard_unmet"}
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1", paid="0") == "closed"


def test_a_closed_case_is_reopened_unless_the_device_is_already_here_again() -> None:
    walk = handed_over()
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
