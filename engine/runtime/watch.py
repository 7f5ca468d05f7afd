"""The watch: looks for what no decision notices – people who are away, or too few; dates that are not certain – and for what is over.

Looks at everything when the people have changed, and once an hour; in between only at what was tried again and at events that wait.
Opens incidents and resolves them; moves no case and tells nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.core.conclusion import SYSTEM
from engine.core.effect import IncidentKind, OpenIncident
from engine.core.recipient import Search
from engine.core.standstill import may_stand_still, standstills
from engine.errors import Damaged
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.cause import Scene, is_back, is_gone
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.rung import clock_title
from engine.runtime.stranded import KIND as EVENTS
from engine.runtime.stranded import Stranded, stranded
from engine.runtime.timesource import TimeSource
from engine.runtime.trouble import Trouble
from engine.runtime.workforce import KIND, Workforce
from engine.store import attempts, cases, definitions, inbound, incidents, timers
from engine.store.database import Database
from engine.store.incidents import Incident, IncidentState, incident_id
from roles.roster import Roster

EVERY = timedelta(hours=1)
"""How often it looks at everything, while the people stay the same."""
BATCH = 200
"""Cases, timers or incidents read at a time."""


@dataclass(slots=True)
class Watched:
    """What one look has found."""

    opened: int = 0
    resolved: int = 0
    open: int = 0
    """How many incidents are open now, of any kind."""
    troubles: list[Trouble] = field(default_factory=list)


class Watch:
    """Serves one database; safe to run beside others."""

    def __init__(
        self, database: Database, catalog: Catalog, directory: Directory, hierarchy: Hierarchy, workforce: Workforce, time: TimeSource
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._hierarchy = hierarchy
        self._workforce = workforce
        self._time = time
        self._seen: tuple[str, datetime] | None = None
        """The version of the people at the last look at everything, and when that was."""
        self._stranded: Mapping[str, Stranded] = {}
        """The events that wait for long, by the subjects of their incidents."""
        self._stopped: frozenset[str] | None = None
        """What people could not finish at that look, by the subjects of its incidents; None when that cannot be told."""

    def run_once(self) -> Watched:
        """Look, at everything or at little, and say how many incidents are open."""
        watched, now, roster = Watched(), self._time.now(), self._directory.roster()
        if self._seen is None or self._seen[0] != roster.version or abs(now - self._seen[1]) >= EVERY:
            self._look_at_cases(roster, now, watched)
            self._look_at_dates(now, watched)
            self._look_at_people(now, watched)
            self._look_at_incidents("open", roster, now, watched)
            self._forget(now)
            self._seen = roster.version, now
        self._look_at_events(roster, now, watched)
        self._look_at_incidents("retried", roster, now, watched)
        with self._database.read() as reader:
            watched.open = sum(incidents.counts(reader).values())
        return watched

    def _look_at_cases(self, roster: Roster, now: datetime, watched: Watched) -> None:
        """Those that may stand still for somebody: of each definition the few states in which a case can."""
        with self._database.read() as reader:
            published = definitions.all_versions(reader.connection)
        for each in published:
            try:
                definition = self._catalog.by_digest(each.digest)
            except Damaged as error:
                watched.troubles.append(Trouble(f"{each.workflow} v{each.version}", error.sentence))
                continue
            states = [state.id for state in definition.states.values() if may_stand_still(state)]
            for number in self._numbers(each.digest, states):
                self._look_at_case(number, roster, now, watched)

    def _numbers(self, digest: str, states: Sequence[str]) -> Iterator[str]:
        after: str | None = None
        while states:
            with self._database.read() as reader:
                page = cases.standing_in(reader, digest, states, limit=BATCH, after=after)
            yield from page
            if len(page) < BATCH:
                return
            after = page[-1]

    def _look_at_case(self, number: str, roster: Roster, now: datetime, watched: Watched) -> None:
        try:
            scene = self._scene(number, roster, now)
        except Damaged as error:
            watched.troubles.append(Trouble(number, error.sentence))
            return
        found = [(scene.case.id, each) for each in standstills(scene.definition, scene.case, scene.search, roster)]
        self._open(found, now, watched, once=False)

    def _look_at_dates(self, now: datetime, watched: Watched) -> None:
        after: timers.Provisional | None = None
        while True:
            with self._database.read() as reader:
                page = timers.provisional(reader, limit=BATCH, after=after)
            self._open([(each.case_id, self._uncertain(each)) for each in page], now, watched, once=True)
            if len(page) < BATCH:
                return
            after = page[-1]

    def _look_at_people(self, now: datetime, watched: Watched) -> None:
        """Whether they can still finish what is published."""
        try:
            found = self._workforce.stopped()
        except Damaged as error:
            watched.troubles.append(Trouble("–", error.sentence))
            self._stopped = None
            return
        self._stopped = frozenset(found)
        self._open([(None, each) for each in found.values()], now, watched, once=False)

    def _look_at_events(self, roster: Roster, now: datetime, watched: Watched) -> None:
        """Those that wait in quarantine, at every beat: they shall wait an hour for somebody, and not another one for this."""
        self._stranded = stranded(self._database, self._catalog, now)
        new = [each.incident for each in self._stranded.values() if not self._is_noted(each)]
        self._open([(None, each) for each in new], now, watched, once=False)
        self._look_at_incidents("open", roster, now, watched, kind=EVENTS)

    def _is_noted(self, found: Stranded) -> bool:
        """Whether a person has resolved it since the newest of these events came."""
        with self._database.read() as reader:
            before = incidents.by_id(reader, incident_id(None, EVENTS, found.incident.subject))
        if before is None or before.settled_at is None or before.settled_by == SYSTEM.id:
            return False
        return before.settled_at > found.newest_at

    def _forget(self, now: datetime) -> None:
        """What events said, and what attempts came to, is kept only while it may be needed."""
        with self._database.write() as connection:
            inbound.prune(connection, now)
            attempts.prune(connection, now)

    def _uncertain(self, timer: timers.Provisional) -> OpenIncident:
        sentence = Label(
            "“{clock}”的日期是暂定的：所跨年份的节假日尚未载入",
            "the dates of “{clock}” are provisional: holidays of a year that it reaches into are not loaded",
        )
        return OpenIncident(
            "provisional", timer.clock, sentence.fill(clock=clock_title(self._catalog.by_digest(timer.digest), timer.clock))
        )

    def _open(self, found: Sequence[tuple[str | None, OpenIncident]], now: datetime, watched: Watched, *, once: bool) -> None:
        """Those that are not open yet. `once`: also none that a person has resolved, since nobody can do anything about it."""
        with self._database.read() as reader:
            known = [incidents.by_id(reader, incident_id(case_id, each.kind, each.subject)) for case_id, each in found]
        new = [each for each, before in zip(found, known, strict=True) if before is None or _may_open_again(before, once=once)]
        if not new:
            return
        with self._database.write() as connection:
            for case_id, each in new:
                incidents.open_incident(connection, case_id, each.kind, each.subject, each.sentence, now)
        watched.opened += len(new)

    def _look_at_incidents(
        self, state: IncidentState, roster: Roster, now: datetime, watched: Watched, kind: IncidentKind | None = None
    ) -> None:
        """Resolve those whose cause is gone."""
        after: Incident | None = None
        while True:
            with self._database.read() as reader:
                page = incidents.incidents(reader, state=state, kind=kind, limit=BATCH, after=after)
            over = [each.id for each in page if self._is_over(each, roster, now, watched)]
            if over:
                with self._database.write() as connection:
                    for id in over:
                        incidents.settle(connection, id, "resolved", now, SYSTEM.id, None)
            watched.resolved += len(over)
            if len(page) < BATCH:
                return
            after = page[-1]

    def _is_over(self, incident: Incident, roster: Roster, now: datetime, watched: Watched) -> bool:
        if incident.kind == KIND:
            return self._stopped is not None and incident.subject not in self._stopped
        if incident.kind == EVENTS:
            return incident.subject not in self._stranded
        number = incident.number
        try:
            scene = self._scene(number, roster, now) if number is not None else None
        except Damaged as error:
            watched.troubles.append(Trouble(number or "–", error.sentence))
            return False
        with self._database.read() as reader:
            return is_gone(reader, incident, scene) if scene is not None else is_back(reader, incident)

    def _scene(self, number: str, roster: Roster, now: datetime) -> Scene:
        with self._database.read() as reader:
            record = reader.case(number)
        assert record is not None  # cases are never deleted
        definition = self._catalog.by_digest(record.case.digest)
        search = Search(definition, record.case, roster, self._hierarchy.superiors, now)
        return Scene(definition, record.case, search, roster)


def _may_open_again(before: Incident, *, once: bool) -> bool:
    return before.state == "resolved" and not (once and before.settled_by != SYSTEM.id)
