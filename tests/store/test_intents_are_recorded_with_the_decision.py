"""Timers, rungs and intents to tell are written with the decision that made them, all of them or none (DESIGN laws 3, 4, 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Table, select

from engine.core.effect import CancelTimer
from engine.core.event import CalendarExtended, RungFired
from engine.errors import Conflict
from engine.store.database import Database
from engine.store.record import Record
from engine.store.schema import cases, firings, history, outbox, timers
from engine.store.unit_of_work import UnitOfWork
from tests.store.story import (
    START,
    accepted,
    advance,
    armed,
    commented,
    moved,
    notice,
    open_with_clocks,
    present,
    read,
    recording,
    rung,
)

DAY = timedelta(days=1)


def stored(database: Database, *tables: Table) -> list[dict[str, object]]:
    with database.read() as reader:
        return [dict(row._mapping) for table in tables for row in reader.connection.execute(select(table).order_by(*table.primary_key))]


def test_a_case_is_read_back_with_its_clocks_and_its_edition(database: Database) -> None:
    record = open_with_clocks(database, "R-1", armed("repair"), armed("answer"), edition=3)
    assert set(record.case.clocks) == {"repair", "answer"}
    assert read(database, "R-1") == record
    fired = rung()
    record = advance(database, "R-1", fired, CalendarExtended(fired.at, "system", None, 4))
    assert (record.case.clocks["repair"].fired, record.case.edition) == ({"50%": 1}, 4)
    assert read(database, "R-1") == record


def test_everything_that_was_decided_is_written(database: Database) -> None:
    open_with_clocks(database, "R-1", armed("repair"), armed("answer", fires=None))
    fired = replace(rung(late=timedelta(seconds=7)), result="merged", into="repair/due#1", why=("guard_unmet",))
    later = replace(armed("repair", fires=DAY * 2), rung="due", provisional=True)
    advance(database, "R-1", fired, effects=(notice(fired), later, notice(None, "owner", "assignee"), CancelTimer("answer")))
    assert stored(database, timers) == [
        {
            "case_id": "id-R-1",
            "clock": "repair",
            "cycle": 1,
            "standing": "running",
            "due_at": "2026-11-27T09:00:00.000000Z",
            "fires_at": "2026-11-27T09:00:00.000000Z",
            "rung": "due",
            "repetition": 1,
            "provisional": 1,
            "edition": 0,
        }
    ]
    assert stored(database, firings) == [
        {
            "case_id": "id-R-1",
            "clock": "repair",
            "cycle": 1,
            "rung": "50%",
            "repetition": 1,
            "due_at": "2026-11-26T09:00:00.000000Z",
            "fired_at": "2026-11-26T09:00:07.000000Z",
            "result": "merged",
            "into_rung": "repair/due#1",
            "why": '["guard_unmet"]',
        }
    ]
    first, second = stored(database, outbox)
    assert first == {
        "case_id": "id-R-1",
        "seq": 2,
        "place": 1,
        "status": "waiting",
        "recorded_at": "2026-11-26T09:00:07.000000Z",
        "not_before": "2026-11-26T09:00:07.000000Z",
        "tell": '[["role","worker"]]',
        "template": "overdue",
        "state": "received",
        "words": '{"device":["手机","phone"]}',
        "clock": "repair",
        "cycle": 1,
        "rung": "50%",
        "repetition": 1,
        "rung_at": "2026-11-26T09:00:00.000000Z",
        "due_at": "2026-11-26T09:00:00.000000Z",
        "note": None,
        "emitted": None,
    }
    assert (second["place"], second["tell"], second["clock"]) == (2, '[["role","owner"],["role","assignee"]]', None)


def test_of_several_effects_on_a_clock_the_last_stands(database: Database) -> None:
    open_with_clocks(database, "R-1", armed("repair"), armed("answer"))
    again = replace(armed("repair"), cycle=2)
    effects = (CancelTimer("repair"), armed("answer"), again, CancelTimer("answer"), CancelTimer("never"))
    advance(database, "R-1", moved("diagnosed"), effects=effects)
    assert [(row["clock"], row["cycle"]) for row in stored(database, timers)] == [("repair", 2)]


def test_timers_of_one_case_leave_those_of_another_alone(database: Database) -> None:
    open_with_clocks(database, "R-1", armed("repair"))
    open_with_clocks(database, "R-2", armed("repair"))
    advance(database, "R-1", moved("returned"), effects=(CancelTimer("repair"),))
    assert [row["case_id"] for row in stored(database, timers)] == ["id-R-2"]


def test_a_lost_race_writes_nothing(database: Database) -> None:
    old = open_with_clocks(database, "R-1", armed("repair"), armed("answer"))
    advance(database, "R-1", commented("客户催促"))
    before = stored(database, cases, history, timers, firings, outbox)
    decision = accepted(old, rung(), effects=(armed("repair", fires=None), CancelTimer("answer"), notice(rung())))
    with pytest.raises(Conflict, match="R-1"):
        database.attempt(lambda unit: unit.record(old, decision, recording()))
    assert stored(database, cases, history, timers, firings, outbox) == before


def test_a_unit_that_fails_after_recording_writes_nothing(database: Database) -> None:
    open_with_clocks(database, "R-1", armed("repair"))
    before = stored(database, cases, history, timers, firings, outbox)

    def fail(unit: UnitOfWork) -> None:
        record = present(unit, "R-1")
        unit.record(record, accepted(record, rung(), effects=(CancelTimer("repair"), notice(rung()))), recording())
        assert present(unit, "R-1").case.seq == 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.attempt(fail)
    assert stored(database, cases, history, timers, firings, outbox) == before


def test_one_occurrence_fires_once(database: Database) -> None:
    open_with_clocks(database, "R-1", armed("repair"))
    advance(database, "R-1", rung())
    before = stored(database, cases, history, timers, firings, outbox)

    def again(unit: UnitOfWork) -> Record:
        record = present(unit, "R-1")
        return unit.record(record, accepted(record, rung(), effects=(notice(rung()),)), recording())

    with pytest.raises(Conflict):
        database.attempt(again)
    assert stored(database, cases, history, timers, firings, outbox) == before
    advance(database, "R-1", RungFired(START + DAY * 3, "system", None, "repair", 1, "50%", 2, START + DAY * 3, "told"))
    assert [row["repetition"] for row in stored(database, firings)] == [1, 2]


def test_the_newest_edition_is_known_in_any_order(database: Database) -> None:
    open_with_clocks(database, "R-1")

    def look(unit: UnitOfWork) -> tuple[int, str, int]:
        first = unit.edition()
        present(unit, "R-1")
        return first, unit.staff_version(), unit.edition()

    def look_later(unit: UnitOfWork) -> tuple[str, int]:
        present(unit, "R-1")
        staff = unit.staff_version()
        return staff, unit.edition()

    first, staff, again = database.attempt(look)
    assert (first, again) == (0, 0)
    assert database.attempt(look_later) == (staff, 0)
