"""Absences and delegations are asked with every move, as roles are: who stands in acts at once, and who is away is given nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.core.command import Assign, OpenCase
from engine.errors import Unknown
from engine.runtime import staffing, substitution
from engine.runtime.publishing import publish
from engine.store import cases, incidents, outbox, people
from engine.store.cases import Filter
from roles.absence import Absence
from roles.delegation import Delegation
from roles.policy import Right
from roles.scope import Identity
from tests.runtime.company import START, Company, caller, checked, granted, refused, registry, unseen

QUEUE = """
workflow: desk-queue
version: 1
title: {zh: 排队, en: Queue}
owner: desk-supervisor
organisation: desk
number: "Q{yy}-{seq:04}"
fields:
  note: {type: text, title: {zh: 备注, en: Note}}
start:
  queue: {title: {zh: 取号, en: Queue}, by: desk-clerk, asks: note?, assign: {role: desk-repairer, pick: least_open}, to: waiting}
states:
  waiting:
    title: {zh: 等候, en: Waiting}
    transitions:
      answer: {title: {zh: 答复, en: Answer}, by: assignee, to: answered}
      call:
        title: {zh: 通知各店, en: Call}
        by: desk-clerk
        notify: [{tell: {role: desk-clerk, in: any}, template: ready-for-pickup}]
        to: answered
      turn:   {title: {zh: 轮派, en: Turn}, by: desk-clerk, assign: {role: desk-repairer, pick: in_turn}, to: stay}
  answered: {title: {zh: 已答复, en: Answered}, final: success}
