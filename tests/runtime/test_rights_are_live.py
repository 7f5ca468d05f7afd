"""Who may act is asked of the staff as it stands now: what is revoked, disabled, over or elsewhere gives no right (DESIGN law 9)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from engine.core.command import Assign
from engine.errors import Unknown
from engine.runtime import staffing
from engine.store import people
from roles.assignment import Assignment
from roles.scope import Identity
from roles.staff import Person, Unit
from tests.runtime.company import START, Company, caller, granted, refused, registry, unseen


def give(company: Company, person: str, role: str, unit: str | None, days: tuple[int, int | None] = (0, None)) -> None:
    """A role from one day of the test until another."""
    until = None if days[1] is None else START + timedelta(days=days[1])
    assignment = Assignment(person, role, unit, START + timedelta(days=days[0]), until)
    staffing.assign(company.app.database, registry(), assignment, at=company.app.time.now(), by="os:owner")


def test_a_revoked_role_acts_at_the_very_next_move(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))  # the staff is in memory from here on
    with company.app.database.write() as connection:
        assert people.revoke(connection, "rui", "desk-repairer", "shop-1", START) == 1
    assert refused(company.fire(number, "note", "rui", work="…")) == {"not_authorised"}
    give(company, "rui", "desk-repairer", "shop-1")
    granted(company.fire(number, "note", "rui", work="…"))


def test_a_new_person_acts_at_once(company: Company) -> None:
    number = company.opened()
    with pytest.raises(Unknown):
        company.fire(number, "take", "new")
    with company.app.database.write() as connection:
        people.save_person(connection, Person("new", "样例工程师09"))
    assert unseen(lambda: company.fire(number, "take", "new"))
    give(company, "new", "desk-repairer", "shop-1")
    granted(company.fire(number, "take", "new"))


def test_a_disabled_person_holds_nothing_and_is_chosen_by_nobody(company: Company) -> None:
    number = company.opened()
    with company.app.database.write() as connection:
        people.disable(connection, "rui", START)
    assert refused(company.fire(number, "take", "rui")) == {"not_authorised"}
    assert refused(company.comment(number, "rui")) == {"not_authorised"}
    assert refused(company.fire(number, "give", "cai", repairer="rui")) == {"data_invalid"}
    assert not any(option.allowed for option in company.app.cases.options(number, Identity("rui"))[1])


def test_a_role_is_held_from_its_first_instant_until_just_before_its_last(company: Company) -> None:
    number = company.opened()
    give(company, "sun", "desk-repairer", "shop-1", (1, 2))
    assert refused(company.fire(number, "take", "sun")) == {"not_authorised"}
    company.app.move_time(START + timedelta(days=1))
    granted(company.fire(number, "take", "sun"))
    company.app.move_time(START + timedelta(days=2) - timedelta(microseconds=1))
    granted(company.fire(number, "note", "sun", work="…"))
    company.app.move_time(START + timedelta(days=2))
    assert refused(company.fire(number, "note", "sun", work="…")) == {"not_authorised"}


def test_a_shop_cannot_touch_the_case_of_another_but_headquarters_can(company: Company) -> None:
    number = company.opened("cai")  # of shop 1
    before = company.tables()
    for person in ("rao", "cui"):
        for step in ("take", "give"):
            assert unseen(partial(company.fire, number, step, person))
        assert unseen(partial(company.comment, number, person))
        assert unseen(partial(company.correct, number, person, symptom="…"))
        assert unseen(partial(company.app.cases.handle, number, Assign(person), caller(person)))
        assert unseen(partial(company.app.cases.options, number, Identity(person)))
    assert company.tables() == before
    granted(company.app.cases.handle(number, Assign("hua"), caller("hua")))
    granted(company.fire(number, "take", "hua"))
    assert company.case(number).unit == "shop-1"


def test_a_unit_moved_under_another_changes_who_may_at_once(company: Company) -> None:
    number = company.opened("cai")
    assert unseen(lambda: company.fire(number, "take", "rao"))
    with company.app.database.write() as connection:
        shop = next(unit for unit in people.all_units(connection) if unit.id == "shop-1")
        people.save_unit(connection, Unit(shop.id, shop.title, "shop-2"))
    granted(company.fire(number, "take", "rao"))


def test_a_case_without_a_unit_is_open_to_every_shop(company: Company) -> None:
    number = company.opened(None)
    assert company.case(number).unit is None
    granted(company.fire(number, "take", "rao"))


def test_who_performed_a_step_stays_excluded_when_he_changes_his_shop(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    granted(company.fire(number, "finish", "rui", work="…", fee="1"))
    with company.app.database.write() as connection:
        people.revoke(connection, "rui", "desk-repairer", "shop-1", START)
    give(company, "rui", "desk-repairer", "main")
    assert refused(company.fire(number, "pass", "rui")) == {"separation_of_duties"}
    granted(company.fire(number, "pass", "hua"))
