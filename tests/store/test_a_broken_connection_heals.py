"""A connection that breaks is replaced; where the outcome of a move is unknown, that is said.

PostgreSQL only: a SQLite file has no server that could go away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.errors import Unavailable
from engine.store.database import Database
from engine.store.record import Record
from engine.store.unit_of_work import UnitOfWork
from tests.store.story import accepted, advance, moved, open_case, prepare, present, read, recording

pytestmark = pytest.mark.reliability


@pytest.fixture
def served(postgresql_url: str) -> Iterator[Database]:
    """An open PostgreSQL database."""
    database = Database.create(postgresql_url, simulated=False, now=datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    prepare(database)
    yield database
    database.close()


def sever(url: str) -> None:
    """End all other connections to the database, as a restarted server does."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    with engine.connect() as connection:
        while connection.execute(ended).first() is not None:  # until none is left
            pass


def test_moves_and_reads_go_on_after_the_server_went_away(served: Database, postgresql_url: str) -> None:
    open_case(served, "R-1")
    sever(postgresql_url)
    record = advance(served, "R-1", moved("diagnosed"))
    sever(postgresql_url)
    assert read(served, "R-1") == record


def test_what_every_request_asks_is_asked_again(served: Database, postgresql_url: str) -> None:
    open_case(served, "R-1")
    assert served.ask("workflows", {"numbers": '["R-1"]'}) == [("R-1", "repair")]
    sever(postgresql_url)
    assert served.ask("workflows", {"numbers": '["R-1"]'}) == [("R-1", "repair")]


def test_an_unknown_outcome_is_said_to_be_unknown(served: Database, postgresql_url: str) -> None:
    before = open_case(served, "R-1")

    def work(unit: UnitOfWork) -> Record:
        stored = present(unit, "R-1")
        record = unit.record(stored, accepted(stored, moved("diagnosed")), recording())
        sever(postgresql_url)
        return record

    with pytest.raises(Unavailable) as caught:
        served.attempt(work)
    assert "not known" in caught.value.sentence.en
    assert caught.value.way_out is not None
    assert "same key" in caught.value.way_out.en
    assert read(served, "R-1") == before
