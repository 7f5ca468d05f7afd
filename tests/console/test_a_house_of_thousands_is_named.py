"""Where thousands may be named, one types a name or an account: pages stay small, and a name that several share is asked about."""

from __future__ import annotations

import gzip
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert

from engine.core.codec import encode_instant
from engine.core.command import Assign
from engine.runtime import staffing
from engine.store import people
from engine.store.schema import assignments
from engine.store.schema import people as table
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.staff import Person
from tests.console.desk import Desk, Paper, paper
from tests.console.reception import SWAPPING, part, said
from tests.runtime.company import START, ZONE, caller, granted, registry

pytestmark = pytest.mark.reliability

THOUSANDS = 3_000
BUDGET = 30_000
SIGNS = "安柏成定恩方广和嘉康乐明宁平清荣盛泰文祥雅颖泽正"


def name_of(number: int) -> str:
    return f"测试{SIGNS[number % 24]}{SIGNS[number // 24 % 24]}{SIGNS[number // 576 % 24]}"


def id_of(number: int) -> str:
    return "p" + sha256(str(number).encode()).hexdigest()[:9]


@pytest.fixture(scope="module", autouse=True)
def crowd(desk: Desk) -> None:
    """Thousands of repairers; two of the first shop share a name."""
    since = encode_instant(START)
    numbers = range(THOUSANDS)
    units = ("shop-1", "shop-2", "main")
    with desk.app.database.write() as connection:
        connection.execute(insert(table), [{"id": id_of(each), "name": name_of(each), "kind": "person"} for each in numbers])
        held = {"role": "desk-repairer", "since": since, "until": None, "recorded_at": since, "recorded_by": "os:owner"}
        connection.execute(insert(assignments), [{"person": id_of(each), "unit": units[each % 3], **held} for each in numbers])
        people.save_person(connection, Person("twin", name_of(0)))
    for person, role, unit in (("twin", "desk-repairer", "shop-1"), ("sun", ADMINISTRATOR, None)):
        staffing.assign(desk.app.database, registry(), Assignment(person, role, unit, START), at=START, by="os:owner")


@pytest.fixture(scope="module")
def waiting(desk: Desk) -> str:
    """A repair that nobody holds."""
    return desk.company.opened()


@pytest.fixture(scope="module")
def form(desk: Desk) -> Paper:
    """The form of a step that asks for a repairer and for helpers."""
    return desk.ask("cai", desk.begun(), "fill")


GOOD = {
    "serial": "001017000000011",
    "tel": "12800000001",
    "sure": "true",
    "count": "3",
    "fee": "1",
    "day": "2026-10-01",
    "at": "2026-10-01T09:30",
    "colour": "blue",
    "kind": "g",
    "spares.0.part": "BAT-1",
    "spares.0.pieces": "2",
}


def test_every_page_on_which_one_of_thousands_is_named_stays_small(desk: Desk, form: Paper, waiting: str) -> None:
    giving = desk.post("sun", "/bulk/form", {"numbers": waiting, "assign": "yes"}, headers=SWAPPING)
    asking = ("/people/rui/away", "/people/rui/delegate", "/bulk/new?workflow=desk-repair", f"/cases/{waiting}/assign")
    pages = [giving, *(desk.get("sun", path, headers=SWAPPING) for path in asking)]
    pages += [desk.get("cai", form.action, headers=SWAPPING), desk.get("cai", "/people/cai/away", headers=SWAPPING)]
    for page in pages:
        read = BeautifulSoup(page.text, "html.parser")
        assert len(read.select(f"datalist#{said(part(read, 'input[list]'), 'list')} option")) in (100, 101), page.url
        assert len(gzip.compress(page.content)) < BUDGET, page.url


def test_whoever_is_named_stands_in_the_case(desk: Desk) -> None:
    form = desk.ask("cai", desk.begun(), "fill")
    filled = form.sent(**GOOD, repairer=name_of(3), helpers=[f"{name_of(6)}，{id_of(9)}", ""])
    assert desk.post("cai", form.action, filled).status_code == 303
    data = desk.company.case(form.action.split("/")[2]).data
    assert (data["repairer"], data["helpers"]) == (id_of(3), tuple(sorted((id_of(6), id_of(9)))))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (name_of(0), ("several people are called", f"{name_of(0)} (twin)", f"{name_of(0)} ({id_of(0)})")),
        ("测试安安", ("there is no person", "perhaps", name_of(0))),
        ("样例工程师O1", ("there is no person", "样例工程师01")),
        ("unlike anybody", ("there is no person “unlike anybody”",)),
        ("样例主管01", ("Repairer",)),  # whether he can be taken is decided by the step
    ],
)
def test_a_name_that_means_nobody_or_several_is_asked_about(desk: Desk, form: Paper, typed: str, words: tuple[str, ...]) -> None:
    sent = form.sent(**GOOD, repairer=typed, helpers=["rui"])
    back = paper(desk.send("cai", form, 422, data=sent, headers=SWAPPING))
    for each in words:
        assert each in back.beside("data-repairer")
    assert back.values["data.repairer"][0] in (typed, "sun")
    assert back.values["data.helpers"] == ["rui", ""]


