"""Instants and dates that are moved, and lengths beyond all use: nothing raises, nothing runs forever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import deadline, own_time, point, shift, shift_date
from engine.timing.interval import Interval
from engine.timing.moment import EARLIEST, LATEST
from engine.timing.period import Period, Unit
from tests.unit.timing.calendars import OFFICE, SHANGHAI

NEVER = WorkingCalendar("never", SHANGHAI, {}, roll="rest_day")
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
UNITS: list[Unit] = ["m", "h", "d", "mo", "y", "wh", "wd"]


def on(day: int, hour: int = 0, minute: int = 0, *, month: int = 9) -> datetime:
    """A local time; 28 September is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        (on(28, 16), Period(4, "wh"), on(29, 11)),
        (on(29, 11), Period(-4, "wh"), on(28, 16)),
        (on(28, 16), Period(2, "wh"), on(28, 18)),
        (on(29, 11), Period(-2, "wh"), on(29, 9)),
        (on(29, 9), Period(-2, "wh"), on(28, 16)),
        (on(26, 10), Period(-1, "wh"), on(25, 17)),
        (on(28, 16), Period(0, "wh"), on(28, 16)),
        (on(28, 16, 5), Period(1, "wd"), on(29, 16, 5)),
        (on(26, 10), Period(1, "wd"), on(28, 10)),
        (on(26, 10), Period(-1, "wd"), on(25, 10)),
        (on(28, 7), Period(-1, "wd"), on(25, 7)),
        (on(26, 10), Period(0, "wd"), on(26, 10)),
        (on(25), Period(1, "wd"), on(26)),
        (on(26), Period(1, "wd"), on(29)),
        (on(26), Period(-1, "wd"), on(25)),
        (on(30), Period(-2, "wd"), on(26)),
        (on(28, 16), Period(-30, "m"), on(28, 15, 30)),
        (on(28, 16), Period(3, "d"), on(1, 16, month=10)),
        (on(30, 16), Period(5, "mo"), datetime(2027, 2, 28, 16, tzinfo=SHANGHAI)),
    ],
)
def test_an_instant_is_moved(start: datetime, period: Period, expected: datetime) -> None:
    assert shift(start, period, OFFICE) == expected


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        (date(2026, 9, 25), Period(1, "wd"), date(2026, 9, 28)),
        (date(2026, 9, 27), Period(-1, "wd"), date(2026, 9, 25)),
        (date(2026, 9, 27), Period(0, "wd"), date(2026, 9, 27)),
        (date(2026, 12, 31), Period(261, "wd"), date(2027, 12, 31)),
        (date(2027, 12, 31), Period(-261, "wd"), date(2026, 12, 31)),
        (date(2027, 1, 31), Period(1, "mo"), date(2027, 2, 28)),
    ],
)
def test_a_date_is_moved(day: date, period: Period, expected: date) -> None:
    assert shift_date(day, period, OFFICE) == expected


@pytest.mark.parametrize("unit", ["m", "h", "wh"])
def test_a_date_does_not_move_by_hours(unit: Unit) -> None:
    with pytest.raises(ValueError, match="does not move"):
        shift_date(date(2026, 9, 28), Period(1, unit), OFFICE)


@pytest.mark.parametrize(("count", "end"), [(0, on(29)), (-1, on(28, 16)), (-400, on(28, 16))])
@pytest.mark.parametrize("unit", ["d", "mo", "y"])
def test_no_days_end_with_the_start_day_and_fewer_at_the_start(unit: Unit, count: int, end: datetime) -> None:
    found = deadline(on(28, 16), Period(count, unit), OFFICE)

    assert found is not None
    assert found.at == end


@pytest.mark.parametrize("unit", ["m", "h", "wh", "wd"])
@pytest.mark.parametrize("count", [0, -3])
def test_no_hours_end_at_the_start(unit: Unit, count: int) -> None:
    found = deadline(on(28, 16), Period(count, unit), OFFICE)

    assert found is not None
    assert found.at == on(28, 16)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("calendar", [OFFICE, NEVER], ids=lambda each: str(each.id))
@pytest.mark.parametrize("start", [on(28), FIRST, LAST], ids=["now", "first", "last"])
def test_what_is_beyond_all_years_is_due_at_their_edge(unit: Unit, calendar: WorkingCalendar, start: datetime) -> None:
    paused = [Interval(on(29), on(30)), Interval(EARLIEST, on(1)), Interval(LATEST, LAST)]
    for count in (10**7 if unit in ("y", "mo", "d") else 10**12, 10**400):
        found = deadline(start, Period(count, unit), calendar, paused)
        assert found is not None
        assert found.at == found.latest == LATEST
        assert shift(start, Period(count, unit), calendar) == LATEST
        assert shift(start, Period(-count, unit), calendar) == EARLIEST


def test_a_calendar_that_never_works_is_never_done() -> None:
    for period in (Period(1, "wh"), Period(1, "wd")):
        found = deadline(on(28), period, NEVER)
        assert found is not None
        assert found.at == LATEST
    assert own_time(on(28), LATEST, True, NEVER) == timedelta()
    assert point(on(28), timedelta(minutes=1), True, NEVER) == LATEST


def test_after_fifty_years_working_time_is_not_looked_for() -> None:
    start = datetime(206, 1, 1, tzinfo=UTC)

    assert own_time(start, LATEST, True, OFFICE) < own_time(start, LATEST, False, OFFICE) / 100
    found = deadline(start, Period(200_000, "wh"), OFFICE)
    assert found is not None
    assert found.at == LATEST


def test_no_pause_brings_what_is_not_looked_for_nearer() -> None:
    fifty_two_years = own_time(on(28), datetime(2027, 9, 28, tzinfo=SHANGHAI), True, OFFICE) * 52
    pause = Interval(datetime(2050, 1, 1, tzinfo=UTC), datetime(2050, 1, 2, tzinfo=UTC))

    assert point(on(28), fifty_two_years, True, OFFICE) == LATEST
    assert point(on(28), fifty_two_years, True, OFFICE, [pause]) == LATEST


@pytest.mark.parametrize("unit", UNITS)
def test_an_open_pause_hides_the_end_unless_it_came_before(unit: Unit) -> None:
    start, period = on(28, 16), Period(3, unit)
    known = deadline(start, period, OFFICE)
    assert known is not None

    assert deadline(start, period, OFFICE, [Interval(start + timedelta(minutes=1))]) is None
    assert deadline(start, period, OFFICE, [Interval(known.at)]) == (None if unit in ("d", "mo", "y") else known)
    assert deadline(start, period, OFFICE, [Interval(known.at + timedelta(minutes=1))]) == known
