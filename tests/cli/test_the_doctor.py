"""The doctor: each line sound or not, and for what is not, what to do."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Terminal
from tests.cli.desk import ask

pytestmark = pytest.mark.reliability  # takes its time


def findings(there: Terminal, code: int = 1) -> dict[str, dict[str, Any]]:
    """What is not sound, by what it is about."""
    return {each["what"]["en"]: each for each in there.json("doctor", code=code)["findings"] if not each["is_sound"]}


def test_a_sound_company(company: Terminal) -> None:
    shown = company.run("doctor").stdout

    assert findings(company, code=0) == {}
    assert "problem" not in shown.replace("no problems found", "")
    assert "on simulated time" in shown
    assert (
        "dealer-callback v4, dealer-parts-order v1, dealer-quality-inspection v1, dealer-repair-change v1, dealer-service-visit v1" in shown
    )
    assert "问题" not in company.run("doctor", lang="zh").stdout.replace("没有发现问题", "")


def test_nothing_is_there_yet(terminal: Terminal) -> None:
    found = findings(terminal)

    assert set(found) == {"database"}
    assert "aftercare init" in found["database"]["way_out"]["en"]
    assert list(terminal.folder.iterdir()) == []


def test_an_empty_company(terminal: Terminal) -> None:
    terminal.run("init")

    found = findings(terminal)

    assert set(found) == {"published", "people"}
    assert "aftercare publish" in found["published"]["way_out"]["en"]
    assert "aftercare people load" in found["people"]["way_out"]["en"]


def test_wrong_settings(company: Terminal) -> None:
    (company.folder / "aftercare.toml").write_text("zone = 'Asia/Shangai'\n", encoding="utf-8")

    found = findings(company)

    assert set(found) == {"settings"}
    assert "Asia/Shanghai" in found["settings"]["way_out"]["en"]


def test_a_damaged_database(company: Terminal) -> None:
    (company.folder / "aftercare.db").write_bytes(os.urandom(8192))

    assert "aftercare restore" in findings(company)["database"]["way_out"]["en"]


@pytest.mark.reliability
def test_a_page_of_the_database_that_was_overwritten(company: Terminal) -> None:
    database = company.folder / "aftercare.db"
    with closing(sqlite3.connect(database)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_history_case_id' OR type = 'index' LIMIT 1"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(database.read_bytes())
    content[(page - 1) * size : page * size] = os.urandom(size)
    database.write_bytes(content)

    assert findings(company)


@pytest.mark.reliability
def test_definitions_that_do_not_hold_or_wait_to_be_published(company: Terminal) -> None:
    shipped = company.json("check")["checked"][0]
    (company.folder / "workflows" / "broken.yaml").write_text("workflow: broken\n", encoding="utf-8")
    (company.folder / "workflows" / "dealer-callback.yaml").write_text(
        Path(shipped["file"]).read_text(encoding="utf-8").replace("version: 4", "version: 5", 1),
        encoding="utf-8",
    )

    found = findings(company)

    assert set(found) == {"workflow files", "published"}
    assert "aftercare check" in found["workflow files"]["way_out"]["en"]
    assert "dealer-callback v5" in found["published"]["sentence"]["en"]


@pytest.mark.reliability
def test_a_stored_definition_that_was_changed(company: Terminal) -> None:
    with closing(sqlite3.connect(company.folder / "aftercare.db")) as connection:
        connection.execute("UPDATE definitions SET form = replace(form, 'Phone repair', 'Phone ruin')")
        connection.commit()

    found = findings(company)

    assert "restore a backup" in found["published"]["way_out"]["en"]


@pytest.mark.reliability
def test_roles_that_no_file_declares_any_more(company: Terminal) -> None:
    extra = company.folder / "roles" / "service.yaml"
    extra.write_text("organisation: service\nroles:\n  service-clerk: {title: {zh: 服务文员, en: Service clerk}}\n", encoding="utf-8")
    company.run("people", "assign", "tom", "service-clerk")
    extra.unlink()

    assert "service-clerk" in findings(company)["people"]["sentence"]["en"]


def notes(there: Terminal, what: str) -> list[str]:
    """What is sound about this, but something is to be done before long."""
    found = there.json("doctor", code=None)["findings"]
    return [each["sentence"]["en"] for each in found if each["is_sound"] and each["way_out"] and each["what"]["en"] == what]


@pytest.mark.reliability
def test_reminders_and_messages_that_nobody_works_on(desk: Terminal) -> None:
    ask(desk)
    desk.run("publish")
    assert "reminders" not in findings(desk, code=0)

    desk.run("--at", "2026-09-30T18:11", "cases")
    due = findings(desk)["reminders"]
    desk.run("sweep")
    waiting = findings(desk, code=0)
    desk.run("--at", "2026-09-30T18:30", "cases")

    assert "reminders that are due: 1, the oldest for 11 min" in due["sentence"]["en"]
    assert "aftercare sweep" in due["way_out"]["en"]
    assert waiting == {}
    assert "messages that wait to be told: 1, the oldest for 19 min" in findings(desk)["reminders"]["sentence"]["en"]


@pytest.mark.reliability
def test_what_cases_ask_of_each_other_and_a_crash_has_left(desk: Terminal) -> None:
    for _ in range(2):
        ask(desk)
    with closing(sqlite3.connect(desk.folder / "aftercare.db")) as connection:
        connection.execute(
            "INSERT INTO errands (target_id, source_id, kind, seq, recorded_at)"
            " SELECT min(id), max(id), 'wake', 1, '2026-09-30T08:30:00.000000Z' FROM cases"
        )
        connection.commit()
    desk.run("--at", "2026-09-30T16:31", "cases")
    assert "reminders" not in findings(desk)

    desk.run("--at", "2026-09-30T16:32", "cases")

    left = findings(desk)["reminders"]
    assert "errands between parents and children that wait: 1, the oldest for 2 min" in left["sentence"]["en"]
    assert "aftercare sweep" in left["way_out"]["en"]
    desk.run("sweep")
    assert "reminders" not in findings(desk)


@pytest.mark.reliability
def test_holidays_of_the_coming_year_are_asked_for_from_november_on(desk: Terminal) -> None:
    desk.run("--at", "2026-10-31T23:59", "cases")
    assert notes(desk, "holidays") == []

    desk.run("--at", "2026-11-01T00:00", "cases")

    assert notes(desk, "holidays") == ["CN 2019–2026; 2027 is not loaded yet"]
    assert "note" in desk.run("doctor", code=None).stdout
    assert "留意" in desk.run("doctor", lang="zh", code=None).stdout


@pytest.mark.reliability
def test_dates_that_stand_on_holidays_not_yet_decreed(desk: Terminal) -> None:
    desk.run("--at", "2026-12-31T16:30", "cases")
    ask(desk)
    assert "clocks with a provisional date: 1" in notes(desk, "holidays")

    desk.run("--at", "2027-01-01T09:00", "cases")

    assert "2027 is not known" in findings(desk)["holidays"]["sentence"]["en"]
    assert "aftercare calendar load" in findings(desk)["holidays"]["way_out"]["en"]


def test_holidays_are_no_matter_where_no_process_follows_them(terminal: Terminal) -> None:
    terminal.run("init")

    assert "holidays" not in {each["what"]["en"] for each in terminal.json("doctor", code=1)["findings"]}
