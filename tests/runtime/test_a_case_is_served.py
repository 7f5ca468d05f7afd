"""What people wish for becomes a case with a history: opened, moved, corrected and remarked upon, each recorded whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.app import Application
from engine.core.command import Comment, Fire, OpenCase
from engine.core.event import Corrected, Moved
from engine.errors import Unknown
from engine.runtime.answer import Granted
from engine.store.database import Database
from roles.scope import Identity
from tests.runtime.company import OTHER_IMEI, START, TICKET, WORKFLOW, Company, caller, granted, refused, settings, unseen


def walk(company: Company, number: str) -> None:
    """From the counter to the end."""
    granted(company.fire(number, "take", "rui"))
    granted(company.fire(number, "finish", "rui", work="更换电池", fee="120.50"))
    granted(company.fire(number, "pass", "ren"))


def test_an_opening_takes_the_next_number_and_belongs_to_the_shop_of_who_opens_it(company: Company) -> None:
    first = granted(company.open())
    second = granted(company.open("cui", imei=OTHER_IMEI))
    assert (first.outcome.number, second.outcome.number) == ("DR26-0001", "DR26-0002")
    assert first.outcome.events == ("opened",)
    assert first.case == company.case("DR26-0001")
    assert (company.case("DR26-0001").unit, company.case("DR26-0002").unit) == ("shop-1", "shop-2")
    assert company.case("DR26-0001").data == TICKET


def test_a_case_goes_its_whole_way(company: Company) -> None:
    number = company.opened()
    walk(company, number)
    case = company.case(number)
    assert (case.state, case.outcome, case.seq, case.revision, case.visit) == ("closed", "success", 4, 4, 4)
    assert case.data["fee"] == Decimal("120.50")
    assert [each.step for each in case.performed] == ["receive", "take", "finish", "pass"]
    granted(company.fire(number, "reopen", "cai", reason="客户再次送修"))
    assert company.case(number).outcome is None


def test_the_history_keeps_door_principal_and_person(company: Company) -> None:
    number = company.opened(None)
    granted(company.fire(number, "take", "hua"))
    granted(company.comment(number, "sun"))
    told = [(entry.kind, entry.door, entry.principal, entry.actor) for entry in company.history(number)]
    assert told == [
        ("opened", "cli", "os:tester", "integration"),
        ("moved", "cli", "os:tester", "hua"),
        ("commented", "cli", "os:tester", "sun"),
    ]


def test_a_correction_mends_without_moving(company: Company) -> None:
    number = company.opened()
    answer = granted(company.correct(number, "cai", mobile="12800000002"))
    assert answer.outcome.events == ("corrected",)
    case = company.case(number)
    assert (case.state, case.data["mobile"], case.revision) == ("received", "12800000002", 2)
    event = company.history(number)[1].event
    assert isinstance(event, Corrected)
    assert event.reason == "写错了"


def test_a_correction_releases_the_old_unique_value_and_claims_the_new_one(company: Company) -> None:
    number = company.opened()
    granted(company.correct(number, "sun", imei=OTHER_IMEI))
    assert refused(company.open(imei=OTHER_IMEI)) == {"duplicate"}
    company.opened()


def test_a_remark_grows_the_history_but_breaks_nobodys_form(company: Company) -> None:
    number = company.opened()
    before = company.case(number)
    answer = granted(company.comment(number, "rui"))
    assert (answer.outcome.seq, answer.outcome.revision) == (2, 1)
    granted(company.fire(number, "take", "rui", expect=before.revision))
    assert (company.case(number).seq, company.case(number).revision) == (3, 2)


def test_the_end_of_a_case_frees_its_unique_value_until_it_is_reopened(company: Company) -> None:
    first = company.opened()
    walk(company, first)
    second = company.opened()
    assert refused(company.fire(first, "reopen", "cai", reason="再次送修")) == {"duplicate"}
    walk(company, second)
    granted(company.fire(first, "reopen", "cai", reason="再次送修"))


def test_a_step_may_name_a_person_of_the_right_role_only(company: Company) -> None:
    number = company.opened()
    assert refused(company.fire(number, "give", "cai", repairer="rao")) == {"data_invalid"}  # of the other shop
    assert refused(company.fire(number, "give", "cai", repairer="cai")) == {"data_invalid"}
    granted(company.fire(number, "give", "cai", repairer="hua"))
    assert company.case(number).assignee == "hua"


def test_options_say_what_the_service_does(company: Company) -> None:
    number = company.opened()
    for person in ("cai", "rui", "hua", "sun"):
        case, options = company.app.cases.options(number, Identity(person))
        assert case == company.case(number)
        for option in options:
            form: dict[str, Any] = {"repairer": "ren"} if option.asks else {}
            answer = company.fire(number, option.step, person, dry_run=True, **form)
            assert option.allowed == isinstance(answer, Granted), (person, option)
    assert unseen(lambda: company.app.cases.options(number, Identity("rao")))
    assert unseen(lambda: company.fire(number, "take", "rao", dry_run=True))


def test_a_step_that_stays_is_an_entry_but_no_new_stay(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    company.app.move_time(START + timedelta(hours=5))
    granted(company.fire(number, "note", "rui", work="待件"))
    case = company.case(number)
    assert (case.state, case.visit, case.entered_at, case.last_at) == ("repairing", 2, START, START + timedelta(hours=5))
    event = company.history(number)[-1].event
    assert isinstance(event, Moved)
    assert not event.entered


def test_what_does_not_exist_is_named_with_a_way_out(company: Company) -> None:
    number, cases = company.opened(), company.app.cases
    before = company.tables()
    wishes: list[tuple[Callable[[], object], str]] = [
        (lambda: cases.open("desk-repairs", OpenCase("receive", TICKET), caller("cai")), "Did you mean “desk-repair”?"),
        (lambda: cases.handle("DR26-0404", Fire("take"), caller("rui")), "aftercare find"),
        (lambda: cases.options("DR26-0404", Identity("rui")), "aftercare find"),
        (lambda: cases.handle(number, Fire("take"), caller("ruii")), "Did you mean “rui”?"),
        (lambda: cases.handle(number, Comment("…"), caller("0")), "aftercare people"),
    ]
    for wish, way_out in wishes:
        with pytest.raises(Unknown) as caught:
            wish()
        assert caught.value.way_out is not None
        assert way_out in caught.value.way_out.en
    assert company.tables() == before


def test_before_anything_is_published_the_way_out_is_to_publish(database_url: str) -> None:
    Database.create(database_url, simulated=True, now=START).close()
    with Application.open(settings(database_url)) as app, pytest.raises(Unknown) as caught:
        app.cases.open(WORKFLOW, OpenCase("receive", TICKET), caller(None))
    assert caught.value.way_out is not None
    assert "aftercare publish" in caught.value.way_out.en
