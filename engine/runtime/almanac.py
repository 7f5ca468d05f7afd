"""The almanac: every calendar that is known here, with the official holidays that hold here, and answers to questions about time.

Calendars come from the definition folders, holidays from the database – or, without one, from the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.authoring.calendar import shipped_official
from engine.authoring.supplies import read_supplies
from engine.core.compiling.calendars import working_calendar
from engine.definition.calendar import CalendarFile
from engine.errors import Misuse
from engine.label import Label, listed, verbatim
from engine.runtime.naming import require
from engine.settings import SHIPPED, Settings
from engine.store import calendars
from engine.store.database import Database
from engine.timing.calendar import WorkingCalendar
from engine.timing.moment import LATEST
from engine.timing.official import Official, OfficialYear
from engine.timing.question import parse
from engine.timing.trace import Trace, trace

USUAL = "service-hours"
"""The calendar that is meant where a company has none of its own."""


@dataclass(frozen=True, slots=True)
class KnownCalendar:
    """A calendar, and whether it is the company's own."""

    title: Label
    calendar: WorkingCalendar
    is_own: bool

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose official holidays are known, in order; none for a calendar that follows no country."""
        return tuple(sorted(self.calendar.official.years))


@dataclass(frozen=True, slots=True)
class Answer:
    """Which calendar was asked, and the way to the result."""

    asked: KnownCalendar
    trace: Trace


@dataclass(frozen=True, slots=True)
class Almanac:
    """All calendars by name, and the instant that `now` means. `faulty`: the company's own that have a mistake, by name."""

    calendars: Mapping[str, KnownCalendar]
    faulty: frozenset[str]
    now: datetime

    @classmethod
    def read(cls, settings: Settings, years: Sequence[OfficialYear], now: datetime) -> Almanac:
        """From the definition folders; nothing stands in for a calendar with a mistake, and `aftercare check` says why it is faulty."""
        own = read_supplies([folder for folder in settings.definition_path() if folder != SHIPPED / "workflows"])
        shipped = read_supplies([SHIPPED / "workflows"]).calendars
        found = {**_known(shipped, years, is_own=False), **_known(own.calendars, years, is_own=True)}
        sound = {name: each for name, each in sorted(found.items()) if name not in own.faulty_calendars}
        return cls(sound, own.faulty_calendars, now)

    def usual(self) -> KnownCalendar:
        """The one calendar of the company, else that of service hours. Raises Misuse when neither says which is meant."""
        own = {name for name, each in self.calendars.items() if each.is_own} | self.faulty
        if len(own) == 1 or USUAL in own:
            return self._named(USUAL if USUAL in own else next(iter(own)))
        if USUAL in self.calendars and not own:
            return self.calendars[USUAL]
        names = listed(map(verbatim, sorted(self.calendars.keys() | self.faulty)))
        sentence = Label("有多个日历：{names}。", "There are several calendars: {names}.").fill(names=names)
        raise Misuse(sentence, Label("请用 --calendar 指明一个。", "Say which with --calendar."))

    def answer(self, question: str, name: str | None) -> Answer:
        """Answer `3wh from 2026-09-30 16:30`, by the calendar of this id or title. Raises Misuse and Unknown."""
        asked = self.usual() if name is None else self._named(name)
        period, start = parse(question, asked.calendar.zone, self.now)
        found = trace(start, period, asked.calendar)
        if found.deadline is None or found.deadline.at >= LATEST:
            raise Misuse(
                Label("“{question}”超出日历所及。", "“{question}” leads beyond what a calendar can tell.").fill(question=question),
                Label("请缩短时长，或取较早的起点。", "Ask for a shorter length, or from an earlier moment."),
            )
        return Answer(asked, found)

    def _named(self, name: str) -> KnownCalendar:
        """The calendar of this id or title. Raises Unknown, and Misuse for one with a mistake."""
        if name in self.faulty:
            raise Misuse(
                Label("日历“{name}”的文件有错误。", "The file of the calendar “{name}” has mistakes.").fill(name=name),
                Label("请用“aftercare check”查看。", "See them with “aftercare check”."),
            )
        titles = {id: each.title for id, each in self.calendars.items()}
        return self.calendars[require(name, titles, Label("日历", "calendar"))]


def official_years(database: Database | None) -> tuple[OfficialYear, ...]:
    """The official holidays that hold: those loaded, or without a database those that come with the product."""
    if database is None:
        return shipped_official()
    with database.read() as reader:
        return tuple(row.year for row in calendars.official(reader.connection))


def _known(files: Mapping[str, CalendarFile], years: Sequence[OfficialYear], *, is_own: bool) -> dict[str, KnownCalendar]:
    found = {}
    for name, file in files.items():
        calendar = working_calendar(file)
        if isinstance(calendar, WorkingCalendar):
            official = Official.of(calendar.country, years) if calendar.country is not None else calendar.official
            found[name] = KnownCalendar(file.title.label, replace(calendar, official=official), is_own)
    return found
