"""The same key with the same wish is done once and answered alike for ever; with another wish it is refused (DESIGN law 15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import MappingProxyType

import pytest

from engine.app import Application
from engine.core.command import OpenCase
from engine.runtime.answer import Answer, KeyReused
from engine.runtime.caller import Key
from engine.store import requests
from engine.store.requests import INTAKE
from tests.runtime.company import OTHER_IMEI, START, TICKET, WORKFLOW, Company, caller, granted, settings

KEY = Key("cli:cai", "k-1")


def test_a_repeated_wish_is_answered_with_the_first_outcome_whatever_happened_since(company: Company) -> None:
    first = granted(company.open(key=KEY))
    number = first.outcome.number
    granted(company.fire(number, "take", "rui"))
    granted(company.fire(number, "finish", "rui", work="更换屏幕", fee="300"))
    before = company.tables()
    again = granted(company.open(key=KEY))
    assert again.outcome.text() == first.outcome.text()
    assert (first.repeated, again.repeated, again.case) == (False, True, None)
    assert company.tables() == before


def test_a_repeated_move_is_answered_even_where_it_could_not_be_done_now(company: Company) -> None:
    number = company.opened()
    key = Key("cli:rui", "k-1")
    first = granted(company.fire(number, "take", "rui", expect=1, key=key))
    again = granted(company.fire(number, "take", "rui", expect=1, key=key))
    assert again.outcome.text() == first.outcome.text()
    assert company.case(number).seq == 2


def test_the_outcome_survives_another_program_and_another_day(company: Company, company_url: str) -> None:
    first = granted(company.open(key=KEY))
    with Application.open(settings(company_url), START + timedelta(days=20)) as later:
        again = granted(later.cases.open(WORKFLOW, OpenCase("receive", TICKET), caller("cai"), key=KEY))
    assert again.outcome.text() == first.outcome.text()


def test_the_order_of_what_is_said_does_not_matter(company: Company) -> None:
    first = granted(company.open(key=KEY))
    turned = OpenCase("receive", MappingProxyType({name: TICKET[name] for name in reversed([*TICKET])}))
    again = granted(company.app.cases.open(WORKFLOW, turned, caller("cai"), key=KEY))
    assert again.outcome == first.outcome


def test_the_same_key_with_another_wish_is_refused(company: Company) -> None:
    number = granted(company.open(key=KEY)).outcome.number
    other = company.opened(imei=OTHER_IMEI)
    before = company.tables()
    wishes: list[Callable[[], Answer]] = [
        lambda: company.open(key=KEY, symptom="无法充电"),
        lambda: company.open(key=KEY, imei=OTHER_IMEI),
        lambda: company.open("cui", key=KEY),
        lambda: company.open(None, key=KEY),
        lambda: company.fire(number, "take", "rui", key=KEY),
        lambda: company.fire(other, "take", "rui", key=KEY),
    ]
    for wish in wishes:
        with pytest.raises(KeyReused) as caught:
            wish()
        assert caught.value.code == "key_reused"
        assert caught.value.way_out is not None
    assert company.tables() == before


def test_a_move_of_another_case_is_another_wish(company: Company) -> None:
    numbers = [company.opened(), company.opened(imei=OTHER_IMEI)]
    granted(company.fire(numbers[0], "take", "rui", expect=1, key=KEY))
    with pytest.raises(KeyReused):
        company.fire(numbers[1], "take", "rui", expect=1, key=KEY)


def test_whoever_has_read_the_case_since_is_given_the_first_answer(company: Company) -> None:
    number = company.opened()
    first = granted(company.fire(number, "take", "rui", expect=1, key=KEY))
    for expect in (2, None):
        again = granted(company.fire(number, "take", "rui", expect=expect, key=KEY))
        assert (again.outcome, again.repeated) == (first.outcome, True)
    assert company.case(number).revision == 2


def test_keys_of_different_callers_do_not_meet(company: Company) -> None:
    first = granted(company.open(key=Key("cli:cai", "1")))
    second = granted(company.open("cui", key=Key("cli:cui", "1"), imei=OTHER_IMEI))
    assert first.outcome.number != second.outcome.number


def test_the_stored_request_holds_nothing_personal(company: Company) -> None:
    granted(company.open(key=KEY))
    text = str(company.tables()["requests"])
    assert not any(str(TICKET[name]) in text for name in ("customer", "mobile", "imei"))


def test_keys_live_thirty_days_but_references_for_ever(company: Company) -> None:
    granted(company.open(key=KEY))
    granted(company.open(key=Key(f"{INTAKE}desk-repair:receive", "T-1"), imei=OTHER_IMEI))
    with company.app.database.write() as connection:
        assert requests.prune(connection, START + timedelta(days=30)) == 0
        assert requests.prune(connection, START + timedelta(days=31)) == 1
    assert [row[0] for row in company.tables()["requests"]] == [f"{INTAKE}desk-repair:receive"]
