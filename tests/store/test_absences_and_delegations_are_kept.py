"""Who is away and who acts for whom is part of the staff: recorded for a time, ended early, and every change gives a new version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from engine.errors import Unknown
from engine.store.database import Database
from engine.store.people import add_absence, add_delegation, end_absence, end_delegation, save_person, staff
from roles.absence import Absence
from roles.delegation import Delegation
from roles.staff import KnownAbsence, KnownDelegation, Person, Staff
from tests.store.story import START

DAY = timedelta(days=1)
AWAY = Absence("anna", START + DAY, START + 5 * DAY)
LENT = Delegation("anna", "ben", None, START + DAY, START + 5 * DAY)
End = Callable[[Connection, int, datetime], bool]


@pytest.fixture
def staffed(database: Database) -> Database:
    """Two persons; Anna is away for four days, and Ben acts for her."""
    with database.write() as connection:
        save_person(connection, Person("anna", "样例前台01"))
        save_person(connection, Person("ben", "样例工程师01"))
        add_absence(connection, AWAY, at=START, by="os:admin", reason="培训")
        add_delegation(connection, LENT, at=START, by="os:admin", reason=None)
    return database


def known(database: Database) -> Staff:
    with database.read() as reader:
        return staff(reader.connection)


def test_the_staff_tells_them_as_they_were_recorded(staffed: Database) -> None:
    told = known(staffed)
    (away,), (lent,) = told.absences, told.delegations
    assert away == KnownAbsence(away.id, AWAY, "培训", START, "os:admin")
    assert lent == KnownDelegation(lent.id, LENT, None, START, "os:admin")


def test_they_are_told_by_person_and_in_order_of_time(staffed: Database) -> None:
    earlier = Absence("anna", START, START + DAY)
    lent = Delegation("anna", "ben", "front-desk", START, START + DAY)
    with staffed.write() as connection:
        other = add_absence(connection, Absence("ben", START, START + DAY), at=START, by="anna", reason=None)
        add_absence(connection, earlier, at=START, by="anna", reason=None)
        add_delegation(connection, lent, at=START, by="anna", reason=None)
    told = known(staffed)
    assert [(each.absence.person, each.absence.since) for each in told.absences] == [
        ("anna", START), ("anna", START + DAY), ("ben", START),
    ]  # fmt: skip
    assert other == told.absences[2].id
    assert [each.delegation for each in told.delegations] == [lent, LENT]


def id_of(database: Database, end: End) -> int:
    """The id of the absence, or of the delegation."""
    told = known(database)
    return told.absences[0].id if end is end_absence else told.delegations[0].id


@pytest.mark.parametrize("end", [end_absence, end_delegation])
def test_one_that_is_over_early_is_ended_once(staffed: Database, end: End) -> None:
    id = id_of(staffed, end)
    with staffed.write() as connection:
        assert end(connection, id, START + 2 * DAY)
    told = known(staffed)
    ends = {told.absences[0].absence.until - START, told.delegations[0].delegation.until - START}
    assert ends == {2 * DAY, 5 * DAY}
    with staffed.write() as connection:
        assert not end(connection, id, START + 2 * DAY)
    assert known(staffed) == told


@pytest.mark.parametrize("end", [end_absence, end_delegation])
def test_one_that_has_not_begun_is_taken_back(staffed: Database, end: End) -> None:
    id = id_of(staffed, end)
    with staffed.write() as connection:
        assert end(connection, id, START)
        assert not end(connection, id, START)
    told = known(staffed)
    assert len(told.absences) + len(told.delegations) == 1


def test_every_change_gives_the_staff_a_new_version(staffed: Database) -> None:
    changes: list[Callable[[Connection], object]] = [
        lambda connection: add_absence(connection, Absence("ben", START, START + DAY), at=START, by="anna", reason=None),
        lambda connection: add_delegation(connection, Delegation("ben", "anna", "x", START, START + DAY), at=START, by="anna", reason=None),
        lambda connection: end_absence(connection, id_of(staffed, end_absence), START + 2 * DAY),
        lambda connection: end_delegation(connection, id_of(staffed, end_delegation), START + 2 * DAY),
    ]
    versions = [known(staffed).version]
    for change in changes:
        with staffed.write() as connection:
            change(connection)
        versions.append(known(staffed).version)
    assert len(set(versions)) == 5


@pytest.mark.parametrize(
    "add",
    [
        lambda connection: add_absence(connection, Absence("anne", START, START + DAY), at=START, by="ben", reason=None),
        lambda connection: add_delegation(connection, Delegation("anne", "ben", None, START, START + DAY), at=START, by="ben", reason=None),
        lambda connection: add_delegation(connection, Delegation("ben", "anne", None, START, START + DAY), at=START, by="ben", reason=None),
    ],
)
def test_they_are_about_people_who_exist(staffed: Database, add: Callable[[Connection], object]) -> None:
    before = known(staffed)
    with pytest.raises(Unknown, match="anne") as raised, staffed.write() as connection:
        add(connection)
    assert raised.value.way_out is not None
    assert "anna" in raised.value.way_out.en
    assert known(staffed) == before
