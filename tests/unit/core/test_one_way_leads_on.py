"""The way on: of the steps of a state those that take a case further. Judged on the processes that are shipped."""

from __future__ import annotations

import pytest

from engine.core.onward import ways_on
from tests.unit.core.shipped import DEFINITIONS

BY_NAME = {each.workflow: each for each in DEFINITIONS}


@pytest.mark.parametrize(
    ("workflow", "state", "ways"),
    [
        ("phone-repair", "received", ["take"]),
        ("phone-repair", "diagnosing", ["diagnose", "exclude"]),
        ("phone-repair", "confirming", ["confirm"]),  # to object needs a reason
        ("phone-repair", "awaiting_approval", ["approve", "decline"]),
        ("phone-repair", "repairing", ["finish"]),  # to fetch parts comes back, a new board stays
        ("phone-repair", "awaiting_parts", []),  # only the system goes on
        ("phone-repair", "returning", ["hand_over", "ship"]),
        ("phone-repair", "shipped", ["sign"]),
        ("phone-repair", "closed", []),
        ("phone-callback", "calling", ["call_back"]),  # whoever is not reached or refuses is no success
        ("phone-callback", "resolving", ["settle"]),
        ("dealer-service-visit", "pre_inspection", ["diagnose"]),  # an opinion stays
        ("dealer-service-visit", "working", ["finish"]),
        ("dealer-repair-change", "deciding", ["agree"]),
        ("dealer-parts-order", "on_order", ["arrive"]),
        ("dealer-callback", "waiting", ["record"]),
        ("dealer-callback", "handling", ["resolve"]),
    ],
)
def test_what_leads_on_is_known_from_the_definition(workflow: str, state: str, ways: list[str]) -> None:
    assert list(ways_on(BY_NAME[workflow], state)) == ways


def test_no_way_on_is_an_exception() -> None:
    for definition in DEFINITIONS:
        for name, state in definition.states.items():
            for way in ways_on(definition, name):
                step = state.steps[way]
                assert not step.reason_required
                assert step.path[:1] != ("anywhere",)
                assert any(
                    target in definition.states and definition.states[target].outcome in (None, "success") for target in step.to.values()
                )
