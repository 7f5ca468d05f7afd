"""The tree of checks on the terminal: what holds reads as something that holds, the holder and the unit are named, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from commands.display.check import in_full
from commands.speech import language, speak
from engine.core.called import Called
from engine.core.command import Fire
from engine.core.decision import Refused
from engine.label import Label, Language
from roles.actor import Grant
from tests.process import Walk, definition

WORK = definition("""
fields:
  fee:  {type: integer, title: {zh: 费用, en: Fee}}
start:
  open: {title: 受理, by: desk, asks: [fee], to: bench}
states:
  bench:
    title: 维修
    transitions:
      take: {title: 接单, by: bench, assign: actor, to: stay}
      end:
        title: 完工
        by: [assignee, bench]
        requires: [{that: fee <= 100, say: {zh: 费用超过一百, en: The fee is above 100}}]
        to: done
      check:
        title: 复核
        by: bench
        not_by: [assignee]
        requires: [{that: fee > 100, say: {zh: 费用不到一百, en: The fee is below 100}}]
        to: done
  done: {title: 完成, final: success}
""")


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = language()
    yield
    speak(before)


def told(walk: Walk, step: str, by: str, lang: Language) -> str:
    decision = walk.decide(Fire(step), by)
    assert isinstance(decision, Refused)
    speak(lang)
    return "\n".join(line.plain for line in in_full(decision.checks, WORK.fields))


def opened(*, is_taken: bool) -> Walk:
    walk = Walk(WORK)
    walk.called = Called({"tom": "样例维修01"}, {"north-1": Label("北一店", "North shop 1")})
    walk.team["far"] = frozenset({Grant("bench", "south-1")})
    walk.open("dan", within="north-1", fee=50)
    if is_taken:
        walk.do("take", "tom")
    return walk


def test_a_line_that_holds_does_not_read_as_a_complaint() -> None:
    walk = opened(is_taken=True)

    assert "✓ met: The fee is above 100\n      as it is: Fee = 50" in told(walk, "end", "far", "en")
    assert "✓ 条件已满足：费用超过一百\n      现值：费用 = 50" in told(walk, "end", "far", "zh")
    assert "✗ 费用不到一百\n" in told(walk, "check", "tom", "zh")


def test_the_holder_of_the_case_is_named_in_one_line() -> None:
    walk = opened(is_taken=True)

    assert "✗ holds the case (now: 样例维修01)\n      ✗ holds the role" in told(walk, "end", "far", "en")
    assert "✗ 是承办人（现为样例维修01）\n" in told(walk, "end", "far", "zh")
    assert "✗ does not hold the case (now: 样例维修01)\n" in told(walk, "check", "tom", "en")
    assert "✗ 是承办人（现无人承办）\n" in told(opened(is_taken=False), "end", "far", "zh")
    assert "✗ holds the case (now: nobody)\n" in told(opened(is_taken=False), "end", "far", "en")


def test_a_unit_is_named_by_its_title() -> None:
    walk = opened(is_taken=True)

    assert "✗ in the unit “North shop 1” or above it\n" in told(walk, "end", "far", "en")
    assert "✗ 在单位“北一店”或其上级\n" in told(walk, "end", "far", "zh")
