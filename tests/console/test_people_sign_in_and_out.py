"""People sign in and out at the screen: one cookie, new each time, and one answer for whoever is not let in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from engine.runtime import staffing
from tests.console.entrance import KNOWN, SESSION, Entrance, shows_work, sign_in
from tests.console.reception import SWAPPING, Reception
from tests.runtime.accounting import PASSWORD, give, quick_hashing


@pytest.fixture(scope="module")
def entrance(reception: Reception) -> Iterator[Entrance]:
    """The repair centre, where Tom and Sue have passwords."""
    for person in ("tom", "sue"):
        give(reception.app, person)
    with quick_hashing():
        yield Entrance.of(reception)


def test_whoever_has_signed_in_is_led_to_where_he_wanted_to_go(entrance: Entrance) -> None:
    browser = entrance.browser()
    asked = browser.get("/cases/WX26-000001?x=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/cases/WX26-000001%3Fx%3D1")
    form = BeautifulSoup(browser.get(asked.headers["location"]).text, "html.parser")
    wanted = form.select_one("input[name=next]")
    assert wanted is not None

    answer = sign_in(browser, "tom", next=str(wanted["value"]))

    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/WX26-000001?x=1")
    session, known = answer.headers.get_list("set-cookie")
    assert (session.partition("=")[0], known.partition("=")[0]) == (SESSION, KNOWN)
    assert "HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure" in session
    assert "HttpOnly; Max-Age=7776000; Path=/; SameSite=strict; Secure" in known
    assert "Domain" not in session + known
    assert shows_work(browser)
    assert browser.get("/sign-in?next=/board").headers["location"] == "/board"


def test_a_part_of_a_page_leads_to_the_whole_of_it(entrance: Entrance) -> None:
    here = {**SWAPPING, "HX-Current-URL": "https://aftercare.example/board/phone-repair?unit=phone-01"}
    answer = entrance.browser().get("/work?part=1", headers=here)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sign-in?next=/board/phone-repair%3Funit%3Dphone-01")


@pytest.mark.parametrize(
    "next",
    [
        *("https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"),
        *("javascript:alert(1)", "evil.example", "/work\r\nSet-Cookie: a=b", ""),
    ],
)
def test_nobody_is_led_to_another_site(entrance: Entrance, next: str) -> None:
    browser = entrance.browser()
    assert sign_in(browser, "tom", next=next).headers["location"] == "/"
    assert browser.get("/sign-in", params={"next": next}).headers["location"] == "/"
    assert browser.post("/choice", data={"back": next, "theme": "dark"}).headers["location"] == "/"


def test_whatever_is_wrong_the_answer_is_the_same(entrance: Entrance) -> None:
    staffing.add_person(entrance.app.database, "zoe", "样例前台09")
    give(entrance.app, "zoe")
    staffing.disable(entrance.app.database, "zoe", at=entrance.app.time.now())
    pages = set()
    for person, password in (("tom", "wrong"), ("amy", PASSWORD), ("zoe", PASSWORD), ("nobody", PASSWORD), ("courier", PASSWORD)):
        answer = sign_in(entrance.browser(), person, password)
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
        pages.add(answer.text.replace(f'value="{person}"', ""))
    assert len(pages) == 1
    (page,) = pages
    assert "The name or the password is wrong, or there were too many tries." in page
    assert PASSWORD not in page


def test_who_tries_in_vain_is_written_down_without_names_and_passwords(entrance: Entrance) -> None:
    before = len(entrance.lines)
    for _ in range(7):
        sign_in(entrance.browser(client="192.0.2.77"), "canary-name", "canary-password")

    lines = entrance.lines[before:]
    assert [(line["route"], line["status"], line["code"]) for line in lines] == (
        [("/sign-in", 401, "unauthenticated")] * 5 + [("/sign-in", 401, "too_many")] * 2
    )
    assert "canary" not in entrance.written
    sign_in(entrance.browser(), "tom")
    assert entrance.lines[-1]["principal"] == "person:tom"


def test_each_sign_in_begins_a_session_of_its_own_whatever_cookie_was_there(entrance: Entrance) -> None:
    browser = entrance.browser()
    browser.cookies.set(SESSION, "chosen-by-somebody-else", domain="aftercare.example")
    sign_in(browser, "tom")
    first = browser.cookies[SESSION]
    assert first != "chosen-by-somebody-else"
    sign_in(browser, "sue")
    assert browser.cookies[SESSION] != first

    stolen = entrance.browser()
    for secret in ("chosen-by-somebody-else", first):
        stolen.cookies.set(SESSION, secret, domain="aftercare.example")
        assert not shows_work(stolen)


def test_whoever_signs_out_is_out_with_what_the_browser_kept(entrance: Entrance) -> None:
    browser = entrance.signed_in("tom")
    kept = browser.cookies[SESSION]

    answer = browser.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert SESSION not in browser.cookies
    browser.cookies.set(SESSION, kept, domain="aftercare.example")
    assert not shows_work(browser)
    assert browser.post("/sign-out").status_code == 303


def test_who_has_signed_in_there_before_is_let_in_whatever_others_try_with_his_name(entrance: Entrance) -> None:
    for person in ("ray", "mia"):  # whose names wait afterwards
        give(entrance.app, person)
    shared = entrance.signed_in("ray")
    shared.post("/sign-out")
    sign_in(shared, "mia")
    shared.post("/sign-out")
    assert SESSION not in shared.cookies
    for number in range(6):
        for person in ("ray", "mia"):
            sign_in(entrance.browser(client=f"198.51.100.{number}"), person, "wrong")
    assert [sign_in(entrance.browser(), person).status_code for person in ("ray", "mia")] == [401, 401]
    assert [sign_in(shared, person).status_code for person in ("ray", "mia")] == [303, 303]
    thief = entrance.browser()
    thief.cookies.set(KNOWN, shared.cookies[KNOWN], domain="aftercare.example")
    assert not shows_work(thief)


def test_nobody_does_what_another_has_filled_in_who_has_signed_in_there_since(entrance: Entrance) -> None:
    browser = entrance.signed_in("tom")
    page = BeautifulSoup(browser.get("/work").text, "html.parser")
    assert page.body is not None
    said = SWAPPING | json.loads(str(page.body["hx-headers:inherited"]))
    assert browser.get("/work", headers=said).status_code == 200
    sign_in(browser, "sue")
    sessions = len(entrance.app.accounts.sessions("sue"))

    refused = browser.post("/account/sessions", data={"end": "others"}, headers=said)
    assert (refused.status_code, "is signed in in this browser now; nothing was done" in refused.text) == (409, True)
    assert len(entrance.app.accounts.sessions("sue")) == sessions
    led = browser.get("/board", headers=said)
    assert (led.status_code, led.headers["hx-redirect"]) == (204, "/")


def test_what_the_browser_keeps_stands_in_no_page_no_address_and_no_line(entrance: Entrance) -> None:
    browser = entrance.signed_in("tom")
    secret, known = browser.cookies[SESSION], browser.cookies[KNOWN]
    for path in ("/account", "/account/password", "/work"):
        page = browser.get(path).text
        assert secret not in page
        assert known not in page
    assert secret not in entrance.written
    assert known not in entrance.written
    browser.cookies.clear()
    for asked in (f"/account?{SESSION}={secret}", f"/account?session={secret}", f"/account;{SESSION}={secret}"):
        assert browser.get(asked).status_code in (303, 404)
    assert browser.get("/account", headers={"Authorization": f"Bearer {secret}"}).status_code == 303


def test_a_revoked_role_is_gone_with_the_next_page(entrance: Entrance, reception: Reception) -> None:
    browser = entrance.signed_in("tom")
    number = reception.centre.opened("amy")
    assert browser.get(f"/cases/{number}").status_code == 200
    now = entrance.app.time.now()
    staffing.disable(entrance.app.database, "tom", at=now)
    assert browser.get(f"/cases/{number}").status_code == 303
    staffing.add_person(entrance.app.database, "tom", "样例维修01")
    assert browser.get(f"/cases/{number}").status_code == 303
