"""The calendars, nights and pauses that the tests of time try: four zones of the promise and two whose clocks change at midnight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.interval import Interval
from engine.timing.official import Official, OfficialYear
from engine.timing.period import Period, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = (Window(9 * 60, 12 * 60), Window(13 * 60 + 30, 18 * 60))
OFFICE = WorkingCalendar("office", SHANGHAI, dict.fromkeys(range(5), OFFICE_HOURS))
"""The calendar of the worked examples: Monday to Friday, 09:00-12:00 and 13:30-18:00, no holidays."""

_OFF = ["2026-03-09", "2026-03-27", "2026-04-03", "2026-09-04", *(f"2026-10-0{day}" for day in range(1, 8)), "2027-01-01", "2028-02-29"]
_MAKE_UP = ["2026-03-28", "2026-04-05", "2026-09-27", "2026-10-10", "2026-10-25", "2026-11-01", "2027-01-03", "2028-02-26", "2028-03-04"]


def _decreed(year: int) -> OfficialYear:
    off, work = (frozenset(date.fromisoformat(day) for day in days if day.startswith(str(year))) for days in (_OFF, _MAKE_UP))
    return OfficialYear("CN", year, off, work)


OFFICIAL = Official.of("CN", map(_decreed, range(2025, 2031)))
"""Invented decrees, so that holidays and make-up days lie near the nights below."""

NIGHTS: dict[str, tuple[date, ...]] = {
    "Asia/Shanghai": (date(2026, 9, 30), date(2026, 1, 31), date(2028, 2, 29), date(2026, 12, 31)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/Santiago": (date(2026, 4, 4), date(2026, 9, 6)),
}
"""By zone: the dates on which its clocks change, ends of months, the 29th of February, a turn of the year."""


def _shapes(zone: ZoneInfo) -> Sequence[WorkingCalendar]:
    day, night, early = Window(8 * 60, 20 * 60), Window(22 * 60, 30 * 60), Window(60, 3 * 60 + 30)
    office = dict.fromkeys(range(5), OFFICE_HOURS)
    nights = dict.fromkeys(range(6), (night,)) | {6: (Window(0, 150), Window(20 * 60, 26 * 60 + 30))}
    overlapping = {weekday: (day, Window(18 * 60, 47 * 60)) for weekday in (0, 2, 6)} | {3: (early,)}
    changing = {each: (Window(135, 165), Window(23 * 60, 26 * 60 + 15)) for each in NIGHTS[zone.key]}
    closures = ((date(2026, 10, 26), date(2026, 10, 30)), (date(2026, 3, 10), date(2026, 3, 10)))
    decreed = replace(WorkingCalendar("office", zone, office), country="CN", official=OFFICIAL)
    return (
        replace(decreed, roll="rest_day"),
        replace(decreed, id="shop", week=dict.fromkeys(range(1, 6), (day,)), make_up=(early,), roll="holiday"),
        replace(decreed, id="tuesday", week={1: OFFICE_HOURS}, make_up=(Window(9 * 60, 10 * 60),), roll="holiday"),
        replace(decreed, id="exceptions", dates={**changing, date(2026, 10, 2): (day,), date(2026, 9, 29): ()}, closures=closures),
        WorkingCalendar("always", zone, {weekday: (Window(0, 1440),) for weekday in range(7)}),
        WorkingCalendar("nights", zone, nights),
        WorkingCalendar("overlapping", zone, overlapping, roll="rest_day"),
        WorkingCalendar("early", zone, {weekday: (early, Window(30, 105)) for weekday in range(7)}, dates=changing),
    )


@cache
def calendars(zone: str) -> Sequence[WorkingCalendar]:
    """Every shape of calendar in a zone."""
    return _shapes(ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Question:
    """When is a period due that began then, with these pauses?"""

    calendar: WorkingCalendar
    start: datetime
    period: Period
    paused: tuple[Interval, ...]

    def __repr__(self) -> str:
        pauses = ", ".join(f"{each.begins:%m-%d %H:%M}-{'' if each.ends is None else f'{each.ends:%m-%d %H:%M}'}" for each in self.paused)
        return f"{self.period} in {self.calendar.id} {self.calendar.zone.key} from {self.start:%Y-%m-%d %H:%M} paused [{pauses}]"


_COUNTS: dict[Unit, tuple[int, int]] = {"m": (-5, 3000), "h": (-1, 150), "wh": (-1, 60), "d": (-1, 15), "wd": (-1, 9), "mo": (-1, 2)}


@st.composite
def questions(draw: st.DrawFn, units: Sequence[Unit] = ("m", "h", "wh", "d", "wd", "mo"), *, with_open: bool = True) -> Question:
    """Near a night worth trying; times are often round, so that they meet the windows' edges."""
    zone = draw(st.sampled_from(tuple(NIGHTS)))
    night = draw(st.sampled_from(NIGHTS[zone]))
    start = datetime(night.year, night.month, night.day, tzinfo=UTC) + _minutes(draw, -4 * 1440, 1440)
    unit = draw(st.sampled_from(units))
    period = Period(draw(st.integers(*_COUNTS[unit])), unit)
    paused = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + _minutes(draw, -1440, 8 * 1440)
        is_open = with_open and draw(st.integers(0, 15)) == 0
        paused.append(Interval(begins, None if is_open else begins + _minutes(draw, 0, draw(st.sampled_from((60, 1440, 6 * 1440))))))
    return Question(draw(st.sampled_from(calendars(zone))), start, period, tuple(paused))


def _minutes(draw: st.DrawFn, low: int, high: int) -> timedelta:
    grain = draw(st.sampled_from((1, 15, 60)))
    return timedelta(minutes=draw(st.integers(low // grain, high // grain)) * grain)
