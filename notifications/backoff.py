"""When a delivery that was deferred is tried again, and when one gives up. Pure: time and chance are arguments.

A mail waits 1, 2, 4 … 128 minutes, then 4 hours, twenty attempts in all: two days and a quarter of an hour in the middle, so that a
mail server which is down over a weekend loses nothing. A post waits as Standard Webhooks proposes: ten attempts in three days.
"""

from __future__ import annotations

from datetime import datetime, timedelta

Waits = tuple[timedelta, ...]
"""How long to wait after the first attempt, the second, …; after the last of them one gives up."""

MAILS: Waits = (*(timedelta(minutes=1 << doubled) for doubled in range(8)), *(timedelta(hours=4),) * 11)
POSTS: Waits = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=each) for each in (2, 5, 10, 14, 20, 24)),
)

_JITTER = 0.2
_PATIENCE = timedelta(days=1)


def next_attempt(waits: Waits, attempts: int, now: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """The instant of the next attempt after `attempts` (1 or more) were made, or None to give up.

    `now` is aware; `chance` in [0, 1) spreads the wait by a fifth to either side, so that those who failed together do not
    return together. `retry_after`: what the other side asked for. It is never undercut, but for what exceeds a day.

    >>> from datetime import UTC
    >>> now = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    >>> str(next_attempt(MAILS, 1, now, 0.5)), str(next_attempt(POSTS, 4, now, 0.5)), next_attempt(POSTS, 10, now, 0.5)
    ('2026-09-30 16:01:00+00:00', '2026-09-30 18:00:00+00:00', None)
    """
    if now.tzinfo is None:
        raise ValueError("the next attempt needs an aware instant")
    if attempts > len(waits):
        return None
    wait = waits[attempts - 1] * (1 + _JITTER * (2 * chance - 1))
    if retry_after is not None:
        wait = max(wait, min(retry_after, _PATIENCE) * (1 + _JITTER * chance))
    return now + wait
