"""Oversight as a condition on rows and as a question about one case are the same; what is about no case is for whoever oversees all."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from engine.label import Label
from engine.store.database import Database
from engine.store.incidents import by_id, incident_id, incidents, open_incident
from engine.store.oversight import EVERYTHING, Oversight
from engine.store.schema import cases
from tests.store.story import START, open_case

PLACES = {
    "R-1": ("repair", "shop-1"),
    "R-2": ("repair", "shop-2"),
    "R-3": ("order", "shop-1"),
    "R-4": ("order", None),
    "R-5": ("repair", None),
}
SHOP_1, NOWHERE = frozenset({"shop-1"}), frozenset[str]()


@pytest.fixture
def told(database: Database) -> Database:
    """An incident of each case, and one of none."""
    for number in PLACES:
        open_case(database, number)
    with database.write() as connection:
        for number, (workflow, unit) in PLACES.items():
            connection.execute(update(cases).where(cases.c.number == number).values(workflow=workflow, unit=unit))
            open_incident(connection, f"id-{number}", "step_refused", "drop", Label("被拒", "refused"), START)
        open_incident(connection, None, "dead_letter", "webhook:till:till", Label("死信", "dead letter"), START)
    return database


@pytest.mark.parametrize(
    ("oversight", "expected"),
    [
        (EVERYTHING, {*PLACES, None}),
        (Oversight(SHOP_1), {"R-1", "R-3", "R-4", "R-5"}),
        (Oversight(NOWHERE, {"repair": frozenset({"shop-2"})}), {"R-2", "R-5"}),
        (Oversight(NOWHERE, {"order": None}), {"R-3", "R-4"}),
        (Oversight(SHOP_1, {"repair": None}), {"R-1", "R-2", "R-3", "R-4", "R-5"}),
        (Oversight(NOWHERE, {"repair": NOWHERE}), set()),
        (Oversight(NOWHERE), set()),
    ],
)
def test_only_what_is_looked_after_is_listed(told: Database, oversight: Oversight, expected: set[str | None]) -> None:
    with told.read() as reader:
        found = {each.number for each in incidents(reader, oversight=oversight, limit=9)}
        alone = by_id(reader, incident_id(None, "dead_letter", "webhook:till:till"), oversight)

    assert found == expected
    assert {number for number, place in PLACES.items() if oversight.covers(*place)} == expected - {None}
    assert (alone is not None) is (None in expected)
