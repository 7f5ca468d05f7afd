"""What is not yours is not there (reliability bar 31, in quick form): two branches, and every request of the first in the hands of others.

Each request is asked for twice by everybody: with the names of what there is in the north, and with names that were never given. Nobody but
the insider may tell the two answers apart, and nothing that is said in the north may stand in either. Then the insider asks, and is served:
so each request was worth replaying, and nobody before has changed anything.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import Response

from engine.runtime import staffing
from roles.scope import Scope
from tests.acceptance.branches import NORTHERNERS, SOUTH, Branches, be_busy, open_branches
from tests.rig.report import Run, Tell
from tests.runtime.company import Company, found
from web.logs import log_to
from web.route import API

NORTH: Mapping[str, str] = {
    "customer": "北店金丝雀客户", "mobile": "12800097313", "remark": "金丝雀要求晚上来取", "reason": "金丝雀原因",
    "paper": "canary-paper.txt", "card": "canary-card.txt", "slip": "CANARYSLIP1", "away": "金丝雀外出培训", "payload": "canary-payload",
}  # fmt: skip
HERE: Mapping[str, str] = {**{name: f"south-{name}" for name in NORTH}, "mobile": "12800000009", "slip": "SOUTHSLIP1"}
NOWHERE: Mapping[str, str] = {
    **dict.fromkeys(("repair", "fire", "correct", "assign", "disclose", "bulk"), "DR26-9999"),
    **dict.fromkeys(("errand", "comment", "withdraw", "undo"), "DE26-9999"),
    **dict.fromkeys(("incident_close", "incident_remark"), "000000000000"),
    **dict.fromkeys(("plan_confirm", "plan_drop"), "00000000"),
    **{name: f"nowhere-{name}" for name in ("event_read", "event_replay", "event_drop")},
    "clerk": "no-clerk",
    "repairer": "noone",
    "unit": "nowhere",
    "unit_title": "没有这店",
    "clerk_name": "没有此人",
    "imei_repair": "001017999999999",
    "mobile": "12800099999",
    "customer": "没有这位客户",
    "delivery": "0" * 40,
    "entry": "2.1",
    "card_id": "0" * 64,
    "paper_id": "0" * 64,
    "source": "nowhere",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of the north. Names in braces stand for what there is; `who` makes it with success."""

    who: str
    method: str
    path: str
    template: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """As the OpenAPI calls it."""
        return f"{self.method} {self.template}"


def read(who: str, path: str, template: str | None = None, **query: str) -> Asking:
    return Asking(who, "GET", path, template or path, None, query)


def post(who: str, path: str, template: str, body: Any = None, **query: str) -> Asking:
    return Asking(who, "POST", path, template, body, query)


