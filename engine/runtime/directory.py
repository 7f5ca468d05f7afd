"""The directory: the roster of the present version of the staff, kept in memory.

Everybody is kept under the version of the staff that a unit of work reads anyway, so that asking costs nothing and a revoked role acts
with the very next move.
"""

from __future__ import annotations

from engine.store import people
from engine.store.database import Database
from roles.roster import Roster


class Directory:
    """Hands out the roster of the present version; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._roster: Roster | None = None

    def roster(self, version: str | None = None) -> Roster:
        """Everybody at this version, or later when the staff has changed since it was read; without one, as stored now."""
        roster = self._roster
        if version is None:
            version = self._database.ask("surroundings", {})[0][0]
        if roster is None or roster.version != version:
            with self._database.read() as reader:
                if roster is None or roster.version != people.version(reader.connection):
                    roster = Roster(people.staff(reader.connection))
            self._roster = roster
        return roster
