"""Who is told to be able to do a step may do it, and nobody else: over random walks with delegations, absences and signatures."""

from __future__ import annotations

import random

import pytest

from engine.core.ability import who_can
from engine.core.command import Fire
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Refused
from engine.core.moving import before_of
from tests.process import Walk
from tests.unit.core.shipped import EACH
from tests.unit.core.test_any_wish_is_answered import SIGNED, Wishes

PERSONAL = {"not_authorised", "separation_of_duties", "approval_repeated"}
STEPS = 30


def told(walk: Walk, step: CompiledStep, people: list[str]) -> set[str]:
    """Those who are named, and whom nothing in themselves keeps from the step."""
    actors = [walk.facts(name).actor for name in people]
    found = who_can(walk.definition, walk.case, before_of(walk.definition, walk.case, step), step, actors, walk.facts(people[0]))
    return {each.person for each in found if not PERSONAL & {check.reason.code for check in each.hindrances if check.reason is not None}}


def may(walk: Walk, step: CompiledStep, person: str) -> bool:
    """Whether nothing that a decision has against the step stands against this person."""
    decision = walk.decide(Fire(step.id, {}, "缘由", walk.case.revision + 1), person)  # of no revision that there is, so that nothing moves
    assert isinstance(decision, Refused)
    return not PERSONAL & {reason.code for reason in decision.reasons}


@pytest.mark.parametrize("definition", [SIGNED, *EACH])
def test_whoever_is_told_to_be_able_may_and_nobody_else(definition: CompiledDefinition) -> None:
    compared = 0
    for seed in range(60):  # six walks, but for a process that chance seldom opens
        if seed >= 6 and compared >= STEPS:
            break
        walk = Walk(definition)
        wishes = Wishes(walk, random.Random(seed))
        for _ in range(STEPS):
            walk.decide(wishes.command(), wishes.actor())
            for step in definition.states[walk.case.state].steps.values() if walk.current is not None else ():
                if not any(right.name in step.form.names for right in step.not_by_rights):  # the form may yet bar somebody
                    assert told(walk, step, wishes.people) == {name for name in wishes.people if may(walk, step, name)}, (seed, step.id)
                    compared += 1
    assert compared >= STEPS
