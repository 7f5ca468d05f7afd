"""A step opens cases of another workflow: with data of the parent, in one decision, and the parent reads them as a list."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.decision import Accepted, Refused
from engine.core.effect import Notify
from engine.core.event import ChildChanged, Moved
from tests.process import library, written
from tests.unit.core.household import Household

PARENT = """workflow: repair
version: 1
title: 维修
owner: boss
organisation: shop
number: "R{yy}-{seq:04}"
fields:
  phone:    {type: phone, title: 电话, personal: true}
  material: {type: text, title: 物料}
  quantity: {type: integer, title: 数量}
  colour:   {type: choice, title: 颜色, choices: {red: 红, blue: 蓝}}
  waiting:  {type: integer, title: 等待数, computed: count(parts where open)}
  got:      {type: integer, title: 已领, computed: sum(handed otherwise 0 of parts)}
start:
  open: {title: 受理, by: desk, asks: [phone?, material?, quantity?, colour?], to: repairing}
states:
  repairing:
    title: 维修中
    transitions:
      request:
        title: 申请
        by: bench
        asks: [material, quantity]
        starts:
          workflow: outbound
          as: parts
          with: {material: material, quantity: quantity, colour: colour, phone: phone}
          returns: handed
          at_end: cancel(withdraw)
        to: awaiting
      finish: {title: 完成, by: bench, to: done}
  awaiting:
    title: 待件
    transitions:
      arrived: {title: 到料, by: system, when: last(outcome of parts) == success, to: repairing}
      failed:  {title: 无料, by: system, when: last(outcome of parts) != success, to: repairing}
      stop:    {title: 停修, by: bench, to: dropped}
  done:    {title: 完成, final: success, transitions: {reopen: {title: 重开, by: boss, to: repairing}}}
  dropped: {title: 停修, final: abandoned}
"""
CHILD = """workflow: outbound
version: 1
title: 出库
owner: boss
organisation: shop
number: "C{yy}-{seq:04}"
fields:
  material: {type: text, title: 物料}
  quantity: {type: integer, min: 1, title: 数量}
  colour:   {type: choice, title: 颜色, choices: {blue: 蓝, red: 红, grey: 灰}}
  phone:    {type: phone, title: 电话, personal: true}
  handed:   {type: integer, title: 交付}
start:
  request: {title: 领料, by: parent, asks: [material, quantity, colour?, phone?], to: picking}
  direct:  {title: 直领, by: desk, asks: [material, quantity], to: picking}
states:
  picking:
    title: 备料
    transitions:
      issue:    {title: 发料, by: store, asks: handed, to: issued}
      none:     {title: 缺料, by: store, to: short}
      withdraw: {title: 撤回, by: [parent, store], to: withdrawn}
  issued:    {title: 已出库, final: success, transitions: {back: {title: 重开, by: boss, to: picking}}}
  short:     {title: 缺料, final: failure}
  withdrawn: {title: 已撤回, final: abandoned}