"""


def days(first: int, last: int) -> tuple[datetime, datetime]:
    return START + timedelta(days=first), START + timedelta(days=last)


def delegate(company: Company, delegator: str, to: str, role: str | None = None, *, within: tuple[int, int] = (0, 2)) -> int:
    made = Delegation(delegator, to, role, *days(*within))
    now = company.app.time.now()
    return substitution.record_delegation(company.app.database, registry(), made, at=now, by="os:owner", reason=None)


def away(company: Company, *persons: str, within: tuple[int, int] = (0, 2)) -> None:
    for person in persons:
        absence = Absence(person, *days(*within))
        substitution.record_absence(company.app.database, absence, at=company.app.time.now(), by="os:owner", reason="年假")


def queue(company: Company) -> tuple[str, str | None]:
    """Take a number: of the case, and who was given it."""
    answer = granted(company.app.cases.open("desk-queue", OpenCase("queue"), caller("cai")))
    assert answer.case is not None
    return answer.outcome.number, answer.case.assignee


def test_a_delegation_acts_with_the_next_move_and_ends_with_it(company: Company) -> None:
    number = company.opened()
    assert unseen(lambda: company.fire(number, "take", "cui"))

    known = delegate(company, "rui", "cui")
    granted(company.fire(number, "take", "cui"))
    entry = company.history(number)[-1]
    assert (entry.actor, entry.on_behalf_of) == ("cui", "rui")
    assert company.case(number).data["repairer"] == "cui"  # who acts, and not whom he acts for

    substitution.end_delegation(company.app.database, known, at=company.app.time.now())
    assert refused(company.fire(number, "note", "cui", work="…")) == {"not_authorised"}  # he holds it still
    with pytest.raises(Unknown, match=f"No delegation has the number {known} now"):
        substitution.end_delegation(company.app.database, known, at=company.app.time.now())


def test_it_begins_and_ends_by_itself_and_lends_what_is_held_now(company: Company) -> None:
    numbers = [company.opened(imei=f"00101700000{index:04}") for index in range(4)]
    delegate(company, "rui", "cui", "desk-repairer", within=(1, 3))
    assert unseen(lambda: company.fire(numbers[0], "take", "cui"))

    company.app.move_time(START + timedelta(days=1))
    granted(company.fire(numbers[0], "take", "cui"))
    with company.app.database.write() as connection:
        people.revoke(connection, "rui", "desk-repairer", "shop-1", company.app.time.now())
    assert unseen(lambda: company.fire(numbers[1], "take", "cui"))


def test_whoever_is_disabled_lends_nothing_and_is_lent_nothing(company: Company) -> None:
    number = company.opened()
    delegate(company, "rui", "cui")
    delegate(company, "ren", "cai")
    staffing.disable(company.app.database, "rui", at=company.app.time.now())
    staffing.disable(company.app.database, "cai", at=company.app.time.now())

    assert unseen(lambda: company.fire(number, "take", "cui"))
    assert refused(company.fire(number, "take", "cai")) == {"not_authorised"}


def test_what_was_lent_is_not_lent_on(company: Company) -> None:
    number = company.opened()
    delegate(company, "rui", "cui")
    delegate(company, "cui", "cai")

    assert refused(company.fire(number, "take", "cai")) == {"not_authorised"}
    granted(company.fire(number, "take", "cui"))


def test_an_absence_takes_no_right_away(company: Company) -> None:
    number = company.opened()
    away(company, "rui")

    granted(company.fire(number, "take", "rui"))

    assert company.case(number).state == "repairing"
    assert company.case(number).assignee is None  # but it gives him nothing either


def test_cases_go_to_whoever_is_there_and_has_least_to_do(company: Company) -> None:
    publish(company.app.database, [checked(QUEUE)], "os:owner", START)
    assert [queue(company)[1] for _ in range(3)] == ["ren", "rui", "ren"]

    away(company, "rui")
    assert queue(company)[1] == "ren"
    away(company, "ren")
    number, holder = queue(company)
    assert holder == "hua"  # of headquarters: nobody of the shop is there

    company.app.move_time(START + timedelta(days=2))
    assert queue(company)[1] == "rui"
    granted(company.fire(number, "turn", "cai"))
    assert company.case(number).assignee == "ren"  # whose turn was longest ago


def test_of_nobody_being_there_the_owner_hears_and_an_incident_stands(company: Company) -> None:
    publish(company.app.database, [checked(QUEUE)], "os:owner", START)
    away(company, "rui", "ren", "hua")
    number, holder = queue(company)

    with company.app.database.read() as reader:
        found = incidents.incidents(reader, limit=9)
        told = outbox.waiting(reader.connection, company.app.time.now(), limit=9)
    assert holder is None
    assert [(each.number, each.kind, each.subject, each.state) for each in found] == [(number, "nobody_to_assign", "desk-repairer", "open")]
    assert [each.tell for each in told] == [(Right("role", "desk-supervisor"),)]


def test_a_role_in_any_unit_is_told_wherever_it_is_held(company: Company) -> None:
    publish(company.app.database, [checked(QUEUE)], "os:owner", START)
    number, _ = queue(company)
    granted(company.fire(number, "call", "cai"))

    company.app.relay.run_once()

    assert [bool(company.app.messages.inbox(person, limit=9).lines) for person in ("cai", "cui", "rui")] == [True, True, False]


def test_a_case_is_taken_passed_on_and_put_down(company: Company) -> None:
    number = company.opened()
    assert unseen(lambda: company.app.cases.handle(number, Assign("rao"), caller("rao")))  # of another shop

    granted(company.app.cases.handle(number, Assign("rui"), caller("rui")))
    assert refused(company.app.cases.handle(number, Assign("ren"), caller("ren"))) == {"not_authorised"}
    granted(company.app.cases.handle(number, Assign("ren", "换班"), caller("sun")))
    away(company, "rui")
    assert refused(company.app.cases.handle(number, Assign("rui"), caller("ren"))) == {"not_assignable"}
    delegate(company, "ren", "cui")
    granted(company.app.cases.handle(number, Assign(None), caller("cui")))

    assert [(each.actor, each.on_behalf_of, each.reason) for each in company.history(number)[1:]] == [
        ("rui", None, None),
        ("sun", None, "换班"),
        ("cui", "ren", None),
    ]
    assert company.case(number).assignee is None


def test_everybody_sees_the_cases_of_his_units_only(company: Company) -> None:
    views = company.app.views
    one, two, none = company.opened("cai"), company.opened("cui", imei="001017000000029"), company.opened(None, imei="001017000000037")

    def seen(person: str | None) -> set[str]:
        access = company.app.access(Identity(person) if person is not None else None)
        found = {each.line.number for each in views.page(Filter(), 9, access=access).lines}
        assert {each.line.number for each in views.find("0010170000000", 9, access).lines} == found
        return found

    assert seen("rui") == {one, none}
    assert seen("rao") == {two, none}
    assert seen("hua") == seen("sun") == seen(None) == {one, two, none}
    for look in (views.case, views.history):
        look(one, company.app.access(Identity("rui")))
        with pytest.raises(Unknown, match=f"There is no case “{one}”"):
            look(one, company.app.access(Identity("rao")))

    delegate(company, "rui", "rao")
    assert seen("rao") == {one, two, none}


def test_whoever_stands_in_finds_the_cases_of_the_other_in_his_list(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    assert not company.app.views.mine("ren", START, Filter(), 9).lines

    delegate(company, "rui", "ren")

    lines = company.app.views.mine("ren", START, Filter(), 9).lines
    assert [(each.line.number, each.line.assignee, each.is_for_another) for each in lines] == [(number, "rui", True)]
    assert not company.app.views.mine("rui", START, Filter(), 9).lines[0].is_for_another
    with company.app.database.read() as reader:
        assert cases.held(reader, ["rui", "ren"]) == {"rui": (number,)}
