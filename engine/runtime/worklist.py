"""The work of one person: the open cases that he holds, or for whose holder he stands in, and those that wait for somebody like him.

Of what nobody holds only that is his work which he may carry on now; what he is kept from, by what he did before or by a condition, is not
shown to him. What another holds waits for him only where he is to sign it, or where it names him. Reads, never writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from engine.core.compiled import CompiledDefinition
from engine.label import Label
from engine.runtime.access import Access, access_of
from engine.runtime.briefing import Briefing
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.doing import Doable, Doing, Look
from engine.runtime.reach import Call, calls_of, reach_of
from engine.runtime.reading import LineView, Views
from engine.runtime.tally import WHOSE, Choice, Chosen, Seat, Tally, Whose, fits, tally
from engine.runtime.timesource import TimeSource
from engine.store import cases, worklist
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.worklist import FEW, Candidate, Narrowing, Place, Reach
from roles.roster import Roster
from roles.scope import Identity

LOOKED = 100
"""How many cases that do not wait for somebody are looked at for one part of his list."""
_MORE = 8
"""At least so many are looked at together."""

Mark = Literal["mine", "for", "pool", "sign", "named"]
"""He holds it · somebody for whom he stands in holds it · nobody does · another does, and he is to sign · or it names him."""
Urgency = Literal["late", "soon", "waiting", "calm"]


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A case that waits for somebody. `steps`: those that he may do now; none where what he holds waits for something else."""

    view: LineView
    mark: Mark
    for_whom: str | None
    """The name of the person in whose place he would act."""
    unit: Label | None
    """Where it belongs, for whoever sees several units."""
    steps: tuple[Doable, ...]
    urgency: Urgency
    waits_on: str | None
    """customer, parts or third-party, where its state waits for them."""


@dataclass(frozen=True, slots=True)
class Work:
    """A part of somebody's work. `following`: after which place there is more."""

    lines: tuple[WorkLine, ...]
    following: Place | None
    tally: Tally


