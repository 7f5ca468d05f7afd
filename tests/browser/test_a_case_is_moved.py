"""A case on the screen, moved as people move it: with a form that comes back, by two at once, with a thumb, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.house import House
from tests.browser.window import Enter, Window

pytestmark = pytest.mark.browser

STALE, INVALID = 412, 422


def can(window: Window) -> Locator:
    """What one can do with the case that is open."""
    return window.page.get_by_role("region", name="What you can do", exact=True)


def diagnose(window: Window, cause: str = "电池老化") -> None:
    """Fill in what was found."""
    page = window.page
    page.get_by_label("Fault code").select_option(label="Battery")
    page.get_by_label("Cause").fill(cause)
    page.get_by_role("group", name="In warranty").get_by_text("Yes").click()
    page.get_by_label("Reason for the verdict").fill("在保")
    page.get_by_role("group", name="Remedy").get_by_text("Repair or upgrade").click()


def send(window: Window, name: str = "Diagnose") -> None:
    """Press the button that sends the form which stands open."""
    window.page.get_by_role("button", name=name, exact=True).click()


def test_a_form_with_a_fault_comes_back_with_the_first_fault_in_hand(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("tom")
    window.open(f"/cases/{number}")
    can(window).get_by_role("button", name="Take", exact=True).click()
    expect(window.page.get_by_role("status").filter(has_text="Take")).to_be_visible()
    assert house.state(number) == "diagnosing"

    can(window).get_by_role("link", name="Diagnose").click()
    window.allowed.add(INVALID)
    send(window)

    fault = window.page.get_by_label("Fault code")
    expect(fault).to_be_focused()
    expect(fault).to_have_attribute("aria-invalid", "true")
    described = str(fault.get_attribute("aria-describedby")).split()[0]
    expect(window.page.locator(f"[id='{described}']")).to_be_visible()
    assert house.state(number) == "diagnosing"

    diagnose(window)
    send(window)
    expect(can(window).get_by_role("link", name="Finish")).to_be_visible()
    assert (house.state(number), house.value(number, "cause")) == ("repairing", "电池老化")
    assert window.path() == f"/cases/{number}"


def test_whoever_comes_second_is_told_and_overwrites_nothing(enter: Enter, house: House) -> None:
    number = house.opened()
    house.fire(number, "take", "tom")
    first, second = enter("amy"), enter("tom")
    second.open(f"/cases/{number}/steps/diagnose")
    diagnose(second, "尾插氧化")
    first.open(f"/cases/{number}/correct")
    first.page.get_by_label("Symptom").fill("充不进电，且自动关机")
    first.page.get_by_role("textbox", name="Reason required").fill("客户补充")
    send(first, "Correct")
    expect(first.page.get_by_role("status").filter(has_text="Correct")).to_be_visible()

    second.allowed.add(STALE)
    send(second)

    expect(second.page.get_by_role("alert").first).to_be_visible()
    expect(second.page.get_by_label("Cause")).to_have_value("尾插氧化")
    assert (house.state(number), house.value(number, "symptom")) == ("diagnosing", "充不进电，且自动关机")

    send(second)
    expect(can(second).get_by_role("link", name="Finish")).to_be_visible()
    assert (house.state(number), house.value(number, "symptom")) == ("repairing", "充不进电，且自动关机")


def test_whoever_has_a_case_open_is_told_that_somebody_was_there(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("amy")
    window.open(f"/cases/{number}")
    house.fire(number, "take", "tom")

    window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # he looks at the page again

    told = window.page.locator("#changed")
    expect(told).to_contain_text("Take")
    told.get_by_role("link").first.click()
    expect(window.page.get_by_text("Diagnosing", exact=True).first).to_be_visible()


def test_what_one_may_not_do_says_why_and_who_can(enter: Enter, house: House) -> None:
    window = enter("amy")
    window.open(f"/cases/{house.opened()}")

    cannot = window.page.get_by_role("region", name="What you cannot do now")
    expect(cannot).to_contain_text("You may not do “Take”")
    expect(cannot).to_contain_text("样例维修01")


def test_a_step_is_taken_back(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("tom")
    house.fire(number, "take", "tom")
    window.open(f"/cases/{number}")

    can(window).get_by_role("link", name="Undo “Take”").click()
    window.page.get_by_label("Reason").fill("点错了")
    window.page.locator("form").get_by_role("button", name="Undo", exact=False).click()

    expect(can(window).get_by_role("button", name="Take", exact=True)).to_be_visible()
    assert house.state(number) == "received"


def test_a_remark_stands_in_the_history_for_the_next_one(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("amy")
    window.open(f"/cases/{number}")

    can(window).get_by_role("link", name="Comment").click()
    window.page.locator("form.form textarea").first.fill("客户晚上来取 <b>x</b>")
    send(window, "Comment")

    expect(window.page.get_by_role("region", name="History")).to_contain_text("客户晚上来取 <b>x</b>")


def test_a_case_is_given_to_somebody(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("tom")
    house.fire(number, "take", "tom")
    window.open(f"/cases/{number}")

    can(window).get_by_role("link", name="Assign").click()
    window.page.get_by_label("To whom").select_option("mia")
    send(window, "Assign")

    expect(window.page.get_by_role("status").filter(has_text="样例主管02").first).to_be_visible()
    assert house.app.views.case(number).case.assignee == "mia"


def test_a_thumb_is_enough(enter: Enter, house: House) -> None:
    number = house.opened()
    window = enter("tom", width=360, height=740, has_touch=True, is_mobile=True)
    window.open(f"/cases/{number}")

    button = can(window).get_by_role("button", name="Take", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    button.tap()

    expect(can(window).get_by_role("link", name="Diagnose")).to_be_visible()
    assert house.state(number) == "diagnosing"


def test_no_script_is_needed(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("tom", java_script_enabled=False)
    window.open(f"/cases/{number}")
    can(window).get_by_role("button", name="Take", exact=True).click()
    can(window).get_by_role("link", name="Diagnose").click()
    window.allowed.add(INVALID)
    send(window)
    expect(window.page.get_by_role("alert").first).to_be_visible()

    diagnose(window)
    send(window)

    expect(can(window).get_by_role("link", name="Finish")).to_be_visible()
    assert house.state(number) == "repairing"
