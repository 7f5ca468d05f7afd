"""What a step does to the data: the form replaces, `?` and `clears` empty, `set` writes all at once, computed fields follow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.core.command import Fire
from engine.core.decision import Refused
from engine.core.event import Moved
from tests.process import Walk, coded, definition, faulty

WORK = definition("""
fields:
  symptom: {type: text, title: 现象}
  remark: {type: text, title: 备注}
  parts: {type: money, title: 配件费, currency: CNY}
  labour: {type: money, title: 工时费, currency: CNY}
  price: {type: money, title: 报价, currency: CNY, computed: parts + labour}
  tax: {type: money, title: 税额, currency: CNY, computed: price * 0.13}
  left: {type: integer, title: 甲}
  right: {type: integer, title: 乙}
  sold_on: {type: date, title: 购买日期}
  until: {type: date, title: 保修至, computed: sold_on + 1y}
  kind: {type: choice, title: 类别, choices: {small: 小修, big: 大修}}
  days: {type: integer, title: 天数, computed: {field: kind, is: {small: "3", big: "10"}}}
  urgent: {type: boolean, title: 加急, computed: [{when: kind == small, then: remark is set}, {else: "true"}]}
start:
  open: {title: 受理, by: desk, asks: [symptom, remark?], set: {left: "1", right: "2"}, to: bench}
states:
  bench:
    title: 维修
    transitions:
      note: {title: 备注, by: bench, asks: remark?, to: stay}
      swap: {title: 对调, by: bench, set: {left: right, right: left + 10}, to: stay}
      quote: {title: 报价, by: bench, asks: [parts, labour], to: stay}
      date: {title: 日期, by: bench, asks: [sold_on?, kind?], to: stay}
      void: {title: 作废, by: bench, clears: [parts, remark], to: stay}
      both: {title: 写清, by: bench, asks: remark, set: {symptom: remark}, clears: remark, to: stay}
      end: {title: 完成, by: bench, to: done}
  done: {title: 完成, final: success}
""")


def at_bench(**data: Any) -> Walk:
    walk = Walk(WORK)
    walk.open("dan", **{"symptom": "不开机", **data})
    return walk


def test_a_form_replaces_what_it_asks_for_and_leaves_the_rest() -> None:
    walk = at_bench(remark="轻放")

    assert walk.do("note", "tom", remark="易碎").data == {"symptom": "不开机", "remark": "易碎", "left": 1, "right": 2}


def test_an_optional_field_left_empty_is_emptied() -> None:
    walk = at_bench(remark="轻放")

    assert "remark" not in walk.do("note", "tom").data
    assert isinstance(walk.events[-1], Moved)
    assert walk.events[-1].changes == {"remark": None}


def test_what_did_not_change_is_no_change() -> None:
    walk = at_bench(remark="轻放")
    walk.do("note", "tom", remark=" 轻放 ")

    assert isinstance(walk.events[-1], Moved)
    assert walk.events[-1].changes == {}


def test_set_sees_the_old_values_on_every_right_hand_side() -> None:
    data = at_bench().do("swap", "tom").data

    assert (data["left"], data["right"]) == (2, 11)


def test_clears_empties_and_set_sees_the_form() -> None:
    assert at_bench().do("both", "tom", remark="电池鼓包").data == {"symptom": "电池鼓包", "left": 1, "right": 2}


def test_a_computed_field_follows_every_event_and_goes_with_its_operand() -> None:
    walk = at_bench()
    assert walk.case.data.keys().isdisjoint({"price", "tax"})

    data = walk.do("quote", "tom", parts="380.05", labour="88").data
    assert (data["price"], data["tax"]) == (Decimal("468.05"), Decimal("60.85"))

    assert walk.do("void", "tom").data.keys().isdisjoint({"parts", "price", "tax"})


def test_money_is_rounded_half_up_when_it_is_stored() -> None:
    assert str(at_bench().do("quote", "tom", parts="0.50", labour="0").data["tax"]) == "0.07"
    assert str(at_bench().do("quote", "tom", parts="0.5", labour="0").data["price"]) == "0.50"


def test_computed_dates_and_choices() -> None:
    walk = at_bench(remark="加急")

    data = walk.do("date", "tom", sold_on="2024-02-29", kind="小修").data
    assert (data["until"], data["days"], data["urgent"]) == (date(2025, 2, 28), 3, True)

    data = walk.do("date", "tom", kind="big").data
    assert (data["days"], data["urgent"]) == (10, True)
    assert "until" not in data

    assert walk.do("date", "tom").data.keys().isdisjoint({"days", "urgent"})


def test_a_computed_field_is_recomputed_by_a_correction() -> None:
    walk = at_bench()
    walk.do("quote", "tom", parts="380", labour="88")

    assert walk.correct("bea", parts="400").data["price"] == Decimal("488.00")


def test_a_computed_field_cannot_be_typed() -> None:
    assert coded(at_bench().refused("quote", "tom", parts="1", labour="1", price="1")) == [("data_invalid", "price")]


LIMITS = faulty(
    """
