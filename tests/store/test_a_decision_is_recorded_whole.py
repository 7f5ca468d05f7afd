"""What a unit of work records is there afterwards, entirely; what it does not record leaves nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.core.kind import Value
from engine.store.database import Database
from engine.store.record import Record
from engine.store.schema import cases, counters, history, personal
from engine.store.unit_of_work import UnitOfWork
from tests.store.story import DATA, accepted, advance, commented, corrected, moved, open_case, opened, present, read, recording


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as reader:
        return {
            table.name: [tuple(row) for row in reader.connection.execute(select(table))] for table in (cases, history, personal, counters)
        }


def test_an_opened_case_is_read_back_as_it_was_decided(database: Database) -> None:
    record = open_case(database, "R-1")
    assert read(database, "R-1") == record
    assert record.case.data == DATA


def test_a_moved_case_is_read_back_as_it_was_decided(database: Database) -> None:
    open_case(database, "R-1")
    record = advance(database, "R-1", moved("diagnosed", {"fault": None, "mobile": "12800000002"}), commented("客户很着急"))
    assert read(database, "R-1") == record
    assert (record.case.seq, record.case.revision) == (3, 2)
    assert record.case.data["mobile"] == "12800000002"


def test_an_emptied_personal_field_stays_empty(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", corrected({"mobile": None}))
    assert "mobile" not in read(database, "R-1").case.data


def test_a_refused_wish_leaves_every_table_untouched(database: Database) -> None:
    open_case(database, "R-1")
    before = rows(database)

    def refuse(unit: UnitOfWork) -> int:
        present(unit, "R-1")
        return unit.next_number("R-2026")

    assert database.attempt(refuse) == 1
    assert rows(database) == before


def test_a_unit_that_fails_after_recording_leaves_every_table_untouched(database: Database) -> None:
    open_case(database, "R-1")
    before = rows(database)

    def fail(unit: UnitOfWork) -> None:
        unit.record(None, accepted(None, opened(f"S-{unit.next_number('S')}")), recording())
        unit.record(present(unit, "R-1"), accepted(present(unit, "R-1"), moved("diagnosed")), recording())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.attempt(fail)
    assert rows(database) == before


def test_two_recordings_of_one_unit_are_written_together(database: Database) -> None:
    def both(unit: UnitOfWork) -> tuple[Record, Record]:
        first = unit.record(None, accepted(None, opened("R-1")), recording())
        return first, unit.record(first, accepted(first, moved("diagnosed")), recording())

    _, second = database.attempt(both)
    assert read(database, "R-1") == second


def test_running_numbers_have_no_gap(database: Database) -> None:
    def start(unit: UnitOfWork) -> int:
        number = unit.next_number("R-2026")
        unit.record(None, accepted(None, opened(f"R-2026-{number}")), recording())
        return number

    assert [database.attempt(start) for _ in range(3)] == [1, 2, 3]


def test_personal_values_lie_only_in_their_own_table(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", corrected({"mobile": "12800000002", "fault": "主板进水"}), commented("请打 12800000003"))
    stored = rows(database)
    told = repr([stored["cases"], stored["history"]])
    assert "主板进水" in told
    assert not any(secret in told for secret in ("测试客户甲", "12800000001", "12800000002", "12800000003"))
    assert "12800000003" in repr(stored["personal"])


@pytest.mark.parametrize("text", ["", '引号"与\\反斜线', "换行\n制表\t", "𠮷野家🙂", "'; DROP TABLE cases; --", "%s ? :a {b}", "\x00末尾"])
def test_any_text_survives(database: Database, text: str) -> None:
    data: dict[str, Value] = {"fault": text, "customer": text}
    record = open_case(database, "R-1", data)
    advance(database, "R-1", commented(text))
    assert read(database, "R-1").case.data == record.case.data == data


def test_a_decision_that_does_not_follow_is_not_written(database: Database) -> None:
    record = open_case(database, "R-1")
    ahead = accepted(record, moved("diagnosed"), moved("repaired"))
    with pytest.raises(ValueError, match="do not follow"):
        database.attempt(lambda unit: unit.record(record, type(ahead)(ahead.case, ahead.events[:1]), recording()))
    assert read(database, "R-1") == record


def test_a_unit_cannot_wait_for_itself(sqlite: Database) -> None:
    with pytest.raises(RuntimeError, match="already writing"):
        sqlite.attempt(lambda _: sqlite.attempt(lambda unit: unit.next_number("R")))
    assert sqlite.attempt(lambda unit: unit.next_number("R")) == 1
