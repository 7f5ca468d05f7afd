"""What people have written stands on every page as they wrote it, and nothing of it is ever run (reliability bar 34, the pages).

Each payload is entered wherever a person may write something, and then every page that may show it is opened in a real browser. A script
that ran would open a dialog or be stopped by the content policy, and either is told by the window; besides, no element has come to life.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.house import House, found, open_house
from tests.browser.window import Window, Windows
from tests.rig.payloads import MARKUP, PAYLOADS, UNSEEN, enter_everywhere
from tests.rig.report import Run, Tell

pytestmark = pytest.mark.browser

ALIVE = """() => [...document.querySelectorAll("*")].filter((each) =>
  [...each.attributes].some((one) => one.name.startsWith("on") || one.name.startsWith("hx-on") || /^\\s*javascript:/i.test(one.value)
    && ["href", "src", "action", "formaction"].includes(one.name))
  || each.matches("iframe, object, embed, style, script:not([src]), base")).map((each) => each.outerHTML.slice(0, 200))"""
"""Elements that could do something by what was written: none of ours has such attributes, or is of such a kind."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Mapping[str, str]]]:
    """A house of its own that is full of payloads, and the case of each."""
    url = f"sqlite:///{tmp_path_factory.mktemp('written')}/aftercare.db"
    found(url)
    with open_house(url) as house:
        texts = {name: text for name, text in PAYLOADS.items() if name not in UNSEEN}
        yield house, {name: enter_everywhere(house.app, text, nth).number for nth, (name, text) in enumerate(texts.items(), 1)}


def plain(text: str) -> str:
    """A text without regard to white space, which a page lays out anew."""
    return "".join(text.split())


def repairer(house: House, number: str) -> str:
    """Who has taken it, by the name that was written."""
    return str(house.value(number, "tester"))


def looked_at(window: Window, path: str, payload: str | None = None, status: int = 200) -> list[str]:
    """What is wrong with a page: elements that live, or that the payload does not stand there as it was written."""
    window.open(path, status)
    faults = [f"{path}: {each}" for each in window.page.evaluate(ALIVE)]
    if payload is not None and plain(payload) not in plain(window.page.evaluate("document.body.textContent")):
        faults.append(f"{path}: “{payload}” does not stand there")
    return faults


def test_no_page_runs_what_was_written(written: tuple[House, Mapping[str, str]], chromium: Browser, told: Tell) -> None:
    house, numbers = written
    run, faults, looks = Run(34, "sqlite"), [], 0
    windows = Windows(house, chromium)
    window = windows.enter("mia", language="zh")
    for name, number in numbers.items():
        text = PAYLOADS[name]
        for page in ("", "/correct", *(("/steps/confirm", "/receipt") if name in MARKUP else ())):
            faults += looked_at(window, f"/cases/{number}{page}", text)
            looks += 1
        faults += looked_at(window, f"/find?q={quote(text, safe='')}")
        looks += 1
    for path in ("/work", "/board/phone-repair", "/board/phone-repair?wall=1", "/bulk/new", "/people", "/incidents"):
        faults += looked_at(window, path)
        looks += 1
    administrator = windows.enter("abe", language="zh")
    for name in numbers:
        faults += looked_at(administrator, f"/people/{repairer(house, numbers[name])}", PAYLOADS[name])
        looks += 1
    faults += looked_at(administrator, "/people/ray", PAYLOADS["script"])  # away for this reason, among others
    executions = [*window.troubles(), *administrator.troubles()]
    run.figures |= {"payloads": len(numbers), "sink": "pages in Chromium", "executions": len(executions)}
    told(run, looks, len(faults) + len(executions))
    assert faults == []
    windows.end()


def test_what_is_refused_is_quoted_and_not_run(written: tuple[House, Mapping[str, str]], chromium: Browser, told: Tell) -> None:
    house, _ = written
    run, faults, looks = Run(34, "sqlite"), [], 0
    windows = Windows(house, chromium)
    window, stranger = windows.enter("amy", language="zh"), windows.enter()
    window.allowed |= {404, 422}
    stranger.allowed |= {401, 404}
    for payload in MARKUP.values():
        window.open("/intake/phone-repair/receive")
        for field in window.page.locator("form.form input:not([type=hidden]):not([type=radio]):not([type=date]), form.form textarea").all():
            if field.is_visible():
                field.fill(payload)
        window.page.locator("button[data-sends]").click()
        window.page.get_by_role("alert").first.wait_for()
        faults += window.page.evaluate(ALIVE)
        faults += looked_at(window, f"/cases/{quote(payload, safe='')}", status=404)
        stranger.open(f"/sign-in?next={quote(payload, safe='')}")
        stranger.page.locator("#person").fill(payload)
        stranger.page.locator("#password").fill(payload)
        stranger.page.locator("#password").press("Enter")
        stranger.page.get_by_role("alert").wait_for()
        faults += stranger.page.evaluate(ALIVE)
        looks += 3
    executions = [*window.troubles(), *stranger.troubles()]
    run.figures |= {"payloads": len(MARKUP), "sink": "refusals in Chromium", "executions": len(executions)}
    told(run, looks, len(faults) + len(executions))
    assert faults == []
    windows.end()
