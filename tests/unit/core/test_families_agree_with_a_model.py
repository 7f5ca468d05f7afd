"""Families of three generations on random walks, beside a naive model: who is open, what each knows of the others, what is still asked.

Children that must end first, that are left, and that are cancelled; ends, reopenings, locks that refuse a cancel; errands that are late,
or come in any order. Nothing that a model of a page foresees may differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from random import Random

import pytest

from engine.core.decision import Accepted
from tests.unit.core.household import Household

STEPS = 60
ASKS = {"wait": "wait", "leave": "leave", "cancel": "cancel(withdraw)"}


def document(level: int, *, last: bool) -> str:
    """One generation; each but the last opens cases of the next."""
    asks = "" if last else "".join(_ask(kind, at_end, level + 1) for kind, at_end in ASKS.items())
    watching = "" if last else "      auto: {title: 自动, by: system, when: watching and count(kids where open) == 0, to: done}\n"
    by = "desk" if level == 0 else "parent"
    return f"""workflow: level{level}
version: 1
title: 工单
owner: boss
organisation: shop
number: "L{level}-{{seq:04}}"
fields:
  locked:   {{type: boolean, title: 锁定}}
  watching: {{type: boolean, title: 等待}}
start:
  open: {{title: 开单, by: {by}, set: {{locked: false, watching: false}}, to: open}}
states:
  open:
    title: 办理
    transitions:
{asks}{watching}      watch:    {{title: 等待, by: bench, set: {{watching: true}}, to: stay}}
      lock:     {{title: 锁定, by: bench, set: {{locked: true}}, to: stay}}
      end:      {{title: 结束, by: bench, to: done}}
      withdraw: {{title: 撤回, by: [parent, bench], requires: [{{that: not locked, say: 已锁定}}], to: dropped}}
  done:    {{title: 完成, final: success, transitions: {{reopen: {{title: 重开, by: bench, set: {{watching: false}}, to: open}}}}}}
  dropped: {{title: 撤回, final: abandoned}}
