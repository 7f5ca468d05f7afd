"""Who may: roles within units, person fields, the assignee, parties and integrations; and who may not for what he did before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.command import Assign, Command, Comment, Correct, Fire, Undo
from engine.core.decide import decide
from engine.core.decision import Refused
from engine.core.event import Moved
from engine.core.evolve import evolve
from roles.actor import Actor
from tests.process import Walk, coded, definition

WORK = definition("""
parties:
  customer: {mobile: mobile}
fields:
  mobile: {type: phone, title: 电话, personal: true}
  tester: {type: person, title: 维修员, role: bench}
  checker: {type: person, title: 复核人}
  helpers: {type: people, title: 协助人}
  kind: {type: choice, title: 类别, choices: {own: 自修, other: 转交, free: 待领}}
start:
  open: {title: 受理, by: [desk, integration, customer], asks: mobile, to: bench}
states:
  bench:
    title: 维修
    transitions:
      take: {title: 接单, by: bench, set: {tester: actor}, assign: tester, to: stay}
      finish: {title: 完工, by: tester, to: checking}
      help: {title: 协助, by: helpers, to: stay}
      name: {title: 指定, by: desk, asks: helpers, to: stay}
      hold: {title: 承办, by: assignee, to: stay}
      drop: {title: 退回, by: assignee, assign: nobody, to: stay}
      pass: {title: 转交, by: desk, asks: checker, assign: checker, to: stay}
      deal:
        title: 派单
        by: desk
        asks: [kind, checker]
        assign: {field: kind, is: {own: actor, other: checker, free: nobody}}
        to: stay
      answer: {title: 答复, by: [customer, desk], requires: [{that: acting(customer), say: 须客户本人}], to: stay}
      feed: {title: 回传, by: integration, to: stay}
  checking:
    title: 质检
    transitions:
      inspect: {title: 质检, by: bench, not_by: [finish], to: done}
      approve: {title: 复核, by: [desk, boss, bench], not_by: [helpers, checker], asks: checker, to: done}
      sign: {title: 签字, by: [bench, boss], not_by: [bench], to: done}
      again: {title: 返工, by: boss, to: bench}
  done: {title: 完成, final: success}
