"""CaseService: serves a wish. The one writer of the state of a case (DESIGN law 11) – every door comes through here.

One unit of work; a known key gives its stored outcome; otherwise case, time, definition and facts are loaded, the core
decides, and the decision is recorded whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import uuid4

from engine.core.case import Case
from engine.core.command import Command, Elapse, ExtendCalendar, Fire, OpenCase, Undo, Wake, Wish
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.decide import decide
from engine.core.decision import Accepted, Refused
from engine.core.disclosure import discloses, is_seen
from engine.core.effect import CancelChild, OpenIncident, WakeParent
from engine.core.event import Event, TimerLapsed
from engine.core.examine import examine
from engine.core.explain import Option, options
from engine.core.facts import Facts
from engine.core.family import PARENT, child_now, not_cancelled
from engine.core.masking import masked_options, masked_refusal
from engine.core.number import numbered, remainder
from engine.core.offspring import Born
from engine.errors import AftercareError, Conflict, Unknown
from engine.label import Label, listed
from engine.runtime.answer import Answer, Asked, Granted, answered, asked
from engine.runtime.briefing import Briefing
from engine.runtime.caller import CLOCK, Caller, Key
from engine.runtime.catalog import Catalog
from engine.runtime.offspring import Offspring
from engine.runtime.outcome import Outcome
from engine.runtime.recording import recording_of
from engine.runtime.reference import referred
from engine.runtime.rewinding import with_rewind
from engine.runtime.timesource import TimeSource
from engine.store import errands
from engine.store.database import Database
from engine.store.errands import Errand
from engine.store.failure import raced
from engine.store.record import ErrandKey, Provenance, Record, Request
from engine.store.unit_of_work import UnitOfWork
from roles.scope import Identity


@dataclass(frozen=True, slots=True)
class Elapsed:
    """What the passing of time did to a case."""

    case: Case
    events: tuple[Event, ...]
    asking: tuple[str, ...] = ()
    """As in `Granted`."""


class CaseService:
    """Serves wishes on one database; safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, briefing: Briefing, time: TimeSource) -> None:
        self._database = database
        self._catalog = catalog
        self._briefing = briefing
        self._time = time
        self._offspring = Offspring(catalog, briefing)

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
        return self.followed(self._database.attempt(lambda unit: self._open(unit, definition, command, caller, key, reference, dry_run)))

    def open_once(self, workflow: str, command: OpenCase, caller: Caller, reference: str) -> Answer:
        """The same with a reference that is its key where the case belongs (`runtime.reference`). Raises KeyReused besides."""
        definition = self._catalog.newest(workflow)
        return self.followed(self._database.attempt(lambda unit: self._open_once(unit, definition, command, caller, reference)))

    def handle(self, number: str, command: Wish, caller: Caller, *, key: Key | None = None, dry_run: bool = False) -> Answer:
        """Grant or refuse what somebody wishes of a case. Raises Unknown for one that does not exist or that he does not see."""
        return self.followed(self._database.attempt(lambda unit: self._handle(unit, number, command, caller, key, dry_run)))

    def perform(self, unit: UnitOfWork, target: str, command: OpenCase | Wish, caller: Caller) -> Answer:
        """The same within a unit of work that does more: of a workflow or of a case. Once that is durable, its answer is for `followed`."""
        if isinstance(command, OpenCase):
            return self._open(unit, self._catalog.newest(target), command, caller, None, None, dry_run=False)
        return self._handle(unit, target, command, caller, None, dry_run=False)

    def elapse(self, numbers: Sequence[str]) -> tuple[Elapsed, ...]:
        """Let each of these cases decide what is due now, all in one transaction; those with nothing due are left out."""
        done = self._database.attempt(lambda unit: tuple(self._elapse_all(unit, numbers)))
        for each in done:
            self._follow(each.asking)
        return done

    def attend(self, errand: Errand) -> None:
        """Deal with one errand, once: the parent takes note of its child, or the child performs the step that cancels it.

        A wake that tells nothing new is dropped. A refused cancel opens an incident and tells the owners of both, and is dropped too.
        """
        self._follow(self._database.attempt(lambda unit: self._attend(unit, errand)))

    def extend(self, number: str) -> Answer:
        """Let the calendars of a case follow the newest edition of official holidays."""
        return self._database.attempt(lambda unit: self._handle(unit, number, ExtendCalendar(), CLOCK, None, dry_run=False))

    def edition(self) -> int:
        """The newest edition of official holidays."""
        return self._catalog.edition()

    def options(self, number: str, identity: Identity | None) -> tuple[Case, tuple[Option, ...]]:
        """The case, and each step of its state as this one sees it now. Raises Unknown for a case that he does not see."""
        with self._database.read() as reader:
            record = reader.case(number)
            if record is None:
                raise unknown_number(number)
            definition, now = self._catalog.by_digest(record.case.digest), max(self._time.now(), record.case.last_at)
            facts = self._briefing.facts_to_look(definition, record.case, identity, now, reader)
        _require_seen(definition, record.case, facts)
        found = options(definition, record.case, facts)
        return record.case, found if _discloses(definition, record.case, identity, facts) else masked_options(definition, found)

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
        request = asked(key, self._database.purpose.claim_key, definition.workflow, command, caller, reference)
        repeated = answered(unit, request)
        if repeated is not None:
            return repeated
        facts = self._facts_of_opening(unit, definition, command, caller)
        return self._opened(unit, definition, command, caller, facts, request, reference, dry_run)

    def _open_once(self, unit: UnitOfWork, definition: CompiledDefinition, command: OpenCase, caller: Caller, reference: str) -> Answer:
        facts = self._facts_of_opening(unit, definition, command, caller)
        request = referred(self._database.purpose.claim_key, definition, command, facts, reference)
        repeated = answered(unit, request)
        if repeated is not None:
            return repeated
        return self._opened(unit, definition, command, caller, facts, request, reference, dry_run=False)

    def _facts_of_opening(self, unit: UnitOfWork, definition: CompiledDefinition, command: OpenCase, caller: Caller) -> Facts:
        facts = self._briefing.facts(unit, definition, None, command, caller.identity, self._time.now(unit))
        return replace(facts, case_id=uuid4().hex)

    def _opened(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        command: OpenCase,
        caller: Caller,
        facts: Facts,
        request: Asked | None,
        reference: str | None,
        dry_run: bool,
    ) -> Answer:
        decision = decide(definition, None, command, facts)
        born: tuple[Born, ...] = ()
        if isinstance(decision, Accepted):
            # Only now is a number taken: a refused wish takes none, and no gap appears for it.
            rest = remainder(definition.number, facts.now.astimezone(facts.zone), decision.case.unit)
            numbers = replace(facts, number=numbered(rest, unit.next_number(rest)))
            decision, born = self._offspring.decide(unit, definition, None, command, numbers, caller.identity)
        answer = self._conclude(unit, definition, None, decision, born, caller, request, reference, dry_run)
        return _with_checks(answer, definition, None, command, facts) if dry_run else answer

    def _handle(
        self,
        unit: UnitOfWork,
        number: str,
        command: Wish | ExtendCalendar,
        caller: Caller,
        key: Key | None,
        dry_run: bool,
    ) -> Answer:
        request = asked(key, self._database.purpose.claim_key, number, command, caller)
        repeated = answered(unit, request)
        if repeated is not None:
            return repeated
        before = unit.case(number)
        if before is None:
            raise unknown_number(number)
        definition = self._catalog.by_digest(before.case.digest)
        now = max(self._time.now(unit), before.case.last_at)
        facts = self._briefing.facts(unit, definition, before.case, command, caller.identity, now)
        _require_seen(definition, before.case, facts)
        facts = _with_family(unit, before.case, facts)
        if isinstance(command, Undo):
            facts = with_rewind(self._database, unit, self._catalog, definition, before.case, facts)
        decision, born = self._offspring.decide(unit, definition, before.case, command, facts, caller.identity)
        answer = self._conclude(unit, definition, before, decision, born, caller, request, None, dry_run)
        if isinstance(answer, Refused):
            return answer if _discloses(definition, before.case, caller.identity, facts) else masked_refusal(definition, answer)
        return _with_checks(answer, definition, before.case, command, facts) if dry_run else answer

    def _elapse_all(self, unit: UnitOfWork, numbers: Sequence[str]) -> Iterator[Elapsed]:
        unit.set_apart()  # many cases take long: nobody's move shall wait for them
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
        facts = _with_family(unit, before.case, facts)
        decision, born = self._offspring.decide(unit, definition, before.case, command, facts, None)
        if isinstance(decision, Refused) or (isinstance(decision.events[0], TimerLapsed) and not unit.rings(before.case.id, now)):
            return None  # another sweeper was quicker
        asking = self._record(unit, definition, before, decision, born, CLOCK.provenance)
        return Elapsed(decision.case, decision.events, asking)

    def _attend(self, unit: UnitOfWork, errand: Errand) -> tuple[str, ...]:
        """The ids of the cases that ask something in their turn."""
        target, source = unit.case_by_id(errand.target), unit.case_by_id(errand.source)
        if target is None or source is None or not unit.errand_waits(errand.key):
            return ()  # somebody else was quicker
        if errand.step is None:
            return self._wake(unit, target, source.case, (errand.key,))
        definition = self._catalog.by_digest(target.case.digest)
        command, now = Fire(errand.step), max(self._time.now(unit), target.case.last_at)
        facts = replace(self._briefing.facts(unit, definition, target.case, command, None, now), actor=PARENT)
        decision, born = self._offspring.decide(unit, definition, target.case, command, _with_family(unit, target.case, facts), None)
        if isinstance(decision, Accepted):
            provenance = Provenance("event", "system", source.case.number)
            return self._record(unit, definition, target, decision, born, provenance, errands_done=(errand.key,))
        if target.case.outcome is None:
            owner = self._catalog.by_digest(source.case.digest).owner
            incident, notice = not_cancelled(definition, target.case, source.case, errand.step, owner, decision.reasons)
            unit.open_incident(target.case.id, incident.kind, incident.subject, incident.sentence, now)
            unit.tell(target.case, notice, errand.seq, now)
        unit.drop_errand(errand.key)
        return ()

    def _wake(self, unit: UnitOfWork, parent: Record, child: Case, errands_done: tuple[ErrandKey, ...] = ()) -> tuple[str, ...]:
        """The parent takes note of its child; the ids of the cases that ask something in their turn.

        Raises Conflict when the parent cannot tell what follows from it: better it looks again than never.
        """
        definition, now = self._catalog.by_digest(parent.case.digest), max(self._time.now(unit), parent.case.last_at)
        facts = replace(self._briefing.facts(unit, definition, parent.case, Wake(), None, now), actor=SYSTEM)
        facts = replace(facts, child=child_now(definition, child, self._catalog.by_digest(child.digest)))
        decision, born = self._offspring.decide(unit, definition, parent.case, Wake(), facts, None)
        if isinstance(decision, Accepted):
            provenance = Provenance("event", "system", child.number)
            return self._record(unit, definition, parent, decision, born, provenance, errands_done=errands_done)
        if any(reason.code != "stale" for reason in decision.reasons):
            raise Conflict(listed(reason.sentence for reason in decision.reasons))
        for key in errands_done:
            unit.drop_errand(key)
        return ()

    def followed(self, answer: Answer) -> Answer:
        """The same answer, once what it asks of its family has been tried."""
        if isinstance(answer, Granted):
            self._follow(answer.asking)
        return answer

    def _follow(self, asking: Sequence[str]) -> None:
        """Try at once what these cases ask. Whatever goes wrong leaves the errand to those who look for it (`runtime.errands`)."""
        for case_id in asking:
            with suppress(AftercareError):
                with self._database.read() as reader:
                    waiting = errands.of_source(reader.connection, case_id)
                for errand in waiting:
                    self.attend(errand)

    def _conclude(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        before: Record | None,
        decision: Accepted | Refused,
        born: tuple[Born, ...],
        caller: Caller,
        request: Asked | None,
        reference: str | None,
        dry_run: bool,
    ) -> Answer:
        if isinstance(decision, Refused):
            # The twin of a request in flight may have been granted after its key was looked for and before the case was read.
            return answered(unit, request) or decision
        outcome = Outcome.of(decision)
        alarms = tuple(each.sentence for each in decision.effects if isinstance(each, OpenIncident))
        if dry_run:
            return Granted(outcome, decision.case, effects=decision.effects, alarms=alarms)
        stored = request.kept(outcome) if request is not None else None
        asking = self._record(unit, definition, before, decision, born, caller.provenance, reference, stored)
        return Granted(outcome, decision.case, asking=asking, alarms=alarms)

    def _record(
        self,
        unit: UnitOfWork,
        definition: CompiledDefinition,
        before: Record | None,
        decision: Accepted,
        born: tuple[Born, ...],
        provenance: Provenance,
        reference: str | None = None,
        request: Request | None = None,
        errands_done: tuple[ErrandKey, ...] = (),
    ) -> tuple[str, ...]:
        """Record a decision and all that are born of it; the ids of the cases that now ask something of their family."""
        case = decision.case
        theirs = replace(provenance, cause=case.number) if born else provenance
        for earlier, made, recording in (
            (before, decision, recording_of(definition, case, provenance, reference, request, errands_done)),
            # After their parent, whose row they would otherwise be waited for behind.
            *((None, each.decision, recording_of(each.definition, each.decision.case, theirs)) for each in born),
        ):
            unit.record(earlier, made, recording)
        asking = _asking((decision, *(each.decision for each in born)))
        if before is None or before.case.outcome is None or case.outcome is not None or case.parent is None:
            return asking
        # An open child that its parent takes for ended would let the parent end: a reopening is noted at once, under the parent's guard.
        parent = unit.case_by_id(case.parent.id)
        if parent is None or parent.case.outcome is not None:
            raise raced(case.number)  # it has ended since the decision
        return (*asking, *self._wake(unit, parent, case))


