"""The setting of stories: the definitions that decide, the calendars with the official holidays, and which role reports to which.

Knows no file and no story, so that the same stories are told again with other definitions (`with_definition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from engine.core.compiled import CompiledDefinition
from engine.timing.calendar import WorkingCalendar
from engine.timing.official import Official, OfficialYear
from roles.registry import RoleRegistry

Calendars = Mapping[str, WorkingCalendar]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a story is told in. Build it with `of`.

    `zone`: where dates are read in a process that names no calendar. `superiors`: role → the role it reports to.
    """

    definitions: Mapping[str, CompiledDefinition]
    """workflow → its newest definition."""
    superiors: Mapping[str, str]
    zone: ZoneInfo
    officials: tuple[OfficialYear, ...]
    _calendars: Mapping[str, Calendars]
    """workflow → the calendars it names, with the official holidays."""

    @staticmethod
    def of(
        definitions: Iterable[CompiledDefinition], registry: RoleRegistry, zone: ZoneInfo, officials: tuple[OfficialYear, ...]
    ) -> Setting:
        """The setting of these definitions; `officials`: the decrees of holidays that hold."""
        newest = {each.workflow: each for each in definitions}
        superiors = {role.id: role.reports_to for role in registry.roles.values() if role.reports_to is not None}
        calendars = {name: _with_holidays(each, officials) for name, each in newest.items()}
        return Setting(newest, superiors, zone, officials, calendars)

    def with_definition(self, definition: CompiledDefinition) -> Setting:
        """The same with another definition in the place of the one of its workflow; quick where its calendars are the same."""
        name = definition.workflow
        before = self.definitions.get(name)
        calendars = self._calendars
        if before is None or before.calendars != definition.calendars:
            calendars = {**calendars, name: _with_holidays(definition, self.officials)}
        return replace(self, definitions={**self.definitions, name: definition}, _calendars=calendars)

    def calendars(self, definition: CompiledDefinition) -> Calendars:
        """The calendars that a definition of this setting names."""
        return self._calendars[definition.workflow]

    def zone_of(self, definition: CompiledDefinition) -> ZoneInfo:
        """Where the dates of a process are read: in its calendar's zone, else in that of the installation."""
        return self.zone if definition.calendar is None else definition.calendars[definition.calendar].zone


def _with_holidays(definition: CompiledDefinition, officials: tuple[OfficialYear, ...]) -> Calendars:
    return {
        name: replace(each, official=Official.of(each.country, officials)) if each.country is not None else each
        for name, each in definition.calendars.items()
    }
