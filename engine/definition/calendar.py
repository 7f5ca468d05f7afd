"""A calendar file and a file of official holidays, as written.

Shape only: which days a calendar works is computed by `engine.timing.calendar`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, StringConstraints, Tag
from pydantic import Field as Limit

from engine.definition.element import Bilingual, Day, Element, Name

HOURS = r"^([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-9]|3[0-9]|4[0-8]):[0-5][0-9]$"
QUIET = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
COUNTRY = r"^[A-Z]{2}$"

Hours = Annotated[str, StringConstraints(pattern=HOURS)]
"""A window `09:00-12:00`; a night shift ends on the next day, `22:00-30:00` or, shorter, `22:00-06:00`."""


def _as_list(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) else raw


def _entry_kind(raw: Any) -> str:
    return "hours" if isinstance(raw, str) and raw[:1].isdigit() else "name"


Shift = Annotated[
    tuple[Annotated[Annotated[Hours, Tag("hours")] | Annotated[Name, Tag("name")], Discriminator(_entry_kind)], ...],
    BeforeValidator(_as_list),
]
"""The hours of a day: windows, names of `shifts`, or `closed` for none."""

DayGroup = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "workdays", "weekend", "daily"]
Country = Annotated[str, StringConstraints(pattern=COUNTRY)]


class Closure(Element):
    """Days on which a company is closed whatever the week says."""

    title: Bilingual
    first: Day
    last: Day


class CalendarFile(Element):
    """One working calendar."""

    calendar: Name
    title: Bilingual
    zone: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """The IANA time zone in which its hours and dates are meant."""
    official: Country | None = None
    """The country whose public holidays and make-up working days it follows."""
    shifts: dict[Name, Annotated[tuple[Hours, ...], BeforeValidator(_as_list)]] = {}
    """Named hours, to be used in `week`, `make_up` and `dates`."""
    week: dict[DayGroup, Shift] = Limit(min_length=1)
    make_up: Shift = ()
    """The hours of a make-up working day whose weekday has none of its own; by default Monday's."""
    dates: dict[Day, Shift] = {}
    """The hours of single dates; they win over everything."""
    closures: tuple[Closure, ...] = ()
    roll: Literal["none", "holiday", "rest_day"] = "none"
    """Which kind of last day moves a period of d, mo or y to the end of the next working day."""
    quiet: Annotated[str, StringConstraints(pattern=QUIET)] | None = None
    """When nobody is told anything: `21:00-08:00`."""


Year = Annotated[int, Limit(ge=2000, le=2100)]


class OfficialDays(Element):
    """What was decreed for one year."""

    off: tuple[Day, ...] = Limit(min_length=1)
    """Public holidays."""
    work: tuple[Day, ...] = ()
    """Make-up working days."""


class OfficialFile(Element):
    """The public holidays of a country, by year."""

    country: Country
    years: dict[Year, OfficialDays] = Limit(min_length=1)
