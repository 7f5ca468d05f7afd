"""A drawing shows every state and every step of a process once, each in words: who may, when, how long, and what it opens."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.authoring.diagram.condition import in_words
from engine.authoring.diagram.drawing import END, draw
from engine.core.compiled import STAY
from engine.core.expression import Expression, read
from engine.core.machine import BIRTH
from engine.label import Label
from tests.process import definition
from tests.unit.diagram.shipped import definitions, drawings

LENDING = """
parties: {customer: {name: who}}
fields:
  who:   {type: text, title: 姓名}
  worth: {type: integer, title: 价值}
  pawn:  {type: boolean, title: 有押金}
  kind:  {type: choice, title: 种类, choices: {phone: 手机, tablet: 平板}}
  due:   {type: date, title: 归还日}
calendar: desk-hours
start:
  open: {title: 登记, by: [desk, customer], asks: [who, worth, pawn, kind, due], to: [{when: worth < 500, then: lent}, {else: asked}]}
states:
  asked:
    title: 待批
    phase: request
    waits_on: customer
    transitions:
      allow: {title: 批准, by: bench, to: {field: kind, is: {phone: lent, tablet: gone}}}
      remind: {title: 提醒, by: desk, to: stay}
  lent:
    title: 已借出
    phase: work
    transitions:
      back: {title: 归还, by: desk, to: done}
      lapse: {title: 到期作废, by: system, to: gone}
  done: {title: 完成, final: success}
  gone: {title: 作废, final: abandoned}
clocks:
  reply: {title: 答复, runs_in: asked, limit: 4wh, ladder: [{at: due, tell: boss, template: overdue}]}
  term: {title: 借期, runs_in: lent, due: due, ladder: [{at: due, fire: lapse}]}
  whole:
    title: 全程
    runs_in: all
    pauses: {waits_on: customer}
    limit: 30d
    legal: true
    source: [LAW]
    ladder: [{at: due, tell: boss, template: overdue}]
"""

CONDITIONS = {
    "worth >= 500": ("价值 ≥ 500", "价值 ≥ 500"),
    "not pawn": ("有押金 = 否", "有押金 = no"),
    "kind == phone and pawn": ("种类 = 手机，且有押金", "种类 = 手机 and 有押金"),
    "pawn and (kind == phone or worth < 5)": ("有押金，且（种类 = 手机，或价值 < 5）", "有押金 and (种类 = 手机 or 价值 < 5)"),
    "who is not set": ("姓名未填", "姓名 is empty"),
    "kind in (phone | tablet)": ("种类为手机、平板之一", "种类 is one of 手机, 平板"),
    "not done(allow)": ("未执行“批准”", "“批准” was not performed"),
    "not (kind == phone)": ("并非（种类 = 手机）", "not (种类 = 手机)"),
    "due + 2d <= today()": ("归还日 + 2 天 ≤ 今天", "归还日 + 2 d ≤ Today"),
    "(worth otherwise 0) == 0": ("价值（未填则为0） = 0", "价值 (or 0, if empty) = 0"),
    "days(due to today()) > 3": ("归还日到今天的天数 > 3", "days from 归还日 to Today > 3"),
    "(worth + 1) * 2 > 9": ("（价值 + 1） × 2 > 9", "(价值 + 1) × 2 > 9"),
}


@pytest.mark.parametrize("workflow", definitions())
def test_every_state_and_every_step_is_drawn_once(workflow: str) -> None:
    compiled, drawing = definitions()[workflow], drawings()[workflow]

    assert Counter(state for band in drawing.bands for state in band.states) == Counter(list(compiled.states))
    assert list(drawing.nodes) == list(compiled.states)
    ways = Counter((source, step.id, way.target or source) for step in drawing.steps for way in step.ways for source in step.sources)
    starts = [(BIRTH, start.id, target) for start in compiled.starts.values() for target in set(start.to.values())]
    moves = [
        (name, step.id, target)
        for name, state in compiled.states.items()
        for step in state.steps.values()
        for target in {name if target == STAY else target for target in step.to.values()}
    ]
    assert ways == Counter([*starts, *moves])


def test_phases_follow_each_other_as_in_the_document_and_ends_come_last() -> None:
    drawing = drawings()["phone-material-outbound"]

    assert [band.phase for band in drawing.bands] == ["work", "review", "return", END]


def test_states_steps_and_clocks_are_told_in_words() -> None:
    drawing = draw(definition(LENDING))

    asked = drawing.nodes["asked"]
    assert asked.waits_on == Label("等客户", "waits for the customer")
    assert [(clock.title.zh, clock.limit.zh, clock.limit.en) for clock in asked.clocks] == [("答复", "4 工作小时", "4 working h")]
    assert [clock.limit.zh for clock in drawing.nodes["lent"].clocks] == ["至“归还日”"]
    whole = drawing.clocks[0]
    assert (whole.title.zh, whole.is_legal, whole.where and whole.where.zh, whole.pauses and whole.pauses.zh) == (
        "全程",
        True,
        "任一未结状态",
        "待批",
    )
    steps = {step.id: step for step in drawing.steps}
    assert steps["open"].who.zh == "前台、客户"
    assert [(way.target, way.when and way.when.zh) for way in steps["open"].ways] == [("lent", "价值 < 500"), ("asked", "否则")]
    assert [(way.target, way.when and way.when.zh) for way in steps["allow"].ways] == [("lent", "手机"), ("gone", "平板")]
    assert [clock.zh for clock in steps["lapse"].clocks] == ["借期"]
    assert steps["remind"].stays


def test_a_step_of_many_states_is_drawn_once_and_says_of_which() -> None:
    spanning = {step.id: step for step in drawings()["phone-repair"].spanning}

    assert set(spanning) == {"reassign", "abandon"}
    assert spanning["abandon"].out_of is not None
    assert spanning["abandon"].out_of.en.startswith("any open state but Difference to clear, Received")


@pytest.mark.parametrize(("text", "words"), CONDITIONS.items(), ids=CONDITIONS)
def test_a_condition_reads_as_its_owner_would_say_it(text: str, words: tuple[str, str]) -> None:
    expression = read(text, definition(LENDING).scope)
    assert isinstance(expression, Expression), expression

    said = in_words(expression)

    assert (said.zh, said.en) == words
