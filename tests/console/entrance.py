"""Browsers of people who are not signed in yet, and a server of their own that writes down what it does."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from engine.app import Application
from tests.console.reception import OURS, Reception
from tests.runtime.accounting import PASSWORD
from tests.web.centre import UNHINDERED
from web.app import build
from web.limits import Limits
from web.logs import log_to

HTTPS = "https://aftercare.example"
SESSION, KNOWN = "__Host-aftercare-session", "__Host-aftercare-known"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.50"


@dataclass(frozen=True)
class Entrance:
    """A server over an application, and what it has written down."""

    app: Application
    web: Any
    _page: io.StringIO = field(default_factory=io.StringIO)

    @classmethod
    def of(cls, reception: Reception, limits: Limits = UNHINDERED, **settings: Any) -> Entrance:
        """Another server over what the reception shows; `settings` that differ."""
        page = io.StringIO()
        app = replace(reception.app, settings=replace(reception.app.settings, **settings))
        return cls(app, build(app, log_to(page), limits), page)

    def browser(self, base_url: str = HTTPS, *, client: str = "192.0.2.9", agent: str = EDGE, **headers: str) -> TestClient:
        """A browser that nobody has used, English, at this address; `headers` it sends besides what ours send."""
        sent = {**OURS, "User-Agent": agent, **headers}
        browser = TestClient(self.web, base_url=base_url, client=(client, 50_000), headers=sent, follow_redirects=False)
        browser.cookies.set("aftercare-language", "en", domain=browser.base_url.host)
        return browser

    def signed_in(self, person: str, password: str = PASSWORD, **more: Any) -> TestClient:
        """The browser of somebody who has signed in."""
        browser = self.browser(**more)
        assert sign_in(browser, person, password).status_code == 303
        return browser

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was written down."""
        return [json.loads(line) for line in self._page.getvalue().splitlines()]

    @property
    def written(self) -> str:
        """The same as text."""
        return self._page.getvalue()


def sign_in(browser: TestClient, person: str, password: str = PASSWORD, **more: str) -> Response:
    """What the form is answered."""
    return browser.post("/sign-in", data={"person": person, "password": password, **more})


def shows_work(browser: TestClient) -> bool:
    """Whether somebody is signed in there."""
    return browser.get("/account").status_code == 200
