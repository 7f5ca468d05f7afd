"""When the next attempt is made: soon, then ever later, never all together, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.backoff import ATTEMPTS, next_attempt

NOW = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
CHANCES = st.floats(0, 1, exclude_max=True)


def wait(attempts: int, chance: float = 0.5, retry_after: timedelta | None = None) -> timedelta:
    at = next_attempt(attempts, NOW, chance, retry_after)
    assert at is not None
    return at - NOW


def test_the_waits() -> None:
    minutes = [wait(attempts) / timedelta(minutes=1) for attempts in range(1, ATTEMPTS)]

    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, *[240] * 11]
    assert sum(minutes) == 48 * 60 + 15


@given(attempts=st.integers(1, ATTEMPTS - 1), chance=CHANCES)
def test_chance_spreads_a_wait_by_a_fifth(attempts: int, chance: float) -> None:
    middle = wait(attempts)

    assert middle * 0.8 <= wait(attempts, chance) <= middle * 1.2
    assert wait(attempts, 0.0) == middle * 0.8


@pytest.mark.parametrize("attempts", [ATTEMPTS, ATTEMPTS + 1, 10_000])
def test_one_gives_up(attempts: int) -> None:
    assert next_attempt(attempts, NOW, 0.5, timedelta(minutes=1)) is None


@given(attempts=st.integers(1, ATTEMPTS - 1), chance=CHANCES, retry_after=st.timedeltas(timedelta(), timedelta(days=1)))
def test_what_the_other_side_asked_for_is_never_undercut(attempts: int, chance: float, retry_after: timedelta) -> None:
    assert wait(attempts, chance, retry_after) >= max(retry_after, wait(attempts, chance))


def test_nobody_makes_us_wait_for_weeks() -> None:
    assert wait(1, 0.999, timedelta.max) < timedelta(days=1.2)


def test_a_naive_instant_is_a_defect() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_attempt(1, datetime(2026, 9, 30, 16, 0), 0.5)  # noqa: DTZ001
