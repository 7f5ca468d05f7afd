"""A plan for many cases is kept with what was foreseen; each line is taken in hand and settled by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.command import Assign, Fire
from engine.errors import Conflict
from engine.label import Label
from engine.store.database import Database
from engine.store.plans import Plan, PlanLine, Why, add, claim_line, lines, plan, plans_of, set_state, settle_line
from tests.store.story import START

PLAN = Plan("p-1", START, "u01", Fire("close", {"note": "全部关闭", "count": 2}, "年底清理"))
WHY = Why("guard_unmet", Label("还有备件未归还", "parts are not yet returned"))
LINES = [PlanLine(1, "R-1", 3, "possible"), PlanLine(2, "R-2", 5, "refused", (WHY,), "skipped"), PlanLine(3, "R-3", 1, "possible")]


@pytest.fixture
def planned(database: Database) -> Database:
    """A plan for three cases, of which one is refused."""
    with database.write() as connection:
        add(connection, PLAN, LINES)
    return database


def test_a_plan_is_read_back_as_it_was_made(planned: Database) -> None:
    with planned.read() as reader:
        assert plan(reader, "p-1") == PLAN
        assert plan(reader, "p-2") is None
        assert lines(reader, "p-1") == LINES
        assert lines(reader, "p-2") == []


@pytest.mark.parametrize("person", ["u02", None])
def test_an_assignment_of_many_is_read_back_too(database: Database, person: str | None) -> None:
    made = replace(PLAN, wish=Assign(person, "病假"))
    with database.write() as connection:
        add(connection, made, LINES)
    with database.read() as reader:
        assert plan(reader, "p-1") == made


def test_the_id_of_a_plan_is_used_once(planned: Database) -> None:
    with pytest.raises(Conflict), planned.write() as connection:
        add(connection, replace(PLAN, made_by="u02"), [])
    with planned.read() as reader:
        assert plan(reader, "p-1") == PLAN


def test_a_line_is_settled_once_and_may_be_taken_again_until_then(planned: Database) -> None:
    done_at = START + timedelta(minutes=1)
    with planned.write() as connection:
        assert claim_line(connection, "p-1", 1)
        assert claim_line(connection, "p-1", 1)
        settle_line(connection, "p-1", 1, "done", '{"number":"R-1"}', done_at)
        assert not claim_line(connection, "p-1", 1)
        assert not claim_line(connection, "p-1", 2)  # it was left out from the beginning
        assert not claim_line(connection, "p-1", 4)
        assert claim_line(connection, "p-1", 3)
    with planned.read() as reader:
        told = lines(reader, "p-1")
    assert told[0] == replace(LINES[0], status="done", outcome='{"number":"R-1"}', done_at=done_at)
    assert told[1:] == [LINES[1], replace(LINES[2], status="in_hand")]


def test_a_plan_goes_from_one_state_into_the_next(planned: Database) -> None:
    with planned.write() as connection:
        assert set_state(connection, "p-1", "confirmed", before="made")
        assert not set_state(connection, "p-1", "dropped", before="made")
    with planned.read() as reader:
        assert plan(reader, "p-1") == replace(PLAN, state="confirmed")


def test_plans_are_listed_newest_first(planned: Database) -> None:
    later = replace(PLAN, id="p-2", made_at=START + timedelta(hours=1))
    with planned.write() as connection:
        add(connection, later, [])
    with planned.read() as reader:
        assert plans_of(reader, limit=9) == [later, PLAN]
        assert plans_of(reader, limit=1, after=later) == [PLAN]
