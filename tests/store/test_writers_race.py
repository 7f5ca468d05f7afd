"""Several writers, no lost update: what is acknowledged is there, whoever else wrote at the same time (DESIGN law 4)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import func, select

from engine.errors import Conflict
from engine.store.database import Database
from engine.store.errands import waiting
from engine.store.record import Claim, Record, Request
from engine.store.schema import claims, requests
from engine.store.unit_of_work import UnitOfWork
from tests.store.story import (
    KINDS,
    accepted,
    advance,
    child_ended,
    corrected,
    end_child,
    moved,
    open_case,
    open_family,
    opened,
    present,
    read,
    recording,
)


def count_up(unit: UnitOfWork) -> Record:
    before = present(unit, "R-1")
    weight = before.case.data.get("weight", Decimal(0))
    assert isinstance(weight, Decimal)
    return unit.record(before, accepted(before, corrected({"weight": weight + 1})), recording())


def at_once(tasks: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(tasks)) as pool:
        for future in [pool.submit(task) for task in tasks]:
            future.result()


def test_no_update_is_lost_between_threads_and_programs(database: Database, story_url: str) -> None:
    open_case(database, "R-1")
    other = Database.open(story_url)  # a connection of its own, as another program has
    other.kinds_of = lambda _: KINDS
    acknowledged: list[int] = []

    def work(chosen: Database) -> None:
        for _ in range(10):
            try:
                acknowledged.append(chosen.attempt(count_up).case.seq)
            except Conflict:
                continue  # lost five times in a row: said so, and not counted

    at_once([lambda chosen=chosen: work(chosen) for chosen in (database, other, database, other)])  # type: ignore[misc]
    other.close()
    stored = read(database, "R-1").case
    assert stored.data["weight"] == len(acknowledged) >= 10
    assert sorted(acknowledged) == list(range(2, stored.seq + 1))


def test_a_decision_made_on_an_older_state_is_refused(database: Database) -> None:
    old = open_case(database, "R-1")
    newer = advance(database, "R-1", moved("diagnosed"))
    with pytest.raises(Conflict, match="R-1"):
        database.attempt(lambda unit: unit.record(old, accepted(old, moved("repaired")), recording()))
    assert read(database, "R-1") == newer


def test_an_overtaken_unit_decides_again_on_what_is_there(database: Database) -> None:
    open_case(database, "R-1")
    turns: list[int] = []

    def overtaken(unit: UnitOfWork) -> Record:
        before = present(unit, "R-1")
        if not turns and database.place.startswith("postgresql"):  # SQLite keeps everyone else out meanwhile
            advance(database, "R-1", moved("diagnosed"))
        turns.append(before.case.seq)
        return unit.record(before, accepted(before, corrected({"fault": "进水"})), recording())

    record = database.attempt(overtaken)
    assert turns in ([1], [1, 2])
    assert read(database, "R-1") == record


def test_one_unique_value_has_one_holder(database: Database) -> None:
    barrier = Barrier(2)
    claim = Claim("imei", "001017000000029", "open")
    outcomes: dict[str, str] = {}

    def start(number: str) -> None:
        def work(unit: UnitOfWork) -> str:
            holders = unit.taken("repair", [(claim.field, claim.value, claim.until)], None)
            if holders:
                return holders[claim.field, claim.value]
            unit.record(None, accepted(None, opened(number)), recording(claim))
            return number

        barrier.wait()
        outcomes[number] = database.attempt(work)

    at_once([lambda: start("R-1"), lambda: start("R-2")])
    assert len(set(outcomes.values())) == 1
    with database.read() as reader:
        assert reader.connection.execute(select(func.count()).select_from(claims)).scalar_one() == 1


def test_a_key_used_twice_at_once_is_carried_out_once(database: Database) -> None:
    open_case(database, "R-1")
    barrier = Barrier(2)
    answers: list[str] = []

    def ask(mine: str) -> None:
        def work(unit: UnitOfWork) -> str:
            known = unit.known("cli", "k-1")
            if known is not None:
                return known.outcome
            before = present(unit, "R-1")
            request = Request("cli", "k-1", "hash", mine)
            unit.record(before, accepted(before, corrected({"fault": mine})), recording(request=request))
            return mine

        barrier.wait()
        answers.append(database.attempt(work))

    at_once([lambda: ask('{"seq":2,"by":"甲"}'), lambda: ask('{"seq":2,"by":"乙"}')])
    assert answers[0] == answers[1]
    stored = read(database, "R-1").case
    assert (stored.seq, stored.data["fault"]) == (2, answers[0])
    with database.read() as reader:
        assert reader.connection.execute(select(func.count()).select_from(requests)).scalar_one() == 1


def test_an_errand_is_dealt_with_once(database: Database) -> None:
    open_family(database, "R-1", "P-1")
    end_child(database, "P-1")
    with database.read() as reader:
        (errand,) = waiting(reader.connection, limit=2)
    barrier = Barrier(3)
    dealt: list[bool] = []

    def wake(unit: UnitOfWork) -> bool:
        if not unit.errand_waits(errand.key):
            return False
        before = present(unit, "R-1")
        unit.record(before, accepted(before, child_ended("P-1")), recording(errands_done=(errand.key,)))
        return True

    def start() -> None:
        barrier.wait()
        dealt.append(database.attempt(wake))

    at_once([start] * 3)
    assert sorted(dealt) == [False, False, True]
    assert read(database, "R-1").case.seq == 3


def test_decisions_that_look_something_up_do_not_wait_for_one_another(database: Database) -> None:
    open_case(database, "R-1")
    threads = 30
    together = Barrier(threads)

    def look_up(unit: UnitOfWork) -> None:
        if database.dialect == "postgresql":
            with suppress(BrokenBarrierError):
                together.wait(1)  # everybody who gets a connection holds it before anybody asks for a second one
        read(database, "R-1")
        assert unit.case("R-1") is not None

    at_once([lambda: database.attempt(look_up)] * threads)
