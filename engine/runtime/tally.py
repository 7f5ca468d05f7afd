"""How much work there is, and by what it may be narrowed: the counts beside the filters of somebody's work. Reads nothing itself.

What is counted may be his; what was looked at and does not wait for him is left out before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engine.core.compiled import CompiledDefinition
from engine.label import Label, verbatim
from engine.runtime.days import midnight
from engine.store.worklist import Candidate, Narrowing, Reach

Whose = Literal["mine", "for", "pool"]
"""He holds it · somebody for whom he stands in · anybody like him may see to it."""
WHOSE: tuple[Whose, ...] = ("mine", "for", "pool")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of somebody's work only this; what is None does not narrow. All by id."""

    whose: Whose | None = None
    workflow: str | None = None
    state: str | None = None
    unit: str | None = None
    is_late: bool = False

    def narrowing(self, now: datetime) -> Narrowing:
        """The same for the store, but for whose it is."""
        return Narrowing(self.workflow, self.state, self.unit, now if self.is_late else None)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks, and all in whose place he stands, himself included."""

    person: str
    persons: frozenset[str]

    def whose(self, candidate: Candidate) -> Whose:
        """Whose a case is, seen from here."""
        if candidate.assignee == self.person:
            return "mine"
        return "for" if candidate.assignee in self.persons else "pool"

    def narrowed(self, reach: Reach, whose: Whose | None) -> Reach:
        """Of all that is reached, what is his in this way."""
        if whose is None:
            return reach
        holders = {"mine": reach.holders & {self.person}, "for": reach.holders - {self.person}, "pool": frozenset[str]()}
        return Reach(holders[whose], reach.pools if whose == "pool" else ())


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow by. `cases`: how many that would be, None: not counted."""

    id: str
    title: Label
    cases: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """What of it is overdue, what becomes due before midnight, what waits for somebody outside."""

    late: int
    due: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there is. `cases`: None where they are many; of `is_exact` False some of them may turn out not to wait for him.

    `states`: those of the chosen workflow.
    """

    cases: int | None
    is_exact: bool
    whose: Mapping[Whose, int | None]
    workflows: tuple[Choice, ...]
    states: tuple[Choice, ...]
    units: tuple[Choice, ...]
    today: Today | None


def fits(candidate: Candidate, chosen: Chosen, seat: Seat, now: datetime) -> bool:
    """Whether a case is among the chosen."""
    asked = ((chosen.workflow, candidate.workflow), (chosen.state, candidate.state), (chosen.unit, candidate.unit))
    if any(wanted is not None and wanted != found for wanted, found in asked):
        return False
    return chosen.whose in (None, seat.whose(candidate)) and (not chosen.is_late or _is_late(candidate, now))


def tally(
    everything: Collection[Candidate],
    known: Collection[str],
    chosen: Chosen,
    seat: Seat,
    definition_of: Callable[[str], CompiledDefinition],
    units: Mapping[str, Label],
    now: datetime,
    zone: ZoneInfo,
) -> Tally:
    """Count what may be his. `known`: the numbers of those that are; `units`: their titles."""

    def among(loosened: Chosen) -> list[Candidate]:
        return [each for each in everything if fits(each, loosened, seat, now)]

    here, whoever, whenever = among(chosen), among(replace(chosen, whose=None)), among(replace(chosen, is_late=False))
    return Tally(
        cases=len(here),
        is_exact=all(each.number in known or seat.whose(each) != "pool" for each in here),
        whose={each: sum(seat.whose(candidate) == each for candidate in whoever) for each in WHOSE},
        workflows=_choices((each.workflow, definition_of(each.digest).title) for each in among(replace(chosen, workflow=None, state=None))),
        states=_choices(
            (each.state, definition_of(each.digest).states[each.state].title)
            for each in among(replace(chosen, state=None))
            if chosen.workflow is not None
        ),
        units=_choices(
            (each.unit, units.get(each.unit, verbatim(each.unit))) for each in among(replace(chosen, unit=None)) if each.unit is not None
        ),
        today=Today(
            late=sum(_is_late(each, now) for each in whenever),
            due=sum(_is_due_today(each, now, zone) for each in whenever),
            waiting=sum(definition_of(each.digest).states[each.state].waits_on is not None for each in whenever),
        ),
    )


def _choices(found: Iterable[tuple[str, Label]]) -> tuple[Choice, ...]:
    """One for each id, that with most cases first."""
    choices: dict[str, Choice] = {}
    for id, title in found:
        known = choices.get(id, Choice(id, title, 0))
        choices[id] = replace(known, cases=(known.cases or 0) + 1)
    return tuple(sorted(choices.values(), key=lambda each: (-(each.cases or 0), each.id)))


def _is_late(candidate: Candidate, now: datetime) -> bool:
    return candidate.place.due_at is not None and candidate.place.due_at <= now


def _is_due_today(candidate: Candidate, now: datetime, zone: ZoneInfo) -> bool:
    """Until the midnight that ends the day, which belongs to it: people call it 24:00."""
    due_at = candidate.place.due_at
    return due_at is not None and now < due_at <= midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
