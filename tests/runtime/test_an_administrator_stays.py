"""The installation keeps an administrator: also when two take the role from each other, or disable each other, at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

from engine.errors import Conflict, Unknown
from engine.runtime import staffing
from engine.runtime.access import access_of
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.scope import Identity
from tests.runtime.company import Company, registry
from tests.runtime.test_wishes_race import at_once

Deed = Literal["revoke", "disable"]


def administer(company: Company, *people: str) -> None:
    """These look after the installation, whatever was before."""
    now = company.app.time.now()
    for person in people:
        staffing.add_person(company.app.database, person, f"样例管理员{person}")
        if person not in administrators(company):
            staffing.assign(company.app.database, registry(), Assignment(person, ADMINISTRATOR, None, now), at=now, by="os:owner")


def administrators(company: Company) -> set[str]:
    """Who looks after it now."""
    return set(company.app.directory.roster().holders(ADMINISTRATOR, company.app.time.now()))


def deed(company: Company, by: str, to: str, what: Deed) -> Callable[[], str]:
    """What one administrator does to another, with what he holds as it stands now; answers whether it was done."""
    personnel = company.app.personnel
    access = access_of(company.app.directory.roster(), Identity(by), company.app.time.now())

    def done() -> str:
        try:
            if what == "revoke":
                personnel.revoke(to, ADMINISTRATOR, None, access)
            else:
                personnel.disable(to, access)
        except (Conflict, Unknown) as error:
            return "refused" if "is the only administrator" in error.sentence.en else error.code
        return "done"

    return done


@pytest.mark.parametrize(("first", "second"), [("revoke", "revoke"), ("disable", "disable"), ("revoke", "disable")])
def test_of_two_who_take_the_role_from_each_other_at_once_one_keeps_it(company: Company, first: Deed, second: Deed) -> None:
    for _ in range(3):
        administer(company, "abe", "ben")
        answers = at_once([deed(company, "abe", "ben", first), deed(company, "ben", "abe", second)])
        assert (sorted(answers), len(administrators(company))) == (["done", "refused"], 1)


def test_of_four_who_turn_on_each_other_at_once_one_is_left(company: Company) -> None:
    people = ("abe", "ben", "bob", "cal")
    administer(company, *people)
    answers = at_once([deed(company, by, to, "revoke") for by in people for to in people if by != to])
    assert answers.count("refused") == 3  # the three others wished to take it from whoever is left
    assert set(answers) <= {"done", "refused", "unknown"}  # unknown: whoever came too late found that it was taken back already
    assert len(administrators(company)) == 1
