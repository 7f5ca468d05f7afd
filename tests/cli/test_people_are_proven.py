"""Whether people can finish the processes: asked by `check` and `publish`, told when people change, reported to managers."""

from __future__ import annotations

import pytest

from tests.cli.conftest import TEAM, Terminal
from tests.cli.desk import DOCUMENT, PEOPLE

pytestmark = pytest.mark.reliability  # takes its time

FOUR_EYES = DOCUMENT.replace("version: 1", "version: 2", 1).replace(
    "send:    {title: {zh: 答复, en: Answer}, by: desk-answerer,",
    "send:    {title: {zh: 答复, en: Answer}, by: desk-answerer, not_by: ask_back,",
)
"""Who has asked back does not answer: it takes a second one, and the desk has one."""
SECOND = "\n  ran: {name: 样例工程师02, holds: [{role: desk-answerer, unit: shop-1}]}"


def test_the_people_of_a_file_are_asked(desk: Terminal) -> None:
    (desk.folder / "workflows" / "answers.yaml").write_text(FOUR_EYES, encoding="utf-8")
    enough = desk.folder / "enough.yaml"
    enough.write_text(PEOPLE.rstrip() + SECOND, encoding="utf-8")

    assert "nobody-can-finish" not in desk.run("check", "workflows/answers.yaml", "--people", "enough.yaml").stdout
    refused = desk.run("check", "workflows/answers.yaml", "--people", "people.yaml", code=1).stdout
    assert (
        "error[nobody-can-finish]: nobody can finish this way (Shop 1): Take in → Ask back → Customer answered → Answer → Answered."
        in refused
    )
    found = desk.json("check", "workflows/answers.yaml", "--people", "people.yaml", code=1)
    assert {one["code"] for one in found["diagnostics"]} >= {"nobody-can-finish", "single-person"}


def test_a_people_file_that_could_not_be_loaded_is_refused(desk: Terminal) -> None:
    (desk.folder / "wrong.yaml").write_text(PEOPLE.replace("role: desk-clerk", "role: desk-clark"), encoding="utf-8")

    assert "desk-clerk" in desk.run("check", "workflows/answers.yaml", "--people", "wrong.yaml", code=1).stderr


def test_where_nobody_is_known_that_is_said(terminal: Terminal) -> None:
    terminal.run("init")

    assert "nobody is registered" in terminal.run("check").stderr
    assert "nobody is registered" in terminal.run("publish").stderr


def test_what_the_people_registered_cannot_finish_is_not_published(desk: Terminal) -> None:
    (desk.folder / "workflows" / "answers.yaml").write_text(FOUR_EYES, encoding="utf-8")

    assert "error[nobody-can-finish]" in desk.run("publish", "workflows/answers.yaml", code=1).stdout
    assert "error[nobody-can-finish]" in desk.run("check", "workflows/answers.yaml", code=1).stdout

    desk.run("people", "add", "ran", "--name", "样例工程师02")
    desk.run("people", "assign", "ran", "desk-answerer", "--unit", "shop-1")
    assert "published" in desk.run("publish", "workflows/answers.yaml").stdout


def test_a_change_of_people_that_stops_a_process_is_told_and_becomes_an_incident(desk: Terminal) -> None:
    lost = desk.run("people", "revoke", "rui", "desk-answerer", "--unit", "shop-1")
    assert "“Answers”: nobody holds “Answerer” (Shop 1), whom these steps take: Take, " in lost.stderr
    assert [line["finishable"] for line in desk.json("people", "proof", code=1)["processes"]] == ["no"]
    assert "aftercare people proof" in desk.run("doctor", code=1).stdout

    desk.run("sweep")
    (incident,) = desk.json("incidents", "--kind", "nobody_can_finish")["incidents"]
    assert (incident["case"], incident["subject"]) == (None, "answers @ shop-1")
    assert "people proof" in desk.run("incidents", "retry", incident["id"], "--as", "sun", code=1).stderr

    again = desk.run("people", "assign", "rui", "desk-answerer", "--unit", "shop-1")
    assert "Careful" not in again.stderr
    desk.run("sweep")
    assert desk.json("incidents")["incidents"] == []


def test_an_absence_that_stops_a_process_is_told_at_once_and_is_no_incident(desk: Terminal) -> None:
    assert "“Answers”: nobody holds “Answerer”" in desk.run("absent", "rui", "--until", "2026-10-16").stderr
    assert "Away: 样例工程师01\n" in desk.run("people", "proof", code=1).stderr

    desk.run("sweep")
    assert desk.json("incidents")["incidents"] == []
    desk.run("delegate", "rui", "sun", "--until", "2026-10-16")  # stands in for everything
    assert desk.json("people", "proof")["away"] == []


def test_managers_see_who_cannot_be_spared(desk: Terminal) -> None:
    desk.run("people", "load", TEAM)

    (line,) = desk.json("people", "proof", "answers", "--unit", "shop-1")["processes"]
    assert {each["person"] for each in line["alone"]} == {"cai", "rui"}
    assert line["a_way_stops_without"]["persons"] == line["every_success_stops_without"]["persons"] == ["cai"]

    gone = desk.json("people", "proof", "咨询答复", "--away", "cai", code=1)
    assert (gone["away"], [gap["code"] for gap in gone["processes"][0]["gaps"]]) == (["cai"], ["role-unheld"])
    assert desk.run("people", "proof", "answers", "--unit", "phone-01").stdout == "There is no process to prove.\n"
