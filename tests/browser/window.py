"""One browser window before one person, and everything that went wrong in it: a test that ends with any of it has failed.

Watched are errors and warnings of the console, errors of scripts, requests that fail or that leave the house, what the content policy
forbids, and dialogs, which no page of ours opens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, expect

from engine.label import Language
from tests.browser.chromium import source_of_axe
from tests.browser.house import House
from web.console.browser.cookies import Theme

WATCHING = """
setInterval = () => 0;
document.addEventListener("securitypolicyviolation", (event) => console.error("csp", event.violatedDirective, event.blockedURI));
"""
"""What is forbidden is said, and no page looks for what is new by itself: when it does, a test says, not the pace of the machine."""
PATIENCE = 60_000
"""Milliseconds for which a window waits for what must come."""
expect.set_options(timeout=PATIENCE)
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)|Response Status Error Code (\d+)")
"""What the console says of every answer that is no success, however it was meant."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Window:
    """A page in a browser of its own. `allowed`: the statuses other than success that the test expects."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.house = house
        self.context = context
        self.allowed: set[int] = set()
        self._troubles: list[str] = []
        context.add_init_script(WATCHING)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("dialog", self._opened)
        self.page: Page = context.new_page()

    def open(self, path: str, status: int = 200) -> Response:
        """Come to a page, as by typing its address."""
        if status >= 400:
            self.allowed.add(status)
        answer = self.page.goto(f"{self.house.address}{path}", wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def path(self) -> str:
        """Where it stands."""
        return self.page.url.removeprefix(self.house.address)

    def troubles(self) -> list[str]:
        """Everything that went wrong so far."""
        return [each for each in self._troubles if not self._is_allowed(each)]

    def wears(self, language: Language, theme: Theme = "light") -> None:
        """How the next page is shown."""
        kept = {"aftercare-language": language, "aftercare-theme": theme}
        self.context.add_cookies([{"name": name, "value": value, "url": self.house.address} for name, value in kept.items()])

    def forget(self) -> None:
        """What went wrong belongs to the test before."""
        self._troubles.clear()
        self.allowed.clear()

    def axe(self, *rules: str) -> list[str]:
        """What the rules of accessibility have against the page as it stands: rule, element, why. Without `rules` all of them."""
        asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
        self.page.evaluate(source_of_axe())
        found = self.page.evaluate("(asked) => axe.run(document, {runOnly: asked, resultTypes: ['violations']})", asked)
        return [f"{each['id']}: {_told(node)}" for each in found["violations"] for node in each["nodes"]]

    def _is_allowed(self, trouble: str) -> bool:
        found = _ANSWERED.search(trouble)
        return found is not None and int(found[1] or found[2]) in self.allowed

    def _note(self, trouble: str) -> None:
        self._troubles.append(trouble)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self._note(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.house.address}/", "data:", "blob:")):
            self._note(f"left the house: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that is left does not wait for what it had still asked for
            self._note(f"failed: {request.url} {request.failure}")

    def _opened(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()


def _told(node: dict[str, Any]) -> str:
    why = " ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{node['html'][:200]} – {why}"


class Windows:
    """All windows of a browser. A test opens new ones, or sits down at one that somebody has had open for long."""

    def __init__(self, house: House, browser: Browser) -> None:
        self._house = house
        self._browser = browser
        self._opened: list[Window] = []
        self._seats: dict[str, Window] = {}

    def enter(
        self,
        person: str | None = None,
        *,
        language: Language = "en",
        theme: Theme = "light",
        width: int = 1280,
        height: int = 800,
        **more: Any,
    ) -> Window:
        """A new window."""
        window = self._new(person, width, height, more)
        window.wears(language, theme)
        self._opened.append(window)
        return window

    def sit(self, person: str, *, language: Language = "zh", theme: Theme = "light", width: int = 1280, height: int = 800) -> Window:
        """His window that stays open from test to test: it has loaded already what a browser keeps."""
        window = self._seats.get(person) or self._seats.setdefault(person, self._new(person, width, height, {}))
        window.page.set_viewport_size({"width": width, "height": height})
        window.wears(language, theme)
        return window

    def end(self) -> None:
        """A test is over: nothing may have gone wrong, in whatever window."""
        windows = [*self._opened, *self._seats.values()]
        troubles = [trouble for window in windows for trouble in window.troubles()]
        for window in self._opened:
            window.context.close()
        self._opened.clear()
        for window in self._seats.values():
            window.forget()
        assert troubles == [], "\n".join(troubles)

    def _new(self, person: str | None, width: int, height: int, more: Mapping[str, Any]) -> Window:
        size = {"width": width, "height": height}
        where = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}  # nothing is seen half-way
        context = self._browser.new_context(viewport=size, **where, **more)  # type: ignore[arg-type]
        if person is not None:
            session = {"name": "aftercare-session", "value": self._house.session(person), "url": self._house.address}
            context.add_cookies([session])  # type: ignore[list-item]
        return Window(self._house, context)


Enter = Callable[..., Window]
"""`Windows.enter`."""
Sit = Callable[..., Window]
"""`Windows.sit`."""
