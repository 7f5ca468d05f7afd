"""Corrections, comments, reasons, stale wishes, unique values, `anywhere` and reopening."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.core.command import Comment, Correct, Fire
from engine.core.decide import decide
from engine.core.decision import Accepted, Refused
from engine.core.form import Ask
from engine.core.unique import unique_values, wanted_values
from roles.actor import ADMINISTRATOR, Actor, Grant
from tests.process import Walk, coded, definition

WORK = definition(
    """
fields:
  mobile: {type: phone, title: 电话, personal: true}
  imei: {type: text, title: 串号, unique: open}
  order: {type: text, title: 单号, unique: ever}
  size: {type: integer, title: 尺寸, max: 9}
  double: {type: integer, title: 双倍, computed: size * 2}
  note: {type: text, title: 备注}
  tester: {type: person, title: 维修员}
start:
  open: {title: 受理, by: desk, asks: [mobile, imei?, order?, size?, note?], set: {tester: actor}, to: bench}
states:
  bench:
    title: 维修
    transitions:
      end:
        title: 结案
        by: bench
        requires: [{that: size is not set or size > 0, say: 尺寸须为正}]
        to: done
      ask: {title: 补录, by: bench, asks: imei, reason: required, to: stay}
  parked: {title: 暂停, transitions: {resume: {title: 恢复, by: desk, to: bench}}}
  done:
    title: 完成
    final: success
    transitions:
      reopen: {title: 重开, by: boss, reason: required, to: bench}
      note: {title: 补记, by: boss, asks: size, to: stay}
      void: {title: 作废, by: boss, to: lost}
  lost: {title: 作废, final: abandoned}
anywhere:
  park: {title: 暂停, by: desk, except: parked, to: parked}
  cancel: {title: 取消, by: boss, in: [bench, parked], reason: required, to: lost}
