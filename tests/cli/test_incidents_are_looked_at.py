"""What a person must look at: listed with its case, counted by the doctor and the sweep, tried again, and settled with a note."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask, work


@pytest.fixture
def alarmed(desk: Terminal) -> Terminal:
    """A company where a rung's step was refused: nobody has answered, two working days after it was due."""
    ask(desk)
    desk.run("--at", "2026-10-12T11:00", "sweep")
    return desk


def test_an_incident_is_seen_wherever_one_looks(alarmed: Terminal) -> None:
    (incident,) = alarmed.json("incidents")["incidents"]
    assert (incident["case"], incident["kind"], incident["subject"], incident["state"]) == (NUMBER, "step_refused", "give_up", "open")
    assert "There is no answer yet" in incident["sentence"]["en"]

    shown = alarmed.run("incidents", "--case", NUMBER).stdout
    assert incident["id"] in shown
    assert f"{NUMBER}  refused step  open" in shown
    assert alarmed.json("incidents", "--kind", "dead_letter")["incidents"] == []
    assert alarmed.json("case", NUMBER)["incidents"] == [incident]
    assert "“Give up”, whose time had come, could not be performed" in alarmed.run("case", NUMBER).stdout
    assert "open: 1" in alarmed.run("doctor", code=None).stdout
    assert "Incidents to look at: 1" in alarmed.run("sweep").stderr
    assert "There is no case" in alarmed.run("incidents", "--case", "AN26-0999", code=1).stderr


def test_what_is_refused_again_stays_open(alarmed: Terminal) -> None:
    (incident,) = alarmed.json("incidents")["incidents"]

    again = alarmed.run("incidents", "retry", incident["id"], "--as", "sun", code=1)

    assert "is still open: refused again" in again.stderr
    assert "样例主管01" in alarmed.run("history", NUMBER).stdout
    assert [each["state"] for each in alarmed.json("incidents")["incidents"]] == ["open"]


def test_a_note_settles_it(alarmed: Terminal) -> None:
    (incident,) = alarmed.json("incidents")["incidents"]
    id = incident["id"]

    assert "was seen by" in alarmed.run("incidents", "seen", id, "--as", "sun").stdout
    assert "样例主管01" in next(line for line in alarmed.run("incidents").stdout.splitlines() if "seen" in line)
    assert "There is no incident" in alarmed.run("incidents", "resolve", "nonsense", "--as", "sun", "--note", "x", code=1).stderr
    assert "There is no person" in alarmed.run("incidents", "resolve", id, "--as", "son", "--note", "x", code=1).stderr
    assert "is resolved" in alarmed.run("incidents", "resolve", id, "--as", "sun", "--note", "已电话答复").stdout
    assert "There is no incident." in alarmed.run("incidents").stdout
    shown = alarmed.run("incidents", "--all", lang="zh").stdout
    assert "已解决" in shown
    assert "样例主管01" in shown
    assert "已电话答复" in shown
    assert "resolved already" in alarmed.run("incidents", "retry", id, "--as", "sun", code=1).stderr


def test_what_happens_again_is_open_since_then_and_counted_on(desk: Terminal) -> None:
    ask(desk)
    desk.run("people", "disable", "sun")
    for hour in ("11:30", "14:00"):
        work(desk, f"2026-10-08T{hour}")
    (incident,) = [each for each in desk.json("incidents")["incidents"] if each["subject"] == "desk-supervisor"]
    assert "2 in all, open since 2026-10-08 11:30" in desk.run("incidents").stdout
    desk.run("incidents", "resolve", incident["id"], "--as", "rui", "--note", "已电话通知")
    assert "2 in all, last opened 2026-10-08 11:30" in desk.run("incidents", "--all").stdout

    work(desk, "2026-10-08T15:00")

    assert "3 in all, open since 2026-10-08 15:00" in desk.run("incidents").stdout
    assert "共 3 次，本次自 2026-10-08 15:00" in desk.run("incidents", lang="zh").stdout


def test_a_message_that_reached_nobody_is_told_when_somebody_is_there(desk: Terminal) -> None:
    ask(desk)
    for person in ("rui", "sun", "cai"):
        desk.run("people", "disable", person)
    work(desk, "2026-10-08T10:30")
    found = {each["subject"]: each for each in desk.json("incidents", "--kind", "nobody_to_tell")["incidents"]}
    assert set(found) == {"assignee", "assignee, desk-supervisor"}  # due soon, and due
    incident = found["assignee, desk-supervisor"]

    desk.run("people", "add", "sun", "--name", "样例主管01")
    assert "will be told again" in desk.run("incidents", "retry", incident["id"], "--as", "sun").stdout
    desk.run("deliver")
    desk.run("sweep")

    assert [each["number"] for each in desk.json("inbox", "--as", "sun")["messages"]] == [NUMBER]
    settled = {each["subject"]: (each["state"], each["settled_by"]) for each in desk.json("incidents", "--all")["incidents"]}
    assert settled == {"assignee": ("open", None), "assignee, desk-supervisor": ("resolved", "system")}
