"""Units, people, who holds which role from when until when, who is away and who acts for whom.

Knows no role file: which roles exist, and which delegations are allowed, is checked above.

Every change gives the staff a new version, which a unit of work reads beside the case: whoever keeps the staff in memory
learns of a revocation with the very next move (DESIGN law 9).
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, or_, select, update

from engine.core.codec import decode_instant, encode_instant
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.store.schema import STAFF_VERSION, assignments, meta, people, units
from engine.store.schema import absences as absence_table
from engine.store.schema import delegations as delegation_table
from engine.store.snapshot import optional_instant
from roles.absence import Absence
from roles.assignment import Assignment
from roles.delegation import Delegation
from roles.staff import Held, KnownAbsence, KnownDelegation, Person, Staff, Unit


def version(connection: Connection) -> str:
    """Changes with everything this module keeps."""
    found: str = connection.execute(select(meta.c.value).where(meta.c.key == STAFF_VERSION)).scalar_one()
    return found


def staff(connection: Connection) -> Staff:
    """Everything this module keeps."""
    return Staff(
        version(connection),
        tuple(all_units(connection)),
        tuple(all_people(connection)),
        tuple(assignments_of(connection)),
        tuple(absences(connection)),
        tuple(delegations(connection)),
    )


def hold(connection: Connection) -> None:
    """Nobody else changes anything of this until the transaction ends, and what is read now stays so.

    Whatever changes rows that are there already begins with it, so that no two wait for each other in a ring.
    """
    connection.execute(select(meta.c.value).where(meta.c.key == STAFF_VERSION).with_for_update())


def save_unit(connection: Connection, unit: Unit) -> bool:
    """Add or change a unit; False when it is so already. Raises Unknown for a parent that does not exist."""
    hold(connection)
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
    hold(connection)
    known = person_by_id(connection, person.id)
    if known == person:
        return False
    row = {"name": person.name, "disabled_at": optional_instant(person.disabled_at), "email": person.email, "kind": person.kind}
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
    hold(connection)
    mine = and_(assignments.c.person == person, assignments.c.role == role, assignments.c.unit.is_not_distinct_from(unit))
    instant = encode_instant(at)
    future = connection.execute(assignments.delete().where(mine, assignments.c.since >= instant)).rowcount
    lasting = or_(assignments.c.until.is_(None), assignments.c.until > instant)
    ended = connection.execute(update(assignments).where(mine, lasting).values(until=instant)).rowcount
    if future + ended:
        _renew(connection)
    return future + ended


def add_absence(connection: Connection, absence: Absence, *, at: datetime, by: str, reason: str | None) -> int:
    """Record an absence and answer its id. Raises Unknown for a person who does not exist."""
    _require_person(connection, absence.person)
    row = {"person": absence.person, **_lasting(absence), "reason": reason, "recorded_at": encode_instant(at), "recorded_by": by}
    return _add(connection, absence_table, row)


def end_absence(connection: Connection, id: int, at: datetime) -> bool:
    """The person is there again from this instant; an absence that would only have begun later is taken back altogether.

    False when it was over already, or there is none with this id.
    """
    return _end(connection, absence_table, id, at)


def absences(connection: Connection) -> list[KnownAbsence]:
    """All absences ever recorded, by person and in order of time."""
    order = (absence_table.c.person, absence_table.c.since, absence_table.c.id)
    return [
        KnownAbsence(
            row.id,
            Absence(row.person, decode_instant(row.since), decode_instant(row.until)),
            row.reason,
            decode_instant(row.recorded_at),
            row.recorded_by,
        )
        for row in connection.execute(select(absence_table).order_by(*order))
    ]


def add_delegation(connection: Connection, delegation: Delegation, *, at: datetime, by: str, reason: str | None) -> int:
    """Record a delegation and answer its id. Raises Unknown for a person who does not exist. Circles are refused by the caller."""
    _require_person(connection, delegation.delegator)
    _require_person(connection, delegation.delegate)
    persons = {"delegator": delegation.delegator, "delegate": delegation.delegate, "role": delegation.role}
    row = {**persons, **_lasting(delegation), "reason": reason, "recorded_at": encode_instant(at), "recorded_by": by}
    return _add(connection, delegation_table, row)


def end_delegation(connection: Connection, id: int, at: datetime) -> bool:
    """Nobody acts by it from this instant; one that would only have begun later is taken back altogether.

    False when it was over already, or there is none with this id.
    """
    return _end(connection, delegation_table, id, at)


def delegations(connection: Connection) -> list[KnownDelegation]:
    """All delegations ever recorded, by delegator and in order of time."""
    order = (delegation_table.c.delegator, delegation_table.c.since, delegation_table.c.id)
    return [
        KnownDelegation(
            row.id,
            Delegation(row.delegator, row.delegate, row.role, decode_instant(row.since), decode_instant(row.until)),
            row.reason,
            decode_instant(row.recorded_at),
            row.recorded_by,
        )
        for row in connection.execute(select(delegation_table).order_by(*order))
    ]


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


def name_of(connection: Connection, id: str) -> str:
    """What somebody is called; the bare id of whom there is not."""
    found = person_by_id(connection, id)
    return found.name if found is not None else id


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
        Person(row.id, row.name, None if row.disabled_at is None else decode_instant(row.disabled_at), row.email, row.kind)
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


def _lasting(given: Absence | Delegation) -> dict[str, str]:
    return {"since": encode_instant(given.since), "until": encode_instant(given.until)}


def _add(connection: Connection, table: Table, row: dict[str, str | None]) -> int:
    id: int = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
    _renew(connection)
    return id


def _end(connection: Connection, table: Table, id: int, at: datetime) -> bool:
    hold(connection)
    instant = encode_instant(at)
    taken_back = connection.execute(table.delete().where(table.c.id == id, table.c.since >= instant)).rowcount
    ended = connection.execute(update(table).where(table.c.id == id, table.c.until > instant).values(until=instant)).rowcount
    if taken_back + ended:
        _renew(connection)
    return taken_back + ended > 0


def _renew(connection: Connection) -> None:
    connection.execute(update(meta).where(meta.c.key == STAFF_VERSION).values(value=secrets.token_hex(8)))
