"""Public holidays and make-up working days as a state decrees them, year by year; and what its law fixes before the decree.

A decree for the coming year appears late in this one. Until then only the days that law itself names are known to be off: what
is reckoned with them is provisional. Knows no company and no working hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_MOONS: Mapping[int, tuple[str, str, str, str]] = MappingProxyType(
    {
        2027: ("02-06", "04-05", "06-09", "09-15"),
        2028: ("01-26", "04-04", "05-28", "10-03"),
        2029: ("02-13", "04-04", "06-16", "09-22"),
        2030: ("02-03", "04-05", "06-05", "09-12"),
        2031: ("01-23", "04-05", "06-24", "10-01"),
        2032: ("02-11", "04-04", "06-12", "09-19"),
        2033: ("01-31", "04-04", "06-01", "09-08"),
        2034: ("02-19", "04-05", "06-20", "09-27"),
        2035: ("02-08", "04-05", "06-10", "09-16"),
        2036: ("01-28", "04-04", "05-30", "10-04"),
        2037: ("02-15", "04-04", "06-18", "09-24"),
        2038: ("02-04", "04-05", "06-07", "09-13"),
        2039: ("01-24", "04-05", "05-27", "10-02"),
        2040: ("02-12", "04-04", "06-14", "09-20"),
    }
)
"""The days of the Chinese calendar, by year: Spring Festival, Qingming, Dragon Boat, Mid-Autumn."""


@dataclass(frozen=True, slots=True)
class OfficialYear:
    """A decree: the days `off` (holidays, weekends within them included) and the make-up days on which people `work`."""

    country: str
    year: int
    off: frozenset[date]
    work: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Official:
    """All that is known of a country: its decrees by year; for other years, the days that law fixes."""

    country: str | None = None
    years: Mapping[int, OfficialYear] = field(default_factory=dict)

    @classmethod
    def of(cls, country: str, years: Iterable[OfficialYear]) -> Official:
        """What is known from these decrees; those of other countries are left aside, the last of a year stands."""
        return cls(country, MappingProxyType({each.year: each for each in years if each.country == country}))

    def knows(self, year: int) -> bool:
        """Whether there is a decree for that year."""
        return year in self.years

    def is_off(self, day: date) -> bool:
        """Whether a day is a public holiday, by decree or, without one, by law."""
        known = self.years.get(day.year)
        if known is not None:
            return day in known.off
        return self.country is not None and day in statutory(self.country, day.year)

    def is_make_up(self, day: date) -> bool:
        """Whether a day is one on which work is made up for a holiday. Without a decree none is known."""
        known = self.years.get(day.year)
        return known is not None and day in known.work


NOTHING = Official()
"""No country is followed."""


@lru_cache(maxsize=256)
def statutory(country: str, year: int) -> frozenset[date]:
    """The days off that law alone fixes, in a year for which nothing was decreed; for a country not known here, none.

    China, as amended for 2025: 1 January; Spring Festival with its eve and two days after; Qingming; 1 and 2 May; Dragon Boat;
    Mid-Autumn; 1 to 3 October. Those of the Chinese calendar are known here from 2027 to 2040.

    >>> [day.isoformat() for day in sorted(statutory("CN", 2027))[:5]]
    ['2027-01-01', '2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08']
    >>> len(statutory("CN", 2041)), len(statutory("XX", 2027))
    (6, 0)
    """
    if country != "CN":
        return frozenset()
    fixed = {date(year, 1, 1), date(year, 5, 1), date(year, 5, 2), *(date(year, 10, day) for day in (1, 2, 3))}
    if year not in _MOONS:
        return frozenset(fixed)
    spring, *others = (date.fromisoformat(f"{year}-{day}") for day in _MOONS[year])
    return frozenset({*fixed, *others, *(spring + timedelta(days=shift) for shift in (-1, 0, 1, 2))})


def indispensable(country: str, year: int) -> frozenset[date]:
    """The days that no decree for that year can leave out; none where not all of them are known here.

    >>> date(2027, 2, 7) in indispensable("CN", 2027), indispensable("CN", 2041)
    (True, frozenset())
    """
    return statutory(country, year) if country == "CN" and year in _MOONS else frozenset()
