"""The brief: all that a decision may know – who acts, what he holds now, which values are taken – put together for one command.

What people are is asked of a roster, what other cases are of an `Archive`. Decides nothing; `engine.runtime.briefing` has the archive of
a database, a scenario that of its stage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.core.approval import signers
from engine.core.authority import working
from engine.core.calculation import filled
from engine.core.called import Called
from engine.core.case import Case
from engine.core.command import Assign, Command, Correct, Fire, OpenCase, Raw
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.facts import Candidate, Facts
from engine.core.field import Unreadable, Until
from engine.core.form import Ask, Form, cases_named, files_named, persons_named
from engine.core.kind import Attachment, Row, Value, attachments_in, persons_in
from engine.core.unique import wanted_values
from engine.timing.calendar import WorkingCalendar
from roles.actor import Actor, Grant
from roles.policy import known
from roles.roster import Roster

INTEGRATION = Actor("integration", "integration", frozenset({Grant("integration")}))
"""Who acts when nobody is named: whoever works at the machine itself may do what a program may, everywhere."""


class Archive(Protocol):
    """What is known of other cases, and of files, when a decision is made."""

    def superiors(self) -> Mapping[str, str]:
        """role → the role it reports to."""
        ...

    def candidates(self, persons: Sequence[str], role: str) -> Mapping[str, Candidate]:
        """person → how many open cases he holds, and when one was last given to him because of this role."""
        ...

    def workflows_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """number → workflow, for the cases that there are for whoever acts."""
        ...

    def files(self, ids: Sequence[str]) -> Mapping[str, tuple[int, str]]:
        """id → its size in bytes and its media type, for the contents that are kept."""
        ...

    def earlier(self, definition: CompiledDefinition, subject: str, besides: str | None) -> tuple[Row, ...]:
        """The cases of a subject but for the one with this id, oldest first, as the definition reads them."""
        ...

    def taken(self, workflow: str, wanted: Sequence[tuple[str, str, Until]], besides: str | None) -> Mapping[tuple[str, str], str | None]:
        """(field, value as canonical text) → number of another case of the workflow that holds it; only what is held.

        None for one that whoever acts does not see.
        """
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a decision is made: `zone` of its dates, and the calendars of the definition as of an edition of holidays."""

    zone: ZoneInfo
    calendars: Mapping[str, WorkingCalendar]
    edition: int
    sampling_key: bytes


def brief(
    definition: CompiledDefinition,
    case: Case | None,
    command: Command,
    actor: Actor,
    now: datetime,
    place: Place,
    roster: Roster,
    archive: Archive,
) -> Facts:
    """The facts of one decision, all but what only an undo, a family or an opening needs besides."""
    data = _data(case, command)
    step = _step(definition, case, command)
    form = _form(definition, step, command)
    named = persons_named(form, data) if form.refers else frozenset()
    if named and not is_handed_over(command):
        named = _told(named, case, actor, roster, now)
    if case is not None and step is not None and step.id in case.signing:
        named |= signers(case.signing[step.id].signatures)
    away, picked = roster.away(now), definition.pools(step)
    if isinstance(command, Assign) and case is not None:
        named |= _could_hold(definition, case, command, roster, now)
    facts = Facts(
        now=now,
        actor=actor,
        zone=place.zone,
        lineages=roster.lineages,
        people=roster.facts_about(named, now),
        calendars=place.calendars,
        edition=place.edition,
        sampling_key=place.sampling_key,
        away=away,
        pools={role: _pool(archive, roster, role, now) for role in sorted(picked)},
        holders={role: roster.holders(role, now) for role in sorted(definition.asked_roles)},
        superiors=archive.superiors() if away or picked or isinstance(command, Assign) else {},
        links=archive.workflows_of(linked) if form.refers and (linked := sorted(cases_named(form, data))) else {},
        files=_files(archive, case, form, data) if form.refers else {},
        called=called_in(roster),
    )
    besides = case.id if case is not None else None
    if definition.reads_earlier:
        subject = _subject(definition, case, form.asks, data, facts)
        facts = replace(facts, earlier=archive.earlier(definition, subject, besides)) if subject is not None else facts
    wanted = wanted_values(definition, case, form.asks, data, facts)
    return replace(facts, taken=archive.taken(definition.workflow, wanted, besides)) if wanted else facts