""".replace("      note: {title: 补记", "      add: {title: 补记")
)


def at_bench(**data: Any) -> Walk:
    walk = Walk(WORK)
    walk.open("dan", **{"mobile": "12800000001", **data})
    return walk


def ended(**data: Any) -> Walk:
    walk = at_bench(**data)
    walk.do("end", "tom")
    return walk


def test_a_wrong_value_is_corrected_without_a_move() -> None:
    walk = at_bench()
    before = walk.case
    after = walk.correct("dot", mobile="128-0000-0002")

    assert after.data["mobile"] == "12800000002"
    assert (after.state, after.visit, after.entered_at, after.performed) == (
        before.state,
        before.visit,
        before.entered_at,
        before.performed,
    )
    assert (after.revision, after.seq) == (before.revision + 1, before.seq + 1)


@pytest.mark.parametrize(
    ("by", "data", "found"),
    [
        ("nil", {"mobile": "12800000002"}, [("not_authorised", None)]),
        ("sam", {"mobile": "12800000002"}, [("not_authorised", None)]),
        ("integration", {"mobile": "12800000002"}, [("not_authorised", None)]),
        ("sol", {"mobile": "12800000002"}, [("not_authorised", None)]),
        ("dan", {"size": "4"}, [("not_authorised", "size")]),
        ("bea", {"size": "10"}, [("data_invalid", "size")]),
        ("bea", {"tester": "tom"}, [("data_invalid", "tester")]),
        ("bea", {"double": "4"}, [("data_invalid", "double")]),
        ("bea", {"colour": "red"}, [("data_invalid", "colour")]),
        ("bea", {"mobile": ""}, [("data_invalid", "mobile")]),
        ("bea", {"note": None}, [("data_invalid", "note")]),
        ("bea", {"mobile": "12800000001"}, [("data_invalid", None)]),
        ("bea", {}, [("data_invalid", None)]),
    ],
)
def test_a_correction_is_refused(by: str, data: dict[str, Any], found: list[tuple[str, str | None]]) -> None:
    walk = at_bench(size=2, note="轻放")

    assert coded(walk.not_corrected(by, **data)) == found


def test_an_empty_field_that_a_rule_reads_is_filled_by_the_owner_alone() -> None:
    walk = at_bench()

    assert coded(walk.not_corrected("tom", size="3")) == [("not_authorised", "size")]
    assert walk.correct("bob", size="3").data["double"] == 6
    assert walk.correct("tom", note="轻放").data["note"] == "轻放"


def test_an_ended_case_can_be_corrected() -> None:
    walk = ended()

    assert walk.correct("dan", mobile="12800000002").outcome == "success"


def test_a_correction_and_a_required_reason_need_words() -> None:
    walk = at_bench()

    assert coded(walk.not_corrected("dan", reason=" \u3000", mobile="12800000002")) == [("data_invalid", "reason")]
    assert coded(walk.refused("ask", "tom", imei="001017000000011")) == [("data_invalid", "reason")]
    assert coded(walk.refused("ask", "tom", reason="\n", imei="001017000000011")) == [("data_invalid", "reason")]
    assert coded(walk.refused("ask", "tom", reason="字" * 1001, imei="001017000000011")) == [("data_invalid", "reason")]
    assert coded(walk.refused("end", "tom", reason="\udcff")) == [("data_invalid", "reason")]
    assert walk.do("ask", "tom", reason="漏录", imei="001017000000011").data["imei"] == "001017000000011"


def test_a_comment_leaves_the_revision() -> None:
    walk = at_bench()
    before = walk.case
    after = walk.comment("tom", " 客户来电催问 ")

    assert (after.revision, after.seq, after.data) == (before.revision, before.seq + 1, before.data)


@pytest.mark.parametrize("text", ["", " \n ", "字" * 4001, "铃\x07", "\udcff"])
def test_a_comment_that_cannot_be_kept_is_refused(text: str) -> None:
    assert coded(at_bench().not_commented("tom", text)) == [("data_invalid", "text")]


@pytest.mark.parametrize("by", ["nil", "sam", "integration", "customer"])
def test_only_those_who_work_on_the_process_comment(by: str) -> None:
    assert coded(at_bench().not_commented(by, "你好")) == [("not_authorised", None)]


def test_whoever_looks_after_the_installation_comments_and_corrects_nothing() -> None:
    walk = at_bench()
    facts = replace(walk.facts("nil"), actor=Actor("abe", "person", frozenset({Grant(ADMINISTRATOR)})))

    assert isinstance(decide(WORK, walk.case, Comment("重试"), facts), Accepted)
    corrected = decide(WORK, walk.case, Correct({"mobile": "12800000002"}, "看错"), facts)
    assert isinstance(corrected, Refused)
    assert corrected.reasons[0].code == "not_authorised"


def test_a_wish_made_on_an_older_revision_is_stale() -> None:
    walk = at_bench()
    seen = walk.case.revision
    walk.comment("tom", "不影响")
    assert walk.do("ask", "tom", expect=seen, reason="漏录", imei="1").revision == seen + 1

    assert coded(walk.refused("end", "tom", expect=seen)) == [("stale", None)]
    assert coded(walk.refused("fly", "tom", expect=seen)) == [("stale", None), ("not_available", "fly")]
    assert coded(walk.not_corrected("dan", expect=seen, mobile="12800000002")) == [("stale", None)]
    assert walk.do("end", "tom", expect=seen + 1).state == "done"


def test_a_value_of_another_open_case_is_refused() -> None:
    walk = Walk(WORK, taken={("imei", '"001017000000011"'): "P26-0007"})
    reasons = walk.not_opened("dan", mobile="12800000001", imei=" 001017000000011 ")

    assert coded(reasons) == [("duplicate", "imei")]
    assert reasons[0].sentence.zh == "串号已用于未结工单 P26-0007"
    assert walk.open("dan", mobile="12800000001", imei="001017000000029").state == "bench"
    assert coded(walk.refused("ask", "tom", reason="漏录", imei="001017000000011")) == [("duplicate", "imei")]
    assert coded(walk.not_corrected("dan", imei="001017000000011")) == [("duplicate", "imei")]


def test_a_correction_of_an_ended_case_claims_only_what_is_unique_for_ever() -> None:
    walk = ended(imei="1", order="A")
    walk.taken = {("imei", '"2"'): "P26-0007", ("order", '"B"'): "P26-0007"}

    assert coded(walk.not_corrected("dan", imei="2", order="B")) == [("duplicate", "order")]
    assert walk.correct("dan", imei="2").data["imei"] == "2"


def test_reopening_claims_the_unique_values_again() -> None:
    walk = ended(imei="1")
    walk.taken = {("imei", '"1"'): "P26-0007"}

    assert coded(walk.refused("reopen", "bea", reason="返修")) == [("duplicate", "imei")]
    walk.taken = {}
    reopened = walk.do("reopen", "bea", reason="返修")
    assert (reopened.state, reopened.outcome, reopened.ended_at) == ("bench", None, None)
    assert walk.do("end", "tom").ended_at == walk.case.last_at


def test_a_step_that_leaves_an_ended_case_ended_claims_nothing() -> None:
    walk = ended(imei="1")
    walk.taken = {("imei", '"1"'): "P26-0007"}
    ended_at = walk.case.ended_at

    assert walk.do("add", "bea", size="3").ended_at == ended_at
    assert walk.do("void", "bea").outcome == "abandoned"
    assert walk.case.ended_at == ended_at


def test_the_shell_is_told_which_values_to_look_up() -> None:
    facts = Walk(WORK).facts("dan")
    asks = tuple(Ask(WORK.fields[name], True) for name in ("mobile", "imei", "order"))

    assert wanted_values(WORK, None, asks, {"imei": " 1 ", "order": 5, "mobile": "x"}, facts) == (
        ("imei", '"1"', "open"),
        ("order", '"5"', "ever"),
    )
    assert wanted_values(WORK, None, asks, {"imei": ["?"], "order": ""}, facts) == ()
    assert wanted_values(WORK, ended(imei="7").case, (), {}, facts) == (("imei", '"7"', "open"),)


def test_an_ended_case_keeps_from_others_only_what_is_unique_for_ever() -> None:
    data = {"imei": "7", "order": "A", "mobile": "12800000001"}

    assert unique_values(WORK, data, is_open=True) == (("imei", '"7"', "open"), ("order", '"A"', "ever"))
    assert unique_values(WORK, data, is_open=False) == (("order", '"A"', "ever"),)


def test_a_step_of_many_states_is_where_the_document_puts_it() -> None:
    where = {step: {name for name, state in WORK.states.items() if step in state.steps} for step in ("park", "cancel")}

    assert where == {"park": {"bench"}, "cancel": {"bench", "parked"}}


def test_a_step_of_another_state_is_not_available_and_says_where_it_is() -> None:
    walk = at_bench()
    reasons = walk.refused("resume", "dan")

    assert coded(reasons) == [("not_available", "resume")]
    assert reasons[0].sentence.zh == "“恢复”在“维修”状态下不可执行；可执行于：暂停"
    assert coded(walk.refused("resune", "dan")) == [("not_available", "resune")]
    assert coded(walk.not_opened("dan", "receive")) == [("not_available", "receive")]


@pytest.mark.parametrize("command", [Fire("end"), Correct({}, ""), Comment("x")])
def test_without_a_case_there_is_nothing_to_move(command: Fire | Correct | Comment) -> None:
    decision = decide(WORK, None, command, Walk(WORK).facts("dan"))

    assert isinstance(decision, Refused)
    assert coded(decision.reasons) == [("not_available", None)]


def test_options_of_an_optional_form_are_conditions_not_refusals() -> None:
    option = at_bench(size=0).option("end", "tom")

    assert not option.allowed
    assert coded(option.reasons) == [("guard_unmet", "size is not set or size > 0")]
    asked = at_bench().option("ask", "tom")
    assert (asked.allowed, asked.needs_reason, asked.conditions) == (True, True, ())
