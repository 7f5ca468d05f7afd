"""What is overdue, and what became of every rung: the lists by which a department is led. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.elapse import ON_TIME
from engine.errors import Unknown
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.runtime.colleagues import holder_named
from engine.runtime.days import midnight
from engine.runtime.directory import Directory
from engine.runtime.naming import require, unit_named
from engine.runtime.rung import clock_title, result_title, rung_title
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import person_title
from engine.store import firings, timers
from engine.store.database import Database
from engine.store.firings import Firing
from engine.store.reader import Reader
from engine.store.timers import Overdue
from engine.timing.deadline import own_time
from roles.roster import Roster

USUALLY = timedelta(days=7)
"""How far back the ledger is read when nobody says since when."""


@dataclass(frozen=True, slots=True)
class OverdueView:
    """A clock past its deadline in words: by how much on the wall, and by how much working time of its calendar."""

    overdue: Overdue
    workflow: Label
    state: Label
    holder: Label | None
    clock: Label
    zone: ZoneInfo
    by: timedelta
    by_working: timedelta

    @property
    def place(self) -> str:
        """Where the next page begins."""
        return f"{self.overdue.number}/{self.overdue.timer.clock}"


@dataclass(frozen=True, slots=True)
class OverduePage:
    """A part of the list, and whether there is more after it."""

    lines: tuple[OverdueView, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FiringView:
    """A line of the ledger in words. `zone`: of the clock's calendar."""

    firing: Firing
    clock: Label
    rung: Label
    result: Label
    zone: ZoneInfo

    @property
    def is_late(self) -> bool:
        """Whether it was noticed so late that it counts as missed."""
        return self.firing.lateness > ON_TIME


@dataclass(frozen=True, slots=True)
class Ledger:
    """Lines of the ledger, oldest first, and whether there are more."""

    since: datetime
    lines: tuple[FiringView, ...]
    more: bool


class Due:
    """Makes these lists from one database. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._time = time

    def overdue(
        self,
        limit: int,
        *,
        workflow: str | None = None,
        person: str | None = None,
        unit: str | None = None,
        access: Access = OPERATOR,
        after: str | None = None,
    ) -> OverduePage:
        """What is overdue and may be seen, longest first. Names may be ids or titles; `after` is a `place`. Raises Unknown."""
        now, roster = self._time.now(), self._directory.roster()
        if workflow is not None:
            workflow = require(workflow, {each.workflow: each.title for each in self._catalog.all_newest()}, Label("流程", "workflow"))
        if unit is not None:
            unit = unit_named(roster, unit, access.units)
        with self._database.read() as reader:
            if person is not None:
                person = holder_named(reader, roster, access, person)
            place = _place(reader, after, access) if after else None
            found = timers.overdue(
                reader,
                now,
                workflow=workflow,
                person=person,
                unit=unit,
                units=access.units,
                besides=access.persons,
                limit=limit + 1,
                after=place,
            )
        return OverduePage(tuple(self._overdue(each, roster, now) for each in found[:limit]), len(found) > limit)

    def ledger(self, since: date | None, zone: ZoneInfo, limit: int, *, missed_only: bool) -> Ledger:
        """What became of the rungs noticed since the beginning of a day, or in the last seven days.

        `zone`: in which the day is meant; `missed_only`: those told late or not told at all.
        """
        begins = midnight(since, zone) if since is not None else self._time.now() - USUALLY
        with self._database.read() as reader:
            found = firings.ledger(reader, since=begins, missed_by=ON_TIME if missed_only else None, limit=limit + 1)
        return Ledger(begins, tuple(self._firing(each) for each in found[:limit]), len(found) > limit)

    def _overdue(self, overdue: Overdue, roster: Roster, now: datetime) -> OverdueView:
        definition, timer = self._catalog.by_digest(overdue.digest), overdue.timer
        calendar = self._catalog.calendars(definition, timer.edition)[definition.clocks[timer.clock].calendar]
        return OverdueView(
            overdue=overdue,
            workflow=definition.title,
            state=definition.states[overdue.state].title,
            holder=person_title(overdue.assignee, roster) if overdue.assignee is not None else None,
            clock=clock_title(definition, timer.clock),
            zone=calendar.zone,
            by=now - overdue.due_at,
            by_working=own_time(overdue.due_at, now, True, calendar),
        )

    def _firing(self, firing: Firing) -> FiringView:
        definition = self._catalog.by_digest(firing.digest)
        return FiringView(
            firing=firing,
            clock=clock_title(definition, firing.clock),
            rung=rung_title(firing.rung, firing.repetition),
            result=result_title(definition, firing.clock, firing.result, firing.into, firing.why),
            zone=definition.calendars[definition.clocks[firing.clock].calendar].zone,
        )


def _place(reader: Reader, place: str, access: Access) -> Overdue:
    number, _, clock = place.partition("/")
    found = timers.overdue_of(reader, number, clock)
    if found is None or not access.lists(found.unit, found.assignee):
        sentence = Label("清单不能从“{place}”之后开始：那里没有到期时间。", "The list cannot begin after “{place}”: nothing is due there.")
        way_out = Label("请从头列出，或照上一页末尾所示填写。", "List it from its beginning, or give what the last page ended with.")
        raise Unknown(sentence.fill(place=place), way_out)
    return found
