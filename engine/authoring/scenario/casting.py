"""Who appears in a story: its units and people as a staff, what happens to them in it, and who acts under a word of `by`.

Whoever a story names holds his roles since long before it begins. Knows no case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.core.briefing import INTEGRATION
from engine.core.compiled import CompiledDefinition
from engine.core.family import PARENT
from engine.definition.scenario import RoleHeld, ScenarioFile
from engine.label import verbatim
from roles.absence import Absence
from roles.actor import Actor
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.roster import Roster
from roles.staff import Held, KnownAbsence, KnownDelegation, Person, Staff, Unit

SHOP = "shop"
"""The unit of a story that names none."""
TOP = "top"
"""What stands above the topmost unit of a story."""
OUTSIDERS = frozenset({INTEGRATION.id, PARENT.id})
"""Who may act without being a person of the story or a party."""
_LONG_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
_TELLER = "story"


def units_of(file: ScenarioFile) -> dict[str, str | None]:
    """unit → the one above it."""
    return {unit: None if above == TOP else above for unit, above in file.units.items()} or {SHOP: None}


def staff_of(file: ScenarioFile) -> Staff:
    """Everybody as the stories begin. Every unit and role that is named must exist (`reading`)."""
    units = units_of(file)
    held = [
        Assignment(person, role.role, role.unit, _LONG_BEFORE)
        if isinstance(role, RoleHeld)
        else Assignment(person, role, next(iter(units)), _LONG_BEFORE)
        for person, roles in file.people.items()
        for role in roles
    ]
    return Staff(
        "0",
        tuple(Unit(unit, verbatim(unit), above) for unit, above in units.items()),
        tuple(Person(person, person) for person in file.people),
        tuple(Held(number, each, _LONG_BEFORE, _TELLER) for number, each in enumerate(held, 1)),
    )


def left(staff: Staff, person: str, at: datetime) -> Staff:
    """Somebody has left and may do nothing any more."""
    return replace(staff, people=tuple(replace(each, disabled_at=at) if each.id == person else each for each in staff.people))


def away(staff: Staff, person: str, at: datetime, back: datetime) -> Staff:
    """Somebody is not there until he is back. Raises Misuse for an end that lies behind."""
    known = KnownAbsence(len(staff.absences) + 1, Absence(person, at, back), None, at, _TELLER)
    return replace(staff, absences=(*staff.absences, known))


def stands_in(staff: Staff, person: str, absent: str, role: str | None, at: datetime, back: datetime) -> Staff:
    """Somebody acts for another, in one role or in all. Raises Misuse for an end that lies behind, and for who stands in for himself."""
    known = KnownDelegation(len(staff.delegations) + 1, Delegation(absent, person, role, at, back), None, at, _TELLER)
    return replace(staff, delegations=(*staff.delegations, known))


def actor_of(word: str, definition: CompiledDefinition, roster: Roster, at: datetime) -> Actor:
    """Who acts under a word of `by`: a person of the story, a party, an integration, or a case that opens or cancels this one."""
    if word in roster.people:
        return roster.actor(word, at)
    if word in definition.parties:
        return Actor(word, "party", party=word)
    return INTEGRATION if word == INTEGRATION.id else PARENT