CASE = "/cases/{number}"
OF_A_CASE = [read("cai", f"/cases/{{repair}}{part}", CASE + part) for part in ("", "/history", "/clocks", "/messages", "/options")]
LISTS = [
    read("cai", "/cases", **query)
    for query in (
        *({}, {"unit": "{unit}"}, {"unit": "{unit_title}"}, {"person": "{clerk}"}, {"person": "{clerk_name}"}, {"cursor": "{repair}"}),
        *({"q": "{mobile}"}, {"q": "{customer}"}, {"q": "{imei_repair}"}, {"q": "{repair}"}, {"q": "{mobile}", "person": "{clerk}"}),
        *({"workflow": "desk-errand", "open": "true"}, {"mine": "true"}, {"limit": "1"}, {"state": "received", "unit": "{unit}"}),
    )
]
READING = [
    *OF_A_CASE,
    *LISTS,
    *(read("cai", f"/cases/{{errand}}{part}", CASE + part) for part in ("", "/history")),
    read("ada", "/absences"),
    *(read("cai", path) for path in ("/me", "/workflows", "/people", "/absences", "/delegations", "/units", "/roles", "/overdue")),
    read("cai", "/workflows/desk-repair", "/workflows/{workflow}"),
    read("cai", "/workflows/desk-repair/text", "/workflows/{workflow}/text"),
    read("cai", "/workflows/desk-repair/diagram.svg", "/workflows/{workflow}/diagram.svg"),
    read("cai", "/overdue", unit="{unit}"),
    read("cai", "/overdue", person="{clerk_name}"),
    read("cai", "/cases/{repair}/options/take", "/cases/{number}/options/{step}"),
    read("cai", "/subjects/{imei_repair}", "/subjects/{subject}"),
    read("cai", "/cases/{errand}/files/papers", "/cases/{number}/files/{field}", id="{paper_id}"),
    read("cai", "/cases/{errand}/files/card", "/cases/{number}/files/{field}"),
    read("cai", "/people/{repairer}", "/people/{person}"),
    read("rui", "/plans/{plan_confirm}", "/plans/{id}"),
    *(read("sun", "/outbox", **query) for query in ({}, {"cursor": "{errand}/{entry}"}, {"status": "told"})),
    read("sun", "/outbox/{delivery}/attempts", "/outbox/{delivery}/attempts"),
    *(read("sun", "/incidents", **query) for query in ({}, {"case": "{errand}"}, {"cursor": "{incident_close}"})),
    *(read("ada", "/events", **query) for query in ({}, {"source": "north"}, {"status": "quarantined"})),
    read("ada", "/events/north/{event_read}", "/events/{source}/{id}"),
]
ERRAND = {"workflow": "desk-errand", "start": "begin"}
WISHES = [
    post("cai", "/cases", "/cases", {**ERRAND, "data": {"about": "{repair}"}}),
    post("cai", "/cases", "/cases", {**ERRAND, "data": {"helper": "{repairer}"}}),
    post("cai", "/cases", "/cases", {**ERRAND, "unit": "{unit}"}),
    post("cai", "/cases", "/cases", {**ERRAND, "data": {"about": "{repair}"}}, dry_run="true"),
    post("ren", "/cases/{fire}/transitions/take", "/cases/{number}/transitions/{transition}", {}, dry_run="true"),
    post("ren", "/cases/{fire}/transitions/take", "/cases/{number}/transitions/{transition}", {}),
    post("cai", "/cases/{correct}/corrections", "/cases/{number}/corrections", {"data": {"symptom": "x"}, "reason": "y"}),
    post("cai", "/cases/{comment}/comments", "/cases/{number}/comments", {"text": "x"}),
    post("ren", "/cases/{disclose}/disclosures", "/cases/{number}/disclosures", {"reason": "x"}),
    Asking("ren", "PUT", "/cases/{assign}/assignment", "/cases/{number}/assignment", {"person": "ren"}),
    post("cai", "/cases/{undo}/undo", "/cases/{number}/undo", {"reason": "x"}),
    post("cai", "/cases/{withdraw}/withdrawals", "/cases/{number}/withdrawals", {"step": "waive"}),
    post("cai", "/plans", "/plans", {"transition": "remark", "numbers": ["{comment}"], "data": {"note": "x"}}),
    post("ren", "/plans", "/plans", {"assign": {"person": "ren"}, "numbers": ["{assign}"]}),
    post("rui", "/plans/{plan_confirm}/confirm", "/plans/{id}/confirm"),
    Asking("rui", "DELETE", "/plans/{plan_drop}", "/plans/{id}"),
    post("sun", "/incidents/{incident_close}/seen", "/incidents/{id}/seen"),
    post("sun", "/incidents/{incident_close}/retry", "/incidents/{id}/retry"),
    post("sun", "/incidents/{incident_remark}/resolve", "/incidents/{id}/resolve", {"note": "x"}),
    post("sun", "/outbox/{errand}/{entry}/resend", "/outbox/{number}/{entry}/resend"),
    post("ada", "/events/north/{event_replay}/replay", "/events/{source}/{id}/replay"),
    post("ada", "/events/north/{event_drop}/drop", "/events/{source}/{id}/drop", {"reason": "x"}),
]
BEGUN, REMARKED = "/cases/{comment}/transitions/remark", "/cases/{number}/transitions/{transition}"
OWN = [
    *(post("cui", "/cases", "/cases", {**ERRAND, "data": data}) for data in ({"about": "{their_case}"}, {"helper": "{their_clerk}"})),
    *(post("cui", BEGUN, REMARKED, {"data": {"note": "x", **data}}) for data in ({"about": "{their_case}"}, {"helper": "{their_clerk}"})),
    post("cui", "/cases/{comment}/corrections", "/cases/{number}/corrections", {"data": {"about": "{their_case}"}, "reason": "x"}),
    post("cui", "/cases", "/cases", {**ERRAND, "unit": "{their_unit}"}),
    post("rao", "/cases", "/cases", {**ERRAND, "unit": "{their_unit}"}),
    post("rao", "/plans", "/plans", {"transition": "take", "numbers": ["{assign}", "{their_case}"]}),
    post("rao", "/plans", "/plans", {"assign": {"person": "rao"}, "numbers": ["{assign}", "{their_case}"]}),
    post("rao", "/plans", "/plans", {"assign": {"person": "{their_clerk}"}, "numbers": ["{assign}"]}),
    post("rao", "/plans", "/plans", {"assign": {"person": "rao"}, "filter": {"person": "{their_clerk}"}}),
    Asking("rao", "PUT", "/cases/{assign}/assignment", "/cases/{number}/assignment", {"person": "{their_clerk}"}),
    Asking("sun", "PUT", "/cases/{assign}/assignment", "/cases/{number}/assignment", {"person": "{their_clerk}"}),
    read("cui", "/cases/{errand}/files/papers", "/cases/{number}/files/{field}", id="{their_paper}"),
]
"""Of the south, with cases and forms of its own that point at the north."""
_SHORT = re.compile("[0-9a-f]{8}|[0-9a-f]{12}")
NEAREST = re.compile(r"(。是不是想写|\. Did you mean )“[^”]*”[？?]")
"""Which of the names that he is told of is nearest to what was asked goes by its letters alone, whether there is such a one or not."""
BESIDES = {"POST /files", "POST /events/{source}", "POST /definitions/check", "POST /definitions"}
"""Operations that name nothing of a branch; each has a test of its own."""


