"""Changes to who is who: units, people and what they hold, checked against the role files before they are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.definition.organisation import Holding, PeopleFile
from engine.errors import Conflict, Misuse
from engine.label import Label
from engine.store import people
from engine.store.database import Database
from engine.store.people import Person, Unit
from roles.assignment import Assignment
from roles.registry import RoleRegistry


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a people file changed."""

    units: int
    people: int
    assignments: int


def assign(database: Database, registry: RoleRegistry, assignment: Assignment, *, at: datetime, by: str) -> None:
    """Give a person a role. Raises Unknown for a role, person or unit that does not exist, Conflict for roles kept apart."""
    with database.write() as connection:
        _assign(connection, registry, assignment, at=at, by=by)


def load(database: Database, registry: RoleRegistry, file: PeopleFile, *, at: datetime, by: str, zone: ZoneInfo) -> Loaded:
    """Take in units, people and what they hold, all or nothing. Safe to repeat: what is held already is not given twice."""
    with database.write() as connection:
        units = sum(
            people.save_unit(connection, Unit(name, file.units[name].title.label, file.units[name].above)) for name in _from_above(file)
        )
        known = {each.id: each for each in people.all_people(connection)}
        persons = sum(people.save_person(connection, _person(known.get(name), name, person.name)) for name, person in file.people.items())
        given = 0
        for name, person in file.people.items():
            for holding in person.holds:
                assignment = _assignment(name, holding, at, zone)
                if not any(_is_same(held.assignment, assignment) for held in people.assignments_of(connection, name)):
                    _assign(connection, registry, assignment, at=at, by=by)
                    given += 1
    return Loaded(units, persons, given)


def _person(known: Person | None, id: str, name: str) -> Person:
    return Person(id, name, known.os_user if known else None, known.disabled_at if known else None)


def _from_above(file: PeopleFile) -> Iterable[str]:
    """The units in an order in which each comes after the one above it."""
    waiting: Mapping[str, str | None] = {name: unit.above for name, unit in file.units.items()}
    while waiting:
        ready = [name for name, above in waiting.items() if above not in waiting]
        if not ready:
            raise Misuse(Label("单位互为上级：{names}", "units stand above each other in a circle: {names}").fill(names=", ".join(waiting)))
        yield from ready
        waiting = {name: above for name, above in waiting.items() if name not in ready}


def _assign(connection: Connection, registry: RoleRegistry, assignment: Assignment, *, at: datetime, by: str) -> None:
    role = registry.role(assignment.role)
    if role.external:
        sentence = Label("角色“{role}”属于外部，不能授予人员", "the role “{role}” is an outside one and is held by nobody").fill(
            role=role.title
        )
        raise Misuse(sentence)
    others = [held.assignment for held in people.overlapping(connection, assignment)]
    clash = next(iter(registry.clashes([assignment, *others])), None)
    if clash is not None:
        raise Conflict(
            Label("职责分离：{person} 不能同时担任“{one}”和“{other}”", "{person} may not hold both “{one}” and “{other}”").fill(
                person=assignment.person, one=registry.role(clash.first.role).title, other=registry.role(clash.second.role).title
            ),
            Label("先撤销其中一个角色", "revoke one of them first"),
        )
    people.assign(connection, assignment, at=at, by=by)


def _assignment(person: str, holding: Holding, at: datetime, zone: ZoneInfo) -> Assignment:
    """Days of a file are inclusive and in the zone of the company; instants are exclusive at their end."""
    since = _midnight(holding.since, zone) if holding.since else at
    until = _midnight(holding.until + timedelta(days=1), zone) if holding.until else None
    return Assignment(person, holding.role, holding.unit, since, until)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _is_same(held: Assignment, wanted: Assignment) -> bool:
    return (held.role, held.unit, held.until) == (wanted.role, wanted.unit, wanted.until)
