"""The case row: a Case as columns and back. Personal values are not in it; they are read beside it and laid over its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from engine.core.case import Case, Parent, Performance
from engine.core.codec import (
    Json,
    Kinds,
    canonical,
    decode_changes,
    decode_children,
    decode_instant,
    decode_runs,
    decode_signing,
    decode_value,
    encode_children,
    encode_instant,
    encode_parent,
    encode_runs,
    encode_signing,
    encode_value,
    parsed,
)
from engine.store.failure import SENSELESS, unreadable
from engine.store.record import KindsOf, Record
from engine.store.schema import COMMENT, STAFF_VERSION, cases, meta, personal

_COLUMNS = (
    cases.c.id,
    cases.c.number,
    cases.c.workflow,
    cases.c.digest,
    cases.c.unit,
    cases.c.state,
    cases.c.outcome,
    cases.c.document,
    cases.c.assignee,
    cases.c.visit,
    cases.c.opened_at,
    cases.c.entered_at,
    cases.c.ended_at,
    cases.c.last_at,
    cases.c.seq,
    cases.c.revision,
    cases.c.head,
    cases.c.subject,
)
STAFF = len(_COLUMNS)
"""Where each row tells the version of the staff, so that knowing it costs no journey."""
CLOCK = STAFF + 1
"""Where each row tells the server's time, for the same reason; empty where it was not asked."""
BESIDE = CLOCK + 1
"""Where each row has a personal value: seq, field and JSON text; all empty where there is none."""
_since = itemgetter(BESIDE)
NO_CLOCK: ColumnElement[Any] = literal_column("NULL")


def select_snapshot(clock: ColumnElement[Any] = NO_CLOCK) -> Select[Any]:
    """The case row once for each of its personal values, in any order, so that one statement reads the whole case."""
    beside = (personal.c.case_id == cases.c.id) & (personal.c.field != literal_column(f"'{COMMENT}'"))
    staff = select(meta.c.value).where(meta.c.key == literal_column(f"'{STAFF_VERSION}'")).scalar_subquery()
    columns = (*_COLUMNS, staff.label("staff"), clock.label("clock"), personal.c.seq.label("since"), personal.c.field, personal.c.value)
    return select(*columns).select_from(cases.outerjoin(personal, beside))


def decode_snapshot(rows: Sequence[Sequence[Any]], kinds_of: KindsOf) -> Record:
    """The record that the rows of `select_snapshot` for one case hold. Raises Unreadable when they make no sense."""
    kinds = kinds_of(rows[0][3])
    try:
        return _decode(rows, kinds)
    except SENSELESS as error:
        raise unreadable(rows[0][1]) from error


def _decode(rows: Sequence[Sequence[Any]], kinds: Kinds) -> Record:
    row = rows[0]
    document = parsed(row[7])
    data = decode_changes(document["data"], kinds)
    for told in rows if len(rows) == 1 else sorted(rows, key=_since):
        field, text = told[BESIDE + 1 :]
        if field is not None:
            data[field] = None if text is None else decode_value(kinds[field], parsed(text))
    case = Case(
        id=row[0],
        number=row[1],
        workflow=row[2],
        digest=row[3],
        unit=row[4],
        state=row[5],
        outcome=row[6],
        data={field: value for field, value in data.items() if value is not None},
        assignee=row[8],
        performed=_decode_performed(document),
        visit=row[9],
        opened_at=decode_instant(row[10]),
        entered_at=decode_instant(row[11]),
        ended_at=decode_optional(row[12]),
        last_at=decode_instant(row[13]),
        seq=row[14],
        revision=row[15],
        clocks=decode_runs(document["clocks"]) if "clocks" in document else {},
        edition=document.get("edition", 0),
        parent=Parent(**document["parent"]) if "parent" in document else None,
        children=decode_children(document["children"], kinds) if "children" in document else {},
        signing=decode_signing(document["signing"], kinds) if "signing" in document else {},
    )
    held = document.get("claims")
    claims = frozenset((field, value) for field, value in held) if held else frozenset()
    return Record(case, row[16], claims, row[17], document["performed"])


def _decode_performed(document: Mapping[str, Any]) -> tuple[Performance, ...]:
    performed = [
        Performance(row[0], row[1], row[2], decode_instant(row[3])) if len(row) == 4 else _cosigned(row)  # rarely
        for row in document["performed"]
    ]
    for place in document.get("undone", ()):
        performed[place] = replace(performed[place], undone=True)
    return tuple(performed)


def _cosigned(row: Sequence[Any]) -> Performance:
    step, actor, behalf, at, *cosigners = row
    return Performance(step, actor, behalf, decode_instant(at), cosigners=tuple(cosigners))


def decode_snapshots(rows: Sequence[Sequence[Any]], kinds_of: KindsOf) -> list[Record]:
    """The records of several cases, in the order of their rows."""
    apart: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        apart.setdefault(row[0], []).append(row)
    return [decode_snapshot(of_one, kinds_of) for of_one in apart.values()]


def encode_document(case: Case, apart: frozenset[str], held: frozenset[tuple[str, str]], kinds: Kinds, written: Sequence[Json] = ()) -> str:
    """The JSON text of what has no column: data without the personal fields, performed steps, clocks, family, signatures, claims held.

    `written`: the first performed steps as they are stored already; what is done never changes, so they are not encoded anew. That
    one was undone stands beside them.
    """
    document: dict[str, Json] = {
        "data": {field: encode_value(kinds[field], value) for field, value in case.data.items() if field not in apart},
        "performed": [
            *written,
            *[_written(done) for done in case.performed[len(written) :]],
        ],
    }
    if case.clocks:
        document["clocks"] = encode_runs(case.clocks)
    if case.edition:
        document["edition"] = case.edition
    undone: list[Json] = [place for place, done in enumerate(case.performed) if done.undone]
    if undone:
        document["undone"] = undone
    if case.parent is not None:
        document["parent"] = encode_parent(case.parent)
    if case.children:
        document["children"] = encode_children(case.children, kinds)
    if case.signing:
        document["signing"] = encode_signing(case.signing, kinds)
    if held:
        document["claims"] = [[field, value] for field, value in sorted(held)]
    return canonical(document)


def _written(done: Performance) -> Json:
    return [done.step, done.actor, done.on_behalf_of, encode_instant(done.at), *done.cosigners]


def optional_instant(instant: datetime | None) -> str | None:
    """The instant as text, or None."""
    return None if instant is None else encode_instant(instant)


def decode_optional(text: str | None) -> datetime | None:
    """The instant that `optional_instant` wrote."""
    return None if text is None else decode_instant(text)
