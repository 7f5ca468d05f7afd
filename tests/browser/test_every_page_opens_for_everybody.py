"""Every page before every role, in both languages, on a narrow screen: it is there or it is not, it is one page, and it fits."""

from __future__ import annotations

import pytest

from engine.label import Language
from tests.browser.house import House
from tests.browser.pages import PEOPLE, PLACES, Place
from tests.browser.window import Sit, Window
from web.problem import LANGUAGES

pytestmark = pytest.mark.browser

SPOKEN: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
TOO_WIDE = """() => [...document.querySelectorAll("button, .button, .badge")].filter((each) => !each.matches(".unseen"))
  .filter((each) => each.checkVisibility() && each.clientWidth && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 200))"""
BEYOND = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_there_for_whom_it_is(place: Place, role: str, sit: Sit, house: House) -> None:
    person = PEOPLE[role]
    for language in LANGUAGES:
        window = sit(person, language=language, width=360, height=740)
        window.open(place.address(house.app), place.status(person))

        assert window.page.locator("h1").count() == 1
        assert window.page.locator("html").get_attribute("lang") == SPOKEN[language]
        assert fits(window) == []


def fits(window: Window) -> list[str]:
    """What does not: the page beside the screen, or words beside their button."""
    beyond = window.page.evaluate(BEYOND)
    return [*([f"{beyond} px beside the screen"] if beyond > 0 else []), *window.page.evaluate(TOO_WIDE)]
