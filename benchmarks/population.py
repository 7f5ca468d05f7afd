"""Databases with many open cases, made quickly: decided and encoded as always, but written by the thousand and not synced one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert

from benchmarks.workload import ROLE, WORKER
from engine.app import Application
from engine.core.command import OpenCase
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.facts import Facts
from engine.store.record import Recording, Row
from engine.store.schema import cases, history, personal, timers
from engine.store.writing import Writing, prepare
from roles.actor import Actor, Grant

TOGETHER = 5_000
"""Cases written in one transaction."""

_ZONE = ZoneInfo("Asia/Shanghai")
_ACTOR = Actor("worker", "person", frozenset({Grant(ROLE)}))
_WISH = OpenCase("receive", {"customer": "测试客户甲", "symptom": "不开机"})


def populate(app: Application, opened: Iterable[datetime]) -> None:
    """Open a case at each of these instants, with its timer armed."""
    writings = _openings(app, opened)
    while some := list(islice(writings, TOGETHER)):
        rows: dict[Table, list[Row]] = {
            cases: [columns_of(each.case) for each in some],
            history: [row for each in some for row in each.entries],
            personal: [row for each in some for row in each.personal],
            timers: [row for each in some for row in each.armed],
        }
        with app.database.write() as connection:
            for table, of_table in rows.items():
                connection.execute(insert(table), of_table)


def _openings(app: Application, opened: Iterable[datetime]) -> Iterator[Writing]:
    definition = app.catalog.newest("repair-seven")
    recording = Recording(WORKER.provenance, definition.personal, definition.version, None, None)
    ids = Random(7)  # spread like real ones, so that what is due lies scattered
    for place, instant in enumerate(opened, 1):
        case_id, number = f"{ids.getrandbits(128):032x}", f"BM26-{place:07}"
        facts = Facts(instant, _ACTOR, _ZONE, case_id=case_id, number=number, calendars=definition.calendars)
        decision = decide(definition, None, _WISH, facts)
        assert isinstance(decision, Accepted)
        yield prepare(None, decision, recording, lambda _: definition.kinds, b"")


def columns_of(case: Row) -> Row:
    """The values of a case under the names of its columns instead of those of a statement's parameters."""
    named = {name.removeprefix("new_"): value for name, value in case.items() if name != "guard"}
    return {"id": named.pop("case_id"), **named}
