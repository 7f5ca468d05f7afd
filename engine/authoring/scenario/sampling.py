"""Chance in a story: the keys under which `sampled(n)` says what the story wants, whatever n is, and the one of all other steps."""

from __future__ import annotations

from functools import lru_cache
from itertools import count

from engine.core.expression.evaluation import draw

CHANCE = b"story"
"""The key of every step that says nothing."""
_LOWEST, _HIGHEST = 0, 99


@lru_cache(maxsize=4096)
def key_for(case_id: str, visit: int, *, sampled: bool) -> bytes:
    """A key by which this visit is in every sample, or in none; so is the next one, which the same decision may come to."""
    wanted = _LOWEST if sampled else _HIGHEST
    keys = (number.to_bytes(4) for number in count())
    fitting = (key for key in keys if draw(key, case_id, visit) == wanted)
    return next(key for key in fitting if draw(key, case_id, visit + 1) == wanted)
