"""Deadlines by walking minute after minute over the wall clock: slow, naive, and independent of the product's arithmetic.

Takes the same descriptions (calendar, period, pauses) and reads their fields alone. A minute is counted from the epoch; the wall
clock at a minute is one number, day × 1440 + minute of the day, and it never goes back: in a fold the hour that comes twice is
the last one seen before it, so that whoever works through it works twice as long, and whatever falls into it happens once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from engine.timing.calendar import Window, WorkingCalendar
from engine.timing.interval import Interval
from engine.timing.period import Period

DAY = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = 10**9


def minute_of(instant: datetime) -> int:
    minutes, rest = divmod(instant - EPOCH, timedelta(minutes=1))
    assert not rest, "the oracle knows whole minutes only"
    return minutes


def instant_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


@cache
def wall(zone: ZoneInfo, day: int) -> tuple[int, ...]:
    """What the clock on the wall shows at each minute of a UTC day; it is watched from two hours before."""
    shown, high = [], 0
    for minute in range(day * DAY - 120, (day + 1) * DAY):
        local = instant_of(minute).astimezone(zone)
        high = max(high, local.toordinal() * DAY + local.hour * 60 + local.minute)
        shown.append(high)
    return tuple(shown[120:])


def date_at(zone: ZoneInfo, minute: int) -> date:
    return date.fromordinal(wall(zone, minute // DAY)[minute % DAY] // DAY)


class Walker:
    """Walks along one calendar, remembering the days it saw."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.zone = calendar.zone
        self._flags: dict[int, bytes] = {}
        self._minutes: dict[date, list[int]] = {}
        self._midnights: dict[int, list[int]] = {}

    def due(self, start: int, period: Period, paused: Sequence[Interval]) -> int | None:
        """The minute at which the period ends; None when an open pause hides it. No last day is moved."""
        pauses = [(minute_of(each.begins), NEVER if each.ends is None else minute_of(each.ends)) for each in paused]
        match period.unit:
            case "m" | "h" | "wh":
                minutes = period.count * (1 if period.unit == "m" else 60)
                return start if minutes <= 0 else self._elapsed(start, minutes, pauses, period.unit == "wh")
            case "wd":
                return start if period.count <= 0 else self._working_days(start, period.count, pauses)
            case _:
                days = self._days(date_at(self.zone, start), period)
                return start if days < 0 else self._days_on(start, days, pauses)

    def worked(self, begins: int, ends: int, paused: Sequence[Interval], working: bool) -> int:
        """The minutes from one until another that count."""
        pauses = [(minute_of(each.begins), NEVER if each.ends is None else minute_of(each.ends)) for each in paused]
        days = range(begins // DAY, ends // DAY + 1)
        return sum(sum(self._counted(day, begins, pauses, working)[: max(0, min(ends - day * DAY, DAY))]) for day in days)

    def is_working_day(self, day: date) -> bool:
        return bool(self.minutes(day))

    def is_holiday(self, day: date) -> bool:
        year = self.calendar.official.years.get(day.year)
        return self.calendar.country is not None and year is not None and day in year.off

    def rolled(self, due: int, roll: str) -> int:
        """The end of the day that a last day moves to; `due` is the midnight after the last day."""
        last = date_at(self.zone, due - 1)
        if roll == "none" or self.is_working_day(last):
            return due
        run = [last]
        while not self.is_working_day(run[-1] - timedelta(days=1)):
            run.append(run[-1] - timedelta(days=1))
        if roll == "holiday" and not any(self.is_holiday(day) for day in run):
            return due
        while not self.is_working_day(last):
            last += timedelta(days=1)
        return next(minute for minute in count(due) if date_at(self.zone, minute) > last)

    def minutes(self, day: date) -> list[int]:
        """The minutes that belong to the windows of a day, those after its midnight too."""
        if day not in self._minutes:
            worked = {minute for each in self._hours(day) for minute in range(each.opens, each.closes)}
            low, number = day.toordinal() * DAY, (day - EPOCH.date()).days
            shown = [(near * DAY, wall(self.zone, near)) for near in range(number - 1, number + 4)] if worked else []
            self._minutes[day] = [first + index for first, each in shown for index, at in enumerate(each) if at - low in worked]
        return self._minutes[day]

    def _hours(self, day: date) -> tuple[Window, ...]:
        calendar = self.calendar
        if day in calendar.dates:
            return calendar.dates[day]
        for first, last in calendar.closures:
            if first <= day <= last:
                return ()
        usual = calendar.week.get(day.weekday(), ())
        year = calendar.official.years.get(day.year) if calendar.country else None
        if year and day in year.work:
            return usual or (calendar.make_up if calendar.make_up is not None else calendar.week[0])
        return () if year and day in year.off else usual

    def _working(self, day: int) -> bytes:
        if day not in self._flags:
            low = day * DAY
            flags = bytearray(DAY)
            for near in range(-3, 4):
                for minute in self.minutes(instant_of(low).date() + timedelta(days=near)):
                    if low <= minute < low + DAY:
                        flags[minute - low] = 1
            self._flags[day] = bytes(flags)
        return self._flags[day]

    def _counted(self, day: int, start: int, pauses: Sequence[tuple[int, int]], working: bool) -> bytearray:
        flags = bytearray(self._working(day) if working else b"\1" * DAY)
        for begins, ends in [(-NEVER, start), *pauses]:
            low, high = max(begins - day * DAY, 0), min(ends - day * DAY, DAY)
            if low < high:
                flags[low:high] = bytes(high - low)
        return flags

    def _elapsed(self, start: int, minutes: int, pauses: Sequence[tuple[int, int]], working: bool) -> int | None:
        for day in count(start // DAY):
            if any(ends == NEVER and begins <= day * DAY for begins, ends in pauses):
                return None
            flags = self._counted(day, start, pauses, working)
            if sum(flags) < minutes:
                minutes -= sum(flags)
                continue
            for index, flag in enumerate(flags):
                minutes -= flag
                if minutes == 0:
                    return day * DAY + index + 1
        raise AssertionError("count never ends")

    def _days(self, day: date, period: Period) -> int:
        if period.unit == "d":
            return period.count
        months = period.count * (12 if period.unit == "y" else 1) + day.month - 1
        year, month = day.year + months // 12, months % 12 + 1
        for number in (day.day, 30, 29, 28):
            try:
                return (date(year, month, min(number, day.day)) - day).days
            except ValueError:
                continue
        raise AssertionError("every month has 28 days")

    def _begins(self, day: int) -> list[int]:
        # The minutes of a UTC day at which the wall shows a date for the first time.
        if day not in self._midnights:
            shown = (wall(self.zone, day - 1)[-1], *wall(self.zone, day))
            self._midnights[day] = [day * DAY + index for index in range(DAY) if shown[index] // DAY < shown[index + 1] // DAY]
        return self._midnights[day]

    def _midnights_after(self, start: int) -> Iterator[int]:
        for day in count(start // DAY):
            midnights = self._begins(day)
            yield from midnights[bisect_right(midnights, start) :]

    def _days_on(self, start: int, days: int, pauses: Sequence[tuple[int, int]]) -> int | None:
        for midnight in self._midnights_after(start):
            if any(ends == NEVER and begins <= midnight for begins, ends in pauses):
                return None
            if not any(begins <= midnight < ends for begins, ends in pauses):
                days -= 1
                if days < 0:
                    return midnight
        raise AssertionError("count never ends")

    def _working_days(self, start: int, days: int, pauses: Sequence[tuple[int, int]]) -> int | None:
        for ordinal in count(date_at(self.zone, start).toordinal() + 1):
            minutes = self.minutes(date.fromordinal(ordinal))
            if not minutes:
                continue
            if any(ends == NEVER and begins <= minutes[0] for begins, ends in pauses):
                return None
            if any(not any(begins <= minute < ends for begins, ends in pauses) for minute in minutes):
                days -= 1
                if days == 0:
                    return max([*minutes, *self.minutes(date.fromordinal(ordinal - 1))]) + 1
        raise AssertionError("count never ends")
