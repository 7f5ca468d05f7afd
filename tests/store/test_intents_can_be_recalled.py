"""What a step wanted to tell can be held back, and is told no more once the step is taken back; what anything else tells is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.effect import Emit, RecallNotices
from engine.core.event import Voided
from engine.store.database import Database
from engine.store.failure import Raced
from engine.store.intent import RECALLED
from engine.store.outbox import Emitted, Key, OutboxMessage, Status, Verdict, ahead, messages, settle, waiting
from roles.policy import Right
from tests.store.story import START, advance, armed, commented, moved, notice, open_with_clocks, rung, undone

WINDOW = timedelta(minutes=10)
STEP = moved("diagnosed")


@pytest.fixture
def told(database: Database) -> Database:
    """A case whose newest step, entry 3, wanted to tell two: one at once, and one after its window; a rung tells of it later."""
    before = open_with_clocks(database, "R-1", armed())
    held_back = replace(notice(), tell=(Right("party", "customer"),), not_before=STEP.at + WINDOW)
    advance(database, "R-1", moved("received"), effects=(notice(),))
    voided = Voided(STEP.at, "system", None, "approve", ("u03",), "left")
    advance(database, "R-1", STEP, voided, effects=(notice(), held_back))
    advance(database, "R-1", replace(rung(), at=STEP.at), effects=(notice(rung()),))
    assert before.case.state == "received"
    return database


def intents(database: Database) -> dict[tuple[int, int], OutboxMessage]:
    with database.read() as reader:
        return {(each.key.seq, each.key.place): each for each in messages(reader, limit=10)}


def take_back(database: Database) -> None:
    with database.read() as reader:
        record = reader.case("R-1")
    assert record is not None
    before = replace(record.case, seq=2, state="received", visit=2, entered_at=STEP.at)
    advance(database, "R-1", undone(before, STEP), effects=(RecallNotices(3), notice(None, "worker")))


def test_what_is_held_back_waits_for_its_instant(told: Database) -> None:
    with told.read() as reader:
        assert intents(told)[4, 2].not_before == STEP.at + WINDOW
        early = [(each.key.seq, each.key.place) for each in waiting(reader.connection, STEP.at, limit=9)]
        assert early == [(2, 1), (4, 1), (5, 1)]
        # A clock that jumped and came back lets nothing go out that is held back.
        assert (4, 2) not in [(each.key.seq, each.key.place) for each in ahead(reader.connection, START - timedelta(days=1), limit=9)]


def test_what_the_step_wanted_to_tell_is_told_no_more(told: Database) -> None:
    take_back(told)
    found = intents(told)
    assert {key: each.status for key, each in found.items()} == {
        (2, 1): "waiting",
        (4, 1): "withdrawn",
        (4, 2): "withdrawn",
        (5, 1): "waiting",
        (6, 1): "waiting",
    }
    assert (found[4, 1].note, found[6, 1].note) == (RECALLED, None)


def test_what_was_told_already_stays_told(told: Database) -> None:
    with told.write() as connection:
        settle(connection, [Verdict(Key("id-R-1", 4, 1), "told")])
    take_back(told)
    assert [intents(told)[4, place].status for place in (1, 2)] == ["told", "withdrawn"]


def test_a_step_of_which_somebody_outside_has_just_been_told_is_not_taken_back(told: Database) -> None:
    with told.write() as connection:
        settle(connection, [Verdict(Key("id-R-1", 4, 2), "told")])
    with pytest.raises(Raced):
        take_back(told)
    assert (6, 1) not in intents(told)


def test_what_an_undoing_tells_is_not_recalled_with_an_earlier_step(told: Database) -> None:
    take_back(told)
    advance(told, "R-1", commented("…", STEP.at + timedelta(hours=5)), effects=(RecallNotices(2),))
    assert {key: each.status for key, each in intents(told).items() if key in ((2, 1), (6, 1))} == {
        (2, 1): "withdrawn",
        (6, 1): "waiting",
    }


@pytest.mark.parametrize(("status", "is_taken_back"), [("waiting", True), ("nobody", True), ("told", False)])
def test_what_the_step_emits_is_told_no_more_unless_a_program_has_heard_of_it(
    database: Database, status: Status, is_taken_back: bool
) -> None:
    before = open_with_clocks(database, "R-1", armed())
    event = Emit("repair.diagnosed", ("fault", "customer"), "diagnosed", STEP.at + WINDOW)
    advance(database, "R-1", STEP, effects=(event,))
    assert intents(database)[2, 1].emitted == Emitted("repair.diagnosed", {"fault": "屏幕碎裂"}, ("customer",))
    with database.write() as connection:
        settle(connection, [Verdict(Key("id-R-1", 2, 1), status)])
    effects = (RecallNotices(2),)
    if is_taken_back:
        advance(database, "R-1", undone(before.case, STEP), effects=effects)
        assert intents(database)[2, 1].status == ("withdrawn" if status == "waiting" else status)
    else:
        with pytest.raises(Raced):
            advance(database, "R-1", undone(before.case, STEP), effects=effects)