@dataclass(frozen=True, slots=True)
class Attacker:
    """Somebody with a token, or with none. `status`: what he is answered whatever he asks, if that is so."""

    name: str
    token: str | None
    person: str | None = None
    status: int | None = None


@dataclass
class World:
    """Both branches at work, the attackers, and what must not be heard."""

    branches: Branches
    north: Mapping[str, str]
    south: Mapping[str, str]
    attackers: tuple[Attacker, ...]
    quiet: Mapping[str, Any]
    """What the south was answered before anything had happened in the north."""
    log: io.StringIO
    requests: int = 0
    leaks: list[object] = field(default_factory=list)

    @property
    def canaries(self) -> frozenset[str]:
        """What is said in the north alone."""
        known = {name: value for name, value in self.north.items() if name not in ("clerk", "repairer", "source", "entry", "unit")}
        return frozenset({*known.values(), *NORTHERNERS.values()})

    def ask(self, asking: Asking, names: Mapping[str, str], token: str | None, person: str | None = None) -> Response:
        """The request with these names."""
        headers = {"Aftercare-Person": person} if person is not None else {}
        path, query, body = (filled(each, names) for each in (asking.path, dict(asking.query), asking.body))
        self.requests += 1
        return self.branches.ask(asking.method, path, token, body, params=query, headers=headers)

    def state(self) -> str:
        """All that is stored, but for when a token was used."""
        rows = {table: rows for table, rows in Company(self.branches.app).tables().items() if table != "tokens"}
        return repr(rows)


