"""The rig itself: whatever a page may not do is noticed, so that a test that saw nothing has seen something."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.house import House
from tests.browser.window import PATIENCE, Windows

pytestmark = pytest.mark.browser
A_LOOK = 20
"""Milliseconds from one look at what has been noticed to the next."""

DEEDS = {
    "csp script-src": "document.body.insertAdjacentHTML('beforeend', '<img src=/x onerror=alert(1)>')",
    "csp style-src": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')",
    "csp connect-src": "fetch('http://127.0.0.1:9/x').catch(() => {})",
    "left the house": "open('http://127.0.0.1:9/x')",
    "console error": "console.error('something')",
    "script": "setTimeout(() => { throw new Error('something') })",
    "dialog": "alert('something')",
    "status of 404": "fetch('/nowhere').then((answer) => answer.text())",
}


@pytest.mark.parametrize("what", DEEDS)
def test_a_deed_that_is_not_allowed_is_a_trouble(what: str, house: House, chromium: Browser) -> None:
    windows = Windows(house, chromium)
    window = windows.enter("tom")
    window.open("/help")
    assert window.troubles() == []

    window.page.evaluate(f"() => {{ {DEEDS[what]} }}")

    for _ in range(PATIENCE // A_LOOK):
        if any(what in each for each in window.troubles()):
            break
        window.page.wait_for_timeout(A_LOOK)
    with pytest.raises(AssertionError, match=what):
        windows.end()