fields:
  n: {type: integer, title: 数}
  m: {type: integer, title: 量, max: 1000}
  big: {type: decimal, title: 大数}
  cost: {type: money, title: 费用, currency: CNY, max: "999"}
  total: {type: money, title: 合计, currency: CNY, computed: cost * big}
  level: {type: integer, title: 级, computed: [{when: n > 5, then: "1"}, {when: n > 7, then: "2"}, {when: n < 3, then: "0"}]}
start:
  open: {title: 受理, by: desk, asks: [n, big?, cost?], set: {m: "6"}, to: open}
states:
  open:
    title: 办理
    transitions:
      square: {title: 平方, by: desk, set: {m: m * m}, to: stay}
      double: {title: 翻倍, by: desk, requires: [{that: big is set, say: 先填}], set: {big: big * big}, to: stay}
      judge: {title: 判定, by: desk, asks: n, to: stay}
      end: {title: 完成, by: desk, to: done}
  done: {title: 完成, final: success}
""",
    "choice-gap",
    "choice-overlap",
)


def test_a_set_value_keeps_the_limits_of_its_field() -> None:
    walk = Walk(LIMITS)
    walk.open("dan", n=1)
    assert walk.do("square", "dan").data["m"] == 36

    reasons = walk.refused("square", "dan")

    assert coded(reasons) == [("data_invalid", "m")]
    assert reasons[0].sentence.zh == "量：不能大于 1000"


@pytest.mark.parametrize("start", ["999999999999999", "0.000001", "-999999999999999.999999"])
def test_a_number_never_outgrows_what_can_be_kept(start: str) -> None:
    walk = Walk(LIMITS)
    walk.open("dan", n=1, big=start)
    for _ in range(10):
        if isinstance(walk.decide(Fire("double"), "dan"), Refused):
            break

    assert coded(walk.refused("double", "dan")) == [("data_invalid", "big")]


def test_a_computed_amount_that_cannot_be_kept_refuses_the_step() -> None:
    walk = Walk(LIMITS)
    walk.open("dan", n=1, big="999999999999999", cost="999")
    assert walk.case.data["total"] == Decimal("998999999999999001.00")

    assert coded(walk.refused("double", "dan")) == [("data_invalid", "total")]


def test_cases_of_a_computed_field_that_overlap_or_leave_a_gap_refuse_the_step() -> None:
    walk = Walk(LIMITS)

    assert walk.open("dan", n=6).data["level"] == 1
    assert coded(walk.refused("judge", "dan", n=8)) == [("no_single_choice", "level")]
    assert coded(walk.refused("judge", "dan", n=4)) == [("no_single_choice", "level")]
    assert walk.do("judge", "dan", n=2).data["level"] == 0
