"""When the next attempt is made: soon, then ever later, never all together, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.backoff import MAILS, POSTS, Waits, next_attempt

NOW = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
CHANCES = st.floats(0, 1, exclude_max=True)
FAILED = st.sampled_from([MAILS, POSTS]).flatmap(lambda waits: st.tuples(st.just(waits), st.integers(1, len(waits))))
"""Waits, and how many attempts were made of those that they allow."""


def wait(waits: Waits, attempts: int, chance: float = 0.5, retry_after: timedelta | None = None) -> timedelta:
    at = next_attempt(waits, attempts, NOW, chance, retry_after)
    assert at is not None
    return at - NOW


def test_a_mail_waits_over_a_weekend() -> None:
    minutes = [wait(MAILS, attempts) / timedelta(minutes=1) for attempts in range(1, 20)]

    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, *[240] * 11]
    assert sum(minutes) == 48 * 60 + 15


def test_a_post_waits_as_standard_webhooks_proposes() -> None:
    hours = [wait(POSTS, attempts) / timedelta(hours=1) for attempts in range(1, 10)]

    assert hours == [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]


@given(failed=FAILED, chance=CHANCES)
def test_chance_spreads_a_wait_by_a_fifth(failed: tuple[Waits, int], chance: float) -> None:
    middle = wait(*failed)

    assert middle * 0.8 <= wait(*failed, chance) <= middle * 1.2
    assert wait(*failed, 0.0) == middle * 0.8


@pytest.mark.parametrize(("waits", "attempts"), [(MAILS, 20), (MAILS, 21), (POSTS, 10), (POSTS, 10_000)])
def test_one_gives_up(waits: Waits, attempts: int) -> None:
    assert next_attempt(waits, attempts, NOW, 0.5, timedelta(minutes=1)) is None


@given(failed=FAILED, chance=CHANCES, retry_after=st.timedeltas(timedelta(), timedelta(days=1)))
def test_what_the_other_side_asked_for_is_never_undercut(failed: tuple[Waits, int], chance: float, retry_after: timedelta) -> None:
    assert wait(*failed, chance, retry_after) >= max(retry_after, wait(*failed, chance))


def test_nobody_makes_us_wait_for_weeks() -> None:
    assert wait(MAILS, 1, 0.999, timedelta.max) < timedelta(days=1.2)


def test_a_naive_instant_is_a_defect() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_attempt(MAILS, 1, datetime(2026, 9, 30, 16, 0), 0.5)  # noqa: DTZ001
