"""What changes something comes from a page of ours, and each answer says what a page may load – whatever has become of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.runtime.budget import Rate
from tests.console.entrance import HTTPS, Entrance, shows_work
from tests.console.reception import SWAPPING, Reception
from tests.runtime.accounting import give, quick_hashing
from web.limits import Limits

TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json", "", "text/xml")
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.aftercare.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HTTPS},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "https://aftercare.example.evil.example"},
    {"Origin": "https://aftercare.example:444"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Host": "aftercare.example", "X-Forwarded-Host": "evil.example"},
    {},
)
OURS: tuple[dict[str, str], ...] = ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": HTTPS})


@pytest.fixture(scope="module")
def entrance(reception: Reception) -> Iterator[Entrance]:
    """The repair centre, where Tom has a password."""
    give(reception.app, "tom")
    with quick_hashing():
        yield Entrance.of(reception)


@pytest.fixture(scope="module")
def browser(entrance: Entrance) -> TestClient:
    """Tom's, which says nothing of where a form comes from but what is said."""
    browser = entrance.signed_in("tom")
    del browser.headers["Sec-Fetch-Site"]
    return browser


@pytest.mark.parametrize("said", FOREIGN, ids=str)
def test_what_does_not_come_from_a_page_of_ours_is_refused(browser: TestClient, said: dict[str, str]) -> None:
    for media in TYPES:
        for path in ("/sign-out", "/sign-in", "/choice", "/account/sessions", "/cases/WX26-000001/steps/take", "/nowhere"):
            answer = browser.post(path, content=b"end=others", headers={**said, "Content-Type": media})
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
            assert "did not come from a page of this system" in answer.text
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert browser.request(method, "/account", headers=said).status_code == 403
    assert shows_work(browser)


@pytest.mark.parametrize("said", OURS, ids=str)
def test_what_does_is_done(browser: TestClient, said: dict[str, str]) -> None:
    answer = browser.post("/choice", data={"theme": "light", "back": "/account"}, headers=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


def boom() -> None:
    """A defect that would tell something."""
    raise ValueError("canary 12800000001")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/account", 200), ("GET", "/", 303), ("GET", "/nowhere", 404), ("GET", "/cases/WX26-999999", 404)),
        *(("DELETE", "/account", 405), ("POST", "/work", 405), ("GET", "/work?q=%00", 400), ("GET", "/cases/a%00b", 404)),
        *(("GET", f"/work?{'x' * 9_000}", 414), ("GET", "/static/0/console.css", 404), ("GET", "/boom", 500), ("HEAD", "/nowhere", 404)),
    ],
)
def test_each_answer_says_what_a_page_may_load(entrance: Entrance, browser: TestClient, method: str, path: str, status: int) -> None:
    entrance.web.get("/boom")(boom)
    browser = TestClient(
        entrance.web, HTTPS, False, headers={"Sec-Fetch-Site": "same-origin"}, cookies=browser.cookies, follow_redirects=False
    )
    answer = browser.request(method, path)

    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "max-age" in answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]
    if status >= 400 and method != "HEAD" and "static" not in path:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>" in answer.text


def test_a_defect_is_a_page_with_its_number_for_people_and_a_problem_for_programs(entrance: Entrance, browser: TestClient) -> None:
    for path in ("/boom", "/api/v1/boom"):
        entrance.web.get(path)(boom)
    browser = TestClient(entrance.web, HTTPS, raise_server_exceptions=False, cookies=browser.cookies)

    page, problem = browser.get("/boom"), browser.get("/api/v1/boom")

    assert (page.status_code, problem.status_code) == (500, 500)
    assert page.headers["x-request-id"] in page.text
    assert problem.json()["id"] == problem.headers["x-request-id"]
    assert "canary" not in page.text + problem.text
    assert [line["id"] for line in entrance.lines if line["event"] == "defect"][-2:] == [
        answer.headers["x-request-id"] for answer in (page, problem)
    ]
    swapped = browser.get("/boom", headers=SWAPPING)
    assert "<html" not in swapped.text
    assert swapped.headers["x-request-id"] in swapped.text


def test_head_is_answered_as_get_without_what_it_shows(entrance: Entrance, browser: TestClient) -> None:
    for path in ("/account", "/sign-in", "/static/x/y"):
        shown, asked = browser.get(path), browser.head(path)
        assert (asked.status_code, asked.content) == (shown.status_code, b"")
        assert asked.headers.get("content-type") == shown.headers.get("content-type")
    assert entrance.lines[-1]["method"] == "HEAD"
    assert entrance.lines[-3]["route"] == "/sign-in"


def test_whoever_is_signed_in_has_his_menu_where_there_is_no_page(entrance: Entrance, browser: TestClient) -> None:
    assert "<nav" in browser.get("/nowhere").text
    assert "<nav" not in entrance.browser().get("/nowhere").text


def violation(**changed: object) -> dict[str, Any]:
    """What a browser tells of a script that it did not run."""
    told = {
        "document-uri": f"{HTTPS}/cases/WX26-000001?q=12800000001",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/canary.js?12800000001",
        "source-file": f"{HTTPS}/static/0123456789ab/console.js",
        "line-number": 7,
    }
    return {"csp-report": {**told, **changed}}


def test_what_a_browser_did_not_load_is_a_line_that_says_nothing_of_a_case(entrance: Entrance) -> None:
    browser = entrance.browser(**{"Sec-Fetch-Site": "cross-site"})
    answer = browser.post("/csp-reports", content=json.dumps(violation()), headers={"Content-Type": "application/csp-report"})

    assert (answer.status_code, answer.content) == (204, b"")
    line = next(line for line in reversed(entrance.lines) if line["event"] == "csp_violation")
    assert {name: line[name] for name in ("directive", "blocked", "page", "script", "line")} == {
        "directive": "script-src-elem",
        "blocked": "https://evil.example",
        "page": "/cases",
        "script": "console.js",
        "line": 7,
    }


WILD: tuple[bytes, ...] = (
    *(b"", b"x", b"[]", b"{}", b"null", b'{"csp-report": 1}', b'[{"body": {}}]', b"[" * 5_000, b"\xff"),
    json.dumps(
        violation(**{"blocked-uri": "http://[", "document-uri": 1, "line-number": 10**30, "effective-directive": "X" * 999})
    ).encode(),
    json.dumps(violation(**{"blocked-uri": "canary-inline", "document-uri": "https://x/canary/1", "source-file": "canary.js"})).encode(),
)


@pytest.mark.parametrize("body", WILD, ids=lambda each: each[:24].decode("latin-1"))
def test_whatever_is_told_of_it_is_bounded(entrance: Entrance, body: bytes) -> None:
    answer = entrance.browser().post("/csp-reports", content=body)
    assert answer.status_code == 204
    assert "canary" not in entrance.written
    assert "XXXX" not in entrance.written


def test_many_reports_are_few_lines(reception: Reception) -> None:
    entrance = Entrance.of(reception, Limits(reports=Rate(0.001, 3)))
    browser = entrance.browser()
    many = json.dumps([{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "data"}}] * 100)
    for _ in range(5):
        assert browser.post("/csp-reports", content=many).status_code == 204
    assert [(line["directive"], line["blocked"]) for line in entrance.lines if line["event"] == "csp_violation"] == [
        ("img-src", "data")
    ] * 3