def called_in(roster: Roster) -> Called:
    """How people and units are named at this version of the staff."""
    return Called(roster.names, roster.unit_titles)


def is_handed_over(command: Command) -> bool:
    """Whether the data come from the parent that opens the case: what they name was seen by whoever wrote it there."""
    return isinstance(command, OpenCase) and command.parent is not None


def _told(named: frozenset[str], case: Case | None, actor: Actor, roster: Roster, now: datetime) -> frozenset[str]:
    """Those of these persons whom the actor may name: he is told of them, they belong nowhere, or they stand in the case already."""
    if actor.kind not in ("person", "integration", "disabled"):
        return named  # neither a customer nor the system looks anybody up
    standing = {person for value in (case.data.values() if case is not None else ()) for person in persons_in(value)}
    found = roster.facts_about(named, now).items()
    return frozenset(each for each, grants in found if each in standing or not grants or known(actor, grants, roster.lineages))


def earlier_row(definition: CompiledDefinition, other: CompiledDefinition, case: Case) -> Row:
    """A case as `earlier` has it: what every case has, and the fields that both documents call and type the same."""
    cells: dict[str, Value | None] = {
        name: case.data.get(name)
        for name, kind in definition.kinds.items()
        if other.kinds.get(name) == kind and name not in other.personal and _fits(definition, name, case.data.get(name))
    }
    cells |= {"workflow": case.workflow, "number": case.number, "open": case.outcome is None, "outcome": case.outcome}
    cells |= {"opened_at": case.opened_at, "ended_at": case.ended_at}
    return Row(case.id, filled(cells))


def _fits(definition: CompiledDefinition, name: str, value: Value | None) -> bool:
    """A choice that this document does not know is no value of its field."""
    rule = definition.fields.get(name)
    return rule is not None and (rule.choices is None or value in rule.choices)


def _subject(definition: CompiledDefinition, case: Case | None, asks: Sequence[Ask], data: Raw, facts: Facts) -> str | None:
    """The subject as it will be: that of the form, else that of the case; None for a form that cannot be read."""
    value = case.data.get(definition.subject) if case is not None and definition.subject is not None else None
    for field in (ask.field for ask in asks if ask.field.id == definition.subject):
        try:
            value = field.read(data.get(field.id), facts, ())
        except Unreadable:
            return None  # the decision itself will say so
    return str(value) if value is not None else None


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


def _files(archive: Archive, case: Case | None, form: Form, data: Raw) -> dict[str, Attachment]:
    """The stored files that the data names; one that stays in its field keeps the name it has there."""
    named = sorted(files_named(form, data))
    if not named:
        return {}
    held = {file.id: file.name for ask in form.asks for file in attachments_in(case.data.get(ask.field.id) if case is not None else None)}
    return {id: Attachment(id, held.get(id, id[:12]), size, media) for id, (size, media) in archive.files(named).items()}


def _pool(archive: Archive, roster: Roster, role: str, now: datetime) -> tuple[Candidate, ...]:
    """The holders of a role who are there, and what they have to do."""
    there = roster.pool(role, now)
    found = archive.candidates(sorted(there), role)
    return tuple(replace(found[person], units=there[person]) for person in sorted(there))


def _could_hold(definition: CompiledDefinition, case: Case, command: Assign, roster: Roster, now: datetime) -> frozenset[str]:
    """Whom a case could be given to: who takes part in its process, stands in one of its fields, or is named."""
    holders = (person for role in working(definition) for tier in roster.tiers(role, (), now) for person in tier)
    fields = (name for name, rule in definition.fields.items() if rule.kind.name in ("person", "people"))
    named = (person for name in fields for person in persons_in(case.data.get(name)))
    return frozenset((*holders, *named, *([command.person] if command.person is not None else [])))
