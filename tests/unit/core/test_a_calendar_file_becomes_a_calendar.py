"""What the words of a calendar file become: windows by weekday and date, night shifts, closures, quiet hours."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.core.compiling import working_calendar
from engine.definition.calendar import CalendarFile
from engine.timing.calendar import Window, WorkingCalendar

MORNING, AFTERNOON, NIGHT = Window(540, 720), Window(810, 1080), Window(1320, 1800)


def file(**keys: Any) -> CalendarFile:
    return CalendarFile.model_validate(
        {"calendar": "hours", "title": {"zh": "时间", "en": "Hours"}, "zone": "Asia/Shanghai", "week": {"daily": "09:00-12:00"}, **keys}
    )


def calendar(**keys: Any) -> WorkingCalendar:
    found = working_calendar(file(**keys))
    assert isinstance(found, WorkingCalendar), found
    return found


def codes(**keys: Any) -> list[str]:
    found = working_calendar(file(**keys))
    assert not isinstance(found, WorkingCalendar)
    return [problem.code for problem in found]


def test_a_day_by_its_own_name_wins_over_its_group() -> None:
    found = calendar(week={"wednesday": "closed", "workdays": ["13:30-18:00", "09:00-12:00"], "saturday": "09:00-12:00"})

    assert found.week == {
        0: (MORNING, AFTERNOON),
        1: (MORNING, AFTERNOON),
        2: (),
        3: (MORNING, AFTERNOON),
        4: (MORNING, AFTERNOON),
        5: (MORNING,),
    }


@pytest.mark.parametrize(
    ("group", "days"), [("workdays", range(5)), ("weekend", range(5, 7)), ("daily", range(7)), ("sunday", range(6, 7))]
)
def test_a_group_stands_for_its_days(group: str, days: range) -> None:
    assert calendar(week={group: "09:00-12:00"}).week == dict.fromkeys(days, (MORNING,))


def test_a_night_shift_ends_on_the_next_day_however_it_is_written() -> None:
    found = calendar(week={"monday": "22:00-06:00", "tuesday": "22:00-30:00", "sunday": "00:00-24:00"})

    assert found.week == {0: (NIGHT,), 1: (NIGHT,), 6: (Window(0, 1440),)}


def test_a_named_shift_stands_for_its_hours() -> None:
    found = calendar(shifts={"early": "09:00-12:00", "late": ["22:00-06:00"]}, week={"daily": ["late", "early"]}, make_up="early")

    assert found.week[3] == (MORNING, NIGHT)
    assert found.make_up == (MORNING,)


def test_make_up_days_may_be_closed_or_left_to_the_week() -> None:
    assert calendar(make_up="closed").make_up == ()
    assert calendar().make_up is None


def test_dates_closures_and_quiet_hours() -> None:
    found = calendar(
        dates={"2026-10-08": "13:30-18:00", "2026-10-09": "closed"},
        closures=[{"title": {"zh": "盘点", "en": "Stock-taking"}, "first": "2026-12-30", "last": "2026-12-31"}],
        quiet="21:00-08:00",
        official="CN",
        roll="rest_day",
    )

    assert found.dates == {date(2026, 10, 8): (AFTERNOON,), date(2026, 10, 9): ()}
    assert found.closures == ((date(2026, 12, 30), date(2026, 12, 31)),)
    assert (found.quiet, found.country, found.roll, found.zone) == ((1260, 480), "CN", "rest_day", ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("hours", ["09:00-09:00", "24:00-25:00", "23:00-48:30"])
def test_hours_that_are_no_stretch_of_a_day(hours: str) -> None:
    assert "bad-hours" in codes(week={"monday": ["09:00-12:00"], "friday": [hours]})


def test_every_mistake_is_told_at_its_place() -> None:
    found = working_calendar(
        file(
            zone="Asia/Shangai",
            shifts={"early": "09:00-12:00"},
            week={"workdays": ["erly"], "daily": ["09:00-12:00", "11:00-13:00"]},
            dates={"2026-10-08": ["closed", "09:00-12:00"]},
            closures=[{"title": {"zh": "歇", "en": "Off"}, "first": "2026-12-31", "last": "2026-12-30"}],
            quiet="08:00-08:00",
        )
    )

    assert not isinstance(found, WorkingCalendar)
    places = {(problem.code, problem.path) for problem in found}
    assert places == {
        ("unknown-zone", ("zone",)),
        ("unknown-shift", ("week", "workdays", 0)),
        ("bad-hours", ("week", "daily")),
        ("day-twice", ("week", "daily")),
        ("bad-hours", ("dates", "2026-10-08", 0)),
        ("bad-closure", ("closures", 0, "last")),
        ("bad-hours", ("quiet",)),
    }
    offered = {problem.code: problem.way_out for problem in found}
    assert offered["unknown-zone"] is not None
    assert offered["unknown-zone"].en == "Did you mean “Asia/Shanghai”?"
    assert offered["unknown-shift"] is not None
    assert offered["unknown-shift"].en == "Did you mean “early”?"


def test_a_calendar_that_never_works_is_refused() -> None:
    assert codes(week={"daily": "closed"}) == ["no-working-day"]