def _require_seen(definition: CompiledDefinition, case: Case, facts: Facts) -> None:
    """Raises Unknown for whoever does not see the case: it shall not even be known to exist. Who is disabled is told that instead."""
    if facts.actor.kind != "disabled" and not is_seen(definition, case, facts.actor, facts.lineage(case.unit)):
        raise unknown_number(case.number)


def _discloses(definition: CompiledDefinition, case: Case, identity: Identity | None, facts: Facts) -> bool:
    """Whether the personal values of the case may be told: to whom they are disclosed, and to whoever works at the machine itself."""
    return identity is None or discloses(definition, case, facts.actor, facts.lineage(case.unit))


def unknown_number(number: str) -> Unknown:
    """The error for a case that does not exist."""
    return Unknown(
        Label("没有工单“{number}”。", "There is no case “{number}”.").fill(number=number),
        Label("请用“aftercare find”按姓名、电话或串号查找。", "Look it up by name, phone or IMEI with “aftercare find”."),
    )


def _with_checks(answer: Answer, definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts) -> Answer:
    """The answer to a dry run, with everything that was asked before it was granted; a refusal tells that already."""
    return replace(answer, checks=examine(definition, case, command, facts)) if isinstance(answer, Granted) else answer


def _with_family(unit: UnitOfWork, case: Case, facts: Facts) -> Facts:
    """The facts with what an ended child must know before it is reopened."""
    if case.parent is None or case.outcome is None:
        return facts
    parent = unit.case_by_id(case.parent.id)
    return replace(facts, parent_is_open=parent is not None and parent.case.outcome is None)


def _asking(decisions: Iterable[Accepted]) -> tuple[str, ...]:
    related = (each for each in decisions if each.case.parent is not None or each.case.children)
    return tuple(each.case.id for each in related if any(isinstance(effect, WakeParent | CancelChild) for effect in each.effects))
