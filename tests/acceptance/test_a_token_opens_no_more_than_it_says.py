"""A token opens no more than it says (reliability bars 30, 31): flags, columns, keys, files and events of others, rights that ended.

Bars B17 to B23: nothing that a caller sends besides says who acts, in which state a case is, or that a rule does not hold.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from standardwebhooks import Webhook

from engine.runtime import staffing
from engine.runtime.substitution import record_delegation
from engine.store.schema import metadata
from roles.assignment import Assignment
from roles.delegation import Delegation
from tests.acceptance.branches import SOUTH, Branches, open_branches
from tests.rig.report import Run, Tell
from tests.runtime.company import TICKET, Company, found, registry
from web.limits import Limits
from web.logs import log_to

FLAGS = ("force", "user", "ignore_permissions", "state", "actor", "person", "on_behalf_of", "as", "sudo", "admin", "revision", "seq", "now")
COLUMNS = sorted({column.name for table in metadata.tables.values() for column in table.columns})


@dataclass
class Door:
    """The company, and its log."""

    branches: Branches
    log: io.StringIO

    def state(self) -> str:
        """All that is stored, but for when a token was used."""
        return repr({table: rows for table, rows in Company(self.branches.app).tables().items() if table != "tokens"})

    def post(self, path: str, who: str, body: object, **headers: str) -> Response:
        """A wish of somebody. Words of headers are joined by `_`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.branches.ask("POST", path, self.branches.token(who), body, headers=sent)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Two branches in which nothing has happened."""
    url, log = f"sqlite:///{tmp_path_factory.mktemp('door') / 'aftercare.db'}", io.StringIO()
    found(url)
    with open_branches(url, log_to(log)) as branches:
        yield Door(branches, log)


@pytest.mark.reliability
def test_no_flag_and_no_column_is_heard(door: Door, told: Tell) -> None:
    run, number = Run(30, "sqlite"), door.branches.repair("cai", 1)
    take = f"/cases/{number}/transitions/take"
    bodies: dict[str, dict[str, object]] = {
        take: {"data": {}},
        f"/cases/{number}/comments": {"text": "x"},
        f"/cases/{number}/corrections": {"data": {"symptom": "x"}, "reason": "x"},
        "/cases": {"workflow": "desk-errand", "start": "begin"},
        "/plans": {"transition": "take", "numbers": [number]},
    }
    known = {take: {"reason"}, "/cases": {"unit", "reason", "reference", "data"}, "/plans": {"reason", "data"}}
    before, asked = door.state(), 0
    for name in (*FLAGS, *COLUMNS):
        for path, body in bodies.items():
            if name in body or name in known.get(path, ()):
                continue
            answer = door.post(path, "ren", {**body, name: "cai"})
            assert (answer.status_code, answer.json()["code"]) == (400, "misuse"), (path, name)
        for path, body in bodies.items():
            answer = door.post(f"{path}?{name}=cai", "ren", body)
            assert (answer.status_code, answer.json()["code"]) == (400, "misuse"), (path, name)
        asked += 2 * len(bodies)
    for name in FLAGS:  # a header that nobody knows is no wish: it is not heard, and what was refused stays refused
        said = {name: "true", f"X-{name}": "ren"} | ({f"Aftercare-{name}": "ren"} if name != "person" else {})
        answer = door.branches.ask("POST", take, door.branches.token("cai"), {}, headers=said)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised"), name
    assert door.post(take, "cai", {}, Aftercare_Person="ren").status_code == 403, "his own token acts for nobody else"
    assert door.post(take, "courier", {}, Aftercare_Person="ren").status_code == 403, "nor does that of a program not made for it"
    assert door.state() == before
    told(run, asked, 0)


@pytest.mark.reliability
def test_a_form_takes_no_field_that_it_does_not_ask_for(door: Door) -> None:
    number = door.branches.repair("cai", 2)
    before = door.state()

    for data in ({"repairer": "cai"}, {"state": "closed"}, {"assignee": "cai"}, {"number": "X"}, {"imei": "001017000000999"}):
        answer = door.post(f"/cases/{number}/transitions/take", "ren", {"data": data})
        assert (answer.status_code, answer.json()["code"]) == (422, "data_invalid")

    assert door.state() == before


@pytest.mark.reliability
def test_a_unique_value_is_refused_without_saying_who_has_it(door: Door) -> None:
    theirs, imei = door.branches.repair("cai", 3), f"001017{3:09}"
    ticket = {"workflow": "desk-repair", "start": "receive", "data": {**TICKET, "imei": imei}}

    for who, dry_run in (("cui", ""), ("cui", "?dry_run=true"), ("mule", "")):
        answer = door.post(f"/cases{dry_run}", who, ticket)
        assert (answer.status_code, answer.json()["code"]) == (409, "duplicate")
        assert theirs not in answer.text

    assert theirs in door.post("/cases", "cai", ticket).text, "who sees it is told"


@pytest.mark.reliability
def test_a_key_of_another_gives_nothing_of_his(door: Door) -> None:
    wish = {"workflow": "desk-errand", "start": "begin"}
    his = door.post("/cases", "cai", wish, Idempotency_Key="a key")
    hers = door.post("/cases", "cui", wish, Idempotency_Key="a key")

    assert (his.status_code, hers.status_code) == (201, 201)
    assert hers.json()["number"] != his.json()["number"]
    assert "Idempotency-Replayed" not in hers.headers

    lending = door.branches.token("mule", for_people=True)
    first, second = (
        door.branches.ask("POST", "/cases", lending, wish, headers={"Aftercare-Person": person, "Idempotency-Key": "lent"})
        for person in ("cai", "cui")
    )
    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (422, "key_reused")
    assert first.json()["number"] not in second.text
    other = door.post("/cases", "cai", wish | {"reason": "x"}, Idempotency_Key="a key")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.reliability
def test_a_file_is_had_through_a_case_alone(door: Door) -> None:
    content = b"canary content"
    kept, again = (door.branches.ask("POST", "/files", door.branches.token(who), content=content) for who in ("cai", "cui"))
    assert (kept.status_code, kept.content) == (again.status_code, again.content), "that another has it already is not told"
    id = kept.json()["id"]
    card = {"workflow": "desk-errand", "start": "begin", "data": {"card": {"id": id, "name": "证件.txt"}}}
    number = door.post("/cases", "cai", card).json()["number"]
    ask, cui, rui = door.branches.ask, door.branches.token("cui"), door.branches.token("rui")

    assert ask("GET", f"/files/{id}", cui).status_code in (404, 405)
    assert ask("GET", f"/cases/{number}/files/card", cui).status_code == 404
    door.post(f"/cases/{number}/transitions/close", "cai", {})
    masked = [ask("GET", f"/cases/{number}{part}", rui) for part in ("", "/history", "/options")]
    assert [each.status_code for each in masked] == [200, 200, 200]
    assert [each.text for each in masked if id in each.text or "证件.txt" in each.text] == [], "nor is its id told to whom it is masked"
    assert ask("GET", f"/cases/{number}/files/card", rui).status_code == 403


def send(door: Door, source: str, secret: str, id: str, **data: object) -> Response:
    """A source tells that a slip was stamped."""
    content, now = json.dumps({"type": "slip.stamped", "data": data}), datetime.now(UTC)
    signed = {"webhook-id": id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": Webhook(secret).sign(id, now, content)}
    return door.branches.ask("POST", f"/events/{source}", None, content=content, headers={**signed, "Content-Type": "application/json"})


@pytest.mark.reliability
def test_a_source_moves_no_case_of_another_branch_and_is_told_of_none(door: Door) -> None:
    app = door.branches.app
    north, south = (app.sources.rotate(name, None, by="os:owner") for name in ("north", "south"))
    assert north is not None
    assert south is not None
    number = door.branches.opened("desk-errand", "begin", "cai", slip="SLIP-1")
    seq = app.views.case(number).case.seq

    there, nowhere = send(door, "south", south, "e-1", no="SLIP-1"), send(door, "south", south, "e-2", no="SLIP-2")

    told = [{name: value for name, value in each.json().items() if name != "id"} for each in (there, nowhere)]
    assert (there.status_code, told[0]) == (202, told[1])
    assert (told[0]["code"], app.views.case(number).case.seq) == ("unmatched", seq)
    forged, unknown = send(door, "north", south, "e-3", no="SLIP-1"), send(door, "elsewhere", south, "e-3", no="SLIP-1")
    assert (forged.status_code, forged.content) == (401, unknown.content), "which sources there are is told to nobody"
    for who in ("cui", "cai", "sun", "mule", "courier"):
        for path in ("", "/south/e-1", "/south/e-9", "/south/e-1/replay", "/south/e-9/replay"):
            answer = door.branches.ask("POST" if "replay" in path else "GET", f"/events{path}", door.branches.token(who))
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert send(door, "north", north, "e-4", no="SLIP-1").json()["outcome"]["number"] == number


@pytest.mark.reliability
def test_what_has_ended_opens_nothing_from_that_instant(door: Door) -> None:
    app, ask = door.branches.app, door.branches.ask
    now = app.time.now()
    add, here = staffing.add_person, app.database
    for place, person in enumerate(("ann", "ben", "eve"), 1):
        add(here, person, f"样例受理2{place}")
    for person in ("ann", "ben"):
        staffing.assign(here, registry(), Assignment(person, "desk-clerk", "shop-1", now), at=now, by="os:owner")
    record_delegation(here, registry(), Delegation("ben", "eve", None, now, now + timedelta(hours=1)), at=now, by="os:owner", reason=None)
    short = door.branches.new_token("ann", lasts=timedelta(hours=1))
    tokens = {person: door.branches.token(person) for person in ("ann", "ben", "eve")}
    number = door.branches.opened("desk-errand", "begin", "cai")
    remark: dict[str, Any] = {"data": {"note": "x"}}

    def fires(token: str) -> tuple[int, str | None]:
        seen = ask("GET", f"/cases/{number}/options", token)
        answer = ask("POST", f"/cases/{number}/transitions/remark", token, remark)
        assert seen.status_code == answer.status_code
        return answer.status_code, answer.json().get("code")

    assert [fires(token)[0] for token in (*tokens.values(), short)] == [200, 200, 200, 200]
    page = ask("GET", f"/cases/{number}", tokens["ann"])
    staffing.revoke(here, registry(), "ann", "desk-clerk", "shop-1", at=now)
    clicked = ask("POST", f"/cases/{number}/transitions/remark", tokens["ann"], remark, headers={"If-Match": page.headers["ETag"]})
    assert (clicked.status_code, clicked.json()["code"]) == (404, "unknown"), "revoked between the page and the click"
    staffing.disable(here, "ben", at=now)
    assert fires(tokens["ben"]) == (401, "unauthenticated")
    app.move_time(now + timedelta(hours=1))
    assert fires(tokens["eve"]) == (404, "unknown"), "the delegation is over"
    assert ask("GET", "/me", short).status_code == 401, "so is the token"
    lending = door.branches.token("mule", for_people=True)
    refused = [ask("GET", "/me", lending, headers={"Aftercare-Person": each}) for each in ("ben", "nobody", "courier")]
    assert [each.status_code for each in refused] == [403, 403, 403], "nobody acts for who is disabled, no person, or not there"


@pytest.mark.reliability
def test_a_move_that_takes_a_case_out_of_sight_is_answered(door: Door) -> None:
    """B23: the outcome is told to whoever brought it about, though he would not find the case any more; told again under the same key."""
    app, now = door.branches.app, door.branches.app.time.now()
    staffing.add_person(app.database, "flo", "样例工程师09")
    staffing.assign(app.database, registry(), Assignment("flo", "desk-repairer", "shop-1", now), at=now, by="os:owner")
    number, passed = door.branches.repair("cai", 5), door.branches.repair("cai", 6)
    for each in (number, passed):
        assert door.post(f"/cases/{each}/transitions/take", "flo", {}).status_code == 200
    staffing.revoke(app.database, registry(), "flo", "desk-repairer", "shop-1", at=now)
    token = door.branches.token("flo")
    assert door.branches.ask("GET", f"/cases/{number}", token).status_code == 200, "he still holds it"

    tried = door.branches.ask("PUT", f"/cases/{number}/assignment?dry_run=true", token, {"person": None})
    keyed = {"Idempotency-Key": "down"}
    done, again = (door.branches.ask("PUT", f"/cases/{number}/assignment", token, {"person": None}, headers=keyed) for _ in range(2))

    assert (tried.status_code, done.status_code, again.status_code) == (200, 200, 200)
    assert (done.json()["number"], again.content) == (number, done.content)
    assert door.branches.ask("GET", f"/cases/{number}", token).status_code == 404
    assert door.branches.ask("PUT", f"/cases/{number}/assignment", token, {"person": "flo"}).status_code == 404


@pytest.mark.reliability
def test_whole_numbers_are_not_guessed_one_after_another(door: Door) -> None:
    token = door.branches.token("wei")
    vain = [door.branches.ask("GET", f"/cases?q=12899{place:06}", token).status_code for place in range(Limits().vain.burst)]
    again = door.branches.ask("GET", "/cases?q=12899999999", token)
    another = door.branches.ask("GET", "/cases?q=12899999999", door.branches.token("wei", SOUTH))

    assert set(vain) == {200}
    assert (again.status_code, again.json()["code"], another.status_code) == (429, "too_many", 429)
    assert int(again.headers["Retry-After"]) > 0
    assert door.branches.ask("GET", "/cases", token).status_code == 200


@pytest.mark.reliability
def test_those_who_watch_are_told_nothing_of_anybody(door: Door) -> None:
    canary = "12800097313"
    number = door.branches.repair("cai", 7, customer="金丝雀客户", mobile=canary)
    door.branches.ask("GET", f"/cases?q={canary}", door.branches.token("cai"))
    door.branches.ask("GET", f"/cases/{number}", door.branches.token("cui"))
    watched = [door.branches.client.get(path).text for path in ("/healthz", "/readyz", "/metrics")]

    for text in (*watched, door.log.getvalue()):
        assert text
        assert all(each not in text for each in (canary, "金丝雀客户", number, door.branches.token("cai"), "样例受理01"))
