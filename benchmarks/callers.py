"""P3: many callers at once in one process: how many moves a second they make together, and how long the slowest of a hundred takes.

`python -m benchmarks.callers`. Each caller is a thread that makes all moves of a case, then of the next. On SQLite beside three others:
hand-written SQL on a connection a thread, hand-written SQL on one connection under a lock, and ours when no two works share a transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Lock
from time import perf_counter

from benchmarks import workload
from benchmarks.floor import PostgresFloor, SqliteFloor
from benchmarks.postgresql import postgresql_urls
from benchmarks.report import show
from engine.app import Application
from engine.store import writer

CALLERS = (1, 4, 16, 64)
ROUNDS = 5
CASES = 64
"""Cases that are moved in a round, divided among the callers."""

Fire = Callable[[str, str, str], None]
Contender = Callable[[int], Fire]
"""How the nth caller makes a move."""
Taken = list[tuple[float, list[float]]]
"""Of each round: moves per second, and the seconds of every move."""


def main() -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        for callers in CALLERS:
            on_sqlite(Path(folder), callers)
    on_postgresql()


def on_sqlite(folder: Path, callers: int) -> None:
    """One number of callers, every contender on a file of its own."""
    names = ("ours", "apart", "floor", "locked")
    apps = {name: workload.company(f"sqlite:///{folder / f'{callers}-{name}.db'}") for name in names}
    digest = apps["ours"].catalog.newest("repair-seven").digest
    floors = [SqliteFloor(str(folder / f"{callers}-floor.db"), digest) for _ in range(callers)]
    one, lock = SqliteFloor(str(folder / f"{callers}-locked.db"), digest), Lock()

    def locked(*move: str) -> None:
        with lock:
            one.fire(*move)

    contenders = {"ours": _ours(apps["ours"]), "apart": _ours(apps["apart"]), "floor": _floors(floors), "locked": lambda _: locked}
    taken = in_turn(callers, apps, contenders)
    references = {"floor": "a connection a thread", "locked": "one under a lock", "apart": "ours, each move apart"}
    compare("SQLite", callers, taken, references, "≥ 1.5" if callers == CALLERS[-1] else "–")
    for app in apps.values():
        app.close()


def on_postgresql() -> None:
    """The same beside plain SQL on a connection a thread, where a PostgreSQL can run."""
    with postgresql_urls(2) as urls:
        if urls is None:
            print("P3    PostgreSQL skipped: none can run here")
            return
        apps = dict(zip(("ours", "floor"), map(workload.company, urls), strict=True))
        digest = apps["ours"].catalog.newest("repair-seven").digest
        for callers in CALLERS:
            floors = [PostgresFloor(urls[1], digest) for _ in range(callers)]
            taken = in_turn(callers, apps, {"ours": _ours(apps["ours"]), "floor": _floors(floors)})
            compare("PostgreSQL", callers, taken, {"floor": "a connection a thread"}, "–")
            for each in floors:
                each.close()
        for app in apps.values():
            app.close()


def _ours(app: Application) -> Contender:
    return lambda _: lambda *move: workload.fire(app, *move)


def _floors(floors: Sequence[SqliteFloor | PostgresFloor]) -> Contender:
    return lambda nth: floors[nth].fire


def in_turn(callers: int, apps: dict[str, Application], contenders: dict[str, Contender]) -> dict[str, Taken]:
    """What each contender makes of each round, in which they take turns on the same moves."""
    taken: dict[str, Taken] = {name: [] for name in contenders}
    with ThreadPoolExecutor(callers) as pool:
        for _ in range(ROUNDS):
            for name, contender in contenders.items():
                shares = divided(workload.open_cases(apps[name], CASES), callers)
                with _company(1 if name == "apart" else writer.TOGETHER):
                    began = perf_counter()
                    moved = list(pool.map(lambda share, contender=contender: make(contender(share[0]), share[1]), enumerate(shares)))
                    seconds = perf_counter() - began
                each = [one for of_caller in moved for one in of_caller]
                taken[name].append((len(each) / seconds, each))
    return taken


@contextmanager
def _company(works: int) -> Iterator[None]:
    """Within it, so many works share a transaction."""
    usual, writer.TOGETHER = writer.TOGETHER, works
    try:
        yield
    finally:
        writer.TOGETHER = usual


def divided(numbers: list[str], callers: int) -> list[list[tuple[str, str, str]]]:
    """The moves of each caller, case after case."""
    return [[move for number in numbers[nth::callers] for move in workload.moves([number])] for nth in range(callers)]


def make(fire: Fire, moves: list[tuple[str, str, str]]) -> list[float]:
    """The seconds that each move took."""
    taken = []
    for move in moves:
        began = perf_counter()
        fire(*move)
        taken.append(perf_counter() - began)
    return taken


def compare(place: str, callers: int, taken: dict[str, Taken], references: dict[str, str], wanted: str) -> None:
    """Print our moves and our p99 beside each reference: the median over the rounds."""
    for name, title in references.items():
        pairs = list(zip(taken["ours"], taken[name], strict=True))
        moves = median(ours[0] / theirs[0] for ours, theirs in pairs)
        show("P3", f"{callers} callers on {place}, moves vs {title}", moves, wanted if name == "floor" else "–")
        show("P3", "the same, p99 (lower is better)", median(p99(ours[1]) / p99(theirs[1]) for ours, theirs in pairs), "–")
    for name, rounds in taken.items():
        slow = median(p99(each) for _, each in rounds) * 1e3
        print(f"      {name}: {median(moves for moves, _ in rounds):.0f} moves per second, p99 {slow:.1f} ms", flush=True)


def p99(seconds: Sequence[float]) -> float:
    """What one of a hundred takes longer than."""
    return quantiles(seconds, n=100)[98]


if __name__ == "__main__":
    main()