"""


def home(**data: Any) -> Household:
    """A repair N-1 that has asked for parts: its child is N-2."""
    house = Household(PARENT, CHILD)
    accepted(house.open("repair", **data))
    accepted(house.do("N-1", "request", material="屏幕", quantity=2))
    return house


def accepted(decision: object) -> Accepted:
    assert isinstance(decision, Accepted), [(each.code, each.sentence.en) for each in decision.reasons]  # type: ignore[attr-defined]
    return decision


def refused(decision: object) -> list[tuple[str, str | None]]:
    assert isinstance(decision, Refused)
    return [(each.code, each.subject) for each in decision.reasons]


def test_the_child_has_what_the_parent_gave_and_knows_where_it_comes_from() -> None:
    house = home(phone="12800000001", colour="red")
    (child,) = house.children("N-1", "parts")

    assert child.data == {"material": "屏幕", "quantity": 2, "colour": "red", "phone": "12800000001"}
    assert (child.parent.number, child.parent.alias, child.unit) == ("N-1", "parts", "north-1")  # type: ignore[union-attr]
    assert child.performed[0].actor == "tom"


def test_the_parent_reads_its_children_at_once() -> None:
    house = home()

    assert house.case("N-1").data["waiting"] == 1
    assert house.case("N-1").state == "awaiting"


def test_an_optional_field_may_stay_empty_and_a_required_one_refuses_the_step() -> None:
    house = Household(PARENT, CHILD)
    house.open("repair")

    assert refused(house.do("N-1", "request", material="屏幕", quantity=0)) == [("data_invalid", "quantity")]
    assert house.case("N-1").state == "repairing"
    assert len(house.cases) == 1


def test_nobody_opens_by_a_start_for_parents_without_one() -> None:
    house = Household(PARENT, CHILD)

    assert refused(house.open("outbound", "tom", "request", material="屏幕", quantity=1)) == [("not_authorised", "request")]


def test_the_end_of_a_child_wakes_the_parent_which_moves_by_itself() -> None:
    house = home()
    accepted(house.do("N-2", "issue", "sol", handed=2))
    assert house.case("N-1").state == "awaiting"
    house.run_errands()

    parent = house.case("N-1")
    assert (parent.state, parent.data["got"], parent.data["waiting"]) == ("repairing", 2, 0)
    changed, moved = house.events[parent.id][-2:]
    assert isinstance(changed, ChildChanged)
    assert isinstance(moved, Moved)
    assert (changed.outcome, dict(changed.returns), moved.step, moved.actor) == ("success", {"handed": 2}, "arrived", "system")


def test_a_child_that_fails_takes_the_other_way() -> None:
    house = home()
    house.do("N-2", "none", "sol")
    house.run_errands()

    assert [each.step for each in house.events[house.case("N-1").id] if isinstance(each, Moved)] == ["request", "failed"]


def test_a_wake_that_comes_twice_changes_nothing() -> None:
    house = home()
    house.do("N-2", "issue", "sol", handed=2)
    (errand,) = house.errands
    house.run_errands()
    before = house.case("N-1")

    assert refused(house.run_errand(errand)) == [("stale", None)]
    assert house.case("N-1") == before


def test_a_reopened_child_is_open_for_its_parent_too() -> None:
    house = home()
    house.do("N-2", "issue", "sol", handed=2)
    house.run_errands()
    accepted(house.do("N-2", "back", "bea"))
    house.run_errands()

    parent = house.case("N-1")
    assert (parent.data["waiting"], parent.data["got"]) == (1, 0)
    assert (parent.children["parts"][0].outcome, parent.children["parts"][0].returns) == (None, {})


def test_the_end_of_the_parent_cancels_the_open_child() -> None:
    house = home()
    accepted(house.do("N-1", "stop"))
    house.run_errands()

    assert house.case("N-2").state == "withdrawn"
    assert house.case("N-2").performed[-1].actor == "parent"
    assert house.case("N-1").children["parts"][0].outcome == "abandoned"


def test_a_child_cannot_be_reopened_when_its_parent_has_ended() -> None:
    house = home()
    house.do("N-2", "issue", "sol", handed=2)
    house.run_errands()
    accepted(house.do("N-1", "finish"))

    assert refused(house.do("N-2", "back", "bea")) == [("not_available", None)]


def test_a_parent_that_waits_cannot_end_before_its_child() -> None:
    house = Household(PARENT.replace("cancel(withdraw)", "wait"), CHILD)
    house.open("repair")
    house.do("N-1", "request", material="屏幕", quantity=1)

    (reason,) = house.do("N-1", "stop").reasons  # type: ignore[union-attr]
    assert (reason.code, "N-2" in reason.sentence.en) == ("child_open", True)
    house.do("N-2", "none", "sol")
    house.run_errands()
    accepted(house.do("N-1", "finish"))


def test_a_child_that_is_left_lives_on() -> None:
    house = Household(PARENT.replace("cancel(withdraw)", "leave"), CHILD)
    house.open("repair")
    house.do("N-1", "request", material="屏幕", quantity=1)
    accepted(house.do("N-1", "stop"))

    assert house.errands == []
    assert house.case("N-2").outcome is None


@pytest.mark.parametrize(
    ("at_end", "step", "is_held"),
    [
        pytest.param("cancel(withdraw)", "request", True, id="what it opens is cancelled with it"),
        pytest.param("leave", "request", False, id="what it opens stays open"),
        pytest.param("leave", "stop", True, id="it ends nothing else"),
        pytest.param("cancel(withdraw)", "stop", False, id="it cancels a child"),
    ],
)
def test_parties_wait_only_while_the_step_may_be_taken_back(at_end: str, step: str, is_held: bool) -> None:
    notify = "notify: [{tell: customer, template: ready-for-pickup}]"
    telling = PARENT.replace("number:", "undo: 10m\nparties: {customer: {name: material, email: mail}}\nnumber:", 1)
    telling = telling.replace("fields:\n", "fields:\n  mail: {type: email, title: 邮箱}\n", 1)
    telling = telling.replace("        by: bench\n", f"        by: bench\n        {notify}\n", 1)
    telling = telling.replace("停修, by: bench", f"停修, by: bench, {notify}", 1)
    house = Household(telling.replace("cancel(withdraw)", at_end), CHILD)
    house.open("repair")
    decision = accepted(house.do("N-1", "request", material="屏幕", quantity=1))
    decision = accepted(house.do("N-1", "stop")) if step == "stop" else decision

    (told,) = (each for each in decision.effects if isinstance(each, Notify))
    assert (told.not_before is not None) is is_held


ROWS = """workflow: order
version: 1
title: 订单
owner: boss
organisation: shop
number: "O{yy}-{seq:04}"
fields:
  lines:
    type: list
    title: 明细
    of:
      item:     {type: text, title: 物料}
      quantity: {type: integer, title: 数量}
  urgent: {type: boolean, title: 加急}
