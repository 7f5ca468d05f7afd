"""When a length of time ends that began at an instant, pauses left out: deadlines, and points on the way to them.

Hours and minutes elapse; working hours pass while the calendar works. Days, months and years end at a midnight, 24:00 of their
last day, and working days when that day closes; in both the day of the start does not count. A pause moves the first two by its
length within, days by the midnights in it, working days by those it wholly contains. Instants and dates are also moved here,
by any period and either way, with nothing left out and nothing rounded up. Knows no clock rule and no ladder.

The calendar of the examples works Monday to Friday, 09:00-12:00 and 13:30-18:00.

>>> from engine.timing.calendar import Window
>>> hours = (Window(9 * 60, 12 * 60), Window(13 * 60 + 30, 18 * 60))
>>> office = WorkingCalendar("office", ZoneInfo("Asia/Shanghai"), {weekday: hours for weekday in range(5)})
>>> def at(text):  # local time in the week of Monday, 28 September 2026, or a date
...     day, _, clock = text.partition(" ")
...     day = f"2026-09-{28 + DAYS.index(day):02}" if day in ("Mon", "Tue", "Wed") else "2026-10-03" if day == "Sat" else day
...     return datetime.fromisoformat(f"{day} {clock or '00:00'}").replace(tzinfo=office.zone)
>>> DAYS = ["Mon", "Tue", "Wed"]
>>> def due(count, unit, start, *paused):
...     pauses = [Interval(at(begins), at(ends)) for begins, ends in paused]
...     return f"{deadline(at(start), Period(count, unit), office, pauses).at.astimezone(office.zone):%a %d %b %H:%M}"

>>> due(4, "h", "Mon 16:00"), due(3, "d", "Mon 16:00")  # Thursday 24:00
('Mon 28 Sep 20:00', 'Fri 02 Oct 00:00')
>>> due(4, "wh", "Mon 16:00"), due(3, "wh", "Sat 10:00")
('Tue 29 Sep 11:00', 'Mon 05 Oct 12:00')
>>> due(2, "wh", "Mon 16:00")  # at the close, not when work begins again
'Mon 28 Sep 18:00'
>>> due(1, "wd", "Mon 16:00"), due(1, "wd", "Sat 10:00")
('Tue 29 Sep 18:00', 'Mon 05 Oct 18:00')
>>> due(1, "mo", "2027-01-31 16:00"), due(1, "mo", "2028-01-31 16:00")  # the end of 28, of 29 February
('Mon 01 Mar 00:00', 'Wed 01 Mar 00:00')
>>> due(4, "wh", "Mon 16:00", ("Tue 09:30", "Tue 10:30"))
'Tue 29 Sep 12:00'
>>> due(3, "d", "Mon 16:00", ("Tue 22:00", "Wed 08:00"))  # one midnight: Friday 24:00
'Sat 03 Oct 00:00'

Three quarters of those 4wh, in the clock's own time:

>>> start, end = at("Mon 16:00"), at("Tue 11:00")
>>> three_quarters = own_time(start, end, True, office) * 0.75
>>> f"{point(start, three_quarters, True, office).astimezone(office.zone):%a %H:%M}"
'Tue 10:00'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.timing.calendar import Roll, WorkingCalendar
from engine.timing.interval import Interval, overlap, union
from engine.timing.moment import EARLIEST, LATEST, date_of, first_shown, move_date, move_instant
from engine.timing.pausing import paused_midnights, paused_working_days, unpaused
from engine.timing.period import Period, finest
from engine.timing.wall import clamp, first_midnight
from engine.timing.worktime import HORIZON, after, before, worked, working_day, working_days
from engine.timing.workyear import ZERO

_ONE_DAY = timedelta(days=1)
_MOST_MINUTES = 10_000 * 366 * 1440


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a length of time, exclusive: at `at` it is over. In UTC."""

    at: datetime
    provisional: bool
    """Whether `at` may move when official data for a year are loaded that are missing."""
    latest: datetime
    """The same with a last day of rest moved to the end of the next working day: the latest date that can be defended."""


