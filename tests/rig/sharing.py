"""Works that share a transaction, on purpose: the first waits in its turn until all others stand in the line behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from threading import Thread, get_ident
from typing import TypeVar

import pytest

from engine.store import writer
from engine.store.database import Database
from engine.store.unit_of_work import UnitOfWork

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]
AS_LONG = 60.0
"""Seconds that works may take together here: how many there is time for is no matter of the machine."""
PLACE: ContextVar[int] = ContextVar("PLACE")
"""Whose work it is: 0 for the first."""


class Sharing:
    """Works in the order in which they are done, and by which threads that was. `heard` is told whose work was answered, at once."""

    def __init__(self, database: Database, heard: Callable[[int], object] = lambda _: None) -> None:
        self._database = database
        self._heard = heard
        self.done_by: list[int] = []

    def together(self, *works: Work[T]) -> list[Future[T]]:
        """What comes of each work. They are done in this order, all by the thread of the first unless the database fails."""
        futures: list[Future[T]] = [Future() for _ in works]
        threads = [Thread(target=self._ask, args=each) for each in zip(range(len(works)), works, futures, strict=True)]

        def first(unit: UnitOfWork) -> T:
            for thread in threads[1:]:
                if thread.ident is None:
                    thread.start()
                while thread.is_alive() and not _waits(thread):
                    os.sched_yield()
            return works[0](unit)

        threads[0] = Thread(target=self._ask, args=(0, first, futures[0]))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writer, "PATIENCE", AS_LONG)
            threads[0].start()
            for thread in threads:
                thread.join()
        return futures

    def _ask(self, place: int, work: Work[T], future: Future[T]) -> None:
        PLACE.set(place)
        try:
            answer = self._database.attempt(self._noted(work))
            self._heard(place)
            future.set_result(answer)
        except Exception as error:
            future.set_exception(error)

    def _noted(self, work: Work[T]) -> Work[T]:
        def noted(unit: UnitOfWork) -> T:
            self.done_by.append(get_ident())
            return work(unit)

        return noted


def _waits(thread: Thread) -> bool:
    """Whether it stands in the line, with all that another needs to do its work."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_qualname == "Line.enter" and frame.f_locals["place"].context is not None
