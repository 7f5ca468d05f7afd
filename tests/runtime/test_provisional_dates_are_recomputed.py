"""A deadline in a year without official holidays is provisional, says so, and is computed anew when the year is loaded (bar 14).

Never an exception in the worker, never a silent count of weekdays. Holidays are shipped up to 2026, so 30 December is the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from engine.core.event import CalendarExtended
from engine.runtime import holidays
from engine.store import timers
from engine.store.timers import Timer
from engine.timing.official import OfficialYear
from tests.rig.desk import Desk, going_by, local, open_desk
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import granted

NEW_YEAR = OfficialYear("CN", 2027, frozenset({date(2027, 1, day) for day in (1, 4, 5)}), frozenset({date(2027, 1, 2)}))
"""Monday and Tuesday are off, Saturday is worked: not what weekdays and the fixed New Year's Day would say."""


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with open_desk(desk_url) as desk:
        desk.at("2026-12-30 10:00")
        yield desk


def timer(desk: Desk, number: str) -> Timer:
    with desk.app.database.read() as reader:
        [[found]] = timers.of(reader, [desk.case(number).id]).values()
    return found


def due(desk: Desk, number: str) -> tuple[str, bool]:
    found = timer(desk, number)
    assert found.due_at is not None
    return local(found.due_at), found.provisional


def load(desk: Desk, year: OfficialYear = NEW_YEAR) -> None:
    holidays.load(desk.app.database, [year], desk.app.time.now(), "os:owner")


def extensions(desk: Desk, number: str) -> list[int]:
    return [entry.event.edition for entry in desk.history(number) if isinstance(entry.event, CalendarExtended)]


def test_a_deadline_within_the_known_years_is_not_provisional(desk: Desk) -> None:
    number = desk.receive("hourly")

    assert due(desk, number) == ("2026-12-30 11:00", False)


def test_it_is_provisional_until_the_year_is_loaded(desk: Desk) -> None:
    number = desk.receive("working_days")
    assert due(desk, number) == ("2027-01-05 18:00", True)
    desk.prove()
    load(desk)
    assert due(desk, number) == ("2027-01-05 18:00", True)  # it is history that decides, not what was loaded
    desk.prove()
    swept = desk.sweep()

    assert (swept.extended, swept.rungs) == (1, 0)
    assert due(desk, number) == ("2027-01-06 18:00", False)
    assert extensions(desk, number) == [2]
    assert desk.sweep().extended == 0


def test_what_the_new_year_puts_off_does_not_ring_by_the_old_one(desk: Desk) -> None:
    number = desk.receive("working_days")
    desk.at("2027-01-05 18:00")
    load(desk)
    swept = desk.sweep()

    assert (swept.extended, swept.rungs, desk.reached(number)) == (1, 0, [])
    desk.at("2027-01-06 18:00")
    desk.work()
    assert desk.reached(number) == [("due", "told")]


def test_without_the_year_it_rings_by_the_provisional_date(desk: Desk) -> None:
    number = desk.receive("working_days")
    desk.at("2027-01-05 18:00")
    desk.work()
    assert desk.reached(number) == [("due", "told")]
    load(desk)
    desk.work()

    assert desk.reached(number) == [("due", "told")]  # fired rungs stay fired


def test_a_year_that_says_nothing_of_it_leaves_it_provisional_and_alone(desk: Desk) -> None:
    number = desk.receive("working_days")
    load(desk, OfficialYear("CN", 2028, frozenset({date(2028, 1, 1)}), frozenset()))
    assert desk.sweep().extended == 1
    assert due(desk, number) == ("2027-01-05 18:00", True)
    assert desk.sweep().extended == 0
    load(desk)
    assert desk.sweep().extended == 1

    assert due(desk, number) == ("2027-01-06 18:00", False)
    assert extensions(desk, number) == [2, 3]


def test_a_closed_case_is_left_alone(desk: Desk) -> None:
    number = desk.receive("working_days")
    granted(desk.fire(number, "drop", "cai"))
    load(desk)

    assert desk.sweep().extended == 0
    assert extensions(desk, number) == []


def test_it_tells_nobody_so_that_a_held_clock_is_no_reason_to_wait(desk: Desk) -> None:
    number = desk.receive("working_days")
    load(desk)
    assert desk.app.sweeper.extend().cases == 1
    assert desk.app.relay.run_once().is_idle

    assert extensions(desk, number) == [2]


def test_of_two_workers_one_takes_it_over(desk: Desk) -> None:
    number = desk.receive("working_days")
    load(desk)
    other = Desk(going_by(desk.app, desk.app.time))
    assert desk.sweep().extended + other.sweep().extended == 1
    assert extensions(desk, number) == [2]


@pytest.mark.reliability
def test_three_hundred_cases_over_the_turn_of_the_year(desk: Desk, desk_url: str, told: Tell) -> None:
    turn_of_the_year(desk, desk_url, 300, told)


@pytest.mark.full
def test_ten_thousand_cases_over_the_turn_of_the_year(desk: Desk, desk_url: str, told: Tell) -> None:
    turn_of_the_year(desk, desk_url, 10_000, told)


def turn_of_the_year(desk: Desk, url: str, cases: int, told: Tell) -> None:
    """So many cases; half of them are opened when the year is known."""
    run = Run(14, store_of(url))
    old = [desk.receive("working_days") for _ in range(cases // 2)]
    load(desk)
    new = [desk.receive("working_days") for _ in range(cases // 2)]
    assert {due(desk, number) for number in new[:20]} == {("2027-01-06 18:00", False)}
    assert desk.sweep().extended == len(old)
    with desk.app.database.read() as reader:
        left = reader.connection.execute(text("SELECT due_at, provisional, count(*) FROM timers GROUP BY due_at, provisional")).fetchall()
    assert [tuple(row) for row in left] == [("2027-01-06T10:00:00.000000Z", 0, 2 * (cases // 2))]
    desk.at("2027-01-06 18:00")
    swept, _ = desk.work()
    seen = look(url)
    run.figures = {"recomputed": len(old), "rungs": swept.rungs}
    told(run, cases, len(seen.violations))
    assert (swept.rungs, seen.violations) == (2 * (cases // 2), ())
