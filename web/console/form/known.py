"""What a form must know beside its definition: the people and units that may be named now by whoever fills it.

The same people as the decision takes (`core.briefing`): he is told of them, or they stand in the case already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.field import FieldRule
from engine.core.form import Ask
from engine.core.kind import persons_in
from engine.core.wording import local
from engine.label import Label
from engine.runtime.titles import person_title
from roles.actor import Grant
from roles.policy import units_known
from roles.roster import Roster
from web.console.form.control import Choice, Known
from web.console.screen import Screen


def known_to(screen: Screen, definition: CompiledDefinition, case: Case | None, asks: Sequence[Ask], unit: str | None = None) -> Known:
    """All that these asks may name. `unit`: where a case that is opened will belong; one that there is has its own."""
    application = screen.application
    rules = tuple(_rules(asks))
    zone = zone_of(screen, definition)
    roles = {rule.role for rule in rules if rule.kind.name in ("person", "people")}
    known = Known(zone)
    if not roles and not any(rule.kind.name in ("unit", "case") for rule in rules):
        return known
    roster, now = application.directory.roster(), application.time.now()
    people = _People(screen, roster, now, case, case.unit if case is not None else unit)
    titles = {each.workflow: each.title for each in application.catalog.every_version()}
    units = [id for id in roster.unit_titles if screen.access.units is None or id in screen.access.units]
    return Known(
        zone,
        {role: people.choices(role) for role in roles},
        tuple(Choice(id, roster.unit_titles[id]) for id in units),
        {rule.workflow: titles[rule.workflow] for rule in rules if rule.workflow in titles},
    )


def zone_of(screen: Screen, definition: CompiledDefinition) -> ZoneInfo:
    """Where the instants of a process are typed: as the decision reads them."""
    return screen.application.settings.zone if definition.calendar is None else definition.calendars[definition.calendar].zone


def _rules(asks: Sequence[Ask]) -> Iterator[FieldRule]:
    for ask in asks:
        yield ask.field
        yield from (each.column for each in ask.rows.columns) if ask.rows is not None else ()


@dataclass(frozen=True, slots=True)
class _People:
    """Everybody at this instant, as far as he may name them."""

    screen: Screen
    roster: Roster
    now: datetime
    case: Case | None
    unit: str | None

    def choices(self, role: str | None) -> tuple[Choice, ...]:
        """The holders of a role where the case belongs, or everybody; those who are there first, and of them those of its unit."""
        roster, lineage = self.roster, self.roster.lineages.get(self.unit, (self.unit,)) if self.unit is not None else ()
        may_be_named = self._nameable()
        found = []
        for person in roster.people.values():
            if person.kind != "person" or not roster.is_active(person.id, self.now):
                continue
            grants = roster.actor(person.id, self.now).grants
            if (role is None or any(each.role == role and each.covers(lineage) for each in grants)) and may_be_named(person.id, grants):
                is_near = self.unit is None or any(each.unit == self.unit for each in grants)
                found.append((roster.away_until(person.id, self.now), is_near, person))
        found.sort(key=lambda each: (each[0] is not None, not each[1], each[2].name, each[2].id))
        return tuple(Choice(person.id, person_title(person.id, roster), self._away(until)) for until, _, person in found)

    def _nameable(self) -> Callable[[str, frozenset[Grant]], bool]:
        """Whether somebody who holds these may be named by him."""
        actor = self.screen.access.actor
        if actor is None:
            return lambda _person, _grants: True
        where = units_known(actor, self.roster.lineages)
        values = self.case.data.values() if self.case is not None else ()
        standing = frozenset(chain.from_iterable(persons_in(value) for value in values))
        return lambda person, grants: not grants or person in standing or any(grant.unit in where for grant in grants)

    def _away(self, until: datetime | None) -> Label | None:
        if until is None:
            return None
        return Label("不在岗至 {at}", "away until {at}").fill(at=local(until, self.screen.application.settings.zone))
