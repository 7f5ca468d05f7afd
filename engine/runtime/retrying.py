"""An incident tried again: sent, told, assigned, performed, replayed – once, however many ask for it at the same instant.

What is tried and what became of the incident are one transaction, on the incident as it was seen. Whoever may ask is not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from engine.core.command import Assign, Comment
from engine.core.decision import Refused
from engine.core.effect import IncidentKind
from engine.core.recipient import Search
from engine.errors import Conflict
from engine.label import Label, listed
from engine.runtime.answer import Answer, Granted
from engine.runtime.caller import Caller
from engine.runtime.catalog import Catalog
from engine.runtime.cause import Scene, endpoint_of, is_back, is_gone, is_of_parent, undelivered, untold, waits_no_more
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.inbound import Inbound
from engine.runtime.service import CaseService
from engine.runtime.stranded import KIND as EVENTS
from engine.runtime.stranded import source_and_name, stranded
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import person_title
from engine.runtime.workforce import KIND, Workforce
from engine.store import deliveries, endpoints, errands, incidents, outbox
from engine.store.database import Database
from engine.store.incidents import Incident, IncidentState
from engine.store.unit_of_work import UnitOfWork
from roles.policy import tiers

_DISABLED = Label(
    "推送地址“{name}”已停用，请先用“aftercare endpoints enable {name}”恢复",
    "the endpoint “{name}” is disabled: enable it first with “aftercare endpoints enable {name}”",
)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Retried:
    """What came of trying again. `is_going`: it was set going, or has come right; else the sentence says what can be done."""

    incident: Incident
    sentence: Label
    is_going: bool


class Retrying:
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

    def again(self, incident: Incident, caller: Caller) -> Retried:
        """Try it again as it was seen, in the name of the caller's person. Raises Conflict for one that has changed since."""
        is_of_endpoint = incident.case_id is None and incident.kind not in (KIND, EVENTS)
        retry = Retrying._listen_again if is_of_endpoint else self._retries[incident.kind]
        tried = retry(self, incident, caller)
        return replace(tried, incident=self._concluded(self._known(incident.id), caller)) if tried.is_going else tried

    def _send_again(self, incident: Incident, caller: Caller) -> Retried:
        with self._database.read() as reader:
            lost = undelivered(reader, incident)
            disabled = {each.endpoint.name for each in endpoints.endpoints(reader.connection) if each.disabled_at is not None}
        closed = next((each.recipient for each in lost if each.kind == "endpoint" and each.recipient in disabled), None)
        if closed is not None:
            return Retried(incident, _DISABLED.fill(name=closed), is_going=False)
        with self._trying(incident) as connection:
            again = sum(deliveries.resend(connection, each.id, self._time.now()) for each in lost)
            if again:
                self._note(connection, incident, "retried", caller)
        sentence = Label("{n} 条将重新发送", "{n} to be sent again").fill(n=again)
        return Retried(incident, sentence, is_going=again > 0)

    def _tell_again(self, incident: Incident, caller: Caller) -> Retried:
        with self._database.read() as reader:
            message = untold(reader, incident)
        if message is None:
            return Retried(incident, Label("已没有等待通知的消息", "no message waits to be told any more"), is_going=True)
        with self._trying(incident) as connection:
            outbox.resend(connection, message.key, self._time.now())
            self._note(connection, incident, "retried", caller)
        return Retried(incident, Label("最近一条消息将重新通知", "the newest message will be told again"), is_going=True)

    def _try_step(self, incident: Incident, caller: Caller) -> Retried:
        """Any decision on the case lets the system try its steps again; a remark changes nothing else."""
        assert incident.number is not None
        number, scene = incident.number, self._scene(incident.number)
        if scene.case.parent is not None and is_of_parent(scene.definition, incident.subject):
            return self._cancel_again(incident, scene.case.id, scene.case.parent.id)
        remark = Label("重试异常 {id}", "Incident {id} tried again").fill(id=incident.id)
        comment = Comment(f"{remark.zh} / {remark.en}")

        def work(unit: UnitOfWork) -> Answer:
            require_same(incident, unit.hold_incident(incident.id))
            answer = self._cases.perform(unit, number, comment, caller)
            if isinstance(answer, Granted) and answer.case is not None:
                self._note_trial(unit, incident, waits_no_more(scene.definition, answer.case, incident.subject), caller)
            return answer

        answer = self._cases.followed(self._database.attempt(work))
        if isinstance(answer, Refused):
            return Retried(incident, listed(reason.sentence for reason in answer.reasons), is_going=False)
        return self._tried(incident)

    def _note_trial(self, unit: UnitOfWork, incident: Incident, is_done: bool, caller: Caller) -> None:
        """What came of the step, with the decision that tried it: so the next who asks sees that it was tried."""
        now = self._time.now(unit)
        if is_done:
            unit.settle_incident(incident.id, "resolved", now, _person(caller))
        elif unit.hold_incident(incident.id) == incident.mark:  # of a step that waits, its case does not tell that it was refused again
            unit.open_incident(incident.case_id, incident.kind, incident.subject, incident.sentence, now)

    def _cancel_again(self, incident: Incident, child: str, parent: str) -> Retried:
        with self._trying(incident) as connection:
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
        number, scene = incident.number, self._scene(incident.number)
        person = self._somebody_for(scene, incident.subject)
        if person is None:
            sentence = Label(
                "现在仍无人可派；请用“aftercare assign”指定一人", "still nobody is there; give it to somebody with “aftercare assign”"
            )
            return Retried(incident, sentence, is_going=False)
        wish = Assign(person, expect=scene.case.revision)

        def work(unit: UnitOfWork) -> Answer:
            require_same(incident, unit.hold_incident(incident.id))
            answer = self._cases.perform(unit, number, wish, caller)
            if isinstance(answer, Granted):
                unit.settle_incident(incident.id, "resolved", self._time.now(unit), _person(caller))
            return answer

        answer = self._cases.followed(self._database.attempt(work))
        if isinstance(answer, Refused):
            return Retried(incident, listed(reason.sentence for reason in answer.reasons), is_going=False)
        title = person_title(person, self._directory.roster())
        return Retried(incident, Label("已派给{who}", "assigned to {who}").fill(who=title), is_going=True)

    def _somebody_for(self, scene: Scene, role: str) -> str | None:
        """Who of a role is there, nearest to the case, with the fewest open cases; None for what is no role."""
        near = tiers(scene.roster.pool(role, self._time.now()), scene.roster.lineages.get(scene.case.unit or "", ()))
        if not near:
            return None
        found = self._database.attempt(lambda unit: unit.candidates(sorted(near[0]), role))
        return min(near[0], key=lambda each: (found[each].open, found[each].last_at or _NEVER, each))

    def _look_again(self, incident: Incident, _caller: Caller) -> Retried:
        if self._is_gone(incident):
            return Retried(incident, Label("情况已消除", "the cause is gone"), is_going=True)
        return Retried(incident, _WAYS_OUT[incident.kind], is_going=False)

    def _extend(self, incident: Incident, caller: Caller) -> Retried:
        assert incident.number is not None
        if self._scene(incident.number).case.edition < self._cases.edition():
            self._cases.extend(incident.number)
        return self._look_again(incident, caller)

    def _listen_again(self, incident: Incident, caller: Caller) -> Retried:
        name = endpoint_of(incident)
        with self._trying(incident) as connection:
            endpoints.enable(connection, name)
            self._note(connection, incident, "resolved", caller)
        return Retried(
            incident, Label("推送地址“{name}”已重新启用", "the endpoint “{name}” is enabled again").fill(name=name), is_going=True
        )

    def _replay(self, incident: Incident, caller: Caller) -> Retried:
        tried = self._inbound.replay_all(*source_and_name(incident.subject), by=_person(caller))
        left = [each.sentence for each in tried if each.status == "quarantined" and each.sentence is not None]
        if left:
            sentence = Label("{n} 个仍在隔离中：{why}", "{n} still in quarantine: {why}").fill(n=len(left), why=left[0])
            return Retried(incident, sentence, is_going=False)
        return Retried(incident, Label("已重放 {n} 个", "{n} replayed").fill(n=len(tried)), is_going=True)

    _retries: Mapping[IncidentKind, Callable[[Retrying, Incident, Caller], Retried]] = {
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

    @contextmanager
    def _trying(self, incident: Incident) -> Iterator[Connection]:
        """A transaction in which nobody else tries it again. Raises Conflict for one that has changed since."""
        with self._database.write() as connection:
            require_same(incident, incidents.hold(connection, incident.id))
            yield connection

    def _note(self, connection: Connection, incident: Incident, state: IncidentState, caller: Caller) -> None:
        incidents.settle(connection, incident.id, state, self._time.now(), _person(caller), None)

    def _concluded(self, incident: Incident, caller: Caller) -> Incident:
        """The incident, resolved if its cause is gone; one that changes meanwhile is left to the watch."""
        if incident.state == "resolved" or not self._is_gone(incident):
            return incident
        with self._database.write() as connection:
            if incidents.hold(connection, incident.id) == incident.mark:
                self._note(connection, incident, "resolved", caller)
        return self._known(incident.id)

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
            found = incidents.by_id(reader, id)
        assert found is not None  # incidents are never deleted
        return found


def _person(caller: Caller) -> str:
    assert caller.person is not None  # whoever tries again says who he is
    return caller.person


def require_same(incident: Incident, mark: str | None) -> None:
    """Raises Conflict unless it stands as its mark says."""
    if incident.mark != mark:
        raise Conflict(
            Label("异常“{id}”在此期间已有变化，未重试。", "The incident “{id}” has changed meanwhile; nothing was tried.").fill(
                id=incident.id
            ),
            Label("请查看现在的情况后再决定。", "Look at it as it is now."),
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
