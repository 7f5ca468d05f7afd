"""The floor: the same moves as plain SQL a careful programmer writes by hand, on our full schema, with the same durability.

It reads the same rows, checks one role and one condition in Python, and writes the same columns: the case under its guard,
one hash-linked history row, the one timer of the case, and with two of the moves an intent to tell. Hours that are worked it
reckons by a rule of its own. No definition, no typed form, no explanation.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.workload import MOVES, STATES

_READ = """SELECT cases.id, state, document, visit, cases.seq, revision, head, opened_at, personal.field, personal.value,
(SELECT value FROM meta WHERE key = 'staff_version')
FROM cases LEFT JOIN personal ON personal.case_id = cases.id WHERE number = {p}"""
_MOVE = """UPDATE cases SET state = {p}, outcome = {p}, entered_at = {p}, ended_at = {p}, last_at = {p}, visit = {p}, seq = {p},
revision = {p}, head = {p}, document = {p} WHERE id = {p} AND seq = {p}"""
_ADD = """INSERT INTO history (case_id, seq, at, kind, door, principal, actor, on_behalf_of, reason, cause, digest, body, hash)
VALUES ({p}, {p}, {p}, 'moved', 'cli', 'os:bench', 'worker', NULL, NULL, NULL, {p}, {p}, {p})"""
_ARM = """INSERT INTO timers (case_id, clock, cycle, standing, due_at, fires_at, rung, repetition, provisional, edition)
VALUES ({p}, 'idle', {p}, 'running', {p}, {p}, {p}, 1, 0, 0) ON CONFLICT (case_id, clock) DO UPDATE SET cycle = excluded.cycle,
standing = excluded.standing, due_at = excluded.due_at, fires_at = excluded.fires_at, rung = excluded.rung,
repetition = excluded.repetition, provisional = excluded.provisional, edition = excluded.edition"""
_DISARM = "DELETE FROM timers WHERE case_id = {p} AND clock = 'idle'"
_TELL = """INSERT INTO outbox (case_id, seq, place, status, recorded_at, not_before, tell, template, state, words)
VALUES ({p}, {p}, 1, 'waiting', {p}, {p}, {p}, {p}, {p}, '{{}}')"""
NEXT = dict(zip(MOVES, pairwise(STATES), strict=True))
_GRANTS = frozenset({"bench-worker"})
TOLD = {"diagnose": "progress-due", "inspect": "ready-for-pickup"}
WHO = json.dumps([["role", "bench-worker"]])
_ZONE = ZoneInfo("Asia/Shanghai")
_HOURS = ((time(9), time(12)), (time(13, 30), time(18)))
LIMIT = timedelta(hours=4)


class Statements:
    """The statements with a driver's mark for parameters."""

    def __init__(self, mark: str) -> None:
        texts = (text.format(p=mark) for text in (_READ, _MOVE, _ADD, _ARM, _DISARM, _TELL))
        self.read, self.move, self.add, self.arm, self.disarm, self.tell = texts


class SqliteFloor:
    """Hand-written SQL on SQLite: one connection, immediate transactions, full sync."""

    def __init__(self, path: str, digest: str) -> None:
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._statements = Statements("?")
        self._digest = digest

    def fire(self, number: str, step: str, minutes: str) -> None:
        """One move."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        move(run, self._statements, self._digest, number, step, minutes)
        run("COMMIT")

    def ask(self, question: str, value: str) -> tuple[Any, ...] | None:
        """The row that answers it."""
        row: tuple[Any, ...] | None = self._connection.execute(question, (value,)).fetchone()
        return row


class PostgresFloor:
    """Hand-written SQL on PostgreSQL: plain statements in one transaction, the row read under a lock."""

    def __init__(self, url: str, digest: str) -> None:
        import psycopg  # noqa: PLC0415  # only where the extra is installed

        self._connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
        self._statements = Statements("%s")
        self._statements.read += " FOR UPDATE OF cases"
        self._digest = digest

    def fire(self, number: str, step: str, minutes: str) -> None:
        """One move."""
        with self._connection.transaction():
            move(self._connection.execute, self._statements, self._digest, number, step, minutes)

    def ask(self, question: str, value: str) -> tuple[Any, ...] | None:
        """The row that answers it."""
        row: tuple[Any, ...] | None = self._connection.execute(question, (value,)).fetchone()
        self._connection.commit()
        return row

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def move(run: Any, statements: Statements, digest: str, number: str, step: str, minutes: str) -> None:
    """Read, check, write; `run` executes one statement and answers a cursor."""
    row = run(statements.read, (number,)).fetchall()[0]
    source, target = NEXT[step]
    document = json.loads(row[2])
    amount = int(minutes)
    if row[1] != source or "bench-worker" not in _GRANTS or amount >= 600 or not document["data"].get("symptom"):
        raise ValueError("refused")
    at = datetime.now(UTC)
    now = written(at)
    document["data"]["minutes"] = amount
    document["performed"].append([step, "worker", None, now])
    body = json.dumps({"step": step, "source": source, "to": target, "changes": {"minutes": amount}}, ensure_ascii=False)
    head = hashlib.sha256(f"{row[6]}{row[0]}{row[4] + 1}{now}{body}".encode()).hexdigest()
    ended = (None, None) if target != "closed" else ("success", now)
    text = json.dumps(document, ensure_ascii=False)
    values = (target, ended[0], now, ended[1], now, row[3] + 1, row[4] + 1, row[5] + 1, head, text, row[0], row[4])
    if run(statements.move, values).rowcount != 1:
        raise ValueError("lost a race")
    run(statements.add, (row[0], row[4] + 1, now, digest, body, head))
    if target == "closed":
        run(statements.disarm, (row[0],))
    else:
        run(statements.arm, (row[0], row[4] + 1, written(worked(at, LIMIT)), written(worked(at, LIMIT * 0.75)), "75%"))
    if step in TOLD:
        run(statements.tell, (row[0], row[4] + 1, now, now, WHO, TOLD[step], target))


def written(instant: datetime) -> str:
    """An instant as it is stored."""
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def worked(start: datetime, length: timedelta) -> datetime:
    """When so much working time has passed: Monday to Friday, 09:00-12:00 and 13:30-18:00 in Shanghai."""
    at = start.astimezone(_ZONE)
    day = at.date()
    while True:
        for opens, closes in _HOURS if day.weekday() < 5 else ():
            begins, ends = max(at, datetime.combine(day, opens, _ZONE)), datetime.combine(day, closes, _ZONE)
            if length <= ends - begins:
                return (begins + length).astimezone(UTC)
            length -= max(ends - begins, timedelta())
        day += timedelta(days=1)
