"""The sweeper: finds the cases whose timers have rung and lets each decide what is due – after what cases still ask of their families.

Says nothing to anybody (the relay does).

`run_once` is all of it; how often it is called is the scheduler's. Candidates are listed without a lock and every case is read again
inside its own unit of work, so that any number of sweepers may run: who comes second finds nothing due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.core.event import RungFired
from engine.errors import AftercareError, Unavailable
from engine.runtime.errands import Errands
from engine.runtime.pulse import Pulse, feel
from engine.runtime.service import CaseService, Elapsed
from engine.runtime.timesource import TimeSource
from engine.runtime.trouble import Trouble
from engine.store import timers
from engine.store.database import Database

BATCH = 250
"""Cases listed at a time."""
TOGETHER = 50
"""Cases decided in one transaction; when one of them fails, they are decided one by one."""


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    pulse: Pulse
    errands: int = 0
    """What a crash or a failure had left undone between parents and children."""
    cases: int = 0
    rungs: int = 0
    extended: int = 0
    """Cases that took over newly loaded official holidays."""
    latest: timedelta = timedelta()
    """The greatest lateness of a rung."""
    troubles: list[Trouble] = field(default_factory=list)


@dataclass(slots=True)
class Extended:
    """Cases that took over newly loaded official holidays."""

    cases: int = 0
    troubles: list[Trouble] = field(default_factory=list)


class Sweeper:
    """Serves one database; safe to run beside others."""

    def __init__(self, database: Database, cases: CaseService, time: TimeSource) -> None:
        self._database = database
        self._cases = cases
        self._errands = Errands(database, cases)
        self._time = time

    def run_once(self) -> Swept:
        """Deal with everything that is due now, oldest first; with nothing at all while the clock is not to be trusted."""
        now = self._time.now()
        swept = Swept(feel(self._database, now))
        if swept.pulse.is_held:
            return swept
        ran = self._errands.run_once()
        swept.errands = ran.errands
        swept.troubles += ran.troubles
        if self._is_quiet(now):
            return swept
        # First of all: what newly loaded holidays put off must not ring by the old ones.
        extended = self.extend()
        swept.extended = extended.cases
        swept.troubles += extended.troubles
        after: timers.Due | None = None
        while not swept.pulse.is_held and (due := self._due(now, after)):
            for first in range(0, len(due), TOGETHER):
                self._elapse([each.number for each in due[first : first + TOGETHER]], swept)
            after = due[-1]
            swept.pulse = feel(self._database, self._time.now())  # catching up may take longer than a gap that matters
        return swept

    def extend(self) -> Extended:
        """Let every case with a provisional date take over the newest official holidays. Tells nobody, so no hold concerns it."""
        extended = Extended()
        after: str | None = None
        edition = self._cases.edition()
        while numbers := self._to_extend(edition, after):
            for number in numbers:
                try:
                    self._cases.extend(number)
                    extended.cases += 1
                except Unavailable:
                    raise
                except AftercareError as error:
                    extended.troubles.append(Trouble(number, error.sentence))
            after = numbers[-1]
        return extended

    def next_at(self) -> datetime | None:
        """When the next timer rings, if any is armed."""
        with self._database.read() as reader:
            return timers.next_at(reader.connection)

    def _is_quiet(self, now: datetime) -> bool:
        with self._database.read() as reader:
            return timers.is_quiet(reader.connection, now)

    def _due(self, now: datetime, after: timers.Due | None) -> list[timers.Due]:
        with self._database.read() as reader:
            return timers.due(reader.connection, now, limit=BATCH, after=after)

    def _elapse(self, numbers: Sequence[str], swept: Swept) -> None:
        try:
            done = self._cases.elapse(numbers)
        except Unavailable:
            raise  # the database is at fault, no case
        except AftercareError as error:
            if len(numbers) == 1:
                swept.troubles.append(Trouble(numbers[0], error.sentence))
                return
            for number in numbers:
                self._elapse([number], swept)
            return
        for each in done:
            self._count(each, swept)

    def _count(self, elapsed: Elapsed, swept: Swept) -> None:
        swept.cases += 1
        for event in elapsed.events:
            if isinstance(event, RungFired):
                swept.rungs += 1
                swept.latest = max(swept.latest, event.at - event.due_at)

    def _to_extend(self, edition: int, after: str | None) -> list[str]:
        with self._database.read() as reader:
            return timers.to_extend(reader.connection, edition, limit=BATCH, after=after)
