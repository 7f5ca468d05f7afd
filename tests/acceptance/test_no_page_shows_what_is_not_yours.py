"""What is not yours is on no page (reliability bar 31, in quick form): the two branches once more, with pages as the door.

Every page and every form of the north is asked for by people of the south, twice: with the names of what there is, and with names that were
never given. Neither answer may say a word that is said in the north alone, and nobody may tell the two apart – by status, by text, or by
where they lead. What names nothing is answered as before anything had happened there. Then the insiders ask, and are served.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from engine.runtime import staffing
from engine.store import accounts
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from tests.acceptance.branches import NORTHERNERS, Branches, be_busy, open_branches
from tests.acceptance.test_what_is_not_yours_is_not_there import HERE, NORTH, NOWHERE, filled, is_said
from tests.console.reception import OURS
from tests.rig.report import Run, Tell
from tests.runtime.company import Company, found, registry
from web.logs import log_to

pytestmark = pytest.mark.reliability

SOUTHERNERS = ("cui", "rao", "moe", "nil", "mule", "wei", None)
"""A clerk, a repairer, the administrator of the branch, somebody without a role, a program, one who was disabled, nobody."""
NOBODYS = {**NOWHERE, "absence": "999", "delegation": "998", "slip": "NOSUCHSLIP9", "imei_correct": "001017999999998"}
_NEAREST = r"(?:Did you mean “[^”]*”\?|There are: [^<]*|; perhaps [^<]*)"
SUGGESTED = re.compile(rf"<p(?: data-way-out)?>{_NEAREST}</p>|{_NEAREST}")
"""Which of the names that he is told of is nearest, if one is, goes by the letters of what he asked for."""
COUNTED = re.compile(r"<span class=\"count\">.*?</span>\d+</span>")
"""How many incidents are open is looked up now and then, for all at once."""
SHOWN = "x" * 22
"""In the place of what is new in each answer: keys of forms."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A page, or a form with what it sends. Names in braces stand for what there is; `who` is served."""

    who: str
    path: str
    sent: Mapping[str, Any] | None = None


@dataclass
class Town:
    """Both branches, a browser for everybody, and what must not be heard."""

    branches: Branches
    north: Mapping[str, str]
    south: Mapping[str, str]
    quiet: Mapping[tuple[str | None, str], tuple[int, str]]
    browsers: dict[str | None, TestClient]
    asked: int = 0
    leaks: list[object] = field(default_factory=list)

    def ask(self, who: str | None, asking: Asking, names: Mapping[str, str]) -> Response:
        """The request with these names."""
        self.asked += 1
        return request(self.browsers[who], asking, names)

    def state(self) -> str:
        """All that is stored."""
        return repr(Company(self.branches.app).tables())


def page(who: str, *paths: str) -> list[Asking]:
    return [Asking(who, path) for path in paths]


