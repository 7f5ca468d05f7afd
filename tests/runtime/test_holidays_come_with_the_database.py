"""A database is founded with the official holidays that come with the product; what is there already stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from engine.authoring.calendar import shipped_official
from engine.runtime import holidays
from engine.runtime.founding import found_database
from engine.store import calendars
from engine.store.database import Database
from tests.runtime.company import START


def found(url: str) -> Database:
    """Found it, or found it again, and open it."""
    found_database(url, simulated=True, now=START, principal="os:owner")
    return Database.open(url)


def loaded(database: Database) -> dict[tuple[str, int], int]:
    """Country and year → edition."""
    with database.read() as reader:
        return {(row.year.country, row.year.year): row.edition for row in calendars.official(reader.connection)}


def test_all_that_is_shipped_is_the_first_edition(database_url: str) -> None:
    database = found(database_url)

    assert loaded(database) == {(each.country, each.year): 1 for each in shipped_official()}
    assert len(loaded(database)) >= 8
    database.close()


def test_founding_again_adds_nothing(database_url: str) -> None:
    found(database_url).close()
    database = found(database_url)

    again = holidays.load_shipped(database, START, "os:owner")

    assert (again.years, again.edition) == ((), 1)
    assert set(loaded(database).values()) == {1}
    database.close()


def test_a_year_that_was_loaded_otherwise_is_left_alone(database_url: str) -> None:
    first, *rest = shipped_official()
    own = replace(first, off=first.off | {date(first.year, 12, 31)})
    database = Database.create(database_url, simulated=True, now=START)
    holidays.load(database, [own], START, "os:owner")

    later = holidays.load_shipped(database, START + timedelta(days=1), "os:owner")

    assert later.years == tuple(rest)
    assert loaded(database)[own.country, own.year] == 1
    with database.read() as reader:
        assert own in [row.year for row in calendars.official(reader.connection)]
    database.close()


def test_a_load_tells_what_is_new(database_url: str) -> None:
    database = found(database_url)
    first = shipped_official()[0]
    new = replace(first, year=2099, off=frozenset({date(2099, 1, 1)}), work=frozenset())

    told = holidays.load(database, [first, new], START, "os:owner")

    assert (told.years, told.edition) == ((new,), 2)
    database.close()
