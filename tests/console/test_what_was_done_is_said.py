"""Whoever works without script is told what was done by the page that follows: in the same words, once, and in none but ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from tests.console.reception import SWAPPING, Reception, part, said
from tests.runtime.company import ZONE

KEPT = "__Host-aftercare-said"


def told(answer: Response) -> str | None:
    """What a page says was done."""
    found = BeautifulSoup(answer.text, "html.parser").select_one(".toast")
    return found.get_text(strip=True) if found is not None else None


def comment(reception: Reception, number: str, text: str, **more: dict[str, str]) -> Response:
    page = reception.read("amy", f"/cases/{number}/comment")
    form = part(page, "form[action$='/comment']")
    sent = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")} | {"text": text}
    return reception.post("amy", f"/cases/{number}/comment", sent, **more)


@pytest.fixture(scope="module")
def number(reception: Reception) -> str:
    return reception.centre.opened("amy", imei="001017000000029")


def test_it_is_said_once_and_in_the_words_of_a_page_that_is_swapped_in(reception: Reception, number: str) -> None:
    swapped = comment(reception, number, "来电询问进度", headers=SWAPPING)
    answer = comment(reception, number, "再次来电")
    assert (answer.status_code, "?" in answer.headers["location"]) == (303, False)
    assert told(reception.get("amy", answer.headers["location"])) == told(swapped) is not None
    assert told(reception.get("amy", answer.headers["location"])) is None
    assert KEPT not in reception.browser("amy").cookies


def test_it_waits_for_the_page_that_it_belongs_to(reception: Reception, number: str) -> None:
    answer = comment(reception, number, "已转告")
    looking = reception.get("amy", answer.headers["location"], headers={"Aftercare-Poll": "1"})
    assert told(looking) is None, "a page that looks for news takes it from nobody"
    assert told(reception.get("amy", "/work")) is None
    assert told(reception.get("amy", answer.headers["location"])) is not None


def test_nobody_else_puts_words_there(reception: Reception, number: str) -> None:
    answer = comment(reception, number, "已核对")
    ours, address = reception.browser("amy").cookies[KEPT], answer.headers["location"]
    words, mark = ours.split(".")
    for forged in ("", ".", words, f"{words}.", f"{words}.{'0' * len(mark)}", f"{words[:-4]}AAAA.{mark}", f"{words}.\xe9"):
        reception.browser("amy").cookies.delete(KEPT)
        page = reception.get("amy", address, headers={"Cookie": _cookies(reception, "amy", forged)})
        assert (page.status_code, told(page)) == (200, None), forged
    other = reception.get("tom", address, headers={"Cookie": _cookies(reception, "tom", ours)})
    assert told(other) is None, "it was left for another session"
    assert told(reception.get("amy", address, headers={"Cookie": _cookies(reception, "amy", ours)})) is not None


def test_what_stands_still_because_of_it_is_said_with_it(reception: Reception) -> None:
    """The second shop has three testers: when the last one is away, nobody is left."""
    today = reception.app.time.now().astimezone(ZONE).date()
    days = {"first": str(today), "last": str(today + timedelta(days=2))}
    for person in ("ted", "tia"):
        reception.post("abe", f"/people/{person}/away", days)
    pages = []
    for more in ({}, {"headers": SWAPPING}):
        answer = reception.post("abe", "/people/sid/away", days, **more)
        page = reception.get("abe", answer.headers["location"]) if answer.status_code == 303 else answer
        pages.append(BeautifulSoup(page.text, "html.parser"))
        reception.post("abe", said(part(pages[-1], "form[action*='/absences/']"), "action"))
    stopped = [[each.get_text() for each in page.select("#main .warning li")] for page in pages]
    assert stopped[0] == stopped[1] != []
    assert [part(page, ".toast").get_text(strip=True) for page in pages] == ["The absence is recorded"] * 2


def _cookies(reception: Reception, person: str, said: str) -> bytes:
    known = reception.browser(person).cookies
    return "; ".join([*(f"{name}={value}" for name, value in known.items() if name != KEPT), f"{KEPT}={said}"]).encode("latin-1")
