"""An incident is one row for its case, kind and subject; the same again counts up, and opens it again when it was settled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.core.effect import IncidentKind, OpenIncident
from engine.label import Label
from engine.store.database import Database
from engine.store.incidents import Incident, IncidentState, by_id, counts, incident_id, incidents, open_incident, see, settle
from tests.store.story import START, advance, commented, open_case

SENTENCE = Label("步骤“取消”被拒绝", "the step “cancel” was refused")
LATER = Label("步骤“取消”又被拒绝", "the step “cancel” was refused again")


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def told(database: Database) -> Database:
    """A case with one incident that came with a decision, and one that is about no case."""
    open_case(database, "R-1")
    advance(database, "R-1", commented("…", at(1)), effects=(OpenIncident("step_refused", "drop", SENTENCE),))
    happen(database, None, "provisional", "CN 2027", 2)
    return database


def happen(database: Database, case_id: str | None, kind: IncidentKind, subject: str, hours: float, sentence: Label = SENTENCE) -> str:
    with database.write() as connection:
        return open_incident(connection, case_id, kind, subject, sentence, at(hours))


def listed(
    database: Database, state: IncidentState | None = None, kind: IncidentKind | None = None, number: str | None = None
) -> list[Incident]:
    with database.read() as reader:
        return incidents(reader, state=state, kind=kind, number=number, limit=9)


def test_an_incident_comes_with_the_decision_that_tells_of_it(told: Database) -> None:
    (found,) = listed(told, number="R-1")
    id = incident_id("id-R-1", "step_refused", "drop")
    assert len(id) == 12
    assert found == Incident(id, "id-R-1", "R-1", "step_refused", "drop", SENTENCE, "open", 1, at(1), at(1))


def test_the_same_again_counts_up(told: Database) -> None:
    advance(told, "R-1", commented("…", at(3)), effects=(OpenIncident("step_refused", "drop", LATER),))
    id = happen(told, "id-R-1", "step_refused", "drop", 4, LATER)
    happen(told, "id-R-1", "step_refused", "leave", 4)
    happen(told, None, "step_refused", "drop", 4)
    with told.read() as reader:
        found = by_id(reader, id)
    assert found is not None
    assert (found.count, found.opened_at, found.last_at, found.sentence) == (3, at(1), at(4), LATER)
    assert len(listed(told)) == 4


@pytest.mark.parametrize("state", ["resolved", "retried"])
def test_who_settled_an_incident_is_told_until_it_happens_again(told: Database, state: IncidentState) -> None:
    id = incident_id("id-R-1", "step_refused", "drop")
    with told.write() as connection:
        assert settle(connection, id, state, at(3), "u01", "已人工取消")
        assert not settle(connection, "0" * 12, "resolved", at(3), "u01", None)
    with told.read() as reader:
        assert counts(reader) == {"provisional": 1}
        found = by_id(reader, id)
        assert by_id(reader, "0" * 12) is None
    assert found is not None
    assert (found.state, found.settled_at, found.settled_by, found.note) == (state, at(3), "u01", "已人工取消")
    happen(told, "id-R-1", "step_refused", "drop", 5)
    (again,) = listed(told, number="R-1")
    assert (again.state, again.count, again.opened_at, again.settled_at, again.settled_by, again.note) == (
        "open", 2, at(5), None, None, None,
    )  # fmt: skip


def test_incidents_are_listed_by_what_they_are_latest_first(told: Database) -> None:
    with told.write() as connection:
        settle(connection, incident_id(None, "provisional", "CN 2027"), "retried", at(3), "u01", None)
    assert [each.kind for each in listed(told)] == ["provisional", "step_refused"]
    assert [each.kind for each in listed(told, state="open")] == ["step_refused"]
    assert [each.kind for each in listed(told, state="retried")] == ["provisional"]
    assert [each.number for each in listed(told, kind="provisional")] == [None]
    with told.read() as reader:
        first = incidents(reader, limit=1)
        assert [each.kind for each in incidents(reader, limit=9, after=first[0])] == ["step_refused"]
        assert counts(reader) == {"step_refused": 1}


def test_whoever_sees_an_incident_first_stays_until_it_is_opened_anew(told: Database) -> None:
    id = incident_id("id-R-1", "step_refused", "drop")
    with told.write() as connection:
        assert see(connection, id, at(3), "u01")
        assert not see(connection, id, at(4), "u02")
        open_incident(connection, "id-R-1", "step_refused", "drop", Label("拒", "refused"), at(5))
    assert [(each.seen_at, each.seen_by) for each in listed(told, state="open", number="R-1")] == [(at(3), "u01")]
    with told.write() as connection:
        settle(connection, id, "resolved", at(6), "u01", "…")
        open_incident(connection, "id-R-1", "step_refused", "drop", Label("拒", "refused"), at(7))
    assert [(each.seen_at, each.seen_by) for each in listed(told, state="open", number="R-1")] == [(None, None)]


def test_an_incident_taken_up_again_is_settled_by_nobody(told: Database) -> None:
    id = incident_id("id-R-1", "step_refused", "drop")
    with told.write() as connection:
        settle(connection, id, "resolved", at(3), "u01", "…")
        settle(connection, id, "open", at(4), "u02", "仍未解决")
    (found,) = listed(told, state="open", number="R-1")
    assert (found.settled_at, found.settled_by, found.note) == (None, None, "仍未解决")
