"""What a case asks of another waits until a decision deals with it, and what is asked anew meanwhile waits still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.core.effect import CancelChild, WakeParent
from engine.errors import Unavailable
from engine.label import Label
from engine.store.database import Database
from engine.store.errands import Backlog, Errand, backlog, of_source, waiting
from engine.store.failure import Raced
from engine.store.incidents import incidents
from engine.store.unit_of_work import UnitOfWork
from tests.store.story import (
    START,
    accepted,
    advance,
    child_ended,
    end_child,
    end_parent,
    moved,
    open_family,
    present,
    read,
    recording,
)


def errands(database: Database) -> list[Errand]:
    with database.read() as reader:
        return waiting(reader.connection, limit=10)


@pytest.fixture
def family(database: Database) -> Database:
    """A case with two children, of which the first has ended."""
    open_family(database, "R-1", "P-1", "P-2")
    end_child(database, "P-1")
    return database


def test_the_end_of_a_child_asks_its_parent_to_look(family: Database) -> None:
    asked = Errand("id-R-1", "id-P-1", "wake", None, START + timedelta(hours=4), 2, "R-1", "P-1")
    assert errands(family) == [asked]
    with family.read() as reader:
        assert backlog(reader.connection, asked.recorded_at) == Backlog(0, None)
        assert backlog(reader.connection, asked.recorded_at + timedelta(seconds=1)) == Backlog(1, asked.recorded_at)
        assert of_source(reader.connection, "id-P-1") == [asked]
        assert of_source(reader.connection, "id-R-1") == []


def test_the_end_of_a_parent_asks_for_the_step_that_cancels(family: Database) -> None:
    end_parent(family, "R-1", "P-2")
    asked = errands(family)
    assert [(each.kind, each.source_number, each.target_number, each.step) for each in asked] == [
        ("wake", "P-1", "R-1", None),
        ("cancel", "R-1", "P-2", "drop"),
    ]
    with family.read() as reader:
        assert waiting(reader.connection, limit=1) == asked[:1]
        assert waiting(reader.connection, limit=9, after=asked[0]) == asked[1:]


def test_the_decision_that_deals_with_an_errand_takes_it_away(family: Database) -> None:
    (asked,) = errands(family)
    assert family.attempt(lambda unit: unit.errand_waits(asked.key))
    advance(family, "R-1", child_ended("P-1"), errands_done=(asked.key,))
    assert errands(family) == []
    assert not family.attempt(lambda unit: unit.errand_waits(asked.key))


def test_what_is_asked_anew_meanwhile_waits_still(family: Database) -> None:
    (asked,) = errands(family)
    advance(family, "P-1", moved("received", at=START + timedelta(hours=5)), effects=(WakeParent(),))
    with pytest.raises(Raced):
        advance(family, "R-1", child_ended("P-1"), errands_done=(asked.key,))
    (anew,) = errands(family)
    assert read(family, "R-1").case.children["parts"][0].outcome is None
    assert (anew.seq, anew.recorded_at) == (3, START + timedelta(hours=5))
    family.attempt(lambda unit: unit.drop_errand(asked.key))
    assert errands(family) == [anew]


def test_an_errand_that_needs_no_decision_is_dropped_with_what_is_said_of_it(family: Database) -> None:
    (asked,) = errands(family)

    def refuse(unit: UnitOfWork) -> None:
        unit.open_incident("id-R-1", "step_refused", "drop", Label("被拒绝", "refused"), START)
        unit.drop_errand(asked.key)

    def fail(unit: UnitOfWork) -> None:
        refuse(unit)
        raise ValueError("…")

    with pytest.raises(ValueError, match="…"):
        family.attempt(fail)
    assert errands(family) == [asked]
    family.attempt(refuse)
    assert errands(family) == []
    with family.read() as reader:
        assert [(each.number, each.count) for each in incidents(reader, limit=9)] == [("R-1", 1)]


def test_nothing_is_asked_of_a_case_that_does_not_exist(family: Database) -> None:
    before = read(family, "R-1")
    with pytest.raises(Unavailable, match=r"errands|FOREIGN KEY"):
        end_parent(family, "R-1", "P-9")
    assert read(family, "R-1") == before
    assert len(errands(family)) == 1


def test_errands_of_both_directions_are_dealt_with_at_once(family: Database) -> None:
    """A unit that wakes a parent may ask its child for something in the same decision."""
    (asked,) = errands(family)

    def wake(unit: UnitOfWork) -> None:
        before = present(unit, "R-1")
        effects = (CancelChild("id-P-2", "drop"),)
        unit.record(before, accepted(before, child_ended("P-1"), effects=effects), recording(errands_done=(asked.key,)))

    family.attempt(wake)
    assert [(each.kind, each.target_number) for each in errands(family)] == [("cancel", "P-2")]
