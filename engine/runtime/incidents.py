"""Incidents for the people who must look at them: listed in words, set going again, or settled with a note.

What may be tried again is tried here; that it has come right by itself is noticed by the watch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.core.command import Assign, Comment
from engine.core.decision import Refused
from engine.core.effect import IncidentKind
from engine.core.recipient import Search
from engine.errors import Conflict, Misuse, Unknown
from engine.label import Label, listed
from engine.runtime.access import OPERATOR, Access
from engine.runtime.caller import Caller
from engine.runtime.catalog import Catalog
from engine.runtime.cause import Scene, endpoint_of, is_back, is_gone, is_of_parent, undelivered, untold
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.inbound import Inbound
from engine.runtime.naming import person_named
from engine.runtime.service import CaseService, unknown_number
from engine.runtime.stranded import KIND as EVENTS
from engine.runtime.stranded import source_and_name, stranded
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import person_title
from engine.runtime.workforce import KIND, Workforce
from engine.store import deliveries, endpoints, errands, incidents, outbox
from engine.store.database import Database
from engine.store.incidents import Incident, IncidentState, Place
from engine.store.oversight import Oversight
from engine.store.reader import Reader
from roles.policy import tiers
from roles.roster import Roster

KINDS: Mapping[IncidentKind, Label] = {
    "nobody_to_assign": Label("无人可派单", "nobody to assign"),
    "nobody_to_tell": Label("无人可通知", "nobody to tell"),
    "step_refused": Label("系统步骤被拒", "refused step"),
    "approval_unreachable": Label("会签无法完成", "approval out of reach"),
    "holder_absent": Label("承办人不在岗", "holder away"),
    "dead_letter": Label("死信", "dead letter"),
    "provisional": Label("日期暂定", "provisional date"),
    "nobody_can_finish": Label("无人能办完", "nobody can finish"),
    "event_unmatched": Label("事件在隔离中", "event in quarantine"),
}
_DISABLED = Label(
    "推送地址“{name}”已停用，请先用“aftercare endpoints enable {name}”恢复",
    "the endpoint “{name}” is disabled: enable it first with “aftercare endpoints enable {name}”",
)
_NEVER = datetime.min.replace(tzinfo=UTC)


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


@dataclass(frozen=True, slots=True)
class Retried:
    """What came of trying again. `is_going`: it was set going, or has come right; else the sentence says what can be done."""

    incident: Incident
    sentence: Label
    is_going: bool


class Incidents:
    """Serves one database; safe to share between threads."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        directory: Directory,
        hierarchy: Hierarchy,
        cases: CaseService,
        inbound: Inbound,
        workforce: Workforce,
        time: TimeSource,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._hierarchy = hierarchy
        self._cases = cases
        self._inbound = inbound
        self._workforce = workforce
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

    def retry(self, id: str, caller: Caller, access: Access = OPERATOR) -> Retried:
        """Try again what was refused or given up, in the name of the caller's person.

        Raises Unknown, also for one that he does not look after; Conflict for a settled one; Forbidden for whoever looks after none.
        """
        incident = self._unsettled(id, access)
        assert caller.person is not None
        person = person_named(self._directory.roster(), caller.person)
        is_of_endpoint = incident.case_id is None and incident.kind not in (KIND, EVENTS)
        retry = Incidents._listen_again if is_of_endpoint else self._retries[incident.kind]
        tried = retry(self, incident, caller)
        if not tried.is_going:
            return tried
        over = self._is_gone(incident)
        with self._database.write() as connection:
            incidents.settle(connection, id, "resolved" if over else "retried", self._time.now(), person, None)
        return Retried(self._known(id), tried.sentence, is_going=True)

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

    def _send_again(self, incident: Incident, _caller: Caller) -> Retried:
        with self._database.read() as reader:
            lost = undelivered(reader, incident)
            disabled = {each.endpoint.name for each in endpoints.endpoints(reader.connection) if each.disabled_at is not None}
        closed = next((each.recipient for each in lost if each.kind == "endpoint" and each.recipient in disabled), None)
        if closed is not None:
            return Retried(incident, _DISABLED.fill(name=closed), is_going=False)
        with self._database.write() as connection:
            again = sum(deliveries.resend(connection, each.id, self._time.now()) for each in lost)
        sentence = Label("{n} 条将重新发送", "{n} to be sent again").fill(n=again)
        return Retried(incident, sentence, is_going=again > 0)

    def _tell_again(self, incident: Incident, _caller: Caller) -> Retried:
        with self._database.read() as reader:
            message = untold(reader, incident)
        if message is None:
            return Retried(incident, Label("已没有等待通知的消息", "no message waits to be told any more"), is_going=True)
        with self._database.write() as connection:
            outbox.resend(connection, message.key, self._time.now())
        return Retried(incident, Label("最近一条消息将重新通知", "the newest message will be told again"), is_going=True)

    def _try_step(self, incident: Incident, caller: Caller) -> Retried:
        """Any decision on the case lets the system try its steps again; a remark changes nothing else."""
        assert incident.number is not None
        scene = self._scene(incident.number)
        if scene.case.parent is not None and is_of_parent(scene.definition, incident.subject):
            return self._cancel_again(incident, scene.case.id, scene.case.parent.id)
        remark = Label("重试异常 {id}", "Incident {id} tried again").fill(id=incident.id)
        answer = self._cases.handle(incident.number, Comment(f"{remark.zh} / {remark.en}"), caller)
        if isinstance(answer, Refused):
            return Retried(incident, listed(reason.sentence for reason in answer.reasons), is_going=False)
        return self._tried(incident)

    def _cancel_again(self, incident: Incident, child: str, parent: str) -> Retried:
        with self._database.write() as connection:
            errand = errands.ask_again(connection, child, parent, incident.subject, self._time.now())
        self._cases.attend(errand)
        return self._tried(incident)

    def _tried(self, incident: Incident) -> Retried:
        if self._is_gone(incident):
            return Retried(incident, Label("步骤已执行，或不再需要", "the step was performed, or is needed no more"), is_going=True)
        again = self._known(incident.id)
        return Retried(again, Label("仍未能执行：{why}", "refused again: {why}").fill(why=again.sentence), is_going=False)

    def _assign_again(self, incident: Incident, caller: Caller) -> Retried:
        assert incident.number is not None
        if self._is_gone(incident):
            return Retried(incident, Label("工单已派出", "the case is assigned by now"), is_going=True)
        person = self._somebody_for(incident.number, incident.subject)
        if person is None:
            sentence = Label(
                "现在仍无人可派；请用“aftercare assign”指定一人", "still nobody is there; give it to somebody with “aftercare assign”"
            )
            return Retried(incident, sentence, is_going=False)
        answer = self._cases.handle(incident.number, Assign(person), caller)
        if isinstance(answer, Refused):
            return Retried(incident, listed(reason.sentence for reason in answer.reasons), is_going=False)
        title = person_title(person, self._directory.roster())
        return Retried(incident, Label("已派给 {who}", "assigned to {who}").fill(who=title), is_going=True)

    def _somebody_for(self, number: str, role: str) -> str | None:
        """Who of a role is there, nearest to the case, with the fewest open cases; None for what is no role."""
        scene, now = self._scene(number), self._time.now()
        near = tiers(scene.roster.pool(role, now), scene.roster.lineages.get(scene.case.unit or "", ()))
        if not near:
            return None
        found = self._database.attempt(lambda unit: unit.candidates(sorted(near[0]), role))
        return min(near[0], key=lambda each: (found[each].open, found[each].last_at or _NEVER, each))

    def _look_again(self, incident: Incident, _caller: Caller) -> Retried:
        if self._is_gone(incident):
            return Retried(incident, Label("已不再如此", "it is so no more"), is_going=True)
        return Retried(incident, _WAYS_OUT[incident.kind], is_going=False)

    def _extend(self, incident: Incident, caller: Caller) -> Retried:
        assert incident.number is not None
        if self._scene(incident.number).case.edition < self._cases.edition():
            self._cases.extend(incident.number)
        return self._look_again(incident, caller)

    def _listen_again(self, incident: Incident, _caller: Caller) -> Retried:
        name = endpoint_of(incident)
        with self._database.write() as connection:
            endpoints.enable(connection, name)
        return Retried(
            incident, Label("推送地址“{name}”已重新启用", "the endpoint “{name}” is enabled again").fill(name=name), is_going=True
        )

    def _replay(self, incident: Incident, caller: Caller) -> Retried:
        assert caller.person is not None
        tried = self._inbound.replay_all(*source_and_name(incident.subject), by=caller.person)
        left = [each.sentence for each in tried if each.status == "quarantined" and each.sentence is not None]
        if left:
            sentence = Label("{n} 个仍在隔离中：{why}", "{n} still in quarantine: {why}").fill(n=len(left), why=left[0])
            return Retried(incident, sentence, is_going=False)
        return Retried(incident, Label("已重放 {n} 个", "{n} replayed").fill(n=len(tried)), is_going=True)

    _retries: Mapping[IncidentKind, Callable[[Incidents, Incident, Caller], Retried]] = {
        "nobody_to_assign": _assign_again,
        "nobody_to_tell": _tell_again,
        "step_refused": _try_step,
        "approval_unreachable": _look_again,
        "holder_absent": _look_again,
        "dead_letter": _send_again,
        "provisional": _extend,
        "nobody_can_finish": _look_again,
        "event_unmatched": _replay,
    }

    def _is_gone(self, incident: Incident) -> bool:
        if incident.kind == KIND:
            return incident.subject not in self._workforce.stopped()
        if incident.kind == EVENTS:
            return incident.subject not in stranded(self._database, self._catalog, self._time.now())
        scene = self._scene(incident.number) if incident.number is not None else None
        with self._database.read() as reader:
            return is_gone(reader, incident, scene) if scene is not None else is_back(reader, incident)

    def _scene(self, number: str) -> Scene:
        with self._database.read() as reader:
            record = reader.case(number)
        assert record is not None  # a foreign key holds it
        definition, roster = self._catalog.by_digest(record.case.digest), self._directory.roster()
        search = Search(definition, record.case, roster, self._hierarchy.superiors, self._time.now())
        return Scene(definition, record.case, search, roster)

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


_WAYS_OUT: Mapping[IncidentKind, Label] = {
    "approval_unreachable": Label(
        "请授予更多人可签署的角色（aftercare people assign），或用该状态的其他步骤退回",
        "give the role to more people (“aftercare people assign”), or send the case back by another step",
    ),
    "holder_absent": Label(
        "请登记代理人（aftercare delegate），或改派工单（aftercare assign）",
        "record who stands in (“aftercare delegate”), or pass the case on (“aftercare assign”)",
    ),
    "provisional": Label(
        "节假日公布后请用“aftercare calendar load”载入",
        "load the holidays once they are decreed, with “aftercare calendar load”",
    ),
    "nobody_can_finish": Label(
        "请用“aftercare people assign”授予角色；现状见“aftercare people proof”",
        "give somebody the role with “aftercare people assign”; “aftercare people proof” shows how it stands",
    ),
}