def deadline(
    start: datetime, period: Period, calendar: WorkingCalendar, paused: Sequence[Interval] = (), *, roll: bool = True
) -> Deadline | None:
    """When a period ends that begins at `start`, an aware instant; `roll=False` leaves a last day of rest where it is.

    None while it cannot be known: a pause is open that began before the end. Nothing ends before it starts, and what would end
    beyond the year 9999, or after fifty years without enough working time, is due at `LATEST`. Never raises.
    """
    begins, step = clamp(start), finest(period)
    pauses = _ahead(paused, begins)
    if step.unit == "wd":
        return _by_working_days(begins, step.count, calendar, pauses)
    if step.unit in ("d", "mo"):
        return _by_days(begins, step, calendar, pauses, calendar.roll if roll else "none")
    at = _reach(begins, _length(step), step.unit == "wh", calendar, pauses)
    if at is None:
        return None
    is_official = step.unit == "wh" and calendar.country is not None
    return Deadline(at, is_official and at > begins and calendar.any_provisional(*_touched(begins, at, calendar.zone)), at)


def own_time(start: datetime, end: datetime, working: bool, calendar: WorkingCalendar, paused: Sequence[Interval] = ()) -> timedelta:
    """How much time passed from `start` until `end`, pauses left out: working time, or simply elapsed. Never negative.

    Of working time the first fifty years are looked through.
    """
    begins, ends = clamp(start), clamp(end)
    if ends <= begins:
        return ZERO
    if working and ends - begins > HORIZON:
        ends = begins + HORIZON
    pauses = _ahead(paused, begins)
    if not working:
        return ends - begins - overlap(pauses, begins, ends)
    if not pauses:
        return worked(calendar, begins, ends)
    left_out = (worked(calendar, max(each.begins, begins), min(each.limit, ends)) for each in pauses if each.begins < ends)
    return worked(calendar, begins, ends) - sum(left_out, ZERO)


def point(start: datetime, length: timedelta, working: bool, calendar: WorkingCalendar, paused: Sequence[Interval] = ()) -> datetime | None:
    """The earliest instant at which `own_time` from `start` reaches a length; `start` for none or less.

    None while an open pause keeps it from being reached; `LATEST` when it never is.
    """
    begins = clamp(start)
    return _reach(begins, length, working, calendar, _ahead(paused, begins))


def shift(instant: datetime, period: Period, calendar: WorkingCalendar) -> datetime:
    """The instant so much time away, in UTC: m and h elapse, wh is worked; d, mo, y and wd keep the time of day.

    Working time forwards gives the earliest instant, backwards the latest. For wd 00:00 is 24:00 of the day before: from
    Thursday 24:00, 1wd leads to Friday 24:00. Beyond the years, and where nothing is worked, it stops at their edge.
    """
    match period.unit:
        case "wh":
            length = _length(period)
            if length == ZERO:
                return instant
            return after(calendar, clamp(instant), length) if length > ZERO else before(calendar, clamp(instant), -length)
        case "wd":
            return _shift_days(clamp(instant), period.count, calendar) if period.count else instant
        case _:
            return clamp(move_instant(clamp(instant), period, calendar.zone))


def shift_date(day: date, period: Period, calendar: WorkingCalendar) -> date:
    """The date so many days, months, years or working days away; with none, the day itself. Raises ValueError for m, h and wh."""
    if period.unit == "wd":
        return working_day(calendar, day, period.count)
    if period.unit in ("m", "h", "wh"):
        raise ValueError(f"a date does not move by {period}")
    return move_date(day, period)


def _length(period: Period) -> timedelta:
    # Of m, h or wh; cut to what the years 1 to 9999 hold, so that no arithmetic overflows.
    step = finest(period)
    minutes = step.count * (60 if step.unit == "wh" else 1)
    return timedelta(minutes=max(-_MOST_MINUTES, min(minutes, _MOST_MINUTES)))


