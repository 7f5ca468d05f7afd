"""A year of official holidays is loaded once and never changes; years loaded together are one edition (DESIGN law 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.errors import Conflict
from engine.store.calendars import OfficialRow, edition, load, official
from engine.store.database import Database
from engine.timing.official import OfficialYear
from tests.store.story import START, open_case, present

FIRST = OfficialYear("CN", 2026, frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset({date(2026, 10, 10)}))
SECOND = OfficialYear("CN", 2027, frozenset({date(2027, 1, 1)}))
OTHER = OfficialYear("DE", 2026, frozenset({date(2026, 10, 3)}))


def loaded(database: Database, *years: OfficialYear) -> int:
    with database.write() as connection:
        return load(connection, years, START, "os:owner")


def test_years_are_read_back_as_they_were_loaded(database: Database) -> None:
    assert loaded(database, FIRST, OTHER) == 1
    assert loaded(database, SECOND) == 2
    with database.read() as reader:
        assert official(reader.connection) == (
            OfficialRow(FIRST, 1, START, "os:owner"),
            OfficialRow(SECOND, 2, START, "os:owner"),
            OfficialRow(OTHER, 1, START, "os:owner"),
        )
        assert edition(reader.connection) == 2


def test_what_is_there_already_makes_no_new_edition(database: Database) -> None:
    loaded(database, FIRST)
    assert loaded(database, FIRST) == 1
    assert loaded(database) == 1
    assert loaded(database, FIRST, SECOND) == 2
    with database.read() as reader:
        assert [row.edition for row in official(reader.connection)] == [1, 2]


def test_a_loaded_year_never_changes(database: Database) -> None:
    loaded(database, FIRST)
    with pytest.raises(Conflict, match="CN 2026"):
        loaded(database, SECOND, replace(FIRST, work=frozenset()))
    with database.read() as reader:
        assert [row.year for row in official(reader.connection)] == [FIRST]


def test_a_unit_of_work_knows_the_newest_edition(database: Database) -> None:
    open_case(database, "R-1")
    assert database.attempt(lambda unit: unit.edition()) == 0
    loaded(database, FIRST)
    loaded(database, SECOND)
    assert database.attempt(lambda unit: unit.edition()) == 2
    assert database.attempt(lambda unit: (present(unit, "R-1").case.edition, unit.edition())) == (0, 2)
