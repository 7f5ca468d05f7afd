"""What is too large, too slow, too often or one too many is turned away with a page before anybody works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from starlette.testclient import TestClient
from starlette.types import Message

from engine.app import Application
from engine.runtime.budget import Rate
from engine.settings import Settings
from tests.console.entrance import Entrance, sign_in
from tests.console.reception import Reception
from tests.runtime.accounting import give, quick_hashing
from tests.runtime.company import ZONE, found
from web.app import build
from web.limits import Limits

pytestmark = pytest.mark.reliability  # takes its time

SMALL = Limits(body=1_000, file=2_000, sheet=4_000, report=200, per_session=Rate(0.001, 12), strangers=Rate(0.001, 6))
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def quick(reception: Reception) -> Iterator[None]:
    """Tom has a password, and hashes take no time."""
    give(reception.app, "tom")
    with quick_hashing():
        yield


@pytest.fixture
def entrance(reception: Reception, quick: None) -> Entrance:  # noqa: ARG001
    """The repair centre before a small server."""
    return Entrance.of(reception, SMALL)


def pieces(*sizes: int) -> Iterator[bytes]:
    for size in sizes:
        yield b"x" * size


@pytest.mark.parametrize(("path", "most"), [("/choice", 1_000), ("/csp-reports", 200)])
def test_a_form_is_as_large_as_may_be_and_no_larger(entrance: Entrance, path: str, most: int) -> None:
    browser = entrance.browser()
    assert browser.post(path, content=b"x" * most, headers={"Content-Type": FORM}).status_code in (204, 303)
    for content in (b"x" * (most + 1), pieces(most, 1)):
        answer = browser.post(path, content=content, headers={"Content-Type": FORM})
        assert (answer.status_code, "too large" in answer.text) == (413, True)
    assert [line.get("code") for line in entrance.lines][-2:] == ["too_large"] * 2


@pytest.mark.parametrize(("path", "most"), [("/choice", 3_000), ("/intake/phone-repair/receive/sheet", 5_000)])
def test_a_form_with_files_has_room_for_them(entrance: Entrance, path: str, most: int) -> None:
    browser = entrance.signed_in("tom")
    assert browser.post(path, files={"file": b"x" * (most - 400)}).status_code != 413
    assert browser.post(path, files={"file": b"x" * most}).status_code == 413
    media = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser.post(path, content=pieces(*[500] * (most // 500 + 1)), headers=media)
    assert answer.status_code in (400, 413)


def test_what_is_no_form_is_not_read(entrance: Entrance) -> None:
    browser = entrance.browser()
    for media in ("application/json", "text/plain", "application/octet-stream"):
        assert browser.post("/choice", content=b"{}", headers={"Content-Type": media}).status_code == 415
    broken = {"Content-Type": "multipart/form-data"}
    assert browser.post("/choice", content=b"--x", headers=broken).status_code == 400


@pytest.mark.parametrize(
    "content",
    [b"back=%2Faccount&theme=dark%00", b"%00=1"],
)
def test_what_no_database_keeps_is_refused(entrance: Entrance, content: bytes) -> None:
    answer = entrance.browser().post("/choice", content=content, headers={"Content-Type": FORM})
    assert (answer.status_code, "no database keeps" in answer.text) == (400, True)


def test_half_a_character_is_refused_however_it_is_written(entrance: Entrance) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="theme"\r\n\r\n\\ud800\r\n--x--\r\n'
    media = {"Content-Type": "multipart/form-data; boundary=x; charset=unicode_escape"}
    assert entrance.browser().post("/choice", content=part, headers=media).status_code == 400


def test_a_session_that_asks_too_often_waits_and_others_do_not(entrance: Entrance) -> None:
    browser, other = entrance.signed_in("tom"), entrance.signed_in("tom")
    answers = [browser.get("/account") for _ in range(14)]
    assert [each.status_code for each in answers].count(429) == 2
    assert int(answers[-1].headers["retry-after"]) > 900
    assert "That was too often" in answers[-1].text
    assert "ratelimit" not in answers[0].headers
    assert other.get("/account").status_code == 200
    assert browser.get("/static/0/console.css").status_code == 404


def test_an_address_that_only_guesses_waits_and_whoever_was_signed_in_there_does_not(entrance: Entrance) -> None:
    browser = entrance.signed_in("tom")
    browser.get("/account")
    guesses = [sign_in(entrance.browser(), f"name-{number}", "x").status_code for number in range(8)]
    assert guesses == [401] * 6 + [429] * 2
    assert entrance.browser().get("/sign-in").status_code == 429
    assert entrance.browser(client="192.0.2.10").get("/sign-in").status_code == 200
    assert browser.get("/account").status_code == 200


def test_an_address_that_only_guesses_does_not_shut_out_whoever_has_signed_in_there_before(entrance: Entrance) -> None:
    browser = entrance.signed_in("tom", client="192.0.2.20")
    browser.post("/sign-out")
    for number in range(8):
        sign_in(entrance.browser(client="192.0.2.20"), f"name-{number}", "x")
    assert entrance.browser(client="192.0.2.20").get("/sign-in").status_code == 429
    assert sign_in(browser, "tom", "wrong").status_code == 401
    assert sign_in(browser, "tom").status_code == 303
    made_up = entrance.browser(client="192.0.2.20", Cookie="__Host-aftercare-known=made-up")
    assert made_up.get("/sign-in").status_code == 429


def test_a_form_that_does_not_arrive_is_not_waited_for(reception: Reception) -> None:
    entrance = Entrance.of(reception, Limits(body_within=0, file_within=0))
    entrance.web.post("/slow")(_reads)
    assert asyncio.run(_posted(entrance, "/choice", FORM)) == 408
    assert asyncio.run(_posted(entrance, "/slow", "multipart/form-data")) == 408


async def _reads(request: Request) -> None:
    await request.body()


async def _posted(entrance: Entrance, path: str, media: str) -> int:
    answered: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"host", b"aftercare.example"), (b"sec-fetch-site", b"same-origin"), (b"content-type", media.encode())]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "scheme": "https", "path": path, "query_string": b"", "headers": headers}
    await entrance.web({**scope, "client": ("192.0.2.9", 1), "server": ("aftercare.example", 443)}, never, send)
    return int(answered[0]["status"])


def test_a_database_that_cannot_be_read_is_said_on_a_page_that_asks_it_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/aftercare.db"
    found(url, simulated=False)
    with Application.open(Settings(url, "en", ZONE, (), ())) as app:
        browser = TestClient(build(app), "https://aftercare.example", cookies={"__Host-aftercare-session": "x"})
        app.database.close()
        for file in tmp_path.glob("aftercare.db*"):
            file.unlink()
        answer = browser.get("/account")
    assert answer.status_code in (500, 503)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "administrator" in answer.text
    assert str(tmp_path) not in answer.text