READING = [
    *page("cai", *(f"/cases/{{repair}}{rest}" for rest in ("", "?before=2", "/receipt", "/changes?seq=0", "/steps/give"))),
    *page("cai", *(f"/cases/{{{name}}}/{name}" for name in ("correct", "comment", "undo", "disclose", "assign"))),
    *page("cai", "/cases/{errand}", "/cases/{errand}/files/papers/{paper_id}", "/cases/{errand}/files/card/{card_id}"),
    *page("cai", *(f"/find?q={{{name}}}" for name in ("repair", "imei_repair", "mobile", "customer", "slip"))),
    *page("cai", *(f"/find/hits?q={{{name}}}" for name in ("repair", "imei_repair", "mobile"))),
    *page("cai", "/intake?subject={imei_repair}", "/intake?subject={mobile}", "/intake/desk-repair/receive?subject={imei_repair}"),
    *page("cai", "/intake/desk-repair/receive?from={repair}", "/intake/desk-errand/begin?unit={unit}"),
    *page("cai", "/board/desk-repair?unit={unit}", "/board/desk-repair?holder={repairer}", "/board/desk-repair/move/{repair}"),
    *page("cai", "/bulk/new?number={repair}", "/bulk/new?workflow=desk-repair&holder={repairer}", "/work?unit={unit}"),
    *page("cai", "/people/{repairer}", "/people?q={clerk_name}", "/people?unit={unit}", "/people/{clerk}/away", "/people/{clerk}/delegate"),
    *page("rui", "/bulk/{plan_confirm}", "/cases/{fire}/steps/take"),
    *page("sun", "/incidents?after={incident_close}", "/incidents/messages?nobody=true&after={errand}/{entry}"),
]
EVENT = {"source": "{source}", "id": "{event_replay}"}
DAYS = {"first": "2026-10-08", "last": "2026-10-09"}
WISHES = [
    Asking("cai", "/intake/desk-errand/begin", {"data.about": "{repair}"}),
    Asking("cai", "/intake/desk-errand/begin", {"data.helper": "{repairer}"}),
    Asking("cai", "/intake/desk-errand/begin", {"unit": "{unit}"}),
    Asking("ren", "/cases/{fire}/steps/take", {"do": "foresee"}),
    Asking("ren", "/cases/{fire}/steps/take", {"back": "/work"}),
    Asking(
        "cai",
        "/cases/{correct}/correct",
        {"data.customer": "{customer}", "data.mobile": "{mobile}", "data.imei": "{imei_correct}", "data.symptom": "x", "reason": "y"},
    ),
    Asking("cai", "/cases/{comment}/comment", {"text": "x"}),
    Asking("cai", "/cases/{disclose}/disclose", {"reason": "x"}),
    Asking("ren", "/cases/{assign}/assign", {"person": "ren"}),
    Asking("cai", "/cases/{undo}/undo", {"reason": "x"}),
    Asking("cai", "/cases/{withdraw}/withdraw", {"step": "waive"}),
    Asking("cai", "/bulk/step", {"number": "{comment}"}),
    Asking("cai", "/bulk/form", {"numbers": "{comment}", "step": "remark"}),
    Asking("cai", "/bulk", {"numbers": "{comment}", "step": "remark", "data.note": "x"}),
    Asking("ren", "/bulk/form", {"numbers": "{assign}", "assign": "yes"}),
    Asking("ren", "/bulk", {"numbers": "{assign}", "assign": "yes", "person": "ren"}),
    Asking("rui", "/bulk/{plan_confirm}/run", {}),
    Asking("rui", "/bulk/{plan_drop}/drop", {}),
    Asking("sun", "/incidents/{incident_close}/seen", {}),
    Asking("sun", "/incidents/{incident_close}/retry", {"was": "open.1"}),
    Asking("sun", "/incidents/{incident_remark}/resolve", {"note": "x"}),
    Asking("sun", "/incidents/messages/resend", {"id": "{errand}/{entry}"}),
    Asking("ada", "/incidents/events/replay", EVENT),
    Asking("ada", "/incidents/events/drop", {**EVENT, "id": "{event_drop}", "reason": "x"}),
    Asking("rui", "/people/-/absences/{absence}/end", {}),
    Asking("rui", "/people/-/delegations/{delegation}/end", {}),
    Asking("ada", "/people/{clerk}/roles", {"role": "administrator", "unit": "main"}),
    Asking("ada", "/people/{clerk}/roles/end", {"role": "administrator", "unit": "main"}),
    Asking("ada", "/people/{clerk}/name", {"name": "样例受理01"}),
    Asking("ada", "/people/{clerk}/away", DAYS),
    Asking("ada", "/people/{clerk}/delegate", {**DAYS, "deputy": "ren"}),
    Asking("ada", "/people/{repairer}/password", {}),
    Asking("ada", "/people/{repairer}/sessions/end", {}),
    Asking("ada", "/people/{repairer}/disable", {}),
]
OWN = [
    Asking("cui", "/intake/desk-errand/begin", {"data.about": "{their_case}"}),
    Asking("cui", "/intake/desk-errand/begin", {"data.helper": "{their_clerk}"}),
    Asking("cui", "/intake/desk-errand/begin", {"unit": "{their_unit}"}),
    Asking("cui", "/cases/{comment}/steps/remark", {"data.note": "x", "data.about": "{their_case}"}),
    Asking("cui", "/cases/{comment}/steps/remark", {"data.note": "x", "data.helper": "{their_clerk}"}),
    Asking("cui", "/cases/{comment}/correct", {"data.about": "{their_case}", "reason": "x"}),
    Asking("rao", "/cases/{assign}/assign", {"person": "{their_clerk}"}),
    Asking("rao", "/bulk/step", {"number": ["{assign}", "{their_case}"]}),
    Asking("rao", "/bulk/form", {"numbers": "{assign} {their_case}", "assign": "yes"}),
    Asking("rao", "/bulk", {"numbers": "{assign} {their_case}", "assign": "yes", "person": "rao"}),
    Asking("rao", "/bulk", {"numbers": "{assign}", "assign": "yes", "person": "{their_clerk}"}),
    Asking("cui", "/bulk", {"numbers": "{comment}", "step": "remark", "data.note": "x", "data.helper": "{their_clerk}"}),
    Asking("cui", "/bulk/new?holder={their_clerk}"),
    Asking("cui", "/cases/{comment}/steps/remark", {"data.helper": "{their_clerk}", "data.about": "{their_case}", "do": "refresh"}),
    Asking("cui", "/cases/{comment}/steps/stamp", {"data.note": "x", "data.helper": "{their_clerk}"}),
    Asking("cui", "/people/cui/delegate", {**DAYS, "deputy": "{their_clerk}"}),
    Asking("cui", "/people/cui/away", {**DAYS, "deputy": "{their_clerk}"}),
    Asking("cui", "/cases/{errand}/files/papers/{their_paper}"),
    Asking("cui", "/intake/desk-repair/receive?from={their_case}"),
    Asking("moe", "/people/rao/delegate", {**DAYS, "deputy": "{their_clerk}"}),
    Asking("moe", "/people/rao/roles", {"role": "desk-clerk", "unit": "{their_unit}"}),
]
"""Of the south, with cases and forms of its own that point at the north."""
AROUND = [
    *("/work", "/board", "/board/desk-repair", "/board/desk-errand", "/board/desk-repair?wall=true", "/people", "/people?here=no", "/bulk"),
    *(
        "/bulk/new",
        "/bulk/new?workflow=desk-repair",
        "/intake",
        "/incidents",
        "/incidents?settled=true",
        "/incidents/messages",
        "/find?q=DR26",
    ),
    *("/intake/desk-repair/receive", "/intake/desk-errand/begin", "/people/cui", "/people/cui/delegate", "/account", "/find/hits?q=DR2"),
]
"""What names nothing of a branch."""


