"""Works that wait for the writer of a file share its transaction: one fails alone, and before the commit nobody has an answer.

SQLite only: on a server each has a connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from engine.errors import AftercareError, Conflict, Misuse
from engine.label import Label
from engine.store.database import Database
from engine.store.record import Claim, Record, Request
from engine.store.unit_of_work import UnitOfWork
from engine.store.verification import verify
from tests.rig.sharing import PLACE, Sharing
from tests.store.story import accepted, commented, corrected, moved, open_case, opened, present, read, recording

CLAIM = Claim("imei", "001017000000029", "open")


def mend(number: str, fault: str) -> Callable[[UnitOfWork], int]:
    """A correction; the seq it made."""

    def work(unit: UnitOfWork) -> int:
        before = present(unit, number)
        return unit.record(before, accepted(before, corrected({"fault": fault})), recording()).case.seq

    return work


def holders(unit: UnitOfWork) -> int:
    """Reads only: the seq of R-1."""
    return present(unit, "R-1").case.seq


def refuse_comments(database: Database, how: str) -> None:
    """From now on the database itself stumbles over an entry with a comment: it undoes the statement (ABORT) or all (ROLLBACK)."""
    with database.write() as connection:
        trigger = f"CREATE TRIGGER stumble BEFORE INSERT ON history WHEN new.kind = 'commented' BEGIN SELECT RAISE({how}, 'stumbled'); END"
        connection.execute(text(trigger))


def remark(number: str) -> Callable[[UnitOfWork], int]:
    """A comment; the seq it made."""

    def work(unit: UnitOfWork) -> int:
        before = present(unit, number)
        return unit.record(before, accepted(before, commented("…")), recording()).case.seq

    return work


def sound(database: Database) -> bool:
    """Whether everything that is stored holds together."""
    return [finding for verified in verify(database) for finding in verified.findings] == []


def test_those_who_wait_are_served_in_one_go_and_in_order(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    sharing = Sharing(sqlite)
    futures = sharing.together(*(mend("R-1", f"第{nth}次") for nth in range(9)))
    assert [future.result() for future in futures] == list(range(2, 11))
    assert read(sqlite, "R-1").case.data["fault"] == "第8次"
    assert len(set(sharing.done_by)) == 1
    assert len(sharing.done_by) == 9
    assert sound(sqlite)


def test_what_fails_or_loses_fails_alone(sqlite: Database) -> None:
    old = open_case(sqlite, "R-1")
    open_case(sqlite, "R-2")

    def fails(unit: UnitOfWork) -> int:
        mend("R-2", "进水")(unit)
        unit.next_number("R-")
        raise Misuse(Label("不行。", "No."))

    def loses(unit: UnitOfWork) -> int:
        mend("R-2", "进水")(unit)
        return unit.record(old, accepted(old, moved("diagnosed")), recording()).case.seq

    sharing = Sharing(sqlite)
    first, failed, lost, last = sharing.together(mend("R-1", "一"), fails, loses, mend("R-1", "二"))
    assert (first.result(), last.result()) == (2, 3)
    assert isinstance(failed.exception(), Misuse)
    assert isinstance(lost.exception(), Conflict)
    assert len(set(sharing.done_by)) == 1
    assert read(sqlite, "R-2").case.seq == 1
    assert sqlite.attempt(lambda unit: unit.next_number("R-")) == 1
    assert sound(sqlite)


def test_a_unique_value_that_was_taken_in_the_same_go_fails_alone(sqlite: Database) -> None:
    def start(number: str) -> Callable[[UnitOfWork], Record]:
        return lambda unit: unit.record(None, accepted(None, opened(number)), recording(CLAIM))

    first, second, third = Sharing(sqlite).together(start("R-1"), start("R-2"), lambda unit: present(unit, "R-1"))
    assert first.result() == third.result()
    assert isinstance(second.exception(), Conflict)
    with sqlite.read() as reader:
        assert reader.case("R-2") is None


def test_a_twin_in_the_same_go_gets_the_stored_outcome(sqlite: Database) -> None:
    open_case(sqlite, "R-1")

    def once(unit: UnitOfWork) -> str:
        known = unit.known("cli", "k-1")
        if known is not None:
            return known.outcome
        before = present(unit, "R-1")
        record = unit.record(before, accepted(before, commented("…")), recording(request=Request("cli", "k-1", "hash", "done")))
        return f"seq {record.case.seq}"

    sharing = Sharing(sqlite)
    assert [future.result() for future in sharing.together(once, once, once)] == ["seq 2", "done", "done"]
    assert len(set(sharing.done_by)) == 1
    assert read(sqlite, "R-1").case.seq == 2


def test_what_a_unit_took_that_recorded_nothing_is_there_for_the_next(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    counted = Sharing(sqlite).together(mend("R-1", "一"), *[lambda unit: unit.next_number("R-")] * 2)
    assert [future.result() for future in counted[1:]] == [1, 1]


def test_when_the_database_undoes_all_nobody_is_answered_by_it(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    refuse_comments(sqlite, "ROLLBACK")
    sharing = Sharing(sqlite)
    first, reads, stumbles, last = sharing.together(mend("R-1", "一"), holders, remark("R-1"), mend("R-1", "二"))
    # All were done again, each alone: the answers fit what is stored now, whatever they were before.
    assert isinstance(stumbles.exception(), AftercareError)
    assert {first.result(), last.result()} == {2, 3}
    assert reads.result() in (1, 2, 3)
    assert read(sqlite, "R-1").case.seq == 3
    assert len(set(sharing.done_by)) == 4
    assert sound(sqlite)


def test_what_the_database_forbids_fails_alone(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    refuse_comments(sqlite, "ABORT")
    sharing = Sharing(sqlite)
    first, stumbles, last = sharing.together(mend("R-1", "一"), remark("R-1"), mend("R-1", "二"))
    assert isinstance(stumbles.exception(), AftercareError)
    assert (first.result(), last.result()) == (2, 3)
    assert len(sharing.done_by) == 3


def test_a_commit_that_fails_acknowledges_nobody(sqlite: Database) -> None:
    """Nothing is owed to a missing case before the commit: there the transaction fails, with all that were in it."""
    open_case(sqlite, "R-1")
    owe = "CREATE TABLE owed (case_id TEXT REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED)"
    owes = "CREATE TRIGGER owes AFTER INSERT ON history WHEN new.kind = 'commented' BEGIN INSERT INTO owed VALUES ('nobody'); END"
    with sqlite.write() as connection:
        connection.execute(text(owe))
        connection.execute(text(owes))
    sharing = Sharing(sqlite)
    first, reads, stumbles, last = sharing.together(mend("R-1", "一"), holders, remark("R-1"), mend("R-1", "二"))
    assert isinstance(stumbles.exception(), AftercareError)
    assert {first.result(), last.result()} == {2, 3}
    assert reads.result() in (1, 2, 3)
    assert read(sqlite, "R-1").case.seq == 3
    assert sound(sqlite)
    assert len(sharing.done_by) == 8


def test_a_work_of_another_is_done_in_his_context(sqlite: Database) -> None:
    open_case(sqlite, "R-1")

    def whose(unit: UnitOfWork) -> int:
        mend("R-1", "一")(unit)
        return PLACE.get()

    sharing = Sharing(sqlite)
    assert [future.result() for future in sharing.together(whose, whose, whose)] == [0, 1, 2]
    assert len(set(sharing.done_by)) == 1


def test_a_unit_that_asks_for_it_has_no_company(sqlite: Database) -> None:
    open_case(sqlite, "R-1")

    def apart(unit: UnitOfWork) -> int:
        unit.set_apart()
        return present(unit, "R-1").case.seq if read(sqlite, "R-1") == present(unit, "R-1") else 0

    sharing = Sharing(sqlite)
    first, second, last = sharing.together(mend("R-1", "一"), apart, mend("R-1", "二"))
    assert (first.result(), last.result()) == (2, 3)
    assert second.result() == 3  # done after the others, and on what everybody sees
    assert len(set(sharing.done_by)) == 2


def test_a_unit_cannot_begin_another_whoever_does_it(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    first, nested, last = Sharing(sqlite).together(mend("R-1", "一"), lambda _: sqlite.attempt(holders), mend("R-1", "二"))
    assert (first.result(), last.result()) == (2, 3)
    assert isinstance(nested.exception(), RuntimeError)
