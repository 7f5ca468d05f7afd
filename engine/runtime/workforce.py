"""The workforce: whether the people registered can finish the cases of what is published, and how much absence that stands.

Asks the family of checks about people (`authoring.checks.people`) of the newest version of every process. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.checks.people.crew import Crew, units_of_all
from engine.authoring.checks.people.demands import Demands
from engine.authoring.checks.people.endurance import Endurance, endurance
from engine.authoring.checks.people.proving import UnitProof, prove
from engine.authoring.checks.people.routes import RouteSearch
from engine.authoring.checks.people.wording import Speaker
from engine.core.compiled import CompiledDefinition
from engine.core.effect import IncidentKind, OpenIncident
from engine.core.problem import Path
from engine.errors import AftercareError
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.timesource import TimeSource, time_of
from engine.settings import Settings
from engine.store.database import Database
from roles.roster import Roster

KIND: IncidentKind = "nobody_can_finish"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stops the cases of a process in a unit, with the people as they are."""

    definition: CompiledDefinition
    unit: str | None
    code: str
    path: Path
    sentence: Label

    @property
    def key(self) -> tuple[object, ...]:
        """By what it is known again once the people have changed."""
        return self.subject, self.code, self.path

    @property
    def subject(self) -> str:
        """The process and the unit, as the subject of an incident."""
        return self.definition.workflow if self.unit is None else f"{self.definition.workflow} @ {self.unit}"

    @property
    def told(self) -> Label:
        """The sentence, with the process that it is about."""
        return Label("“{process}”：{what}", "“{process}”: {what}").fill(process=self.definition.title, what=self.sentence)


