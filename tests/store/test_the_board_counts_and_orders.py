"""The board: however many cases there are, each column has their number, those that are late, and those first that are due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert, select

from engine.core.codec import encode_instant
from engine.store.board import Pile, piles, standing
from engine.store.cases import Filter
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.schema import cases, timers
from engine.store.urgency import walk
from tests.store.story import open_case

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
LATER = datetime.max.replace(tzinfo=UTC)
STATES = ("received", "waiting", "repairing")
COLUMNS = {"receive": ("received", "waiting"), "repair": ("repairing",)}
FILTERS = (
    Filter(),
    Filter(unit="shop"),
    Filter(units=frozenset({"shop"}), besides=frozenset({"u02"})),
    Filter(units=frozenset()),
    Filter(holders=frozenset({"u01", "u02"})),
    Filter(state="waiting"),
    Filter(unit="nowhere"),
)


@dataclass(frozen=True)
class Put:
    """A case as it was put there. `due_at`: of its first clock."""

    id: str
    workflow: str
    state: str
    unit: str | None
    assignee: str | None
    is_open: bool
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Shop:
    """What is read, and all that was put there."""

    reader: Reader
    cases: tuple[Put, ...]

    def meant(self, chosen: Filter) -> list[Put]:
        """The open cases that a filter means, one by one."""
        return [each for each in self.cases if each.is_open and fits(each, chosen)]


def fits(each: Put, chosen: Filter) -> bool:
    """What a filter means, in plain words."""
    asked = ((chosen.workflow, each.workflow), (chosen.state, each.state), (chosen.unit, each.unit))
    seen = chosen.units is None or each.unit is None or each.unit in chosen.units or each.assignee in chosen.besides
    return seen and (chosen.holders is None or each.assignee in chosen.holders) and all(wanted in (None, is_so) for wanted, is_so in asked)


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    """Some hundred cases; some have no clock, some two, some have ended."""
    open_case(database, "R-0")
    chance = Random(5)
    put = tuple(_put(chance, nth) for nth in range(240))
    with database.write() as connection:
        model = dict(connection.execute(select(cases)).mappings().one())
        connection.execute(insert(cases), [{**model, **_row(each)} for each in put])
        connection.execute(insert(timers), [row for each in put for row in _timers(each)])
    with database.read() as reader:
        yield Shop(reader, put)


def _put(chance: Random, nth: int) -> Put:
    due_at = NOW + timedelta(minutes=chance.randrange(-3000, 3000)) if chance.random() < 0.8 else None
    return Put(
        f"id-{nth:03}",
        "mending" if nth % 9 else "rare",
        chance.choice(STATES),
        chance.choice((None, "shop", "depot")),
        chance.choice((None, "u01", "u02")),
        chance.random() < 0.85,
        NOW - timedelta(days=1, minutes=chance.randrange(3000)),
        due_at,
    )


def _row(each: Put) -> dict[str, object]:
    return {
        "id": each.id,
        "number": each.id.replace("id", "R"),
        "workflow": each.workflow,
        "state": each.state,
        "unit": each.unit,
        "assignee": each.assignee,
        "outcome": None if each.is_open else "success",
        "opened_at": encode_instant(each.opened_at),
        "reference": None,
    }


def _timers(each: Put) -> list[dict[str, object]]:
    if each.due_at is None or not each.is_open:
        return []
    armed = {"case_id": each.id, "cycle": 1, "standing": "running", "repetition": 0, "provisional": 0, "edition": 0}
    second = [{**armed, "clock": "second", "due_at": encode_instant(each.due_at + timedelta(hours=1))}] if each.unit == "shop" else []
    return [{**armed, "clock": "first", "due_at": encode_instant(each.due_at)}, *second]


def columns(shop: Shop, chosen: Filter) -> dict[str, dict[str, int]]:
    """The columns with their counts, as whoever asks for piles has them."""
    counts = {state: count for (_, state), count in standing(shop.reader, chosen).items()}
    found = {name: {state: counts[state] for state in states if state in counts} for name, states in COLUMNS.items()}
    return {name: column for name, column in found.items() if column}


def naive(shop: Shop, chosen: Filter, column: str) -> tuple[int, list[str]]:
    """How many are late, and all ids in the order of the time that is left."""
    meant = [each for each in shop.meant(chosen) if each.state in COLUMNS[column]]
    meant.sort(key=lambda each: (each.due_at or LATER, each.opened_at, each.id))
    return sum(each.due_at is not None and each.due_at <= NOW for each in meant), [each.id for each in meant]


def test_each_state_has_as_many_cases_as_stand_there(shop: Shop) -> None:
    for chosen in FILTERS:
        expected = Counter((each.workflow, each.state) for each in shop.meant(chosen))
        found = standing(shop.reader, replace(chosen, workflow="mending"))
        assert found == {place: count for place, count in expected.items() if place[0] == "mending"}, chosen
    assert sum(standing(shop.reader, Filter()).values()) == len(shop.meant(Filter())) + 1  # and the one of the story


def test_a_small_column_is_counted_and_sorted_whole(shop: Shop) -> None:
    for chosen in (replace(each, workflow="mending") for each in FILTERS):
        wanted = columns(shop, chosen)
        found = piles(shop.reader, wanted, chosen, NOW, limit=500)
        assert found == {name: Pile(late, tuple(ids)) for name in wanted for late, ids in [naive(shop, chosen, name)]}, chosen


def test_a_large_column_begins_with_the_same_cases(shop: Shop) -> None:
    for chosen in (replace(each, workflow="mending") for each in FILTERS):
        for name, pile in piles(shop.reader, columns(shop, chosen), chosen, NOW, limit=7, few=0).items():
            late, ids = naive(shop, chosen, name)
            dated = [each.id for each in shop.meant(chosen) if each.due_at is not None]
            assert pile.overdue == late
            assert [id for id in pile.first if id in dated] == [id for id in ids if id in dated][:7]
            assert len(pile.first) == min(7, len(ids))
            assert set(pile.first) <= set(ids)


def test_who_asks_only_for_what_is_late_is_shown_nothing_else(shop: Shop) -> None:
    chosen = Filter(workflow="mending")
    for few in (0, 5000):
        for name, pile in piles(shop.reader, columns(shop, chosen), chosen, NOW, limit=500, only_late=True, few=few).items():
            late, ids = naive(shop, chosen, name)
            assert pile.first == tuple(ids[:late])


def test_what_lies_beyond_the_walk_is_counted_and_the_column_is_filled_all_the_same(shop: Shop) -> None:
    for chosen in (replace(each, workflow="mending") for each in FILTERS):
        for name, pile in piles(shop.reader, columns(shop, chosen), chosen, NOW, limit=15, few=0, walked=8).items():
            late, ids = naive(shop, chosen, name)
            assert pile.overdue == late, chosen
            assert pile.first[:1] == tuple(ids[:1]) or ids[0] not in {each.case_id for each in walk(shop.reader, [], walked=8).met}
            assert len(set(pile.first)) == min(15, len(ids))
            assert set(pile.first) <= set(ids)


def test_a_walk_meets_each_case_once_and_knows_how_far_it_saw(shop: Shop) -> None:
    dated = sorted((encode_instant(each.due_at), each.id) for each in shop.meant(Filter()) if each.due_at is not None)
    every = walk(shop.reader, [])
    assert [(each.due_at, each.case_id) for each in every.met] == dated
    assert every.until is None
    some = walk(shop.reader, [], walked=20)
    assert some.met == every.met[: len(some.met)]
    assert some.met[-1].due_at is not None
    assert some.until is not None
    assert some.met[-1].due_at <= some.until
