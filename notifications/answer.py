"""The answer to a post: its status, its beginning, and how long the other side wants to be left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = timedelta(days=7)
_ASKED_TO_WAIT = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body`: at most its first 64 kB, and less if the connection broke."""

    status: int
    retry_after: timedelta | None
    body: bytes

    @property
    def is_success(self) -> bool:
        """2xx, and nothing else."""
        return self.status // 100 == 2

    @property
    def is_passing(self) -> bool:
        """Whether it speaks of a trouble of the other side that will pass: too much to do, or a failure of its own."""
        return self.status in _ASKED_TO_WAIT or self.status // 100 == 5


def wanted_wait(text: str | None, now: datetime) -> timedelta | None:
    """What a header Retry-After asks for, seconds or a date, at most a week; None for anything else. `now` is aware.

    >>> from datetime import UTC
    >>> now = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    >>> str(wanted_wait("120", now)), str(wanted_wait("Wed, 30 Sep 2026 16:05:00 GMT", now)), wanted_wait("soon", now)
    ('0:02:00', '0:05:00', None)
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
    try:
        wanted = parsedate_to_datetime(text) - now
    except (TypeError, ValueError):  # no date, or one without a zone
        return None
    return min(max(wanted, timedelta()), _LONGEST_WAIT)
