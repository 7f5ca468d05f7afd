"""A probe: a look at the database that many ask for and few take. It has a thread of its own, so that busy requests do not delay it.

A look is kept for some seconds, and the longer the more it costs; nobody waits longer than a moment for one that hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds to wait for a look."""
SHARE = 20
"""A look is kept for at least so many times as long as it takes: whoever watches may cost a twentieth of the time, not more."""


class Probe(Generic[T]):
    """Safe to share between threads and loops."""

    def __init__(self, look: Callable[[], T], kept: float, patience: float = PATIENCE) -> None:
        """`kept`: seconds for which a look is good. `look` answers what it sees, failures too."""
        self._look = look
        self._kept = kept
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "aftercare-probe")
        self._lock = Lock()
        self._last: Future[T] | None = None
        self._good_until = 0.0

    async def ask(self, otherwise: T) -> T:
        """What is seen; `otherwise` when it takes too long."""
        looking = asyncio.wrap_future(self._looking())
        done, _ = await asyncio.wait({looking}, timeout=self._patience)
        return looking.result() if done else otherwise

    def wait(self, otherwise: T) -> T:
        """The same for a thread that may be kept waiting."""
        try:
            return self._looking().result(self._patience)
        except TimeoutError:
            return otherwise

    def _looking(self) -> Future[T]:
        """The last look while it is good or not yet over, else a new one."""
        with self._lock:
            if self._last is None or (self._last.done() and monotonic() >= self._good_until):
                self._last = self._thread.submit(self._timed)
            return self._last

    def _timed(self) -> T:
        began = monotonic()
        try:
            return self._look()
        finally:
            now = monotonic()
            self._good_until = now + max(self._kept, SHARE * (now - began))
