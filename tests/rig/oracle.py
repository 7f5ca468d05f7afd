"""The oracle: reads the tables with SQL of its own and says which of the invariants I6 to I9 do not hold. Knows no engine code.

I6: at most one record for each occurrence, recipient and channel, and one at least for each rung that was told.
I7: every record has come to an end, and what was sent has arrived under the identity of its record, or of the digest it is in.
I8: nobody holds a delivery that he should have given back.
I9: every rung fired once, not before it was due, and none while the case was closed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

ENDED = ("delivered", "failed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One reaching of one rung of one case, as the ledger and the outbox name it."""

    case: str
    clock: str
    cycle: int
    rung: str
    repetition: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables hold: results of rungs, how many records, and everything that is wrong."""

    results: Mapping[str, int]
    records: int
    told: int
    waiting: int
    """Intents and deliveries that have not come to an end."""
    violations: tuple[str, ...]


def look(url: str, *, arrived: Iterable[str] | None = None, finished: bool = True) -> Found:
    """Look at a database. `arrived`: the local part of each Message-ID that a mail server got; `finished`: nothing may wait any more."""
    address = make_url(url)
    engine = create_engine(
        address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address, poolclass=NullPool
    )
    with engine.connect() as connection:
        history = _history(connection)
        outbox = _rows(connection, "SELECT case_id, seq, place, status, clock, cycle, rung, repetition, note FROM outbox")
        deliveries = _rows(connection, "SELECT * FROM deliveries")
        wrong = [
            *_against_the_ledger(history, _rows(connection, "SELECT * FROM firings")),
            *_fired_rightly(history),
            *_told_once(history, outbox, deliveries),
            *_merged_into_what_is_told(history),
            *(_ended(outbox, deliveries) if finished else ()),
            *(_arrived(deliveries, arrived) if arrived is not None else ()),
            *_closed_has_no_timer(connection),
        ]
    waiting = sum(row["status"] == "waiting" for row in [*outbox, *deliveries])
    results = Counter(entry["result"] for entry in _rungs(history))
    return Found(results, len(deliveries), sum(row["status"] == "told" for row in outbox), waiting, tuple(wrong))


def _rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(query)).mappings()]


def _history(connection: Connection) -> list[dict[str, Any]]:
    rows = _rows(connection, "SELECT case_id, seq, at, kind, body FROM history ORDER BY case_id, seq")
    return [{**json.loads(row.pop("body")), **row} for row in rows]


def _rungs(history: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in history if entry["kind"] == "rung_fired"]


def _of(row: Mapping[str, Any]) -> Occurrence:
    return Occurrence(row["case_id"], row["clock"], row["cycle"], row["rung"], row["repetition"])


def _against_the_ledger(history: list[dict[str, Any]], ledger: list[dict[str, Any]]) -> Iterator[str]:
    told = {(_of(entry), entry["due_at"], entry["at"], entry["result"], entry.get("into")) for entry in _rungs(history)}
    kept = {(_of(row), row["due_at"], row["fired_at"], row["result"], row["into_rung"]) for row in ledger}
    yield from (f"only in one of history and ledger: {each}" for each in told ^ kept)


def _fired_rightly(history: list[dict[str, Any]]) -> Iterator[str]:
    for occurrence, times in Counter(map(_of, _rungs(history))).items():
        if times > 1:
            yield f"fired {times} times: {occurrence}"
    case, is_open, last = None, True, ""
    for entry in history:
        if entry["case_id"] != case:
            case, last = entry["case_id"], ""
        if entry["at"] < last:
            yield f"history runs backwards: {case} {entry['seq']}"
        last = entry["at"]
        if entry["kind"] in ("opened", "moved"):
            is_open = entry["outcome"] is None
        elif entry["kind"] == "rung_fired":
            if not is_open:
                yield f"fired on a closed case: {_of(entry)}"
            if entry["at"] < entry["due_at"]:
                yield f"fired early: {_of(entry)} {entry['at']} before {entry['due_at']}"


def _told_once(history: list[dict[str, Any]], outbox: list[dict[str, Any]], deliveries: list[dict[str, Any]]) -> Iterator[str]:
    intents = Counter(_of(row) for row in outbox if row["clock"] is not None)
    for entry in _rungs(history):
        wanted = int(entry["result"] in ("told", "refused"))
        if intents.pop(_of(entry), 0) != wanted:
            yield f"{entry['result']}, but not {wanted} times in the outbox: {_of(entry)}"
    yield from (f"in the outbox without having fired: {each}" for each in intents)
    rungs = {_key(row): _of(row) for row in outbox if row["clock"] is not None}
    records = Counter((rungs.get(_key(row), _key(row)), row["recipient"], row["channel"]) for row in deliveries)
    yield from (f"{times} records: {each}" for each, times in records.items() if times > 1)
    addressed = {_key(row) for row in deliveries}
    for row in outbox:
        if (row["status"] == "told") != (_key(row) in addressed):
            yield f"{row['status']}, but {'no' if row['status'] == 'told' else 'a'} record: {_key(row)}"
        if row["status"] in ("nobody", "withdrawn") and row["note"] is None:
            yield f"{row['status']} without a word why: {_key(row)}"


def _key(row: Mapping[str, Any]) -> tuple[str, int, int]:
    return row["case_id"], row["seq"], row["place"]


def _merged_into_what_is_told(history: list[dict[str, Any]]) -> Iterator[str]:
    told = {
        (entry["case_id"], entry["at"], f"{entry['clock']}/{entry['rung']}#{entry['repetition']}"): entry["due_at"]
        for entry in _rungs(history)
        if entry["result"] == "told"
    }
    armed: dict[tuple[str, str], str] = {}
    """Since when the present deadline of a clock holds: what lay before it need not be told."""
    for entry in history:
        armed |= {(entry["case_id"], change["clock"]): entry["at"] for change in entry.get("clocks", ())}
        if entry["kind"] != "rung_fired":
            continue
        into = told.get((entry["case_id"], entry["at"], entry.get("into") or ""))
        lay_before = entry.get("into") is None and entry["due_at"] <= armed[entry["case_id"], entry["clock"]]
        if entry["result"] == "merged" and not lay_before and (into is None or into < entry["due_at"]):
            yield f"merged into nothing that was told then and is later: {_of(entry)} {entry.get('into')}"
        if entry["result"] != "merged" and entry.get("into") is not None:
            yield f"{entry['result']}, and yet merged: {_of(entry)}"


def _ended(outbox: list[dict[str, Any]], deliveries: list[dict[str, Any]]) -> Iterator[str]:
    yield from (f"still {row['status']}: {_key(row)}" for row in outbox if row["status"] == "waiting")
    for row in deliveries:
        if row["status"] not in ENDED:
            yield f"still {row['status']}: {_key(row)} {row['recipient']} {row['channel']} {row['note']}"
        elif row["lease"] is not None or row["leased_until"] is not None:
            yield f"ended and yet leased: {_key(row)} {row['recipient']} {row['channel']}"
        if row["status"] == "failed" and row["note"] is None:
            yield f"given up without a word why: {_key(row)} {row['recipient']}"


def _arrived(deliveries: list[dict[str, Any]], arrived: Iterable[str]) -> Iterator[str]:
    got = set(arrived)
    sent = [(row["digest"] or row["id"], row["status"]) for row in deliveries if row["channel"] == "email"]
    yield from (f"sent, but never arrived: {id}" for id, status in sent if status == "delivered" and id not in got)
    yield from (f"arrived without a record: {id}" for id in got - {id for id, _ in sent})


def _closed_has_no_timer(connection: Connection) -> Iterator[str]:
    query = "SELECT c.number, t.clock FROM timers t JOIN cases c ON c.id = t.case_id WHERE c.outcome IS NOT NULL"
    yield from (f"a closed case has a timer: {number} {clock}" for number, clock in connection.execute(text(query)))
