"""Incidents are tried again or settled, and messages sent again, by those who look after the cases that they are about."""

from __future__ import annotations

import pytest

from engine.label import Label
from engine.store.incidents import open_incident
from tests.runtime.company import START
from tests.web.counter import Counter, problem


@pytest.fixture
def incident(counter: Counter) -> str:
    """An incident of a repair that everybody in the first shop sees, open."""
    number = counter.lend()
    with counter.company.app.database.write() as connection:
        case = counter.company.case(number)
        return open_incident(connection, case.id, "nobody_to_assign", "desk-repairer", Label("无人", "Nobody is there"), START)


def test_an_incident_is_settled_with_a_note_by_whoever_looks_after_it(counter: Counter, incident: str) -> None:
    path = f"/incidents/{incident}/resolve"
    problem(counter.post(path, {"note": "已处理"}, who="cai"), 403, "forbidden")
    problem(counter.post(path, {"note": ""}, who="ada"), 400, "misuse")
    settled = counter.post(path, {"note": "已处理"}, who="sun").json()
    assert (settled["state"], settled["settled_by"], settled["note"]) == ("resolved", "sun", "已处理")
    problem(counter.post(path, {"note": "再次"}, who="ada"), 409, "conflict")
    problem(counter.post("/incidents/000000000000/resolve", {"note": "?"}, who="ada"), 404, "unknown")


def test_whoever_sees_an_incident_first_is_told_to_all(counter: Counter, incident: str) -> None:
    problem(counter.post(f"/incidents/{incident}/seen", who="rui"), 403, "forbidden")
    for person in ("sun", "ada"):
        assert counter.post(f"/incidents/{incident}/seen", who=person).json()["seen_by"] == "sun"
    problem(counter.post("/incidents/000000000000/seen", who="ada"), 404, "unknown")


def test_an_incident_is_tried_again(counter: Counter, incident: str) -> None:
    problem(counter.post(f"/incidents/{incident}/retry", who="rui"), 403, "forbidden")
    tried = counter.post(f"/incidents/{incident}/retry", who="ada").json()
    assert (tried["id"], tried["going"], tried["state"]) == (incident, False, "open")


def test_a_message_is_sent_again_where_there_is_one(counter: Counter) -> None:
    number = counter.lend()
    problem(counter.post(f"/outbox/{number}/1.1/resend", who="cai"), 403, "forbidden")
    problem(counter.post(f"/outbox/{number}/9.9/resend", who="ada"), 404, "unknown")
    problem(counter.post("/outbox/DL26-9999/1.1/resend", who="ada"), 404, "unknown")
