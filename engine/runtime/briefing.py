"""The briefing: loads all that a decision may know – who acts, what he holds now, which calendars hold, which values are taken.

Reads through the unit of work that will record the decision, so that both see the same. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.approval import signers
from engine.core.authority import working
from engine.core.case import Case
from engine.core.command import Assign, Command, Correct, ExtendCalendar, Fire, OpenCase, Raw
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.facts import Candidate, Facts
from engine.core.form import Ask, Form, cases_named, files_named, persons_named
from engine.core.kind import Attachment, attachments_in, persons_in
from engine.core.unique import wanted_values
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory, Roster
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.lineage import earlier_before, earlier_of
from engine.store.reader import Reader
from engine.store.unit_of_work import UnitOfWork
from roles.actor import Actor

INTEGRATION = Actor("integration", "integration")
"""Who acts when no person is named."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """`zone`: where dates are read in a process that names no calendar."""

    catalog: Catalog
    directory: Directory
    hierarchy: Hierarchy
    zone: ZoneInfo
    sampling_key: bytes

    def facts(
        self, unit: UnitOfWork, definition: CompiledDefinition, case: Case | None, command: Command, person: str | None, now: datetime
    ) -> Facts:
        """The facts of one decision. Raises Unknown for a person who does not exist."""
        data = _data(case, command)
        step = _step(definition, case, command)
        form = _form(definition, step, command)
        roster = self.directory.roster(unit.staff_version())
        edition = unit.edition() if case is None or isinstance(command, ExtendCalendar) else case.edition
        named = persons_named(form, data) if form.refers else frozenset()
        if case is not None and step is not None and step.id in case.signing:
            named |= signers(case.signing[step.id].signatures)
        away, picked = roster.away(now), definition.pools(step)
        if isinstance(command, Assign) and case is not None:
            named |= _could_hold(definition, case, command, roster, now)
        facts = Facts(
            now=now,
            actor=roster.actor(person, now) if person is not None else INTEGRATION,
            zone=self.zone_of(definition),
            lineages=roster.lineages,
            people=roster.facts_about(named, now),
            calendars=self.catalog.calendars(definition, edition),
            edition=edition,
            sampling_key=self.sampling_key,
            away=away,
            pools={role: _pool(unit, roster, role, now) for role in sorted(picked)},
            superiors=self.hierarchy.superiors if away or picked or isinstance(command, Assign) else {},
            links=unit.workflows_of(linked) if form.refers and (linked := sorted(cases_named(form, data))) else {},
            files=_files(unit, case, form, data) if form.refers else {},
        )
        if definition.reads_earlier:
            facts = replace(facts, earlier=earlier_before(unit, self.catalog, definition, case, form.asks, data, facts))
        wanted = wanted_values(definition, case, form.asks, data, facts)
        return replace(facts, taken=unit.taken(definition.workflow, wanted, case.id if case is not None else None)) if wanted else facts

    def facts_to_look(
        self, definition: CompiledDefinition, case: Case | None, person: str | None, now: datetime, reader: Reader | None = None
    ) -> Facts:
        """The facts for showing a person what he may do; nothing is looked up that only a form could name.

        `reader`: through which the case was read, and now those around it – its parent, the others of its subject.
        """
        roster = self.directory.roster()
        edition = case.edition if case is not None else self.catalog.edition()
        signed = signers(each for signing in case.signing.values() for each in signing.signatures) if case is not None else ()
        parent = reader.case(case.parent.number) if reader is not None and case is not None and case.parent is not None else None
        return Facts(
            now=now,
            actor=roster.actor(person, now) if person is not None else INTEGRATION,
            zone=self.zone_of(definition),
            lineages=roster.lineages,
            calendars=self.catalog.calendars(definition, edition),
            edition=edition,
            sampling_key=self.sampling_key,
            people=roster.facts_about(signed, now),
            away=roster.away(now),
            earlier=earlier_of(reader, self.catalog, definition, case) if reader is not None and case is not None else (),
            parent_is_open=parent is None or parent.case.outcome is None,
        )

    def zone_of(self, definition: CompiledDefinition) -> ZoneInfo:
        """Where the dates of a process are read: in its calendar's zone, else in that of the installation."""
        return self.zone if definition.calendar is None else definition.calendars[definition.calendar].zone


def _step(definition: CompiledDefinition, case: Case | None, command: Command) -> CompiledStep | None:
    """The step that is asked for, if there is such a one."""
    if isinstance(command, OpenCase):
        return definition.starts.get(command.start)
    if isinstance(command, Fire) and case is not None:
        return definition.states[case.state].steps.get(command.transition)
    return None


def _data(case: Case | None, command: Command) -> Raw:
    """What the command fills in; of a step that several sign, also what was signed already."""
    signing = case.signing.get(command.transition) if case is not None and isinstance(command, Fire) else None
    data = command.data if isinstance(command, OpenCase | Fire | Correct) else {}
    return data if signing is None else {**signing.form, **data}


def _form(definition: CompiledDefinition, step: CompiledStep | None, command: Command) -> Form:
    """What is filled in: the form of the step, or the fields that are corrected."""
    if step is not None:
        return step.form
    names = command.data if isinstance(command, Correct) else {}
    return Form(tuple(Ask.mending(rule, optional=True) for name, rule in definition.fields.items() if name in names))


def _files(unit: UnitOfWork, case: Case | None, form: Form, data: Raw) -> dict[str, Attachment]:
    """The stored files that the data names; one that stays in its field keeps the name it has there."""
    named = sorted(files_named(form, data))
    if not named:
        return {}
    held = {file.id: file.name for ask in form.asks for file in attachments_in(case.data.get(ask.field.id) if case is not None else None)}
    return {id: Attachment(id, held.get(id, id[:12]), size, media) for id, (size, media) in unit.files(named).items()}


def _pool(unit: UnitOfWork, roster: Roster, role: str, now: datetime) -> tuple[Candidate, ...]:
    """The holders of a role who are there, and what they have to do."""
    there = roster.pool(role, now)
    found = unit.candidates(sorted(there), role)
    return tuple(replace(found[person], units=there[person]) for person in sorted(there))


def _could_hold(definition: CompiledDefinition, case: Case, command: Assign, roster: Roster, now: datetime) -> frozenset[str]:
    """Whom a case could be given to: who takes part in its process, stands in one of its fields, or is named."""
    holders = (person for role in working(definition) for tier in roster.tiers(role, (), now) for person in tier)
    fields = (name for name, rule in definition.fields.items() if rule.kind.name in ("person", "people"))
    named = (person for name in fields for person in persons_in(case.data.get(name)))
    return frozenset((*holders, *named, *([command.person] if command.person is not None else [])))
