"""The briefing: loads all that a decision may know – who acts, what he holds now, which calendars hold, which values are taken.

Reads through the unit of work that will record the decision, so that both see the same. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.command import Command, Correct, ExtendCalendar, Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Facts
from engine.core.form import Ask, persons_named
from engine.core.unique import wanted_values
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.store.unit_of_work import UnitOfWork
from roles.actor import Actor

INTEGRATION = Actor("integration", "integration")
"""Who acts when no person is named."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """`zone`: where dates are read in a process that names no calendar."""

    catalog: Catalog
    directory: Directory
    zone: ZoneInfo
    sampling_key: bytes

    def facts(
        self, unit: UnitOfWork, definition: CompiledDefinition, case: Case | None, command: Command, person: str | None, now: datetime
    ) -> Facts:
        """The facts of one decision. Raises Unknown for a person who does not exist."""
        data = command.data if isinstance(command, OpenCase | Fire | Correct) else {}
        asks = _asks(definition, case, command)
        roster = self.directory.roster(unit.staff_version())
        edition = unit.edition() if case is None or isinstance(command, ExtendCalendar) else case.edition
        facts = Facts(
            now=now,
            actor=roster.actor(person, now) if person is not None else INTEGRATION,
            zone=self.zone_of(definition),
            lineages=roster.lineages,
            people=roster.facts_about(persons_named(asks, data), now),
            calendars=self.catalog.calendars(definition, edition),
            edition=edition,
            sampling_key=self.sampling_key,
        )
        wanted = wanted_values(definition, case, asks, data, facts)
        return replace(facts, taken=unit.taken(definition.workflow, wanted, case.id if case is not None else None)) if wanted else facts

    def facts_to_look(self, definition: CompiledDefinition, case: Case, person: str, now: datetime) -> Facts:
        """The facts for showing a person what he may do; nothing is looked up that only a form could name."""
        roster = self.directory.roster()
        return Facts(
            now=now,
            actor=roster.actor(person, now),
            zone=self.zone_of(definition),
            lineages=roster.lineages,
            calendars=self.catalog.calendars(definition, case.edition),
            edition=case.edition,
            sampling_key=self.sampling_key,
        )

    def zone_of(self, definition: CompiledDefinition) -> ZoneInfo:
        """Where the dates of a process are read: in its calendar's zone, else in that of the installation."""
        return self.zone if definition.calendar is None else definition.calendars[definition.calendar].zone


def _asks(definition: CompiledDefinition, case: Case | None, command: Command) -> tuple[Ask, ...]:
    if isinstance(command, OpenCase):
        start = definition.starts.get(command.start)
        return start.form.asks if start is not None else ()
    if isinstance(command, Fire) and case is not None:
        step = definition.states[case.state].steps.get(command.transition)
        return step.form.asks if step is not None else ()
    names = command.data if isinstance(command, Correct) else {}
    return tuple(Ask(rule, optional=True) for name, rule in definition.fields.items() if name in names)
