"""Taking a case, passing it on, putting it down: who may, to whom, and what a refusal says."""

from __future__ import annotations

import pytest

from engine.core.command import Fire
from engine.core.decision import Accepted
from engine.core.event import Assigned
from roles.actor import Grant, Lent
from tests.process import TEAM, Walk, coded, definition

PARCEL = """
fields:
  note:   {type: text, title: 备注}
  tester: {type: person, title: 维修员, role: bench}
start:
  open: {title: 受理, by: desk, to: waiting}
states:
  waiting:
    title: 待修
    transitions:
      work:  {title: 维修, by: bench, to: checking}
      own:   {title: 指定, by: desk, asks: [tester], to: owned}
      claim: {title: 认领, by: desk, to: held}
  checking:
    title: 待检
    transitions:
      check: {title: 检验, by: bench, not_by: work, to: done}
  owned:
    title: 专人
    transitions:
      mend: {title: 修理, by: tester, to: done}
  held:
    title: 承办
    transitions:
      answer: {title: 答复, by: assignee, to: done}
  done: {title: 完成, final: success}
"""


def opened(*steps: str, tester: str | None = None) -> Walk:
    """A case of shop north-1; `bob` is boss of the north, `bea` of all, `tom` and `tim` are at its bench."""
    walk = Walk(definition(PARCEL))
    walk.open("dan")
    for step in steps:
        form = {} if tester is None else {"tester": tester}
        assert isinstance(walk.decide(Fire(step, form), "tom" if step == "work" else "dan"), Accepted)
    return walk


@pytest.mark.parametrize("person", ["tom", "dan", "bea"])
def test_whoever_may_do_a_step_of_the_state_or_lead_those_who_may_takes_a_case_that_nobody_holds(person: str) -> None:
    walk = opened()
    if person == "bea":
        walk.team["bea"] = TEAM["bea"] | {Grant("bench", "head")}

    assert walk.assign(person, person).assignee == person
    assert isinstance(walk.events[-1], Assigned)


@pytest.mark.parametrize("person", ["sam", "sol", "nil"])
def test_whoever_may_do_no_step_takes_nothing(person: str) -> None:
    assert coded(opened().not_assigned(person, person)) == [("not_assignable", person)]


def test_a_case_is_given_to_others_by_those_above_and_by_its_holder_only() -> None:
    walk = opened()
    assert coded(walk.not_assigned("tim", "tom")) == [("not_authorised", "tim")]
    assert walk.assign("tom", "bob", reason="派给当班").assignee == "tom"
    assert coded(walk.not_assigned("tim", "tim")) == [("not_authorised", "tim")]
    assert walk.assign("tim", "tom").assignee == "tim"
    assert walk.assign("tom", "bea").assignee == "tom"
    assert coded(walk.not_assigned("dan", "dan")) == [("not_authorised", "dan")]


@pytest.mark.parametrize(("person", "allowed"), [("tom", True), ("bob", True), ("tim", False), ("dan", False)])
def test_it_is_put_down_by_its_holder_and_those_above(person: str, allowed: bool) -> None:
    walk = opened()
    walk.assign("tom", "tom")
    if allowed:
        assert walk.assign(None, person).assignee is None
    else:
        assert coded(walk.not_assigned(None, person)) == [("not_authorised", None)]


def test_a_refusal_names_who_may_pass_it_on() -> None:
    walk = opened()
    walk.assign("tom", "tom")

    sentence = walk.not_assigned("tim", "tim")[0].sentence

    assert sentence.en == "“tom” holds the case and “tim” may not pass it on; it takes: whoever the case is assigned to, Supervisor"
    assert sentence.zh == "工单由“tom”承办，“tim”无权改派；可改派者：承办人、主管"


@pytest.mark.parametrize(
    ("person", "why"),
    [
        pytest.param("tim", "“tim” is away; it can be given to: dan, dot, tom", id="away"),
        pytest.param("sol", "“sol” can do no step in state “待修”; it can be given to: dan, dot, tom", id="no step"),
        pytest.param("tomm", "There is no active person “tomm”. Did you mean “tom”?", id="nobody"),
    ],
)
def test_who_is_given_it_must_be_there_and_able(person: str, why: str) -> None:
    walk = opened()
    walk.away.add("tim")

    refused = walk.not_assigned(person, "bob")

    assert coded(refused) == [("not_assignable", person)]
    assert refused[0].sentence.en == why


def test_what_somebody_did_before_counts_for_what_he_could_do() -> None:
    walk = opened("work")

    assert coded(walk.not_assigned("tom", "bob")) == [("not_assignable", "tom")]
    assert walk.assign("tim", "bob").assignee == "tim"


def test_a_step_of_a_field_can_be_done_by_whom_it_names() -> None:
    walk = opened("own", tester="tom")

    assert coded(walk.not_assigned("tim", "bob")) == [("not_assignable", "tim")]
    assert walk.assign("tom", "bob").assignee == "tom"


def test_a_step_of_the_holder_can_be_done_by_whoever_takes_part_in_the_process() -> None:
    walk = opened("claim")

    assert coded(walk.not_assigned("sol", "bob")) == [("not_assignable", "sol")]
    walk.assign("dot", "bob")
    assert walk.do("answer", "dot").outcome == "success"


@pytest.mark.parametrize("held", [None, "tom"])
def test_nothing_is_done_twice(held: str | None) -> None:
    walk = opened()
    if held is not None:
        walk.assign(held, held)

    assert coded(walk.not_assigned(held, "bob")) == [("not_assignable", held)]


def test_an_ended_case_is_given_to_nobody() -> None:
    walk = opened("claim")
    walk.assign("dan", "bob")
    walk.do("answer", "dan")

    assert "not_assignable" in {reason.code for reason in walk.not_assigned("dot", "bea")}


def test_a_case_that_changed_meanwhile_is_not_given() -> None:
    walk = opened()
    seen = walk.case.revision
    walk.assign("tom", "tom")

    assert [reason.code for reason in walk.not_assigned("tim", "bob", expect=seen)] == ["stale"]
    assert walk.assign("tim", "bob", expect=walk.case.revision).assignee == "tim"


def test_a_reason_is_kept_and_must_be_text() -> None:
    walk = opened()
    assert coded(walk.not_assigned("tom", "bob", reason="x" * 1001)) == [("data_invalid", "reason")]
    walk.assign("tom", "bob", reason="派给当班")
    assert walk.events[-1].reason == "派给当班"  # type: ignore[union-attr]


def test_a_delegate_takes_and_passes_on_for_another() -> None:
    walk = opened()
    walk.lent["nil"] = (Lent("tom", TEAM["tom"], whole=True, held=TEAM["tom"]),)

    walk.assign("nil", "nil")
    assert (walk.events[-1].actor, walk.events[-1].on_behalf_of) == ("nil", "tom")

    walk.assign("tom", "bob")
    walk.assign("tim", "nil")
    assert (walk.events[-1].actor, walk.events[-1].on_behalf_of) == ("nil", "tom")


def test_a_delegate_in_one_role_does_not_hold_the_cases_of_the_other() -> None:
    walk = opened()
    walk.assign("tom", "tom")
    walk.lent["nil"] = (Lent("tom", TEAM["tom"], whole=False, held=TEAM["tom"]),)

    assert coded(walk.not_assigned("tim", "nil")) == [("not_authorised", "tim")]
