"""Who holds which role is a matter of instants: from, until, revoked, disabled; and every change shows in the staff's version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.errors import Unknown
from engine.label import Label
from engine.store.database import Database
from engine.store.people import assign, assignments_of, disable, overlapping, person_by_id, revoke, save_person, save_unit, staff
from roles.actor import Grant
from roles.assignment import Assignment
from roles.staff import Person, Unit
from tests.store.story import START

DAY = timedelta(days=1)
CENTER = Unit("center", Label("维修中心", "Repair centre"))
SHOP = Unit("shop", Label("一店", "Shop 1"), "center")
ANNA = Person("anna", "样例前台01", email="anna@example.com")


@pytest.fixture
def staffed(database: Database) -> Database:
    """Two units; Anna is at the front desk of the shop for ten days."""
    with database.write() as connection:
        save_unit(connection, CENTER)
        save_unit(connection, SHOP)
        save_person(connection, ANNA)
        save_person(connection, Person("ben", "样例工程师01"))
        assign(connection, Assignment("anna", "front-desk", "shop", START, START + 10 * DAY), at=START, by="os:admin")
        assign(connection, Assignment("ben", "engineer", None, START), at=START, by="os:admin")
    return database


def held(database: Database, person: str, days: float) -> frozenset[Grant]:
    with database.read() as reader:
        recorded = assignments_of(reader.connection, person)
    return frozenset(each.assignment.grant for each in recorded if each.assignment.held(START + days * DAY))


def version(database: Database) -> str:
    return database.attempt(lambda unit: unit.staff_version())


def test_a_role_is_held_from_its_beginning_until_just_before_its_end(staffed: Database) -> None:
    desk = frozenset({Grant("front-desk", "shop")})
    assert [held(staffed, "anna", days) for days in (-0.1, 0, 9.9, 10)] == [frozenset(), desk, desk, frozenset()]
    assert held(staffed, "ben", 1000) == {Grant("engineer")}
    assert held(staffed, "nobody", 0) == frozenset()


def test_a_revoked_role_ends_at_once_and_stays_recorded(staffed: Database) -> None:
    with staffed.write() as connection:
        assign(connection, Assignment("anna", "front-desk", "shop", START + 20 * DAY), at=START, by="os:admin")
        assert revoke(connection, "anna", "front-desk", None, START + 2 * DAY) == 0
        assert revoke(connection, "anna", "front-desk", "shop", START + 2 * DAY) == 2
        assert revoke(connection, "anna", "front-desk", "shop", START + 3 * DAY) == 0
        assert [each.assignment.until for each in assignments_of(connection, "anna")] == [START + 2 * DAY]
    assert held(staffed, "anna", 1.9) == {Grant("front-desk", "shop")}
    assert held(staffed, "anna", 2) == held(staffed, "anna", 21) == frozenset()


def test_a_person_is_disabled_from_an_instant_on(staffed: Database) -> None:
    with staffed.write() as connection:
        disable(connection, "anna", START + DAY)
        assert person_by_id(connection, "anna") == replace(ANNA, disabled_at=START + DAY)


def test_people_and_units_are_known_by_their_names(staffed: Database) -> None:
    with staffed.read() as reader:
        assert person_by_id(reader.connection, "anna") == ANNA
        assert person_by_id(reader.connection, "zoe") is None
        everybody = staff(reader.connection)
    assert everybody.units == (CENTER, SHOP)
    assert [person.id for person in everybody.people] == ["anna", "ben"]
    assert [(each.assignment.person, each.recorded_by, each.recorded_at) for each in everybody.held] == [
        ("anna", "os:admin", START),
        ("ben", "os:admin", START),
    ]


def test_roles_that_meet_in_time_are_found(staffed: Database) -> None:
    with staffed.read() as reader:
        meeting = Assignment("anna", "keeper", None, START + 9 * DAY)
        assert [each.assignment.role for each in overlapping(reader.connection, meeting)] == ["front-desk"]
        assert overlapping(reader.connection, Assignment("anna", "keeper", None, START + 10 * DAY)) == []


def test_every_change_renews_the_staff_and_no_change_does_not(staffed: Database) -> None:
    versions = [version(staffed)]
    for changed in (True, False):
        with staffed.write() as connection:
            assert save_person(connection, Person("anna", "样例前台02")) is changed
        versions.append(version(staffed))
    with staffed.write() as connection:
        assert save_unit(connection, Unit("shop", Label("二店", "Shop 2"), "center"))
        assert not save_unit(connection, Unit("shop", Label("二店", "Shop 2"), "center"))
    versions.append(version(staffed))
    with staffed.write() as connection:
        revoke(connection, "ben", "engineer", None, START)
    versions.append(version(staffed))
    assert len(set(versions)) == 4
    assert versions[1] == versions[2]


def test_unknown_names_are_refused_with_the_nearest(staffed: Database) -> None:
    with pytest.raises(Unknown) as caught, staffed.write() as connection:
        assign(connection, Assignment("ana", "front-desk", "shop", START), at=START, by="os:admin")
    assert caught.value.way_out is not None
    assert "anna" in caught.value.way_out.en
    with pytest.raises(Unknown), staffed.write() as connection:
        assign(connection, Assignment("anna", "front-desk", "shp", START), at=START, by="os:admin")
    with pytest.raises(Unknown), staffed.write() as connection:
        save_unit(connection, Unit("depot", Label("仓库", "Depot"), "centre"))
