"""Units, people and what they hold: checked against the role files, all or nothing, and safe to send again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import AftercareError, Conflict, Misuse, Unknown
from engine.runtime import staffing
from engine.runtime.staffing import Loaded
from engine.store import people
from roles.assignment import Assignment
from tests.runtime.company import START, ZONE, Company, people_file, registry


def load(company: Company, text: str, at: datetime = START) -> Loaded:
    """Take a people file in."""
    return staffing.load(company.app.database, registry(), people_file(text), at=at, by="os:owner", zone=ZONE)


def assign(company: Company, person: str, role: str, unit: str | None = None, until: datetime | None = None) -> None:
    """Give somebody a role from the start on."""
    assignment = Assignment(person, role, unit, START, until)
    staffing.assign(company.app.database, registry(), assignment, at=START, by="os:owner")


def holding(company: Company, person: str, at: datetime) -> set[tuple[str, str | None]]:
    """What somebody holds at an instant."""
    return {(grant.role, grant.unit) for grant in company.app.directory.roster().actor(person, at).grants}


def test_a_file_is_safe_to_send_again(company: Company) -> None:
    text = "people: {zoe: {name: 样例仓管01, holds: [{role: desk-keeper, unit: main}, {role: desk-clerk}]}}"
    assert load(company, text) == Loaded(0, 1, 2)
    before = company.tables()
    assert load(company, text, START + timedelta(days=1)) == Loaded(0, 0, 0)
    assert company.tables() == before
    assert load(company, text.replace("样例仓管01", "样例仓管02")) == Loaded(0, 1, 0)


def test_a_file_is_safe_to_send_again_when_what_it_gave_is_over(company: Company) -> None:
    text = "people: {zoe: {name: 样例仓管01, holds: [{role: desk-keeper, until: 2026-09-30}]}}"
    assert load(company, text) == Loaded(0, 1, 1)
    assert load(company, text, START + timedelta(days=60)) == Loaded(0, 0, 0)


def test_what_was_revoked_by_hand_does_not_come_back_with_the_file(company: Company) -> None:
    text = "people: {zoe: {name: 样例仓管01, holds: [{role: desk-keeper}]}}"
    load(company, text)
    later = START + timedelta(days=1)
    with company.app.database.write() as connection:
        people.revoke(connection, "zoe", "desk-keeper", None, later)
    assert load(company, text, later) == Loaded(0, 0, 0)
    assert holding(company, "zoe", later) == set()


def test_units_come_in_any_order(company: Company) -> None:
    units = "c: {title: {zh: 丙, en: C}, above: b}, b: {title: {zh: 乙, en: B}, above: a}, a: {title: {zh: 甲, en: A}, above: main}"
    assert load(company, f"units: {{{units}}}\npeople: {{zoe: {{name: 样例仓管01}}}}") == Loaded(3, 1, 0)
    assert company.app.directory.roster().lineages["c"] == ("c", "b", "a", "main")


def test_days_are_whole_and_those_of_the_company(company: Company) -> None:
    load(company, "people: {zoe: {name: 样例仓管01, holds: [{role: desk-keeper, since: 2026-10-01, until: 2026-10-03}]}}")
    first, last = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 3, 16, tzinfo=UTC)  # midnights in Shanghai
    tick = timedelta(microseconds=1)
    told = [bool(holding(company, "zoe", at)) for at in (first - tick, first, last - tick, last)]
    assert told == [False, True, True, False]


FAULTY: dict[str, tuple[str, type[AftercareError], str]] = {
    "roles apart": ("{zoe: {name: 甲, holds: [{role: desk-keeper}]}, rui: {name: 乙, holds: [{role: desk-keeper}]}}", Conflict, "Repairer"),
    "roles apart in one file": ("{zoe: {name: 甲, holds: [{role: desk-keeper}, {role: desk-repairer, unit: main}]}}", Conflict, "Keeper"),
    "outside role": ("{zoe: {name: 甲, holds: [{role: desk-clerk}, {role: customer}]}}", Misuse, "outside"),
    "unknown role": ("{zoe: {name: 甲, holds: [{role: desk-clerk}, {role: desk-clerc}]}}", Unknown, "desk-clerc"),
    "unknown unit": ("{zoe: {name: 甲, holds: [{role: desk-clerk, unit: shop-9}]}}", Unknown, "shop-9"),
    "ends before it begins": ("{zoe: {name: 甲, holds: [{role: desk-clerk, since: 2026-10-02, until: 2026-10-01}]}}", Misuse, "end after"),
    "ended already": ("{zoe: {name: 甲, holds: [{role: desk-clerk, until: 2026-09-01}]}}", Misuse, "end after"),
}


def test_a_file_with_one_fault_changes_nothing(company: Company) -> None:
    before = company.tables()
    for text, error, said in FAULTY.values():
        with pytest.raises(error, match=said) as caught:
            load(company, f"units: {{shop-3: {{title: {{zh: 三店, en: Shop 3}}}}}}\npeople: {text}")
        assert "{" not in caught.value.sentence.zh
        assert company.tables() == before


def test_units_in_a_circle_or_under_nothing_are_refused(company: Company) -> None:
    before = company.tables()
    with pytest.raises(Misuse, match=r"circle: a, b"):
        load(
            company,
            "units: {a: {title: {zh: 甲, en: A}, above: b}, b: {title: {zh: 乙, en: B}, above: a}}\npeople: {zoe: {name: 甲}}",
        )
    with pytest.raises(Unknown, match="mains"):
        load(company, "units: {a: {title: {zh: 甲, en: A}, above: mains}}\npeople: {zoe: {name: 甲}}")
    assert company.tables() == before


def test_roles_apart_are_refused_only_while_both_would_be_held(company: Company) -> None:
    with pytest.raises(Conflict) as caught:
        assign(company, "rui", "desk-keeper")
    assert caught.value.way_out is not None
    with company.app.database.write() as connection:
        people.revoke(connection, "rui", "desk-repairer", "shop-1", START)
    assign(company, "rui", "desk-keeper", until=START + timedelta(days=1))
    with pytest.raises(Conflict):
        assign(company, "rui", "desk-repairer", "shop-2")
    assert holding(company, "rui", START) == {("desk-keeper", None)}


def test_a_single_assignment_is_checked_too(company: Company) -> None:
    before = company.tables()
    faulty: list[tuple[str, str, type[AftercareError]]] = [
        ("zoey", "desk-clerk", Unknown),
        ("rui", "desk-clerks", Unknown),
        ("rui", "customer", Misuse),
    ]
    for person, role, error in faulty:
        with pytest.raises(error):
            assign(company, person, role)
    assert company.tables() == before
