"""Proves that what is stored is what was decided: every chain whole, every case row the fold of its history, every timer what
that case makes, every line of the ledger a rung in the history, every family of one mind, every file there.

Works from the stored bytes, so it finds what was changed past the program, with direct access to the database. What it
cannot see is a rewriting of everything, heads included; an anchor outside of the database is needed for that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Table, null, select

from engine.core.case import Case
from engine.core.effect import ArmTimer
from engine.core.event import Event
from engine.core.evolve import replay
from engine.errors import Damaged
from engine.label import Label
from engine.store.agreement import Contents, Families
from engine.store.chain import START, commit, link
from engine.store.database import Database
from engine.store.failure import SENSELESS, Unreadable
from engine.store.history import read_entry
from engine.store.intent import firing_rows, timer_row
from engine.store.reader import Reader
from engine.store.record import KindsOf, Row
from engine.store.schema import cases, errands, firings, history, incidents, personal, timers
from engine.store.snapshot import decode_snapshots, select_snapshot

FindingKind = Literal[
    "edited", "removed", "swapped", "added", "cut_off", "forged", "personal", "timer", "firing", "family", "file", "orphan", "definition"
]  # fmt: skip
TimersOf = Callable[[Case], Iterable[ArmTimer]]
"""The timers that a case makes; only its definition can tell."""
_BATCH = 200
_SENTENCES: Mapping[FindingKind, Label] = {
    "edited": Label("第 {seq} 条历史记录被改动，或不再与前一条相接", "History entry {seq} was edited, or no longer follows the one before"),
    "removed": Label("第 {seq} 条历史记录被删除", "History entry {seq} was removed"),
    "swapped": Label("第 {seq} 条历史记录被调换了位置", "History entry {seq} was moved to another place"),
    "added": Label("第 {seq} 条历史记录不属于本工单", "History entry {seq} was added; the case row knows nothing of it"),
    "cut_off": Label("自第 {seq} 条起的历史记录被截去", "The history is cut off from entry {seq} on"),
    "forged": Label("工单行与其历史不符", "The case row is not what its history makes"),
    "personal": Label("第 {seq} 条历史记录的个人信息被改动或删除", "A personal value of history entry {seq} was changed or removed"),
    "timer": Label("时限的计时与工单历史不符", "The timers are not what the history of the case makes"),
    "firing": Label("提醒台账与工单历史不符", "The ledger of reminders is not what the history of the case tells"),
    "family": Label("工单与其上级工单或子工单互不相认", "The case and its parent, or one of its children, do not know each other"),
    "file": Label("工单所附文件缺失或已被改动", "A file that the case holds is missing or was changed"),
    "orphan": Label(
        "有历史记录、个人信息、计时、台账、待转事项或异常，却没有工单",
        "There are history, personal values, timers, a ledger, errands or incidents without a case",
    ),
    "definition": Label("工单所用的流程定义缺失或已被改动", "The definition that the case is pinned to is missing or was changed"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was decided. `case` is the case's number, or its id where the case row is gone."""

    case: str
    seq: int | None
    kind: FindingKind

    @property
    def sentence(self) -> Label:
        """What is wrong, in words."""
        return _SENTENCES[self.kind].fill(seq=self.seq)


@dataclass(frozen=True, slots=True)
class Verified:
    """One case that was looked at."""

    case: str
    entries: int
    findings: tuple[Finding, ...]


def verify(database: Database, timers_of: TimersOf | None = None) -> Iterator[Verified]:
    """Every case by id, then what belongs to no case. Holds no lock, so it may run beside the work.

    Without `timers_of` the timers are not looked at.
    """
    after, contents = "", Contents()
    while True:
        with database.read() as reader:
            chosen = select(cases.c.id).where(cases.c.id > after).order_by(cases.c.id).limit(_BATCH)
            ids = list(reader.connection.execute(chosen).scalars())
            if not ids:
                yield from _orphans(reader)
                return
            yield from _verify_cases(reader, ids, timers_of, contents)
        after = ids[-1]


@dataclass(frozen=True, slots=True)
class _Stored:
    """All rows of one case."""

    case: Sequence[Any]
    entries: Sequence[Any]
    values: Sequence[Any]
    timers: Sequence[Any]
    firings: Sequence[Any]

    @property
    def number(self) -> str:
        """What findings call it."""
        number: str = self.case[0].number
        return number


def _verify_cases(reader: Reader, ids: Sequence[str], timers_of: TimersOf | None, contents: Contents) -> Iterator[Verified]:
    def within(table: Table, *order: Any) -> dict[str, list[Any]]:
        apart: dict[str, list[Any]] = {id: [] for id in ids}
        for row in reader.connection.execute(select(table).where(table.c.case_id.in_(ids)).order_by(*order)):
            apart[row.case_id].append(row)
        return apart

    beside = [within(history, history.c.case_id, history.c.seq), *(within(table) for table in (personal, timers, firings))]
    rows: dict[str, list[Any]] = {}
    for row in reader.connection.execute(select_snapshot().where(cases.c.id.in_(ids))):
        rows.setdefault(row.id, []).append(row)
    sound: dict[str, Case] = {}
    found = [
        Verified(stored.number, len(stored.entries), tuple(_examine(stored, reader.kinds_of, timers_of, sound)))
        for stored in (_Stored(of_one, *(table[id] for table in beside)) for id, of_one in sorted(rows.items()))
    ]
    families = Families.of(reader, sound.values())
    for each in found:
        case = sound.get(each.case)
        others = _examine_others(reader, case, families, contents) if case is not None else ()
        yield replace(each, findings=(*each.findings, *others))


