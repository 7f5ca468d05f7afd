"""Who can is asked of the people as they are now: by name, those who are there first, for whom they stand in, until when they are away."""

from __future__ import annotations

from datetime import timedelta

from engine.core.command import OpenCase
from engine.core.decision import Refused
from engine.store import people
from roles.absence import Absence
from roles.delegation import Delegation
from tests.runtime.company import START, TICKET, WORKFLOW, Company, caller, granted

DAY = timedelta(days=1)


def test_absences_and_delegations_of_this_instant_count(company: Company) -> None:
    number = company.opened()
    with company.app.database.write() as connection:
        people.add_absence(connection, Absence("rui", START, START + 2 * DAY), at=START, by="os:owner", reason="年假")
        people.add_delegation(connection, Delegation("rui", "sun", None, START, START + DAY), at=START, by="os:owner", reason=None)
    definition, case = company.app.catalog.newest(WORKFLOW), company.case(number)

    told = company.app.standing.who_can(case, definition, "take")
    company.app.move_time(START + DAY)
    later = company.app.standing.who_can(case, definition, "take")

    assert told is not None
    assert later is not None
    assert [(who.able.person, who.stands_for, who.back_at) for who in told] == [
        ("sun", "样例工程师01", None),
        ("ren", None, None),
        ("hua", None, None),
        ("rui", None, START + 2 * DAY),
    ]
    assert [who.able.person for who in later] == ["ren", "hua", "rui"]


def test_who_else_is_told_only_where_somebody_else_may(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    definition, case = company.app.catalog.newest(WORKFLOW), company.case(number)
    command = OpenCase("receive", {**TICKET, "imei": "001017000000029"}, unit="shop-2")

    answer = company.app.cases.open(WORKFLOW, command, caller("rui"))
    invalid = company.app.cases.open(WORKFLOW, OpenCase("receive", {}), caller("cai"))

    assert isinstance(answer, Refused)
    assert isinstance(invalid, Refused)
    able = company.app.standing.who_else(definition, None, command, answer)
    assert able is not None
    assert [who.name for who in able] == ["样例受理02"]
    assert company.app.standing.who_else(definition, case, command, invalid) is None
