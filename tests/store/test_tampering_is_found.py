"""`verify` names case, entry and kind of whatever was changed past the program (DESIGN law 14, reliability bar 38)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, delete, text, update
from sqlalchemy.pool import NullPool

from engine.store.database import Database
from engine.store.schema import cases, history, personal
from engine.store.verification import Finding, verify, verify_case
from tests.store.story import advance, commented, corrected, moved, open_case

OF_R1 = history.c.case_id == "id-R-1"
VALUES_OF_R1 = personal.c.case_id == "id-R-1"
ROW_OF_R1 = cases.c.id == "id-R-1"


@pytest.fixture
def stored(database: Database) -> Database:
    """Two cases with five entries each."""
    for number in ("R-1", "R-2"):
        open_case(database, number)
        advance(database, number, moved("diagnosed"))
        advance(database, number, commented("客户催促"))
        advance(database, number, corrected({"mobile": "12800000002"}))
        advance(database, number, moved("repaired"))
    return database


@contextmanager
def tampering(url: str) -> Iterator[Connection]:
    """Direct access past the program and its constraints, as an attacker has."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        yield connection


def findings(database: Database) -> list[Finding]:
    return [finding for verified in verify(database) for finding in verified.findings]


def swap(connection: Connection, first: int, second: int) -> None:
    for source, target in ((first, 99), (second, first), (99, second)):
        connection.execute(update(history).where(OF_R1, history.c.seq == source).values(seq=target))


def test_an_untouched_database_has_no_findings(stored: Database) -> None:
    told = list(verify(stored))
    assert [(each.case, each.entries, each.findings) for each in told] == [("R-1", 5, ()), ("R-2", 5, ())]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: c.execute(update(history).where(OF_R1, history.c.seq == 2).values(actor="u09")), (2, "edited")),
        (lambda c: c.execute(update(history).where(OF_R1, history.c.seq == 2).values(at="2026-11-25T09:30:00.000000Z")), (2, "edited")),
        (lambda c: c.execute(update(history).where(OF_R1, history.c.seq == 5).values(body=history.c.body.concat(" "))), (5, "edited")),
        (lambda c: c.execute(update(history).where(OF_R1, history.c.seq == 2).values(hash="0" * 64)), (2, "edited")),
        (lambda c: c.execute(update(history).where(OF_R1, history.c.seq == 1).values(body="{broken")), (1, "edited")),
        (lambda c: c.execute(delete(history).where(OF_R1, history.c.seq == 2)), (2, "removed")),
        (lambda c: c.execute(delete(history).where(OF_R1, history.c.seq == 5)), (5, "cut_off")),
        (lambda c: swap(c, 2, 5), (2, "swapped")),
        (lambda c: c.execute(update(cases).where(ROW_OF_R1).values(state="received")), (None, "forged")),
        (lambda c: c.execute(update(cases).where(ROW_OF_R1).values(head="0" * 64)), (None, "forged")),
        (lambda c: c.execute(update(cases).where(ROW_OF_R1).values(seq=4)), (5, "added")),
        (lambda c: c.execute(update(cases).where(ROW_OF_R1).values(seq=6)), (6, "cut_off")),
        (lambda c: c.execute(update(cases).where(ROW_OF_R1).values(document="{broken")), (None, "forged")),
        (lambda c: c.execute(update(personal).where(VALUES_OF_R1, personal.c.seq == 4).values(value='"1"')), (4, "personal")),
        (lambda c: c.execute(delete(personal).where(VALUES_OF_R1, personal.c.seq == 3)), (3, "personal")),
        (lambda c: c.execute(update(personal).where(VALUES_OF_R1, personal.c.seq == 4).values(field="fault")), (4, "personal")),
    ],
)  # fmt: skip
def test_a_change_is_named_by_case_entry_and_kind(
    stored: Database, database_url: str, change: Callable[[Connection], object], expected: tuple[int | None, str]
) -> None:
    with tampering(database_url) as connection:
        change(connection)
    found = findings(stored)
    assert expected in [(finding.seq, finding.kind) for finding in found]
    assert {finding.case for finding in found} == {"R-1"}
    assert all("None" not in finding.sentence.en + finding.sentence.zh for finding in found)


def test_a_case_without_its_row_leaves_orphans(stored: Database, database_url: str) -> None:
    with tampering(database_url) as connection:
        connection.execute(delete(cases).where(ROW_OF_R1))
    assert ("id-R-1", 1, "orphan") in [(finding.case, finding.seq, finding.kind) for finding in findings(stored)]


def test_verification_goes_on_where_it_stopped(stored: Database) -> None:
    assert [each.case for each in verify(stored, after="id-R-1")] == ["R-2"]


def test_one_case_can_be_verified_alone(stored: Database) -> None:
    with stored.read() as reader:
        verified = verify_case(reader, "R-2")
        assert verified is not None
        assert (verified.entries, verified.findings) == (5, ())
        assert verify_case(reader, "R-0") is None


def test_an_erased_personal_value_is_no_tampering(stored: Database) -> None:
    with stored.write() as connection:
        connection.execute(update(personal).values(value=None))
    assert findings(stored) == []
