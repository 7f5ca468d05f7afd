"""Budgets: how often each of many – an endpoint, a token, an address – may have something, so that one leaves time and room to others.

A bucket for each name: full at first, and filled up again evenly. In memory of one process; forgets whom it has not heard of for longest.
Time is an argument, in seconds of any clock; one that goes back fills nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Lock

_KNOWN = 10_000
"""How many are remembered. Whoever is forgotten has a full bucket again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second for long, and so many at once after a pause."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands. `wait`: seconds until there is one again, 0 where there is one now."""

    left: int
    wait: int


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Budget:
    """What everybody is granted at this rate. Safe to share between threads."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._known: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def look(self, name: str, now: float) -> Standing:
        """How somebody stands, without taking."""
        with self._lock:
            bucket = self._known.get(name)
            return self._standing(self._rate.burst if bucket is None else self._left(bucket, now))

    def take(self, name: str, now: float) -> Standing:
        """Take one, where there is one; how many are left then, or how long to wait.

        >>> budget = Budget(Rate(per_second=1, burst=2))
        >>> [budget.take("till", at).wait for at in (0.0, 0.0, 0.0, 1.0)]
        [0, 0, 1, 0]
        """
        with self._lock:
            bucket = self._known.setdefault(name, _Bucket(self._rate.burst, now))
            self._known.move_to_end(name)
            left = self._left(bucket, now)
            bucket.left, bucket.at = left - 1 if left >= 1 else left, max(now, bucket.at)
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
            return Standing(int(bucket.left), self._standing(left).wait)

    def knows(self, name: str) -> bool:
        """Whether he is remembered."""
        return name in self._known

    def _left(self, bucket: _Bucket, now: float) -> float:
        return min(self._rate.burst, bucket.left + max(now - bucket.at, 0) * self._rate.per_second)

    def _standing(self, left: float) -> Standing:
        return Standing(int(left), 0 if left >= 1 else ceil((1 - left) / self._rate.per_second))
