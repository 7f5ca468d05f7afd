"""The ledger has a line for every rung that was reached, and tells those that were missed or noticed late (DESIGN law 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.store.database import Database
from engine.store.firings import Firing, ledger
from engine.store.reader import Reader
from tests.store.story import DIGEST, START, advance, armed, open_with_clocks, rung

HOUR = timedelta(hours=1)


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    """R-1 fires in time, then merged; R-2 fires two hours late, then is refused."""
    for number in ("R-1", "R-2"):
        open_with_clocks(database, number, armed())
    advance(database, "R-1", rung("25%", at=HOUR))
    advance(database, "R-2", rung("25%", at=HOUR, late=HOUR * 2))
    advance(database, "R-1", replace(rung("50%", at=HOUR * 4, result="merged"), into="repair/due#1"))
    advance(database, "R-2", replace(rung("50%", at=HOUR * 5, late=timedelta(seconds=1), result="refused"), why=("guard_unmet", "stale")))
    with database.read() as reader:
        yield reader


def shown(firings: list[Firing]) -> list[tuple[str, str]]:
    return [(firing.number, firing.rung) for firing in firings]


def test_every_line_comes_back_in_order_of_time(reader: Reader) -> None:
    found = ledger(reader, since=START, limit=10)
    assert shown(found) == [("R-1", "25%"), ("R-2", "25%"), ("R-1", "50%"), ("R-2", "50%")]
    assert found[3] == Firing(
        case_id="id-R-2",
        number="R-2",
        workflow="repair",
        digest=DIGEST,
        clock="repair",
        cycle=1,
        rung="50%",
        repetition=1,
        due_at=START + HOUR * 5,
        fired_at=START + HOUR * 5 + timedelta(seconds=1),
        result="refused",
        into=None,
        why=("guard_unmet", "stale"),
    )
    assert (found[2].into, found[1].lateness) == ("repair/due#1", HOUR * 2)


def test_the_ledger_begins_where_it_is_asked_to(reader: Reader) -> None:
    assert shown(ledger(reader, since=START + HOUR * 3, limit=10)) == [("R-2", "25%"), ("R-1", "50%"), ("R-2", "50%")]
    assert ledger(reader, since=START + HOUR * 6, limit=10) == []


def test_only_what_was_missed_or_noticed_later_than_tolerated_is_told(reader: Reader) -> None:
    assert shown(ledger(reader, since=START, missed_by=HOUR, limit=10)) == [("R-2", "25%"), ("R-1", "50%"), ("R-2", "50%")]
    assert shown(ledger(reader, since=START, missed_by=HOUR * 2, limit=10)) == [("R-1", "50%"), ("R-2", "50%")]


def test_pages_follow_one_another(reader: Reader) -> None:
    first = ledger(reader, since=START, missed_by=HOUR, limit=2)
    assert shown(first) == [("R-2", "25%"), ("R-1", "50%")]
    assert shown(ledger(reader, since=START, missed_by=HOUR, limit=2, after=first[-1])) == [("R-2", "50%")]


def test_a_ledger_longer_than_a_page_is_read_to_its_end(database: Database) -> None:
    open_with_clocks(database, "R-1", armed())
    told = [replace(rung(at=HOUR * count), repetition=count) for count in range(1, 1203)]
    advance(database, "R-1", *told, replace(rung(at=HOUR * 1203), repetition=1203, result="skipped"))
    with database.read() as reader:
        assert [firing.repetition for firing in ledger(reader, since=START, missed_by=HOUR, limit=5)] == [1203]
        assert [firing.repetition for firing in ledger(reader, since=START, limit=2000)] == list(range(1, 1204))
