"""Definite assignment is sound: in a definition that checks, no rule is ever missing and no choice is ever without an answer.

Random definitions, mended until the check finds nothing, are walked at random; the check's promise is held against `decide`.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.checks.data import filled_in
from engine.core.command import Correct, Fire, OpenCase
from engine.core.decision import Accepted, Refused
from engine.core.form import Form
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
            decision = walk.decide(OpenCase("open", form(definition.starts["open"].form, chance)), "dan")
        elif chance.random() < 0.1:
            name = chance.choice(["n", "m", "flag", "kind", "text", "day"])
            decision = walk.decide(Correct({name: chance.choice(TYPED[definition.fields[name].type])}, "录错"), "bea")
        else:
            step = chance.choice([*definition.states[walk.case.state].steps.values()])
            decision = walk.decide(Fire(step.id, form(step.form, chance)), chance.choice(["dan", "bea"]))
        if isinstance(decision, Refused):
            assert all(reason.code != "no_single_choice" for reason in decision.reasons), (seed, decision)
            # A later line may count on an earlier one, so only the first that fails must have an answer.
            first = next((reason for reason in decision.reasons if reason.code == "guard_unmet"), None)
            assert first is None or not first.missing, (seed, first)
        else:
            granted += isinstance(decision, Accepted)
            filled = {*walk.case.data, *(["assignee"] if walk.case.assignee else [])}
            assert promised[walk.case.state] <= filled, (seed, walk.case)
    return granted


def form(form: Form, chance: random.Random) -> dict[str, str]:
    """What a diligent person fills in: everything required, and optional fields now and then."""
    return {ask.field.id: chance.choice(TYPED[ask.field.type]) for ask in form.asks if not ask.optional or chance.random() < 0.4}


def test_rules_of_a_checked_definition_always_have_an_answer() -> None:
    assert sum(check_walk(seed, 40) for seed in range(60)) > 600


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_rules_of_any_checked_definition_always_have_an_answer(seed: int) -> None:
    check_walk(seed, 30)


@pytest.mark.full
@given(st.integers(0, 2**32))
@settings(max_examples=5000)
def test_rules_of_ever_more_definitions_always_have_an_answer(seed: int) -> None:
    check_walk(seed, 60)
