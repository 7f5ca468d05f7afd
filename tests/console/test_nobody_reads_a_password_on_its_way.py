"""A session begins over HTTPS, on the machine itself, or where the settings allow it; nothing that a caller says makes it otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.console.entrance import Entrance, shows_work, sign_in
from tests.console.reception import Reception
from tests.runtime.accounting import give, quick_hashing

PLAIN = "aftercare-session"


@pytest.fixture(scope="module")
def entrance(reception: Reception) -> Iterator[Entrance]:
    """The repair centre, where Tom has a password."""
    give(reception.app, "tom")
    with quick_hashing():
        yield Entrance.of(reception)


@pytest.mark.parametrize("home", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000", "http://127.8.9.1"])
def test_on_the_machine_itself_it_need_not_be_encrypted(entrance: Entrance, home: str) -> None:
    browser = entrance.browser(home, client="127.0.0.1")
    answer = sign_in(browser, "tom")
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith(f"{PLAIN}=")
    assert "Secure" not in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers
    assert shows_work(browser)


@pytest.mark.parametrize(
    ("base_url", "client", "host"),
    [
        ("http://aftercare.example", "192.0.2.9", None),
        ("http://aftercare.example", "192.0.2.9", "localhost"),
        ("http://aftercare.example", "192.0.2.9", "127.0.0.1:8000"),
        ("http://aftercare.example", "127.0.0.1", None),  # a proxy on this machine that does not say how it was reached
        ("http://aftercare.example", "127.0.0.1", "localhost.evil.example"),
        ("http://aftercare.example", "127.0.0.1", "localhost@evil.example"),
        ("http://aftercare.example", "127.0.0.1", "[::1"),
        ("http://aftercare.example", "127.0.0.1", ":8000"),
        ("http://aftercare.example", "127.0.0.1", ""),
        ("http://aftercare.example", "reception", "localhost"),
    ],
)
def test_elsewhere_there_is_no_form_and_no_session_but_what_to_do(entrance: Entrance, base_url: str, client: str, host: str | None) -> None:
    said = {"Host": host} if host is not None else {}
    browser = entrance.browser(base_url, client=client, **said)
    for answer in (browser.get("/sign-in"), sign_in(browser, "tom")):
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
        assert "Use the address that begins with https://" in answer.text
        assert "password" not in answer.text.replace("others could read your password", "")


def test_a_session_that_began_in_private_is_nothing_in_the_open(entrance: Entrance) -> None:
    at_home = entrance.browser("http://localhost", client="127.0.0.1")
    sign_in(at_home, "tom")
    outside = entrance.browser("http://aftercare.example")
    outside.cookies.set(PLAIN, at_home.cookies[PLAIN], domain="aftercare.example")
    assert not shows_work(outside)
    encrypted = entrance.browser()
    encrypted.cookies.set(PLAIN, at_home.cookies[PLAIN], domain="aftercare.example")
    assert not shows_work(encrypted)


def test_a_network_may_be_trusted_by_a_setting(reception: Reception, entrance: Entrance) -> None:  # noqa: ARG001
    trusting = Entrance.of(reception, plain_http=True)
    browser = trusting.browser("http://aftercare.example")
    assert sign_in(browser, "tom").status_code == 303
    assert shows_work(browser)


def test_a_proxy_on_this_machine_says_how_it_was_reached_and_others_are_not_believed(entrance: Entrance) -> None:
    served: Any = ProxyHeadersMiddleware(entrance.web, "127.0.0.1,::1")  # as uvicorn does
    said = {"Host": "aftercare.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9", "Sec-Fetch-Site": "same-origin"}
    form = {"person": "tom", "password": "kettle window lamp"}
    near = TestClient(served, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1), headers=said, follow_redirects=False)
    far = TestClient(served, base_url="http://127.0.0.1:8000", client=("192.0.2.66", 1), headers=said, follow_redirects=False)

    answer = near.post("/sign-in", data=form)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("__Host-aftercare-session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert far.post("/sign-in", data=form).status_code == 403
    plain = {**said, "X-Forwarded-Proto": "http"}
    assert near.post("/sign-in", data=form, headers=plain).status_code == 403
