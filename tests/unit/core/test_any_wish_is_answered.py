"""`decide` is total and deterministic: whatever is wished, by whomever, it is accepted or refused for reasons that can be said.

Walk.decide holds every answer to the laws: equal inputs, equal decisions; a refused wish changes nothing and has a reason
in both languages; replaying the events, fresh or from the store, makes the case.
"""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.command import Assign, Command, Comment, Correct, Fire, OpenCase, Undo, Withdraw
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Accepted
from engine.core.field import FieldRule
from engine.core.form import Ask
from engine.core.kind import Attachment, rows_in
from roles.actor import Grant, Lent
from tests.process import LINEAGES, Walk, definition
from tests.unit.core.generated import generated
from tests.unit.core.shipped import EACH

ODD: list[Any] = [
    None, "", " ", "x", "０", "是", "no", "480.50", "1,2", "2026-09-27", "9999-12-31", "2026-03-02 09:30", "001017000000011",
    "L00TEST14N1000001", "12800000001", "\x00", "\ud800", "\u202e", "字" * 3000, 0, -1, 5, 10**400, 1.5, float("nan"), float("inf"),
    Decimal("0.01"), Decimal("NaN"), Decimal("1E+500"), True, False, b"x", [], ["a"], [["a"]], [None, 1], (), {"a": {"b": 1}}, object, 1j,
]  # fmt: skip
"""Whatever JSON, a sheet or a defective caller may bring."""

OTHERS = ["integration", "customer", "nobody"]

PHOTO = Attachment("0" * 64, "外观.jpg", 20_000, "image/jpeg")

FITTING: dict[str, list[Any]] = {
    "text": ["充不进电", "001017000000011", "L00TEST14N1000001"],
    "phone": ["12800000001"],
    "email": ["a@example.com"],
    "boolean": ["是", False, True],
    "integer": [1, "3", 5],
    "decimal": ["0.5"],
    "money": ["380.00", 0, "468"],
    "date": ["2026-09-27", "2026-10-01"],
    "datetime": ["2026-09-27 10:00", "2026-12-24 10:00"],
    "list": [[{"p": 1, "q": True}], [{"p": "2", "q": "否"}, {"q": True}], '[{"row": "1.1", "p": 3, "q": true}]', [{"p": []}]],
}


FAR = {"dealer-parts-order": 0.4, "dealer-service-visit": 0.4, "dealer-service-visit-nev": 0.4}
"""How much of a process chance alone must see where it takes an answer of a child, or several numbers and persons that fit together."""


class Wishes:
    """Draws wishes about one case: mostly sensible ones, so that a walk comes far, and some that are anything at all."""

    def __init__(self, walk: Walk, chance: random.Random) -> None:
        self.walk = walk
        self.chance = chance
        chosen = {rule.role for rule in walk.definition.fields.values() if rule.role is not None}
        roles = sorted({role for step in self._steps() for role in walk.definition.roles_of(step)} | chosen | {walk.definition.owner})
        self.people = [f"person-{index}" for index in range(4)]
        for person in self.people:
            walk.team[person] = frozenset(Grant(role, chance.choice([None, *LINEAGES])) for role in roles if chance.random() < 0.7)
        walk.away.update(chance.sample(self.people, chance.choice([0, 0, 1])))
        delegator, delegate = chance.sample(self.people, 2)
        walk.lent[delegate] = (Lent(delegator, walk.team[delegator], whole=chance.random() < 0.5, held=walk.team[delegator]),)

    def actor(self) -> str:
        """Often somebody whom the case itself names: the walk would not come far without."""
        held = self.walk.current.data.values() if self.walk.current else ()
        named = [person for person in self.people if person in held]
        return self.chance.choice(named or self.people) if self.chance.random() < 0.6 else self.chance.choice([*self.people, *OTHERS])

    def command(self) -> Command:
        """The next wish."""
        if self.walk.current is None:
            start = self.chance.choice([*self.walk.definition.starts.values()])
            return OpenCase(self._name(start.id), self._data(start), self._words(), self.chance.choice([None, None, *LINEAGES, "nowhere"]))
        steps = self.walk.definition.states[self.walk.case.state].steps
        roll = self.chance.random()
        if roll < 0.1:
            return Comment(self.chance.choice(["催件", "", "\udcff", "字" * 5000]))
        if roll < 0.13:
            return Assign(self.chance.choice([None, *self.people, *OTHERS, "\ud800"]), self._words(), self._revision())
        if roll < 0.16:
            return Undo(self.chance.choice(["点错", "点错", ""]), self._revision())
        if roll < 0.18:
            return Withdraw(self._name(self.chance.choice([*steps, "nothing"])))
        if roll < 0.25 or not steps:
            fields = self.chance.sample(sorted(self.walk.definition.fields), 2)
            return Correct({name: self._value(name) for name in fields}, self.chance.choice(["录错", ""]), self._revision())
        step = self.chance.choice([*steps.values()])
        return Fire(self._name(step.id), self._data(step), self._words(), self._revision())

    def _steps(self) -> list[CompiledStep]:
        definition = self.walk.definition
        return [*definition.starts.values(), *(step for state in definition.states.values() for step in state.steps.values())]

    def _name(self, name: str) -> str:
        return (
            name
            if self.chance.random() < 0.95
            else self.chance.choice([*(step.id for step in self._steps()), "to_done", "", "\ud800" * 99])
        )

    def _words(self) -> str | None:
        return self.chance.choice(["客户要求", "客户要求", None, "", "\x07"])

    def _revision(self) -> int | None:
        return self.chance.choice([None, None, None, self.walk.case.revision, 99])

    def _data(self, step: CompiledStep) -> dict[str, Any]:
        data = {ask.field.id: self._given(ask) for ask in step.form.asks if not self._left_out(ask)}
        if self.chance.random() < 0.05:
            data["colour"] = "red"
        return data

    def _given(self, ask: Ask) -> Any:
        """What is typed for it; mostly rows of its own columns where it asks for rows."""
        if ask.rows is None or self.chance.random() < 0.1:
            return self._value(ask.field.id)
        there = rows_in(self.walk.case.data.get(ask.field.id)) if self.walk.current is not None else ()
        known = [{"row": row.id} for row in there] or [{}] * self.chance.choice([1, 1, 2])
        return [row | {each.column.id: self._of(each.column) for each in ask.rows.columns} for row in known]

    def _left_out(self, ask: Ask) -> bool:
        return self.chance.random() < (0.4 if ask.optional else 0.03)

    def _value(self, name: str) -> Any:
        return self.chance.choice(ODD) if self.chance.random() < 0.06 else self._of(self.walk.definition.fields[name])

    def _of(self, rule: FieldRule) -> Any:
        if rule.choices:
            return self.chance.choice([*rule.choices, *(label.zh for label in rule.choices.values())])
        if rule.kind.name in ("person", "people"):
            return self.chance.choice(self.people)
        if rule.kind.name == "unit":
            return self.chance.choice([*LINEAGES])
        if rule.files is not None:
            return tuple(replace(PHOTO, id=f"{number:064x}") for number in range(max(1, rule.files.least)))
        fitting = FITTING[rule.type]
        if rule.pattern is not None:
            fitting = [value for value in fitting if rule.pattern.fullmatch(value)]
        return self.chance.choice(fitting)


