"""A crew for the matrix of rights: for every role a holder of each kind, whoever stands in for him, and those who have no right at all.

The same lists make the register that the judge reads and the staff that the engine reads, so that both speak of the same people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from engine.label import verbatim
from engine.store import people as store
from engine.store.database import Database
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.roster import Roster
from roles.staff import Held, KnownDelegation, Person, Staff, Unit
from tests.rig.judge import Register

NOW = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
DAY = timedelta(days=1)
UNITS = {"head": None, "north": "head", "south": "head", "north-1": "north", "south-1": "south"}
"""unit → the one above it. The cases of the matrix belong to north-1."""
LINEAGE = ("north-1", "north", "head")


@dataclass(frozen=True)
class Crew:
    """The people of a matrix."""

    register: Register
    roster: Roster


def crew(roles: Iterable[str]) -> Crew:
    """For each role: its holder in the shop, in another shop, above it and everywhere; one who held it, and one disabled who holds it;
    somebody who stands in for the holder in this role, in all he is, or did until yesterday; one who stands in for the other shop's."""
    holds: list[tuple[str, str, str | None, datetime, datetime | None]] = []
    loans: list[tuple[str, str, str | None, datetime, datetime]] = []
    people = ["nobody"]
    disabled = []
    for role in roles:
        for kind, unit in (("here", "north-1"), ("there", "south-1"), ("above", "north"), ("anywhere", None), ("gone", "north-1")):
            holds.append((f"{kind}.{role}", role, unit, NOW - 9 * DAY, None))
        holds.append((f"former.{role}", role, None, NOW - 9 * DAY, NOW))
        disabled.append(f"gone.{role}")
        for kind, delegator, limit, until in (
            ("deputy", "here", role, NOW + DAY),
            ("double", "here", None, NOW + DAY),
            ("stranger", "there", role, NOW + DAY),
            ("expired", "here", role, NOW),
            ("left", "gone", role, NOW + DAY),
        ):
            loans.append((f"{delegator}.{role}", f"{kind}.{role}", limit, NOW - DAY, until))
        people += [f"{kind}.{role}" for kind in ("here", "there", "above", "anywhere", "gone", "former")]
        people += [f"{kind}.{role}" for kind in ("deputy", "double", "stranger", "expired", "left")]
    register = Register(NOW, tuple(holds), tuple(loans), frozenset(disabled))
    return Crew(register, Roster(_staff(people, register)))


def programs(roles: Iterable[str]) -> dict[str, tuple[tuple[str, str | None], ...]]:
    """Other programs → what they hold: the right of an integration here, elsewhere or everywhere, a role of staff, or nothing."""
    return {
        "prog-here": (("integration", "north-1"),),
        "prog-there": (("integration", "south-1"),),
        "prog-above": (("integration", "head"),),
        "prog-anywhere": (("integration", None),),
        "prog-none": (),
        **{f"prog-{role}": ((role, "north-1"),) for role in roles},
    }


def with_programs(people: Crew, roles: Iterable[str]) -> Crew:
    """The same crew with these programs beside it."""
    held = programs(roles)
    holds = tuple((name, role, unit, NOW - 9 * DAY, None) for name, grants in held.items() for role, unit in grants)
    register = replace(people.register, holds=(*people.register.holds, *holds))
    staff = _staff([*people.roster.people], register)
    return Crew(register, Roster(replace(staff, people=(*staff.people, *(Person(each, each, kind="service") for each in held)))))


def enrol(database: Database, people: Crew) -> None:
    """Take the crew into a database."""
    with database.write() as connection:
        for unit in people.roster.units.values():
            store.save_unit(connection, unit)
        for person in people.roster.people.values():
            store.save_person(connection, person)
        for each in people.register.holds:
            store.assign(connection, Assignment(*each), at=NOW, by="test")
        for loan in people.register.loans:
            store.add_delegation(connection, Delegation(*loan), at=NOW, by="test", reason=None)


def _staff(people: list[str], register: Register) -> Staff:
    return Staff(
        version="1",
        units=tuple(Unit(unit, verbatim(unit), above) for unit, above in UNITS.items()),
        people=tuple(Person(each, each, NOW - DAY if each in register.disabled else None) for each in people),
        held=tuple(Held(place, Assignment(*each), NOW, "test") for place, each in enumerate(register.holds)),
        delegations=tuple(KnownDelegation(place, Delegation(*each), None, NOW, "test") for place, each in enumerate(register.loans)),
    )
