"""Before somebody may stand in: he exists and works here, the role is held, nobody stands in for his own deputy, duties stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import AftercareError, Conflict, Misuse, Unknown
from engine.runtime import staffing, substitution
from engine.runtime.hierarchy import Hierarchy
from engine.store import people
from engine.store.database import Database
from roles.absence import Absence
from roles.assignment import Assignment
from roles.delegation import Delegation
from tests.original import FileOriginal
from tests.runtime.company import ROLES, START, ZONE, registry

REPAIRER, KEEPER, CLERK = "desk-repairer", "desk-keeper", "desk-clerk"


@pytest.fixture
def database(file_original: FileOriginal, tmp_path: Path) -> Iterator[Database]:
    """The company just founded; what is asked here does not depend on the dialect."""
    file_original.copy_to(tmp_path / "aftercare.db")
    database = Database.open(f"sqlite:///{tmp_path / 'aftercare.db'}")
    yield database
    database.close()


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def delegate(database: Database, delegator: str, to: str, role: str | None = None, days: tuple[int, int] = (0, 5)) -> int:
    made = Delegation(delegator, to, role, day(days[0]), day(days[1]))
    return substitution.record_delegation(database, registry(), made, at=START, by="os:owner", reason=None)


def give(database: Database, person: str, role: str, days: tuple[int, int | None] = (0, None)) -> None:
    until = day(days[1]) if days[1] is not None else None
    staffing.assign(database, registry(), Assignment(person, role, "shop-1", day(days[0]), until), at=START, by="os:owner")


def refusal(error: AftercareError) -> tuple[str, str | None]:
    """What it says and what to do instead, in English."""
    return error.sentence.within("en"), error.way_out.within("en") if error.way_out is not None else None


@pytest.mark.parametrize(
    ("delegator", "to", "sentence", "way_out"),
    [
        ("riu", "ren", "There is no person “riu”.", "Did you mean “rui”?"),
        ("rui", "rne", "There is no person “rne”.", "Did you mean “ren”?"),
    ],
)
def test_both_must_exist(database: Database, delegator: str, to: str, sentence: str, way_out: str) -> None:
    with pytest.raises(Unknown) as raised:
        delegate(database, delegator, to)
    assert refusal(raised.value) == (sentence, way_out)


@pytest.mark.parametrize(("disabled", "name"), [("rui", "样例工程师01"), ("ren", "样例工程师02")])
def test_both_must_work_here(database: Database, disabled: str, name: str) -> None:
    staffing.disable(database, disabled, at=START)
    with pytest.raises(Conflict, match=f"“{name}” is disabled"):
        delegate(database, "rui", "ren")
    with pytest.raises(Conflict, match=f"“{name}” is disabled"):
        substitution.record_absence(database, Absence(disabled, day(0), day(1)), at=START, by="os:owner", reason=None)


def test_a_role_is_lent_only_by_whoever_holds_it_in_that_time(database: Database) -> None:
    with pytest.raises(Conflict) as raised:
        delegate(database, "rui", "cui", CLERK)
    assert refusal(raised.value) == ("“样例工程师01” does not hold “Clerk” in that time.", "What is held then: Repairer.")

    with pytest.raises(Unknown, match="There is no role “desk-clrek”"):
        delegate(database, "cai", "cui", "desk-clrek")

    give(database, "rui", CLERK, (3, 4))
    delegate(database, "rui", "cui", CLERK, (2, 5))
    with pytest.raises(Conflict, match="does not hold “Clerk” in that time"):
        delegate(database, "rui", "cui", CLERK, (4, 5))


def test_nobody_stands_in_for_his_own_deputy(database: Database) -> None:
    delegate(database, "rui", "ren", days=(2, 4))
    with pytest.raises(Conflict, match="two persons cannot stand in for each other"):
        delegate(database, "ren", "rui", days=(3, 5))
    delegate(database, "ren", "rui", days=(4, 5))


def test_a_delegate_combines_no_duties_kept_apart(database: Database) -> None:
    give(database, "cai", KEEPER, (3, None))

    with pytest.raises(Conflict) as raised:
        delegate(database, "rui", "cai")
    assert refusal(raised.value) == (
        "“样例受理01” holds “Keeper”, or acts as it, and may not act as “Repairer” for “样例工程师01”: these duties are kept apart.",
        "Choose another delegate, or delegate another role only.",
    )
    delegate(database, "rui", "cai", days=(0, 3))  # before he holds it


def test_two_persons_do_not_lend_duties_kept_apart_to_the_same_delegate(database: Database) -> None:
    give(database, "cui", KEEPER)
    delegate(database, "cui", "cai", days=(0, 2))
    with pytest.raises(Conflict, match="“样例受理01” holds “Keeper”, or acts as it, and may not act as “Repairer” for “样例工程师01”"):
        delegate(database, "rui", "cai", days=(1, 3))
    delegate(database, "rui", "cai", days=(2, 3))


def test_a_role_given_later_is_checked_against_what_is_lent(database: Database) -> None:
    delegate(database, "rui", "cai")
    with pytest.raises(Conflict, match="“样例受理01” holds “Keeper”, or acts as it, and may not act as “Repairer” for “样例工程师01”"):
        give(database, "cai", KEEPER)
    give(database, "cai", KEEPER, (5, None))

    give(database, "cui", KEEPER)
    delegate(database, "cai", "cui", CLERK)
    give(database, "cai", "desk-supervisor")  # not lent: the clerk's work alone is
    delegate(database, "sun", "cui")
    with pytest.raises(Conflict, match="“样例受理02” holds “Keeper”, or acts as it, and may not act as “Repairer” for “样例主管01”"):
        give(database, "sun", REPAIRER)


def test_days_are_inclusive_and_not_over() -> None:
    assert substitution.days(None, date(2026, 9, 30), START, ZONE) == (START, datetime(2026, 10, 1, tzinfo=ZONE))
    assert substitution.days(date(2026, 9, 29), date(2026, 9, 29), START, ZONE)[0] == datetime(2026, 9, 29, tzinfo=ZONE)
    with pytest.raises(Misuse, match="The day 2026-09-27 has passed"):
        substitution.days(None, date(2026, 9, 27), START, ZONE)


def test_a_reason_is_text(database: Database) -> None:
    with pytest.raises(Misuse, match="Reason"):
        substitution.record_absence(database, Absence("rui", day(0), day(1)), at=START, by="os:owner", reason="a\x07b")


def test_an_absence_is_ended_once(database: Database) -> None:
    known = substitution.record_absence(database, Absence("rui", day(0), day(1)), at=START, by="os:owner", reason=None)
    substitution.end_absence(database, known, at=day(0) + timedelta(hours=1))
    with pytest.raises(Unknown, match=f"No absence has the number {known} now"):
        substitution.end_absence(database, known, at=day(0) + timedelta(hours=2))


@pytest.mark.parametrize("broken", ["absences", "delegations"])
def test_who_is_away_and_who_stands_in_are_recorded_both_or_neither(database: Database, broken: str) -> None:
    away, lent = Absence("rui", day(0), day(1)), Delegation("rui", "ren", None, day(0), day(1))

    def both() -> int:
        return substitution.record_both(database, registry(), away, lent, at=START, by="os:owner", reason="病假")

    with database.write() as connection:
        connection.exec_driver_sql(f"CREATE TRIGGER broken BEFORE INSERT ON {broken} BEGIN SELECT RAISE(ABORT, 'broken'); END")
    with pytest.raises(AftercareError):
        both()
    with database.write() as connection:
        assert (people.absences(connection), people.delegations(connection)) == ([], [])
        connection.exec_driver_sql("DROP TRIGGER broken")
    assert both() == both()
    with database.read() as reader:
        assert [each.absence for each in people.absences(reader.connection)] == [away]
        assert [each.delegation for each in people.delegations(reader.connection)] == [lent]


def test_whom_a_role_reports_to_comes_from_the_role_files(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(ROLES.replace("en: Clerk}}", "en: Clerk}, reports_to: desk-supervisor}"), encoding="utf-8")

    assert Hierarchy([tmp_path]).superiors == {CLERK: "desk-supervisor"}
    assert Hierarchy([tmp_path / "nowhere"]).superiors == {}