def filled(written: Any, names: Mapping[str, str]) -> Any:
    """What is written, with names in the place of braces."""
    if isinstance(written, str):
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], written)
    if isinstance(written, Mapping):
        return {key: filled(value, names) for key, value in written.items()}
    return [filled(each, names) for each in written] if isinstance(written, list) else written


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The south works alone and looks around; then the north sets to work."""
    url, log = f"sqlite:///{tmp_path_factory.mktemp('branches') / 'aftercare.db'}", io.StringIO()
    found(url)
    with open_branches(url, log_to(log)) as branches:
        south = be_busy(branches, "cui", "rao", "south", 900, HERE) | {"unit": "shop-2"}
        attackers = all_attackers(branches)
        quiet = {each.name: around(branches, each, south) for each in attackers}
        north = be_busy(branches, "cai", "rui", "north", 100, NORTH)
        north |= {"unit": "shop-1", "unit_title": "一店", "clerk_name": NORTHERNERS["cai"]}
        yield World(branches, north, south, attackers, quiet, log)


def all_attackers(branches: Branches) -> tuple[Attacker, ...]:
    """Whoever belongs to the south, or to nothing any more."""
    app, now = branches.app, branches.app.time.now()
    gone, spent = branches.new_token("wei"), branches.new_token("cui")
    staffing.disable(app.database, "wei", at=now)
    app.tokens.revoke(spent.split("_")[1])
    return (
        Attacker("a person of the south", branches.token("cui")),
        Attacker("the supervisor of all, within the south", branches.token("sun", SOUTH)),
        Attacker("the administrator, as nothing", branches.token("ada", Scope(roles=frozenset()))),
        Attacker("a program of the south", branches.token("mule")),
        Attacker("a program without any role", branches.token("stray")),
        Attacker("a program for a person, within the south", branches.token("mule", SOUTH, for_people=True), "ren"),
        Attacker("a person who was disabled", gone, status=401),
        Attacker("a token that was revoked", spent, status=401),
        Attacker("nobody", None, status=401),
    )


def around(branches: Branches, attacker: Attacker, south: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """What somebody is told of the south and of everything that names nothing."""
    told: list[tuple[str, int, str]] = []
    for asking in READING:
        path, query = filled(asking.path, {**south, **SPARE}), filled(dict(asking.query), {**south, **SPARE})
        acting = {"Aftercare-Person": attacker.person} if attacker.person is not None else {}
        answer = branches.ask("GET", path, attacker.token, params=query, headers=acting)
        told.append((f"{path} {query}", answer.status_code, answer.text))
    return told


SPARE = {"unit_title": "二店", "clerk_name": "样例受理02"}


def both(world: World, attacker: Attacker, asking: Asking, names: tuple[Mapping[str, str], Mapping[str, str]]) -> None:
    """Ask with either names."""
    there, nowhere = (world.ask(asking, each, attacker.token, attacker.person) for each in names)
    look(world, attacker, asking, names, (there, nowhere))


def look(
    world: World, attacker: Attacker, asking: Asking, names: tuple[Mapping[str, str], Mapping[str, str]], answers: tuple[Response, Response]
) -> None:
    """Note whatever tells that there is something. `names`: of what there is, and of nothing."""
    (there, nowhere), (found, none) = names, answers
    asked = "".join(str(filled(each, there)) for each in (asking.path, dict(asking.query), asking.body))
    asked += NORTHERNERS.get(attacker.person or "", "")  # himself everybody knows
    heard = [each for each in world.canaries if each not in asked and is_said(each, found.text)]
    same = (found.status_code, said(found, asking, there)) == (none.status_code, said(none, asking, nowhere))
    right = attacker.status in (None, found.status_code)
    if heard or not same or not right:
        world.leaks.append((attacker.name, asking.operation, asking.query, asking.body, heard, found.status_code, found.text, none.text))


def is_said(name: str, text: str) -> bool:
    """Whether it stands there. A short id is a word of its own: within a longer one it may stand by chance."""
    return name in text and (_SHORT.fullmatch(name) is None or re.search(rf"(?<![0-9a-f]){name}(?![0-9a-f])", text) is not None)


def pointing(north: Mapping[str, str]) -> dict[str, str]:
    """The names of the north as requests of the south have them."""
    return {"their_case": north["repair"], "their_clerk": north["clerk"], "their_unit": north["unit"], "their_paper": north["paper_id"]}


def said(answer: Response, asking: Asking, names: Mapping[str, str]) -> str:
    """What is answered, with what was asked for left out."""
    used = re.findall(r"\{(\w+)\}", json.dumps([asking.path, dict(asking.query), asking.body]))
    told: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {"text": answer.text}
    told.pop("way_out", None)
    text = NEAREST.sub("", json.dumps(told, ensure_ascii=False))
    for name in sorted(used, key=lambda each: -len(names[each])):
        text = text.replace(names[name], f"<{name}>")
    return text


@pytest.mark.reliability
def test_every_operation_is_replayed(world: World) -> None:
    described = world.branches.client.get(f"{API}/openapi.json").json()["paths"]
    operations = {f"{method.upper()} {path.removeprefix(API)}" for path, methods in described.items() for method in methods}

    assert operations == {each.operation for each in (*READING, *WISHES)} | BESIDES


@pytest.mark.reliability
def test_nothing_of_the_north_is_there_for_anybody_else(world: World, told: Tell) -> None:
    run, before = Run(31, "sqlite"), world.state()
    for attacker in world.attackers:
        for asking in (*READING, *WISHES):
            both(world, attacker, asking, (world.north, NOWHERE))
        loud = around(world.branches, attacker, world.south)
        world.leaks += [(attacker.name, quiet, now) for quiet, now in zip(world.quiet[attacker.name], loud, strict=True) if quiet != now]
    assert world.leaks[:3] == []
    assert world.state() == before, "nobody has changed anything"
    for asking in OWN:
        southerner = Attacker(asking.who, world.branches.token(asking.who, SOUTH))
        both(world, southerner, asking, ({**world.south, **pointing(world.north)}, {**world.south, **pointing(NOWHERE)}))
    assert world.leaks[:3] == []
    assert world.state() == before, "not even a case of his own can point there"
    served = [world.ask(asking, world.north, world.branches.token(asking.who)) for asking in (*READING, *WISHES)]
    assert [(each.request.url, each.text) for each in served if each.status_code >= 300] == [], "each was worth replaying"
    seen = "".join(each.text for each in served)
    run.figures |= {"kinds": len({each.operation for each in (*READING, *WISHES)}), "attackers": len(world.attackers)}
    told(run, world.requests, len(world.leaks))
    unsaid = {name for name, value in world.north.items() if value in world.canaries and value not in seen}
    assert unsaid == {"plan_drop"}, "all else is there to be found"
