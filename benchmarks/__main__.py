"""`make bench`: prints each figure beside its reference and its target. What they are: benchmarks/README.md.

P1 single durable move on SQLite · P2 on PostgreSQL (where one can run) · P6 the engine's own Python per move.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import workload
from benchmarks.core_move import seconds_per_decision
from benchmarks.floor import PostgresFloor, SqliteFloor
from benchmarks.peer import OrmPeer
from benchmarks.postgresql import postgresql_urls
from benchmarks.report import show

CASES = 300
ROUND = 70
"""Moves of one contender before the next has its turn."""

Contender = Callable[[str, str, str], None]


def main() -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        print("Contenders take turns, and a ratio is the median over their rounds; higher is better unless said otherwise.\n")
        single_moves_on_sqlite(Path(folder))
        single_moves_on_postgresql()
        own_python()


def single_moves_on_sqlite(folder: Path) -> None:
    """P1."""
    ours, *others = (workload.company(f"sqlite:///{folder / name}") for name in ("ours.db", "floor.db", "peer.db"))
    numbers = workload.open_cases(ours, CASES)
    for other in others:
        workload.open_cases(other, CASES)
    digest = ours.catalog.newest("repair-seven").digest
    floor = SqliteFloor(str(folder / "floor.db"), digest)
    peer = OrmPeer(str(folder / "peer.db"))
    seconds = in_turn(numbers, {"ours": lambda *move: workload.fire(ours, *move), "floor": floor.fire, "peer": peer.fire})
    show("P1", "one durable move, SQLite FULL, vs hand-written SQL", ratio(seconds, "floor"), "≥ 0.60")
    show("P1", "the same, vs transitions + SQLAlchemy ORM", ratio(seconds, "peer"), "≥ 3.5")
    tell(seconds)
    ours.close()
    for other in others:
        other.close()


def single_moves_on_postgresql() -> None:
    """P2, printed where a PostgreSQL can run."""
    with postgresql_urls(2) as urls:
        if urls is None:
            print("P2    skipped: no PostgreSQL can run here")
            return
        ours, theirs = (workload.company(url) for url in urls)
        numbers = workload.open_cases(ours, CASES)
        workload.open_cases(theirs, CASES)
        floor = PostgresFloor(urls[1], ours.catalog.newest("repair-seven").digest)
        seconds = in_turn(numbers, {"ours": lambda *move: workload.fire(ours, *move), "floor": floor.fire})
        show("P2", "one durable move, PostgreSQL, vs plain hand-written SQL", ratio(seconds, "floor"), "≥ 1.2")
        tell(seconds)
        ours.close()
        theirs.close()


def own_python() -> None:
    """P6."""
    show("P6", "the engine's own Python per move, in µs (lower is better)", seconds_per_decision() * 1e6, "≤ 120")


def in_turn(numbers: list[str], contenders: dict[str, Contender]) -> dict[str, list[float]]:
    """Seconds per move of each in each round, in which they take turns on the same moves."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for moves in rounds(list(workload.moves(numbers))):
        for name, fire in contenders.items():
            began = perf_counter()
            for move in moves:
                fire(*move)
            seconds[name].append((perf_counter() - began) / len(moves))
    return seconds


def rounds(moves: list[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    """The moves in portions."""
    for start in range(0, len(moves), ROUND):
        yield moves[start : start + ROUND]


def ratio(seconds: dict[str, list[float]], reference: str) -> float:
    """How many moves we make while the reference makes one: whatever slows a whole round down slows both."""
    return median(theirs / ours for theirs, ours in zip(seconds[reference], seconds["ours"], strict=True))


def tell(seconds: dict[str, list[float]]) -> None:
    """What the ratios were made of."""
    print(f"      moves per second: {', '.join(f'{name} {1 / median(taken):.0f}' for name, taken in seconds.items())}")


if __name__ == "__main__":
    main()
