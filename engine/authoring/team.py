"""A people file as a roster: who would be there if it were loaded, so that processes can be checked against it before anybody is.

What stands in the way of loading it stands in the way here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from engine.definition.organisation import Holding, PeopleFile
from engine.errors import Conflict, Misuse, Unknown, did_you_mean
from engine.label import Label
from roles.actor import INTEGRATION
from roles.assignment import Assignment
from roles.registry import RoleRegistry
from roles.roster import Roster
from roles.staff import Held, Person, Staff, Unit


def roster_of(file: PeopleFile, registry: RoleRegistry, at: datetime, zone: ZoneInfo) -> Roster:
    """Everybody of the file, as loaded at this instant; its days are those of the zone.

    Raises Unknown for a role or unit that nobody declares, Misuse for an outside role and for units that stand above each other,
    Conflict for roles kept apart that one person would hold.
    """
    ids = count(1)
    held = tuple(
        Held(next(ids), _assignment(file, registry, name, holding, at, zone), at, "")
        for name, person in file.people.items()
        for holding in person.holds
    )
    clash = next(iter(registry.clashes(each.assignment for each in held)), None)
    if clash is not None:
        sentence = Label(
            "职责分离：“{person}”不能同时担任“{one}”和“{other}”。",
            "“{person}” may not hold both “{one}” and “{other}”: these duties are kept apart.",
        )
        roles = {"one": registry.role(clash.first.role).title, "other": registry.role(clash.second.role).title}
        raise Conflict(
            sentence.fill(person=clash.person, **roles), Label("请从文件中去掉其中一个角色。", "Take one of them out of the file.")
        )
    _require_order(file)
    units = tuple(Unit(name, unit.title.label, unit.above) for name, unit in file.units.items())
    people = tuple(Person(name, person.name, kind=person.kind) for name, person in file.people.items())
    return Roster(Staff("", units, people, held))


def _assignment(file: PeopleFile, registry: RoleRegistry, person: str, holding: Holding, at: datetime, zone: ZoneInfo) -> Assignment:
    role = registry.role(holding.role)
    if role.external and not (file.people[person].service and role.id == INTEGRATION):
        sentence = Label("角色“{role}”是外部方，不能由本系统人员担任。", "The role “{role}” is an outside one and is held by nobody here.")
        raise Misuse(sentence.fill(role=role.title))
    if holding.unit is not None:
        _require(holding.unit, file.units)
    since = at if holding.since is None else _begins(holding.since, zone)
    until = None if holding.until is None else _begins(holding.until + timedelta(days=1), zone)
    return Assignment(person, holding.role, holding.unit, since, until)


def _require(unit: str, units: Mapping[str, object]) -> None:
    if unit not in units:
        raise Unknown(Label("没有单位“{id}”。", "There is no unit “{id}”.").fill(id=unit), did_you_mean(unit, units))


def _require_order(file: PeopleFile) -> None:
    """Raises Unknown for a unit above that the file does not have, Misuse for units that stand above each other."""
    for name in file.units:
        passed = [name]
        while (above := file.units[passed[-1]].above) is not None:
            _require(above, file.units)
            if above in passed:
                sentence = Label("单位互为上级：{names}。", "Units stand above each other in a circle: {names}.")
                raise Misuse(sentence.fill(names=", ".join(passed[passed.index(above) :])))
            passed.append(above)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
