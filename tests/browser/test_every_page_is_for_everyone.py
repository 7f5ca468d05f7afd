"""The rules of accessibility (WCAG 2.2 AA and good practice, by axe-core) on every page, light and dark, on a wide and a narrow screen."""

from __future__ import annotations

import pytest

from tests.browser.house import House
from tests.browser.pages import PLACES, Place
from tests.browser.window import Sit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_keeps_every_rule(place: Place, sit: Sit, house: House) -> None:
    window = sit(place.guest)
    window.open(place.address(house.app), place.status(place.guest))

    faults = window.axe()
    window.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    faults += [f"dark: {each}" for each in window.axe("color-contrast")]
    window.page.set_viewport_size({"width": 360, "height": 740})
    whole = window.page.evaluate("document.documentElement.scrollHeight")
    window.page.set_viewport_size({"width": 360, "height": whole + 200})  # what one may scroll lies under no bar
    faults += [f"narrow: {each}" for each in window.axe()]

    assert faults == [], "\n".join(faults)
