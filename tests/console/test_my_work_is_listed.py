"""My work: what somebody holds or may carry on, narrowed by the address, done by one click, and looking for what is new by itself."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag

from engine.store import accounts
from tests.console.reception import SWAPPING, Reception
from tests.web.centre import START

LOOKING = {**SWAPPING, "Aftercare-Poll": "true"}
"""What a page says that looks for what is new."""


# Shop 1 is left as it is found; what changes something happens in shop 2.


@pytest.fixture(scope="module")
def taken(reception: Reception) -> str:
    """A phone that Tom has taken on; another waits since, for which time has run out."""
    number = reception.centre.opened("amy")
    reception.centre.fire(number, "take", "tom")
    reception.centre.opened("amy", imei="001017000000029", mobile="12800000002")
    reception.centre.until(START + timedelta(days=2))
    return number


@pytest.fixture(scope="module")
def waiting(reception: Reception, taken: str) -> str:
    """The other one."""
    return next(number for number in numbers(reception.read("tom", "/work")) if number != taken)


def numbers(page: BeautifulSoup) -> list[str]:
    return [str(line["id"]).removeprefix("line-") for line in page.select("#work [data-line]")]


def line(page: BeautifulSoup, number: str) -> Tag:
    found = page.find(id=f"line-{number}")
    assert isinstance(found, Tag)
    return found


def form(page: BeautifulSoup, number: str) -> dict[str, str]:
    """What the form of a line sends."""
    return {str(each["name"]): str(each["value"]) for each in line(page, number).select("input")}


def test_what_somebody_holds_or_may_take_stands_in_his_work_and_in_no_others(reception: Reception, taken: str, waiting: str) -> None:
    page = reception.read("tom", "/work")
    assert set(numbers(page)) == {taken, waiting}
    assert page.title is not None
    assert page.title.text.startswith("My work (2)")
    assert numbers(reception.read("sue", "/work")) == [waiting]
    assert numbers(reception.read("kay", "/work")) == []
    assert "Nothing waits for you" in reception.read("kay", "/work").text


def test_a_line_says_what_is_pressing_and_offers_its_steps(reception: Reception, taken: str, waiting: str) -> None:
    page = reception.read("tom", "/work")
    pressing = line(page, waiting)
    assert "overdue" in pressing.select_one(".badge-late").text  # type: ignore[union-attr]
    assert "is-late" in pressing["class"]
    take = pressing.select_one("[data-take]")
    assert take is not None
    assert (take.name, take["formaction"], take["data-digit"]) == ("button", f"/cases/{waiting}/steps/take", "1")
    steps = line(page, taken).select(".line-actions a")
    assert str(steps[0]["href"]) == f"/cases/{taken}/steps/diagnose?back={quote('/work', safe='/')}"
    assert line(page, taken).select("button") == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("whose=mine", "taken"),
        ("whose=pool", "waiting"),
        ("whose=for", ""),
        ("whose=nobody", "both"),
        ("workflow=phone-repair&state=received", "waiting"),
        ("workflow=phone-repair", "both"),
        ("workflow=phone-callback", ""),
        ("state=received", "both"),
        ("unit=phone-01", "both"),
        ("unit=phone-02", ""),
        ("late=1", "both"),
        ("after=nonsense", "both"),
        ("after=-~2026-09-28T01:00:00%2B08:00~X", "both"),
        ("after=-~2026-09-28T01:00:00.000000Z~X", ""),
    ],
)
def test_the_address_narrows_the_list(reception: Reception, taken: str, waiting: str, query: str, shown: str) -> None:
    page = reception.read("tom", f"/work?{query}")
    wanted = {"taken": {taken}, "waiting": {waiting}, "both": {taken, waiting}, "": set()}
    assert set(numbers(page)) == wanted[shown]
    if not shown:
        assert page.select_one('.empty a[href="/work"]') is not None


def test_what_it_may_be_narrowed_by_is_a_link_with_a_count(reception: Reception, waiting: str) -> None:
    page = reception.read("tom", "/work?workflow=phone-repair")
    assert [each.text for each in page.select(".work-whose a")] == ["All", "Mine1", "Open to me1"]
    states = page.select('[aria-labelledby="by-state"] a')
    assert [re.sub(r"\s+", " ", each.text.strip()) for each in states] == ["All", "Diagnosing1", "Received1"]
    assert numbers(reception.read("tom", str(states[2]["href"]))) == [waiting]
    assert page.select_one(".figure-late b").text == "2"  # type: ignore[union-attr]


def test_a_page_that_looks_is_answered_only_when_something_has_changed(reception: Reception) -> None:
    page = reception.read("sid", "/work")
    address = str(page.select_one("#work")["hx-get"])  # type: ignore[index]
    assert reception.get("sid", address, headers=LOOKING).status_code == 204
    fresh = reception.centre.opened("bea", imei="001017000000037", mobile="12800000003")
    answer = reception.get("sid", address, headers=LOOKING)
    found = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert fresh in numbers(found)
    assert found.title is not None
    assert found.select("nav.menu, html") == []
    again = str(found.select_one("#work")["hx-get"])  # type: ignore[index]
    assert again != address
    assert reception.get("sid", again, headers=LOOKING).status_code == 204
    reception.centre.fire(fresh, "take", "sid")
    assert reception.get("sid", again, headers=LOOKING).status_code == 200


def test_a_step_that_asks_nothing_is_done_by_one_click(reception: Reception) -> None:
    number = reception.centre.opened("bea", imei="001017000000045", mobile="12800000004")
    sent = form(reception.read("ted", "/work?whose=pool"), number)
    assert sent["back"] == "/work?whose=pool"
    answer = reception.post("ted", f"/cases/{number}/steps/take", sent, headers=SWAPPING)
    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, "/work?whose=pool")
    page = BeautifulSoup(answer.text, "html.parser")
    assert number not in numbers(page)
    assert "Take" in page.select_one(".toast").text  # type: ignore[union-attr]
    assert number in numbers(reception.read("ted", "/work?whose=mine"))
    twice = reception.post("ted", f"/cases/{number}/steps/take", sent)
    assert (twice.status_code, twice.headers["location"]) == (303, "/work?whose=pool")


def test_a_click_that_comes_too_late_changes_nothing_and_says_why(reception: Reception) -> None:
    number = reception.centre.opened("bea", imei="001017000000052", mobile="12800000005")
    sent = form(reception.read("ted", "/work"), number)
    reception.centre.fire(number, "take", "sid")
    answer = reception.post("ted", f"/cases/{number}/steps/take", sent, headers=SWAPPING)
    assert answer.status_code in (403, 409, 412)
    assert reception.centre.app.views.case(number).case.assignee == "sid"


def test_what_nobody_holds_can_be_taken_without_a_step(reception: Reception) -> None:
    number = reception.centre.opened("bea", imei="001017000000060", mobile="12800000006", as_listed=False)
    page = reception.read("bea", "/work")
    button = line(page, number).select_one("[data-take]")
    assert button is not None
    assert (button["formaction"], button["value"]) == (f"/cases/{number}/assign", "bea")
    answer = reception.post("bea", f"/cases/{number}/assign", {**form(page, number), "person": "bea"})
    assert answer.status_code == 303
    assert reception.centre.app.views.case(number).case.assignee == "bea"
    assert "data-take" not in str(line(reception.read("bea", "/work"), number))


def test_no_session_lasts_longer_because_a_page_looks(reception: Reception) -> None:
    def used_at() -> object:
        with reception.app.database.read() as reader:
            return accounts.sessions_of(reader.connection, "mia")[0].used_at

    reception.read("mia", "/work")
    before, now = used_at(), reception.app.time.now()
    reception.centre.until(now + timedelta(hours=1))
    assert reception.get("mia", "/work?seen=nothing", headers=LOOKING).status_code == 200
    assert used_at() == before
    reception.read("mia", "/work")
    assert used_at() == now + timedelta(hours=1)


def test_a_page_is_whole_or_only_what_is_swapped_in(reception: Reception) -> None:
    assert reception.read("tom", "/work").html is not None
    assert reception.read("tom", "/work", headers=SWAPPING).html is None


def test_whoever_is_not_signed_in_is_asked_to(reception: Reception) -> None:
    answer = reception.centre.client.get("/work", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/work")
