"""How much a page costs the line: what a first visit receives, and that whatever is done then is one small request. Bytes, no seconds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import PLACES, Place
from tests.browser.traffic import listening
from tests.browser.window import Enter

pytestmark = pytest.mark.browser

FIRST, THEN = 150_000, 30_000
"""Bytes as they come over the line."""
KEPT = "/static/"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_first_visit_is_light(place: Place, enter: Enter, house: House) -> None:
    window, address, status = enter(place.guest, language="zh"), place.address(house.app), place.status(place.guest)
    with listening(window) as first:
        window.open(address, status)
    with listening(window) as again:
        window.open(address, status)

    assert first.size < FIRST, first.received
    assert [each for each in again.requests if KEPT in each] == [], "what is kept for good is asked for once"


def test_going_from_page_to_page_is_one_small_request_each(enter: Enter) -> None:
    window = enter("abe", language="zh")
    window.open("/work")
    links = window.page.locator(".menu > a, .rest-menu a")
    for path in [links.nth(place).get_attribute("href") for place in range(links.count())]:
        with listening(window) as traffic:
            window.page.evaluate("(path) => document.querySelector(`.menu a[href='${path}']`).click()", path)
            expect(window.page.locator(f".menu a[href='{path}']").first).to_have_attribute("aria-current", "page")
        assert len(traffic.requests) == 1, traffic.requests
        assert traffic.size < THEN, traffic.received
