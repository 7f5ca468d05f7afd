"""The written procedures on the command line: what carries them out, and nothing is published while their file has mistakes."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_definitions_from_the_command_line import SOUND, written

pytestmark = pytest.mark.reliability  # takes its time

INDEX = """\
procedures: keys
title: {zh: 钥匙规程, en: Procedures for keys}
flows:
  keys:
    title: {zh: 借钥匙, en: Lending of keys}
    steps: {ask: {zh: 申请, en: Ask}, lend: {zh: 借出, en: Lend}, return: {zh: 归还, en: Return}}
    records: {room: {zh: 房间, en: Room}}
"""


CLAIMING = SOUND.replace(
    "number:", "source: keys\nleft_out: [{clause: keys/return, why: {zh: 另册登记, en: Kept in another book}}]\nnumber:"
).replace("en: Room}}", "en: Room}, source: keys/room}")


def indexed(company: Terminal, text: str = INDEX) -> None:
    (company.folder / "workflows" / "procedures").mkdir(exist_ok=True)
    (company.folder / "workflows" / "procedures" / "keys.yaml").write_text(text, encoding="utf-8")


def test_a_procedure_is_traced_clause_by_clause(company: Terminal) -> None:
    indexed(company)
    written(company, CLAIMING)

    shown = company.run("procedures", "keys").stdout
    found = company.json("procedures", "keys")

    assert "left out     key-loan: Kept in another book" in shown
    assert "carried out  key-loan: field “room”" in shown
    assert shown.endswith("1 carried out, 1 left out, 2 missing\n")
    assert {each["clause"]: each["fate"] for each in found["clauses"]} == {
        "keys/ask": "missing",
        "keys/lend": "missing",
        "keys/return": "left_out",
        "keys/room": "carried_out",
    }
    assert [each["clause"] for each in company.json("procedures", "keys", "--missing")["clauses"]] == ["keys/ask", "keys/lend"]
    assert [each["path"] for one in found["clauses"] for each in one["carried_out_by"]] == [["fields", "room"]]


def test_all_procedures_are_summed_up(company: Terminal) -> None:
    indexed(company)
    written(company, CLAIMING)

    found = company.json("procedures")
    shown = company.run("procedures", lang="zh").stdout

    assert found["total"]["missing"] == sum(each["count"]["missing"] for each in found["procedures"])
    assert next(line.split() for line in shown.splitlines() if line.startswith("keys ")) == ["keys", "借钥匙", "key-loan", "1", "1", "2"]
    assert f"{len(found['procedures'])} 项规程" in shown


def test_a_procedure_that_does_not_exist_is_answered_with_the_nearest(company: Terminal) -> None:
    indexed(company)

    found = company.run("procedures", "kyes", code=1)

    assert "Did you mean “keys”?" in found.stderr


def test_with_a_faulty_index_nothing_is_published_and_what_runs_stays(company: Terminal) -> None:
    indexed(company)
    written(company, CLAIMING)
    company.run("publish")
    indexed(company, INDEX.replace("records", "recrods"))
    written(company, CLAIMING.replace("version: 1", "version: 2"))

    found = company.run("publish", code=1)

    assert "keys.yaml:7:5: error[unknown-key]" in found.stdout
    assert company.run("procedures", code=1).stdout.startswith("workflows/")
    assert "version: 1" in company.run("render", "key-loan").stdout
