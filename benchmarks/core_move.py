"""P6: the engine's own Python for one move, without a database: facts in, decision, rows and outcome out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.workload import MOVES, ROLE, library
from engine.core.case import Case
from engine.core.command import Command, Fire, OpenCase
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.facts import Facts
from engine.runtime.outcome import Outcome
from engine.store.record import Provenance, Record, Recording
from engine.store.writing import prepare
from roles.actor import Actor, Grant

ROUNDS = 400


def seconds_per_decision() -> float:
    """Median over many cases of the mean of their seven moves."""
    definition = library().checked[0].compiled
    actor = Actor("worker", "person", frozenset({Grant(ROLE)}))
    recording = Recording(Provenance("cli", "os:bench"), definition.personal, 1, None, None)
    zone = ZoneInfo("Asia/Shanghai")

    def step(before: Record | None, command: Command, now: datetime) -> Record:
        case: Case | None = before.case if before is not None else None
        decision = decide(
            definition, case, command, Facts(now, actor, zone, case_id="c", number="BM26-000001", calendars=definition.calendars)
        )
        assert isinstance(decision, Accepted)
        writing = prepare(before, decision, recording, lambda _: definition.kinds, b"key")
        Outcome.of(decision)
        return writing.record

    taken: list[float] = []
    for _ in range(ROUNDS):
        now = datetime(2026, 9, 28, 1, tzinfo=UTC)
        record = step(None, OpenCase("receive", {"customer": "测试客户甲", "symptom": "不开机"}), now)
        began = perf_counter()
        for index, name in enumerate(MOVES, 1):
            record = step(record, Fire(name, {"minutes": "12"}), now + timedelta(minutes=index))
        taken.append((perf_counter() - began) / len(MOVES))
    return median(taken)
