"""`verify` names case, entry and kind of whatever was changed past the program (DESIGN law 14, reliability bar 38)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import ColumnElement, Connection, Table, and_, create_engine, delete, text, update
from sqlalchemy.pool import NullPool

from engine.store.database import Database
from engine.store.schema import cases, history, personal
from engine.store.verification import Finding, verify
from tests.store.story import advance, commented, corrected, moved, open_case

Change = Callable[[Connection, str], object]
"""What an attacker does to the case with a number."""


def tell(database: Database, number: str) -> None:
    """A case with five entries."""
    open_case(database, number)
    advance(database, number, moved("diagnosed"))
    advance(database, number, commented("客户催促"))
    advance(database, number, corrected({"mobile": "12800000002"}))
    advance(database, number, moved("repaired"))


@pytest.fixture
def stored(database: Database) -> Database:
    """Two cases with five entries each."""
    for number in ("R-1", "R-2"):
        tell(database, number)
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


def test_an_untouched_database_has_no_findings(stored: Database) -> None:
    told = list(verify(stored))
    assert [(each.case, each.entries, each.findings) for each in told] == [("R-1", 5, ()), ("R-2", 5, ())]


def of(table: Table, number: str, seq: int | None = None) -> ColumnElement[bool]:
    """The rows of one case in a table, or those of one entry."""
    id = table.c.id if table is cases else table.c.case_id
    return and_(id == f"id-{number}", *([] if seq is None else [table.c.seq == seq]))


def edit(table: Table, entry: int | None, **values: object) -> Change:
    return lambda connection, number: connection.execute(update(table).where(of(table, number, entry)).values(values))


def remove(table: Table, seq: int) -> Change:
    return lambda connection, number: connection.execute(delete(table).where(of(table, number, seq)))


def swap(first: int, second: int) -> Change:
    def change(connection: Connection, number: str) -> None:
        for source, target in ((first, 99), (second, first), (99, second)):
            connection.execute(update(history).where(of(history, number, source)).values(seq=target))

    return change


CHANGES: list[tuple[Change, set[tuple[int | None, str]]]] = [
    (edit(history, 2, actor="u09"), {(2, "edited")}),
    (edit(history, 2, at="2026-11-25T09:30:00.000000Z"), {(2, "edited")}),
    (edit(history, 3, principal="os:other"), {(3, "edited")}),
    (edit(history, 4, reason=None), {(4, "edited")}),
    (edit(history, 5, body="{}"), {(5, "edited")}),
    (edit(history, 1, body="{broken"), {(1, "edited"), (1, "personal")}),
    (edit(history, 2, hash="0" * 64), {(2, "edited"), (3, "edited")}),
    (remove(history, 2), {(2, "removed")}),
    (remove(history, 5), {(5, "cut_off")}),
    (swap(2, 5), {(2, "swapped"), (3, "edited"), (5, "swapped")}),
    (edit(cases, None, state="received"), {(None, "forged")}),
    (edit(cases, None, head="0" * 64), {(None, "forged")}),
    (edit(cases, None, document="{broken"), {(None, "forged")}),
    (edit(cases, None, seq=4), {(5, "added")}),
    (edit(cases, None, seq=6), {(6, "cut_off")}),
    (edit(personal, 4, value='"12800000009"'), {(4, "personal")}),
    (edit(personal, 4, salt="not hexadecimal"), {(4, "personal")}),
    (edit(personal, 4, field="fault"), {(4, "personal")}),
    (remove(personal, 3), {(3, "personal")}),
]


def test_each_change_is_named_by_case_entry_and_kind(database: Database, story_url: str) -> None:
    for place in range(len(CHANGES) + 1):
        tell(database, f"R-{place}")
    with tampering(story_url) as connection:
        for place, (change, _) in enumerate(CHANGES):
            change(connection, f"R-{place}")
    found = findings(database)
    told: dict[str, set[tuple[int | None, str]]] = {}
    for finding in found:
        told.setdefault(finding.case, set()).add((finding.seq, finding.kind))
    assert told == {f"R-{place}": expected for place, (_, expected) in enumerate(CHANGES)}
    assert not any("None" in finding.sentence.en + finding.sentence.zh for finding in found)


def test_a_case_without_its_row_leaves_orphans(stored: Database, story_url: str) -> None:
    with tampering(story_url) as connection:
        connection.execute(delete(cases).where(of(cases, "R-1")))
    assert ("id-R-1", 1, "orphan") in [(finding.case, finding.seq, finding.kind) for finding in findings(stored)]


def test_an_erased_personal_value_is_no_tampering(stored: Database) -> None:
    with stored.write() as connection:
        connection.execute(update(personal).values(value=None))
    assert findings(stored) == []