def request(browser: TestClient, asking: Asking, names: Mapping[str, str]) -> Response:
    """What a page answers; a form is sent as a browser would."""
    path = filled(asking.path, {name: quote(value, safe="") for name, value in names.items()})
    if asking.sent is None:
        return browser.get(path)
    return browser.post(path, data={name: filled(value, names) for name, value in asking.sent.items()})


def said(answer: Response, asking: Asking, names: Mapping[str, str]) -> tuple[int, str]:
    """Status and text, without what was asked for and what is new each time."""
    used = {*re.findall(r"\{(\w+)\}", json.dumps([asking.path, asking.sent]))}
    text = re.sub(r"(?<=name=\"key\" value=\")[\w-]{22}", SHOWN, answer.text + unquote(unquote(answer.headers.get("location", ""))))
    text = COUNTED.sub("", re.sub(r"seen=[0-9a-f]{16}", "seen=", SUGGESTED.sub("", text)))
    text = re.sub(r"[. ]+(?=<)", "", text)  # what stood before a suggestion
    for name in sorted(used, key=lambda each: -len(names[each])):
        for way in (names[name], quote(names[name], safe=""), quote(names[name])):
            text = re.sub(rf"(?<!\w){re.escape(way)}(?!\w)", f"<{name}>", text)
    return answer.status_code, text


