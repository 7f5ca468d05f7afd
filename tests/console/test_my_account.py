"""My account: the password, where I am signed in, and what this device shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from tests.console.entrance import PHONE, SESSION, Entrance, shows_work, sign_in
from tests.console.reception import SWAPPING, Reception
from tests.runtime.accounting import NEW, PASSWORD, give, quick_hashing
from tests.runtime.company import caller


@pytest.fixture(scope="module")
def entrance(reception: Reception) -> Iterator[Entrance]:
    """The repair centre."""
    with quick_hashing():
        yield Entrance.of(reception)


@pytest.fixture
def browser(entrance: Entrance) -> TestClient:
    """Tom's, who signs in with the usual password."""
    give(entrance.app, "tom")
    entrance.app.accounts.end("tom")
    return entrance.signed_in("tom")


def read(browser: TestClient, path: str) -> BeautifulSoup:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def change(browser: TestClient, old: str, new: str, again: str | None = None) -> tuple[int, str]:
    """What another password is answered: the status, and what stands beside the fields."""
    answer = browser.post("/account/password", data={"old": old, "new": new, "again": new if again is None else again})
    page = BeautifulSoup(answer.text, "html.parser")
    for field in page.select("[aria-invalid]"):
        assert page.find(id=str(field["aria-describedby"]).split()[0]) is not None
    return answer.status_code, " ".join(f"{each['id']}: {each.get_text(' ', strip=True)}" for each in page.select(".wrong"))


def test_it_lists_where_i_am_signed_in_by_browser_and_system(entrance: Entrance, browser: TestClient) -> None:
    entrance.signed_in("tom", agent=PHONE)
    entrance.signed_in("tom", agent="strange/1.0")
    shown = [each.get_text(" ", strip=True) for each in read(browser, "/account").select(".session")]

    assert shown[0].startswith("Edge on Windows here since")
    assert sorted(each.split(" since ")[0] for each in shown[1:]) == ["WeChat on Android", "unknown device"]
    assert "since 2026-09-28 09:00, last used 2026-09-28 09:00" in shown[0]


def test_i_end_one_session_or_all_others_and_stay(entrance: Entrance, browser: TestClient) -> None:
    others = [entrance.signed_in("tom", agent=PHONE) for _ in range(3)]
    (mark, *_) = [str(each["value"]) for each in read(browser, "/account").select(".session button")]

    assert browser.post("/account/sessions", data={"end": mark}).headers["location"] == "/account"
    assert [shows_work(each) for each in others].count(False) == 1
    answer = browser.post("/account/sessions", data={"end": "others"}, headers=SWAPPING)

    assert (answer.status_code, answer.headers["hx-push-url"]) == (200, "/account")
    assert "Signed out at 2." in answer.text
    assert [shows_work(each) for each in (*others, browser)] == [False] * 3 + [True]


def test_i_do_not_end_what_is_not_mine_nor_this_one_by_mistake(entrance: Entrance, browser: TestClient) -> None:
    give(entrance.app, "sue")
    hers = entrance.signed_in("sue")
    mark = entrance.app.accounts.sessions("sue")[0].id[:16]
    mine = entrance.app.accounts.sessions("tom")[0].id[:16]
    for each in (mark, mine, "", "x"):
        browser.post("/account/sessions", data={"end": each})
    browser.post("/account/sessions")
    assert shows_work(hers)
    assert shows_work(browser)


def test_another_password_asks_for_the_present_one_and_tells_what_is_wrong_beside_it(browser: TestClient) -> None:
    assert change(browser, "wrong", NEW)[1].startswith("old-fault: The present password is wrong")
    assert change(browser, PASSWORD, "tom12345678")[1].startswith("new-fault: The password must not contain your own name")
    assert change(browser, PASSWORD, "password")[1].startswith("new-fault: This password is easily guessed")
    assert change(browser, PASSWORD, NEW, "something else")[1].startswith("again-fault: The new password was not the same twice")
    assert change(browser, PASSWORD, PASSWORD) == (
        422,
        "new-fault: The new password is the present one. Take one that you use nowhere else.",
    )
    page = browser.post("/account/password", data={"old": PASSWORD, "new": "canary-short", "again": "x"}).text
    assert PASSWORD not in page
    assert "canary-short" not in page


def test_another_password_signs_me_out_everywhere_else_and_in_anew_here(entrance: Entrance, browser: TestClient) -> None:
    other, before = entrance.signed_in("tom"), browser.cookies[SESSION]

    assert change(browser, PASSWORD, NEW)[0] == 303

    assert browser.cookies[SESSION] != before
    assert "The password is changed" in read(browser, "/account").get_text()
    assert "The password is changed" not in read(browser, "/account").get_text()
    assert (shows_work(browser), shows_work(other)) == (True, False)
    assert sign_in(entrance.browser(), "tom", PASSWORD).status_code == 401
    assert sign_in(entrance.browser(), "tom", NEW).status_code == 303


def test_a_temporary_password_leads_nowhere_but_to_another(entrance: Entrance) -> None:
    made = entrance.app.accounts.renew("sue", caller(None))
    browser = entrance.signed_in("sue", made)
    for path in ("/", "/work", "/account", "/cases/WX26-000001"):
        answer = browser.get(path, follow_redirects=True)
        assert str(answer.url.path) == "/account/password"
    assert browser.post("/account/sessions", data={"end": "others"}).headers["location"] == "/account/password"
    page = read(browser, "/account/password")
    assert (page.select_one("[name=old]"), page.select_one("nav")) == (None, None)

    assert change(browser, "", made)[1].startswith("new-fault: The new password is the present one")
    answer = browser.post("/account/password", data={"new": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert shows_work(browser)
    made = entrance.app.accounts.renew("sue", caller(None))
    assert entrance.signed_in("sue", made).post("/sign-out").status_code == 303


def test_keys_brightness_and_language_are_chosen_for_this_device(browser: TestClient) -> None:
    assert read(browser, "/account").html is not None
    answer = browser.post("/choice", data={"back": "/account", "keys": "off", "theme": "dark", "language": "zh"})
    assert answer.headers["location"] == "/account"
    page = read(browser, "/account")
    assert page.html is not None
    assert [page.html[each] for each in ("data-keys", "data-theme", "lang")] == ["off", "dark", "zh-CN"]
    browser.post("/choice", data={"keys": "no", "theme": "<x>", "language": "fr"})
    again = read(browser, "/account").html
    assert again is not None
    assert [again[each] for each in ("data-keys", "data-theme", "lang")] == ["off", "dark", "zh-CN"]
