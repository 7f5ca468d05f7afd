"""The crew: sweeper, relay and watch, each on its beat. Whoever keeps them working hears what they did and says it in his own way."""

from __future__ import annotations

from typing import Protocol

from engine.errors import AftercareError
from engine.runtime.relay import Relay, Relayed
from engine.runtime.scheduler import Scheduler
from engine.runtime.sweeper import Sweeper, Swept
from engine.runtime.watch import Watch, Watched


class Listener(Protocol):
    """Who hears of the crew. Called by several threads."""

    def swept(self, swept: Swept) -> None:
        """The sweeper has worked."""
        ...

    def relayed(self, relayed: Relayed) -> None:
        """The relay has worked."""
        ...

    def watched(self, watched: Watched) -> None:
        """The watch has looked."""
        ...

    def failed(self, error: AftercareError) -> None:
        """One of them could not work at all; it tries again at its next beat."""
        ...


class Crew:
    """All workers of one database; safe to run beside other crews."""

    def __init__(self, sweeper: Sweeper, relay: Relay, watch: Watch, listener: Listener, every: float) -> None:
        """`every`: seconds between two beats of each."""
        self._relay = relay
        self._scheduler = Scheduler(every, listener.failed)
        self._scheduler.add(sweeper.run_once, listener.swept)
        self._scheduler.add(relay.beat, listener.relayed)
        self._scheduler.add(watch.run_once, listener.watched)

    def work(self) -> None:
        """Work until `stop`; what was begun comes to its end first. Raises what one of them raised that is no AftercareError."""
        try:
            self._scheduler.run()
        finally:
            self._relay.rest()

    def stop(self) -> None:
        """Ask `work` to return; safe from a signal handler."""
        self._scheduler.stop()