def signed_in(branches: Branches, person: str | None) -> TestClient:
    """A browser of somebody."""
    secret, now = f"secret of {person}", branches.app.time.now()
    cookies = {"aftercare-language": "en"}
    if person is not None:
        session = accounts.Session(sha256(secret.encode()).hexdigest(), person, now, now, now + timedelta(days=7), None, "test")
        with branches.app.database.write() as connection:
            accounts.begin(connection, session)
        cookies["__Host-aftercare-session"] = secret
    return TestClient(branches.client.app, base_url="https://testserver", headers={**OURS}, cookies=cookies, follow_redirects=False)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The south works alone and looks around; then the north sets to work."""
    url = f"sqlite:///{tmp_path_factory.mktemp('town') / 'aftercare.db'}"
    found(url)
    with open_branches(url, log_to(io.StringIO())) as branches:
        app, now = branches.app, branches.app.time.now()
        for person, name in (("moe", "样例主管02"), ("nil", "样例新人01")):
            staffing.add_person(app.database, person, name)
        for role in (ADMINISTRATOR, "desk-clerk"):
            staffing.assign(app.database, registry(), Assignment("moe", role, "shop-2", now), at=now, by="os:owner")
        south = be_busy(branches, "cui", "rao", "south", 900, HERE) | {"unit": "shop-2"}
        browsers: dict[str | None, TestClient] = {
            person: signed_in(branches, person) for person in (*SOUTHERNERS, *NORTHERNERS, "sun", "ada")
        }
        staffing.disable(app.database, "wei", at=now)
        quiet = {(who, path): around(browsers[who], path) for who in SOUTHERNERS for path in AROUND}
        north = be_busy(branches, "cai", "rui", "north", 100, NORTH)
        north |= {"unit": "shop-1", "clerk_name": NORTHERNERS["cai"], "source": "north", **ids_of(branches, "rui")}
        yield Town(branches, north, south, quiet, browsers)


def ids_of(branches: Branches, person: str) -> dict[str, str]:
    """The numbers of an absence and of a delegation."""
    roster = branches.app.directory.roster()
    away = next(each.id for each in roster.absences if each.absence.person == person)
    return {"absence": str(away), "delegation": str(next(each.id for each in roster.delegations if each.delegation.delegator == person))}


def around(browser: TestClient, path: str) -> tuple[int, str]:
    """A page that names nothing."""
    return said(browser.get(path), Asking("", path), {})


def canaries(town: Town) -> frozenset[str]:
    """What is said in the north alone."""
    besides = ("clerk", "repairer", "source", "entry", "unit", "absence", "delegation")
    return frozenset({*(value for name, value in town.north.items() if name not in besides), *NORTHERNERS.values()})


def both(town: Town, who: str | None, asking: Asking, there: Mapping[str, str], nowhere: Mapping[str, str]) -> None:
    """Ask with either names, and note whatever tells that there is something."""
    found, none = (town.ask(who, asking, each) for each in (there, nowhere))
    asked = filled(asking.path, there) + json.dumps(filled(dict(asking.sent or {}), there), ensure_ascii=False)
    heard = [each for each in canaries(town) if each not in asked and is_said(each, found.text)]
    same = said(found, asking, there) == said(none, asking, nowhere)
    if heard or not same or found.status_code >= 500:
        told = difference(said(found, asking, there)[1], said(none, asking, nowhere)[1])
        town.leaks.append((who, asking, heard, found.status_code, none.status_code, told))


def difference(one: str, other: str) -> list[tuple[str, str]]:
    """The first lines in which two answers differ."""
    return [pair for pair in zip(one.splitlines(), other.splitlines(), strict=False) if pair[0] != pair[1]][:3]


def test_no_page_of_the_north_is_there_for_anybody_else(town: Town, told: Tell) -> None:
    run, before = Run(31, "sqlite"), town.state()
    for who in SOUTHERNERS:
        for asking in (*READING, *WISHES):
            both(town, who, asking, town.north, NOBODYS)
    assert town.leaks[:3] == []
    loud = {key: around(town.browsers[key[0]], key[1]) for key in town.quiet}
    town.leaks += [(key, difference(town.quiet[key][1], loud[key][1])) for key in loud if town.quiet[key] != loud[key]]
    assert town.leaks[:3] == []
    pointing = {name: {"their_case": of["repair"], "their_clerk": of["clerk"], "their_unit": of["unit"], "their_paper": of["paper_id"]}
                for name, of in (("there", town.north), ("nowhere", NOBODYS))}  # fmt: skip
    assert town.state() == before, "nobody has changed anything"
    for asking in OWN:
        both(town, asking.who, asking, {**town.south, **pointing["there"]}, {**town.south, **pointing["nowhere"]})
    assert town.leaks[:3] == []
    assert town.state() == before, "not even a form of their own can point there"
    served = [(asking, town.ask(asking.who, asking, town.north)) for asking in (*READING, *WISHES)]
    refused = [(each, answer.status_code) for each, answer in served if answer.status_code >= 400 and "replay" not in each.path]
    assert refused == [], "each was worth asking"
    run.figures |= {"kinds": len(READING) + len(WISHES) + len(OWN), "attackers": len(SOUTHERNERS)}
    told(run, town.asked, len(town.leaks))
