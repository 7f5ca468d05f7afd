"""Every door is the same door (reliability bar 30): API, bulk, events, the command line and the screen let in whom the document lets in.

The phone repair, walked from the counter to the inspection. In every state: persons and programs of every kind × every step × every door –
with a token of their own, one that acts for people, one of a narrow scope; a plan; the command line; the page of the case and its forms –
against the judge who reads the YAML.
Where somebody does not see the case, every door must say that there is none.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from httpx2 import Response
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from cli import aftercare
from engine.app import Application
from engine.core.case import Case
from engine.core.command import Fire, OpenCase
from engine.runtime.budget import Rate
from engine.runtime.founding import found_database
from engine.runtime.publishing import publish
from engine.runtime.sources import Wish as SourceWish
from engine.runtime.tokens import Wish
from engine.store.database import Database
from notifications.envelope import STANDARD
from notifications.signature import Standard
from roles.scope import WHOLE, Scope
from tests.console.reception import Reception
from tests.rig.crew import LINEAGE, NOW, Crew, crew, enrol, with_programs
from tests.rig.judge import Judge, Situation, Who
from tests.rig.repair import BENCH, BOSS, DESK, TICKET, WALK
from tests.rig.report import Run, Tell
from tests.runtime.company import caller, granted, settings
from tests.unit.core.shipped import CHECKED, document_of
from tests.web.centre import Centre
from web.app import build
from web.limits import Limits

OF_RIGHTS = frozenset({"not_authorised", "separation_of_duties"})
NOWHERE = frozenset({"unknown"})
"""What a door says of a case that somebody does not see."""
STRANGER = frozenset({"unauthenticated"})


@dataclass
class House:
    """A company, and ways into it."""

    app: Application
    people: Crew
    folder: Path
    url: str
    client: TestClient
    secrets: dict[tuple[str, Scope], str]
    screens: Reception

    def token(self, holder: str, scope: Scope = WHOLE) -> str:
        return self.secrets[holder, scope]

    def ask(self, method: str, path: str, token: str, body: object = None, **headers: str) -> Response:
        sent = {"Authorization": f"Bearer {token}", **headers}
        return self.client.request(method, f"/api/v1{path}", headers=sent, json=body)

    def typed(self, *arguments: str) -> Any:
        """What the command line answers to a program."""
        environment = {"AFTERCARE_LANGUAGE": "en", "AFTERCARE_DATABASE": self.url}
        result = CliRunner().invoke(aftercare, [*arguments, "--json"], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return json.loads(result.stdout)


NARROW = Scope(frozenset({BENCH}))
SHOP = Scope(None, frozenset({"south"}))
FOR_PEOPLE, LENDING = "for people", "prog-none"
"""The token that may act for people, and whose it is: it may always name itself."""


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A company with the phone repair, its crew and its programs, and a token for each of them, given out before some were disabled."""
    people = with_programs(crew([DESK, BENCH, BOSS]), [DESK, BENCH])
    found_database(sqlite_url, simulated=True, now=NOW, principal="os:owner")
    database = Database.open(sqlite_url)
    publish(database, CHECKED, "os:owner", NOW)
    enrol(database, people)
    database.close()
    with Application.open(settings(sqlite_url)) as app:
        secrets = {
            (holder, scope): app.tokens.make(Wish(holder, "test", scope, lasts=timedelta(days=1)), by="test").secret
            for holder in people.roster.people
            for scope in (WHOLE, NARROW, SHOP)
        }
        secrets[FOR_PEOPLE, WHOLE] = app.tokens.make(Wish(LENDING, "test", WHOLE, for_people=True), by="test").secret
        with TestClient(build(app, limits=BOUNDLESS)) as client:
            yield House(app, people, tmp_path, sqlite_url, client, secrets, Reception(Centre(app, client)))


BOUNDLESS = Limits(per_token=Rate(10_000, 10_000), failures=Rate(10_000, 10_000))
"""The question here is who may, not how often."""

