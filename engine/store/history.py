"""The history of a case as it is read: stored entries with their events, personal values laid back in where not erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import select

from engine.core.codec import EVENT_KINDS, Json, Kinds, decode_event, decode_instant
from engine.core.event import Event
from engine.store.failure import SENSELESS, unreadable
from engine.store.reader import Reader
from engine.store.record import Door
from engine.store.schema import COMMENT, cases, history, personal

_WITH_REASON = frozenset(kind for event, kind in EVENT_KINDS.items() if "reason" in {each.name for each in fields(event)})
"""The kinds of events that tell a reason; it has a column of its own."""
_ENTERING = ("opened", "moved", "undone")
"""The kinds of events by which a case comes into a state."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A stored event with its provenance. `erased` names fields whose values are gone; in the event they read as None."""

    seq: int
    at: datetime
    kind: str
    event: Event
    door: Door
    principal: str
    actor: str
    on_behalf_of: str | None
    reason: str | None
    cause: str | None
    digest: str
    hash: str
    erased: frozenset[str]


def entries(reader: Reader, number: str) -> list[HistoryEntry]:
    """All entries of a case, oldest first; empty for an unknown number. Raises Unreadable when one makes no sense."""
    chosen = select(history).join(cases, cases.c.id == history.c.case_id).where(cases.c.number == number).order_by(history.c.seq)
    return _read(reader, number, reader.connection.execute(chosen).fetchall())


def newest(reader: Reader, number: str, *, limit: int, before: int | None = None, after: int = 0) -> list[HistoryEntry]:
    """At most `limit` entries of a case, newest first, of those between two others (by seq, neither included). Raises as `entries`."""
    chosen = select(history).join(cases, cases.c.id == history.c.case_id).where(cases.c.number == number, history.c.seq > after)
    if before is not None:
        chosen = chosen.where(history.c.seq < before)
    rows = reader.connection.execute(chosen.order_by(history.c.seq.desc()).limit(limit)).fetchall()
    return _read(reader, number, rows[::-1])[::-1]


def _read(reader: Reader, number: str, rows: Sequence[Any]) -> list[HistoryEntry]:
    """Rows of one case, oldest first, as entries."""
    if not rows:
        return []
    kept = select(personal.c.seq, personal.c.field, personal.c.value)
    kept = kept.where(personal.c.case_id == rows[0].case_id, personal.c.seq.between(rows[0].seq, rows[-1].seq))
    values: dict[int, dict[str, str | None]] = {}
    for seq, field, value in reader.connection.execute(kept):
        values.setdefault(seq, {})[field] = value
    kinds = {digest: reader.kinds_of(digest) for digest in {row.digest for row in rows}}
    try:
        return [read_entry(row, values.get(row.seq, {}), kinds[row.digest]) for row in rows]
    except SENSELESS as error:
        raise unreadable(number) from error


def read_entry(row: Any, values: Mapping[str, str | None], kinds: Kinds) -> HistoryEntry:
    """One row of `history` and the personal values of its seq. One of SENSELESS when the body cannot be read."""
    body = json.loads(row.body)
    event, erased = restore(row, body, values, kinds)
    return HistoryEntry(
        seq=row.seq,
        at=event.at,
        kind=row.kind,
        event=event,
        door=row.door,
        principal=row.principal,
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        reason=row.reason,
        cause=row.cause,
        digest=row.digest,
        hash=row.hash,
        erased=erased,
    )


def restore(row: Any, body: dict[str, Json], values: Mapping[str, str | None], kinds: Kinds) -> tuple[Event, frozenset[str]]:
    """The event of an entry with its personal values, and the names of those that were erased."""
    committed = cast("dict[str, Json]", body.pop("personal", {}))
    erased = frozenset(field for field in committed if values.get(field) is None)
    body |= {"at": row.at, "actor": row.actor, "on_behalf_of": row.on_behalf_of}
    if row.kind in _WITH_REASON:
        body["reason"] = row.reason
    if row.kind == "commented":
        body["text"] = _value(values.get(COMMENT))
    elif "changes" in body:
        changes = cast("dict[str, Json]", body["changes"])
        changes |= {field: _value(values.get(field)) for field in committed}
    return decode_event(row.kind, body, kinds), erased


@dataclass(frozen=True, slots=True)
class Entrance:
    """A case came into `state` at an instant: what time spent per state and phase is counted from."""

    case_id: str
    workflow: str
    digest: str
    at: datetime
    state: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How one case came to where it stands: the states it was in, in the order in which it first came into them, and what was undone."""

    states: tuple[str, ...]
    undone: frozenset[int]
    """The seqs of the entries that were taken back."""


def course(reader: Reader, case_id: str) -> Course:
    """The course of a case; what was undone led nowhere."""
    chosen = select(history.c.seq, history.c.kind, history.c.body).where(history.c.case_id == case_id, history.c.kind.in_(_ENTERING))
    told = [(seq, kind, json.loads(body)) for seq, kind, body in reader.connection.execute(chosen.order_by(history.c.seq))]
    undone = frozenset(body["undoes"] for _, kind, body in told if kind == "undone")
    states = dict.fromkeys(body["to"] for seq, kind, body in told if kind != "undone" and seq not in undone)
    return Course(tuple(states), undone)


def entrances(reader: Reader, workflow: str | None = None) -> Iterable[Entrance]:
    """Every entering of a state, by case and in order of time; a step that stays where it is, or was undone, enters nothing."""
    chosen = (
        select(history.c.case_id, cases.c.workflow, history.c.digest, history.c.at, history.c.body, history.c.seq, history.c.kind)
        .join(cases, cases.c.id == history.c.case_id)
        .where(history.c.kind.in_(_ENTERING))
        .order_by(history.c.case_id, history.c.seq)
    )
    if workflow is not None:
        chosen = chosen.where(cases.c.workflow == workflow)
    for case_id, rows in groupby(reader.connection.execute(chosen), key=itemgetter(0)):
        told = [(row, json.loads(row.body)) for row in rows]
        taken_back = {body["undoes"] for row, body in told if row.kind == "undone"}
        for row, body in told:
            if row.kind != "undone" and row.seq not in taken_back and body.get("entered", True):
                yield Entrance(case_id, row.workflow, row.digest, decode_instant(row.at), body["to"], body["outcome"] is not None)


def _value(text: str | None) -> Json:
    return None if text is None else cast(Json, json.loads(text))
