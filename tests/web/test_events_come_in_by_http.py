"""An event comes in by HTTP, good for its signature alone; an administrator looks after those in quarantine."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

from engine.runtime.budget import Rate
from engine.runtime.sources import Wish
from notifications.envelope import Envelope, Place
from notifications.signature import Hmac
from tests.runtime.parcels import AT, MOBILE, WAYBILL, begin, sent
from tests.web.counter import Counter, problem
from web.app import build
from web.limits import Limits

SHARED = "a secret of the parcel lockers"


@pytest.fixture(scope="module")
def parcels(counter: Counter) -> Counter:
    """The counter with the parcels, and another source that signs in its own way."""
    company = counter.company
    begin(company)
    envelope = Envelope(Place("header", "X-Event-Id"), Place("key", "event"))
    company.app.sources.add(Wish("lockers", "courier", Hmac("X-Signature", prefix="sha256="), envelope, SHARED), by="os:owner")
    return counter


@pytest.fixture
def secret(parcels: Counter) -> str:
    """A new secret of the courier."""
    made = parcels.company.app.sources.rotate("courier", None, by="os:owner")
    assert made is not None
    return made


def send(counter: Counter, secret: str, id: str, name: str = "waybill.signed", *, late: int = 0, **data: object) -> Any:
    """The courier sends an event, signed as Standard Webhooks says."""
    content, now = json.dumps({"type": name, "data": data}), datetime.now(UTC) - timedelta(seconds=late)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, now, content),
    }
    return counter.ask("POST", "/events/courier", None, headers=headers, content=content)


def test_an_event_is_performed_and_the_same_again_is_answered_with_the_same_bytes(counter: Counter, secret: str) -> None:
    number = sent(counter.company)

    first = send(counter, secret, "http-1", no=WAYBILL, at=AT)
    again = send(counter, secret, "http-1", no=WAYBILL, at=AT)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert (first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")) == (None, "true")
    assert first.json() == {
        "source": "courier",
        "id": "http-1",
        "status": "accepted",
        "code": None,
        "sentence": None,
        "outcome": {"number": number, "state": "here", "revision": 2, "seq": 2, "events": ["moved"], "opened": []},
    }
    problem(send(counter, secret, "http-1", no="SF0000000002", at=AT), 422, "key_reused")


def test_a_source_signs_as_it_declares(parcels: Counter) -> None:
    number = sent(parcels.company, waybill="SF0000000003")
    content = json.dumps({"event": "waybill.signed", "no": "SF0000000003", "at": AT}).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Event-Id": "locker/1",
        "X-Signature": "sha256=" + hmac.new(SHARED.encode(), content, hashlib.sha256).hexdigest(),
    }

    taken = parcels.ask("POST", "/events/lockers", None, headers=headers, content=content)

    assert (taken.status_code, taken.json()["outcome"]["number"]) == (200, number)
    assert parcels.ask("GET", "/events/lockers/locker%2F1", "ada").json()["id"] == "locker/1"
    problem(parcels.ask("POST", "/events/lockers", None, headers=headers, content=content + b" "), 401, "unauthenticated")


def test_what_is_not_from_the_source_is_not_taken_and_told_alike(counter: Counter, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    answers = [
        send(counter, other, "http-2", no=WAYBILL, at=AT),
        send(counter, secret, "http-2", late=301, no=WAYBILL, at=AT),
        counter.post("/events/courier", {"type": "waybill.signed", "data": {}}, who="ada"),
    ]

    assert {answer.content for answer in answers} == {answers[0].content}
    problem(answers[0], 401, "unauthenticated")
    log = [record.getMessage() for record in caplog.records]
    assert {each.partition(";")[0] for each in log} == {"a request to the source courier is not signed as it should be"}
    assert [";" in each for each in log] == [True, True, False]  # the last one says no time at all
    assert int(log[1].removesuffix(" s old").split()[-1]) >= 301
    problem(counter.ask("GET", "/events/courier/http-2", "ada"), 404, "unknown")


def test_the_former_secret_is_good_for_a_day_more(counter: Counter, secret: str) -> None:
    app = counter.company.app
    new = app.sources.rotate("courier", None, by="os:owner")
    assert new is not None
    for number, good in enumerate((secret, new)):
        assert send(counter, good, f"rotated-{number}", no="SF0000000009", at=AT).status_code == 202

    app.move_time(app.time.now() + timedelta(hours=24))

    assert send(counter, new, "rotated-2", no="SF0000000009", at=AT).status_code == 202
    problem(send(counter, secret, "rotated-3", no="SF0000000009", at=AT), 401, "unauthenticated")
    for number in range(3):
        app.inbound.drop("courier", f"rotated-{number}", "测试", by="os:owner")


def test_a_malformed_an_oversized_and_an_unknown_one_are_told_apart(counter: Counter, secret: str) -> None:
    problem(send(counter, secret, "http 3", no=WAYBILL), 400, "misuse")
    problem(send(counter, secret, "http-3", "a name with spaces"), 400, "misuse")
    problem(counter.ask("POST", "/events/nobody", None, {"type": "x"}), 401, "unauthenticated")
    problem(send(counter, secret, "http-3", no="9" * 65_536), 413, "too_large")
    problem(counter.ask("POST", "/events/courier", None, content=b"a=b", headers={"Content-Type": "text/plain"}), 415, "unsupported_media")


def test_a_disabled_source_is_told_so_once_it_is_known_to_be_it(counter: Counter, secret: str) -> None:
    counter.company.app.sources.disable("courier")
    try:
        problem(send(counter, secret, "http-4", no=WAYBILL, at=AT), 403, "forbidden")
        problem(send(counter, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "http-4"), 401, "unauthenticated")
    finally:
        counter.company.app.sources.enable("courier")


def test_quarantine_is_kept_shown_replayed_and_dropped_by_an_administrator(counter: Counter, secret: str) -> None:
    kept = send(counter, secret, "http-5", no="SF0000000005", at=AT, by={"name": "测试客户甲"})
    assert (kept.status_code, kept.json()["status"], kept.json()["code"]) == (202, "quarantined", "unmatched")
    send(counter, secret, "http-6", no="SF0000000006", at=AT)

    listed = counter.ask("GET", "/events", "ada", params={"status": "quarantined", "limit": 1}).json()
    assert ([each["id"] for each in listed["events"]], listed["more"]) == (["http-6"], True)
    rest = counter.ask("GET", "/events", "ada", params={"status": "quarantined", "source": "courier", "cursor": listed["next"]}).json()
    assert [each["id"] for each in rest["events"]] == ["http-5"]
    assert "payload" not in rest["events"][0]
    shown = counter.ask("GET", "/events/courier/http-5", "ada").json()
    assert (shown["masked"], shown["payload"]) == (True, {"no": "SF0000000005", "at": AT, "by": {"name": "***"}})

    for path in ("/events", "/events/courier/http-5"):
        problem(counter.ask("GET", path, "sun"), 403, "forbidden")
        problem(counter.ask("GET", path, None), 401, "unauthenticated")
    problem(counter.post("/events/courier/http-5/replay", who="till"), 403, "forbidden")
    problem(counter.post("/events/courier/http-5/drop", {"reason": "x"}, who="sun"), 403, "forbidden")

    number = sent(counter.company, waybill="SF0000000005", mobile=MOBILE)
    replayed = counter.ask("POST", "/events/courier/http-5/replay", "ada").json()
    assert (replayed["status"], replayed["case"], replayed["settled_by"]) == ("accepted", number, "ada")
    problem(counter.ask("POST", "/events/courier/http-5/replay", "ada"), 409, "conflict")
    dropped = counter.post("/events/courier/http-6/drop", {"reason": "非本店包裹"}, who="ada").json()
    assert (dropped["status"], dropped["note"]) == ("dropped", "非本店包裹")
    assert send(counter, secret, "http-6", no="SF0000000006", at=AT).status_code == 200


def test_one_source_leaves_time_to_the_others(counter: Counter, parcels: Counter, secret: str) -> None:
    patient = TestClient(build(parcels.company.app, limits=Limits(per_source=Rate(0.001, 1))), raise_server_exceptions=False)
    hurried = replace(counter, client=patient)

    assert send(hurried, secret, "http-7", no="SF0000000007", at=AT).status_code == 202
    late = send(hurried, secret, "http-8", no="SF0000000007", at=AT)

    problem(late, 429, "too_many")
    assert int(late.headers["retry-after"]) > 0
    problem(send(hurried, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "http-9"), 401, "unauthenticated")
    assert counter.company.app.inbound.drop("courier", "http-7", "只为占用额度", by="os:owner").id == "http-7"
