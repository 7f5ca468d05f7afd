"""The board: what stands in which column, what is late, and who sees which cards – each exactly what his lists hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from engine.core.command import Comment
from engine.runtime import staffing
from tests.console.reception import SWAPPING, Reception
from tests.runtime.company import caller
from tests.web.centre import START

BOARD = "/board/phone-repair"


@dataclass(frozen=True)
class Cases:
    """Three phones of the first shop and two of the second, by number. The next day one that waits is overdue.

    `kept`: of the second shop, held by one who has no role there any more.
    """

    waiting: str
    taken: str
    examined: str
    elsewhere: str
    kept: str


@pytest.fixture(scope="module")
def cases(reception: Reception) -> Cases:
    """What stands on the board."""
    centre = reception.centre
    numbers = [
        centre.opened(person, imei=f"00101700000004{nth}", mobile=f"1280000004{nth}")
        for nth, person in enumerate(("amy",) * 3 + ("bea",) * 2)
    ]
    found = Cases(*numbers)
    centre.fire(found.taken, "take", "tom")
    centre.fire(found.examined, "take", "sue")
    centre.fire(found.kept, "take", "ted")
    app = reception.app
    for each in app.directory.roster().assignments("ted", app.time.now()):
        staffing.revoke(app.database, app.hierarchy.registry, "ted", each.role, each.unit, at=app.time.now())
    centre.until(START + timedelta(days=3))
    return found


def column(page: BeautifulSoup, id: str) -> list[str]:
    """The numbers of the cards of a column, in their order."""
    return [each.text for each in page.select(f"#column-{id} .case .number")]


def count(page: BeautifulSoup, id: str) -> str:
    """How many a column says that it holds."""
    found = page.select_one(f"#column-{id} .column-count")
    assert found is not None
    return found.text


def test_cards_stand_in_the_column_of_their_phase_and_are_counted(reception: Reception, cases: Cases) -> None:
    page = reception.read("tom", BOARD)
    assert column(page, "receive") == [cases.waiting]
    assert sorted(column(page, "diagnose")) == sorted([cases.taken, cases.examined])
    assert (count(page, "receive"), count(page, "diagnose"), count(page, "repair")) == ("1", "2", "0")
    assert [each["id"] for each in page.select(".column[id]")] == [
        f"column-{id}" for id in ("receive", "diagnose", "repair", "inspect", "return")
    ]


def test_nobody_sees_a_card_of_a_case_that_his_lists_do_not_hold(reception: Reception, cases: Cases) -> None:
    numbers = {cases.waiting, cases.taken, cases.examined, cases.elsewhere, cases.kept}
    for person in ("amy", "tom", "bea", "ted", "max", "abe", "dan", "ada"):
        page = reception.read(person, BOARD)
        listed = set(reception.centre.numbers(person, workflow="phone-repair", open="true"))
        assert {each.text for each in page.select(".case .number")} == listed & numbers, person
        total = sum(int(each.text) for each in page.select(".column-count"))
        assert total == len(listed), person


def test_what_is_late_is_marked_and_comes_first(reception: Reception, cases: Cases) -> None:
    page = reception.read("max", BOARD)
    late = page.select("#column-receive .case .badge-late")
    assert late
    assert page.select_one("#column-receive .column-tally .badge-late") is not None
    narrowed = reception.read("max", f"{BOARD}?late=1")
    assert set(column(narrowed, "receive")) == {cases.waiting, cases.elsewhere}
    assert count(narrowed, "receive") == "2"


def test_mine_is_what_i_hold_and_a_unit_or_a_state_narrows(reception: Reception, cases: Cases) -> None:
    page = reception.read("tom", f"{BOARD}?mine=1")
    assert [each.text for each in page.select(".case .number")] == [cases.taken]
    assert page.select_one(".case .badge-mine") is not None
    assert column(reception.read("max", f"{BOARD}?unit=phone-02"), "receive") == [cases.elsewhere]
    assert column(reception.read("max", f"{BOARD}?state=received&unit=phone-01"), "receive") == [cases.waiting]
    assert reception.read("tom", f"{BOARD}?unit=phone-02", 404).select_one("[role=alert]") is not None
    reception.read("tom", f"{BOARD}?state=nowhere", 404)
    reception.read("tom", "/board/nothing", 404)


def test_without_a_process_the_one_with_most_cases_is_shown(reception: Reception, cases: Cases) -> None:
    assert cases.waiting in reception.read("tom", "/board", headers=SWAPPING).text
    answer = reception.get("tom", "/board")
    assert (answer.status_code, answer.headers["location"]) == (303, BOARD)
    assert "No open cases" in reception.read("ada", "/board").text


def test_a_column_is_listed_page_by_page_and_its_cases_are_brought_to_bulk(reception: Reception, cases: Cases) -> None:
    page = reception.read("tom", f"{BOARD}/diagnose")
    assert {each["value"] for each in page.select("input[name=number]")} == {cases.taken, cases.examined}
    form = page.select_one("form[action='/bulk/new']")
    assert form is not None
    reception.read("tom", f"{BOARD}/nowhere", 404)


def test_a_board_that_has_not_changed_is_not_sent_again(reception: Reception, cases: Cases) -> None:
    page = reception.read("tom", BOARD)
    board = page.select_one("#board")
    assert board is not None
    address = str(board["hx-get"])
    assert reception.get("tom", address, headers=SWAPPING).status_code == 204
    assert reception.get("sue", address, headers=SWAPPING).status_code == 200, "another's board is another one"
    reception.centre.app.cases.handle(cases.waiting, Comment("已联系"), caller("amy"))
    changed = reception.get("tom", address, headers=SWAPPING)
    assert changed.status_code == 200
    assert address not in changed.text


def test_the_wall_shows_the_same_counts_without_a_menu(reception: Reception, cases: Cases) -> None:
    page = reception.read("max", f"{BOARD}?wall=1")
    assert page.select(".menu") == []
    counts = {each.select_one("h2").text: each.select_one(".wall-count").text for each in page.select(".wall-column")}  # type: ignore[union-attr]
    assert (counts["Receive"], counts["Diagnose"]) == ("2", "3")
    first = page.select_one(".wall-case .number")
    assert first is not None
    assert first.text in (cases.waiting, cases.elsewhere)


def test_what_somebody_holds_stays_on_his_board_though_his_role_is_gone(reception: Reception, cases: Cases) -> None:
    page = reception.read("ted", BOARD)

    assert column(page, "diagnose") == [cases.kept]
    assert cases.elsewhere not in page.text
