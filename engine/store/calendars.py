"""Official holidays as they were loaded, year by year, in numbered editions. Knows no case: which edition a case goes by stands in it.

What was loaded never changes, so an edition means the same for ever: all years whose edition is not greater.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from engine.core.codec import canonical, decode_instant, encode_instant
from engine.errors import Conflict
from engine.label import Label
from engine.store.schema import STAFF_VERSION, meta, official_years
from engine.timing.official import OfficialYear


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """A year as loaded: with which edition, when, and by whom."""

    year: OfficialYear
    edition: int
    loaded_at: datetime
    loaded_by: str


def official(connection: Connection) -> tuple[OfficialRow, ...]:
    """Everything ever loaded, by country and year."""
    query = select(official_years).order_by(official_years.c.country, official_years.c.year)
    return tuple(
        OfficialRow(
            OfficialYear(row.country, row.year, _days(row.off), _days(row.work)), row.edition, decode_instant(row.loaded_at), row.loaded_by
        )
        for row in connection.execute(query)
    )


def edition(connection: Connection) -> int:
    """The newest edition; 0 when nothing was loaded."""
    return connection.execute(select(func.max(official_years.c.edition))).scalar() or 0


def load(connection: Connection, years: Iterable[OfficialYear], now: datetime, principal: str) -> int:
    """Keep these years for good; the newest edition after it. Those that are there already make no new one.

    Raises Conflict, and keeps nothing, when a year was loaded with other days.
    """
    _wait_for_others(connection)
    known = {(row.year.country, row.year.year): row.year for row in official(connection)}
    wanted = {(each.country, each.year): each for each in years}
    for key, each in wanted.items():
        if known.get(key, each) != each:
            raise _loaded_otherwise(each)
    newest = edition(connection)
    fresh = [each for key, each in wanted.items() if key not in known]
    if not fresh:
        return newest
    loaded = {"edition": newest + 1, "loaded_at": encode_instant(now), "loaded_by": principal}
    connection.execute(insert(official_years), [_row(each) | loaded for each in fresh])
    return newest + 1


def _wait_for_others(connection: Connection) -> None:
    """Two loads at once would give one number to two different editions. (SQLite has one writer anyway.)"""
    connection.execute(select(meta.c.value).where(meta.c.key == STAFF_VERSION).with_for_update())


def _row(year: OfficialYear) -> dict[str, object]:
    return {"country": year.country, "year": year.year, "off": _written(year.off), "work": _written(year.work)}


def _written(days: Collection[date]) -> str:
    return canonical([day.isoformat() for day in sorted(days)])


def _days(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in json.loads(text))


def _loaded_otherwise(year: OfficialYear) -> Conflict:
    return Conflict(
        Label(
            "{country} {year} 年的节假日已经导入，内容不同；已导入的年份不可更改。",
            "The holidays of {country} {year} are already loaded with other days; a loaded year never changes.",
        ).fill(country=year.country, year=year.year),
        Label(
            "请从文件中去掉这一年后再导入；公司自己的安排请写在日历的 dates 或 closures 中。",
            "Leave the year out of the file and load it again; write what your company decides into dates or closures of its calendar.",
        ),
    )