def test_nobody_learns_of_whom_he_is_not_told(desk: Desk, form: Paper) -> None:
    for typed in (name_of(1), f"{name_of(1)} (x)", id_of(1), "样例受理02"):  # of the other shop
        page = desk.send("cai", form, 422, data=form.sent(**GOOD, repairer=typed, helpers=["rui"]), headers=SWAPPING)
        assert (id_of(1) in page.text, "cui" in page.text) == (typed == id_of(1), False)


def test_a_case_is_given_to_whoever_is_named(desk: Desk, waiting: str) -> None:
    form = paper(desk.read("sun", f"/cases/{waiting}/assign"))
    assert desk.post("sun", form.action, {**form.values, "person": name_of(0)}).status_code == 422
    assert desk.post("sun", form.action, {**form.values, "person": f" {name_of(0)}（twin）"}).status_code == 303
    assert desk.company.case(waiting).assignee == "twin"
    several = {"numbers": waiting, "assign": "yes"}
    assert "several people" in desk.post("sun", "/bulk", {**several, "person": name_of(0)}).text
    made = desk.read("sun", desk.post("sun", "/bulk", {**several, "person": name_of(3)}).headers["location"])
    assert name_of(3) in made.text
    made = desk.read("sun", desk.post("sun", "/bulk", {**several, "person": "Nobody"}).headers["location"])
    assert "Nobody" in made.text or "nobody" in made.text


def test_whoever_stands_in_is_named(desk: Desk) -> None:
    today = str(desk.app.time.now().astimezone(ZONE).date())
    days = {"first": today, "last": today}
    refused = desk.post("sun", "/people/rui/away", {**days, "deputy": name_of(0)})
    assert (refused.status_code, "Several people are called" in refused.text) == (422, True)
    assert desk.post("sun", "/people/rui/away", {**days, "deputy": name_of(3)}).status_code == 303
    assert name_of(3) in part(desk.read("sun", "/people/rui"), "#main").text


def test_cases_are_narrowed_to_whoever_is_named(desk: Desk) -> None:
    number = desk.company.opened(imei="001017000000029")
    granted(desk.app.cases.handle(number, Assign("ren"), caller("sun")))
    page = desk.read("sun", "/bulk/new?workflow=desk-repair&holder=样例工程师02")
    assert (number in page.text, said(part(page, "#holder"), "value")) == (True, "样例工程师02")
    assert "样例工程师01" in part(desk.read("sun", "/bulk/new?workflow=desk-repair&holder=样例工", 422), "#holder-fault").text


def test_what_comes_back_and_what_was_planned_names_nobody_of_whom_one_is_not_told(desk: Desk) -> None:
    """His account may be known; what he is called is not to be had by it."""
    number = desk.begun()
    form = desk.ask("cai", number, "fill")
    assert desk.post("cai", form.action, form.sent(**GOOD, repairer=id_of(3), helpers=[])).status_code == 303
    for place, is_told in ((3, True), (1, False)):
        sent = form.sent(**GOOD, repairer=id_of(place), helpers=[id_of(place)])
        overtaken = desk.post("cai", form.action, {**sent, "key": f"again-{place}"}, headers=SWAPPING)
        planned = desk.app.bulk.plan("fill", [number], {"repairer": id_of(place)}, None, caller("cai"))
        for page in (overtaken.text, desk.get("cai", f"/bulk/{planned.plan.id}").text):
            assert (name_of(place) in page, id_of(place) in page) == (is_told, not is_told)


@pytest.mark.parametrize("typed", [id_of(1), id_of(THOUSANDS + 1)], ids=["of the other shop", "of nobody"])
def test_an_account_of_which_one_is_not_told_is_as_if_there_were_none(desk: Desk, form: Paper, waiting: str, typed: str) -> None:
    """Whoever works in one shop learns of nobody in the other that there is such an account, wherever he may name somebody."""
    assert (
        f"there is no person “{typed}”"
        in part(desk.read("cai", f"/bulk/new?workflow=desk-repair&holder={typed}", 422), "#holder-fault").text.lower()
    )
    filled = paper(desk.send("cai", form, 422, data=form.sent(**GOOD, repairer=typed, helpers=[]), headers=SWAPPING))
    assert filled.beside("data-repairer").startswith(f"there is no person “{typed}”")
    assert f"no person “{typed}”" in desk.post("cai", "/bulk", {"numbers": waiting, "assign": "yes", "person": typed}).text
