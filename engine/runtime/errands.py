"""The errand runner: finds what cases still ask of their families, and lets the service deal with each.

The service tries an errand right after the decision that asks it; what is found here was left over by a crash or a failure. Whoever
comes second finds nothing to do, so any number of runners may work.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import AftercareError, Unavailable
from engine.runtime.service import CaseService
from engine.runtime.trouble import Trouble
from engine.store import errands
from engine.store.database import Database
from engine.store.errands import Errand

BATCH = 250
"""Errands listed at a time."""


@dataclass(slots=True)
class Ran:
    """What one run did."""

    errands: int = 0
    troubles: list[Trouble] = field(default_factory=list)


class Errands:
    """Serves one database; safe to run beside others."""

    def __init__(self, database: Database, cases: CaseService) -> None:
        self._database = database
        self._cases = cases

    def run_once(self) -> Ran:
        """Deal with every errand that waits, longest waiting first. One that fails stays, and holds up no other."""
        ran = Ran()
        after: Errand | None = None
        while waiting := self._waiting(after):
            for errand in waiting:
                self._attend(errand, ran)
            after = waiting[-1]
        return ran

    def _waiting(self, after: Errand | None) -> list[Errand]:
        with self._database.read() as reader:
            return errands.waiting(reader.connection, limit=BATCH, after=after)

    def _attend(self, errand: Errand, ran: Ran) -> None:
        try:
            self._cases.attend(errand)
        except Unavailable:
            raise  # the database is at fault, no case
        except AftercareError as error:
            ran.troubles.append(Trouble(errand.target_number, error.sentence))
        else:
            ran.errands += 1
