"""A phone on its way through the repair centre, up to the points from which the tests of phone-repair go on."""

from __future__ import annotations

from typing import Any

from engine.core.decision import Accepted
from tests.unit.workflows import shipped
from tests.unit.workflows.walk import PHOTO, Walk, compiled

PHONE = compiled(shipped.ROOT / "workflows" / "phone" / "phone-repair.yaml")
OUTBOUND = compiled(shipped.ROOT / "workflows" / "phone" / "phone-material-outbound.yaml")

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
EXCLUSION: dict[str, Any] = {"fault": "liquid", "cause": "进水", "verdict_why": "进水标变红", "photos": PHOTO.id, "remedy": "repair"}
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
    walk = diagnosing(proof="none", sold_on="")
    assert walk.do("diagnose", "tom", **VERDICT | {"in_warranty": False, "verdict_why": "无购机凭证"}) == "quoting"
    assert walk.do("quote", "tom", parts_fee="380.00", labour_fee="88", valid_until="2026-10-03") == "awaiting_approval"
    return walk


def inspected(walk: Walk) -> Walk:
    walk.do("finish", "tom", work_done="更换尾插小板")
    assert walk.do("inspect", "sue", rescan=walk.case.data["imei_now"], result="passed") == "returning"
    return walk


def handed_over() -> Walk:
    walk = inspected(in_repair())
    assert walk.do("hand_over", "amy", accessories_back=True, receipt="QJ-1") == "closed"
    return walk


def excluded(**changes: Any) -> Walk:
    walk = diagnosing()
    assert walk.do("exclude", "tom", **EXCLUSION | changes) == "confirming"
    return walk


def asking_for_parts() -> Walk:
    walk = in_repair()
    assert walk.do("request_parts", "tom", material="X20-尾插小板", quantity=1) == "awaiting_parts"
    return walk
