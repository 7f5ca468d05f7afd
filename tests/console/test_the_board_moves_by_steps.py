"""Moving a card: the steps that lead into a column, for whoever drops it – and, where none does, the very reasons of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from engine.core.command import Fire
from engine.core.decision import Refused
from tests.console.reception import SWAPPING, Reception
from tests.runtime.company import caller

IN_DIALOG = {**SWAPPING, "HX-Target": "dialog#move"}
BOARD = "/board/phone-repair"
VERDICT: Mapping[str, Any] = {"fault": "screen", "cause": "屏碎", "in_warranty": "true", "verdict_why": "保内", "remedy": "repair"}


@pytest.fixture(scope="module")
def waiting(reception: Reception) -> str:
    """A phone that waits to be taken on."""
    return reception.centre.opened("amy", imei="001017000000501", mobile="12800000501")


@pytest.fixture(scope="module")
def taken(reception: Reception) -> str:
    """A phone that Tom diagnoses."""
    number = reception.centre.opened("amy", imei="001017000000502", mobile="12800000502")
    reception.centre.fire(number, "take", "tom")
    return number


def dialog(reception: Reception, person: str, number: str, to: str | None = None, status: int = 200, **more: str) -> BeautifulSoup:
    """What is shown to somebody who drops the card there."""
    query = {**({"to": to} if to is not None else {}), **more}
    return reception.read(person, f"{BOARD}/move/{number}", status, params=query, headers=IN_DIALOG)


def one(page: BeautifulSoup, chosen: str) -> Tag:
    """The only element of this kind."""
    (found,) = page.select(chosen)
    return found


def test_a_step_that_asks_nothing_is_one_button(reception: Reception, waiting: str) -> None:
    page = dialog(reception, "tom", waiting, "diagnose")
    assert page.html is None
    form = one(page, "form")
    assert form["action"] == f"/cases/{waiting}/steps/take"
    assert one(page, "form input[name=back]")["value"] == BOARD
    assert one(page, "form input[name=key]")["value"]


def test_a_step_that_asks_stands_open_with_its_form(reception: Reception, taken: str) -> None:
    page = dialog(reception, "tom", taken, "repair")
    form = one(page, "form.form")
    assert form["action"] == f"/cases/{taken}/steps/diagnose"
    assert page.select("[name='data.fault']")


def test_a_choice_that_may_lead_there_is_among_the_ways_and_says_so(reception: Reception, taken: str) -> None:
    page = dialog(reception, "tom", taken, "diagnose")
    assert page.select(".move-step .badge"), "whether it stays in diagnosis depends on the form"
    ways = {each.text for each in page.select(".move-step:not(.is-not)")}
    assert any("Diagnose" in each for each in ways)
    assert any("Exclude" in each for each in ways)


def test_where_no_step_leads_it_says_so_and_what_can_be_done(reception: Reception, waiting: str) -> None:
    page = dialog(reception, "tom", waiting, "inspect")
    assert "No step leads from “Received” into “Inspect”" in page.text
    assert one(page, "form")["action"] == f"/cases/{waiting}/steps/take"


def test_the_end_is_a_column_too(reception: Reception, waiting: str) -> None:
    page = dialog(reception, "amy", waiting, "ended")
    assert "“Ended”" in one(page, "#move-title").text


def test_it_is_refused_with_the_reasons_of_the_service(reception: Reception, waiting: str, taken: str) -> None:
    app = reception.centre.app
    for person, number, step, to in (("amy", waiting, "take", "diagnose"), ("sue", taken, "diagnose", "repair")):
        answer = app.cases.handle(number, Fire(step), caller(person), dry_run=True)
        assert isinstance(answer, Refused)
        refused = next(each.sentence.en for each in answer.reasons if each.code == "not_authorised")
        page = dialog(reception, person, number, to)
        assert refused.replace(f"“{app.directory.roster().names[person]}” may not", "You may not") in page.text
        assert page.select("form") == [], "what one may not is not offered"
        assert page.select(".who-can") != []


def test_every_role_is_offered_exactly_what_the_service_allows(reception: Reception, waiting: str, taken: str) -> None:
    app = reception.centre.app
    for person in ("amy", "tom", "sue", "mia", "max", "abe"):
        for number in (waiting, taken):
            identity = caller(person).identity
            _, options = app.cases.options(number, identity)
            page = dialog(reception, person, number)
            offered = {
                str(each.get("action") or each.get("href")) for each in page.select(".move-step:not(.is-not) form, .move-step a.button")
            }
            offered |= {str(each["action"]) for each in page.select("form.form")}
            steps = {address.split("/steps/")[-1].split("step=")[-1] for address in offered}
            assert steps == {each.step for each in options if each.allowed}, (person, number)


def test_without_a_script_it_is_a_page_that_leads_back(reception: Reception, waiting: str) -> None:
    page = reception.read("tom", f"{BOARD}/move/{waiting}?to=diagnose&late=1")
    assert page.html is not None
    assert one(page, ".move input[name=back]")["value"] == f"{BOARD}?late=1"


def test_what_is_not_there_is_not_found(reception: Reception, waiting: str) -> None:
    dialog(reception, "bea", waiting, "diagnose", 404)
    dialog(reception, "tom", "WX26-999999", "diagnose", 404)
    dialog(reception, "tom", waiting, "nowhere", 404)


def test_a_card_is_moved_by_the_step_and_the_board_comes_back_and_says_so(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000503", mobile="12800000503")
    page = dialog(reception, "tom", number, "diagnose")
    sent = {str(each["name"]): str(each["value"]) for each in page.select("form input")}
    answer = reception.post("tom", f"/cases/{number}/steps/take", sent, headers=SWAPPING)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == BOARD
    after = BeautifulSoup(answer.text, "html.parser")
    assert number in {each.text for each in after.select("#column-diagnose .case .number")}
    assert after.select_one(".toast") is not None
    assert reception.centre.app.views.case(number).case.assignee == "tom"


def test_nothing_moves_before_the_service_has_said_so(reception: Reception, waiting: str) -> None:
    before = reception.centre.app.views.case(waiting).case
    for to in ("diagnose", "repair", "ended"):
        dialog(reception, "tom", waiting, to)
    assert reception.centre.app.views.case(waiting).case == before
