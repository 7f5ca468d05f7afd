"""Definite assignment is sound: in a definition that checks, no rule is ever missing and no choice is ever without an answer.

Random definitions, mended until the check finds nothing, are walked at random; the check's promise is held against `decide`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.checks.data import filled_in
from engine.core.command import Correct, Fire, OpenCase
from engine.core.decision import Accepted, Refused
from engine.core.form import Form
from engine.core.kind import Value, rows_in
from engine.core.rows import RowsAsk
from tests.process import Walk
from tests.unit.core.generated import generated

TYPED = {
    "integer": ["0", "1", "5"],
    "boolean": ["是", "否"],
    "choice": ["a", "b"],
    "text": ["x", "y"],
    "date": ["2020-01-01", "2030-01-01"],
    "person": ["dan", "bea"],
}


def check_walk(seed: int, steps: int) -> int:
    """Walks once; how many wishes were granted."""
    definition = generated(seed)
    promised = filled_in(definition)
    walk, chance = Walk(definition), random.Random(seed + 1)
    granted = 0
    for _ in range(steps):
        if walk.current is None or not definition.states[walk.case.state].steps:
            decision = walk.decide(OpenCase("open", form(definition.starts["open"].form, {}, chance)), "dan")
        elif chance.random() < 0.1:
            name = chance.choice(["n", "m", "flag", "kind", "text", "day"])
            decision = walk.decide(Correct({name: chance.choice(TYPED[definition.fields[name].type])}, "录错"), "bea")
        else:
            step = chance.choice([*definition.states[walk.case.state].steps.values()])
            decision = walk.decide(Fire(step.id, form(step.form, walk.case.data, chance)), chance.choice(["dan", "bea"]))
        if isinstance(decision, Refused):
            assert all(reason.code != "no_single_choice" for reason in decision.reasons), (seed, decision)
            # A later line may count on an earlier one, so only the first that fails must have an answer.
            first = next((reason for reason in decision.reasons if reason.code == "guard_unmet"), None)
            assert first is None or not first.missing, (seed, first)
        else:
            granted += isinstance(decision, Accepted)
            filled = {*walk.case.data, *(["assignee"] if walk.case.assignee else []), *columns_filled(walk.case.data)}
            assert promised[walk.case.state] <= filled, (seed, walk.case)
    return granted


def form(form: Form, present: Mapping[str, Value], chance: random.Random) -> dict[str, object]:
    """What a diligent person fills in: everything required, and optional fields now and then."""
    filled: dict[str, object] = {}
    for ask in form.asks:
        if ask.rows is not None:
            there = [{"row": row.id} for row in rows_in(present.get("rows")) if not ask.rows.whole or chance.random() < 0.5]
            new: list[dict[str, str]] = (
                [{} for _ in range(chance.randint(0 if there or not ask.rows.whole else 1, 2))] if ask.rows.add else []
            )
            filled["rows"] = [{**row, **cells(ask.rows, chance)} for row in (*there, *new)]
        elif not ask.optional or chance.random() < 0.4:
            filled[ask.field.id] = chance.choice(TYPED[ask.field.type])
    return filled


def cells(ask: RowsAsk, chance: random.Random) -> dict[str, object]:
    """The same for one row."""
    return {each.column.id: chance.choice(TYPED[each.column.type]) for each in ask.columns if not each.optional or chance.random() < 0.4}


def columns_filled(data: Mapping[str, Value]) -> set[str]:
    """The columns that every row has filled."""
    return {f"rows.{column}" for column in ("p", "q", "r") if all(column in row.cells for row in rows_in(data.get("rows")))}


def test_rules_of_a_checked_definition_always_have_an_answer() -> None:
    assert sum(check_walk(seed, 40) for seed in range(25)) > 250


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_rules_of_any_checked_definition_always_have_an_answer(seed: int) -> None:
    check_walk(seed, 30)


@pytest.mark.full
@given(st.integers(0, 2**32))
@settings(max_examples=5000)
def test_rules_of_ever_more_definitions_always_have_an_answer(seed: int) -> None:
    check_walk(seed, 60)
