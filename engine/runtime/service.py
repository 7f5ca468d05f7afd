"""CaseService: serves a wish. The one writer of the state of a case (DESIGN law 11) – every door comes through here.

One unit of work; a known key gives its stored outcome; otherwise case, time, definition and facts are loaded, the core
decides, and the decision is recorded whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from engine.core.case import Case
from engine.core.command import Command, Comment, Correct, Elapse, ExtendCalendar, Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted, Refused
from engine.core.event import Event, TimerLapsed
from engine.core.explain import Option, options
from engine.core.number import numbered, remainder
from engine.core.unique import unique_values
from engine.errors import Conflict, Unknown
from engine.label import Label
from engine.runtime.briefing import INTEGRATION, Briefing
from engine.runtime.catalog import Catalog
from engine.runtime.outcome import Outcome, fingerprint
from engine.runtime.timesource import TimeSource
from engine.store.database import Database
from engine.store.record import Claim, Provenance, Record, Recording, Request
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: through which door, authenticated as whom, and acting as which person (None: as an integration)."""

    provenance: Provenance
    person: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key: the same key with the same wish is done once, and answered with the first outcome again."""

    scope: str
    value: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The wish came true. `repeated`: it had been done before under this key. `case` is None then."""

    outcome: Outcome
    case: Case | None
    repeated: bool = False


Answer = Granted | Refused


@dataclass(frozen=True, slots=True)
class Elapsed:
    """What the passing of time did to a case."""

    case: Case
    events: tuple[Event, ...]


CLOCK = Caller(Provenance("timer", "system"), None)
"""Who is calling when time passes."""


class CaseService:
    """Serves wishes on one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, briefing: Briefing, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._briefing = briefing
        self._time = time

    def open(
        self,
        workflow: str,
        command: OpenCase,
        caller: Caller,
        *,
        key: Key | None = None,
        reference: str | None = None,
        dry_run: bool = False,
    ) -> Answer:
        """Open a case by the newest definition of a workflow. Raises Unknown for a workflow or person that does not exist."""
        definition = self._catalog.newest(workflow)
        return self._database.attempt(lambda unit: self._open(unit, definition, command, caller, key, reference, dry_run))

    def handle(
        self, number: str, command: Fire | Correct | Comment, caller: Caller, *, key: Key | None = None, dry_run: bool = False
    ) -> Answer:
        """Move, correct or comment on a case. Raises Unknown for a number or person that does not exist."""
        return self._database.attempt(lambda unit: self._handle(unit, number, command, caller, key, dry_run))

    def elapse(self, numbers: Sequence[str]) -> tuple[Elapsed, ...]:
        """Let each of these cases decide what is due now, all in one transaction; those with nothing due are left out."""
        return self._database.attempt(lambda unit: tuple(self._elapse_all(unit, numbers)))

    def extend(self, number: str) -> Answer:
        """Let the calendars of a case follow the newest edition of official holidays."""
        return self._database.attempt(lambda unit: self._handle(unit, number, ExtendCalendar(), CLOCK, None, dry_run=False))

    def edition(self) -> int:
        """The newest edition of official holidays."""
        return self._catalog.edition()

    def options(self, number: str, person: str) -> tuple[Case, tuple[Option, ...]]:
        """The case, and each step of its state as the person sees it now."""
        with self._database.read() as reader:
            record = reader.case(number)
        if record is None:
            raise unknown_number(number)
        now = max(self._time.now(), record.case.last_at)
        definition = self._catalog.by_digest(record.case.digest)
        return record.case, options(definition, record.case, self._briefing.facts_to_look(definition, record.case, person, now))

    def _open(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        command: OpenCase,
        caller: Caller,
        key: Key | None,
        reference: str | None,
        dry_run: bool,
    ) -> Answer:
        request = self._request(key, definition.workflow, command, caller)
        repeated = _answered(unit, request)
        if repeated is not None:
            return repeated
        now = self._time.now(unit)
        facts = replace(self._briefing.facts(unit, definition, None, command, caller.person, now), case_id=uuid4().hex)
        decision = decide(definition, None, command, facts)
        if isinstance(decision, Accepted):
            # Only now is a number taken: a refused wish takes none, and no gap appears for it.
            rest = remainder(definition.number, now.astimezone(facts.zone), decision.case.unit)
            decision = decide(definition, None, command, replace(facts, number=numbered(rest, unit.next_number(rest))))
        return self._conclude(unit, definition, None, decision, caller, request, reference, dry_run)

    def _handle(
        self,
        unit: UnitOfWork,
        number: str,
        command: Fire | Correct | Comment | ExtendCalendar,
        caller: Caller,
        key: Key | None,
        dry_run: bool,
    ) -> Answer:
        request = self._request(key, number, command, caller)
        repeated = _answered(unit, request)
        if repeated is not None:
            return repeated
        before = unit.case(number)
        if before is None:
            raise unknown_number(number)
        definition = self._catalog.by_digest(before.case.digest)
        now = max(self._time.now(unit), before.case.last_at)
        facts = self._briefing.facts(unit, definition, before.case, command, caller.person, now)
        decision = decide(definition, before.case, command, facts)
        return self._conclude(unit, definition, before, decision, caller, request, None, dry_run)

    def _elapse_all(self, unit: UnitOfWork, numbers: Sequence[str]) -> Iterator[Elapsed]:
        found = unit.cases(numbers)
        for number in numbers:
            if number not in found:
                raise unknown_number(number)
            done = self._elapse(unit, found[number])
            if done is not None:
                yield done

    def _elapse(self, unit: UnitOfWork, before: Record) -> Elapsed | None:
        definition = self._catalog.by_digest(before.case.digest)
        now = self._time.now(unit)
        command = Elapse(by=now)
        facts = self._briefing.facts(unit, definition, before.case, command, None, max(now, before.case.last_at))
        decision = decide(definition, before.case, command, facts)
        if isinstance(decision, Refused) or (_is_lapse(decision) and not unit.rings(before.case.id, now)):
            return None  # another sweeper was quicker
        _record(unit, definition, before, decision, CLOCK.provenance)
        return Elapsed(decision.case, decision.events)

    def _conclude(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        before: Record | None,
        decision: Accepted | Refused,
        caller: Caller,
        request: _Asked | None,
        reference: str | None,
        dry_run: bool,
    ) -> Answer:
        if isinstance(decision, Refused):
            # The twin of a request in flight may have been granted after its key was looked for and before the case was read.
            return _answered(unit, request) or decision
        outcome = Outcome.of(decision)
        if not dry_run:
            stored = Request(request.key.scope, request.key.value, request.hash, outcome.text()) if request is not None else None
            _record(unit, definition, before, decision, caller.provenance, reference, stored)
        return Granted(outcome, decision.case)

    def _request(self, key: Key | None, target: str, command: Command, caller: Caller) -> _Asked | None:
        if key is None:
            return None
        return _Asked(key, fingerprint(self._database.purpose.claim_key, target, command, caller.person or INTEGRATION.id))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A key, and the hash of what was asked under it."""

    key: Key
    hash: str


