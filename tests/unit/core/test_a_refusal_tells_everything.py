"""Why not: a refusal, an option and a dry run tell the same tree – every question, its answer, and the values that decided.

That the tree says what was decided is held with every wish of every Walk (`tests.process.assert_told`).
"""

from __future__ import annotations

from typing import get_args

import pytest

from engine.core.command import Fire
from engine.core.decision import Check, Reason, ReasonCode, Refused
from engine.core.examine import causes, examine, leaves_of
from engine.label import verbatim
from roles.actor import Grant, Lent
from tests.process import TEAM, Walk, definition

WORK = definition("""
fields:
  tester: {type: person, title: 维修员, role: bench}
  fee:    {type: integer, title: 费用}
  note:   {type: text, title: 备注}
  serial: {type: text, title: 序列号, unique: open}
start:
  open: {title: 受理, by: desk, asks: [note?, serial?], to: bench}
states:
  bench:
    title: 维修
    transitions:
      take:   {title: 接单, by: bench, set: {tester: actor}, assign: actor, to: stay}
      finish: {title: 完工, by: [tester, boss], asks: [fee, note?], to: checking}
      hold:   {title: 承办, by: assignee, to: stay}
  checking:
    title: 质检
    transitions:
      pass:
        title: 放行
        by: [bench, {role: boss, in: any}]
        not_by: [finish, tester]
        asks: serial?
        reason: required
        requires:
          - {that: fee <= 100, say: 费用不得超过一百}
          - {that: note is set, say: 须有备注}
          - {that: serial is set, say: 须有序列号}
        to: done
  done: {title: 完成, final: success}
""")


def checking(fee: int = 100, note: str = "") -> Walk:
    walk = Walk(WORK)
    walk.open("dan", within="north-1")
    walk.do("take", "tom")
    walk.do("finish", "tom", fee=fee, note=note)
    return walk


def tree(walk: Walk, step: str, by: str, *, reason: str | None = None, **data: object) -> tuple[Check, ...]:
    """Everything that was asked before a step that is refused."""
    decision = walk.decide(Fire(step, data, reason), by)
    assert isinstance(decision, Refused)
    return decision.checks


def one(checks: tuple[Check, ...], kind: str) -> Check:
    return next(check for check in checks if check.kind == kind)


def kinds(checks: tuple[Check, ...]) -> list[tuple[str, bool | None]]:
    return [(check.kind, check.holds) for check in checks]


def test_what_holds_is_told_beside_what_does_not_in_the_order_of_asking() -> None:
    found = tree(checking(), "pass", "tom", reason="合格")

    expected = [("state", True), ("role", True), ("separation", False), ("form", True)]
    assert kinds(found) == [*expected, ("guard", True), ("guard", False), ("guard", False)]
    assert [each.code for each in causes(found)] == ["separation_of_duties", "guard_unmet", "guard_unmet"]


def test_each_word_of_by_is_a_part_and_a_role_is_held_in_a_unit() -> None:
    role = one(tree(checking(), "pass", "sam"), "role")
    assert [(part.sentence.zh, part.holds) for part in role.parts] == [("担任“维修”", False), ("担任“主管”", False)]

    walk = checking()
    walk.team["far"] = frozenset({Grant("bench", "south-1")})
    held = one(tree(walk, "pass", "far"), "role").parts[0]
    assert (held.holds, kinds(held.parts), held.parts[0].sentence.en) == (False, [("unit", False)], "in the unit “north-1” or above it")


def test_who_stands_in_a_field_and_who_holds_the_case_is_told() -> None:
    walk = Walk(WORK)
    walk.open("dan", within="north-1")
    walk.do("take", "tom")

    stands = one(tree(walk, "finish", "tim"), "role").parts[0]
    holds = one(tree(walk, "hold", "tim"), "role").parts[0]

    assert [(value.name, value.value.en) for value in (*stands.values, *holds.values)] == [("tester", "tom"), ("assignee", "tom")]
    assert (stands.kind, holds.kind) == ("role", "assignee")


