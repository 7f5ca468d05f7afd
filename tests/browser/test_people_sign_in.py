"""Signing in by hand: with a password, back to where one was, on a browser that keeps its language and its brightness."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from engine.store import accounts
from tests.browser.house import House
from tests.browser.window import Enter, Window

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def ann(house: House) -> str:
    """Somebody at the front desk who has a password."""
    house.app.accounts.set_password("ann", PASSWORD, by="os:test")
    return "ann"


def sign_in(window: Window, person: str, password: str) -> None:
    window.page.locator("#person").fill(person)
    window.page.locator("#password").fill(password)
    window.page.keyboard.press("Enter")


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])
def test_a_password_leads_to_where_one_wanted_to_go(enter: Enter, ann: str, scripted: bool) -> None:
    window = enter(java_script_enabled=scripted)
    window.allowed.add(401)
    window.open("/intake")
    assert window.path() == "/sign-in?next=/intake"
    expect(window.page.locator("#person")).to_be_focused()

    sign_in(window, ann, "a wrong password")
    expect(window.page.get_by_role("alert")).to_contain_text("wrong")
    assert window.page.locator("#person").input_value() == ann

    sign_in(window, ann, PASSWORD)
    expect(window.page).to_have_url(f"{window.house.address}/intake")


def test_whose_session_was_ended_elsewhere_signs_in_and_is_back(enter: Enter, house: House, ann: str) -> None:
    window = enter(ann)
    window.open("/board/phone-callback")
    with house.app.database.write() as connection:
        accounts.end(connection, ann, house.app.time.now())

    window.page.locator(".menu").get_by_role("link", name="My work").click()
    expect(window.page).to_have_url(re.compile("/sign-in"))
    sign_in(window, ann, PASSWORD)

    expect(window.page).to_have_url(f"{house.address}/board/phone-callback")


def test_whoever_signs_out_is_out(enter: Enter) -> None:
    window = enter("bob")
    window.open("/work")
    window.page.locator("details.me summary").click()
    window.page.get_by_role("button", name="Sign out").click()
    expect(window.page).to_have_url(f"{window.house.address}/sign-in")

    window.page.go_back()
    expect(window.page.locator("#password")).to_be_visible()
    assert window.page.locator(".menu").count() == 0
    window.open("/work")
    assert window.path() == "/sign-in?next=/work"


def test_a_window_follows_who_signs_in_beside_it_but_what_is_filled_in_stays(enter: Enter, house: House, ann: str) -> None:
    window = enter(ann)
    window.open("/work")
    with window.page.expect_request(lambda request: request.url.endswith("/intake")) as asked:
        window.page.locator(".menu").get_by_role("link", name="Intake").first.click()
    assert asked.value.headers["aftercare-person"] == ann
    window.open("/board/phone-callback")
    filling = window.context.new_page()
    filling.goto(f"{house.address}/account/password")
    filling.locator("#old").fill("something that was typed")
    beside = window.context.new_page()
    beside.goto(f"{house.address}/work")
    beside.locator("details.me summary").click()
    beside.get_by_role("button", name="Sign out").click()
    expect(window.page).to_have_url(f"{house.address}/sign-in?next=/board/phone-callback")

    house.app.accounts.set_password("bob", PASSWORD, by="os:test")
    beside.locator("#person").fill("bob")
    beside.locator("#password").fill(PASSWORD)
    beside.keyboard.press("Enter")
    expect(window.page).to_have_url(f"{house.address}/board/phone-callback")
    expect(window.page.locator("html")).to_have_attribute("data-person", "bob")
    expect(filling.locator("#old")).to_have_value("something that was typed")
    expect(filling.locator("html")).to_have_attribute("data-person", ann)


def test_a_browser_keeps_language_and_brightness(enter: Enter) -> None:
    window = enter("tom")
    page, html = window.page, window.page.locator("html")
    window.open("/board/phone-repair")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    for button, attribute, value in (("中文", "lang", "zh-CN"), ("深色", "data-theme", "dark")):
        page.locator("details.me summary").click()
        page.get_by_role("button", name=button, exact=True).click()
        expect(html).to_have_attribute(attribute, value)
    assert window.path() == "/board/phone-repair"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light

    page.locator(".menu a").first.click()
    expect(page.locator("h1")).to_contain_text("我的工作")
    assert (html.get_attribute("lang"), html.get_attribute("data-theme")) == ("zh-CN", "dark")
