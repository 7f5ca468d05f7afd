"""What went wrong in the products of others, as far as time alone decides it: PRODUCT §6, by number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.deadline import deadline, own_time, point, shift
from engine.timing.interval import Interval
from engine.timing.official import Official, OfficialYear
from engine.timing.period import Period, Unit
from tests.unit.timing.calendars import OFFICE, OFFICE_HOURS, SHANGHAI

BERLIN = ZoneInfo("Europe/Berlin")


def on(day: int, hour: int = 0, minute: int = 0, *, month: int = 9) -> datetime:
    """A local time; Monday is 28 September, or 5 October."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def due(count: int, unit: Unit, start: datetime, *paused: Interval, calendar: WorkingCalendar = OFFICE) -> datetime | None:
    found = deadline(start, Period(count, unit), calendar, paused)
    return None if found is None else found.at


def test_1_two_holidays_of_another_region_do_not_count() -> None:
    regional = OfficialYear("BY", 2026, frozenset({date(2026, 11, 11), date(2026, 11, 12)}))
    hours = {day: (Window(9 * 60, 21 * 60),) for day in range(7)}
    daily = WorkingCalendar("daily", BERLIN, hours, country="DE", official=Official.of("DE", [regional]))
    closed = replace(daily, closures=((date(2026, 11, 11), date(2026, 11, 12)),))
    start = datetime(2026, 11, 9, 23, tzinfo=BERLIN)

    assert due(48, "wh", start, calendar=daily) == datetime(2026, 11, 13, 21, tzinfo=BERLIN)
    assert due(48, "wh", start, calendar=closed) == datetime(2026, 11, 15, 21, tzinfo=BERLIN)


def test_2_a_pause_over_the_weekend_takes_no_working_day() -> None:
    weekend = Interval(on(25, 16), on(28, 10))

    assert due(1, "wd", on(25, 10), weekend) == on(28, 18)
    assert due(8, "wh", on(25, 10), weekend) == on(28, 15)  # 4 h 30 before it, 3 h 30 after


def test_3_time_paused_from_february_until_solved_in_august_is_not_worked() -> None:
    start = datetime(2026, 2, 2, 9, tzinfo=SHANGHAI)
    paused = (Interval(datetime(2026, 2, 3, 9, tzinfo=SHANGHAI)),)
    solved = datetime(2026, 8, 3, 9, tzinfo=SHANGHAI)

    assert own_time(start, solved, True, OFFICE, paused) == timedelta(hours=7, minutes=30)
    assert own_time(start, solved, False, OFFICE, paused) == timedelta(days=1)
    assert deadline(start, Period(8, "wh"), OFFICE, paused) is None
    assert due(7, "wh", start, *paused) == datetime(2026, 2, 2, 17, 30, tzinfo=SHANGHAI)  # was over before the pause


def test_6_one_working_day_is_not_24_working_hours() -> None:
    assert due(1, "wd", on(28, 16)) == on(29, 18)
    assert due(24, "wh", on(28, 16)) == on(1, 17, 30, month=10)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param(on(28, 6), on(28, 10), id="before opening"),
        pytest.param(on(28, 12, 30), on(28, 14, 30), id="at lunch"),
        pytest.param(on(28, 20), on(29, 10), id="after closing"),
        pytest.param(on(26, 10), on(28, 10), id="on a Saturday"),
        pytest.param(on(30, 20), on(8, 10, month=10), id="before a holiday"),
        pytest.param(on(3, 10, month=10), on(8, 10, month=10), id="on a holiday"),
    ],
)
def test_7_time_starts_when_work_does(start: datetime, expected: datetime) -> None:
    holiday = OfficialYear("CN", 2026, frozenset(date(2026, 10, day) for day in range(1, 8)))
    calendar = replace(OFFICE, country="CN", official=Official.of("CN", [holiday]))

    assert due(1, "wh", start, calendar=calendar) == expected


def test_8_a_week_of_tuesdays() -> None:
    tuesdays = WorkingCalendar("tuesdays", SHANGHAI, {1: OFFICE_HOURS})

    assert due(8, "wh", on(28, 10), calendar=tuesdays) == on(6, 9, 30, month=10)
    assert due(2, "wd", on(29, 10), calendar=tuesdays) == on(13, 18, month=10)


def test_9_saturday_is_worked_and_monday_is_free() -> None:
    shop = WorkingCalendar("shop", SHANGHAI, dict.fromkeys(range(1, 6), OFFICE_HOURS))

    assert due(4, "wh", on(26, 16), calendar=shop) == on(29, 11)
    assert due(1, "wd", on(26, 16), calendar=shop) == on(29, 18)
    assert due(1, "wd", on(25, 16), calendar=shop) == on(26, 18)


def test_23_a_clock_and_a_rung_in_the_night_the_clocks_change() -> None:
    nights = WorkingCalendar("nights", BERLIN, {day: (Window(22 * 60, 30 * 60),) for day in range(7)})
    spring, autumn = datetime(2026, 3, 28, 22, tzinfo=BERLIN), datetime(2026, 10, 24, 22, tzinfo=BERLIN)

    assert due(5, "h", spring, calendar=nights) == datetime(2026, 3, 29, 2, tzinfo=UTC)  # 04:00, an hour was left out
    assert due(8, "wh", spring, calendar=nights) == datetime(2026, 3, 29, 21, tzinfo=UTC)  # that night has seven hours
    assert due(8, "wh", autumn, calendar=nights) == datetime(2026, 10, 25, 4, tzinfo=UTC)  # that one nine
    assert point(spring, timedelta(hours=4, minutes=30), True, nights) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    missing = shift(datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), Period(1, "d"), nights)
    assert missing == datetime(2026, 3, 29, 1, tzinfo=UTC)  # there is no 02:30: the first instant after it
    twice = shift(datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN), Period(1, "d"), nights)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 comes twice: the first
