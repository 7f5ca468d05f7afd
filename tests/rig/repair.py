"""A phone repair on its way from the counter to the inspection, as the matrices of rights walk it, by one who stands in at the bench."""

from __future__ import annotations

DESK, BENCH, BOSS = "phone-front-desk", "phone-repair-tester", "phone-supervisor"
TICKET = {
    "channel": "walk_in", "customer_name": "测试客户甲", "mobile": "12800000001", "model": "示例 X18", "imei": "001017000000011",
    "proof": "invoice", "sold_on": "2026-03-01", "symptom": "充不进电", "accessories": "充电器", "appearance": "外观正常",
    "as_listed": "是", "backed_up": "是",
}  # fmt: skip
VERDICT = {"fault": "battery", "cause": "电池老化", "in_warranty": "是", "verdict_why": "在保", "remedy": "repair"}
WALK: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("take", f"deputy.{BENCH}", {}),
    ("diagnose", f"deputy.{BENCH}", VERDICT),
    ("finish", f"deputy.{BENCH}", {"work_done": "换电池"}),
)
