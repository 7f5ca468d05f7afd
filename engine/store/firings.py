"""The ledger of rungs that were reached: when each should have been noticed, when it was, and what became of it. Writes nothing.

Lines are written with the decisions in which the rungs fired (`store.intent`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal, select, tuple_

from engine.core.codec import decode_instant, encode_instant
from engine.core.event import Result
from engine.store.reader import Reader
from engine.store.schema import cases, firings

MISSED: frozenset[Result] = frozenset({"merged", "skipped", "refused", "unmet"})
"""What did not become what the ladder says."""
_PAGE = 500
_KEY = (firings.c.fired_at, firings.c.case_id, firings.c.clock, firings.c.cycle, firings.c.rung, firings.c.repetition)


@dataclass(frozen=True, slots=True)
class Firing:
    """One line. `why`: the codes for which its step was refused; `into`: what it was merged into, as CLOCK/RUNG#REPETITION."""

    case_id: str
    number: str
    workflow: str
    digest: str
    clock: str
    cycle: int
    rung: str
    repetition: int
    due_at: datetime
    fired_at: datetime
    result: Result
    into: str | None
    why: tuple[str, ...]

    @property
    def lateness(self) -> timedelta:
        """How much later it was noticed than reached."""
        return self.fired_at - self.due_at

    def is_missed(self, tolerance: timedelta) -> bool:
        """Whether it did not become what the ladder says, or later than this."""
        return self.result in MISSED or self.lateness > tolerance


def ledger(reader: Reader, *, since: datetime, missed_by: timedelta | None = None, limit: int, after: Firing | None = None) -> list[Firing]:
    """At most `limit` lines from this instant on, oldest first; with `missed_by` only those missed, by their result or by so much."""
    found: list[Firing] = []
    for firing in _lines(reader, since, after):
        if len(found) == limit:
            break
        if missed_by is None or firing.is_missed(missed_by):
            found.append(firing)
    return found


def _lines(reader: Reader, since: datetime, after: Firing | None) -> Iterator[Firing]:
    """All lines from here on, read page by page."""
    while True:
        page = _page(reader, since, after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1]


def _page(reader: Reader, since: datetime, after: Firing | None) -> list[Firing]:
    query = (
        select(firings, cases.c.number, cases.c.workflow, cases.c.digest)
        .join(cases, cases.c.id == firings.c.case_id)
        .order_by(*_KEY)
        .limit(_PAGE)
    )
    if after is None:
        query = query.where(firings.c.fired_at >= encode_instant(since))
    else:  # the one condition alone: with both, SQLite seeks by the lower one and reads every page from the beginning
        place = (encode_instant(after.fired_at), after.case_id, after.clock, after.cycle, after.rung, after.repetition)
        query = query.where(tuple_(*_KEY) > tuple_(*(literal(each) for each in place)))
    return [_firing(row) for row in reader.connection.execute(query)]


def _firing(row: Any) -> Firing:
    return Firing(
        case_id=row.case_id,
        number=row.number,
        workflow=row.workflow,
        digest=row.digest,
        clock=row.clock,
        cycle=row.cycle,
        rung=row.rung,
        repetition=row.repetition,
        due_at=decode_instant(row.due_at),
        fired_at=decode_instant(row.fired_at),
        result=row.result,
        into=row.into_rung,
        why=tuple(json.loads(row.why)),
    )
