"""Errands: what the decision of one case asks of another of its family, until that has been done.

They are written with the decision that asks (`store.intent`) and taken away by the unit that deals with them, so a crash between is
only a delay. Whoever deals with one reads it before he reads the case that asked: what that case does meanwhile asks anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, tuple_

from engine.core.codec import decode_instant, encode_instant
from engine.store.record import ErrandKey, ErrandKind
from engine.store.schema import cases, errands
from engine.store.snapshot import decode_optional
from engine.store.upsert import inserting, put_errand


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand: `source` asks `target` (ids of cases) to look at it, or to perform `step`, which cancels it."""

    target: str
    source: str
    kind: ErrandKind
    step: str | None
    recorded_at: datetime
    seq: int
    """The seq of the source's entry that asked last."""
    target_number: str
    source_number: str

    @property
    def key(self) -> ErrandKey:
        """What takes it away, unless it is asked anew meanwhile."""
        return ErrandKey(self.target, self.source, self.kind, self.seq)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many errands wait, and since when the oldest."""

    waiting: int
    oldest: datetime | None


_ORDER = (errands.c.recorded_at, errands.c.target_id, errands.c.source_id, errands.c.kind)


def waiting(connection: Connection, *, limit: int, after: Errand | None = None) -> list[Errand]:
    """At most `limit` errands, longest waiting first."""
    query = _select().order_by(*_ORDER).limit(limit)
    if after is not None:
        place = (encode_instant(after.recorded_at), after.target, after.source, after.kind)
        query = query.where(tuple_(*_ORDER) > tuple_(*(literal(each) for each in place)))
    return [_errand(row) for row in connection.execute(query)]


def of_source(connection: Connection, case_id: str) -> list[Errand]:
    """What a case asks of others, longest waiting first: to be tried right after its decision."""
    return [_errand(row) for row in connection.execute(_select().where(errands.c.source_id == case_id).order_by(*_ORDER))]


def ask_again(connection: Connection, child: str, parent: str, step: str, at: datetime) -> Errand:
    """Once more what a parent that has ended asked of its child: to perform the step that cancels it."""
    seq = connection.execute(select(cases.c.seq).where(cases.c.id == parent)).scalar_one()
    row = {"target_id": child, "source_id": parent, "kind": "cancel", "seq": seq, "step": step, "recorded_at": encode_instant(at)}
    connection.execute(put_errand(inserting(connection.dialect.name)), row)
    mine = (errands.c.target_id == child, errands.c.source_id == parent, errands.c.kind == "cancel")
    return _errand(connection.execute(_select().where(*mine)).one())


def backlog(connection: Connection, asked_before: datetime) -> Backlog:
    """Of what was asked before then and waits still: what health looks at."""
    mine = errands.c.recorded_at < encode_instant(asked_before)
    count, oldest = connection.execute(select(func.count(), func.min(errands.c.recorded_at)).where(mine)).one()
    return Backlog(count, decode_optional(oldest))


def _select() -> Select[Any]:
    target, source = cases.alias("target"), cases.alias("source")
    return (
        select(errands, target.c.number.label("target_number"), source.c.number.label("source_number"))
        .join(target, target.c.id == errands.c.target_id)
        .join(source, source.c.id == errands.c.source_id)
    )


def _errand(row: Any) -> Errand:
    return Errand(
        target=row.target_id,
        source=row.source_id,
        kind=row.kind,
        step=row.step,
        recorded_at=decode_instant(row.recorded_at),
        seq=row.seq,
        target_number=row.target_number,
        source_number=row.source_number,
    )
