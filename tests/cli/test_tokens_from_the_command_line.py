"""Tokens and services are looked after from the command line; a token is shown once and never again."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Terminal


def made(there: Terminal, *arguments: str, lang: str = "en") -> tuple[str, str]:
    """A new token: its id and the text that is shown this once."""
    said = there.run("tokens", "make", *arguments, lang=lang).stdout
    found = re.search(r"aftercare_([0-9a-f]{8})_\S+", said)
    assert found is not None, said
    return found[1], found[0]


def test_a_token_is_made_listed_and_revoked(company: Terminal) -> None:
    company.run("people", "add", "shop-till", "--name", "样例商城", "--service")
    company.run("people", "assign", "shop-till", "integration", "--unit", "phone-01")

    id, secret = made(company, "样例商城", "--title", "商城", "--role", "Integration", "--unit", "phone-01", "--for-people", "--days", "30")
    (token,) = company.json("tokens")["tokens"]

    assert {name: token[name] for name in ("id", "holder", "state", "roles", "units", "for_people", "used_at")} == {
        "id": id,
        "holder": "shop-till",
        "state": "good",
        "roles": ["integration"],
        "units": ["phone-01"],
        "for_people": True,
        "used_at": None,
    }
    assert (token["made_at"][:10], token["expires_at"][:10]) == ("2026-09-01", "2026-10-01")
    assert "integration @ phone-01, for people" in company.run("tokens", "list").stdout
    assert "integration @ phone-01，可代表人员" in company.run("tokens", lang="zh").stdout
    assert company.run("tokens", "revoke", id).stdout == f"{id} is revoked\n"
    assert company.run("tokens", "revoke", id).stdout == f"{id} is revoked already\n"
    assert company.json("tokens", "list")["tokens"][0]["state"] == "revoked"
    assert secret.split("_", 2)[2] not in company.run("tokens").stdout + str(company.json("tokens"))


def test_a_token_that_is_over_says_so(company: Terminal) -> None:
    made(company, "amy", "--title", "试用", "--days", "1", lang="zh")

    assert "expired" in company.run("--at", "2026-09-02T09:00", "tokens").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("make", "amyy", "--title", "x"), 1, "Did you mean “amy”?"),
        (("make", "amy", "--title", "x", "--role", "phone-front-dsk"), 1, "Did you mean “phone-front-desk”?"),
        (("make", "amy", "--title", "x", "--unit", "phone-1"), 1, "Did you mean “phone-01”?"),
        (("make", "amy", "--title", "x", "--for-people"), 2, "Only the token of a service may act for people."),
        (("make", "amy", "--title", " "), 2, "A token needs a title"),
        (("make", "amy", "--title", "x", "--days", "367"), 2, "--days"),
        (("revoke", "00000000"), 1, "There is no token “00000000”."),
    ],
)
def test_what_can_be_no_token_is_said_in_one_sentence(company: Terminal, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in company.run("tokens", *arguments, code=code).stderr
    assert company.json("tokens") == {"tokens": []}


def test_a_service_is_marked_and_stays_one(company: Terminal) -> None:
    company.run("people", "add", "mall", "--name", "样例商城", "--service")

    assert "样例商城 (service)" in company.run("people").stdout
    assert "样例商城（外部程序）" in company.run("people", lang="zh").stdout
    assert {each["id"]: each["kind"] for each in company.json("people")["people"]}["mall"] == "service"
    assert "is a service already" in company.run("people", "add", "mall", "--name", "样例商城", code=1).stderr
    assert "is held by nobody here" in company.run("people", "assign", "amy", "integration", code=2).stderr
