"""A unique value belongs to one case: claimed with the move, released when changed or, for `open`, when the case ends."""

from __future__ import annotations

from sqlalchemy import select

from engine.core.field import Until
from engine.store.database import Database
from engine.store.record import Claim
from engine.store.schema import claims
from tests.store.story import DATA, advance, moved, open_case


def holder(database: Database, value: str, until: Until = "open", besides: str | None = None) -> str | None:
    return database.attempt(lambda unit: unit.taken("repair", [("imei", value, until)], besides)).get(("imei", value))


def test_a_claimed_value_is_taken_for_all_others(database: Database) -> None:
    open_case(database, "R-1", DATA, Claim("imei", "001017000000011", "open"))
    assert holder(database, "001017000000011") == "R-1"
    assert holder(database, "001017000000011", besides="id-R-1") is None
    assert holder(database, "001017000000029") is None


def test_a_changed_value_is_released(database: Database) -> None:
    open_case(database, "R-1", DATA, Claim("imei", "001017000000011", "open"))
    advance(database, "R-1", moved("diagnosed"), claims=(Claim("imei", "001017000000029", "open"),))
    assert holder(database, "001017000000011") is None
    assert holder(database, "001017000000029") == "R-1"


def test_an_open_claim_ends_with_its_case_and_another_does_not(database: Database) -> None:
    held = (Claim("imei", "001017000000011", "open"), Claim("mobile", "12800000001", "ever"))
    open_case(database, "R-1", DATA, *held)
    advance(database, "R-1", moved("returned", outcome="success"), claims=held)
    taken = database.attempt(
        lambda unit: unit.taken("repair", [("imei", "001017000000011", "open"), ("mobile", "12800000001", "ever")], None)
    )
    assert taken == {("mobile", "12800000001"): "R-1"}


def test_claimed_values_cannot_be_read_from_the_table(database: Database) -> None:
    open_case(database, "R-1", DATA, Claim("mobile", "12800000001", "ever"))
    with database.read() as reader:
        assert "12800000001" not in repr(reader.connection.execute(select(claims)).fetchall())
