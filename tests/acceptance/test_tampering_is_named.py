"""Whoever changes the database file past the program is found out: `verify` names case, entry and kind (reliability bar 38)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.app import Application
from engine.core.command import Comment, Fire
from engine.errors import Damaged
from engine.store.verification import verify
from roles.scope import Identity
from tests.runtime.company import Company, caller, found, granted, open_company, settings

Found = set[tuple[str, int | None, str]]


def tell(company: Company) -> None:
    """Three cases with four entries each."""
    for turn in range(3):
        number = company.opened(imei=f"00101800000000{turn}")
        granted(company.fire(number, "take", "rui"))
        granted(company.comment(number, "cai"))
        granted(company.fire(number, "finish", "rui", work="更换电池", fee="120"))


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """The file of a database with three cases."""
    path = tmp_path / "aftercare.db"
    found(f"sqlite:///{path}")
    with open_company(f"sqlite:///{path}") as company:
        tell(company)
        assert company.prove() == 3
    return path


def tamper(path: Path, *statements: str) -> None:
    """Change the file with nothing but the database's own library; `{2}` stands for the id of the second case."""
    with closing(sqlite3.connect(path)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM cases ORDER BY number")]
        for statement in statements:
            assert connection.execute(statement.format("", *ids)).rowcount > 0


def findings(path: Path) -> Found:
    """What is found wrong, by case, entry and kind."""
    with Application.open(settings(f"sqlite:///{path}")) as app:
        return {(finding.case, finding.seq, finding.kind) for verified in verify(app.database) for finding in verified.findings}


CHANGES: dict[str, tuple[list[str], Found]] = {
    "an actor": (["UPDATE history SET actor = 'ren' WHERE case_id = '{2}' AND seq = 2"], {("DR26-0002", 2, "edited")}),
    "an amount": (
        ["UPDATE history SET body = replace(body, '120', '12') WHERE case_id = '{3}' AND seq = 4"],
        {("DR26-0003", 4, "edited")},
    ),
    "a time": (["UPDATE history SET at = '2026-09-28T02:00:00.000000Z' WHERE case_id = '{1}' AND seq = 1"], {("DR26-0001", 1, "edited")}),
    "a name": (
        ["UPDATE personal SET value = '\"测试客户乙\"' WHERE case_id = '{1}' AND field = 'customer'"],
        {("DR26-0001", 1, "personal")},
    ),
    "a comment": (["UPDATE personal SET value = '\"…\"' WHERE case_id = '{1}' AND seq = 3"], {("DR26-0001", 3, "personal")}),
    "an entry removed": (["DELETE FROM history WHERE case_id = '{2}' AND seq = 2"], {("DR26-0002", 2, "removed")}),
    "two entries swapped": (
        [
            "UPDATE history SET seq = 9 WHERE case_id = '{2}' AND seq = 2",
            "UPDATE history SET seq = 2 WHERE case_id = '{2}' AND seq = 4",
            "UPDATE history SET seq = 4 WHERE case_id = '{2}' AND seq = 9",
        ],
        {("DR26-0002", 2, "swapped"), ("DR26-0002", 3, "edited"), ("DR26-0002", 4, "swapped")},
    ),
    "the tail cut off": (["DELETE FROM history WHERE case_id = '{3}' AND seq >= 4"], {("DR26-0003", 4, "cut_off")}),
    "a state": (["UPDATE cases SET state = 'closed', outcome = 'success' WHERE id = '{1}'"], {("DR26-0001", None, "forged")}),
    "a document": (["UPDATE cases SET document = 'broken' WHERE id = '{1}'"], {("DR26-0001", None, "forged")}),
}


def test_each_change_is_named(told: Path, tmp_path: Path) -> None:
    assert findings(told) == set()
    for name, (statements, expected) in CHANGES.items():
        copy = tmp_path / "changed.db"
        copy.write_bytes(told.read_bytes())
        tamper(copy, *statements)
        assert findings(copy) == expected, name


def test_changes_in_several_cases_are_all_named(told: Path) -> None:
    tamper(told, *CHANGES["an actor"][0], *CHANGES["the tail cut off"][0], *CHANGES["a name"][0])
    assert findings(told) == CHANGES["an actor"][1] | CHANGES["the tail cut off"][1] | CHANGES["a name"][1]


DOCUMENTS = ("broken", "[]", '{{"data": "x", "performed": []}}', '{{"data": {{"fee": "1/2"}}, "performed": [[]]}}')


def test_documents_that_make_no_sense_are_found_too(told: Path) -> None:
    for document in DOCUMENTS:
        tamper(told, f"UPDATE cases SET document = '{document}' WHERE id = '{{1}}'")
        assert findings(told) == {("DR26-0001", None, "forged")}, document


def test_a_case_that_cannot_be_read_is_said_to_be_damaged_and_the_others_go_on(told: Path) -> None:
    wishes: list[Callable[[Application], object]] = [
        lambda app: app.cases.handle("DR26-0001", Fire("pass"), caller("ren")),
        lambda app: app.cases.handle("DR26-0001", Comment("…"), caller("ren")),
        lambda app: app.cases.options("DR26-0001", Identity("ren")),
        lambda app: app.views.case("DR26-0001"),
    ]
    with Application.open(settings(f"sqlite:///{told}")) as app:
        for document in DOCUMENTS:
            tamper(told, f"UPDATE cases SET document = '{document}' WHERE id = '{{1}}'")
            for wish in wishes:
                with pytest.raises(Damaged, match="DR26-0001 is damaged"):
                    wish(app)
        tamper(told, "UPDATE history SET body = '[]' WHERE case_id = '{3}' AND seq = 2")
        with pytest.raises(Damaged, match="DR26-0003 is damaged"):
            app.views.history("DR26-0003")
        granted(app.cases.handle("DR26-0002", Fire("pass"), caller("ren")))