class Worklist:
    """Makes these lists from one database, with days of one zone. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        directory: Directory,
        briefing: Briefing,
        views: Views,
        zone: ZoneInfo,
        time: TimeSource,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._briefing = briefing
        self._views = views
        self._zone = zone
        self._time = time
        self._called: dict[str, tuple[Call, ...]] = {}

    def of(
        self, identity: Identity, chosen: Chosen, limit: int, after: Place | None = None, *, few: int = FEW, looked: int = LOOKED
    ) -> Work:
        """At most `limit` of the chosen cases that wait for him now, by the time that is left, from after a place. Raises Unknown.

        `few`: how many cases are read whole, and counted; of more, a part is read in their order. `looked`: how many that do not wait for
        him are looked at before the part ends short.
        """
        now, roster = self._time.now(), self._directory.roster()
        access = access_of(roster, identity, now)
        seat = Seat(identity.id, access.persons)
        reach = self._reach(access, roster)
        with self._database.read() as reader:
            found = _Found(access, seat, Look(reader, self._catalog, self._briefing, identity, now), looked)
            if sum(_counts(reader, reach, Narrowing(), seat, few).values()) <= few:
                everything = worklist.whole(reader, reach, Narrowing())
                found.take((each for each in everything if fits(each, chosen, seat, now) and _is_after(each, after)), limit)
                left = [each for each in everything if each.number not in found.others]
                known = {each.number for each, _ in found.taken}
                counted = tally(left, known, chosen, seat, self._catalog.by_digest, roster.unit_titles, now, self._zone)
            else:
                counts = _counts(reader, reach, chosen.narrowing(now), seat, few)
                here = sum(count for whose, count in counts.items() if chosen.whose in (None, whose))
                part = seat.narrowed(reach, chosen.whose)
                found.take(_in_order(reader, part, chosen.narrowing(now), after, is_few=here <= few), limit)
                counted = self._estimated(reach, chosen, counts, access, roster, few)
            lines = self._lines(reader, found.taken[:limit], access, seat, roster, now)
        following = found.stopped or (found.taken[limit - 1][0].place if len(found.taken) > limit else None)
        return Work(lines, following, counted)

    def _reach(self, access: Access, roster: Roster) -> Reach:
        if access.actor is None:
            return Reach(frozenset(), ())
        definitions = self._catalog.every_version()
        calls = (call for definition in definitions for call in self._calls(definition))
        return reach_of(dict.fromkeys(calls), access.actor, roster.lineages)

    def _calls(self, definition: CompiledDefinition) -> tuple[Call, ...]:
        if definition.digest not in self._called:
            self._called[definition.digest] = calls_of(definition)
        return self._called[definition.digest]

    def _lines(
        self, reader: Reader, taken: list[tuple[Candidate, Doing]], access: Access, seat: Seat, roster: Roster, now: datetime
    ) -> tuple[WorkLine, ...]:
        known = cases.of_ids(reader, [candidate.id for candidate, _ in taken])
        views = self._views.told(reader, [known[candidate.id] for candidate, _ in taken])
        several = access.units is None or len(access.units) > 1
        return tuple(
            _line(view, _mark(candidate, doing, seat), doing, roster, now, has_unit=several)
            for view, (candidate, doing) in zip(views, taken, strict=True)
        )

    def _estimated(self, reach: Reach, chosen: Chosen, counts: Mapping[Whose, int], access: Access, roster: Roster, few: int) -> Tally:
        """What can be said where there are many: by what they may be narrowed, and how many he holds."""
        here = sum(count for whose, count in counts.items() if chosen.whose in (None, whose))
        newest = {each.workflow: each for each in self._catalog.every_version()}
        reached = {name: frozenset().union(*(pool.states for pool in reach.pools if pool.workflow == name)) for name in newest}
        of_it = newest[chosen.workflow].states if chosen.workflow in newest else {}
        units = (unit for unit in roster.unit_titles if access.units is None or unit in access.units)
        return Tally(
            cases=here if here <= few else None,
            is_exact=False,
            whose={whose: count if count <= few else None for whose, count in counts.items()},
            workflows=tuple(Choice(name, each.title, None) for name, each in newest.items() if reached[name]),
            states=tuple(Choice(name, state.title, None) for name, state in of_it.items() if state.outcome is None),
            units=tuple(Choice(unit, roster.unit_titles[unit], None) for unit in units),
            today=None,
        )


class _Found:
    """The cases that do wait for him, among those that may; looked at some at a time."""

    def __init__(self, access: Access, seat: Seat, look: Look, looked: int) -> None:
        self._access = access
        self._seat = seat
        self._look = look
        self._looked = looked
        self.taken: list[tuple[Candidate, Doing]] = []
        self.others: set[str] = set()
        """The numbers of those that do not."""
        self.stopped: Place | None = None
        """Where it was given up to look for more."""

    def take(self, candidates: Iterator[Candidate], limit: int) -> None:
        """Look for one more than `limit`."""
        while len(self.taken) <= limit:
            some = [*islice(candidates, max(limit + 1 - len(self.taken), _MORE))]
            found = self._look.at([each.number for each in some])
            for each in some:
                if self._waits(each, found[each.number]):
                    self.taken.append((each, found[each.number]))
                else:
                    self.others.add(each.number)
            if not some:
                return
            if len(self.others) >= self._looked and len(self.taken) <= limit:
                self.stopped = some[-1].place
                return

    def _waits(self, candidate: Candidate, doing: Doing) -> bool:
        mark = _mark(candidate, doing, self._seat)
        if mark in ("mine", "for"):
            return True
        wanted = bool(doing.steps) if mark == "pool" else any(map(_is_anyhow, doing.steps))
        return wanted and self._access.finds(doing.definition, doing.case)


def _counts(reader: Reader, reach: Reach, narrowing: Narrowing, seat: Seat, few: int) -> Mapping[Whose, int]:
    """How many may be his in each way; each counted no further than one more than `few`."""
    return {whose: worklist.count(reader, seat.narrowed(reach, whose), narrowing, limit=few + 1) for whose in WHOSE}


def _in_order(reader: Reader, reach: Reach, narrowing: Narrowing, after: Place | None, *, is_few: bool) -> Iterator[Candidate]:
    """The cases in their order, from after a place: read as far as somebody asks, unless they are few."""
    if is_few:
        return (each for each in worklist.whole(reader, reach, narrowing) if _is_after(each, after))
    return (each for page in worklist.walk(reader, reach, narrowing, after=after) for each in page)


def _is_after(candidate: Candidate, place: Place | None) -> bool:
    return place is None or candidate.place.rank > place.rank


def _is_anyhow(step: Doable) -> bool:
    """Whether it waits for him whoever holds the case."""
    return step.signs or step.names


def _mark(candidate: Candidate, doing: Doing, seat: Seat) -> Mark:
    whose = seat.whose(candidate)
    if whose != "pool" or candidate.assignee is None:
        return whose
    return "sign" if any(step.signs for step in doing.steps) else "named"


def _line(view: LineView, mark: Mark, doing: Doing, roster: Roster, now: datetime, *, has_unit: bool) -> WorkLine:
    steps = tuple(step for step in doing.steps if mark not in ("sign", "named") or _is_anyhow(step))
    behalf = view.line.assignee if mark == "for" else steps[0].for_whom if steps and mark != "mine" else None
    waits_on = doing.definition.states[doing.case.state].waits_on
    return WorkLine(
        view=view,
        mark=mark,
        for_whom=roster.names.get(behalf, behalf) if behalf is not None else None,
        unit=roster.unit_titles.get(view.line.unit or "") if has_unit else None,
        steps=steps,
        urgency=_urgency(view, waits_on, now),
        waits_on=waits_on,
    )


def _urgency(view: LineView, waits_on: str | None, now: datetime) -> Urgency:
    if view.due_at is not None and view.due_at <= now:
        return "late"
    if view.is_soon(now):
        return "soon"
    return "waiting" if waits_on is not None else "calm"