@dataclass(frozen=True, slots=True)
class Line:
    """One process in one unit."""

    definition: CompiledDefinition
    unit: str | None
    proof: UnitProof
    endurance: Endurance
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Processes by unit, in whose absence, and the processes of which nobody holds a role."""

    at: datetime
    roster: Roster
    away: tuple[str, ...]
    lines: tuple[Line, ...]
    unstaffed: tuple[CompiledDefinition, ...]


class Workforce:
    """Serves one database; safe to share between threads."""

    def __init__(self, catalog: Catalog, directory: Directory, time: TimeSource) -> None:
        self._catalog = catalog
        self._directory = directory
        self._time = time
        self._searches: dict[str, RouteSearch] = {}

    def gaps(self, absent_at: datetime | None = None) -> tuple[Gap, ...]:
        """Everything that stops a process in a unit with the people registered; or while those are away who are at an instant."""
        roster, at = self._directory.roster(), absent_at or self._time.now()
        away = missing(roster, at) if absent_at is not None else frozenset()
        definitions = self._catalog.all_newest()
        units = units_of_all(definitions, roster, at)
        crews = ((each, [Crew(roster, at, unit, away) for unit in units[each.workflow]]) for each in definitions)
        return tuple(gap for each, of_each in crews for gap in self._gaps(each, roster, of_each))

    @contextmanager
    def losses(self, absent_at: datetime | None = None) -> Iterator[list[Gap]]:
        """Afterwards it holds what people could finish before what is done in it and cannot any more; nothing is ever refused for it.

        With `absent_at` those are missing, before as afterwards, who are away at that instant.
        """
        before = self._gaps_if_sound(absent_at)
        lost: list[Gap] = []
        yield lost
        if before is not None:
            known = {gap.key for gap in before}
            lost += [gap for gap in self._gaps_if_sound(absent_at) or () if gap.key not in known]

    def lost_without(self, person: str, at: datetime) -> tuple[Gap, ...]:
        """What people could finish at an instant with this person and cannot without him, as long as nobody stands in."""
        try:
            return tuple(self._lost_without(person, at))
        except AftercareError:
            return ()

    def _lost_without(self, person: str, at: datetime) -> Iterator[Gap]:
        roster = self._directory.roster()
        away, definitions = missing(roster, at), self._catalog.all_newest()
        units = units_of_all(definitions, roster, at)
        for each in definitions:
            search = self._search(each)
            parts = max((len(route.parts) for route in search.routes().found), default=0)
            crews = [Crew(roster, at, unit, away) for unit in units[each.workflow]]
            touched = [crew for crew in crews if crew.may_count_on(person, search.demands, parts)]
            known = {gap.key for gap in self._gaps(each, roster, touched)}
            yield from (gap for gap in self._gaps(each, roster, [crew.without([person]) for crew in touched]) if gap.key not in known)

    def _gaps_if_sound(self, absent_at: datetime | None) -> tuple[Gap, ...] | None:
        try:
            return self.gaps(absent_at)
        except AftercareError:
            return None  # what is wrong with a definition is no matter of people, and told by the doctor

    def stopped(self) -> Mapping[str, OpenIncident]:
        """An incident for each process and unit that something stops, by its subject. Who is away comes back, and stops nothing here."""
        found: dict[str, list[Gap]] = {}
        for gap in self.gaps():
            found.setdefault(gap.subject, []).append(gap)
        return {subject: OpenIncident(KIND, subject, _summed_up(gaps)) for subject, gaps in found.items()}

    def report(self, workflow: str | None, unit: str | None, away: Iterable[str]) -> Report:
        """Every process, or one, in every unit, or one, if besides those who are away now these are. Raises Unknown for a process."""
        roster, at = self._directory.roster(), self._time.now()
        gone = missing(roster, at).union(away)
        every = self._catalog.all_newest()
        definitions = every if workflow is None else (self._catalog.newest(workflow),)
        units = units_of_all(every, roster, at)
        lines = tuple(
            self._line(each, Crew(roster, at, where, gone))
            for each in definitions
            for where in units[each.workflow]
            if unit in (None, where)
        )
        unstaffed = tuple(each for each in definitions if not units[each.workflow])
        return Report(at, roster, tuple(sorted(gone)), lines, unstaffed)

    def _line(self, definition: CompiledDefinition, crew: Crew) -> Line:
        search = self._search(definition)
        proof = prove(search, crew)
        return Line(definition, crew.unit, proof, endurance(search, crew), tuple(_told(definition, crew.roster, [proof])))

    def _gaps(self, definition: CompiledDefinition, roster: Roster, crews: Sequence[Crew]) -> Iterator[Gap]:
        search = self._search(definition)
        yield from _told(definition, roster, [prove(search, crew) for crew in crews])

    def _search(self, definition: CompiledDefinition) -> RouteSearch:
        return self._searches.setdefault(definition.digest, RouteSearch(Demands(definition)))


def _summed_up(gaps: Sequence[Gap]) -> Label:
    first = gaps[0].told
    if len(gaps) == 1:
        return first
    return Label("{first}（另有 {n} 处）", "{first} (and {n} more)").fill(first=first, n=len(gaps) - 1)


def missing(roster: Roster, at: datetime) -> frozenset[str]:
    """Who is not there at this instant, nor has let somebody who is stand in for everything."""
    return frozenset(person for person in roster.away(at) if not roster.deputies(person, None, at))


def _told(definition: CompiledDefinition, roster: Roster, proofs: Sequence[UnitProof]) -> Iterator[Gap]:
    speaker = Speaker(definition, roster)
    for proof in proofs:
        for problem in speaker.stops([proof]):
            yield Gap(definition, proof.unit, problem.code, problem.path, problem.sentence)


def registered(settings: Settings) -> tuple[Roster, datetime] | None:
    """The people of the database that the settings name, and the present instant; None where there is none, or nobody in it."""
    try:
        database = Database.open(settings.database)
    except AftercareError:
        return None
    try:
        roster = Directory(database).roster()
        return (roster, time_of(database, database.simulated_now()).now()) if roster.people else None
    finally:
        database.close()
