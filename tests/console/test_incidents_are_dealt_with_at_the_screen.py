"""Incidents on the screen: seen, tried again and settled by those who look after them, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from bs4 import BeautifulSoup

from engine.label import Label
from engine.store import deliveries
from engine.store.incidents import open_incident
from tests.console.reception import SWAPPING, Reception

KEEPERS = ("abe", "mia")
_TURNS = count(11)


@pytest.fixture
def incident(reception: Reception) -> str:
    """A case of the first shop of which a message could be told to nobody."""
    number = reception.centre.opened("amy", imei=f"0010170000001{next(_TURNS):02}")
    with reception.app.database.write() as connection:
        case, now = reception.app.views.case(number).case, reception.app.time.now()
        return open_incident(connection, case.id, "nobody_to_tell", "mia", Label("“mia”不在", "“mia” is not there"), now)


def of(page: BeautifulSoup, incident: str) -> BeautifulSoup:
    """The line of an incident, which must be there."""
    found = page.select_one(f"#incident-{incident}")
    assert found is not None, page.get_text(" ", strip=True)
    return found  # type: ignore[return-value]


def test_whoever_looks_after_a_case_sees_its_incidents_and_others_are_told_who_does(reception: Reception, incident: str) -> None:
    for person in KEEPERS:
        line = of(reception.read(person, "/incidents"), incident)
        assert "“mia” is not there" in line.text
        assert line.select_one('a[href^="/cases/WX"]') is not None
    for person in ("amy", "ada"):
        page = reception.read(person, "/incidents", 403)
        assert "mia” is not there" not in page.text
        assert "样例管理员01" in page.text if person == "amy" else True
    assert page.select_one('.menu a[href="/incidents"]') is None


def test_an_incident_is_seen_tried_again_and_settled(reception: Reception, incident: str) -> None:
    assert reception.post("mia", f"/incidents/{incident}/seen").status_code == 303
    assert "seen by 样例主管02" in of(reception.read("abe", "/incidents"), incident).text
    was = of(reception.read("mia", "/incidents"), incident).select_one('[name="was"]')["value"]  # type: ignore[index]
    tried = reception.post("mia", f"/incidents/{incident}/retry", {"was": was}, headers=SWAPPING)
    assert (tried.status_code, tried.headers["hx-push-url"]) == (200, "/incidents")
    assert "Tried again" in tried.text
    again = reception.post("mia", f"/incidents/{incident}/retry?settled=true", {"was": was})
    assert again.status_code == 409
    assert "It has changed meanwhile" in again.text


def test_whoever_settles_says_how_and_twice_is_once(reception: Reception, incident: str) -> None:
    silent = reception.post("mia", f"/incidents/{incident}/resolve", {"note": " "}, headers=SWAPPING)
    assert (silent.status_code, silent.headers["hx-push-url"]) == (422, "false")
    field = BeautifulSoup(silent.text, "html.parser").select_one(f"#note-{incident}")
    assert field is not None
    assert field["aria-describedby"] == f"note-{incident}-fault"
    for _ in range(2):
        assert reception.post("mia", f"/incidents/{incident}/resolve", {"note": "已电话告知"}).status_code == 303
    assert reception.read("mia", "/incidents").select_one(f"#incident-{incident}") is None
    assert "已电话告知" in of(reception.read("mia", "/incidents?settled=true"), incident).text
    assert reception.post("abe", f"/incidents/{incident}/resolve", {"note": "另一句"}).status_code == 409


def test_nobody_else_changes_an_incident(reception: Reception, incident: str) -> None:
    for person in ("amy", "ada"):
        for what in ("seen", "retry", "resolve"):
            assert reception.post(person, f"/incidents/{incident}/{what}", {"note": "x", "was": "open.1"}).status_code == 403
    assert reception.post("moe", f"/incidents/{incident}/seen").status_code == 404
    assert of(reception.read("abe", "/incidents"), incident).select_one(".badge-late") is not None


def test_a_list_is_narrowed_by_kind(reception: Reception, incident: str) -> None:
    assert of(reception.read("abe", "/incidents?kind=nobody_to_tell"), incident) is not None
    assert reception.read("abe", "/incidents?kind=dead_letter").select_one(f"#incident-{incident}") is None


@pytest.mark.usefixtures("incident")
def test_a_message_that_was_given_up_is_sent_again(reception: Reception) -> None:
    app = reception.app
    reception.centre.until(app.time.now() + timedelta(hours=8))  # somebody is told that nobody takes it
    with app.database.read() as reader:
        told = next(each for each in app.messages.outbox(50, status="told").lines if each.deliveries)
        assert deliveries.of(reader, {told.message.key})
    with app.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE deliveries SET status = 'failed' WHERE id = '{told.deliveries[0].delivery.id}'")
    assert told.message.number in reception.read("mia", "/incidents/messages").text
    assert reception.post("amy", "/incidents/messages/resend", {"id": told.id}).status_code == 403
    said = [reception.post("mia", "/incidents/messages/resend", {"id": told.id}, headers=SWAPPING).text for _ in range(2)]
    assert "It will be sent again" in said[0]
    assert "It was sent again already" in said[1]


def test_what_is_in_quarantine_is_for_administrators_alone(reception: Reception) -> None:
    assert "No events in quarantine" in reception.read("abe", "/incidents/events").text
    assert reception.read("mia", "/incidents").select_one('#main a[href="/incidents/events"]') is None
    assert reception.get("mia", "/incidents/events").status_code == 403
    for what in ("replay", "drop"):
        event = {"source": "courier", "id": "msg_0001", "reason": "重复通知"}
        assert reception.post("mia", f"/incidents/events/{what}", event).status_code == 403
        assert reception.post("abe", f"/incidents/events/{what}", event).status_code == 404
    assert reception.post("abe", "/incidents/events/drop", {"source": "courier", "id": "msg_0001"}).status_code == 422