Holding = tuple[str, str, str | None, datetime, datetime | None]
Door = Callable[[House, str, str, str], frozenset[str]]
"""What a door has against somebody and a step of a case."""


def _codes(answer: Response) -> frozenset[str]:
    """What an answer has against a wish, as far as rights go."""
    said = answer.json()
    if answer.status_code < 300:
        return frozenset()
    assert answer.headers["content-type"] == "application/problem+json"
    if said["code"] in ("unknown", "unauthenticated", "forbidden"):
        assert answer.status_code == {"unknown": 404, "unauthenticated": 401, "forbidden": 403}[said["code"]]
        return frozenset({said["code"]})
    return frozenset(each["code"] for each in said["reasons"] if each["code"] in OF_RIGHTS)


def _of_tree(checks: list[dict[str, Any]]) -> Iterator[str]:
    for check in checks:
        if check["reason"] is not None:
            yield check["reason"]["code"]
        yield from _of_tree(check["parts"])


def a_wish(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As a program wishes it with a token of its own."""
    return _codes(house.ask("POST", f"/cases/{number}/transitions/{step}", house.token(who), {}))


def a_dry_run(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """The same, without effect."""
    return _codes(house.ask("POST", f"/cases/{number}/transitions/{step}?dry_run=true", house.token(who), {}))


def what_is_offered(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As it is offered."""
    answer = house.ask("GET", f"/cases/{number}/options", house.token(who))
    if answer.status_code != 200:
        return _codes(answer)
    option = next(each for each in answer.json()["options"] if each["step"] == step)
    return frozenset(each["code"] for each in option["reasons"] if each["code"] in OF_RIGHTS)


def a_plan(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As a step for many foresees it."""
    answer = house.ask("POST", "/plans", house.token(who), {"transition": step, "numbers": [number]})
    if answer.status_code != 201:
        return _codes(answer)
    (line,) = answer.json()["lines"]
    return frozenset(each["code"] for each in line["reasons"] if each["code"] in OF_RIGHTS)


def for_somebody(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As a program wishes it that may act for people."""
    return _codes(house.ask("POST", f"/cases/{number}/transitions/{step}", house.token(FOR_PEOPLE), {}, **{"Aftercare-Person": who}))


def at_the_command_line(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As somebody types it."""
    said = house.typed("move", number, step, "--as", who, "--dry-run")
    if "error" in said:
        return frozenset({said["error"]["code"]})
    return frozenset(each["code"] for each in said.get("reasons", ()) if each["code"] in OF_RIGHTS)


def on_the_page(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As it is offered on the page of the case."""
    answer = house.screens.get(who, f"/cases/{number}")
    return _told(answer, f"[data-hindered={step}] .because [data-code]")


def by_a_form(house: House, number: str, who: str, step: str) -> frozenset[str]:
    """As somebody sends the form of a step."""
    return _told(house.screens.post(who, f"/cases/{number}/steps/{step}"), ".open-form .faults [data-code]")


def _told(answer: Response, reasons: str) -> frozenset[str]:
    """What a page tells of rights, as far as there is one."""
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in")
        return STRANGER
    if answer.status_code == 404:
        return NOWHERE
    codes = {str(each["data-code"]) for each in BeautifulSoup(answer.text, "html.parser").select(reasons)}
    return frozenset(codes & OF_RIGHTS)


DOORS: Mapping[str, Door] = {
    "wish": a_wish,
    "dry run": a_dry_run,
    "options": what_is_offered,
    "plan": a_plan,
    "for somebody": for_somebody,
    "command line": at_the_command_line,
    "page": on_the_page,
    "form": by_a_form,
}
CHANGING = frozenset({"wish", "for somebody", "form"})
"""Through these a rightful wish would move the case."""
OF_PEOPLE = frozenset({"page", "form"})
"""No program signs in."""


def expected_at(door: str, judge: Judge, state: str, step: dict[str, Any], who: Who, on: Situation) -> frozenset[str]:
    """What the judge says that this door must say."""
    if who.name in judge.register.disabled:
        # He sees nothing any more; and from outside nobody learns more than that the token, or the person, is good for nothing.
        return {"command line": NOWHERE, "for somebody": frozenset({"forbidden"})}.get(door, STRANGER)
    if door == "for somebody" and who.kind != "person" and who.name != LENDING:
        return frozenset({"forbidden"})
    return frozenset(judge.against(step, who, on)) if judge.sees(state, who, on) else NOWHERE


def situation_of(house: House, number: str) -> tuple[Case, Situation]:
    """What the case has come to."""
    with house.app.database.read() as reader:
        record = reader.case(number)
    assert record is not None
    case = record.case
    persons = {name: value for name, value in case.data.items() if isinstance(value, str)}
    performed = tuple((act.step, each) for act in case.performed for each in act.persons)
    return case, Situation(LINEAGE, persons, case.assignee, performed)


def who_is(house: House, name: str) -> Who:
    """A person or a program of the crew."""
    return Who(name, "integration" if house.people.roster.people[name].kind == "service" else "person")


def attempts(house: House, number: str, chance: random.Random, *, each_time: int) -> Iterator[list[object]]:
    """Some of the crew before every step of the state, through every door; what differs from the judge."""
    judge = Judge(document_of("phone-repair"), house.people.register)
    case, on = situation_of(house, number)
    programs = [name for name, each in house.people.roster.people.items() if each.kind == "service"]
    persons = sorted(set(house.people.roster.people) - set(programs))
    for name, step in judge.steps_in(case.state).items():
        for who in [who_is(house, each) for each in (*chance.sample(persons, each_time), *programs)]:
            for door, ask in DOORS.items():
                expected = expected_at(door, judge, case.state, step, who, on)
                if (door in CHANGING and not expected) or (door in OF_PEOPLE and who.kind != "person"):
                    continue
                found = ask(house, number, who.name, name)
                yield [] if found == expected else [(door, case.state, name, who.name, sorted(found), sorted(expected))]


@contextmanager
def unmoved(house: House, number: str) -> Iterator[None]:
    """Sees that nothing is done to the case meanwhile."""
    before = situation_of(house, number)[0].seq
    yield
    assert situation_of(house, number)[0].seq == before


def walked(house: House) -> Iterator[str]:
    """The case in each of its states."""
    opening = OpenCase("receive", TICKET, unit="north-1")
    number = granted(house.app.cases.open("phone-repair", opening, caller(f"here.{DESK}"))).outcome.number
    yield number
    for step, person, data in WALK:
        granted(house.app.cases.handle(number, Fire(step, data), caller(person)))
        yield number


@pytest.mark.reliability
def test_all_doors_agree_with_the_document(house: House, told: Tell) -> None:
    run, chance = Run(30, "sqlite", seed=6), random.Random(6)
    tried = 0
    wrong: list[object] = []
    for number in walked(house):
        with unmoved(house, number):
            for found in attempts(house, number, chance, each_time=8):
                tried, wrong = tried + 1, [*wrong, *found]
    run.figures |= {"doors": sorted(DOORS), "people": len(house.people.roster.people)}
    told(run, tried, len(wrong))
    assert wrong[:3] == []


def narrowed(holds: tuple[Holding, ...], scope: Scope) -> tuple[Holding, ...]:
    """What a register still says within a scope; the south is a part of the company and no part of the north."""
    if scope == NARROW:
        return tuple(each for each in holds if each[1] == BENCH)
    south = tuple(each for each in holds if each[2] in (None, "head", "south", "south-1"))
    return tuple((name, role, "south-1" if unit == "south-1" else "south", since, until) for name, role, unit, since, until in south)


@pytest.mark.reliability
@pytest.mark.parametrize("scope", [NARROW, SHOP], ids=["of one role", "of other units"])
def test_a_token_of_a_narrow_scope_opens_no_more_than_that(house: House, scope: Scope, told: Tell) -> None:
    run, chance = Run(30, "sqlite", seed=7), random.Random(7)
    whole = Judge(document_of("phone-repair"), house.people.register)
    narrow = replace(whole, register=replace(whole.register, holds=narrowed(whole.register.holds, scope)))
    active = sorted(set(house.people.roster.people) - whole.register.disabled)
    tried = 0
    wrong: list[object] = []
    for number in walked(house):
        case, on = situation_of(house, number)
        for name, step in narrow.steps_in(case.state).items():
            for who in [who_is(house, each) for each in chance.sample(active, 14)]:
                path = f"/cases/{number}/transitions/{name}?dry_run=true"
                found, tried = _codes(house.ask("POST", path, house.token(who.name, scope), {})), tried + 1
                expected = frozenset(narrow.against(step, who, on)) if narrow.sees(case.state, who, on) else NOWHERE
                # What bars him from a step bars him with every token of his, also what lies outside of its scope.
                beside = frozenset(whole.against(step, who, on)) & {"separation_of_duties"}
                if found - beside != expected - beside or not expected & {"separation_of_duties"} <= found:
                    wrong.append((case.state, name, who.name, sorted(found), sorted(expected)))
    told(run, tried, len(wrong))
    assert wrong[:3] == []


def shipped(house: House, turn: int) -> str:
    """A case on its way back to the customer by the waybill of this turn."""
    ticket = {**TICKET, "channel": "mail_in", "imei": f"00101700000{turn:04}"}
    opening = OpenCase("receive", ticket, unit="north-1")
    number = granted(house.app.cases.open("phone-repair", opening, caller(f"here.{DESK}"))).outcome.number
    inspection = {"rescan": ticket["imei"], "result": "passed"}
    shipping = {"accessories_back": "是", "waybill": f"SF{turn:010}"}
    for step, person, data in (*WALK, ("inspect", f"anywhere.{BENCH}", inspection), ("ship", f"here.{DESK}", shipping)):
        granted(house.app.cases.handle(number, Fire(step, data), caller(person)))
    return number


def told_by(house: House, program: str, turn: int) -> str:
    """What becomes of it when a program tells that the parcel was signed for."""
    secret = house.app.sources.add(SourceWish(program, program, Standard(), STANDARD, None), by="os:owner")
    assert secret is not None
    now, content = datetime.now(UTC), json.dumps({"type": "waybill.signed", "data": {"waybill": f"SF{turn:010}", "signature": "QS-1"}})
    signature = Webhook(secret).sign(f"event-{turn}", now, content)
    headers = {"webhook-id": f"event-{turn}", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    answer = house.client.post(f"/api/v1/events/{program}", content=content, headers={**headers, "Content-Type": "application/json"})
    assert answer.status_code in (200, 202)
    return str(answer.json()["code"] or answer.json()["status"])


@pytest.mark.reliability
def test_an_event_is_performed_by_the_rights_of_its_service_and_no_others(house: House, told: Tell) -> None:
    run = Run(30, "sqlite")
    judge = Judge(document_of("phone-repair"), house.people.register)
    programs = [name for name, each in house.people.roster.people.items() if each.kind == "service"]
    wrong: list[object] = []
    said = set()
    for turn, program in enumerate(programs):
        case, on = situation_of(house, shipped(house, turn))
        who, step = who_is(house, program), judge.steps_in(case.state)["sign"]
        against = judge.against(step, who, on)
        expected = "unmatched" if not judge.sees(case.state, who, on) else "not_authorised" if against else "accepted"
        found = told_by(house, program, turn)
        said.add(found)
        is_moved = situation_of(house, case.number)[0].seq > case.seq
        if found != expected or is_moved != (found == "accepted"):
            wrong.append((program, found, expected, is_moved))
    told(run, len(programs), len(wrong))
    assert wrong == []
    assert said == {"accepted", "not_authorised", "unmatched"}