"""


def _ask(kind: str, at_end: str, child: int) -> str:
    starts = f"starts: {{workflow: level{child}, as: kids, at_end: {at_end}}}"
    return f"      ask_{kind}: {{title: 开子单, by: bench, {starts}, to: stay}}\n"


@cache
def texts() -> tuple[str, ...]:
    return document(0, last=False), document(1, last=False), document(2, last=True)


@dataclass(eq=False)
class Node:
    """A case as the model sees it."""

    level: int
    parent: Node | None = None
    at_end: str = ""
    state: str = "open"
    locked: bool = False
    watching: bool = False
    ends: int = 0
    """How often it has ended: which end it was."""
    kids: list[Node] = field(default_factory=list)
    known: dict[int, tuple[str, int]] = field(default_factory=dict)
    """index of a kid → how it stood when this case last looked: its state, and which end."""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class Model:
    """All cases in the order in which they were opened, and what is asked of them: (target, source, cancels)."""

    def __init__(self) -> None:
        self.nodes = [Node(0)]
        self.errands: list[tuple[int, int, bool]] = []
        self.dropped = 0

    def wish(self, index: int, step: str) -> bool:
        """Whether the step is accepted; what follows has happened then."""
        node = self.nodes[index]
        before = node.is_open
        if step == "reopen":
            if node.state != "done" or (node.parent is not None and not node.parent.is_open):
                return False
            node.state, node.watching = "open", False
        elif not node.is_open:
            return False
        elif step.startswith("ask_"):
            if node.level == 2:
                return False
            kid = Node(node.level + 1, node, step.removeprefix("ask_"))
            node.known[len(node.kids)] = ("open", 0)
            node.kids.append(kid)
            self.nodes.append(kid)
        elif step in ("end", "withdraw"):
            if self._waits(node) or (step == "withdraw" and node.locked):
                return False
            self._end(node, "done" if step == "end" else "dropped")
        elif step == "watch":
            node.watching = True
        else:
            node.locked = True
        self._conclude(node, before)
        return True

    def run(self, place: int) -> None:
        """Carry out an errand."""
        target, source, cancels = self.errands.pop(place)
        node, other = self.nodes[target], self.nodes[source]
        if cancels:
            self.dropped += not self.wish(target, "withdraw")
            return
        kid = node.kids.index(other)
        now = (other.state, 0 if other.is_open else other.ends)
        if node.known[kid] == now:
            self.dropped += 1
            return
        before = node.is_open
        node.known[kid] = now
        self._conclude(node, before)

    def knows_open(self, node: Node) -> int:
        return sum(state == "open" for state, _ in node.known.values())

    def _waits(self, node: Node) -> bool:
        return any(kid.at_end == "wait" and node.known[place][0] == "open" for place, kid in enumerate(node.kids))

    def _end(self, node: Node, state: str) -> None:
        node.state, node.ends = state, node.ends + 1

    def _conclude(self, node: Node, before: bool) -> None:
        if node.is_open and node.watching and node.level < 2 and self.knows_open(node) == 0:
            self._end(node, "done")
        if before == node.is_open:
            return
        me = self.nodes.index(node)
        if node.parent is not None:
            self._ask((self.nodes.index(node.parent), me, False))
        if not node.is_open:
            for place, kid in enumerate(node.kids):
                if kid.at_end == "cancel" and node.known[place][0] == "open":
                    self._ask((self.nodes.index(kid), me, True))

    def _ask(self, errand: tuple[int, int, bool]) -> None:
        if errand not in self.errands:
            self.errands.append(errand)


class Both:
    """The model and the real thing, always compared."""

    def __init__(self) -> None:
        self.house, self.model = Household(*texts()), Model()
        assert isinstance(self.house.open("level0"), Accepted)
        self.numbers = ["N-1"]

    def wish(self, index: int, step: str) -> None:
        accepted = isinstance(self.house.do(self.numbers[index], step), Accepted)
        self.numbers += [case.number for case in self.house.cases.values() if case.number not in self.numbers]
        assert self.model.wish(index, step) == accepted, (index, step)
        self.compare()

    def run(self, place: int) -> None:
        errand = self.house.errands.pop(place)
        self.house.run_errand(errand)
        self.model.run(place)
        self.compare()

    def compare(self) -> None:
        cases = [self.house.case(number) for number in self.numbers]
        assert [case.state for case in cases] == [node.state for node in self.model.nodes]
        for case, node in zip(cases, self.model.nodes, strict=True):
            seen = [child.state or "open" for child in case.children.get("kids", ())]
            assert seen == [state for state, _ in node.known.values()]
        ids = [case.id for case in cases]
        asked = [(ids.index(each.target), ids.index(each.source), each.step is not None) for each in self.house.errands]
        assert asked == self.model.errands
        assert len(self.house.refused_errands) == self.model.dropped


def walk(seed: int) -> Both:
    """A random walk, and at its end everything that is still asked."""
    chance, both = Random(seed), Both()
    steps = (*(f"ask_{kind}" for kind in ASKS), "watch", "lock", "end", "end", "withdraw", "reopen")
    for _ in range(STEPS):
        if both.house.errands and chance.random() < 0.4:
            both.run(chance.randrange(len(both.house.errands)))
        else:
            both.wish(chance.randrange(len(both.numbers)), chance.choice(steps))
    while both.house.errands:
        both.run(0)
    return both


@pytest.mark.parametrize("seed", range(12))
def test_a_random_family(seed: int) -> None:
    both = walk(seed)

    for node in both.model.nodes:
        assert [state for state, _ in node.known.values()] == [kid.state for kid in node.kids]


@pytest.mark.full
def test_many_random_families() -> None:
    for seed in range(100, 400):
        walk(seed)


def test_the_walks_see_what_they_are_for() -> None:
    walks = [walk(seed) for seed in range(12)]
    nodes = [node for both in walks for node in both.model.nodes]

    assert {node.state for node in nodes if node.level == 2} == {"open", "done", "dropped"}
    assert sum(both.model.dropped for both in walks) > 0
    assert any(node.ends > 1 for node in nodes)