""")


def at_bench(unit: str = "north-1", by: str = "dan") -> Walk:
    walk = Walk(WORK)
    walk.open(by, within=unit, mobile="12800000001")
    return walk


def checking(by: str = "tom") -> Walk:
    walk = at_bench()
    walk.do("take", by)
    walk.do("finish", by)
    return walk


def test_a_role_counts_in_its_unit_and_in_those_below() -> None:
    assert coded(at_bench("south-1", "sam").refused("take", "tom")) == [("not_authorised", "take")]
    for boss in ("bea", "bob"):
        assert checking().do("again", boss).state == "bench"
    south = at_bench("south-1", "sam")
    south.team["tom"] = south.team["tom"] | south.team["bob"]
    assert coded(south.refused("take", "tom")) == [("not_authorised", "take")]


def test_a_case_belongs_to_the_unit_of_the_role_that_opened_it() -> None:
    walk = Walk(WORK)

    assert walk.open("sam", mobile="12800000001").unit == "south-1"
    assert walk.open("integration", mobile="12800000001").unit is None


def test_nobody_opens_a_case_in_a_unit_that_is_not_his() -> None:
    assert coded(Walk(WORK).not_opened("dan", within="south-1", mobile="12800000001")) == [("data_invalid", "unit")]


def test_an_unknown_unit_is_refused_with_the_nearest() -> None:
    reasons = Walk(WORK).not_opened("dan", within="north-2", mobile="12800000001")

    assert ("data_invalid", "unit") in coded(reasons)
    assert "north-1" in reasons[0].sentence.en


def test_a_case_without_unit_is_open_to_whoever_holds_the_role() -> None:
    walk = Walk(WORK)
    walk.open("integration", mobile="12800000001")

    assert walk.do("take", "tom").assignee == "tom"


def test_a_refusal_names_who_may_by_title() -> None:
    (reason,) = at_bench().refused("answer", "tom")[:1]

    assert reason.sentence.zh == "“tom”无权执行“答复”；可执行者：客户、前台"


def test_the_person_in_the_field_may_and_nobody_else() -> None:
    walk = at_bench()
    assert coded(walk.refused("finish", "tom")) == [("not_authorised", "finish")]
    walk.do("take", "tom")

    assert coded(walk.refused("finish", "tim")) == [("not_authorised", "finish")]
    assert walk.do("finish", "tom").state == "checking"


def test_the_person_in_the_field_must_still_hold_its_role() -> None:
    walk = at_bench()
    walk.do("take", "tom")
    walk.team["tom"] = frozenset()

    assert coded(walk.refused("finish", "tom")) == [("not_authorised", "finish")]


def test_everybody_in_a_field_of_people_may() -> None:
    walk = at_bench()
    walk.do("name", "dan", helpers="nil, sol")

    assert walk.do("help", "nil").state == "bench"
    assert coded(walk.refused("help", "tom")) == [("not_authorised", "help")]


def test_assign_actor_field_and_nobody() -> None:
    walk = at_bench()
    assert walk.case.assignee is None
    assert coded(walk.refused("hold", "tom")) == [("not_authorised", "hold")]
    assert walk.do("take", "tom").assignee == "tom"
    assert walk.do("hold", "tom").assignee == "tom"
    assert walk.do("pass", "dan", checker="nil").assignee == "nil"
    assert coded(walk.refused("hold", "tom")) == [("not_authorised", "hold")]
    assert walk.do("drop", "nil").assignee is None


@pytest.mark.parametrize(("kind", "assignee"), [("own", "dan"), ("other", "tim"), ("free", None)])
def test_assign_by_the_choice_of_a_field(kind: str, assignee: str | None) -> None:
    assert at_bench().do("deal", "dan", kind=kind, checker="tim").assignee == assignee


def test_a_party_acts_for_itself_and_an_integration_by_its_key() -> None:
    walk = at_bench()

    assert walk.do("answer", "customer").state == "bench"
    assert coded(walk.refused("answer", "dan")) == [("guard_unmet", "acting(customer)")]
    assert walk.do("feed", "integration").state == "bench"
    assert coded(walk.refused("feed", "bea")) == [("not_authorised", "feed")]
    assert Walk(WORK).open("customer", mobile="12800000001").performed[0].actor == "customer"


def test_who_performed_a_step_in_any_round_is_excluded() -> None:
    walk = checking("tom")
    walk.do("again", "bea")
    walk.do("take", "tim")
    walk.do("finish", "tim")

    for worker in ("tom", "tim"):
        reasons = walk.refused("inspect", worker)
        assert coded(reasons) == [("separation_of_duties", "inspect")]
        assert "完工" in reasons[0].sentence.zh
    walk.team["ned"] = walk.team["tom"]
    assert walk.do("inspect", "ned").state == "done"


def test_for_whom_a_step_was_performed_is_excluded_too() -> None:
    walk = checking("tom")
    delegated = Moved(walk.now, "tom", "tim", None, "finish", "checking", "checking", False, None, {}, "tom", "north-1")
    walk.current, walk.events = evolve(walk.case, delegated), [*walk.events, delegated]

    assert coded(walk.refused("inspect", "tim")) == [("separation_of_duties", "inspect")]


def test_not_by_a_field_looks_at_the_form() -> None:
    walk = checking()
    walk.do("again", "bea")
    walk.do("name", "dan", helpers="dan")
    walk.do("finish", "tom")

    assert coded(walk.refused("approve", "dan", checker="tim")) == [("separation_of_duties", "approve")]
    assert coded(walk.refused("approve", "tim", checker="tim")) == [("separation_of_duties", "approve")]
    assert walk.do("approve", "tim", checker="dan").state == "done"


def test_not_by_a_role_excludes_its_holders_wherever_they_hold_it() -> None:
    walk = checking()
    walk.team["bea"] = walk.team["bea"] | walk.team["tom"]

    assert coded(walk.refused("sign", "bea")) == [("separation_of_duties", "sign")]
    assert walk.do("sign", "bob").state == "done"


def test_options_tell_each_step_with_its_reasons_conditions_and_form() -> None:
    walk = checking("tom")

    allowed = {step: walk.option(step, "tom").allowed for step in WORK.states["checking"].steps}
    assert allowed == {"inspect": False, "approve": True, "sign": False, "again": False}
    assert coded(walk.option("inspect", "tom").reasons) == [("separation_of_duties", "inspect")]
    assert [ask.field.id for ask in walk.option("approve", "tom").asks] == ["checker"]


def test_options_do_not_judge_a_person_whom_the_form_will_replace() -> None:
    walk = at_bench()
    walk.do("pass", "dan", checker="tim")
    walk.do("take", "tom")
    walk.do("finish", "tom")

    assert walk.option("approve", "tim").allowed
    assert walk.do("approve", "tim", checker="dan").state == "done"


@pytest.mark.parametrize(
    "wish", [Fire("help"), Fire("hold"), Comment("x"), Correct({"mobile": "12800000002"}, "x"), Assign("tim"), Undo("x")]
)
def test_who_is_disabled_may_do_nothing_wherever_he_stands(wish: Command) -> None:
    walk = at_bench()
    walk.do("name", "dan", helpers=["tom"])
    walk.do("take", "tom")

    decision = decide(WORK, walk.case, wish, replace(walk.facts("tom"), actor=Actor("tom", "disabled")))

    assert isinstance(decision, Refused)
    assert "not_authorised" in {reason.code for reason in decision.reasons}
