"""Reads calendar files and files of official holidays: from a path to a checked value, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document, read_file
from engine.authoring.loader import load
from engine.core.compiling.calendars import working_calendar
from engine.core.problem import Path as Place
from engine.core.problem import Problem
from engine.definition.calendar import CalendarFile, OfficialDays, OfficialFile
from engine.errors import Damaged
from engine.label import Label
from engine.settings import SHIPPED
from engine.timing.calendar import WorkingCalendar
from engine.timing.official import OfficialYear, indispensable

OFFICIAL = SHIPPED / "workflows" / "calendars" / "official"
"""The folder of the shipped official holidays, a file for each country."""


def read_calendar(path: Path) -> tuple[CalendarFile | None, tuple[Diagnostic, ...], Document]:
    """One working calendar, or None with what is wrong. Raises Misuse for a file that cannot be read."""
    document = read_file(path)
    file, diagnostics = check_calendar(document)
    return file, diagnostics, document


def check_calendar(document: Document) -> tuple[CalendarFile | None, tuple[Diagnostic, ...]]:
    """The same for a document already read."""
    file, diagnostics = load(document, CalendarFile)
    calendar = working_calendar(file) if file is not None else ()
    if isinstance(calendar, WorkingCalendar):
        return file, diagnostics
    return None, arranged([*diagnostics, *(Diagnostic.of(problem, document) for problem in calendar)])


def read_official(path: Path) -> tuple[tuple[OfficialYear, ...] | None, tuple[Diagnostic, ...], Document]:
    """The official years of one file, or None with what is wrong. Raises Misuse for a file that cannot be read."""
    document = read_file(path)
    years, diagnostics = check_official(document)
    return years, diagnostics, document


def check_official(document: Document) -> tuple[tuple[OfficialYear, ...] | None, tuple[Diagnostic, ...]]:
    """The same for a document already read."""
    file, diagnostics = load(document, OfficialFile)
    if file is None:
        return None, diagnostics
    problems = [problem for year, days in file.years.items() for problem in (*_misplaced(year, days), *_left_out(file.country, year, days))]
    found = arranged([*diagnostics, *(Diagnostic.of(problem, document) for problem in problems)])
    if has_errors(found):
        return None, found
    years = (OfficialYear(file.country, year, frozenset(days.off), frozenset(days.work)) for year, days in file.years.items())
    return tuple(years), found


@cache
def shipped_official() -> tuple[OfficialYear, ...]:
    """The official years that come with the product. Raises Damaged when a file of them was spoilt."""
    years: list[OfficialYear] = []
    for path in sorted(OFFICIAL.glob("*.yaml")):
        of_country, diagnostics, _ = read_official(path)
        if of_country is None:
            sentence = Label("随附的法定假日文件“{path}”有错误：{what}。", "The shipped file of holidays “{path}” has mistakes: {what}.")
            raise Damaged(sentence.fill(path=path, what=diagnostics[0].sentence), Label("请重新安装。", "Install the product anew."))
        years.extend(of_country)
    return tuple(years)


def _misplaced(year: int, days: OfficialDays) -> Iterator[Problem]:
    """Days that cannot be right: of another year, named twice, or worked although no day of a weekend."""
    seen: dict[date, str] = {}
    for part, listed in (("off", days.off), ("work", days.work)):
        for index, day in enumerate(listed):
            path: Place = ("years", str(year), part, index)
            if day.year != year:
                yield _wrong_day(path, Label("“{day}”不在 {year} 年", "“{day}” does not lie in {year}").fill(day=day, year=year))
            elif day in seen:
                yield _wrong_day(path, Label("“{day}”已列在 {part}", "“{day}” is listed in “{part}” already").fill(day=day, part=seen[day]))
            elif part == "work" and day.weekday() < 5:
                sentence = Label("“{day}”不是周末，不能是调休上班日", "“{day}” is no day of a weekend, so nothing is made up on it")
                yield _wrong_day(path, sentence.fill(day=day))
            seen.setdefault(day, part)


def _left_out(country: str, year: int, days: OfficialDays) -> Iterator[Problem]:
    """Days that the law itself makes holidays: a loaded year never changes, so a hasty file must not get in."""
    missing = sorted(indispensable(country, year).difference(days.off))
    if missing:
        sentence = Label("缺少法定节假日：{days}", "the holidays fixed by law are not all there; missing: {days}")
        yield _wrong_day(("years", str(year), "off"), sentence.fill(days=", ".join(map(str, missing))))


def _wrong_day(path: Place, sentence: Label) -> Problem:
    return Problem("bad-official-day", path, sentence, Label("请与公布的放假通知核对。", "Compare it with the notice as published."))
