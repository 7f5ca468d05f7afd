"""From a calendar file to the working calendar it describes – or to every problem in it. Paths are those of the calendar file.

Official holidays are not part of it: they come with the edition that a case goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from engine.core.problem import Path, Problem
from engine.definition.calendar import CalendarFile
from engine.errors import did_you_mean
from engine.label import Label
from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.wall import DAY

CLOSED = "closed"
"""Instead of hours: none."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS: Mapping[str, range] = {"workdays": range(5), "weekend": range(5, 7), "daily": range(7)}

Windows = tuple[Window, ...]


def working_calendar(file: CalendarFile) -> WorkingCalendar | tuple[Problem, ...]:
    """The calendar, without official holidays; or all problems, in the order of the file."""
    reading = _Reading(file)
    zone = reading.zone()
    reading.read_shifts()
    calendar = WorkingCalendar(
        id=file.calendar,
        zone=zone,
        week=reading.week(),
        make_up=reading.hours(file.make_up, ("make_up",)) if file.make_up else None,
        dates={day: reading.hours(entries, ("dates", day.isoformat())) for day, entries in file.dates.items()},
        closures=reading.closures(),
        country=file.official,
        roll=file.roll,
        quiet=reading.quiet(),
    )
    return tuple(reading.problems) or calendar


class _Reading:
    """One file, and what was found wrong with it."""

    def __init__(self, file: CalendarFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._shifts: dict[str, Windows] = {}

    def report(self, code: str, path: Path, sentence: Label, way_out: Label | None = None, *, of_key: bool = False) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, path, sentence, way_out, of_key=of_key))

    def zone(self) -> ZoneInfo:
        """The time zone; UTC in place of one that there is not."""
        name = self.file.zone
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zones = available_timezones()
        sentence = Label("没有时区“{name}”", "there is no time zone “{name}”").fill(name=name)
        self.report("unknown-zone", ("zone",), sentence, did_you_mean(name, zones))
        return ZoneInfo("UTC")

    def read_shifts(self) -> None:
        """Named hours, for whatever is read after."""
        for name, entries in self.file.shifts.items():
            path: Path = ("shifts", name)
            if name == CLOSED:
                sentence = Label("“{name}”是保留名称", "“{name}” is a reserved name").fill(name=name)
                self.report("reserved-name", path, sentence, Label("换一个名称。", "Choose another name."), of_key=True)
            self._shifts[name] = self.hours(entries, path)

    def week(self) -> dict[int, Windows]:
        """Hours by weekday: a day by its own name, or by the one group that holds it."""
        single = {_WEEKDAYS.index(key): key for key in self.file.week if key in _WEEKDAYS}
        hours = {day: self.hours(self.file.week[key], ("week", key)) for day, key in single.items()}
        grouped: dict[int, str] = {}
        for key, days in _GROUPS.items():
            if key not in self.file.week:
                continue
            windows = self.hours(self.file.week[key], ("week", key))
            twice = next((day for day in days if day in grouped), None)
            if twice is not None:
                self._twice(twice, grouped[twice], key)
            for day in days:
                grouped[day] = key
                if day not in single:
                    hours[day] = windows
        if not any(hours.values()) and not self.problems:
            sentence = Label("一周中没有任何工作时间", "no day of the week has working hours")
            self.report("no-working-day", ("week",), sentence, of_key=True)
        return hours

    def hours(self, entries: Sequence[str], path: Path) -> Windows:
        """The windows of one day, in order."""
        if CLOSED in entries:
            if len(entries) > 1:
                sentence = Label("closed 不能与其他时间并列", "“closed” stands alone, without hours")
                self.report("bad-hours", (*path, tuple(entries).index(CLOSED)), sentence)
            return ()
        found = [window for index, entry in enumerate(entries) for window in self._windows(entry, (*path, index))]
        windows = tuple(sorted(found, key=lambda each: each.opens))
        if any(second.opens < first.closes for first, second in pairwise(windows)):
            sentence = Label("同一天的工作时间互相重叠", "the hours of one day overlap")
            self.report("bad-hours", path, sentence, of_key=True)
        return windows

    def closures(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each."""
        for index, each in enumerate(self.file.closures):
            if each.last < each.first:
                sentence = Label("last 早于 first", "“last” is before “first”")
                self.report("bad-closure", ("closures", index, "last"), sentence)
        return tuple((each.first, each.last) for each in self.file.closures)

    def quiet(self) -> tuple[int, int] | None:
        """From and until when, in minutes of the day."""
        if self.file.quiet is None:
            return None
        begins, ends = map(_minutes, self.file.quiet.split("-"))
        if begins == ends:
            self.report("bad-hours", ("quiet",), Label("免打扰时段的起止相同", "the quiet hours end as they begin"))
        return begins, ends

    def _windows(self, entry: str, path: Path) -> Windows:
        if not entry[:1].isdigit():
            if entry not in self._shifts:
                sentence = Label("没有班次“{name}”", "there is no shift “{name}”").fill(name=entry)
                self.report("unknown-shift", path, sentence, did_you_mean(entry, [*self._shifts, CLOSED]))
            return self._shifts.get(entry, ())
        opens, closes = map(_minutes, entry.split("-"))
        if closes < opens:
            closes += DAY
        if opens >= DAY or opens == closes or closes > 2 * DAY:
            sentence = Label("“{hours}”不是当天开始的一段时间", "“{hours}” is no stretch of time that begins on the day")
            way_out = Label(
                "例如 09:00-12:00；夜班写 22:00-06:00；全天写 00:00-24:00。",
                "For example 09:00-12:00; 22:00-06:00 for a night; 00:00-24:00 for a whole day.",
            )
            self.report("bad-hours", path, sentence.fill(hours=entry), way_out)
            return ()
        return (Window(opens, closes),)

    def _twice(self, day: int, first: str, second: str) -> None:
        sentence = Label("“{day}”在“{first}”和“{second}”中各写了一次", "“{day}” is in both “{first}” and “{second}”")
        way_out = Label("只留一组，或单独写这一天。", "Keep one of the groups, or write out the days.")
        self.report("day-twice", ("week", second), sentence.fill(day=_WEEKDAYS[day], first=first, second=second), way_out, of_key=True)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
