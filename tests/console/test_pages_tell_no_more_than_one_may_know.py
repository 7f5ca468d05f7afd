"""What somebody is not told of is not told by the way: by a search, by who stands in, by what stands still, by how a wish is refused."""

from __future__ import annotations

import re
from datetime import timedelta

from fastapi.routing import APIRoute

from engine.runtime.staffing import assign
from engine.runtime.substitution import record_absence, record_delegation
from roles.absence import Absence
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.delegation import Delegation
from tests.console.reception import Reception, part
from tests.runtime.accounting import give
from tests.web.centre import ROLES
from web.console.console import PAGES

OPEN = {"/sign-in", "/sign-out", "/choice", "/account/password", "/bulk/step", "/bulk/form"}
"""What a temporary password leads to, and what shows nothing but leads on."""


def test_by_what_a_masked_case_was_found_does_not_tell_what_its_values_contain(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017128000004", mobile="12800000412")
    reception.centre.fire(number, "take", "tom")

    def by(person: str, text: str) -> str:
        lines = [each for each in reception.read(person, f"/find?q={text}").select(".line") if number in each.text]
        return part(lines[0], ".found-by").get_text(" ", strip=True)

    assert by("tom", "128000004") == "by IMEI, by Mobile"
    assert by("amy", "128000004") == "by IMEI"
    assert reception.get("amy", "/find?q=12800000412").headers["location"] == f"/cases/{number}", "the whole of it finds it"


def test_nobody_learns_of_people_by_asking_for_a_password_for_them(reception: Reception) -> None:
    answers = [reception.post("amy", f"/people/{person}/password") for person in ("ted", "tedd")]
    assert [each.status_code for each in answers] == [404, 404]
    assert "“ted”" not in answers[1].text


def test_an_administrator_does_not_get_round_his_own_password(reception: Reception) -> None:
    answer = reception.post("abe", "/people/abe/password")
    assert answer.status_code == 403
    assert reception.get("abe", "/account").status_code == 200, "and stays signed in"


def test_who_stands_in_is_told_to_whoever_is_told_of_both(reception: Reception) -> None:
    app, now = reception.app, reception.app.time.now()
    until = now + timedelta(days=2)
    record_absence(app.database, Absence("tom", now, until), at=now, by="os:owner", reason=None)
    record_delegation(app.database, ROLES, Delegation("tom", "ted", None, now, until), at=now, by="os:owner", reason=None)
    for path in ("/people", "/people/tom"):
        assert "样例维修04" not in reception.get("amy", path).text
        assert "样例维修04" in reception.get("abe", path).text
    assign(app.database, ROLES, Assignment("moe", ADMINISTRATOR, "phone-02", now), at=now, by="os:owner")
    assert "样例维修01" not in reception.get("moe", "/people/ted").text
    assert "样例维修01" in reception.get("ted", "/people/ted").text, "for whom he acts himself"


def test_what_stands_still_is_told_where_one_sees_cases(reception: Reception) -> None:
    app, now = reception.app, reception.app.time.now()
    assign(app.database, ROLES, Assignment("moe", ADMINISTRATOR, "phone-02", now), at=now, by="os:owner")
    assign(app.database, ROLES, Assignment("bob", "phone-front-desk", "phone-01", now), at=now, by="os:owner")
    for person in ("amy", "ann"):
        record_absence(app.database, Absence(person, now, now + timedelta(days=2)), at=now, by="os:owner", reason=None)
    told = {who: [each.text for each in reception.read(who, "/people/bob/away").select(".warning li")] for who in ("abe", "moe")}
    assert any("Phone repair shop 1" in each for each in told["abe"])
    assert told["moe"] == []


def test_a_temporary_password_opens_no_page_and_no_form(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000551")
    give(reception.app, "sue", temporary=True)
    there = {"number": number, "workflow": "phone-repair", "start": "receive", "step": "take", "person": "sue", "id": "1", "language": "zh"}
    routes = [each for module in PAGES for each in module.router.routes if isinstance(each, APIRoute) and each.path not in OPEN]
    assert len(routes) > 50
    for route in routes:
        for method in route.methods or ():
            path = re.sub(r"\{(\w+)\}", lambda found: there.get(found[1], "x"), route.path)
            answer = reception.browser("sue").request(method, path)
            assert answer.headers.get("location") == "/account/password" or answer.status_code == 404, (method, path)
            assert number not in answer.text
