"""`requires`, cases values and `to`: every unmet line is told with the values that decided, and exactly one case applies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.choosing import ByCases
from engine.core.command import Fire
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.expression import Expression, read
from engine.core.kind import BOOLEAN
from engine.core.perform import Before, environment_of
from tests.process import Walk, coded, faulty

WORK = faulty(
    """
fields:
  kind: {type: choice, title: 类别, choices: {phone: 手机, car: 汽车}}
  fault: {type: choice, title: 故障, choices: {power: 不开机, none: 无故障}}
  in_warranty: {type: boolean, title: 保内}
  quote: {type: money, title: 报价, currency: CNY}
  paid: {type: money, title: 实收, currency: CNY}
  owed: {type: money, title: 未付, currency: CNY, computed: quote - paid}
  calls: {type: integer, title: 次数}
start:
  open: {title: 受理, by: desk, asks: kind, set: {calls: "0"}, to: bench}
states:
  bench:
    title: 维修
    transitions:
      judge:
        title: 判定
        by: bench
        asks: [fault, in_warranty, quote?]
        requires:
          - {that: fault != none or not in_warranty, say: 无故障不算保内}
          - {that: in_warranty or quote is set, say: 保外须报价}
          - {that: quote is not set or quote <= 5000, say: 报价过高}
        to: stay
      pay:
        title: 付款
        by: desk
        asks: [paid]
        requires: [{that: owed is set and owed == 0, say: 须付清}]
        to: stay
      route: {title: 分流, by: bench, to: {field: kind, is: {phone: phones, car: cars}}}
      call: {title: 未接通, by: bench, set: {calls: calls + 1}, to: [{when: calls < 3, then: stay}, {else: done}]}
      gap: {title: 缺口, by: bench, to: [{when: calls == 7, then: phones}, {when: calls == 8, then: cars}]}
      overlap: {title: 重叠, by: bench, to: [{when: calls < 3, then: phones}, {when: calls < 2, then: cars}, {else: done}]}
      lucky: {title: 抽检, by: bench, to: [{when: sampled(50), then: phones}, {else: stay}]}
      end: {title: 结案, by: bench, to: done}
  phones: {title: 手机, transitions: {end: {title: 结案, by: bench, to: done}}}
  cars: {title: 汽车, transitions: {end: {title: 结案, by: bench, to: done}}}
  done: {title: 完成, final: success}
""",
    "choice-gap",
    "choice-overlap",
)


def at_bench(kind: str = "phone") -> Walk:
    walk = Walk(WORK)
    walk.open("dan", kind=kind)
    return walk


def test_every_unmet_line_is_told_with_the_values_that_decided() -> None:
    reasons = at_bench().refused("judge", "tom", fault="none", in_warranty="是", quote="5001")

    assert [(reason.code, reason.sentence.zh) for reason in reasons] == [("guard_unmet", "无故障不算保内"), ("guard_unmet", "报价过高")]
    assert [(shown.title.zh, shown.value.zh) for shown in reasons[0].values] == [("故障", "无故障"), ("保内", "是")]
    assert [(shown.title.zh, shown.value.zh) for shown in reasons[1].values] == [("报价", "¥5,001.00")]


def test_an_empty_field_decides_as_a_dash() -> None:
    reasons = at_bench().refused("judge", "tom", fault="power", in_warranty="否")

    assert [reason.sentence.zh for reason in reasons] == ["保外须报价"]
    assert ("quote", "–") in [(shown.name, shown.value.zh) for shown in reasons[0].values]


def test_a_line_about_a_value_that_cannot_be_read_is_left_out() -> None:
    reasons = at_bench().refused("judge", "tom", fault="none", in_warranty="也许", quote="5001")

    assert coded(reasons) == [("data_invalid", "in_warranty"), ("guard_unmet", "quote is not set or quote <= 5000")]


def test_a_line_about_what_is_computed_from_it_is_left_out_too() -> None:
    walk = at_bench()
    walk.do("judge", "tom", fault="power", in_warranty="否", quote="468")

    assert coded(walk.refused("pay", "dan", paid="四百")) == [("data_invalid", "paid")]
    assert coded(walk.refused("pay", "dan", paid="400")) == [("guard_unmet", "owed is set and owed == 0")]
    assert walk.do("pay", "dan", paid="468.00").data["owed"] == 0


def test_authority_form_and_conditions_are_refused_together() -> None:
    reasons = at_bench().refused("judge", "dan", fault="none", in_warranty="是", quote="x", colour="red")

    assert {reason.code for reason in reasons} == {"not_authorised", "data_invalid", "guard_unmet"}


@pytest.mark.parametrize(("kind", "state"), [("phone", "phones"), ("car", "cars")])
def test_the_choice_of_a_field_decides_where_a_case_goes(kind: str, state: str) -> None:
    assert at_bench(kind).do("route", "tom").state == state


def test_the_target_is_chosen_by_the_new_values() -> None:
    walk = at_bench()

    assert [walk.do("call", "tom").state for _ in range(3)] == ["bench", "bench", "done"]
    assert walk.case.outcome == "success"


@pytest.mark.parametrize(("step", "count"), [("gap", "0"), ("overlap", "2")])
def test_none_or_several_cases_are_refused(step: str, count: str) -> None:
    walk = at_bench()
    reasons = walk.refused(step, "tom")

    assert coded(reasons) == [("no_single_choice", "to")]
    assert f" {count} " in reasons[0].sentence.zh


def test_one_of_several_overlapping_cases_is_enough() -> None:
    walk = at_bench()
    walk.do("call", "tom")
    walk.do("call", "tom")

    assert walk.do("overlap", "tom").state == "phones"


def test_else_is_the_complement_and_not_what_is_left_when_a_condition_has_no_answer() -> None:
    walk = at_bench()
    when = read("in_warranty", WORK.scope, BOOLEAN)
    assert isinstance(when, Expression)
    rule = ByCases(((when, "then"),), "else")
    before = Before("case-1", "P26-0001", None, {}, None, (), 1)

    answers = [
        rule.applying(environment_of(walk.definition, before, walk.facts("tom"), frozenset(), data))
        for data in ({"in_warranty": True}, {"in_warranty": False}, {})
    ]

    assert answers == [("then",), ("else",), ()]


def test_staying_is_no_new_visit() -> None:
    walk = at_bench()
    before = walk.case
    after = walk.do("judge", "tom", fault="power", in_warranty="是")

    assert (after.visit, after.entered_at, after.state) == (before.visit, before.entered_at, before.state)
    assert (after.revision, after.seq) == (before.revision + 1, before.seq + 1)
    assert after.last_at > before.last_at


def test_leaving_is_a_new_visit() -> None:
    walk = at_bench()
    before, moved_at = walk.case, walk.now
    after = walk.do("route", "tom")

    assert (after.visit, after.entered_at) == (before.visit + 1, moved_at)


def test_a_sample_is_drawn_by_case_and_visit_and_can_be_repeated() -> None:
    walk = at_bench()
    facts = walk.facts("tom")
    visits = [replace(walk.case, visit=number) for number in range(1, 41)]

    drawn, again = ([decide(WORK, case, Fire("lucky"), facts) for case in visits] for _ in range(2))

    assert drawn == again
    assert 8 <= sum(isinstance(one, Accepted) and one.case.state == "phones" for one in drawn) <= 32
