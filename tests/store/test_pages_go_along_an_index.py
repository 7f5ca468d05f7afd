"""Whatever a list is narrowed to, its pages hold exactly its cases in their order, and none of them reads the whole table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import event, insert, select, text

from engine.store.cases import Cursor, Filter, Line, lines
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.schema import cases
from engine.store.search import find
from tests.store.story import open_case

PLACES = list(
    product((None, "center", "shop", "depot"), (None, "u01", "u02"), (("received", "intake", None), ("closed", "done", "success")))
)
"""Unit, holder, and state with its phase and outcome, in every combination."""
NOBODY, SHOP, SHOPS = frozenset[str](), frozenset({"shop"}), frozenset({"shop", "depot", "nowhere"})
STANDING = ((None, None, None), ("repair", None, None), ("repair", "closed", None), (None, "received", None), (None, None, "done"))
SEEN = ((None, NOBODY), (NOBODY, frozenset({"u02"})), (SHOP, frozenset({"u02"})), (SHOPS, NOBODY))
CHOSEN = [
    Filter(*standing, person="u01" if nth % 5 == 0 else None, is_open=is_open, units=SEEN[nth % 4][0], besides=SEEN[nth % 4][1])
    for nth, (standing, is_open) in enumerate(product(STANDING, (None, True, False)))
] + [
    Filter(),
    Filter(unit="shop", is_open=True, units=SHOP),
    Filter(unit="center", units=SHOP),
    Filter(holders=frozenset({"u01", "u02"}), is_open=True, units=SHOP),
    Filter(holders=NOBODY),
    Filter(workflow="unheard-of"),
]  # fmt: skip


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    """Three rounds of every place, opened one after the other, some at the same instant."""
    open_case(database, "R-00")
    with database.write() as connection:
        model = dict(connection.execute(select(cases)).mappings().one())
        rows = []
        for nth, (unit, holder, (state, phase, outcome)) in enumerate(PLACES * 3, 1):
            place = {"unit": unit, "assignee": holder, "state": state, "phase": phase, "outcome": outcome}
            opened_at = f"2026-11-26T{nth // 4:02}:00:00.000000Z"
            rows.append(model | place | {"id": f"id-{nth:02}", "number": f"R-{nth:02}", "opened_at": opened_at, "reference": f"W-{nth:02}"})
        connection.execute(insert(cases), rows)
    with database.read() as reader:
        yield reader


def fits(line: Line, chosen: Filter) -> bool:
    """What a filter means, in plain words."""
    asked = ((chosen.workflow, line.workflow), (chosen.state, line.state), (chosen.phase, line.phase), (chosen.unit, line.unit))
    seen = chosen.units is None or line.unit is None or line.unit in chosen.units or line.assignee in chosen.besides
    held = chosen.person in (None, line.assignee) and (chosen.holders is None or line.assignee in chosen.holders)
    return seen and held and all(wanted in (None, found) for wanted, found in asked) and chosen.is_open in (None, line.outcome is None)


def paged(reader: Reader, chosen: Filter) -> Iterator[Line]:
    """All cases of a list, seventeen at a time."""
    after = None
    while page := lines(reader, chosen, limit=17, after=after):
        yield from page
        after = Cursor(page[-1].opened_at, page[-1].number)


def test_pages_hold_what_the_filter_means_in_order(reader: Reader) -> None:
    everything = list(paged(reader, Filter()))
    assert len(everything) == 1 + 3 * len(PLACES)
    assert everything == sorted(everything, key=lambda line: (line.opened_at, line.number))
    for chosen in CHOSEN:
        assert list(paged(reader, chosen)) == [line for line in everything if fits(line, chosen)], chosen


def test_no_page_reads_the_whole_table(sqlite: Database) -> None:
    open_case(sqlite, "R-1")
    with sqlite.read() as reader:
        asked: list[tuple[str, object]] = []
        event.listen(reader.connection, "before_cursor_execute", lambda _c, _u, statement, values, *_: asked.append((statement, values)))
        for chosen in CHOSEN:
            lines(reader, chosen, limit=50)
            lines(reader, chosen, limit=50, after=Cursor(*next((line.opened_at, line.number) for line in lines(reader, Filter(), limit=1))))
        for exact in ("R-1", "测试客户甲", "001017000000011"):
            find(reader, exact, limit=50)
        cursor = reader.connection.connection.cursor()
        plans = {statement: cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall() for statement, values in asked}  # type: ignore[arg-type]
    steps = [step[3] for plan in plans.values() for step in plan]
    assert len(plans) > 20
    assert [step for step in steps if step.startswith(("SCAN cases", "SCAN personal")) and "INDEX" not in step] == []
    assert [step for step in steps if step.startswith("SCAN cases") and "ix_cases_open" not in step and "ix_cases_ended" not in step] == []


def test_the_scan_would_be_seen(sqlite: Database) -> None:
    with sqlite.read() as reader:
        plan = reader.connection.execute(text("EXPLAIN QUERY PLAN SELECT id FROM cases WHERE version = 1")).fetchall()
    assert plan[0][3] == "SCAN cases"
