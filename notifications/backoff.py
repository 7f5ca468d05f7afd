"""When a delivery that was deferred is tried again, and when one gives up. Pure: time and chance are arguments.

Waits of 1, 2, 4 … 128 minutes, then of 4 hours; twenty attempts in all. That is two days and a quarter of an hour in the
middle, so that a mail server which is down over a weekend loses nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

ATTEMPTS = 20
"""How often a delivery is tried before it counts as failed for good."""

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=4)
_JITTER = 0.2
_PATIENCE = timedelta(days=1)


def next_attempt(attempts: int, now: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """The instant of the next attempt after `attempts` (1 or more) were made, or None to give up.

    `now` is aware; `chance` in [0, 1) spreads the wait by a fifth to either side, so that those who failed together do not
    return together. `retry_after`: what the other side asked for. It is never undercut, but for what exceeds a day.

    >>> from datetime import UTC
    >>> now = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    >>> str(next_attempt(1, now, 0.5)), str(next_attempt(9, now, 0.5)), next_attempt(20, now, 0.5)
    ('2026-09-30 16:01:00+00:00', '2026-09-30 20:00:00+00:00', None)
    """
    if now.tzinfo is None:
        raise ValueError("the next attempt needs an aware instant")
    if attempts >= ATTEMPTS:
        return None
    wait = min(_FIRST * (1 << attempts - 1), _LONGEST) * (1 + _JITTER * (2 * chance - 1))
    if retry_after is not None:
        wait = max(wait, min(retry_after, _PATIENCE) * (1 + _JITTER * chance))
    return now + wait