class KeyReused(Conflict):
    """An idempotency key, or a reference of an intake, came again with other content."""

    code = "key_reused"


def unknown_number(number: str) -> Unknown:
    """The error for a case that does not exist."""
    return Unknown(
        Label("没有工单“{number}”。", "There is no case “{number}”.").fill(number=number),
        Label("请用“aftercare find”按姓名、电话或串号查找。", "Look it up by name, phone or IMEI with “aftercare find”."),
    )


def _answered(unit: UnitOfWork, request: _Asked | None) -> Granted | None:
    known = unit.known(request.key.scope, request.key.value) if request is not None else None
    if request is None or known is None:
        return None
    if known.hash != request.hash:
        raise KeyReused(
            Label("键“{key}”已用于内容不同的请求。", "The key “{key}” was used for another request.").fill(key=request.key.value),
            Label("同一请求请原样重发；新的请求请换一个键。", "Repeat the first request unchanged, or take a new key."),
        )
    return Granted(Outcome.read(known.outcome), None, repeated=True)


def _is_lapse(decision: Accepted) -> bool:
    return isinstance(decision.events[0], TimerLapsed)


def _record(
    unit: UnitOfWork,
    definition: CompiledDefinition,
    before: Record | None,
    decision: Accepted,
    provenance: Provenance,
    reference: str | None = None,
    request: Request | None = None,
) -> None:
    case = decision.case
    subject = case.data.get(definition.subject) if definition.subject is not None else None
    held = unique_values(definition, case.data, is_open=case.outcome is None)
    recording = Recording(
        provenance=provenance,
        personal=definition.personal,
        version=definition.version,
        phase=definition.states[case.state].phase,
        subject=str(subject) if subject is not None else None,
        reference=reference,
        claims=tuple(Claim(name, value, until) for name, value, until in held),
        request=request,
    )
    unit.record(before, decision, recording)
