"""A parent and the children that it opens are recorded in one unit, in any order; each is read back with what it knows of the other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.core.case import Parent, Signature, Signing
from engine.core.effect import CancelChild, OpenIncident, WakeParent
from engine.core.event import Signed, Voided
from engine.core.evolve import replay
from engine.errors import Conflict
from engine.label import Label
from engine.store.database import Database
from engine.store.errands import waiting
from engine.store.history import Entrance, entrances, entries
from engine.store.incidents import incidents
from engine.store.schema import cases, history
from engine.store.unit_of_work import UnitOfWork
from engine.store.verification import verify
from tests.store.story import (
    DIGEST,
    START,
    accepted,
    advance,
    child_ended,
    commented,
    end_child,
    moved,
    open_case,
    open_family,
    opened,
    opened_by,
    parting,
    present,
    read,
    recording,
    undone,
)


def test_a_family_is_read_back_as_it_was_decided(database: Database) -> None:
    parent = open_family(database, "R-1", "P-1", "P-2")
    assert [child.number for child in parent.case.children["parts"]] == ["P-1", "P-2"]
    assert read(database, "R-1") == parent
    child = read(database, "P-2").case
    assert (child.parent, child.children) == (Parent("id-R-1", "R-1", "parts"), {})
    end_child(database, "P-1")
    told = advance(database, "R-1", child_ended("P-1"))
    assert [(each.outcome, each.returns) for each in told.case.children["parts"]] == [("success", child_ended("P-1").returns), (None, {})]
    assert read(database, "R-1") == told
    assert database.attempt(lambda unit: unit.case_by_id("id-R-1")) == told
    assert [verified.findings for verified in verify(database)] == [()] * 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_is_written_first_does_not_matter(database: Database, order: tuple[int, int]) -> None:
    """Both are new, and each asks something of the other."""
    ended = replace(opened_by("R-1", "P-1"), to="picked", outcome="success")
    opening = replace(opened("R-1"), children=parting("P-1").children)
    family = [accepted(None, opening, effects=(CancelChild("id-P-1", "drop"),)), accepted(None, ended, effects=(WakeParent(),))]

    def work(unit: UnitOfWork) -> None:
        for place in order:
            unit.record(None, family[place], recording())

    database.attempt(work)
    assert [read(database, number).case for number in ("R-1", "P-1")] == [each.case for each in family]
    with database.read() as reader:
        asked = [(each.source_number, each.kind, each.target_number) for each in waiting(reader.connection, limit=9)]
    assert sorted(asked) == [("P-1", "wake", "R-1"), ("R-1", "cancel", "P-1")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_lost_the_race_for_the_parent_has_opened_no_child(database: Database, order: tuple[int, int]) -> None:
    old = open_case(database, "R-1")
    newer = advance(database, "R-1", commented("…"))
    incident = OpenIncident("step_refused", "drop", Label("未能取消", "not cancelled"))
    parent = accepted(old, parting("P-1"), effects=(CancelChild("id-P-1", "drop"), incident))

    def work(unit: UnitOfWork) -> None:
        for place in order:
            if place == 0:
                unit.record(old, parent, recording())
            else:
                unit.record(None, accepted(None, opened_by("R-1", "P-1")), recording())

    with pytest.raises(Conflict, match="R-1"):
        database.attempt(work)
    assert read(database, "R-1") == newer
    with database.read() as reader:
        assert reader.case("P-1") is None
        assert (waiting(reader.connection, limit=9), incidents(reader, limit=9)) == ([], [])


def test_a_family_is_decided_again_on_what_is_there(database: Database) -> None:
    open_case(database, "R-1")
    tried: list[int] = []

    def overtaken(unit: UnitOfWork) -> None:
        before = present(unit, "R-1")
        number = unit.next_number("P-")
        if not tried and database.dialect == "postgresql":  # SQLite keeps everyone else out meanwhile
            advance(database, "R-1", commented("…"))
        tried.append(number)
        unit.record(before, accepted(before, parting(f"P-{number}"), effects=(CancelChild(f"id-P-{number}", "drop"),)), recording())
        unit.record(None, accepted(None, opened_by("R-1", f"P-{number}")), recording())

    database.attempt(overtaken)
    assert tried in ([1], [1, 1])  # the number that was taken in vain is free again
    assert [child.number for child in read(database, "R-1").case.children["parts"]] == ["P-1"]


def test_steps_that_wait_for_signatures_are_read_back(database: Database) -> None:
    open_case(database, "R-1")
    signed = Signed(START + timedelta(hours=1), "u02", "u01", "同意", "approve", ("manager",), {"price": None, "fault": "进水"})
    again = Signed(START + timedelta(hours=2), "u03", None, None, "approve", ("owner", "manager"))
    first, second = Signature("u02", "u01", signed.at, ("manager",)), Signature("u03", None, again.at, ("owner", "manager"))
    record = advance(database, "R-1", signed, again)
    assert record.case.signing == {"approve": Signing({"price": None, "fault": "进水"}, "同意", (first, second))}
    assert read(database, "R-1") == record
    record = advance(database, "R-1", Voided(again.at, "u02", "u01", "approve", ("u02",), "withdrawn"))
    assert record.case.signing["approve"].signatures == (second,)
    assert read(database, "R-1") == record


def test_a_step_that_was_undone_stays_so_whatever_is_written_later(database: Database) -> None:
    before = open_case(database, "R-1")
    step = moved("diagnosed", {"mobile": "12800000002", "price": None})
    advance(database, "R-1", step)
    record = advance(database, "R-1", undone(before.case, step))
    assert [done.undone for done in record.case.performed] == [False, True]
    assert (record.case.data, record.case.state) == (before.case.data, "received")
    assert read(database, "R-1") == record
    record = advance(database, "R-1", moved("repaired", at=START + timedelta(hours=6)))
    assert [done.undone for done in read(database, "R-1").case.performed] == [False, True, False]
    with database.read() as reader:
        told = entries(reader, "R-1")
        assert replay(entry.event for entry in told) == record.case
        assert list(entrances(reader)) == [
            Entrance("id-R-1", "repair", DIGEST, START, "received", ended=False),
            Entrance("id-R-1", "repair", DIGEST, START + timedelta(hours=6), "repaired", ended=False),
        ]
    assert [verified.findings for verified in verify(database)] == [()]


def test_a_case_without_a_family_is_stored_as_before(database: Database) -> None:
    open_case(database, "R-1")
    advance(database, "R-1", moved("diagnosed"))
    with database.read() as reader:
        document = reader.connection.execute(select(cases.c.document)).scalar_one()
    assert set(json.loads(document)) == {"data", "performed"}
    assert [len(done) for done in json.loads(document)["performed"]] == [4, 4]


def test_personal_values_that_an_undoing_restores_are_kept_apart(database: Database) -> None:
    before = open_case(database, "R-1")
    step = moved("diagnosed", {"mobile": "12800000002"})
    advance(database, "R-1", step)
    advance(database, "R-1", undone(before.case, step))
    with database.read() as reader:
        body = reader.connection.execute(select(history.c.body).where(history.c.seq == 3)).scalar_one()
    assert json.loads(body)["changes"] == {}
    assert set(json.loads(body)["personal"]) == {"mobile"}
    assert "12800000001" not in body
    assert read(database, "R-1").case.data["mobile"] == "12800000001"
