"""What rings next, what is overdue, what newly loaded holidays may move – each case once, page by page, nothing starved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.core.effect import ArmTimer, CancelTimer
from engine.store.calendars import load
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.timers import Backlog, Due, Timer, backlog, due, is_quiet, next_at, of, overdue, standing, to_extend
from engine.timing.official import OfficialYear
from tests.store.story import START, advance, armed, commented, moved, open_with_clocks

HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return START + HOUR * hours


def fires(hours: float, clock: str = "repair") -> ArmTimer:
    return armed(clock, fires=HOUR * hours)


@pytest.fixture
def filled(database: Database) -> Database:
    """R-1 rings at hours 2 and 5, R-2 at 1, R-3 at 2 and 3, R-4 at 9; R-5 has only a deadline, R-6 pauses."""
    open_with_clocks(database, "R-1", fires(5, "answer"), fires(2))
    open_with_clocks(database, "R-2", fires(1))
    open_with_clocks(database, "R-3", fires(2), fires(3, "answer"))
    open_with_clocks(database, "R-4", fires(9))
    open_with_clocks(database, "R-5", armed(fires=None))
    open_with_clocks(database, "R-6", ArmTimer("repair", 1, "paused", None))
    return database


@pytest.fixture
def reader(filled: Database) -> Iterator[Reader]:
    with filled.read() as reader:
        yield reader


def test_cases_ring_by_their_first_timer_oldest_first(reader: Reader) -> None:
    found = due(reader.connection, at(5), limit=10)
    assert found == [Due("id-R-2", "R-2", at(1)), Due("id-R-1", "R-1", at(2)), Due("id-R-3", "R-3", at(2))]


def test_a_timer_rings_at_its_instant_and_not_before(reader: Reader) -> None:
    assert due(reader.connection, at(1) - timedelta(microseconds=1), limit=10) == []
    assert [each.number for each in due(reader.connection, at(1), limit=10)] == ["R-2"]


def test_a_case_that_fails_does_not_starve_the_rest(filled: Database) -> None:
    seen, after = [], None
    for _ in range(5):
        with filled.read() as reader:
            page = due(reader.connection, at(24), limit=1, after=after)
        for after in page:
            seen.append(after.number)
            if after.number != "R-1":  # R-1 fails each time, and stays as it is
                advance(filled, after.number, commented("…"), effects=(CancelTimer("repair"), CancelTimer("answer")))
    assert seen == ["R-2", "R-1", "R-3", "R-4"]
    with filled.read() as reader:
        assert [each.number for each in due(reader.connection, at(24), limit=10)] == ["R-1"]


def test_the_next_timer_is_known(reader: Reader) -> None:
    assert next_at(reader.connection) == at(1)


def test_a_sweeper_rests_until_the_first_timer_rings(filled: Database) -> None:
    with filled.read() as reader:
        assert is_quiet(reader.connection, at(1) - timedelta(microseconds=1))
        assert not is_quiet(reader.connection, at(1))


def test_without_timers_nothing_rings(database: Database) -> None:
    with database.read() as reader:
        assert next_at(reader.connection) is None
        assert is_quiet(reader.connection, at(99))
        assert backlog(reader.connection, at(99)) == Backlog(0, None, 0)
        assert overdue(reader, at(99), limit=10) == []
        assert of(reader, ["id-R-1"]) == {}


def test_a_unit_of_work_asks_again_whether_a_case_still_rings(filled: Database) -> None:
    assert filled.attempt(lambda unit: (unit.rings("id-R-2", at(1)), unit.rings("id-R-2", at(0.9)), unit.rings("id-R-5", at(99)))) == (
        True,
        False,
        False,
    )


def test_health_counts_what_waits(filled: Database) -> None:
    advance(filled, "R-5", commented("…"), effects=(replace(armed(), provisional=True),))
    with filled.read() as reader:
        assert backlog(reader.connection, at(5)) == Backlog(5, at(1), 1)


def test_the_longest_overdue_comes_first(filled: Database) -> None:
    advance(filled, "R-4", commented("…"), effects=(armed(due=HOUR * 4, fires=None),))
    advance(filled, "R-1", commented("…"), effects=(armed(due=HOUR * 40, fires=HOUR * 41),))
    with filled.read() as reader:
        found = overdue(reader, at(47), limit=10)
        assert [(each.number, each.timer.clock, each.due_at) for each in found] == [("R-4", "repair", at(4)), ("R-1", "repair", at(40))]
        assert found[1].timer == Timer("repair", 1, "running", at(40), at(41), "50%", 1, provisional=False, edition=0)
        assert [each.number for each in overdue(reader, at(48), limit=1, after=found[0])] == ["R-1"]
        pages = overdue(reader, at(48), limit=9)
        assert [(each.number, each.timer.clock) for each in pages] == [
            ("R-4", "repair"),
            ("R-1", "repair"),
            ("R-1", "answer"),
            ("R-2", "repair"),
            ("R-3", "answer"),
            ("R-3", "repair"),
            ("R-5", "repair"),
        ]
        assert overdue(reader, at(48), limit=9, after=pages[4]) == pages[5:]


def test_the_overdue_are_narrowed(filled: Database) -> None:
    advance(filled, "R-2", moved("diagnosed"))  # u02 holds it now
    with filled.read() as reader:
        assert [each.number for each in overdue(reader, at(48), person="u02", limit=10)] == ["R-2"]
        assert len(overdue(reader, at(48), workflow="repair", unit="center", limit=10)) == 7
        assert overdue(reader, at(48), workflow="other", limit=10) == []
        assert overdue(reader, at(48), unit="elsewhere", limit=10) == []


def test_the_timers_of_listed_cases_are_read_together(filled: Database) -> None:
    advance(filled, "R-1", commented("…"), effects=(armed(due=HOUR, fires=None), ArmTimer("answer", 1, "paused", None)))
    with filled.read() as reader:
        found = of(reader, ["id-R-1", "id-R-6", "id-R-9"])
    assert {id: [(each.clock, each.standing, each.due_at) for each in timers] for id, timers in found.items()} == {
        "id-R-1": [("repair", "running", at(1)), ("answer", "paused", None)],
        "id-R-6": [("repair", "paused", None)],
    }


def test_a_cycle_stands_until_the_next_begins_or_the_clock_stops(filled: Database) -> None:
    def stands(number: str, cycle: int) -> bool:
        with filled.read() as reader:
            return (f"id-{number}", "repair", cycle) in standing(reader.connection, [f"id-{number}"])

    assert (stands("R-2", 1), stands("R-2", 2), stands("R-6", 1)) == (True, False, True)
    advance(filled, "R-2", commented("…"), effects=(replace(armed(), cycle=2),))
    assert (stands("R-2", 1), stands("R-2", 2)) == (False, True)
    advance(filled, "R-2", commented("…"), effects=(CancelTimer("repair"),))
    assert not stands("R-2", 2)


def test_only_provisional_timers_of_older_editions_may_move(database: Database) -> None:
    provisional = replace(armed(), provisional=True)
    open_with_clocks(database, "R-3", provisional, replace(provisional, clock="answer"), edition=1)
    open_with_clocks(database, "R-1", provisional)
    open_with_clocks(database, "R-2", armed())
    open_with_clocks(database, "R-4", provisional, edition=2)
    with database.read() as reader:
        assert to_extend(reader.connection, 2, limit=10) == ["R-1", "R-3"]
        assert to_extend(reader.connection, 2, limit=1) == ["R-1"]
        assert to_extend(reader.connection, 2, limit=10, after="R-1") == ["R-3"]
        assert to_extend(reader.connection, 0, limit=10) == []


def test_newly_loaded_holidays_rouse_a_sweeper_whose_timers_they_may_move(database: Database) -> None:
    open_with_clocks(database, "R-1", replace(armed(), provisional=True))
    with database.write() as connection:
        assert is_quiet(connection, START)
        load(connection, [OfficialYear("CN", 2027, frozenset({date(2027, 1, 1)}), frozenset())], START, "os:tester")
        assert not is_quiet(connection, START)
