"""A working calendar: which hours of which days are worked, in one time zone.

Knows weeks, single dates, closures and official holidays; no period and no case. A calendar is a value: its tables, one for
each year that is asked for, follow from its description and are kept aside, so that threads may share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from engine.timing.official import NOTHING, Official
from engine.timing.wall import DAY, instant_of, midnight
from engine.timing.workyear import Span, WorkYear, tabulate

Roll = Literal["none", "holiday", "rest_day"]
DayKind = Literal["working_day", "rest_day", "holiday", "make_up_day", "own_hours", "closed"]

_ONE_DAY = timedelta(days=1)
_YEARS_KEPT = 128


@dataclass(frozen=True, slots=True)
class Window:
    """Working hours, in minutes after 00:00 of the day they belong to; a night shift closes after 1440, on the next day.

    Raises ValueError unless 0 <= opens < 1440 and opens < closes <= 2880.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY or not self.opens < self.closes <= 2 * DAY:
            raise ValueError(f"no window of a day: {self.opens} to {self.closes}")


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """What gives working time its meaning. Days are local dates of `zone`, instants are in UTC."""

    id: str
    zone: ZoneInfo
    week: Mapping[int, tuple[Window, ...]]
    """Hours by weekday, 0 is Monday; a weekday without any is a rest day."""
    make_up: tuple[Window, ...] | None = None
    """Hours of a make-up working day whose weekday has none; None: those of the first weekday that has some."""
    dates: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    """Hours of single dates; they win over all else, and none at all closes the day."""
    closures: tuple[tuple[date, date], ...] = ()
    """First and last day of each closure; they win over what is official."""
    country: str | None = None
    """The country whose holidays and make-up days are followed."""
    official: Official = NOTHING
    roll: Roll = "none"
    """Which last day of a period of d, mo or y moves to the next working day: none, one in a run of rest days at or after a
    holiday of it, or any rest day."""
    quiet: tuple[int, int] | None = None
    """From and until when, in minutes of the day, nobody is told anything; may pass midnight, and is nothing if both are one."""
    _table: Callable[[int], WorkYear] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", lru_cache(maxsize=_YEARS_KEPT)(self._tabulate))

    def year(self, number: int) -> WorkYear:
        """The table of a local year, 1 to 9999."""
        return self._table(number)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins; where the clocks leave 00:00 out, the first one after."""
        return midnight(day, self.zone)

    def kind(self, day: date) -> DayKind:
        """What sort of day it is, by the strongest rule that speaks of it."""
        if day in self.dates:
            return "own_hours" if self.dates[day] else "closed"
        if any(first <= day <= last for first, last in self.closures):
            return "closed"
        if self.country is not None:
            if self.official.is_make_up(day):
                return "make_up_day"
            if self.official.is_off(day):
                return "holiday"
        return "working_day" if self.week.get(day.weekday()) else "rest_day"

    def windows(self, day: date) -> tuple[Span, ...]:
        """The working hours that belong to a day, as written: a night shift whole, overlaps with other days not removed."""
        return self.year(day.year).hours.get(day, ())

    def is_working_day(self, day: date) -> bool:
        """Whether any working time belongs to the day."""
        return day in self.year(day.year).hours

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday of the country, worked or not."""
        return self.country is not None and self.official.is_off(day)

    def is_provisional(self, day: date) -> bool:
        """Whether what is known of the day may change: official data for its year are missing, and nothing of ours decides."""
        return (
            self.country is not None
            and not self.official.knows(day.year)
            and day not in self.dates
            and not any(first <= day <= last for first, last in self.closures)
        )

    def any_provisional(self, first: date, last: date) -> bool:
        """Whether there is a provisional day from `first` to `last`, both included."""
        if self.country is None:
            return False
        for year in range(first.year, last.year + 1):
            days = _days(max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
            if not self.official.knows(year) and any(map(self.is_provisional, days)):
                return True
        return False

    def closes(self, day: date) -> datetime:
        """When work ends that belongs to a working day, or to the day before if that lasts longer, so that no day closes before
        an earlier one. Raises ValueError for a day that is none."""
        last = max(closes for _, closes in self.windows(day))
        return max([last, *(closes for _, closes in self.windows(day - _ONE_DAY))]) if day > date.min else last

    def next_quiet_end(self, instant: datetime) -> datetime | None:
        """When the quiet hours end that this instant lies in; None outside of them."""
        if self.quiet is None:
            return None
        begins, ends = self.quiet
        ends += DAY if ends < begins else 0
        today = instant.astimezone(self.zone).date()
        for day in (today - _ONE_DAY, today):
            end = instant_of(day, ends, self.zone)
            if instant_of(day, begins, self.zone) <= instant < end:
                return end
        return None

    def _tabulate(self, year: int) -> WorkYear:
        first, last = date(year, 1, 1), date(year, 12, 31)
        spilled = () if first == date.min else self._spans(first - _ONE_DAY)
        hours = {day: spans for day in _days(first, last) if (spans := self._spans(day))}
        return tabulate(self.midnight(first), instant_of(last, DAY, self.zone), spilled, MappingProxyType(hours))

    def _spans(self, day: date) -> tuple[Span, ...]:
        spans = ((instant_of(day, each.opens, self.zone), instant_of(day, each.closes, self.zone)) for each in self._hours(day))
        return tuple(span for span in spans if span[0] < span[1])

    def _hours(self, day: date) -> tuple[Window, ...]:
        match self.kind(day):
            case "own_hours":
                return self.dates[day]
            case "closed" | "holiday":
                return ()
            case "make_up_day":
                return self.week.get(day.weekday()) or self._made_up()
            case _:
                return self.week.get(day.weekday(), ())

    def _made_up(self) -> tuple[Window, ...]:
        if self.make_up is not None:
            return self.make_up
        return next((self.week[weekday] for weekday in range(7) if self.week.get(weekday)), ())


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