def _examine_others(reader: Reader, case: Case, families: Families, contents: Contents) -> Iterator[Finding]:
    if not families.agree_with(case):
        yield Finding(case.number, None, "family")
    if not contents.are_whole(reader, case):
        yield Finding(case.number, None, "file")


def _examine(stored: _Stored, kinds_of: KindsOf, timers_of: TimersOf | None, sound: dict[str, Case]) -> Iterator[Finding]:
    """What is wrong with one case; it is added to `sound` when it is the fold of its history."""
    number, entries, seq = stored.number, stored.entries, stored.case[0].seq
    found = [*_examine_chain(number, entries, seq), *_examine_personal(number, entries, stored.values)]
    yield from found
    last = entries[-1].seq if entries else 0
    if last < seq:
        yield Finding(number, last + 1, "cut_off")
    elif not found:
        try:
            yield from _examine_fold(stored, kinds_of, timers_of, sound)
        except Damaged:  # without its definition a case cannot be read; its chain was proved above all the same
            yield Finding(number, None, "definition")


def _examine_chain(number: str, entries: Sequence[Any], seq: int) -> Iterator[Finding]:
    previous: str | None = START
    expected = 1
    for row in entries:
        for missing in range(expected, row.seq):
            yield Finding(number, missing, "removed")
            previous = None  # what this entry was chained to is gone with the removed one
        if row.seq > seq:
            yield Finding(number, row.seq, "added")
        elif previous is not None and _link(previous, row, row.seq) != row.hash:
            yield Finding(number, row.seq, "swapped" if _belongs_elsewhere(row, entries) else "edited")
        previous, expected = row.hash, row.seq + 1


def _belongs_elsewhere(row: Any, entries: Sequence[Any]) -> bool:
    """Whether the entry is whole, only at another place of this history."""
    places = {other.seq for other in entries} - {row.seq}
    hashes = [START, *(other.hash for other in entries)]
    return any(_link(previous, row, place) == row.hash for place in places for previous in hashes)


def _link(previous: str, row: Any, seq: int) -> str:
    return link(
        previous,
        case_id=row.case_id,
        seq=seq,
        at=row.at,
        kind=row.kind,
        door=row.door,
        principal=row.principal,
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        reason=row.reason,
        cause=row.cause,
        digest=row.digest,
        body=row.body,
    )


def _examine_personal(number: str, entries: Sequence[Any], values: Sequence[Any]) -> Iterator[Finding]:
    kept = {(row.seq, row.field): row for row in values}
    for entry in entries:
        for field, commitment in _commitments(entry).items():
            row = kept.pop((entry.seq, field), None)
            if row is None or (row.value is not None and not _is_committed(row, commitment)):
                yield Finding(number, entry.seq, "personal")
    for seq, _ in sorted(kept):
        yield Finding(number, seq, "personal")


def _commitments(entry: Any) -> Mapping[str, Any]:
    try:
        return dict(json.loads(entry.body).get("personal", {}))
    except (ValueError, AttributeError, TypeError):
        return {}  # an unreadable body is found by its hash


def _is_committed(row: Any, commitment: object) -> bool:
    try:
        return commit(row.salt, row.value) == commitment
    except ValueError:
        return False


def _examine_fold(stored: _Stored, kinds_of: KindsOf, timers_of: TimersOf | None, sound: dict[str, Case]) -> Iterator[Finding]:
    try:
        events = _events(stored, kinds_of)
        case = replay(events.values())
        is_fold = stored.case[0].head == stored.entries[-1].hash and case == decode_snapshots(stored.case, kinds_of)[0].case
    except (Unreadable, *SENSELESS):
        is_fold = False
    if not is_fold:
        yield Finding(stored.number, None, "forged")
        return
    sound[case.number] = case
    yield from _examine_firings(stored, events)
    if timers_of is not None and not _are_made_by(case, stored.timers, timers_of):
        yield Finding(stored.number, None, "timer")


def _events(stored: _Stored, kinds_of: KindsOf) -> Mapping[int, Event]:
    beside: dict[int, dict[str, str | None]] = {}
    for row in stored.values:
        beside.setdefault(row.seq, {})[row.field] = row.value
    return {row.seq: read_entry(row, beside.get(row.seq, {}), kinds_of(row.digest)).event for row in stored.entries}


def _examine_firings(stored: _Stored, events: Mapping[int, Event]) -> Iterator[Finding]:
    kept: list[Row] = [dict(row._mapping) for row in stored.firings]
    for seq, event in events.items():
        for line in firing_rows(stored.case[0].id, (event,)):
            if line in kept:
                kept.remove(line)
            else:
                yield Finding(stored.number, seq, "firing")
    for _ in kept:
        yield Finding(stored.number, None, "firing")


def _are_made_by(case: Case, rows: Sequence[Any], timers_of: TimersOf) -> bool:
    try:
        made = {timer.clock: timer_row(case, timer) for timer in timers_of(case)}
    except SENSELESS:  # its definition knows no such clock
        return False
    return made == {row.clock: dict(row._mapping) for row in rows}


def _orphans(reader: Reader) -> Iterator[Verified]:
    for table in (history, personal, timers, firings):
        yield from _without_case(reader, table.c.case_id, table.c.seq if "seq" in table.c else null().label("seq"))
    for column in (errands.c.target_id, errands.c.source_id, incidents.c.case_id):
        yield from _without_case(reader, column, null().label("seq"))


def _without_case(reader: Reader, column: Column[Any], seq: ColumnElement[Any]) -> Iterator[Verified]:
    lost = select(column, seq).outerjoin(cases, cases.c.id == column).where(column.is_not(None), cases.c.id.is_(None))
    for case_id, place in reader.connection.execute(lost.distinct()):
        yield Verified(case_id, 0, (Finding(case_id, place, "orphan"),))
