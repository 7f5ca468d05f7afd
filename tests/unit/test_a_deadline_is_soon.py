"""Soon is within four hours, or within the last quarter of the time since the clock began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.runtime.deadline import is_soon

DUE = datetime(2026, 10, 10, 18, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("whole", "left"),
    [(None, 4 * HOUR), (timedelta(0), 4 * HOUR), (16 * HOUR, 4 * HOUR), (20 * HOUR, 5 * HOUR), (timedelta(days=8), timedelta(days=2))],
)
def test_from_an_instant_on(whole: timedelta | None, left: timedelta) -> None:
    begun_at = DUE - whole if whole is not None else None

    assert is_soon(DUE, begun_at, DUE - left)
    assert not is_soon(DUE, begun_at, DUE - left - SECOND)


def test_what_is_past_is_no_less_pressing() -> None:
    assert is_soon(DUE, DUE - HOUR, DUE + HOUR)
