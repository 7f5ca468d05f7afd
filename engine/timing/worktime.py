"""Working time and working days along a calendar, over any number of years: measured, and gone forwards or backwards.

What is not reached within fifty years never is: a calendar that never works, or a count beyond all use, gives the edge of
the years (`LATEST`, `EARLIEST`, `date.max`, `date.min`) and no error.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from engine.timing.calendar import WorkingCalendar
from engine.timing.moment import EARLIEST, LATEST
from engine.timing.workyear import ZERO

HORIZON = timedelta(days=50 * 366)
"""How far from its beginning the end of a length of working time is looked for: fifty years."""
_YEARS = 51


def worked(calendar: WorkingCalendar, begins: datetime, ends: datetime) -> timedelta:
    """Working time in [begins, ends), of which the first fifty years are looked through."""
    if ends <= begins:
        return ZERO
    if ends - begins > HORIZON:
        ends = begins + HORIZON
    first, last = _year_of(calendar, begins), _year_of(calendar, ends)
    if first == last:
        return calendar.year(last).until(ends) - calendar.year(last).until(begins)
    whole = sum((calendar.year(number).total for number in range(first, last)), ZERO)
    return whole + calendar.year(last).until(ends) - calendar.year(first).until(begins)


def after(calendar: WorkingCalendar, instant: datetime, length: timedelta) -> datetime:
    """The earliest instant by which so much working time (more than none) has passed since another."""
    number = _year_of(calendar, instant)
    rest = calendar.year(number).until(instant) + length
    for following in range(number, min(number + _YEARS, MAXYEAR) + 1):
        year = calendar.year(following)
        if rest <= year.total:
            found = year.first(rest)
            return found if found - instant <= HORIZON else LATEST
        rest -= year.total
    return LATEST


def before(calendar: WorkingCalendar, instant: datetime, length: timedelta) -> datetime:
    """The latest instant from which so much working time (more than none) passes until another."""
    number = _year_of(calendar, instant)
    rest = calendar.year(number).until(instant) - length
    for preceding in range(number, max(number - _YEARS, MINYEAR) - 1, -1):
        if rest >= ZERO:
            return calendar.year(preceding).last(rest)
        if preceding > MINYEAR:
            rest += calendar.year(preceding - 1).total
    return EARLIEST


def working_day(calendar: WorkingCalendar, day: date, count: int) -> date:
    """The so manieth working day strictly after a day or, with a negative count, before it; the day itself with none."""
    if count == 0:
        return day
    days = calendar.year(day.year).days
    if count > 0:
        index = bisect_right(days, day) + count - 1
        for number in range(day.year, min(day.year + _YEARS, MAXYEAR) + 1):
            days = calendar.year(number).days
            if index < len(days):
                return days[index] if days[index] - day <= HORIZON else date.max
            index -= len(days)
        return date.max
    index = bisect_left(days, day) + count
    for number in range(day.year, max(day.year - _YEARS, MINYEAR) - 1, -1):
        if index >= 0:
            return calendar.year(number).days[index]
        if number > MINYEAR:
            index += len(calendar.year(number - 1).days)
    return date.min


def working_days(calendar: WorkingCalendar, after: date, before: date) -> int:
    """How many working days lie strictly between two days, of which the second is later."""
    whole = sum(len(calendar.year(number).days) for number in range(after.year, before.year))
    return whole + bisect_left(calendar.year(before.year).days, before) - bisect_right(calendar.year(after.year).days, after)


def _year_of(calendar: WorkingCalendar, instant: datetime) -> int:
    year = calendar.year(instant.year)
    if instant < year.begins:
        return max(instant.year - 1, MINYEAR)
    return instant.year if instant < year.ends else min(instant.year + 1, MAXYEAR)
