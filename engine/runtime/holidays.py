"""Official holidays on their way into a database: those that come with the product, and those of a file.

What is loaded is one edition, for good. Open cases take it over at the next sweep, or at once by `Sweeper.extend`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.calendar import shipped_official
from engine.store import calendars
from engine.store.database import Database
from engine.timing.official import OfficialYear


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has added, by country and year, and the newest edition after it."""

    years: tuple[OfficialYear, ...]
    edition: int


def load(database: Database, years: Sequence[OfficialYear], now: datetime, principal: str) -> Loaded:
    """Take in these years, in one transaction. Raises Conflict, and takes in none, when one was loaded with other days."""
    with database.write() as connection:
        known = {(row.year.country, row.year.year) for row in calendars.official(connection)}
        edition = calendars.load(connection, years, now, principal)
    fresh = (each for each in years if (each.country, each.year) not in known)
    return Loaded(tuple(sorted(fresh, key=lambda each: (each.country, each.year))), edition)


def load_shipped(database: Database, now: datetime, principal: str) -> Loaded:
    """Take in those years that come with the product and are not there yet; what was loaded otherwise stays as it is."""
    with database.read() as reader:
        known = {(row.year.country, row.year.year) for row in calendars.official(reader.connection)}
    return load(database, [each for each in shipped_official() if (each.country, each.year) not in known], now, principal)
