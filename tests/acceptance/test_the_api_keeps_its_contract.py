"""The API keeps the contract that its OpenAPI document is, whoever calls and whatever he sends (reliability bar 25).

Schemathesis asks what the document allows and what it forbids – its examples, the edges of every schema, random values, chains of requests
along its links – and holds every answer to it: no failure of the server, no status, body or header that is not documented, nothing
malformed taken and nothing well formed called malformed, no path that answers without a token.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.runtime.attachment import arrived, store
from engine.runtime.sources import Wish
from engine.runtime.staffing import add_person, assign
from notifications.envelope import STANDARD, Arrival
from notifications.signature import Standard
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from roles.scope import WHOLE
from roles.scope import Scope as Reach
from tests.acceptance.repair_centre import found as found_centre
from tests.rig.contract import Caller, Found, keeps_its_contract
from tests.rig.report import Run, Tell, store_of
from tests.web.centre import ROLES, START, UNHINDERED, Centre, make_busy, open_centre
from web.app import build
from web.logs import Silence

pytestmark = pytest.mark.reliability

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
SEED = 25
"""What stands before a merge asks the same each time; the long run asks anew."""
EVENT = "waybill.signed"


class Defects(Silence):
    """A log of defects alone: where each was raised."""

    def __init__(self) -> None:
        self.raised: list[object] = []

    def error(self, event: str, **fields: object) -> None:
        """Keep it."""
        self.raised.append(fields.get("raised", event))


class Courier:
    """Signs what is sent in the name of the courier, if it is an event at all; the rest goes as it came."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._webhook = Webhook(secret)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].endswith("/events/courier"):
            await self._app(scope, receive, send)
            return
        message = await receive()
        if _is_event(message.get("body", b"")):
            id, now = f"msg-{secrets.token_hex(4)}", datetime.now(UTC)
            headers = MutableHeaders(scope=scope)
            headers["webhook-id"], headers["webhook-timestamp"] = id, str(int(now.timestamp()))
            headers["webhook-signature"] = self._webhook.sign(id, now, message["body"].decode())

        async def again() -> Message:
            return message

        await self._app(scope, again, send)