def _ahead(paused: Sequence[Interval], start: datetime) -> tuple[Interval, ...]:
    return tuple(each for each in union(paused) if each.limit > start) if paused else ()


def _reach(start: datetime, length: timedelta, working: bool, calendar: WorkingCalendar, pauses: Sequence[Interval]) -> datetime | None:
    if length <= ZERO:
        return start
    cursor = start
    for each in pauses:
        if each.begins > cursor:
            at = _advance(cursor, length, working, calendar)
            if at <= each.begins:
                return at
            length -= worked(calendar, cursor, each.begins) if working else each.begins - cursor
        if each.ends is None:
            return None
        cursor = each.ends
    at = _advance(cursor, length, working, calendar)
    return LATEST if working and at - start > HORIZON else at


def _advance(start: datetime, length: timedelta, working: bool, calendar: WorkingCalendar) -> datetime:
    if working:
        return after(calendar, start, length)
    return start + length if length < LATEST - start else LATEST


def _by_working_days(start: datetime, count: int, calendar: WorkingCalendar, pauses: Sequence[Interval]) -> Deadline | None:
    if count <= 0:
        return Deadline(start, False, start)
    today = date_of(start, calendar.zone)
    day = unpaused(
        today,
        count,
        paused_working_days(pauses, calendar),
        lambda day, count: working_day(calendar, day, count),
        lambda first, last: working_days(calendar, first, last),
    )
    if day is None:
        return None
    day = day if day - today <= HORIZON else date.max
    at = LATEST if day == date.max else calendar.closes(day)
    return Deadline(at, calendar.any_provisional(today + _ONE_DAY, day), at)


def _by_days(start: datetime, step: Period, calendar: WorkingCalendar, pauses: Sequence[Interval], roll: Roll) -> Deadline | None:
    today = date_of(start, calendar.zone)
    count = (move_date(today, step) - today).days
    if count < 0:
        return Deadline(start, False, start)
    try:
        eve = first_midnight(start + timedelta.resolution, calendar.zone) - _ONE_DAY
        runs = paused_midnights(pauses, calendar)
        end = unpaused(eve, count + 1, runs, lambda day, count: day + timedelta(days=count), lambda first, last: (last - first).days - 1)
    except OverflowError:
        end = date.max
    if end is None:
        return None
    if end == date.max:
        return Deadline(LATEST, False, LATEST)
    last = end - _ONE_DAY
    due = _rolled(last, roll, calendar)
    latest = _rolled(last, "rest_day", calendar)
    return Deadline(_end_of(due, calendar), roll != "none" and calendar.any_provisional(last, due), _end_of(latest, calendar))


def _rolled(last: date, roll: Roll, calendar: WorkingCalendar) -> date:
    if roll == "none" or calendar.is_working_day(last):
        return last
    if roll == "holiday" and not _follows_holiday(last, calendar):
        return last
    return working_day(calendar, last, 1)


def _follows_holiday(day: date, calendar: WorkingCalendar) -> bool:
    # A weekend right after a holiday moves with it, or a longer period would end before a shorter one.
    worked_last = working_day(calendar, day, -1)
    return any(calendar.is_holiday(date.fromordinal(number)) for number in range(worked_last.toordinal() + 1, day.toordinal() + 1))


def _end_of(day: date, calendar: WorkingCalendar) -> datetime:
    return LATEST if day == date.max else calendar.midnight(day + _ONE_DAY)


def _touched(begins: datetime, ends: datetime, zone: ZoneInfo) -> tuple[date, date]:
    return date_of(begins, zone), date_of(ends - timedelta.resolution, zone)


def _shift_days(instant: datetime, count: int, calendar: WorkingCalendar) -> datetime:
    local = instant.astimezone(calendar.zone)
    at_end = local.time() == time()
    day = working_day(calendar, local.date() - _ONE_DAY if at_end else local.date(), count)
    if day in (date.min, date.max):
        return LATEST if count > 0 else EARLIEST
    return first_shown(datetime.combine(day + _ONE_DAY if at_end else day, local.time()), calendar.zone)