start:
  open:
    title: 下单
    by: desk
    asks: [lines, urgent]
    starts:
      workflow: outbound
      as: parts
      when: urgent
      for_each: lines
      where: quantity > 0
      with: {material: item, quantity: quantity}
      at_end: wait
    to: waiting
states:
  waiting:
    title: 等待
    transitions:
      close: {title: 结束, by: system, when: count(parts where open) == 0, to: done}
  done: {title: 完成, final: success}
"""


def test_a_child_is_opened_for_each_row_that_is_asked_for() -> None:
    house = Household(ROWS, CHILD)
    rows = [{"item": "屏幕", "quantity": "2"}, {"item": "电池", "quantity": "0"}, {"item": "尾插", "quantity": "1"}]
    accepted(house.open("order", lines=rows, urgent=True))

    given = [(child.data["material"], child.data["quantity"]) for child in house.children("N-1", "parts")]
    assert given == [("屏幕", 2), ("尾插", 1)]
    ids = [row.id for row in house.case("N-1").data["lines"]]  # type: ignore[union-attr]
    assert [child.row for child in house.case("N-1").children["parts"]] == [ids[0], ids[2]]


def test_a_condition_that_does_not_hold_opens_nothing() -> None:
    house = Household(ROWS, CHILD)
    accepted(house.open("order", lines=[{"item": "屏幕", "quantity": "2"}], urgent=False))

    assert house.case("N-1").children == {}
    assert house.case("N-1").state == "done"


def test_one_child_that_refuses_refuses_all() -> None:
    house = Household(ROWS.replace("      where: quantity > 0\n", ""), CHILD)
    rows = [{"item": "屏幕", "quantity": "2"}, {"item": "电池", "quantity": "0"}]

    assert refused(house.open("order", lines=rows, urgent=True)) == [("data_invalid", "quantity")]
    assert house.cases == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("workflow: outbound\n          as", "workflow: outbond\n          as"), "unknown-workflow"),
        (("as: parts\n", "as: parts\n          start: direct\n"), "unknown-start"),
        (("{material: material,", "{matter: material, material: material,"), "unknown-field"),
        (("quantity: quantity, colour: colour,", "colour: colour,"), "child-field-missing"),
        (("quantity: quantity, colour", "quantity: material, colour"), "type-mismatch"),
        (("colour: colour,", "colour: green,"), "unknown-choice"),
        (("phone: phone}", "phone: material}"), "personal-handed-over"),
        (("{material: material,", "{material: phone,"), "personal-handed-over"),
        (("returns: handed", "returns: hand"), "unknown-field"),
        (("returns: handed", "returns: phone"), "personal-handed-over"),
        (("cancel(withdraw)", "cancel(issue)"), "unknown-step"),
        (("          as: parts\n", "          as: parts\n          where: quantity > 1\n"), "not-allowed-here"),
        (("          as: parts\n", "          as: parts\n          for_each: colour\n"), "unknown-field"),
        (("as: parts", "as: material"), "duplicate-name"),
        (("as: parts", "as: unit"), "reserved-name"),
    ],
)
def test_what_a_document_asks_of_its_children_must_be_there(change: tuple[str, str], code: str) -> None:
    text = PARENT.replace(*change)
    assert text != PARENT

    found = library(text, CHILD).diagnostics
    assert code in {one.code for one in found}, [(one.code, one.sentence.en) for one in found]
    assert written(text)
