"""Whoever has a budget – an endpoint, a token – is granted so many in a while; when it has had them it waits, and no other does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.budget import Budget, Rate

NOW = 1_790_557_200.0


def granted(budget: Budget, name: str, now: float, wanted: int) -> int:
    return sum(budget.take(name, now).wait == 0 for _ in range(wanted))


def test_it_is_full_at_first_and_fills_up_evenly() -> None:
    budget = Budget(Rate(per_second=1, burst=60))
    assert granted(budget, "slow", NOW, 100) == 60
    assert granted(budget, "fine", NOW, 1) == 1
    assert granted(budget, "slow", NOW + 10, 100) == 10
    assert granted(budget, "slow", NOW + 3600, 100) == 60


@given(st.lists(st.tuples(st.floats(-30, 30), st.integers(0, 100)), max_size=20))
def test_whatever_the_clock_does_it_grants_no_more(steps: list[tuple[float, int]]) -> None:
    budget, now, latest, count = Budget(Rate(per_second=1, burst=60)), NOW, NOW, 1
    assert budget.take("one", NOW).wait == 0
    for seconds, wanted in steps:
        now += seconds
        latest = max(latest, now)
        count += granted(budget, "one", now, wanted)
        assert count <= 60 + (latest - NOW) + 1
