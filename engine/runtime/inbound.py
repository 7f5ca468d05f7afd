"""Events from outside: each performed once, by the service of its source and with its rights – or kept in quarantine, and why.

One transaction an event, one event after another in the order of receipt. What nobody could act on waits until somebody has it
replayed or dropped; behind it waits whatever was received later for the same case.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.core.command import Fire, OpenCase
from engine.core.decision import Refused
from engine.core.happening import meant
from engine.core.masking import HIDDEN
from engine.errors import Conflict, Misuse, Unknown
from engine.label import Label, listed
from engine.runtime.access import OPERATOR, Access
from engine.runtime.answer import Answer, Granted, KeyReused
from engine.runtime.caller import Caller
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.meaning import Aim, Astray, aim_of, told
from engine.runtime.service import CaseService
from engine.runtime.timesource import TimeSource
from engine.store import inbound, sources
from engine.store.database import Database
from engine.store.failure import raced
from engine.store.inbound import InboundEvent, InboundStatus
from engine.store.record import Provenance
from engine.store.sources import Source
from engine.store.unit_of_work import UnitOfWork
from notifications.envelope import Arrival, data_of

_BATCH = 100


@dataclass(frozen=True, slots=True)
class Received:
    """An event and what became of it. `repeated`: it had been received before."""

    event: InboundEvent
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first, and whether there are more."""

    events: tuple[InboundEvent, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with what it said, or None if that was forgotten. `is_masked`: there is more to it than this reader is shown."""

    event: InboundEvent
    payload: object
    is_masked: bool


class Inbound:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, cases: CaseService, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._cases = cases
        self._time = time

    def receive(self, source: str, arrival: Arrival) -> Received:
        """Take in an event that `Sources.admit` has let in, once: the same again gets what became of it.

        Raises KeyReused for another event under the same id.
        """
        sender = self._source(source)
        hash = self._hash(sender, arrival)

        def work(unit: UnitOfWork) -> tuple[Received, Answer | None]:
            known = unit.event(source, arrival.id)
            if known is None:
                place = unit.next_event()
                known = unit.event(source, arrival.id)  # its twin may have been before it
            if known is not None:
                return _again(known, hash), None
            now = self._time.now(unit)
            event = InboundEvent(source, arrival.id, place, arrival.name, arrival.body, hash, now, "quarantined")
            event, answer = self._perform(unit, sender, event)
            settled = replace(event, settled_at=now) if event.status == "accepted" else event
            unit.keep_event(settled)
            return Received(settled), answer

        received, answer = self._database.attempt(work)
        if answer is not None:
            self._cases.followed(answer)
        return received

    def replay(self, source: str, id: str, *, by: str) -> InboundEvent:
        """Try again an event in quarantine, and if it is done whatever waits behind it. Raises Unknown, and Conflict for a settled one."""
        with self._database.read() as reader:
            _require_waiting(inbound.event(reader, source, id), source, id)
        settled = self._try(source, id, by)
        self._go_on(settled, by)
        return settled

    def replay_all(self, source: str | None = None, name: str | None = None, *, by: str) -> tuple[InboundEvent, ...]:
        """The same with all of a source, of a name, or of both, in order of receipt; answers each as it is then."""
        tried = []
        for each in self._waiting(source=source, name=name):
            tried.append(self._try(each.source, each.id, by))
            self._go_on(tried[-1], by)
        return tuple(tried)

    def drop(self, source: str, id: str, reason: str, *, by: str) -> InboundEvent:
        """Let an event in quarantine be, for good, and go on with whatever waits behind it. Raises Unknown, Conflict, Misuse."""
        if not reason.strip():
            raise Misuse(
                Label("应写明不予处理的原因，实际为空。", "Expected a reason for dropping it, found none."),
                Label("请写明原因，例如“重复通知”。", "Write one, such as “sent twice”."),
            )

        def work(unit: UnitOfWork) -> InboundEvent:
            unit.next_event()
            event = _require_waiting(unit.event(source, id), source, id)
            dropped = replace(event, status="dropped", note=reason.strip(), settled_at=self._time.now(unit), settled_by=by)
            unit.keep_event(dropped)
            return dropped

        dropped = self._database.attempt(work)
        self._go_on(dropped, by)
        return dropped

    def page(
        self,
        limit: int,
        *,
        status: InboundStatus | None = None,
        source: str | None = None,
        name: str | None = None,
        before: int | None = None,
    ) -> EventPage:
        """Events, newest first: all, those of a status, a source or a name, beginning before a place. Raises Unknown for a source."""
        if source is not None:
            self._source(source)
        with self._database.read() as reader:
            found = inbound.events(reader, status=status, source=source, name=name, limit=limit + 1, before=before)
        return EventPage(tuple(found[:limit]), len(found) > limit)

    def show(self, source: str, id: str, access: Access = OPERATOR) -> EventView:
        """One event, with what it said as this reader may see it. Raises Unknown."""
        sender = self._source(source)
        with self._database.read() as reader:
            event = _required(inbound.event(reader, source, id), source, id)
        if event.body is None:
            return EventView(event, None, is_masked=False)
        payload = data_of(sender.envelope, event.body)
        if access.actor is None:
            return EventView(event, payload, is_masked=False)
        return EventView(event, _masked(payload, self._plain_keys(event.name)), is_masked=True)

    def _perform(self, unit: UnitOfWork, source: Source, event: InboundEvent) -> tuple[InboundEvent, Answer | None]:
        """The event accepted or in quarantine, and the answer to the wish that it was."""
        assert event.body is not None  # kept while it is in quarantine
        units = self._directory.roster(unit.staff_version()).units_seen(source.service, self._time.now(unit))
        payload = data_of(source.envelope, event.body)
        aim = aim_of(unit, self._catalog.every_version(), units, event.name, payload, event.place)
        if isinstance(aim, Astray):
            return _astray(event, aim), None
        answer = self._cases.perform(unit, *_wish(aim), Caller(Provenance("event", f"source:{source.name}", event.id), source.service))
        if isinstance(answer, Granted):
            number, outcome = answer.outcome.number, answer.outcome.text()
            return replace(event, status="accepted", code=None, sentence=None, number=number, outcome=outcome), answer
        return _astray(event, _refused(aim, answer)), None

    def _try(self, source: str, id: str, by: str) -> InboundEvent:
        """Try again; one that somebody else has settled meanwhile is answered as it is."""
        sender = self._source(source)

        def work(unit: UnitOfWork) -> tuple[InboundEvent, Answer | None]:
            unit.next_event()
            known = _required(unit.event(source, id), source, id)
            if known.status != "quarantined":
                return known, None
            event, answer = self._perform(unit, sender, known)
            if event.status == "accepted":
                event = replace(event, settled_at=self._time.now(unit), settled_by=by)
            unit.keep_event(event)
            return event, answer

        event, answer = self._database.attempt(work)
        if answer is not None:
            self._cases.followed(answer)
        return event

    def _go_on(self, settled: InboundEvent, by: str) -> None:
        """Try what waits behind a settled event of a case, in its order, up to the first that stays in quarantine."""
        if settled.number is None or settled.status == "quarantined":
            return
        for each in self._waiting(number=settled.number):
            if each.code != "behind" or self._try(each.source, each.id, by).status == "quarantined":
                return

    def _waiting(self, *, source: str | None = None, name: str | None = None, number: str | None = None) -> Iterator[InboundEvent]:
        after = 0
        while True:
            with self._database.read() as reader:
                found = inbound.quarantined(reader, source=source, name=name, number=number, limit=_BATCH, after=after)
            yield from found
            if len(found) < _BATCH:
                return
            after = found[-1].place

    def _source(self, name: str) -> Source:
        with self._database.read() as reader:
            known = sources.by_name(reader.connection, name)
        if known is None:
            raise Unknown(Label("没有事件来源“{name}”。", "There is no source “{name}”.").fill(name=name))
        return known.source

    def _hash(self, source: Source, arrival: Arrival) -> str:
        """What an event says, as a keyed hash: it covers personal values, which a plain hash would let one guess."""
        said = [arrival.name, data_of(source.envelope, arrival.body)]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        return hmac.digest(self._database.purpose.claim_key, text.encode(), "sha256").hex()

    def _plain_keys(self, name: str) -> frozenset[str]:
        """The keys of which every process that knows the event makes something that is not personal."""
        plain: set[str] = set()
        personal: set[str] = set()
        for definition in self._catalog.every_version():
            for each in meant(definition, name):
                for key, field in (*each.rule.match, *((key, field) for field, key in each.rule.fills)):
                    (personal if field in definition.personal else plain).add(key)
        return frozenset(plain - personal)


def _again(known: InboundEvent, hash: str) -> Received:
    if known.hash != hash:
        raise KeyReused(
            Label("事件编号“{id}”已用于内容不同的事件。", "The event id “{id}” was used for another event.").fill(id=known.id),
            Label("同一事件请原样重发；新的事件请换一个编号。", "Repeat the first event unchanged, or take a new id."),
        )
    return Received(known, repeated=True)


def _wish(aim: Aim) -> tuple[str, OpenCase | Fire]:
    if aim.record is None:
        return aim.definition.workflow, OpenCase(aim.meant.step.id, aim.data)
    case = aim.record.case
    return case.number, Fire(aim.meant.step.id, aim.data, expect=case.revision)


def _refused(aim: Aim, answer: Refused) -> Astray:
    number = aim.record.case.number if aim.record is not None else None
    if number is not None and any(reason.code == "stale" for reason in answer.reasons):
        raise raced(number)  # it has changed since it was compared: look again
    return Astray(answer.reasons[0].code, listed(told(aim.definition, reason) for reason in answer.reasons), number)


def _astray(event: InboundEvent, aim: Astray) -> InboundEvent:
    return replace(event, status="quarantined", code=aim.code, sentence=aim.sentence, number=aim.number)


def _required(event: InboundEvent | None, source: str, id: str) -> InboundEvent:
    if event is None:
        raise Unknown(
            Label("来源“{source}”没有事件“{id}”。", "The source “{source}” has sent no event “{id}”.").fill(source=source, id=id),
            Label("请用“aftercare events”查看。", "See them with “aftercare events”."),
        )
    return event


def _require_waiting(event: InboundEvent | None, source: str, id: str) -> InboundEvent:
    found = _required(event, source, id)
    if found.status != "quarantined":
        raise Conflict(
            Label("事件“{id}”不在隔离中。", "The event “{id}” is not in quarantine.").fill(id=id),
            Label("处理结果见“aftercare events show”。", "What became of it is shown by “aftercare events show”."),
        )
    return found


def _masked(said: object, plain: frozenset[str], path: str = "") -> object:
    """What an event said, with the values under these keys only."""
    if isinstance(said, Mapping):
        return {key: _masked(value, plain, f"{path}.{key}" if path else key) for key, value in said.items()}
    return said if said is None or path in plain else HIDDEN.zh
