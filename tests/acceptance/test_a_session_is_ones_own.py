"""A session is one's own (reliability bar 32, in quick form): fixation, reuse, other sites, GETs, guessing, enumeration, redirects.

Each attack is tried in process against a repair centre that is busy, and has to be refused; a run tells how many were. Of time only what
makes it is counted: how many passwords were really hashed, so that no machine is too slow for the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from engine.runtime import staffing
from engine.runtime.accounts import IDLE, LONGEST
from engine.runtime.throttle import FREE, PER_ADDRESS
from tests.acceptance.repair_centre import WORKFLOW, found
from tests.console.entrance import HTTPS, KNOWN, SESSION, Entrance, shows_work, sign_in
from tests.console.reception import Reception, open_reception
from tests.original import FileOriginal
from tests.rig.report import Run, Tell
from tests.runtime.accounting import NEW, PASSWORD, Door, counting_hashes, door_of, give, quick_hashing
from tests.runtime.company import Company, caller
from tests.web.centre import START, Busy, make_busy
from web.app import NOUNS
from web.console.console import PAGES
from web.console.screen import POLL
from web.route import API

pytestmark = pytest.mark.reliability

TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json", "text/xml", "")
SENDERS: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": f"{HTTPS}.evil.example"},
    {},
)
ELSEWHERE = (
    *("https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "http:evil"),
    *("javascript:alert(1)", "data:text/html,x", "https:/evil.example", "/work\r\nLocation: https://evil.example", "\x00//evil.example"),
)
TRIES = 10_000
WORDS = ("123456", "password", "qwerty", "iloveyou", "woaini1314", "5201314", "abc123", "111111")


@dataclass(frozen=True, slots=True)
class Attacks:
    """The attacks of one kind, each with whether it was refused."""

    run: Run
    tried: list[tuple[str, bool]]

    def refused(self, name: str, refused: bool) -> None:
        """Another one."""
        self.tried.append((name, refused))

    def tell(self, told: Tell) -> None:
        """The line of the run; every attack must have been refused."""
        passed = [name for name, refused in self.tried if not refused]
        self.run.figures["attacks"], self.run.figures["refused_percent"] = len(self.tried), 100 * (1 - len(passed) / len(self.tried))
        told(self.run, len(self.tried), len(passed))
        assert passed == []


@pytest.fixture
def attacks() -> Attacks:
    """None yet."""
    return Attacks(Run(32, "sqlite"), [])


@dataclass(frozen=True, slots=True)
class Scene:
    """The busy centre, its entrance, and what is there to be got at."""

    reception: Reception
    entrance: Entrance
    busy: Busy


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileOriginal, list[Busy]]:
    """The centre on its second day, as a file, and what is there."""
    busy: list[Busy] = []

    def grown(url: str) -> None:
        found(url, simulated_from=START)
        with open_reception(url) as reception:
            busy.append(make_busy(reception.centre))

    return FileOriginal(tmp_path_factory.mktemp("session") / "original.db", grown), busy


@pytest.fixture
def scene(original: tuple[FileOriginal, list[Busy]], tmp_path: Path) -> Iterator[Scene]:
    """A centre for each test; hashes take no time."""
    file, busy = original
    file.copy_to(tmp_path / "aftercare.db")
    with quick_hashing(), open_reception(f"sqlite:///{tmp_path / 'aftercare.db'}") as reception:
        yield Scene(reception, Entrance.of(reception), busy[0])


@pytest.fixture
def entrance(scene: Scene) -> Entrance:
    """Where Tom, Sue and Abe have the usual password."""
    for person in ("tom", "sue", "abe"):
        give(scene.entrance.app, person)
    return scene.entrance


def showing(entrance: Entrance, secret: str | None) -> TestClient:
    """A browser that shows this."""
    browser = entrance.browser()
    assert secret is not None
    browser.cookies.set(SESSION, secret, domain="aftercare.example")
    return browser


def test_a_cookie_that_somebody_has_set_becomes_nobodys_session(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    other = entrance.signed_in("sue").cookies[SESSION]
    for planted in ("chosen", "", "x" * 4_000, "../../etc", other, "0" * 64, "%00"):
        victim = showing(entrance, planted)
        sign_in(victim, "tom")
        attacks.refused(f"planted {planted[:12]}", victim.cookies[SESSION] != planted and victim.cookies[SESSION] != other)
        attacker = showing(entrance, planted).get("/account")
        attacks.refused(f"shows {planted[:12]}", attacker.status_code == 303)
    attacks.tell(told)


def test_a_session_that_was_ended_is_none(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    accounts, database = entrance.app.accounts, entrance.app.database

    def ended_by(name: str, person: str = "tom") -> None:
        attacks.refused(f"reused after {name}", not shows_work(showing(entrance, kept)))
        posted = showing(entrance, kept).post("/account/sessions", data={"end": "others"})
        attacks.refused(f"posted after {name}", posted.headers["location"].startswith("/sign-in"))
        give(entrance.app, person)

    browser = entrance.signed_in("tom")
    kept = browser.cookies[SESSION]
    browser.post("/sign-out")
    ended_by("signing out")

    kept, browser = entrance.signed_in("tom").cookies[SESSION], entrance.signed_in("tom")
    browser.post("/account/password", data={"old": PASSWORD, "new": NEW, "again": NEW})
    ended_by("a change of the password elsewhere")

    browser = entrance.signed_in("tom")
    kept = browser.cookies[SESSION]
    browser.post("/account/password", data={"old": PASSWORD, "new": NEW, "again": NEW})
    ended_by("a change of the password here")

    kept = entrance.signed_in("tom").cookies[SESSION]
    accounts.renew("tom", caller("abe"))
    ended_by("a new password by an administrator")

    kept, browser = entrance.signed_in("tom").cookies[SESSION], entrance.signed_in("tom")
    browser.post("/account/sessions", data={"end": "others"})
    ended_by("signing out everywhere else")

    kept = entrance.signed_in("sue").cookies[SESSION]
    staffing.disable(database, "sue", at=entrance.app.time.now())
    ended_by("being disabled", "sue")
    staffing.add_person(database, "sue", "样例维修02")
    ended_by("being brought back", "sue")
    attacks.tell(told)


def test_what_another_site_sends_changes_nothing(scene: Scene, entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    browser = entrance.signed_in("abe")
    del browser.headers["Sec-Fetch-Site"]
    paths = sorted({_filled(route.path, scene) for route in _routes("POST")} | {"/nowhere"} - {"/csp-reports"})
    body = b"person=abe&password=x&end=others&key=k&keys=off&reason=x&remark=x&revision=1&confirm=1"
    before = Company(entrance.app).tables()
    for path in paths:
        for said in SENDERS:
            for media in TYPES:
                answer = browser.post(path, content=body, headers={**said, "Content-Type": media})
                attacks.refused(f"{path} {said} {media}", answer.status_code == 403 and "set-cookie" not in answer.headers)
    attacks.refused("anything was written", Company(entrance.app).tables() == before)
    attacks.run.figures["paths"] = len(paths)
    attacks.tell(told)


def test_a_get_has_no_effect(scene: Scene, entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    entrance.app.accounts.end("abe")
    browsers = {person: entrance.signed_in(person) for person in ("abe", "tom")}
    tempting = {"end": "others", "key": "k", "keys": "off", "confirm": "1", "sign-out": "1", "theme": "dark", "_method": "POST"}
    before, served = Company(entrance.app).tables(), 0
    for route in _routes("GET"):
        for person, browser in browsers.items():
            for query in ({}, tempting):
                for method in ("GET", "HEAD"):
                    answer = browser.request(method, _filled(route.path, scene), params=query)
                    served += answer.status_code == 200
                    cookie = "set-cookie" in answer.headers
                    attacks.refused(f"{method} {route.path} {person} {answer.status_code}", answer.status_code < 500 and not cookie)
    attacks.refused("pages wrote something", Company(entrance.app).tables() == before)
    tokens = {person: scene.reception.centre.token(person) for person in ("abe", "tom")}
    before = {name: rows for name, rows in Company(entrance.app).tables().items() if name != "tokens"}
    for module in NOUNS:
        for route in module.router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                for token in tokens.values():
                    answer = browsers["abe"].get(API + _filled(route.path, scene), headers={"Authorization": f"Bearer {token}"})
                    served += answer.status_code == 200
                    attacks.refused(f"GET {API}{route.path} {answer.status_code}", answer.status_code < 500)
    attacks.refused(
        "the API wrote something", {name: rows for name, rows in Company(entrance.app).tables().items() if name in before} == before
    )
    attacks.run.figures["served"] = served
    assert served > len(attacks.tried) / 4, "what is only refused has proven nothing"
    attacks.tell(told)


def test_a_session_opens_no_api_and_a_token_no_page(scene: Scene, entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    browser, token = entrance.signed_in("abe"), scene.reception.centre.token("abe")
    for path in ("/me", "/cases", f"/cases/{scene.busy.taken}", "/people", "/outbox"):
        attacks.refused(f"cookie {path}", browser.get(API + path).status_code == 401)
    plain = entrance.browser()
    for path in ("/work", "/account", f"/cases/{scene.busy.taken}"):
        attacks.refused(f"token {path}", plain.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 303)
    attacks.tell(told)


def test_nobody_is_led_elsewhere_and_no_secret_stands_in_an_address(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    for next in ELSEWHERE:
        browser = entrance.browser()
        signed_in = sign_in(browser, "tom", next=next)
        attacks.refused(f"sign-in {next!r}", signed_in.status_code in (303, 400) and signed_in.headers.get("location", "/") == "/")
        again = entrance.signed_in("tom").get("/sign-in", params={"next": next})
        attacks.refused(f"signed in {next!r}", again.headers.get("location", "/") == "/")
        chosen = browser.post("/choice", data={"back": next})
        attacks.refused(f"choice {next!r}", chosen.headers.get("location", "/") == "/")
        shown = entrance.browser().get("/sign-in", params={"next": next})
        attacks.refused(f"form {next!r}", "evil.example" not in shown.text)
    secret = entrance.signed_in("tom").cookies[SESSION]
    for name in (SESSION, "session", "token", "sid"):
        attacks.refused(f"address {name}", entrance.browser().get(f"/account?{name}={secret}").status_code == 303)
    browser = entrance.signed_in("tom")
    for path in ("/work", "/account", "/board", "/people", "/nowhere"):
        answer = browser.get(path)
        attacks.refused(f"written in {path}", browser.cookies[SESSION] not in answer.text + str(answer.headers.get("location")))
    attacks.refused("written in the log", browser.cookies[SESSION] not in entrance.written and PASSWORD not in entrance.written)
    attacks.tell(told)


def test_nobody_learns_who_there_is(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    staffing.disable(entrance.app.database, "sue", at=entrance.app.time.now())
    known = {"wrong": "tom", "disabled": "sue", "no password": "amy", "a service": "courier", "nobody": "nobody-at-all", "no name": "工单"}
    sign_in(entrance.browser(client="198.51.100.250"), "somebody", "x")  # the hash that nobody has is made once
    answers: dict[str, list[tuple[int, str, list[str], int]]] = {}
    for kind, person in known.items():
        for number in range(FREE + 3):  # the last three are not looked at any more
            with counting_hashes() as done:
                answer = sign_in(entrance.browser(client=f"198.51.{len(answers)}.{number}"), person, "wrong password")
            text = answer.text.replace(f'value="{person}"', "")
            headers = {name for name in answer.headers if name != "x-request-id"}
            answers.setdefault(kind, []).append((answer.status_code, text, sorted(headers), len(done)))
    for kind, said in answers.items():
        attacks.refused(kind, said == answers["wrong"])
    hashes = [done for *_, done in answers["wrong"]]
    attacks.refused("looked at", hashes == [1] * FREE + [0] * 3)
    attacks.run.figures["hashes_per_try"] = hashes
    staffing.add_person(entrance.app.database, "sue", "样例维修02")
    attacks.tell(told)


def test_stuffing_costs_the_attacker_and_not_us(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    door, addresses = door_of(entrance.app), 5
    names = [f"name-{number}" for number in range(200)] + ["tom", "abe"]
    door.refuses("somebody", "x", "192.0.2.250")  # the hash that nobody has is made once
    with counting_hashes() as looked:
        for number in range(TRIES):
            door.refuses(names[number % len(names)], WORDS[number % len(WORDS)], f"203.0.113.{number % addresses}")
    attacks.refused("many names by few addresses", len(looked) == addresses * PER_ADDRESS)
    with counting_hashes() as looked_again:
        for number in range(100):
            door.refuses("tom", WORDS[number % len(WORDS)], f"2001:db8:{number:x}::1")
    attacks.refused("one name by many addresses", len(looked_again) <= FREE)
    attacks.run.figures |= {"tries": TRIES, "hashes": len(looked), "hashes_of_one_name": len(looked_again)}
    door.wait(minutes=30)
    door.sign_in("tom", PASSWORD, "203.0.113.99")
    attacks.tell(told)


def test_whoever_knows_a_name_does_not_keep_its_owner_out(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    owner, other = entrance.signed_in("tom"), entrance.signed_in("sue")
    for browser in (owner, other):
        browser.post("/sign-out")
    for number in range(2 * PER_ADDRESS):  # by many addresses, and by that of the owner
        for client in (f"198.51.100.{number}", "192.0.2.9"):
            sign_in(entrance.browser(client=client), "tom", "guess")
    attacks.refused("guessing goes on", sign_in(entrance.browser(client="203.0.113.250"), "tom").status_code == 401)
    attacks.refused("shut out by many addresses", sign_in(owner, "tom").status_code == 303)
    attacks.refused("shut out by his own address", sign_in(other, "sue").status_code == 303)
    with counting_hashes() as looked:
        for browser, kept in ((entrance.browser(), "made-up"), (entrance.browser(), other.cookies[KNOWN]), (other, None)):
            if kept is not None:
                browser.cookies.set(KNOWN, kept, domain="aftercare.example")
            attacks.refused(f"known by {kept and kept[:7]}", sign_in(browser, "tom").status_code == 401)
    attacks.refused("another's browser is looked at", looked == [])
    with counting_hashes() as looked:
        for _ in range(10 * FREE):
            sign_in(owner, "tom", "guess")
    attacks.refused("guessing in his browser", len(looked) == FREE)
    attacks.refused("which opens no door", not shows_work(showing(entrance, owner.cookies[KNOWN])))
    attacks.tell(told)


def test_a_session_ends_with_time(entrance: Entrance, attacks: Attacks, told: Tell) -> None:
    door: Door = door_of(entrance.app)
    idle = door.sign_in("tom").secret
    door.wait(seconds=IDLE.total_seconds())
    attacks.refused("idle", door.accounts.recognise(idle) is None and not shows_work(showing(entrance, idle)))
    used, wall, looking = (door.sign_in("tom").secret for _ in range(3))
    browsers = showing(entrance, wall), showing(entrance, looking)
    browsers[1].headers[POLL] = "true"  # a page that looks by itself; a screen on the wall does not say so
    while door.clock.now() < door.accounts.sessions("tom")[0].ends_at - timedelta(hours=8):
        door.wait(hours=8)
        assert door.accounts.recognise(used) is not None
        shown, looked = (each.get(f"/board/{WORKFLOW}?wall=1").status_code for each in browsers)
        assert shown == 200
    attacks.refused("kept alive by a page that looks", looked == 303)
    door.wait(hours=8)
    for name, secret in (("use", used), ("a screen on the wall", wall)):
        over = door.accounts.recognise(secret) is None and not shows_work(showing(entrance, secret))
        attacks.refused(f"after {LONGEST.days} days of {name}", over)
    attacks.tell(told)


def _routes(method: str) -> list[APIRoute]:
    """All paths of pages that know this method."""
    known = [route for module in PAGES for route in module.router.routes if isinstance(route, APIRoute) and method in (route.methods or ())]
    assert len(known) > 10
    return known


def _filled(path: str, scene: Scene) -> str:
    """The path with names of what there is."""
    names = {
        "number": scene.busy.taken,
        "workflow": WORKFLOW,
        "start": "receive",
        "step": "diagnose",
        "clock": "turnaround",
        "person": "tom",
        "field": "photos",
        "phase": "work",
        "subject": "001017000000011",
    }
    return re.sub(r"\{(\w+)(?::path)?\}", lambda found: names.get(found[1], "x"), path)
