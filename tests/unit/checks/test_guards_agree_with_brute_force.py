"""Gaps, overlaps, conditions that always or never hold: the prover finds exactly what trying every value of a dense grid finds."""

from __future__ import annotations

from itertools import combinations

import pytest

from engine.authoring.proof.answer import Impossible, Witness
from engine.authoring.proof.constraint import FALSE
from engine.authoring.proof.prover import Claim, Prover
from tests.rig.report import Run, Tell
from tests.unit.checks.guards import PROCESS, Guards, GuardSet, conditions, outcomes, rules

NOT_TRUE: frozenset[bool | None] = frozenset({False, None})


def questions(found: GuardSet) -> dict[str, tuple[bool, list[Claim]]]:
    """Everything that is asked of a set: whether the grid has such a cell, and the claims that ask the prover."""
    wanted, _ = conditions(found)
    seen = outcomes(found)
    if not seen:  # what is known contradicts itself: that is told where it stands, and asked for nothing else
        return {}
    asked = {"gap": (any(set(each) == {False} for each in seen), [Claim(each, FALSE, after=True) for each in wanted])}
    for index, each in enumerate(wanted):
        asked[f"{index} holds"] = any(answers[index] is True for answers in seen), [Claim(each, after=True)]
        asked[f"{index} fails"] = any(answers[index] is not True for answers in seen), [Claim(each, NOT_TRUE, after=True)]
    for one, other in combinations(range(len(wanted)), 2):
        both = any(answers[one] is True and answers[other] is True for answers in seen)
        asked[f"{one} and {other}"] = both, [Claim(wanted[one], after=True), Claim(wanted[other], after=True)]
    return asked


def compare(seed: int, sets: int, told: Tell) -> None:
    guards, run = Guards(seed), Run(0, "guards against brute force", seed)
    counts = {"sets": sets, "possible": 0, "impossible": 0}
    wrong: list[object] = []
    for _ in range(sets):
        found = guards.draw()
        prover = Prover(PROCESS, found.filled, rules(found))
        known = [Claim(conditions(found)[1])]
        for name, (expected, claims) in questions(found).items():
            answer = prover.ask(claims, known)
            counts["possible" if expected else "impossible"] += 1
            if not isinstance(answer, Witness if expected else Impossible):
                wrong.append((found, name, expected, answer))
    run.figures |= counts
    told(run, counts["possible"] + counts["impossible"], len(wrong))
    assert wrong == []
    assert min(counts.values()) > sets // 3


def test_the_prover_agrees_with_trying_everything(told: Tell) -> None:
    compare(3, 300, told)


@pytest.mark.reliability
def test_the_prover_agrees_with_trying_everything_on_two_thousand_sets(told: Tell) -> None:
    compare(1, 2000, told)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_prover_agrees_with_trying_everything_again_and_again(seed: int, told: Tell) -> None:
    compare(seed, 5000, told)
