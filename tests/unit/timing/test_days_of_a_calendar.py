"""A calendar's days, hours and quiet hours; the strongest rule that speaks of a day decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.timing.calendar import DayKind, Window, WorkingCalendar
from engine.timing.official import Official, OfficialYear
from tests.unit.timing.calendars import OFFICE, OFFICE_HOURS, SHANGHAI

SHORT = (Window(10 * 60, 12 * 60),)
DECREED = OfficialYear(
    "CN", 2026, frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset(date(2026, 10, day) for day in (10, 11, 17))
)
CALENDAR = WorkingCalendar(
    "all",
    SHANGHAI,
    {**OFFICE.week, 5: SHORT},
    dates={date(2026, 10, 2): SHORT, date(2026, 10, 12): (), date(2026, 10, 17): (), date(2026, 10, 21): SHORT},
    closures=((date(2026, 10, 20), date(2026, 10, 22)), (date(2026, 10, 10), date(2026, 10, 10))),
    country="CN",
    official=Official.of("CN", [DECREED]),
)


@pytest.mark.parametrize(
    ("day", "kind", "hours"),
    [
        (date(2026, 10, 1), "holiday", 0),
        (date(2026, 10, 2), "own_hours", 2),
        (date(2026, 10, 3), "working_day", 2),
        (date(2026, 10, 4), "rest_day", 0),
        (date(2026, 10, 5), "working_day", 7.5),
        (date(2026, 10, 10), "closed", 0),
        (date(2026, 10, 11), "make_up_day", 7.5),
        (date(2026, 10, 12), "closed", 0),
        (date(2026, 10, 17), "closed", 0),
        (date(2026, 10, 20), "closed", 0),
        (date(2026, 10, 21), "own_hours", 2),
        (date(2026, 10, 22), "closed", 0),
        (date(2026, 10, 23), "working_day", 7.5),
    ],
)
def test_the_strongest_rule_decides(day: date, kind: DayKind, hours: float) -> None:
    assert CALENDAR.kind(day) == kind
    assert CALENDAR.is_working_day(day) is (hours > 0)
    assert sum((closes - opens for opens, closes in CALENDAR.windows(day)), timedelta()) == timedelta(hours=hours)


def test_a_holiday_that_is_worked_stays_a_holiday() -> None:
    assert CALENDAR.is_holiday(date(2026, 10, 2))
    assert not CALENDAR.is_holiday(date(2026, 10, 5))


def test_a_make_up_day_takes_its_own_weekdays_hours_where_there_are_some() -> None:
    decreed = OfficialYear("CN", 2026, frozenset(), frozenset({date(2026, 10, 10), date(2026, 10, 11)}))
    shop = WorkingCalendar("shop", SHANGHAI, {1: OFFICE_HOURS, 5: SHORT}, country="CN", official=Official.of("CN", [decreed]))
    given = WorkingCalendar("shop", SHANGHAI, {1: OFFICE_HOURS}, make_up=SHORT, country="CN", official=shop.official)

    assert shop.closes(date(2026, 10, 10)) == datetime(2026, 10, 10, 12, tzinfo=SHANGHAI)
    assert shop.closes(date(2026, 10, 11)) == datetime(2026, 10, 11, 18, tzinfo=SHANGHAI)
    assert given.closes(date(2026, 10, 10)) == datetime(2026, 10, 10, 12, tzinfo=SHANGHAI)


def test_hours_that_overlap_count_once() -> None:
    doubled = WorkingCalendar("doubled", SHANGHAI, {day: (Window(8 * 60, 20 * 60), Window(18 * 60, 33 * 60)) for day in range(7)})

    assert doubled.year(2026).total == timedelta(days=365)
    assert len(doubled.year(2026).spans) == 1


@pytest.mark.parametrize("window", [(-1, 60), (60, 60), (120, 60), (1440, 1500), (0, 2881)])
def test_a_window_that_is_none_is_refused(window: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no window of a day"):
        Window(*window)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        pytest.param("Asia/Shanghai", date(2026, 9, 28), datetime(2026, 9, 27, 16, tzinfo=UTC), id="an ordinary day"),
        pytest.param("America/Havana", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), id="00:00 is left out"),
        pytest.param("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), id="00:00 comes twice"),
        pytest.param("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC), id="the whole day is left out"),
        pytest.param("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC), id="the day after it"),
    ],
)
def test_a_day_begins_when_the_wall_first_shows_it(zone: str, day: date, instant: datetime) -> None:
    assert WorkingCalendar("none", ZoneInfo(zone), {}).midnight(day) == instant


def test_a_day_that_a_zone_skipped_is_not_worked() -> None:
    apia = WorkingCalendar("apia", ZoneInfo("Pacific/Apia"), dict.fromkeys(range(7), OFFICE_HOURS))

    assert not apia.is_working_day(date(2011, 12, 30))
    assert apia.is_working_day(date(2011, 12, 31))


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-09-28 20:59", None),
        ("2026-09-28 21:00", "2026-09-29 08:00"),
        ("2026-09-29 00:00", "2026-09-29 08:00"),
        ("2026-09-29 07:59", "2026-09-29 08:00"),
        ("2026-09-29 08:00", None),
    ],
)
def test_quiet_hours_over_midnight(at: str, end: str | None) -> None:
    quiet = WorkingCalendar("quiet", SHANGHAI, OFFICE.week, quiet=(21 * 60, 8 * 60))
    expected = None if end is None else datetime.fromisoformat(end).replace(tzinfo=SHANGHAI)

    assert quiet.next_quiet_end(datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)) == expected


def test_quiet_hours_end_in_the_night_the_clocks_change() -> None:
    quiet = WorkingCalendar("quiet", ZoneInfo("Europe/Berlin"), {}, quiet=(60, 2 * 60 + 30))

    assert quiet.next_quiet_end(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert quiet.next_quiet_end(datetime(2026, 10, 25, 0, 15, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert quiet.next_quiet_end(datetime(2026, 10, 25, 1, 15, tzinfo=UTC)) is None  # 02:15 for the second time


@pytest.mark.parametrize("quiet", [None, (480, 480)])
def test_without_quiet_hours_it_is_never_quiet(quiet: tuple[int, int] | None) -> None:
    assert WorkingCalendar("loud", SHANGHAI, {}, quiet=quiet).next_quiet_end(datetime(2026, 9, 28, tzinfo=SHANGHAI)) is None


def test_threads_that_share_a_calendar_see_one_table() -> None:
    shared = WorkingCalendar("shared", SHANGHAI, OFFICE.week)
    with ThreadPoolExecutor(8) as threads:
        totals = set(threads.map(lambda number: shared.year(2020 + number % 8).total, range(64)))

    assert totals == {OFFICE.year(2020 + number).total for number in range(8)}


def test_equal_descriptions_are_equal_calendars() -> None:
    OFFICE.year(2026)

    assert WorkingCalendar("office", SHANGHAI, OFFICE.week) == OFFICE
