"""How pressing a deadline is, alike in every list and on every page. Knows no case."""

from __future__ import annotations

from datetime import datetime, timedelta

SOON = timedelta(hours=4)


def is_soon(due_at: datetime, begun_at: datetime | None, now: datetime) -> bool:
    """Whether it comes within four hours, or within the last quarter of the time since its clock began (None: not known).

    By the clock on the wall, nights included: what is due tomorrow at opening time is to be seen tonight.
    """
    quarter = (due_at - begun_at) / 4 if begun_at is not None else SOON
    return due_at - now <= max(SOON, quarter)
