"""The scheduler: beats time for the sweeper and the relay, and holds no state of the business. The only module that knows APScheduler.

What is due stands in the database; a beat that comes late or not at all loses nothing, and two programs may beat at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import TypeVar

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.errors import AftercareError

T = TypeVar("T")


class Scheduler:
    """Runs jobs side by side, each again and again, until it is told to stop."""

    def __init__(self, every: float, failed: Callable[[AftercareError], None]) -> None:
        """`every`: seconds between two beats of a job. `failed` hears of errors; the job is tried again at the next beat."""
        self._every = every
        self._failed = failed
        self._stopping = Event()
        self._jobs: list[Callable[[], None]] = []
        self._defect: Exception | None = None

    def add(self, run_once: Callable[[], T], heard: Callable[[T], None]) -> None:
        """Another job, and who hears what it did."""

        def beat() -> None:
            try:
                heard(run_once())
            except AftercareError as error:
                self._failed(error)
            except Exception as defect:
                self._defect = defect
                self._stopping.set()

        self._jobs.append(beat)

    def run(self) -> None:
        """Beat until `stop`; a job that is at work then comes to its end first. Raises what a job raised that is no AftercareError."""
        beating = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self._jobs))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for job in self._jobs:
            beating.add_job(job, "interval", seconds=self._every, next_run_time=datetime.now(UTC))
        # A beat left out because the one before still works is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        beating.start()
        self._stopping.wait()
        beating.shutdown(wait=True)
        if self._defect is not None:
            raise self._defect

    def stop(self) -> None:
        """Ask `run` to return; safe from a signal handler."""
        self._stopping.set()
