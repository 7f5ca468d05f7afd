"""Administrators add people, give and take roles, renew passwords and close accounts, as far as they look after; nobody else does."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from engine.runtime.staffing import assign
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from tests.console.reception import SWAPPING, Reception, part
from tests.web.centre import ROLES

CHANGES = ("roles", "roles/end", "name", "password", "sessions/end", "disable")
GIVEN = {"role": "phone-front-desk", "unit": "phone-02", "name": "样例前台09", "email": ""}


@pytest.fixture(scope="module", autouse=True)
def keeper(reception: Reception) -> str:
    """Moe is administrator of the second shop."""
    now = reception.app.time.now()
    assign(reception.app.database, ROLES, Assignment("moe", ADMINISTRATOR, "phone-02", now), at=now, by="os:owner")
    return "moe"


def holds(reception: Reception, person: str) -> set[tuple[str, str | None]]:
    """What somebody holds now."""
    return {(each.role, each.unit) for each in reception.app.directory.roster().actor(person, reception.app.time.now()).grants}


def test_somebody_new_is_given_a_role_and_a_password(reception: Reception) -> None:
    new = {"id": "nia", "name": "样例前台09", "email": "nia@example.com"}
    for _ in range(2):
        assert reception.post("abe", "/people/-/new", new).status_code == 303
    assert reception.post("abe", "/people/nia/roles", {"role": "phone-front-desk", "unit": "phone-01"}).status_code == 303
    assert reception.post("abe", "/people/nia/roles", {"role": "phone-front-desk", "unit": "phone-01"}).status_code == 303
    assert holds(reception, "nia") == {("phone-front-desk", "phone-01")}
    assert len(reception.read("abe", "/people/nia").select('.held form[action$="roles/end"]')) == 1
    page = BeautifulSoup(reception.post("abe", "/people/nia/password").text, "html.parser")
    secret = part(page, ".secret code").text
    assert secret not in reception.read("abe", "/people/nia").text
    assert reception.app.accounts.has_password("nia")


def test_what_is_wrong_with_somebody_new_stands_beside_its_field(reception: Reception) -> None:
    for wrong, field in (({"id": "Nia", "name": "x"}, "id"), ({"id": "mia", "name": "x"}, "id"), ({"id": "neo", "name": " "}, "name")):
        answer = reception.post("abe", "/people/-/new", wrong)
        assert answer.status_code in (409, 422)
        assert part(BeautifulSoup(answer.text, "html.parser"), f"#{field}")["aria-describedby"] == f"{field}-fault"
    wrong = {"id": "neo", "name": "x", "email": "y"}
    assert part(BeautifulSoup(reception.post("abe", "/people/-/new", wrong).text, "html.parser"), "#email")["aria-invalid"] == "true"
    assert "neo" not in reception.app.directory.roster().people


def test_a_role_that_is_taken_back_is_gone_and_what_stands_still_is_told(reception: Reception) -> None:
    taken = {"role": "phone-warehouse-keeper", "unit": "headquarters"}
    assert reception.post("abe", "/people/ken/roles/end", taken).status_code == 303
    lost = reception.post("abe", "/people/kay/roles/end", taken, headers=SWAPPING)
    assert lost.status_code == 200
    assert "nobody can finish these now" in lost.text
    assert reception.post("abe", "/people/kay/roles/end", taken).status_code == 303  # twice is once
    assert holds(reception, "kay") == set()


def test_whoever_is_disabled_holds_nothing_and_comes_back(reception: Reception) -> None:
    assert reception.get("bob", "/work").status_code == 200
    assert reception.post("abe", "/people/bob/disable").status_code == 303
    assert reception.get("bob", "/work").status_code == 303
    assert "Disabled" in reception.read("abe", "/people/bob").text
    assert reception.post("abe", "/people/bob/roles", GIVEN).status_code == 409
    assert reception.post("abe", "/people/bob/name", {"name": "样例前台04", "email": ""}).status_code == 303
    assert holds(reception, "bob") == {("phone-front-desk", "phone-02")}


def test_the_last_administrator_stays(reception: Reception) -> None:
    assert reception.post("abe", "/people/abe/roles/end", {"role": ADMINISTRATOR, "unit": ""}).status_code == 409
    assert reception.post("abe", "/people/abe/disable").status_code == 403
    assert (ADMINISTRATOR, None) in holds(reception, "abe")


def test_an_administrator_of_a_unit_changes_what_is_in_it(reception: Reception) -> None:
    assert reception.post("moe", "/people/bea/roles", GIVEN | {"role": "phone-repair-tester"}).status_code == 303
    assert ("phone-repair-tester", "phone-02") in holds(reception, "bea")
    assert reception.post("moe", "/people/bea/name", {"name": "样例前台03", "email": "bea@example.com"}).status_code == 303
    for unit in ("", "phone-01", "headquarters"):
        assert reception.post("moe", "/people/bea/roles", GIVEN | {"unit": unit}).status_code == 403
    assert reception.post("moe", "/people/bea/password").status_code == 403
    assert reception.post("moe", "/people/-/new", {"id": "neo", "name": "x"}).status_code == 403
    for what in ("name", "sessions/end", "disable", "delegate"):  # max holds his role at headquarters
        assert reception.post("moe", f"/people/max/{what}", {"name": "x", "deputy": "moe"}).status_code == 403


@pytest.mark.parametrize(("person", "status"), [("mia", 403), ("ann", 403), ("ada", 404)])
def test_nobody_else_changes_anybody(reception: Reception, person: str, status: int) -> None:
    before = holds(reception, "amy")
    for what in CHANGES:
        found = reception.post(person, f"/people/amy/{what}", GIVEN).status_code
        assert found in (status, 403), what
    assert reception.post(person, "/people/-/new", {"id": "neo", "name": "x"}).status_code == 403
    page = reception.read("mia", "/people/amy")
    assert page.select("#main form") == []
    assert holds(reception, "amy") == before
    assert reception.get("amy", "/work").status_code == 200
