"""Passwords and sessions from the command line: the first administrator, a new password for whoever has lost his, and who is signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from engine.app import Application
from engine.runtime.accounts import Attempt
from engine.settings import Settings
from tests.cli.conftest import Terminal
from tests.runtime.accounting import quick_hashing

PASSWORD = re.compile(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}")


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Hashes take no time."""
    with quick_hashing():
        yield


def shown(said: str) -> str:
    """The password that was shown."""
    found = PASSWORD.search(said)
    assert found is not None, said
    return found[0]


def sign_in(there: Terminal, person: str, password: str) -> None:
    """Somebody signs in at the screen, who must be let in."""
    settings = Settings(f"sqlite:///{there.folder / 'aftercare.db'}", "zh", ZoneInfo("Asia/Shanghai"), (), ())
    with Application.open(settings) as app:
        app.accounts.sign_in(Attempt(person, password, "192.0.2.1", "edge windows"))


def test_the_first_administrator_comes_in_by_a_password_that_is_shown_once(terminal: Terminal) -> None:
    terminal.run("init")
    said = terminal.run("people", "add", "abe", "--name", "样例管理员01", "--admin", lang="zh").stdout

    assert "abe 现在担任 administrator" in said
    assert "首次登录时须修改" in said
    sign_in(terminal, "abe", shown(said))
    again = terminal.run("people", "add", "abe", "--name", "样例管理员01", "--admin").stdout
    assert PASSWORD.search(again) is None
    assert "has a password already" in again
    assert [each["role"] for each in terminal.json("people")["people"][0]["holds"]] == ["administrator"]


def test_whoever_is_an_administrator_already_keeps_it_and_gets_a_password(company: Terminal) -> None:
    said = company.run("people", "add", "abe", "--name", "样例管理员01", "--admin").stdout
    assert "holds administrator" not in said
    sign_in(company, "abe", shown(said))


def test_a_new_password_signs_the_person_out_everywhere(company: Terminal) -> None:
    old = shown(company.run("people", "password", "amy").stdout)
    sign_in(company, "amy", old)
    (session,) = company.json("people", "sessions", "amy")["sessions"]
    assert session["device"] == "edge windows"
    assert "Edge on Windows" in company.run("people", "sessions", "amy").stdout
    assert "Windows 上的 Edge" in company.run("people", "sessions", "amy", lang="zh").stdout

    new = shown(company.run("people", "password", "amy").stdout)

    assert company.json("people", "sessions", "amy") == {"sessions": []}
    assert new != old
    sign_in(company, "amy", new)
    ended = company.run("people", "sessions", "amy", "--end")
    assert "Signed out at 1" in ended.stderr
    assert "signed in nowhere" in ended.stdout


def test_whoever_is_disabled_is_signed_out(company: Terminal) -> None:
    sign_in(company, "amy", shown(company.run("people", "password", "amy").stdout))
    company.run("people", "disable", "amy")
    assert company.json("people", "sessions", "amy") == {"sessions": []}
    assert "is disabled" in company.run("people", "password", "amy", code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("password", "amyy"), 1, "Did you mean “amy”?"),
        (("sessions", "amyy"), 1, "Did you mean “amy”?"),
        (("add", "till", "--name", "样例收银台", "--service", "--admin"), 2, "A service does not sign in"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(company: Terminal, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in company.run("people", *arguments, code=code).stderr
