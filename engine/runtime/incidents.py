"""Incidents for the people who must look at them: listed in words, set going again, or settled with a note.

That one has come right by itself is noticed by the watch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.core.effect import IncidentKind
from engine.errors import Conflict, Misuse, Unknown
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.caller import Caller
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.naming import person_named
from engine.runtime.retrying import Retried, Retrying, require_same
from engine.runtime.service import unknown_number
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import person_title
from engine.store import incidents
from engine.store.database import Database
from engine.store.incidents import Incident, IncidentState, Place
from engine.store.oversight import Oversight
from engine.store.reader import Reader
from roles.roster import Roster

KINDS: Mapping[IncidentKind, Label] = {
    "nobody_to_assign": Label("无人可派单", "nobody to assign"),
    "nobody_to_tell": Label("无人可通知", "nobody to tell"),
    "step_refused": Label("系统步骤未执行", "refused step"),
    "approval_unreachable": Label("会签无法完成", "approval out of reach"),
    "holder_absent": Label("承办人不在岗", "holder away"),
    "dead_letter": Label("发送失败", "dead letter"),
    "provisional": Label("日期暂定", "provisional date"),
    "nobody_can_finish": Label("缺人办理", "nobody can finish"),
    "event_unmatched": Label("事件被隔离", "event in quarantine"),
}


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident in words. `settled_by`: whoever retried or resolved it; `seen_by`: whoever first said that he has seen it."""

    incident: Incident
    kind: Label
    settled_by: Label | None
    seen_by: Label | None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Incidents, the one that happened last first, and whether there are more."""

    lines: tuple[IncidentView, ...]
    more: bool


class Incidents:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, retrying: Retrying, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._retrying = retrying
        self._time = time

    def page(
        self,
        limit: int,
        *,
        kind: IncidentKind | None = None,
        number: str | None = None,
        with_settled: bool = False,
        access: Access = OPERATOR,
        after: str | None = None,
    ) -> IncidentPage:
        """Those that are open, or all; of one kind, of one case; from after the one with this id.

        Raises Unknown for a number or id that does not exist or is of a case that he does not look after, Forbidden for whoever looks
        after none.
        """
        state: IncidentState | None = None if with_settled else "open"
        oversight = access.oversight(self._catalog.owners)
        with self._database.read() as reader:
            if number is not None:
                record = reader.case(number)
                if record is None or not oversight.covers(record.case.workflow, record.case.unit):
                    raise unknown_number(number)
            place = self._place(reader, after, oversight) if after is not None else None
            found = incidents.incidents(reader, state=state, kind=kind, number=number, oversight=oversight, limit=limit + 1, after=place)
        roster = self._directory.roster()
        return IncidentPage(tuple(_view(each, roster) for each in found[:limit]), len(found) > limit)

    def show(self, id: str, access: Access = OPERATOR) -> IncidentView:
        """One of them. Raises as `page` does."""
        with self._database.read() as reader:
            found = self._place(reader, id.strip(), access.oversight(self._catalog.owners))
        return _view(found, self._directory.roster())

    def _place(self, reader: Reader, id: str, oversight: Oversight) -> Incident:
        found = incidents.by_id(reader, id, oversight)
        if found is None:
            raise _unknown(id)
        return found

    def open(self) -> int:
        """How many are open."""
        with self._database.read() as reader:
            return sum(incidents.counts(reader).values())

    def see(self, id: str, person: str, access: Access = OPERATOR) -> Incident:
        """A person says that he has seen it; whoever was first stays. Raises as `retry` does."""
        incident = self._unsettled(id, access)
        person = person_named(self._directory.roster(), person)
        with self._database.write() as connection:
            incidents.see(connection, incident.id, self._time.now(), person)
        return self._known(incident.id)

    def places(self) -> Mapping[Place | None, int]:
        """Workflow and unit of a case → how many are open there; None: those about no case."""
        with self._database.read() as reader:
            return incidents.places(reader)

    def retry(self, id: str, caller: Caller, access: Access = OPERATOR, *, was: str | None = None) -> Retried:
        """Try again what was refused or given up, in the name of the caller's person; of those who try at the same instant, one does.

        `was`: its mark as he has seen it; None: as it is now. Raises Unknown, also for one that he does not look after; Conflict for a
        settled one, and for one that has changed since; Forbidden for whoever looks after none.
        """
        incident = self._unsettled(id, access)
        require_same(incident, incident.mark if was is None else was)
        assert caller.person is not None  # whoever tries again says who he is
        return self._retrying.again(incident, replace(caller, person=person_named(self._directory.roster(), caller.person)))

    def resolve(self, id: str, person: str, note: str, access: Access = OPERATOR) -> Incident:
        """A person says that it is dealt with, and how. Raises as `retry` does, and Misuse without a note."""
        incident = self._unsettled(id, access)
        person = person_named(self._directory.roster(), person)
        if not note.strip():
            raise Misuse(
                Label("应写明处理结果，实际为空。", "Expected a note that says what was done, found none."),
                Label("请用 --note 写明。", "Write one with --note."),
            )
        with self._database.write() as connection:
            incidents.settle(connection, incident.id, "resolved", self._time.now(), person, note.strip())
        return self._known(id)

    def _known(self, id: str) -> Incident:
        with self._database.read() as reader:
            found = incidents.by_id(reader, id.strip())
        if found is None:
            raise _unknown(id)
        return found

    def _unsettled(self, id: str, access: Access) -> Incident:
        with self._database.read() as reader:
            found = self._place(reader, id.strip(), access.oversight(self._catalog.owners))
        if found.state == "resolved":
            raise Conflict(
                Label("异常“{id}”已经解决。", "The incident “{id}” is resolved already.").fill(id=id),
                Label("同样的事再发生时会重新打开。", "It opens again when the same happens again."),
            )
        return found


def _view(incident: Incident, roster: Roster) -> IncidentView:
    settled, seen = (person_title(each, roster) if each is not None else None for each in (incident.settled_by, incident.seen_by))
    return IncidentView(incident, KINDS[incident.kind], settled, seen)


def _unknown(id: str) -> Unknown:
    return Unknown(
        Label("没有异常“{id}”。", "There is no incident “{id}”.").fill(id=id),
        Label("编号见“aftercare incidents”。", "Ids are shown by “aftercare incidents”."),
    )
