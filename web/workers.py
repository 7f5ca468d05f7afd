"""The workers of a server: the same crew as that of `aftercare work`, in a thread beside the requests. What it does goes to the log.

A defect ends no server: it is written down, and after a pause the crew begins anew. Its silence shows in `/healthz`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from threading import Event, Lock, Thread

from engine.app import Application
from engine.errors import AftercareError
from engine.runtime.crew import Crew
from engine.runtime.pulse import Pulse
from engine.runtime.relay import Relayed
from engine.runtime.sweeper import Swept
from engine.runtime.trouble import Trouble
from engine.runtime.watch import Watched
from web.logs import Log, raised

EVERY = 2.0
"""Seconds between two beats of each worker."""
PAUSE = 30.0
"""Seconds after a defect."""


class Workers:
    """At work from `start` to `stop`."""

    def __init__(self, application: Application, log: Log, every: float = EVERY) -> None:
        self._application = application
        self._every = every
        self._log = log
        self._listener = _Scribe(log)
        self._stopping = Event()
        self._crew = self._new_crew()
        self._thread = Thread(target=self._work, name="aftercare-workers")

    def start(self) -> None:
        """Begin to work; answers at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask them to end; what was begun is done first. Answers at once."""
        self._stopping.set()
        self._crew.stop()

    def join(self) -> None:
        """Wait until they have ended, if they ever began."""
        if self._thread.ident is not None:
            self._thread.join()

    def _new_crew(self) -> Crew:
        application = self._application
        return Crew(application.sweeper, application.relay, application.watch, self._listener, self._every)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._crew.work()
            except Exception as defect:
                self._log.error("defect", who="workers", raised=raised(defect))
                self._stopping.wait(PAUSE)
            self._crew = self._new_crew()


class _Scribe:
    """Writes down what the workers did, and what hinders them when it is news. Called by several threads."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = Lock()
        self._failing: str | None = None
        self._was_held = False
        self._troubles: dict[str, frozenset[str]] = {}

    def swept(self, swept: Swept) -> None:
        """The sweeper has worked."""
        self._felt(swept.pulse)
        if swept.cases or swept.extended or swept.errands:
            counts = {
                each.name: getattr(swept, each.name) for each in fields(swept) if each.name in ("cases", "rungs", "extended", "errands")
            }
            self._log.info("swept", **counts, latest_s=round(swept.latest.total_seconds()))
        self._stumbled("sweeper", swept.troubles)

    def relayed(self, relayed: Relayed) -> None:
        """The relay has worked."""
        self._felt(relayed.pulse)
        if not relayed.is_idle:
            counts = {each.name: getattr(relayed, each.name) for each in fields(relayed) if each.name not in ("pulse", "troubles")}
            self._log.info("relayed", **{name: count for name, count in counts.items() if count})
        self._stumbled("relay", relayed.troubles)

    def watched(self, watched: Watched) -> None:
        """The watch has looked."""
        if watched.opened or watched.resolved:
            self._log.info("watched", opened=watched.opened, resolved=watched.resolved, open=watched.open)
        self._stumbled("watch", watched.troubles)

    def failed(self, error: AftercareError) -> None:
        """One of them could not work at all."""
        with self._lock:
            is_news, self._failing = self._failing != error.code, error.code
        if is_news:
            self._log.error("workers_fail", code=error.code, what=error.sentence.en)

    def _felt(self, pulse: Pulse) -> None:
        with self._lock:
            works_again, self._failing = self._failing is not None, None
            turned, self._was_held = pulse.is_held != self._was_held, pulse.is_held
        if works_again:
            self._log.info("workers_work_again")
        if turned and pulse.is_held:
            self._log.warning("held")
        elif turned:
            self._log.info("released")

    def _stumbled(self, who: str, troubles: Sequence[Trouble]) -> None:
        now = frozenset(each.number for each in troubles)
        with self._lock:
            news, self._troubles[who] = now - self._troubles.get(who, frozenset()), now
        for number in sorted(news):
            self._log.warning("trouble", who=who, number=number)