def wander(definition: CompiledDefinition, seed: int, steps: int) -> set[str]:
    """The states that one random walk has entered."""
    walk, chance = Walk(definition), random.Random(seed)
    wishes = Wishes(walk, chance)
    seen: set[str] = set()
    for _ in range(steps):
        if isinstance(walk.decide(wishes.command(), wishes.actor()), Accepted):
            seen.add(walk.case.state)
    return seen


@pytest.mark.parametrize("definition", EACH)
def test_any_wish_about_a_shipped_process_is_answered(definition: CompiledDefinition) -> None:
    seen = {state for seed in range(25) for state in wander(definition, seed, 80)}

    assert len(seen) > len(definition.states) * FAR.get(definition.workflow, 0.7), seen


SIGNED = definition("""
calendar: desk-hours
undo: 8h
fields:
  count: {type: integer, title: 数量}
  shown: {type: text, title: 说明}
  keeper: {type: person, title: 经办, role: desk}
start:
  open: {title: 申请, by: [desk, boss], asks: [shown], to: waiting}
states:
  waiting:
    title: 待批
    transitions:
      grant:
        title: 批准
        by: [desk, boss, bench]
        not_by: [keeper, look]
        asks: [count, keeper?]
        shows: [shown]
        approvals: {at_least: [{when: count > 3, then: "3"}, {else: "2"}], each_of: [boss]}
        requires: [{that: count > 1, say: 太少}]
        to: granted
      agree: {title: 会商, by: [desk, bench], approvals: {at_least: 2}, to: stay}
      look: {title: 查看, by: [desk, bench], asks: [shown?], to: stay}
  granted:
    title: 已批
    transitions:
      back: {title: 退回, by: [desk, boss], to: waiting}
      close: {title: 结束, by: [desk, bench], undo: no, to: done}
  done: {title: 完成, final: success, transitions: {again: {title: 重开, by: [desk, boss], to: waiting}}}
clocks:
  wait: {title: 待批, runs_in: waiting, restart: on_entry, limit: 2h, ladder: [{at: due, tell: boss, template: overdue}]}
  whole: {title: 全程, runs_in: all, limit: 4wh, legal: true, source: [law], ladder: [{at: due, tell: boss, template: overdue}]}
""")


def test_any_wish_about_signatures_and_undo_is_answered() -> None:
    seen = {state for seed in range(40) for state in wander(SIGNED, seed, 60)}

    assert seen == set(SIGNED.states)


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_any_wish_about_a_generated_process_is_answered(seed: int) -> None:
    wander(generated(seed), seed, 40)


@pytest.mark.full
@pytest.mark.parametrize("definition", EACH)
def test_ever_more_wishes_about_a_shipped_process_are_answered(definition: CompiledDefinition) -> None:
    seen = {state for seed in range(1000, 3000) for state in wander(definition, seed, 100)}

    assert len(seen) > len(definition.states) * 0.8, seen


@pytest.mark.full
@given(st.integers(0, 2**32))
@settings(max_examples=1000)
def test_ever_more_wishes_about_generated_processes_are_answered(seed: int) -> None:
    wander(generated(seed), seed, 60)


@pytest.mark.parametrize("raw", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("definition", EACH)
def test_any_value_in_any_field_is_answered(definition: CompiledDefinition, raw: Any) -> None:
    for start in definition.starts:
        Walk(definition).decide(OpenCase(start, dict.fromkeys(definition.fields, raw)), "integration")
