"""Facts: all that a decision may know beyond definition, case and command. Loaded by the shell, so the core reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.timing.calendar import WorkingCalendar
from roles.actor import Actor, Grant


@dataclass(frozen=True, slots=True)
class Facts:
    """One frozen answer sheet per decision.

    `now` is aware, in UTC, and not before the case's last instant (the shell sees to that). Ids are given, never made
    here: `case_id` and `number` are the ones a new case will have.
    """

    now: datetime
    actor: Actor
    zone: ZoneInfo
    """The zone in which `today()` and dates are read."""
    lineages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """unit → itself and the units above it, nearest first."""
    people: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    """The persons named in the command's data who exist and are not disabled → what they hold now."""
    taken: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(field, value as canonical text) → number of another case that has it, for fields that must be unique."""
    case_id: str = ""
    number: str = ""
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    """The calendars that the definition names, with the official holidays of `edition`."""
    edition: int = 0
    """The edition of official holidays that this decision goes by; never below the one of the case."""
    sampling_key: bytes = b""
    """The secret of `sampled(n)`: repeatable, not predictable by the worker."""

    def lineage(self, unit: str | None) -> tuple[str, ...]:
        """A unit and those above it; a unit that is gone stands alone, no unit has none."""
        return self.lineages.get(unit, (unit,)) if unit else ()
