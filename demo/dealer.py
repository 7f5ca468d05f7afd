"""What the dealership does about a callback, state by state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from demo.act import Act, Habit
from engine.core.case import Case

CARE, DESK, BOSS = "dealer-cr-manager", "dealer-cs-specialist", "dealer-service-supervisor"


def _record(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    if chance.random() < 0.25:
        return {"quality": "problem", "satisfaction": 2, "impression": "刹车仍有轻微异响"}
    return {"quality": "good", "satisfaction": chance.choice((4, 5))}


HABITS: Mapping[str, Habit] = {
    "waiting": Habit((2, 16), (Act("record", DESK, 65, _record), Act("not_reached", DESK, 25), Act("take", CARE, 10))),
    "handling": Habit((2, 10), (Act("resolve", BOSS, 1, lambda *_: {"solution": "已致歉并安排返修", "rebooking": "YY26-00321"}),)),
    "improving": Habit(
        (4, 16), (Act("improve", CARE, 1, lambda *_: {"cause": "制动片型号选用有误", "improvement": "配件目录增加车型核对"}),)
    ),
    "submitting": Habit((2, 16), (Act("submit", DESK, 1, lambda chance, *_: {"report_no": f"GZ26-{chance.randrange(100, 999)}"}),)),
}

FIRST_TICKET = {
    "order_no": "RO26-004417",
    "customer_name": "测试客户癸",
    "mobile": "12800000099",
    "plate": "测A·00001",
    "vin": "L00TEST14N1000001",
    "service": "首保，更换前制动片",
}
