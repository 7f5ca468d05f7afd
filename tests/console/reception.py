"""The repair centre before a screen: in process, over HTTPS, with a browser for each person – without script: pages as a server sends them.

The same people and the same busy second day as `tests.web.centre`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from bs4 import BeautifulSoup, Tag
from httpx2 import Response
from starlette.testclient import TestClient

from engine.app import Application
from engine.runtime.accounts import IDLE, LONGEST
from engine.settings import Settings
from engine.store import accounts
from tests.runtime.company import ZONE
from tests.web.centre import UNHINDERED, Centre
from web.app import build
from web.limits import Limits

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form that a page of ours has sent. To be copied: a client adds its own to the headers that it is given."""
SWAPPING = {"HX-Request": "true"}
"""What it says where it swaps the answer in."""


@dataclass(frozen=True)
class Reception:
    """An application, and a browser for each person who sits before it."""

    centre: Centre
    _browsers: dict[str, TestClient] = field(default_factory=dict)
    _since: dict[str, datetime] = field(default_factory=dict)

    @property
    def app(self) -> Application:
        """What it shows."""
        return self.centre.app

    def browser(self, person: str, language: str = "en") -> TestClient:
        """Of somebody who has signed in, and does again a day later. His session is put there: a password costs a quarter of a second."""
        now = self.app.time.now()
        if person not in self._browsers or now >= self._since[person] + IDLE:
            self._since[person], secret = now, token_hex()
            session = accounts.Session(sha256(secret.encode()).hexdigest(), person, now, now, now + LONGEST, None, "test")
            with self.app.database.write() as connection:
                accounts.begin(connection, session)
            cookies = {"__Host-aftercare-session": secret, "aftercare-language": language}
            self._browsers[person] = TestClient(
                self.centre.client.app, base_url="https://testserver", headers={**OURS}, cookies=cookies, follow_redirects=False
            )
        return self._browsers[person]

    def under(self, limits: Limits = UNHINDERED, settings: Settings | None = None) -> Reception:
        """The same centre under other limits, or other settings."""
        app = replace(self.app, settings=settings or self.app.settings)
        return Reception(Centre(app, TestClient(build(app, limits=limits))))

    def get(self, person: str, path: str, **more: Any) -> Response:
        """What a page answers."""
        return self.browser(person).get(path, **more)

    def read(self, person: str, path: str, status: int = 200, **more: Any) -> BeautifulSoup:
        """A page, which it must be."""
        answer = self.get(person, path, **more)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return BeautifulSoup(answer.text, "html.parser")

    def post(self, person: str, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        """What a form is answered."""
        return self.browser(person).post(path, data=data or {}, **more)


@contextmanager
def open_reception(url: str) -> Iterator[Reception]:
    """The centre as a server has it open."""
    with Application.open(Settings(url, "zh", ZONE, (), ())) as app, TestClient(build(app, limits=UNHINDERED)) as client:
        yield Reception(Centre(app, client))


def part(page: Tag, chosen: str) -> Tag:
    """The first part of a page that a selector chooses, which there must be."""
    found = page.select_one(chosen)
    assert found is not None, chosen
    return found


def said(element: Tag, attribute: str) -> str:
    """What an attribute says, or nothing."""
    return str(element.get(attribute, ""))
