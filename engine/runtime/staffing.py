"""Changes to who is who: units, people and what they hold, checked against the role files before they are recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.core.prose import fault_in
from engine.definition import organisation
from engine.definition.element import NAME
from engine.definition.organisation import Holding, PeopleFile
from engine.errors import Conflict, Misuse, Unknown, did_you_mean
from engine.label import Label, listed, verbatim
from engine.runtime.days import midnight
from engine.runtime.naming import id_of, require
from engine.runtime.separation import check_assignment
from engine.store import accounts, people
from engine.store.database import Database
from notifications.mailserver import ADDRESS
from roles.actor import INTEGRATION
from roles.assignment import Assignment
from roles.registry import RoleRegistry
from roles.staff import Person, PersonKind, Unit

ID_LIMIT = 64
"""Characters of an id, as in the files."""
NAME_LIMIT = 200
"""Characters of a person's name."""

_KINDS: Mapping[PersonKind, Label] = {"person": Label("人员", "a person"), "service": Label("外部程序", "a service")}
_EVERYWHERE = Label("各处（不写 --unit）", "everywhere (without --unit)")


Check = Callable[[Connection], None]
"""What must hold besides when a change is recorded: asked in its transaction, while nobody else changes the staff. Raises what it likes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a people file changed."""

    units: int
    people: int
    assignments: int


def role_named(registry: RoleRegistry, name: str) -> str:
    """The id of a role given by id or title. Raises Unknown, with the nearest name."""
    return require(name, _titles(registry), Label("角色", "role"))


def assign(database: Database, registry: RoleRegistry, assignment: Assignment, *, at: datetime, by: str) -> None:
    """Give a person a role.

    Raises Unknown for a role, person or unit that does not exist, Conflict for roles kept apart and for a disabled person.
    """
    with database.write() as connection:
        person = people.person_by_id(connection, assignment.person)
        if person is not None and person.disabled_at is not None and person.disabled_at <= at:
            raise Conflict(
                Label("“{person}”已停用，不能授予角色。", "“{person}” is disabled and cannot be given a role.").fill(person=person.name),
                Label(
                    "请先用“aftercare people add {person} --name {name}”恢复。",
                    "Bring the person back first with “aftercare people add {person} --name {name}”.",
                ).fill(person=person.id, name=person.name),
            )
        _assign(connection, registry, assignment, at=at, by=by)


def assign_days(
    database: Database, registry: RoleRegistry, person: str, holding: Holding, *, at: datetime, by: str, zone: ZoneInfo
) -> Assignment:
    """The same with first and last day, as a people file writes them: inclusive, in the zone of the company."""
    assignment = given(person, holding, at, zone)
    assign(database, registry, assignment, at=at, by=by)
    return assignment


def given(person: str, holding: Holding, at: datetime, zone: ZoneInfo) -> Assignment:
    """What a holding gives a person. Its days are inclusive and in the zone of the company; instants are exclusive at their end."""
    since = midnight(holding.since, zone) if holding.since else at
    return Assignment(person, holding.role, holding.unit, since, _end(holding, zone))


def revoke(
    database: Database, registry: RoleRegistry, person: str, role: str, unit: str | None, *, at: datetime, check: Check | None = None
) -> str:
    """End at this instant what the person holds of the role in the unit; answers its id. Raises Unknown when that is nothing.

    The role may be given by title, or by an id that no file declares any more.
    """
    role = id_of(role, _titles(registry))
    with database.write() as connection:
        _checked(connection, check)
        if people.revoke(connection, person, role, unit, at):
            return role
        known = people.all_people(connection)
        if all(each.id != person for each in known):
            sentence = Label("没有人员“{id}”。", "There is no person “{id}”.").fill(id=person)
            raise Unknown(sentence, did_you_mean(person, [each.id for each in known]))
        roles = [each.assignment for each in people.assignments_of(connection, person) if _lasts(each.assignment, at)]
    sentence = Label("“{person}”在此不担任“{role}”。", "“{person}” does not hold “{role}” there.").fill(
        person=next(each.name for each in known if each.id == person), role=_titles(registry).get(role, verbatim(role))
    )
    elsewhere = [verbatim(f"--unit {each.unit}") if each.unit else _EVERYWHERE for each in roles if each.role == role]
    if elsewhere:
        raise Unknown(sentence, Label("担任于：{places}。", "It is held with: {places}.").fill(places=listed(elsewhere)))
    raise Unknown(sentence, did_you_mean(role, [each.role for each in roles]))


def add_person(database: Database, id: str, name: str, email: str | None = None, kind: PersonKind = "person") -> bool:
    """Add a person or a service, change one, or bring back a disabled one; False when all is so already.

    `email` None leaves the address as it is, an empty one takes it away. Raises Misuse, and Conflict for one that is of the other kind.
    """
    if (fault := fault_in(name, NAME_LIMIT)) is not None:
        raise Misuse(Label("姓名：{fault}。", "Name: {fault}.").fill(fault=fault))
    name = " ".join(name.split())  # one line, as it stands in lists and letters
    if not name:
        raise Misuse(Label("姓名不能为空。", "The name must not be empty."))
    if email and ADDRESS.fullmatch(email.strip()) is None:
        raise Misuse(Label("“{email}”不是邮箱地址。", "“{email}” is no mail address.").fill(email=email))
    with database.write() as connection:
        known = people.person_by_id(connection, _new_id(id))
        if known is not None and known.kind != kind:
            raise _of_the_other_kind(known)
        address = (known.email if known else None) if email is None else email.strip() or None
        return people.save_person(connection, Person(id, name, email=address, kind=kind))


