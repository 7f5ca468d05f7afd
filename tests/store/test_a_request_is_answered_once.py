"""An idempotency key and its outcome are written with the move, and live thirty days – those of an intake for ever (law 15)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Conflict
from engine.store.database import Database
from engine.store.record import Known, Request
from engine.store.requests import prune
from tests.store.story import START, advance, commented, corrected, open_case, read

OUTCOME = '{"number":"R-1","seq":2,"金额":"120.5"}'


def known(database: Database, scope: str, key: str) -> Known | None:
    return database.attempt(lambda unit: unit.known(scope, key))


def test_an_outcome_is_kept_with_the_move(database: Database) -> None:
    open_case(database, "R-1")
    assert known(database, "cli", "k-1") is None
    advance(database, "R-1", corrected({"fault": "进水"}, START), request=Request("cli", "k-1", "h", OUTCOME))
    assert known(database, "cli", "k-1") == Known("h", OUTCOME, START)


def test_a_key_that_cannot_be_kept_undoes_the_move(database: Database) -> None:
    open_case(database, "R-1")
    first = advance(database, "R-1", corrected({"fault": "进水"}), request=Request("cli", "k-1", "h", OUTCOME))
    with pytest.raises(Conflict):
        advance(database, "R-1", corrected({"fault": "黑屏"}), request=Request("cli", "k-1", "h", OUTCOME))
    assert read(database, "R-1") == first


def test_old_keys_are_forgotten_but_not_those_of_an_intake(database: Database) -> None:
    open_case(database, "R-1")
    for scope in ("cli", "intake:repair"):
        advance(database, "R-1", commented("旧", START), request=Request(scope, "old", "h", OUTCOME))
    advance(database, "R-1", commented("新", START + timedelta(days=1)), request=Request("cli", "new", "h", OUTCOME))
    with database.write() as connection:
        assert prune(connection, START + timedelta(days=30, seconds=1)) == 1
    assert known(database, "cli", "old") is None
    assert known(database, "cli", "new") is not None
    assert known(database, "intake:repair", "old") is not None