def test_whoever_acts_for_another_is_told_for_whom_and_what_he_was_lent() -> None:
    walk = checking()
    walk.lent["dot"] = (Lent("tim", frozenset({Grant("bench", "north-1")}), whole=False, held=TEAM["tim"]),)

    role, separation = (one(tree(walk, "pass", "dot"), kind) for kind in ("role", "separation"))

    assert role.holds
    assert [(part.kind, part.subject, part.holds) for part in role.parts[2:]] == [("delegation", "tim", True)]
    assert [(part.kind, part.holds) for part in role.parts[2].parts] == [("role", True), ("role", False)]
    assert separation.holds


def test_what_was_done_is_told_with_who_did_it_and_for_whom() -> None:
    walk = Walk(WORK)
    walk.open("dan", within="north-1")
    walk.do("take", "tom")
    walk.lent["dot"] = (Lent("tom", frozenset({Grant("bench", "north-1")}), whole=True, held=TEAM["tom"]),)
    walk.do("finish", "dot", fee=1)

    parts = one(tree(walk, "pass", "tom"), "separation").parts

    assert [(part.subject, part.holds, part.values[0].value.en) for part in parts] == [
        ("finish", False, "dot (for tom)"),
        ("tester", False, "tom"),
    ]


def test_a_condition_tells_the_values_that_decided_whether_it_holds_or_not() -> None:
    under, over = (one(tree(checking(fee), "pass", "nil"), "guard") for fee in (99, 101))

    assert [(check.holds, [(value.name, value.value.en) for value in check.values]) for check in (under, over)] == [
        (True, [("fee", "99")]),
        (False, [("fee", "101")]),
    ]
    assert over.reason is not None
    assert over.reason.values == over.values


def test_each_fault_of_the_form_is_a_part_and_what_reads_it_has_no_verdict() -> None:
    walk = Walk(WORK)
    walk.open("dan", within="north-1")
    walk.do("take", "tom")
    form = one(tree(walk, "finish", "tom", fee="x", colour="red"), "form")
    assert [(part.subject, part.reason.code) for part in form.parts if part.reason is not None] == [
        ("fee", "data_invalid"),
        ("colour", "data_invalid"),
    ]
    assert form.reason is None

    found = tree(checking(note="好"), "pass", "tim", serial="\x00")
    assert [(check.subject, check.holds) for check in found if check.kind == "guard"][-1] == ("serial is set", None)
    assert one(found, "form").parts[-1].subject == "reason"


def test_a_value_that_another_case_has_names_that_case() -> None:
    walk = checking(note="好")
    walk.taken = {("serial", '"S-1"'): "P26-0009"}

    wishes = [Fire("pass", {"serial": value}, "合格") for value in ("S-2", "S-1")]
    free, taken = (one(examine(WORK, walk.case, wish, walk.facts("tim")), "unique") for wish in wishes)

    assert (free.holds, taken.holds) == (True, False)
    assert taken.reason is not None
    assert "P26-0009" in taken.reason.sentence.en


def test_before_the_form_is_filled_what_depends_on_it_is_open() -> None:
    option = checking(note="好").option("pass", "tim")

    open_ones = [(check.kind, check.subject) for check in option.checks if check.holds is None]
    assert option.allowed
    assert open_ones == [("form", None), ("guard", "serial is set"), ("unique", "serial")]


def test_of_a_step_of_another_state_only_that_is_told() -> None:
    found = tree(checking(), "finish", "tom")

    assert kinds(found) == [("state", False)]


def test_a_stale_wish_tells_so_before_all_else() -> None:
    walk = checking()
    decision = walk.decide(Fire("pass", {}, "合格", expect=1), "tom")

    assert isinstance(decision, Refused)
    assert kinds(decision.checks)[:2] == [("revision", False), ("state", True)]


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_whatever_the_reason_there_is_a_question_to_it(code: ReasonCode) -> None:
    (leaf,) = leaves_of([Reason(code, verbatim("x"))])

    assert leaf.holds is False
    assert leaf.sentence.zh
