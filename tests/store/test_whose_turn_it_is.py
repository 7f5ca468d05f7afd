"""Who might be given a case: how many open ones he holds, and when the role brought him one last."""

from __future__ import annotations

from datetime import timedelta

from engine.core.effect import TakeTurn
from engine.core.facts import Candidate
from engine.store.database import Database
from tests.store.story import START, advance, commented, moved, open_case


def candidates(database: Database, *persons: str, role: str = "worker") -> dict[str, Candidate]:
    return dict(database.attempt(lambda unit: unit.candidates(persons, role)))


def test_open_cases_are_counted_for_each(database: Database) -> None:
    for number in ("R-1", "R-2", "R-3"):
        open_case(database, number)  # held by u01
    advance(database, "R-2", moved("diagnosed"))  # by u02
    advance(database, "R-3", moved("returned", outcome="success"))  # ended in his hands
    assert candidates(database, "u01", "u02", "u03") == {
        "u01": Candidate("u01", 1, None),
        "u02": Candidate("u02", 1, None),
        "u03": Candidate("u03", 0, None),
    }
    assert candidates(database) == {}


def test_the_last_turn_of_each_is_told_by_role(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", commented("…", START + timedelta(hours=2)), effects=(TakeTurn("worker", "u02"),))
    open_case(database, "R-2")
    advance(database, "R-2", commented("…", START + timedelta(hours=1)), effects=(TakeTurn("worker", "u02"), TakeTurn("worker", "u03")))
    assert [each.last_at for each in candidates(database, "u01", "u02", "u03").values()] == [
        None,
        START + timedelta(hours=2),  # a case whose own time lies behind does not put him back
        START + timedelta(hours=1),
    ]
    assert candidates(database, "u02", role="manager")["u02"].last_at is None
