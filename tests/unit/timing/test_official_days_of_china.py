"""The shipped official days of China, against two independent libraries; and what is known of a year without a decree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import holidays
import pytest
from ruamel.yaml import YAML

from engine.timing.calendar import WorkingCalendar
from engine.timing.deadline import deadline
from engine.timing.official import Official, OfficialYear, statutory
from engine.timing.period import Period, Unit
from tests.architecture.tree import ROOT
from tests.unit.timing.calendars import OFFICE, OFFICE_HOURS, SHANGHAI

FILE = YAML(typ="safe", pure=True).load((ROOT / "workflows/calendars/official/CN.yaml").read_text(encoding="utf-8"))
OFFICIAL = Official.of(
    FILE["country"], [OfficialYear("CN", year, frozenset(days["off"]), frozenset(days["work"])) for year, days in FILE["years"].items()]
)
CHINA = WorkingCalendar("china", SHANGHAI, OFFICE.week, country="CN", official=OFFICIAL)
WITH_2027 = replace(CHINA, official=Official.of("CN", [*OFFICIAL.years.values(), OfficialYear("CN", 2027, frozenset({date(2027, 1, 1)}))]))
DAYS = [date(2019, 1, 1) + timedelta(days=shift) for shift in range((date(2027, 1, 1) - date(2019, 1, 1)).days)]
EVENING = datetime(2026, 12, 31, 17, tzinfo=SHANGHAI)


def test_every_day_of_eight_years_agrees_with_both_libraries() -> None:
    other = holidays.country_holidays("CN", years=range(2019, 2027))
    ours = [CHINA.is_working_day(day) for day in DAYS]

    assert len(DAYS) == 2922
    assert ours == [chinese_calendar.is_workday(day) for day in DAYS]
    assert ours == [other.is_working_day(day) for day in DAYS]
    assert not any(CHINA.is_provisional(day) for day in DAYS)


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_notice_gives_it(year: int, count: int) -> None:
    assert len(CHINA.year(year).days) == count


def test_a_make_up_day_is_worked_at_mondays_hours() -> None:
    start = datetime(2026, 10, 9, 17, tzinfo=SHANGHAI)
    found = deadline(start, Period(4, "wh"), CHINA)

    assert CHINA.kind(date(2026, 10, 10)) == "make_up_day"
    assert found is not None
    assert found.at == datetime(2026, 10, 10, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize("unit", ["wh", "wd"])
def test_a_deadline_in_a_year_without_a_decree_is_provisional(unit: Unit) -> None:
    found = deadline(EVENING, Period(4, unit), CHINA)

    assert found is not None
    assert found.provisional
    assert found.at.astimezone(SHANGHAI).date() == (date(2027, 1, 4) if unit == "wh" else date(2027, 1, 7))
    assert CHINA.is_provisional(date(2027, 1, 4))


@pytest.mark.parametrize("unit", ["wh", "wd"])
def test_it_is_certain_once_the_year_is_loaded(unit: Unit) -> None:
    found = deadline(EVENING, Period(4, unit), WITH_2027)

    assert found is not None
    assert not found.provisional


@pytest.mark.parametrize("period", [Period(1, "wh"), Period(4, "h"), Period(3, "d"), Period(1, "mo")])
def test_what_needs_no_day_of_that_year_is_certain(period: Period) -> None:
    found = deadline(EVENING, period, CHINA)

    assert found is not None
    assert not found.provisional


def test_a_last_day_that_may_move_is_provisional_where_last_days_move() -> None:
    rolling = replace(CHINA, roll="rest_day")
    found = deadline(EVENING, Period(1, "d"), rolling)
    strict = deadline(EVENING, Period(1, "d"), rolling, roll=False)

    assert found is not None
    assert strict is not None
    assert (found.at, found.provisional) == (datetime(2027, 1, 5, tzinfo=SHANGHAI), True)
    assert (strict.at, strict.provisional) == (datetime(2027, 1, 2, tzinfo=SHANGHAI), False)
    assert strict.latest == found.at


def test_days_that_we_decided_ourselves_are_not_provisional() -> None:
    decided = replace(CHINA, dates={date(2027, 1, 4): OFFICE_HOURS}, closures=((date(2027, 1, 1), date(2027, 1, 3)),))
    found = deadline(EVENING, Period(4, "wh"), decided)

    assert found is not None
    assert (found.at, found.provisional) == (datetime(2027, 1, 4, 12, tzinfo=SHANGHAI), False)


def test_no_year_raises() -> None:
    for year in (1, 1900, 2018, 2027, 2041, 9000):
        found = deadline(datetime(year, 3, 1, tzinfo=UTC), Period(30, "wd"), CHINA)
        assert found is not None
        assert found.provisional


@pytest.mark.parametrize("year", range(2027, 2041))
def test_the_days_that_law_fixes_agree_with_another_library(year: int) -> None:
    named = holidays.country_holidays("CN", years=year, language="en_US")

    assert statutory("CN", year) == {day for day, name in named.items() if not all("observed" in part for part in name.split("; "))}


def test_a_weekday_that_law_fixes_is_off_before_the_decree() -> None:
    assert CHINA.kind(date(2027, 9, 15)) == "holiday"
    assert CHINA.kind(date(2027, 10, 4)) == "working_day"
