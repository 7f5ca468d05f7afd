"""`verify` names case, entry and kind of whatever was changed past the program (DESIGN law 14, reliability bar 38)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, Connection, Table, and_, create_engine, delete, insert, or_, text, update
from sqlalchemy.pool import NullPool

from engine.core.case import Case
from engine.core.effect import ArmTimer, OpenIncident
from engine.core.event import Signed
from engine.core.kind import Attachment, Row
from engine.label import Label
from engine.store.database import Database
from engine.store.files import put
from engine.store.schema import cases, errands, files, firings, history, personal, timers
from engine.store.verification import Finding, verify
from tests.store.story import (
    START,
    accepted,
    advance,
    armed,
    commented,
    corrected,
    end_child,
    moved,
    open_case,
    open_family,
    open_with_clocks,
    opened_by,
    parting,
    recording,
    rung,
)

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


def made(case: Case) -> list[ArmTimer]:
    """The timers that a case makes: those of the story, for each of its clocks."""
    return [armed(clock) for clock in case.clocks]


def timed(database: Database, number: str) -> None:
    """A case with two clocks, of which one has fired a rung at entry 2 and another at entry 3."""
    open_with_clocks(database, number, armed("repair"), armed("answer"))
    advance(database, number, rung())
    advance(database, number, rung("due", at=timedelta(days=2)))


def add_timer(connection: Connection, number: str) -> None:
    row = {"case_id": f"id-{number}", "clock": "x", "cycle": 1, "standing": "paused", "repetition": 0, "provisional": 0, "edition": 0}
    connection.execute(insert(timers).values(row))


def remove_timer(connection: Connection, number: str) -> None:
    connection.execute(delete(timers).where(of(timers, number), timers.c.clock == "answer"))


def remove_firing(connection: Connection, number: str) -> None:
    connection.execute(delete(firings).where(of(firings, number), firings.c.rung == "due"))


def move_firing(connection: Connection, number: str) -> None:
    connection.execute(update(firings).where(of(firings, number), firings.c.rung == "due").values(cycle=2))


TIMER_CHANGES: list[tuple[Change, set[tuple[int | None, str]]]] = [
    (edit(timers, None, due_at="2026-11-28T09:00:00.000000Z"), {(None, "timer")}),
    (edit(timers, None, edition=1), {(None, "timer")}),
    (add_timer, {(None, "timer")}),
    (remove_timer, {(None, "timer")}),
    (edit(firings, None, result="skipped"), {(2, "firing"), (3, "firing"), (None, "firing")}),
    (remove_firing, {(3, "firing")}),
    (move_firing, {(3, "firing"), (None, "firing")}),
    (edit(history, 3, body="{}"), {(3, "edited")}),
]


def test_timers_and_ledger_are_held_to_the_history(database: Database, story_url: str) -> None:
    for place in range(len(TIMER_CHANGES) + 1):
        timed(database, f"R-{place}")
    assert [finding for verified in verify(database, made) for finding in verified.findings] == []
    with tampering(story_url) as connection:
        for place, (change, _) in enumerate(TIMER_CHANGES):
            change(connection, f"R-{place}")
    found = [finding for verified in verify(database, made) for finding in verified.findings]
    told: dict[str, set[tuple[int | None, str]]] = {}
    for finding in found:
        told.setdefault(finding.case, set()).add((finding.seq, finding.kind))
    assert told == {f"R-{place}": expected for place, (_, expected) in enumerate(TIMER_CHANGES)}
    assert not any("None" in finding.sentence.en + finding.sentence.zh for finding in found)
    assert "timer" not in {finding.kind for finding in findings(database)}  # nobody told what the timers should be


def test_timers_of_clocks_that_the_definition_does_not_know_are_found(database: Database) -> None:
    timed(database, "R-1")

    def unknown(case: Case) -> list[ArmTimer]:
        raise KeyError(next(iter(case.clocks)))

    assert [finding.kind for verified in verify(database, unknown) for finding in verified.findings] == ["timer"]


def test_a_case_without_its_row_leaves_orphans(stored: Database, story_url: str) -> None:
    with tampering(story_url) as connection:
        connection.execute(delete(cases).where(of(cases, "R-1")))
    assert ("id-R-1", 1, "orphan") in [(finding.case, finding.seq, finding.kind) for finding in findings(stored)]


def test_timers_and_ledger_without_a_case_are_orphans(database: Database, story_url: str) -> None:
    timed(database, "R-1")
    with tampering(story_url) as connection:
        for table in (cases, history, personal):
            connection.execute(delete(table).where(of(table, "R-1")))
    assert [(finding.case, finding.seq, finding.kind) for finding in findings(database)] == [("id-R-1", None, "orphan")] * 2


def test_errands_and_incidents_without_a_case_are_orphans(database: Database, story_url: str) -> None:
    open_family(database, "R-1", "P-1")
    end_child(database, "P-1")
    advance(database, "R-1", commented("…"), effects=(OpenIncident("step_refused", "drop", Label("…", "…")),))
    assert findings(database) == []
    with tampering(story_url) as connection:
        for number in ("R-1", "P-1"):
            for table in (cases, history, personal):
                connection.execute(delete(table).where(of(table, number)))
    found = [(finding.case, finding.seq, finding.kind) for finding in findings(database)]
    assert sorted(found) == [("id-P-1", None, "orphan"), *[("id-R-1", None, "orphan")] * 2]


def forget(connection: Connection, number: str) -> None:
    """A case and everything of it is gone."""
    for table in (errands, personal, history, cases):
        chosen = or_(table.c.target_id == f"id-{number}", table.c.source_id == f"id-{number}") if table is errands else of(table, number)
        connection.execute(delete(table).where(chosen))


def test_a_family_that_does_not_know_each_other_is_found(database: Database, story_url: str) -> None:
    open_family(database, "R-1", "P-1", "P-2")
    open_family(database, "R-2", "P-3")
    open_case(database, "R-3")
    database.attempt(lambda unit: unit.record(None, accepted(None, opened_by("R-3", "P-4")), recording()))  # nobody's child
    stolen = replace(parting("P-3"), at=START + timedelta(hours=2))
    advance(database, "R-1", stolen)  # names a child of another
    with tampering(story_url) as connection:
        forget(connection, "P-2")
        forget(connection, "R-2")
    found = {(finding.case, finding.kind) for finding in findings(database)}
    assert found == {("R-1", "family"), ("P-3", "family"), ("P-4", "family")}


def test_a_file_that_is_missing_or_changed_is_found_with_the_case_that_holds_it(database: Database) -> None:
    contents = [b"first", b"second", b"third", b"fourth"]
    with database.write() as connection:
        ids = [put(connection, content, "image/png", START) for content in contents]
    photos = [Attachment(id, "前.png", 5, "image/png") for id in ids]
    open_case(database, "R-1", {"photos": (photos[0],)})
    open_case(database, "R-2", {"photos": (photos[0], photos[1])})
    open_case(database, "R-3", {"lines": (Row("1", {"part": "屏幕"}), Row("2", {"photo": photos[2]}))})
    open_case(database, "R-4", {})
    form = {"photos": (photos[3],)}
    advance(database, "R-4", Signed(START, "u01", None, None, "approve", ("manager",), form))
    assert findings(database) == []
    with database.write() as connection:
        connection.execute(update(files).where(files.c.id == ids[1]).values(content=b"changed"))
        connection.execute(delete(files).where(files.c.id.in_([ids[2], ids[3]])))
    found = findings(database)
    assert [(finding.case, finding.kind) for finding in found] == [("R-2", "file"), ("R-3", "file"), ("R-4", "file")]
    assert not any("None" in finding.sentence.en + finding.sentence.zh for finding in found)


def test_an_erased_personal_value_is_no_tampering(stored: Database) -> None:
    with stored.write() as connection:
        connection.execute(update(personal).values(value=None))
    assert findings(stored) == []
