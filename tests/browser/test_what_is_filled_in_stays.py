"""What somebody has filled in is lost neither by what others do meanwhile nor by going elsewhere unasked; no look for news touches it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from engine.core.command import Comment, Correct, OpenCase
from tests.browser.house import House
from tests.browser.window import Enter, Window
from tests.runtime.company import caller, granted

pytestmark = pytest.mark.browser

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
INVALID, TOO_LARGE = 422, 413


def taken(house: House) -> str:
    """A phone that is being diagnosed."""
    number = house.opened()
    house.fire(number, "take", "tom")
    return number


def diagnose(window: Window) -> None:
    """Begin the form, with a choice, a text and yes or no, and stay in the text."""
    page = window.page
    page.get_by_label("Fault code").select_option(label="Battery")
    page.get_by_role("group", name="In warranty").get_by_text("Yes").click()
    page.get_by_label("Cause").fill("电池老化")


def is_begun(window: Window) -> None:
    """All of it stands there."""
    page = window.page
    expect(page.get_by_label("Fault code")).to_have_value("battery")
    expect(page.get_by_role("radio", name="Yes").first).to_be_checked()
    expect(page.get_by_label("Cause")).to_have_value("电池老化")


def correct(house: House, number: str) -> None:
    """Somebody else mends what the customer said."""
    granted(house.app.cases.handle(number, Correct({"symptom": "充不进电，自动关机"}, "客户补充"), caller("amy")))


def leaving(window: Window) -> Locator:
    """The question whether what was filled in is to be left behind."""
    return window.page.get_by_role("dialog", name="Leave this form?")


def stay(window: Window) -> None:
    """Think better of it."""
    expect(leaving(window)).to_be_visible()
    expect(leaving(window).get_by_role("button", name="Go on filling it in")).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(leaving(window)).to_be_hidden()


def test_to_look_at_what_somebody_did_keeps_what_is_filled_in(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    window.open(f"/cases/{number}/steps/diagnose")
    diagnose(window)
    correct(house, number)
    before = window.page.get_by_label("Cause").bounding_box()

    window.page.evaluate(LOOK)
    told = window.page.locator("#changed")
    expect(told).to_contain_text("Correction")
    expect(window.page.get_by_label("Cause")).to_be_focused()
    assert window.page.get_by_label("Cause").bounding_box() == before, "nothing has moved under his hands"
    told.get_by_role("button", name=re.compile("^Show")).click()

    expect(window.page.locator(".overtaken")).to_contain_text("充不进电，自动关机")
    is_begun(window)
    window.page.get_by_label("Reason for the verdict").fill("在保")
    window.page.get_by_role("group", name="Remedy").get_by_text("Repair or upgrade").click()
    window.page.get_by_role("button", name="Diagnose", exact=True).click()
    expect(window.page.get_by_role("link", name="Finish")).to_be_visible()
    assert (house.state(number), house.value(number, "symptom")) == ("repairing", "充不进电，自动关机")


def parts_wanted(house: House) -> str:
    """Two kinds of parts are requested for a car; the number of the request."""
    needed = [{"part": "BP-1", "quantity": 2}, {"part": "BP-2", "quantity": 1}]
    asked = {"order_no": "RO26-009901", "vin": "L00TEST14N1000001", "needed": needed, "receivers": ["tess"], "adviser": "ada"}
    return granted(house.app.cases.open("dealer-parts-order", OpenCase("request", asked), caller("lou"))).outcome.number


def test_rows_stay_with_what_was_filled_in_and_added(enter: Enter, house: House) -> None:
    number = parts_wanted(house)
    holder = house.app.views.case(number).case.assignee or "pat"
    window = enter(holder)
    page = window.page
    window.open(f"/cases/{number}/steps/pick")
    picked = page.get_by_label("Picked")
    picked.nth(0).fill("2")
    picked.nth(1).fill("1")
    granted(house.app.cases.handle(number, Comment("催一下"), caller("lou")))

    page.evaluate(LOOK)
    page.locator("#changed").get_by_role("button").click()

    expect(page.locator(".overtaken")).to_contain_text("Comment")
    expect(picked).to_have_count(2)
    expect(picked.nth(0)).to_have_value("2")
    expect(picked.nth(1)).to_have_value("1")


def test_a_step_that_is_gone_leaves_what_was_filled_in_to_be_copied(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    window.open(f"/cases/{number}/steps/diagnose")
    diagnose(window)
    house.fire(number, "diagnose", "tom", fault="screen", cause="屏碎", in_warranty=True, verdict_why="保内", remedy="repair", tests="")

    window.page.evaluate(LOOK)
    window.page.locator("#changed").get_by_role("button").click()

    kept = window.page.locator(".open-form")
    expect(kept).to_contain_text("This step can no longer be done.")
    expect(kept).to_contain_text("电池老化")
    expect(kept).to_contain_text("Battery")


WAYS: dict[str, Callable[[Window], None]] = {
    "a link": lambda window: window.page.get_by_role("link", name="Board").first.click(),
    "the cross": lambda window: window.page.get_by_role("link", name="Close").click(),
    "another button": lambda window: window.page.get_by_role("button", name="Unassign me").click(),
    "a scan into the search": lambda window: window.page.locator("#find").press_sequentially("001017000000011\n"),
    "back": lambda window: window.page.evaluate("history.back()"),
}


def test_whoever_goes_elsewhere_is_asked_and_may_stay(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    window.open(f"/cases/{number}")
    window.page.get_by_role("link", name="Diagnose").click()
    diagnose(window)
    here = window.path()
    for go in WAYS.values():
        go(window)
        stay(window)
        is_begun(window)
        expect(window.page).to_have_url(f"{house.address}{here}")
    assert house.app.views.case(number).case.assignee == "tom"

    window.page.evaluate("history.back()")
    leaving(window).get_by_role("button", name="Leave", exact=True).click()
    expect(window.page).to_have_url(f"{house.address}/cases/{number}")
    expect(window.page.locator("#filling")).to_have_count(0)
    window.page.get_by_role("link", name="Board").first.click()
    expect(window.page).to_have_url(re.compile("/board/"))


def test_a_form_that_nobody_has_begun_is_left_without_a_question(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    window.open(f"/cases/{number}/steps/diagnose")
    window.page.keyboard.press("Escape")
    expect(window.page).to_have_url(f"{house.address}/cases/{number}")
    expect(leaving(window)).to_be_hidden()


def test_a_begun_form_in_the_dialog_of_the_board_is_shut_only_when_asked(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    page = window.page
    window.open("/board/phone-repair")
    page.locator(f"#card-{number} [data-move]").click()
    dialog = page.locator("#move")
    dialog.get_by_role("link", name="Diagnose").click()
    dialog.get_by_label("Cause").fill("电池老化")

    page.keyboard.press("Escape")
    stay(window)
    dialog.get_by_role("link", name="Close").first.click()
    stay(window)
    expect(dialog.get_by_label("Cause")).to_have_value("电池老化")
    page.keyboard.press("Escape")
    leaving(window).get_by_role("button", name="Leave", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.locator(f"#card-{number}")).to_be_visible()


def test_an_answer_that_is_no_form_takes_nothing_away(enter: Enter, house: House) -> None:
    number, window = taken(house), enter("tom")
    window.open(f"/cases/{number}/steps/diagnose")
    diagnose(window)
    window.allowed.add(TOO_LARGE)
    page = "<main><section data-failure><h1>It is too large; nothing was done.</h1></section></main>"
    window.page.route("**/steps/diagnose", lambda route: route.fulfill(status=TOO_LARGE, content_type="text/html", body=page))

    window.page.get_by_role("button", name="Diagnose", exact=True).click()

    expect(window.page.locator("#trouble")).to_contain_text("It is too large; nothing was done. What you have filled in is still here.")
    is_begun(window)


def test_a_look_for_news_leaves_alone_what_is_marked_and_where_one_is(enter: Enter, house: House) -> None:
    house.opened("bea")
    window = enter("tia")
    page = window.page
    window.open("/work")
    id = page.locator("#work [data-line]").first.get_attribute("id")
    link = page.locator(f"#{id} a").first
    link.focus()
    number = house.opened("bea")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#work [data-line]'))")
    with page.expect_response(lambda answer: "/work" in answer.url and answer.status == 200):
        page.evaluate(LOOK)
    expect(page.locator("[data-line]").filter(has_text=number)).to_have_count(0)
    assert page.evaluate("getSelection().toString()") != ""

    page.evaluate("getSelection().removeAllRanges()")
    page.evaluate(LOOK)
    expect(page.locator("[data-line]").filter(has_text=number)).to_have_count(1)
    expect(link).to_be_focused()