def disable(database: Database, person: str, *, at: datetime, check: Check | None = None) -> None:
    """From this instant the person holds nothing and is signed in nowhere. Raises Unknown."""
    with database.write() as connection:
        _checked(connection, check)
        people.disable(connection, person, at)
        accounts.end(connection, person, at)


def add_unit(database: Database, unit: Unit) -> bool:
    """Add or change a unit; False when it is so already. Raises Unknown for a unit above that does not exist, Misuse."""
    _new_id(unit.id)
    if not unit.title.zh.strip() or not unit.title.en.strip():
        raise Misuse(Label("单位须有中文和英文名称。", "A unit needs a Chinese and an English title."))
    with database.write() as connection:
        parents = {each.id: each.parent for each in people.all_units(connection)} | {unit.id: unit.parent}
        above = unit.parent
        while above is not None and above != unit.id:
            above = parents.get(above)
        if above is not None:
            raise Misuse(Label("单位“{id}”不能是自己的上级。", "The unit “{id}” cannot stand above itself.").fill(id=unit.id))
        return people.save_unit(connection, unit)


def load(database: Database, registry: RoleRegistry, file: PeopleFile, *, at: datetime, by: str, zone: ZoneInfo) -> Loaded:
    """Take in units, people and what they hold, all or nothing. Safe to repeat: what is held already is not given twice."""
    with database.write() as connection:
        units = sum(
            people.save_unit(connection, Unit(name, file.units[name].title.label, file.units[name].above)) for name in _from_above(file)
        )
        known = {each.id: each for each in people.all_people(connection)}
        persons = sum(people.save_person(connection, _person(known.get(name), name, person)) for name, person in file.people.items())
        new = 0
        for name, person in file.people.items():
            for holding in person.holds:
                if not any(_was_given(held.assignment, holding, at, zone) for held in people.assignments_of(connection, name)):
                    _assign(connection, registry, given(name, holding, at, zone), at=at, by=by)
                    new += 1
    return Loaded(units, persons, new)


def _checked(connection: Connection, check: Check | None) -> None:
    if check is not None:
        people.hold(connection)
        check(connection)


def _person(known: Person | None, id: str, written: organisation.Person) -> Person:
    email = written.email or (known.email if known else None)
    if known is not None and known.kind != written.kind:
        raise _of_the_other_kind(known)
    return Person(id, written.name, known.disabled_at if known else None, email, written.kind)


def _from_above(file: PeopleFile) -> Iterable[str]:
    """The units in an order in which each comes after the one above it."""
    waiting: Mapping[str, str | None] = {name: unit.above for name, unit in file.units.items()}
    while waiting:
        ready = [name for name, above in waiting.items() if above not in waiting]
        if not ready:
            raise Misuse(
                Label("单位互为上级：{names}。", "Units stand above each other in a circle: {names}.").fill(names=", ".join(waiting))
            )
        yield from ready
        waiting = {name: above for name, above in waiting.items() if name not in ready}


def _assign(connection: Connection, registry: RoleRegistry, assignment: Assignment, *, at: datetime, by: str) -> None:
    role = registry.role(assignment.role)
    if role.external and not _is_service_of(connection, assignment):
        sentence = Label(
            "角色“{role}”是外部方，不能由本系统人员担任。", "The role “{role}” is an outside one and is held by nobody here."
        ).fill(role=role.title)
        raise Misuse(sentence)
    check_assignment(connection, registry, assignment)
    people.assign(connection, assignment, at=at, by=by)


def _of_the_other_kind(known: Person) -> Conflict:
    sentence = Label("“{id}”已是{kind}，不能改变。", "“{id}” is {kind} already, which cannot be changed.")
    return Conflict(sentence.fill(id=known.id, kind=_KINDS[known.kind]), Label("请换一个标识。", "Choose another id."))


def _is_service_of(connection: Connection, assignment: Assignment) -> bool:
    """Whether another program is given the role that says it is one."""
    holder = people.person_by_id(connection, assignment.person)
    return holder is not None and holder.kind == "service" and assignment.role == INTEGRATION


def _titles(registry: RoleRegistry) -> Mapping[str, Label]:
    return {role.id: role.title for role in registry.roles.values()}


def _end(holding: Holding, zone: ZoneInfo) -> datetime | None:
    return midnight(holding.until + timedelta(days=1), zone) if holding.until else None


def _was_given(held: Assignment, wanted: Holding, at: datetime, zone: ZoneInfo) -> bool:
    """Held as the file says – or held once and ended since: what was revoked by hand does not come back with the file."""
    is_over = held.until is not None and held.until <= at
    return (held.role, held.unit) == (wanted.role, wanted.unit) and (is_over or held.until == _end(wanted, zone))


def _lasts(assignment: Assignment, at: datetime) -> bool:
    return assignment.until is None or assignment.until > at


def _new_id(id: str) -> str:
    if re.fullmatch(NAME, id) is None or len(id) > ID_LIMIT:
        sentence = Label(
            "标识应以小写字母开头，只含小写字母、数字、_ 和 -，实际为“{id}”。",
            "Expected an id of small letters, digits, _ and -, beginning with a letter, found “{id}”.",
        )
        raise Misuse(sentence.fill(id=id))
    return id