@dataclass(frozen=True, slots=True)
class Company:
    """The repair centre on a busy day, with something behind every path."""

    centre: Centre
    app: ASGIApp
    defects: Defects
    known: Mapping[str, Sequence[str]]

    def headers(self, holder: str, reach: Reach = WHOLE, person: str | None = None) -> dict[str, str]:
        """Of a request with a token of this holder; `person`: for whom it acts."""
        headers = {"Authorization": f"Bearer {self.centre.token(holder, reach, for_people=person is not None)}"}
        return headers if person is None else {**headers, "Aftercare-Person": person}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The one whose callers try a little of everything."""
    with at_work(f"sqlite:///{tmp_path_factory.mktemp('contract') / 'aftercare.db'}") as company:
        yield company


@contextmanager
def at_work(url: str) -> Iterator[Company]:
    """Zoe opens, tests, supervises and administers; everybody else is whom the demonstration team knows."""
    found_centre(url, simulated_from=START)
    with open_centre(url) as centre:
        busy = make_busy(centre)
        employ_zoe(centre)
        excluded, secret = exclude(centre), hear_the_courier(centre)
        unclear = [centre.opened("amy", imei=f"00101700000004{turn}", as_listed=False) for turn in range(4)]
        known = {
            "number": [busy.waiting, busy.taken, excluded],
            "step": ["take", "diagnose", "confirm"],
            "field": ["photos"],
            "source": ["courier"],
            "workflow": ["phone-repair"],
            "person": ["amy"],
            "subject": ["001017000000011"],
            "perform_step.number": unclear,
            "perform_step.transition": ["clarify"],
            "fetch_file.number": [excluded],
            "withdraw_signature.number": [excluded],
            "read_event.id": ["msg-0"],
            "replay_event.id": ["msg-1"],
            "drop_event.id": ["msg-2"],
            "list_attempts.delivery": [centre.read(f"/cases/{busy.taken}/messages", "tom")["messages"][0]["deliveries"][0]["id"]],
        }
        defects = Defects()
        yield Company(centre, Courier(build(centre.app, defects, UNHINDERED), secret), defects, known)


def employ_zoe(centre: Centre) -> None:
    """Somebody who may do nearly everything."""
    database = centre.app.database
    add_person(database, "zoe", "样例店长02", "zoe@example.com")
    held = [(role, "phone-01") for role in ("phone-front-desk", "phone-repair-tester", "phone-supervisor")]
    for role, unit in [*held, (ADMINISTRATOR, None)]:
        assign(database, ROLES, Assignment("zoe", role, unit, START), at=START, by="os:owner")


def exclude(centre: Centre) -> str:
    """A case with a picture that waits for the second of its signatures; its number."""
    number = centre.opened("amy", imei="001017000000037", mobile="12800000009")
    picture = {"id": store(centre.app.database, arrived(PICTURE, ""), START).id, "name": "屏幕.png"}
    centre.fire(number, "take", "tom")
    centre.fire(number, "exclude", "tom", fault="liquid", cause="进水", verdict_why="主板进水", remedy="repair", photos=[picture])
    centre.fire(number, "confirm", "zoe")
    return number


def hear_the_courier(centre: Centre) -> str:
    """Three events in quarantine; the secret by which their source signs."""
    secret = centre.app.sources.add(Wish("courier", "courier", Standard(), STANDARD), by="os:owner")
    assert secret is not None
    body = json.dumps({"type": EVENT, "data": {"no": "SF0000000002"}})
    for turn in range(3):
        centre.app.inbound.receive("courier", Arrival(f"msg-{turn}", EVENT, body))
    return secret


def judged(company: Company, caller: Caller, seed: int, told: Tell, app: ASGIApp | None = None) -> Found:
    """All requests of a caller; there is nothing against any answer."""
    run = Run(25, store_of(company.centre.app.settings.database), seed)
    found = keeps_its_contract(company.app if app is None else app, caller, seed, company.known)
    run.figures |= {"operations_covered": len(found.answered), "operations_granted": len(found.granted), "links": found.followed.total()}
    told(run, found.requests, len(found.failures))
    print(*(f"{what}\n{example}" for what, example in found.failures.items()), sep="\n")
    assert (company.defects.raised, [*found.failures]) == ([], [])
    return found


def test_whoever_may_do_everything_is_answered_as_is_documented(sqlite_url: str, told: Tell) -> None:
    with at_work(sqlite_url) as company:  # to himself: what others leave behind says, too, what is granted
        found = judged(company, Caller(company.headers("zoe"), examples=6, scenarios=30), SEED, told)
    assert len(found.granted) >= 0.9 * len(found.answered), found.answered.keys() - found.granted
    assert found.followed.total() >= 3, found.followed  # chance says how many: 8 to 27 in thirty scenarios


@pytest.mark.parametrize(
    ("holder", "reach", "person"),
    [
        pytest.param("amy", WHOLE, None, id="front desk"),
        pytest.param("zoe", Reach(roles=frozenset({"phone-repair-tester"}), units=frozenset({"phone-01"})), None, id="scoped token"),
        pytest.param("till", WHOLE, "amy", id="service for a person"),
    ],
)
def test_whoever_may_do_less_is_answered_as_is_documented(
    company: Company, told: Tell, holder: str, reach: Reach, person: str | None
) -> None:
    caller = Caller(company.headers(holder, reach, person), examples=4, scenarios=10, phases=("fuzzing", "stateful"), without="definitions")
    found = judged(company, caller, SEED, told)
    assert found.statuses[200] > 50


def test_nobody_learns_anything_without_a_token(company: Company, told: Tell) -> None:
    found = judged(company, Caller({}, examples=3, phases=("examples", "fuzzing")), SEED, told, company.centre.client.app)
    assert set(found.statuses) <= {400, 401, 404, 405, 413, 415}, found.answered
    assert found.statuses[401] > len(found.answered)


@pytest.mark.full
def test_all_of_them_at_length(database_url: str, told: Tell) -> None:
    seed = random.SystemRandom().randrange(2**32)  # printed with the figures: the same one asks the same
    with at_work(database_url) as company:
        for holder, person in (("zoe", None), ("amy", None), ("till", "amy")):
            judged(company, Caller(company.headers(holder, person=person), examples=100, scenarios=500), seed, told)


def _is_event(body: bytes) -> bool:
    try:
        return bool(json.loads(body).get("type") == EVENT)
    except (ValueError, AttributeError):
        return False
