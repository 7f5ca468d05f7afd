"""CaseService: serves a wish. The one writer of the state of a case (DESIGN law 11) – every door comes through here.

One unit of work; a known key gives its stored outcome; otherwise case, time, definition and facts are loaded, the core
decides, and the decision is recorded whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.command import Command, Comment, Correct, Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted, Refused
from engine.core.explain import Option, options
from engine.core.facts import Facts
from engine.core.form import Ask, persons_named
from engine.core.number import numbered, remainder
from engine.core.unique import unique_values, wanted_values
from engine.errors import Conflict, Unknown
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.outcome import Outcome, fingerprint
from engine.runtime.timesource import TimeSource
from engine.store.database import Database
from engine.store.record import Claim, Provenance, Record, Recording, Request
from engine.store.unit_of_work import UnitOfWork
from roles.actor import Actor


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

INTEGRATION = Actor("integration", "integration")
"""Who acts when no person is named."""


class CaseService:
    """Serves wishes on one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, time: TimeSource, zone: ZoneInfo) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._time = time
        self._zone = zone

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

    def options(self, number: str, person: str) -> tuple[Case, tuple[Option, ...]]:
        """The case, and each step of its state as the person sees it now."""
        with self._database.read() as reader:
            record = reader.case(number)
        if record is None:
            raise unknown_number(number)
        now = max(self._time.now(), record.case.last_at)
        roster = self._directory.roster()
        facts = Facts(now, roster.actor(person, now), self._zone, roster.lineages, sampling_key=self._database.purpose.sampling_key)
        return record.case, options(self._catalog.by_digest(record.case.digest), record.case, facts)

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
        start = definition.starts.get(command.start)
        asks = start.form.asks if start is not None else ()
        facts = replace(self._facts(unit, definition, None, asks, command, caller, now), case_id=uuid4().hex)
        decision = decide(definition, None, command, facts)
        if isinstance(decision, Accepted):
            # Only now is a number taken: a refused wish takes none, and no gap appears for it.
            rest = remainder(definition.number, now.astimezone(self._zone), decision.case.unit)
            decision = decide(definition, None, command, replace(facts, number=numbered(rest, unit.next_number(rest))))
        return self._conclude(unit, definition, None, decision, caller, request, reference, dry_run)

    def _handle(
        self, unit: UnitOfWork, number: str, command: Fire | Correct | Comment, caller: Caller, key: Key | None, dry_run: bool
    ) -> Answer:
        request = self._request(key, number, command, caller)
        repeated = _answered(unit, request)
        if repeated is not None:
            return repeated
        before = unit.case(number)
        if before is None:
            raise unknown_number(number)
        definition = self._catalog.by_digest(before.case.digest)
        asks = _asks(definition, before.case, command)
        now = max(self._time.now(unit), before.case.last_at)
        facts = self._facts(unit, definition, before.case, asks, command, caller, now)
        decision = decide(definition, before.case, command, facts)
        return self._conclude(unit, definition, before, decision, caller, request, None, dry_run)

    def _facts(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        case: Case | None,
        asks: tuple[Ask, ...],
        command: Command,
        caller: Caller,
        now: datetime,
    ) -> Facts:
        data = {} if isinstance(command, Comment) else command.data
        roster = self._directory.roster(unit.staff_version())
        facts = Facts(
            now=now,
            actor=roster.actor(caller.person, now) if caller.person is not None else INTEGRATION,
            zone=self._zone,
            lineages=roster.lineages,
            people=roster.facts_about(persons_named(asks, data), now),
            sampling_key=self._database.purpose.sampling_key,
        )
        wanted = wanted_values(definition, case, asks, data, facts)
        return replace(facts, taken=unit.taken(definition.workflow, wanted, case.id if case is not None else None)) if wanted else facts

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
            unit.record(before, decision, _recording(definition, decision.case, caller.provenance, reference, stored))
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


def _asks(definition: CompiledDefinition, case: Case, command: Fire | Correct | Comment) -> tuple[Ask, ...]:
    if isinstance(command, Fire):
        step = definition.states[case.state].steps.get(command.transition)
        return step.form.asks if step is not None else ()
    names = command.data if isinstance(command, Correct) else {}
    return tuple(Ask(rule, optional=True) for name, rule in definition.fields.items() if name in names)


def _recording(
    definition: CompiledDefinition, case: Case, provenance: Provenance, reference: str | None, request: Request | None
) -> Recording:
    subject = case.data.get(definition.subject) if definition.subject is not None else None
    held = unique_values(definition, case.data, is_open=case.outcome is None)
    return Recording(
        provenance=provenance,
        personal=definition.personal,
        version=definition.version,
        phase=definition.states[case.state].phase,
        subject=str(subject) if subject is not None else None,
        reference=reference,
        claims=tuple(Claim(name, value, until) for name, value, until in held),
        request=request,
    )
