"""Why not, and who can: how people stand to a step. Asks the evaluator of the core, for one person in full or for everybody.

Names and presence come from the roster of this instant, so that whoever was given a role, or is back, is named at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.core.ability import Able, who_can
from engine.core.case import Case
from engine.core.command import Command, Fire, OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Check, Reason, Refused
from engine.core.examine import look
from engine.core.explain import Option
from engine.core.facts import Facts
from engine.core.handing import candidates
from engine.core.masking import masked_checks
from engine.core.moving import before_of
from engine.core.opening import blank
from engine.core.perform import Before
from engine.core.possible import Possible, possible
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.runtime.access import OPERATOR, Access, access_of
from engine.runtime.briefing import Briefing, Present
from engine.runtime.caller import Caller
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.naming import by_field, id_of
from engine.runtime.rewinding import rewind_of
from engine.runtime.service import CaseService, unknown_number
from engine.runtime.timesource import TimeSource
from engine.store.database import Database
from roles.actor import Actor
from roles.roster import Roster
from roles.scope import Identity

PERSONAL = frozenset({"not_authorised", "separation_of_duties", "approval_repeated"})
"""The codes of reasons that stand against this person, not against the step: somebody else may do it."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who has the right to a step. `back_at`: until when he is away, if he is; `stands_for`: whose right it is, if not his own."""

    able: Able
    name: str
    stands_for: str | None
    """The name of the person he would act for."""
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """One step and one person: everything that was asked, and who can."""

    case: Case
    definition: CompiledDefinition
    step: CompiledStep
    checks: tuple[Check, ...]
    who: tuple[Who, ...] | None
    """None: the step is none of this state, or none that a person performs."""


@dataclass(frozen=True, slots=True)
class _Everybody:
    """All who are active at an instant, by name, and what is known of it."""

    roster: Roster
    actors: tuple[Actor, ...]
    facts: Facts


