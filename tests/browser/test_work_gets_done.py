"""My work and the board as they are worked with: by single keys, by dragging, and with others at work at the same time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.house import House
from tests.browser.traffic import listening
from tests.browser.window import Enter, Window

pytestmark = pytest.mark.browser

AN_ACTION = 30_000
"""Bytes that the answer to it may have."""


def look_again(window: Window) -> None:
    """Come back to the page from another one, at which it looks for what is new."""
    window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def line(window: Window, number: str) -> Locator:
    """A line of a list, by the case in it."""
    return window.page.locator("[data-line]").filter(has_text=number)


def walk_to(window: Window, number: str) -> None:
    """Choose a line with the keyboard, no faster than a hand: what comes faster is a scanner."""
    lines = window.page.locator("[data-line]")
    for place in range(lines.count()):
        window.page.keyboard.press("j")
        expect(lines.nth(place)).to_have_attribute("data-chosen", "")
        if number in lines.nth(place).inner_text():
            return
    raise AssertionError(f"{number} is not reached")


def test_a_step_takes_one_key_and_one_small_request(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    window.open("/work")
    walk_to(window, number)

    with listening(window) as traffic:
        window.page.keyboard.press("1")
        expect(window.page.locator(".toasts").filter(has_text=re.compile("Take", re.IGNORECASE))).to_be_visible()

    assert house.state(number) == "diagnosing"
    assert [each.split("?")[0] for each in traffic.requests] == [f"POST /cases/{number}/steps/take"]
    assert traffic.size < AN_ACTION
    assert window.path() == "/work"
    expect(line(window, number)).to_contain_text("Diagnosing")


def test_new_work_appears_by_itself(enter: Enter, house: House) -> None:
    window = enter("tia")
    window.open("/work")
    number = house.opened("bea")

    look_again(window)

    expect(line(window, number)).to_be_visible()
    expect(window.page.locator("#work-news")).to_have_text("1 new case")


def test_what_is_looked_for_stands_in_the_address(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    house.fire(number, "take", "tia")
    window.open("/work")

    window.page.get_by_role("link", name=re.compile("^Mine")).click()

    expect(window.page).to_have_url(f"{house.address}/work?whose=mine")
    expect(line(window, number)).to_be_visible()
    window.page.go_back()
    expect(window.page).to_have_url(f"{house.address}/work")


def column(window: Window, phase: str) -> Locator:
    """A column of the board that is open."""
    return window.page.locator(f"#column-{phase}")


def drag(window: Window, number: str, phase: str) -> None:
    """Take a card by the hand and let it go above another column, at the height of the card: however short that column is."""
    card, there = window.page.locator(f"#card-{number}"), column(window, phase)
    card.scroll_into_view_if_needed()
    begin, end = card.bounding_box(), there.bounding_box()
    assert begin is not None
    assert end is not None
    mouse = window.page.mouse
    mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + 6)
    mouse.down()
    mouse.move(begin["x"] + begin["width"] / 2 + 30, begin["y"] + 30, steps=3)
    mouse.move(end["x"] + end["width"] / 2, min(begin["y"], 600), steps=5)
    mouse.up()


def test_a_card_that_is_dragged_makes_the_same_step(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    window.open("/board/phone-repair")

    drag(window, number, "diagnose")
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text(number)
    dialog.get_by_role("button", name="Take").click()

    expect(column(window, "diagnose").locator(f"#card-{number}")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert house.state(number) == "diagnosing"


def test_a_card_far_down_reaches_a_column_that_is_short(enter: Enter, house: House) -> None:
    for _ in range(5):
        house.opened("bea")
    window = enter("tia")
    window.open("/board/phone-repair")
    number = str(column(window, "receive").locator(".case").last.get_attribute("id")).removeprefix("card-")

    drag(window, number, "inspect")

    expect(window.page.get_by_role("dialog")).to_contain_text(number)
    window.page.keyboard.press("Escape")


def test_a_card_that_may_not_go_there_says_why_and_stays(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    window.open("/board/phone-repair")

    drag(window, number, "return")

    dialog = window.page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("nothing was moved")
    expect(dialog).to_contain_text("You may not do “Cancel”")
    expect(dialog).to_contain_text("样例前台03")
    window.page.keyboard.press("Escape")
    expect(column(window, "receive").locator(f"#card-{number}")).to_be_visible()
    assert house.state(number) == "received"


def test_a_card_is_moved_by_keyboard_with_its_form(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    house.fire(number, "take", "tia")
    window.open("/board/phone-repair")
    walk_to(window, number)

    window.page.keyboard.press("m")
    dialog = window.page.get_by_role("dialog")
    dialog.get_by_role("link", name="Diagnose").press("Enter")
    dialog.get_by_label("Fault code").select_option(label="Battery")
    dialog.get_by_label("Cause").fill("电池老化")
    dialog.get_by_role("radio", name="Yes").first.check()
    dialog.get_by_label("Reason for the verdict").fill("在保")
    dialog.get_by_role("radio", name="Repair or upgrade").check()
    window.page.keyboard.press("Control+Enter")

    expect(column(window, "repair").locator(f"#card-{number}")).to_be_visible()
    assert (house.state(number), house.value(number, "cause")) == ("repairing", "电池老化")


def test_what_is_typed_is_found_before_it_is_whole(enter: Enter, house: House) -> None:
    number, window = house.opened("bea"), enter("tia")
    window.open("/work")

    window.page.keyboard.press("/")
    expect(window.page.locator("#find")).to_be_focused()
    window.page.keyboard.type(number[:-1], delay=20)
    hits = window.page.get_by_role("listbox")
    expect(hits).to_be_visible()
    window.page.keyboard.type(number[-1])
    expect(hits.get_by_role("option")).to_have_count(1)
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("Enter")

    expect(window.page).to_have_url(f"{house.address}/cases/{number}")


def test_many_are_moved_by_one_plan_whose_result_stays(enter: Enter, house: House) -> None:
    numbers = [house.opened("bea") for _ in range(2)]
    stuck, window = house.opened("bea"), enter("tia")
    house.fire(stuck, "take", "sid")
    page = window.page
    window.open(f"/bulk/new?{'&'.join(f'number={each}' for each in (*numbers, stuck))}")

    page.get_by_role("button", name=re.compile("^Choose a step")).click()
    page.get_by_role("button", name=re.compile("^Take ")).click()
    page.get_by_role("button", name="See the verdict for each").click()
    verdict = page.locator(".bulk-counts")
    expect(verdict).to_contain_text(re.compile(r"2\s*can be moved"))
    expect(page.locator(".bulk-group.is-bad")).to_contain_text(stuck)
    assert [house.state(each) for each in numbers] == ["received", "received"]

    page.get_by_role("button", name="Run: move 2 cases").click()

    expect(verdict).to_contain_text(re.compile(r"2\s*moved"))
    assert [house.state(each) for each in numbers] == ["diagnosing", "diagnosing"]
    window.open(window.path())
    expect(page.locator(".bulk-group.is-good")).to_contain_text(numbers[0])
