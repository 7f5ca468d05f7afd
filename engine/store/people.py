"""Units, people and who holds which role from when until when. Knows no role file: which roles exist is checked above.

Every change gives the staff a new version, which a unit of work reads beside the case: whoever keeps the staff in memory
learns of a revocation with the very next move (DESIGN law 9).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from engine.core.codec import decode_instant, encode_instant
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.store.schema import STAFF_VERSION, assignments, meta, people, units
from engine.store.snapshot import optional_instant
from roles.assignment import Assignment


@dataclass(frozen=True, slots=True)
class Unit:
    """A place of the organisation: a shop, a centre, a headquarters."""

    id: str
    title: Label
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act."""

    id: str
    name: str
    disabled_at: datetime | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment as recorded: by whom and when."""

    id: int
    assignment: Assignment
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody at one version."""

    version: str
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    held: tuple[Held, ...]


def version(connection: Connection) -> str:
    """Changes with everything this module keeps."""
    found: str = connection.execute(select(meta.c.value).where(meta.c.key == STAFF_VERSION)).scalar_one()
    return found


def staff(connection: Connection) -> Staff:
    """Everything this module keeps."""
    return Staff(version(connection), tuple(all_units(connection)), tuple(all_people(connection)), tuple(assignments_of(connection)))


def save_unit(connection: Connection, unit: Unit) -> bool:
    """Add or change a unit; False when it is so already. Raises Unknown for a parent that does not exist."""
    known = {each.id: each for each in all_units(connection)}
    if known.get(unit.id) == unit:
        return False
    _require_unit(unit.parent, known)
    row = {"title_zh": unit.title.zh, "title_en": unit.title.en, "parent": unit.parent}
    if unit.id in known:
        connection.execute(update(units).where(units.c.id == unit.id).values(row))
    else:
        connection.execute(insert(units).values(id=unit.id, **row))
    _renew(connection)
    return True


def save_person(connection: Connection, person: Person) -> bool:
    """Add or change a person; False when all is so already."""
    known = person_by_id(connection, person.id)
    if known == person:
        return False
    row = {"name": person.name, "disabled_at": optional_instant(person.disabled_at), "email": person.email}
    if known is None:
        connection.execute(insert(people).values(id=person.id, **row))
    else:
        connection.execute(update(people).where(people.c.id == person.id).values(row))
    _renew(connection)
    return True


def disable(connection: Connection, person: str, at: datetime) -> None:
    """From this instant the person holds nothing. Raises Unknown."""
    save_person(connection, replace(_require_person(connection, person), disabled_at=at))


def assign(connection: Connection, assignment: Assignment, *, at: datetime, by: str) -> Held:
    """Record an assignment. Raises Unknown for a person or unit that does not exist. Exclusions are checked by the caller."""
    _require_person(connection, assignment.person)
    _require_unit(assignment.unit, {each.id: each for each in all_units(connection)})
    row = {
        "person": assignment.person,
        "role": assignment.role,
        "unit": assignment.unit,
        "since": encode_instant(assignment.since),
        "until": optional_instant(assignment.until),
        "recorded_at": encode_instant(at),
        "recorded_by": by,
    }
    id = connection.execute(insert(assignments).values(row).returning(assignments.c.id)).scalar_one()
    _renew(connection)
    return Held(id, assignment, at, by)


def revoke(connection: Connection, person: str, role: str, unit: str | None, at: datetime) -> int:
    """End, at this instant, what the person holds of the role in the unit now or later; how many assignments ended.

    One that would only have begun later is taken back altogether.
    """
    mine = and_(assignments.c.person == person, assignments.c.role == role, assignments.c.unit.is_not_distinct_from(unit))
    instant = encode_instant(at)
    future = connection.execute(assignments.delete().where(mine, assignments.c.since >= instant)).rowcount
    lasting = or_(assignments.c.until.is_(None), assignments.c.until > instant)
    ended = connection.execute(update(assignments).where(mine, lasting).values(until=instant)).rowcount
    if future + ended:
        _renew(connection)
    return future + ended


def all_units(connection: Connection) -> list[Unit]:
    """All units, by id."""
    return [Unit(row.id, Label(row.title_zh, row.title_en), row.parent) for row in connection.execute(select(units).order_by(units.c.id))]


def all_people(connection: Connection) -> list[Person]:
    """All people, disabled ones too, by id."""
    return _people(connection)


def person_by_id(connection: Connection, id: str) -> Person | None:
    """The person with this id."""
    found = _people(connection, people.c.id == id)
    return found[0] if found else None


def assignments_of(connection: Connection, person: str | None = None) -> list[Held]:
    """All assignments ever recorded, of one person or of all."""
    return _held(connection, *([assignments.c.person == person] if person is not None else []))


def overlapping(connection: Connection, assignment: Assignment) -> list[Held]:
    """What the same person holds at some instant of this assignment: what roles that must stay apart are checked against."""
    return [held for held in assignments_of(connection, assignment.person) if held.assignment.overlaps(assignment)]


def _held(connection: Connection, *conditions: ColumnElement[bool]) -> list[Held]:
    query = select(assignments).join(people, people.c.id == assignments.c.person).where(*conditions)
    return [
        Held(
            id=row.id,
            assignment=Assignment(
                row.person, row.role, row.unit, decode_instant(row.since), None if row.until is None else decode_instant(row.until)
            ),
            recorded_at=decode_instant(row.recorded_at),
            recorded_by=row.recorded_by,
        )
        for row in connection.execute(query.order_by(assignments.c.person, assignments.c.id))
    ]


def _people(connection: Connection, *conditions: ColumnElement[bool]) -> list[Person]:
    return [
        Person(row.id, row.name, None if row.disabled_at is None else decode_instant(row.disabled_at), row.email)
        for row in connection.execute(select(people).where(*conditions).order_by(people.c.id))
    ]


def _require_person(connection: Connection, id: str) -> Person:
    person = person_by_id(connection, id)
    if person is None:
        known = [each.id for each in all_people(connection)]
        raise Unknown(Label("没有人员“{id}”。", "There is no person “{id}”.").fill(id=id), did_you_mean(id, known))
    return person


def _require_unit(id: str | None, known: dict[str, Unit]) -> None:
    if id is not None and id not in known:
        raise Unknown(Label("没有单位“{id}”。", "There is no unit “{id}”.").fill(id=id), did_you_mean(id, known))


def _renew(connection: Connection) -> None:
    connection.execute(update(meta).where(meta.c.key == STAFF_VERSION).values(value=secrets.token_hex(8)))
