"""What a step lets programs outside know: said with the step, once it can be taken back no more; of an undone step, nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.core.command import OpenCase, Undo
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.effect import Emit, RecallNotices
from roles.actor import Actor, Grant
from tests.process import Walk, definition

DOCUMENT = definition("""
undo: 10m
fields:
  name: {type: text, title: 客户, personal: true}
  work: {type: text, title: 措施}
start:
  open: {title: 受理, by: [desk, integration], asks: name, emit: {name: repair.opened}, to: repairing}
states:
  repairing:
    title: 在修
    transitions:
      finish: {title: 完工, by: [bench, integration], asks: work?, emit: {name: repair.finished, fields: [work, name]}, to: checking}
      scrap:  {title: 报废, by: bench, undo: no, emit: {name: repair.scrapped}, to: done}
  checking:
    title: 待检
    transitions:
      check: {title: 检验, by: bench, emit: {name: repair.checked}, to: stay}
      close: {title: 结案, by: system, when: work is set, emit: {name: repair.closed, fields: [work]}, to: done}
  done: {title: 完成, final: success}
""")
NOW = datetime(2026, 9, 28, 2, 30, tzinfo=UTC)
"""When the step after the opening is performed."""


def opened(by: str = "dan") -> Walk:
    walk = Walk(DOCUMENT)
    walk.open(by, name="测试客户甲")
    return walk


def emitted(walk: Walk) -> list[Emit]:
    return [effect for effect in walk.effects if isinstance(effect, Emit)]


def test_an_opening_is_told_at_once() -> None:
    assert emitted(opened()) == [Emit("repair.opened", (), "repairing")]


def test_what_may_be_taken_back_waits_until_it_can_no_more() -> None:
    walk = opened()
    walk.do("finish", "tom")

    assert emitted(walk) == [Emit("repair.finished", ("work", "name"), "checking", NOW + timedelta(minutes=10))]


def test_what_is_never_taken_back_does_not_wait() -> None:
    walk = opened()
    walk.do("scrap", "tom")

    assert emitted(walk) == [Emit("repair.scrapped", (), "done")]


def test_a_program_takes_nothing_back() -> None:
    walk = opened()
    walk.do("finish", "integration")

    assert [each.not_before for each in emitted(walk)] == [None]


def test_a_step_that_the_system_follows_up_does_not_wait() -> None:
    walk = opened()
    walk.do("finish", "tom", work="换电池")

    assert emitted(walk) == [Emit("repair.finished", ("work", "name"), "checking"), Emit("repair.closed", ("work",), "done")]


def test_an_undone_step_is_recalled() -> None:
    walk = opened()
    walk.do("finish", "tom")
    walk.to(NOW + timedelta(minutes=5))

    decision = walk.decide(Undo("点错"), "tom")

    assert isinstance(decision, Accepted)
    assert decision.effects == (RecallNotices(2),)


def test_a_program_opens_a_case_where_it_is_at_home() -> None:
    till = Actor("till", "integration", frozenset({Grant("integration", "north-1")}))
    facts = replace(Walk(DOCUMENT).facts("integration"), actor=till)

    decision = decide(DOCUMENT, None, OpenCase("open", {"name": "测试客户甲"}), facts)

    assert isinstance(decision, Accepted)
    assert decision.case.unit == "north-1"
