"""History tells what happened, by whom and through which door; personal values stand in it until they are erased."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from engine.core.event import Assigned, Commented, Event, Signed, Voided
from engine.core.evolve import replay
from engine.store.database import Database
from engine.store.history import Entrance, entrances, entries
from engine.store.schema import personal
from tests.store.story import (
    DATA,
    DIGEST,
    START,
    advance,
    child_ended,
    commented,
    corrected,
    moved,
    open_case,
    opened,
    parting,
    read,
    undone,
)

EVENTS: list[Event] = [
    moved("diagnosed", {"price": None, "mobile": "12800000002"}),
    corrected({"customer": "测试客户乙"}),
    commented("客户催促"),
    moved("returned", outcome="success"),
]


def test_events_come_back_as_they_were_decided_and_make_the_case(database: Database) -> None:
    open_case(database, "R-1")
    for event in EVENTS:
        advance(database, "R-1", event)
    with database.read() as reader:
        told = entries(reader, "R-1")
    assert [entry.event for entry in told] == [opened("R-1"), *EVENTS]
    assert replay(entry.event for entry in told) == read(database, "R-1").case


def test_an_entry_tells_its_provenance(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"))
    with database.read() as reader:
        entry = entries(reader, "R-1")[1]
    assert (entry.seq, entry.kind, entry.door, entry.principal, entry.actor, entry.on_behalf_of) == (
        2,
        "moved",
        "cli",
        "os:tester",
        "u02",
        "u01",
    )
    assert (entry.digest, entry.at) == (DIGEST, START + timedelta(hours=1))


def test_an_unknown_number_has_no_history(database: Database) -> None:
    with database.read() as reader:
        assert entries(reader, "R-0") == []


def test_erased_values_read_as_empty_and_are_named(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", commented("客户催促"))
    with database.write() as connection:
        connection.execute(update(personal).values(value=None))
    with database.read() as reader:
        first, second = entries(reader, "R-1")
    assert first.erased == {"customer", "mobile"}
    assert isinstance(second.event, Commented)
    assert second.event.text is None
    kept = read(database, "R-1").case
    assert set(DATA) - set(kept.data) == {"customer", "mobile"}
    assert replay([first.event, second.event]) == kept


def test_entrances_tell_when_each_state_began(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"))
    advance(database, "R-1", commented("…"))
    advance(database, "R-1", moved("returned", at=START + timedelta(days=2), outcome="success"))
    with database.read() as reader:
        told = list(entrances(reader, "repair"))
        assert list(entrances(reader, "other")) == []
    assert told == [
        Entrance("id-R-1", "repair", DIGEST, START, "received", ended=False),
        Entrance("id-R-1", "repair", DIGEST, START + timedelta(hours=1), "diagnosed", ended=False),
        Entrance("id-R-1", "repair", DIGEST, START + timedelta(days=2), "returned", ended=True),
    ]


ODD: list[Event] = [
    Assigned(START + timedelta(hours=1), "u01", None, "请假", None),
    Assigned(START + timedelta(hours=1), "u02", None, None, "u02"),
    Signed(START + timedelta(hours=1), "u02", "u01", "同意", "approve", ("manager",), {"fault": "进水"}),
    Signed(START + timedelta(hours=1), "u03", None, None, "approve", ("manager",)),
    Voided(START + timedelta(hours=1), "u03", None, "approve", ("u03",), "withdrawn"),
    parting("P-1", at=START + timedelta(hours=2)),
    child_ended("P-1"),
]


def test_a_reason_is_told_by_every_event_that_has_one_and_by_no_other(database: Database) -> None:
    before = open_case(database, "R-1")
    for event in ODD:
        before = advance(database, "R-1", event)
    step = moved("diagnosed", {"mobile": None}, at=START + timedelta(hours=5))
    advance(database, "R-1", step)
    compensation = undone(before.case, step)
    advance(database, "R-1", compensation)
    with database.read() as reader:
        told = entries(reader, "R-1")
    assert [entry.event for entry in told[1:]] == [*ODD, step, compensation]
    assert [entry.reason for entry in told if entry.reason is not None] == ["请假", "同意", "点错了"]
    assert {entry.kind for entry in told} >= {"assigned", "signed", "voided", "child_changed", "undone"}
