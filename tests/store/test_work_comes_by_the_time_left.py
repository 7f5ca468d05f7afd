"""What may wait for somebody is found whatever its size: exactly that, by the first deadline, then by age, and not by reading it all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import event, insert, select

from engine.core.codec import encode_instant
from engine.store import worklist
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.schema import cases, timers
from engine.store.worklist import Candidate, Narrowing, Place, Pool, Reach
from tests.store.story import START, open_case

UNITS, HOLDERS = (None, "center", "shop", "depot"), (None, "u01", "u02", "u03")
PLACES = list(product(UNITS, HOLDERS, (("received", None), ("testing", None), ("closed", "done"))))
"""Unit, holder, and state with its outcome, in every combination."""
ME = frozenset({"u01", "u02"})
HERE = Pool("repair", frozenset({"received"}), frozenset({"shop", "center"}))
EVERYWHERE = Pool("repair", frozenset({"testing", "closed"}), None)
NAMED = Pool("repair", frozenset({"testing"}), frozenset({"depot"}), persons=frozenset({"u09"}))
TO_SIGN = Pool("repair", frozenset({"received"}), frozenset({"shop"}), besides=ME)
REACHES = {
    "nothing": Reach(frozenset(), ()),
    "what he holds": Reach(ME, ()),
    "a pool": Reach(frozenset(), (HERE,)),
    "pools that overlap": Reach(ME, (HERE, EVERYWHERE, NAMED, TO_SIGN)),
    "a pool in which he is named": Reach(frozenset({"u03"}), (NAMED,)),
    "a pool without units": Reach(frozenset(), (Pool("repair", frozenset({"received"}), frozenset()),)),
    "another workflow": Reach(frozenset(), (Pool("unheard-of", frozenset({"received"}), None),)),
}
NARROWINGS = [
    Narrowing(),
    Narrowing(workflow="repair", state="received"),
    Narrowing(unit="shop"),
    Narrowing(due_by=START + timedelta(hours=30)),
    Narrowing("unheard-of"),
]


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    """Every place four times: with a clock that is due, with two, with one that pauses, with none; some are opened, or due, together."""
    open_case(database, "R-00")
    with database.write() as connection:
        connection.execute(timers.delete())
        model = dict(connection.execute(select(cases)).mappings().one())
        connection.execute(cases.update().values(outcome="done"))
        rows, armed = [], []
        for nth, (unit, holder, (state, outcome)) in enumerate(PLACES * 4):
            document = model["document"].replace('"data":{', '"data":{"helper":"u09",', 1) if nth % 3 == 0 else model["document"]
            place = {"unit": unit, "assignee": holder, "state": state, "outcome": outcome, "document": document}
            opened_at = encode_instant(START + timedelta(minutes=nth // 5))
            rows.append(model | place | {"id": f"id-{nth:03}", "number": f"R-{(nth * 7) % 193 + 1:03}", "opened_at": opened_at})
            armed += [timer(f"id-{nth:03}", clock, due) for clock, due in clocks(nth)]
        connection.execute(insert(cases), rows)
        connection.execute(insert(timers), armed)
    with database.read() as reader:
        yield reader


def clocks(nth: int) -> list[tuple[str, datetime | None]]:
    """The clocks of a case, and when each is due."""
    due = START + timedelta(hours=nth * 11 % 60)
    kinds: list[list[tuple[str, datetime | None]]] = [[("a", due)], [("a", due + timedelta(hours=5)), ("b", due)], [("a", None)], []]
    return kinds[nth // len(PLACES)]


def timer(case_id: str, clock: str, due: datetime | None) -> dict[str, object]:
    """One that runs until then, or pauses."""
    row = {"case_id": case_id, "clock": clock, "cycle": 1, "standing": "running" if due else "paused", "fires_at": None, "rung": None}
    return row | {"due_at": encode_instant(due) if due else None, "repetition": 0, "provisional": 0, "edition": 0}


def everything(reader: Reader) -> list[tuple[Candidate, str | None, str]]:
    """All cases with outcome and document, by reading all."""
    due: dict[str, str] = {}
    for case_id, due_at in reader.connection.execute(select(timers.c.case_id, timers.c.due_at).where(timers.c.due_at.is_not(None))):
        due[case_id] = min(due.get(case_id, due_at), due_at)
    found = []
    for row in reader.connection.execute(select(cases)).mappings():
        place = Place(
            datetime.fromisoformat(due[row["id"]]) if row["id"] in due else None, datetime.fromisoformat(row["opened_at"]), row["number"]
        )
        rest = (row[name] for name in ("id", "workflow", "digest", "state", "unit", "assignee"))
        found.append((Candidate(place, *rest), row["outcome"], row["document"]))
    return sorted(found, key=lambda each: each[0].place.rank)


def reaches(pool: Pool, case: Candidate, document: str) -> bool:
    """What a pool means, in plain words."""
    if case.workflow != pool.workflow or case.state not in pool.states:
        return False
    if pool.units is not None and case.unit is not None and case.unit not in pool.units:
        return False
    if pool.persons and not any(f'"{person}"' in document for person in pool.persons):
        return False
    return case.assignee is None if pool.besides is None else case.assignee is not None and case.assignee not in pool.besides


def fits(narrowing: Narrowing, case: Candidate) -> bool:
    """What a narrowing means, in plain words."""
    asked = ((narrowing.workflow, case.workflow), (narrowing.state, case.state), (narrowing.unit, case.unit))
    in_time = narrowing.due_by is None or (case.place.due_at is not None and case.place.due_at <= narrowing.due_by)
    return in_time and all(wanted in (None, found) for wanted, found in asked)


def test_exactly_what_may_wait_is_found_in_its_order(reader: Reader) -> None:
    known = everything(reader)
    for (name, reach), narrowing in product(REACHES.items(), NARROWINGS):
        wanted = [
            case
            for case, outcome, document in known
            if outcome is None and fits(narrowing, case)
            if case.assignee in reach.holders or any(reaches(pool, case, document) for pool in reach.pools)
        ]
        said = (name, narrowing)
        assert worklist.whole(reader, reach, narrowing) == wanted, said
        assert [case for page in worklist.walk(reader, reach, narrowing, at_once=17) for case in page] == wanted, said
        assert worklist.count(reader, reach, narrowing, limit=1000) == len(wanted), said
        assert worklist.count(reader, reach, narrowing, limit=3) == min(3, len(wanted)), said
        for place in wanted[:: max(len(wanted) // 4, 1)]:
            rest = [case for page in worklist.walk(reader, reach, narrowing, after=place.place, at_once=17) for case in page]
            assert rest == wanted[wanted.index(place) + 1 :], said
    assert len(worklist.whole(reader, REACHES["pools that overlap"], Narrowing())) > 5 * 17


def test_few_are_found_by_an_index(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    with sqlite.read() as reader:
        asked: list[tuple[str, object]] = []
        event.listen(reader.connection, "before_cursor_execute", lambda _c, _u, statement, values, *_: asked.append((statement, values)))
        for narrowing in NARROWINGS:
            worklist.whole(reader, REACHES["pools that overlap"], narrowing)
            worklist.count(reader, REACHES["pools that overlap"], narrowing, limit=50)
        cursor = reader.connection.connection.cursor()
        steps = [step[3] for statement, values in asked for step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()]  # type: ignore[arg-type]
    assert len(asked) == 2 * len(NARROWINGS)
    assert [step for step in steps if step.startswith(("SCAN cases", "SCAN timers"))] == []
    assert any("ix_cases_standing" in step for step in steps)