class Standing:
    """Answers for one database. Safe to share between threads."""

    def __init__(
        self, database: Database, catalog: Catalog, directory: Directory, briefing: Briefing, cases: CaseService, time: TimeSource
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._briefing = briefing
        self._cases = cases
        self._time = time

    def why(self, number: str, step: str, typed: Mapping[str, str], reason: str | None, caller: Caller) -> Why:
        """Whether a person may perform a step, question by question; with nothing typed, before the form is filled.

        Step and fields may be given by id or title. Raises Unknown for a number, step or person that does not exist, and for a case that
        he does not see.
        """
        case, definition = self._case(number)
        access = access_of(self._directory.roster(), caller.identity, self._now(case))
        if not access.finds(definition, case):
            raise unknown_number(number)
        found = _step(definition, case, step)
        here = definition.states[case.state].steps.get(found.id)
        if here is not None and not typed and reason is None and caller.person is not None:
            checks = look(definition, case, here, self._facts(definition, case, caller.identity))
            checks = checks if access.discloses(definition, case) else masked_checks(definition, checks)
        else:
            data = by_field(typed, definition, [ask.field.id for ask in found.form.asks])
            checks = self._cases.handle(number, Fire(found.id, data, reason), caller, dry_run=True).checks
        return Why(case, definition, found, checks, self.who_can(case, definition, found.id, access) if here is not None else None)

    def who_can(self, case: Case, definition: CompiledDefinition, step: str, access: Access = OPERATOR) -> tuple[Who, ...] | None:
        """Everybody who has the right to a step of the state of a case: those who can first, and of them those who are there.

        None for a step that is none for persons: of the system, an integration, a party. Whoever sees the case is told of all of them; of
        a case without a unit, which is there for everybody, of those whom he is told of anyway.
        """
        return self._of_case(self._everybody(definition, case), definition, case, step, access)

    def who_can_open(
        self, definition: CompiledDefinition, start: str, unit: str | None, access: Access = OPERATOR
    ) -> tuple[Who, ...] | None:
        """Everybody of whom he is told who has the right to open a case by a start, in this unit."""
        return self._openers(definition, start, unit, access, self._briefing.present())

    def who_can_open_each(
        self, starts: Iterable[tuple[CompiledDefinition, str]], access: Access = OPERATOR
    ) -> tuple[tuple[Who, ...] | None, ...]:
        """The same for many starts, in whatever unit."""
        present = self._briefing.present()
        return tuple(self._openers(definition, start, None, access, present) for definition, start in starts)

    def who_else(
        self, definition: CompiledDefinition, case: Case | None, command: Command, refused: Refused, access: Access = OPERATOR
    ) -> tuple[Who, ...] | None:
        """Who can do what this wish was refused to do; None where it is not for the person that it was refused, or it is no step."""
        if not somebody_else_may(refused.reasons):
            return None
        if isinstance(command, OpenCase):
            return self.who_can_open(definition, command.start, command.unit, access)
        return self.who_can(case, definition, command.transition, access) if isinstance(command, Fire) and case is not None else None

    def instead(
        self, definition: CompiledDefinition, case: Case, found: Iterable[Option], access: Access = OPERATOR
    ) -> Mapping[str, tuple[Who, ...]]:
        """step → who can, for the options that this person alone is refused."""
        asked = [each.step for each in found if somebody_else_may(each.reasons)]
        if not asked:
            return {}
        everybody = self._everybody(definition, case)
        return {step: able for step in asked if (able := self._of_case(everybody, definition, case, step, access)) is not None}

    def beside(self, case: Case, definition: CompiledDefinition, identity: Identity) -> Possible:
        """What somebody may wish of a case beside its steps."""
        with self._database.read() as reader:
            facts = self._briefing.facts_to_look(definition, case, identity, self._now(case), reader)
            last = case.performed[-1] if case.performed else None
            is_recent = definition.undo is not None and last is not None and facts.now < last.at + definition.undo
            # Only then is the whole history read.
            rewind = rewind_of(reader, case) if is_recent and last is not None and last.actor == identity.id else None
        himself = self._directory.roster().facts_about({identity.id}, facts.now)
        superiors = self._briefing.hierarchy.superiors
        return possible(definition, case, replace(facts, people={**facts.people, **himself}, superiors=superiors, rewind=rewind))

    def candidates(self, case: Case, definition: CompiledDefinition, identity: Identity) -> tuple[str, ...]:
        """Those whom a case could be given to and of whom this one is told, by id."""
        roster, facts = self._directory.roster(), self._facts(definition, case, identity)
        everybody = roster.facts_about((each.id for each in roster.people.values() if each.kind == "person"), facts.now)
        told = access_of(roster, identity, facts.now).people
        people = {each: grants for each, grants in everybody.items() if told is None or each in told}
        return candidates(definition, case, replace(facts, people=people, superiors=self._briefing.hierarchy.superiors))

    def takers(self, found: Sequence[tuple[Case, CompiledDefinition]], identity: Identity) -> Mapping[str, int]:
        """person → how many of these cases could be given to him, were he there; of those of whom this one is told, if any."""
        present, now = self._briefing.present(), self._time.now()
        told = access_of(present.roster, identity, now).people
        everybody = present.roster.facts_about((each.id for each in present.roster.people.values() if each.kind == "person"), now)
        people = {each: grants for each, grants in everybody.items() if told is None or each in told}
        counts: Counter[str] = Counter()
        for case, definition in found:
            facts = self._briefing.facts_to_look(definition, case, identity, max(now, case.last_at), present=present)
            counts.update(candidates(definition, case, replace(facts, people=people, away=frozenset())))
        return counts

    def _of_case(
        self, everybody: _Everybody, definition: CompiledDefinition, case: Case, step: str, access: Access
    ) -> tuple[Who, ...] | None:
        found = definition.states[case.state].steps[step]
        able = _who(everybody, definition, case, before_of(definition, case, found), found)
        return able if case.unit is not None else _told(able, access)

    def _openers(
        self, definition: CompiledDefinition, start: str, unit: str | None, access: Access, present: Present
    ) -> tuple[Who, ...] | None:
        everybody = _all_at(present.roster, self._briefing.facts_to_look(definition, None, None, self._time.now(), present=present))
        return _told(_who(everybody, definition, None, blank(unit, everybody.facts), definition.starts[start]), access)

    def _everybody(self, definition: CompiledDefinition, case: Case) -> _Everybody:
        return _all_at(self._directory.roster(), self._facts(definition, case, None))

    def _case(self, number: str) -> tuple[Case, CompiledDefinition]:
        with self._database.read() as reader:
            record = reader.case(number)
        if record is None:
            raise unknown_number(number)
        return record.case, self._catalog.by_digest(record.case.digest)

    def _facts(self, definition: CompiledDefinition, case: Case, identity: Identity | None) -> Facts:
        with self._database.read() as reader:
            return self._briefing.facts_to_look(definition, case, identity, self._now(case), reader)

    def _now(self, case: Case) -> datetime:
        return max(self._time.now(), case.last_at)


def _all_at(roster: Roster, facts: Facts) -> _Everybody:
    active = (each for each in roster.people.values() if roster.is_active(each.id, facts.now))
    by_name = sorted(active, key=lambda each: (each.name, each.id))
    return _Everybody(roster, tuple(roster.actor(each.id, facts.now) for each in by_name), facts)


def _who(
    everybody: _Everybody, definition: CompiledDefinition, case: Case | None, before: Before, step: CompiledStep
) -> tuple[Who, ...] | None:
    if not any(right.kind in ("role", "field", "assignee") for right in step.by):
        return None
    found = who_can(definition, case, before, step, everybody.actors, everybody.facts)
    return tuple(_named(definition, each, everybody.roster, everybody.facts.now) for each in found)


def somebody_else_may(reasons: Iterable[Reason]) -> bool:
    """Whether one of the reasons stands against the person rather than against the step."""
    return any(reason.code in PERSONAL for reason in reasons)


def _told(able: tuple[Who, ...] | None, access: Access) -> tuple[Who, ...] | None:
    people = access.people
    return able if able is None or people is None else tuple(each for each in able if each.able.person in people)


def _named(definition: CompiledDefinition, able: Able, roster: Roster, now: datetime) -> Who:
    stands_for = roster.names.get(able.on_behalf_of, able.on_behalf_of) if able.on_behalf_of is not None else None
    able = replace(able, hindrances=masked_checks(definition, able.hindrances))  # read by anybody whom the step is refused
    return Who(able, roster.names[able.person], stands_for, roster.away_until(able.person, now))


def _step(definition: CompiledDefinition, case: Case, name: str) -> CompiledStep:
    """The step of this id or title: of the state, else of any other."""
    known = dict(definition.states[case.state].steps)
    for state in definition.states.values():
        for id, step in state.steps.items():
            known.setdefault(id, step)
    found = id_of(name, {id: step.title for id, step in known.items()})
    if found not in known:
        raise Unknown(
            Label("流程“{workflow}”没有步骤“{name}”。", "The workflow “{workflow}” has no step “{name}”.").fill(
                workflow=definition.workflow, name=name
            ),
            did_you_mean(name, [*known, *(each.title.zh for each in known.values()), *(each.title.en for each in known.values())]),
        )
    return known[found]
