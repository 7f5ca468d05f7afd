"""P5: a thousand timers ring among many open cases: how long a sweep takes, what memory it needs, what a look costs that finds nothing.

`python -m benchmarks.sweep [CASES …]`: the numbers of open cases to compare, smallest first. Each database is made anew and swept by
a process of its own, a few times, as its simulated clock goes from one thousand to the next.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import create_engine, text

from benchmarks import workload
from benchmarks.population import populate
from benchmarks.postgresql import postgresql_urls
from benchmarks.report import show

SIZES = (10_000, 100_000)
DUE = 1_000
TURNS = 5
"""Thousands that ring, one after the other."""
LOOKS = 200
"""Looks that find nothing."""

BEGAN = datetime(2026, 9, 28, 1, tzinfo=UTC)
"""Monday, 09:00 in Shanghai. What is opened now rings after three working hours, at noon."""
RINGS = BEGAN + timedelta(hours=4, minutes=40)
"""When what was opened ten minutes later rings, ten minutes after the break at noon: the first thousand."""
APART = timedelta(minutes=10)
LATER = BEGAN + timedelta(hours=2)
"""What is opened from here on does not ring before all is over."""


def main(sizes: Sequence[int]) -> None:
    """Measure and print every size, on each database that can run here."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        compare("SQLite", sizes, [f"sqlite:///{Path(folder) / f'{size}.db'}" for size in sizes])
    with postgresql_urls(len(sizes)) as urls:
        if urls is None:
            print("P5    PostgreSQL skipped: none can run here")
        else:
            compare("PostgreSQL", sizes, urls)


def compare(name: str, sizes: Sequence[int], urls: Sequence[str]) -> None:
    """Make, sweep and print each database; then how the last compares to the first."""
    found = []
    for size, url in zip(sizes, urls, strict=True):
        make(url, size)
        asked = [sys.executable, "-m", "benchmarks.sweep", "--sweep", url]
        found.append(json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))
        print(
            f"      {name}, {size:>9,} open cases: {DUE} due swept in {found[-1]['sweep']:.3f} s, "
            f"a look that finds nothing {found[-1]['look'] * 1e3:.2f} ms, peak memory {found[-1]['memory']:.0f} MB"
        )
    first, last = found[0], found[-1]
    show("P5", f"sweep of {DUE} due on {name}, {sizes[-1]:,} / {sizes[0]:,} open cases (lower)", last["sweep"] / first["sweep"], "≤ 2.5")
    show("P5", f"the same, a look that finds nothing among {sizes[-1]:,}, in ms (lower)", last["look"] * 1e3, "≤ 1")
    show("P5", f"the same, peak memory of the sweeping process among {sizes[-1]:,}, in MB (lower)", last["memory"], "≤ 200")


def make(url: str, size: int) -> None:
    """A database of so many open cases of which, ten minutes apart, one thousand after the other rings."""
    with workload.company(url, simulated=True) as app:
        populate(app, openings(size))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself where it was not told to leave it
        else:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def openings(size: int) -> Iterator[datetime]:
    """When the cases were opened: those that will ring lie scattered evenly among the others."""
    ringing = DUE * TURNS
    every = size // ringing
    for place in range(size):
        nth, rest = divmod(place, every)
        begins = BEGAN + APART * (1 + nth % TURNS) if rest == 0 and nth < ringing else LATER
        yield begins + timedelta(microseconds=place)


def sweep(url: str) -> dict[str, float]:
    """Seconds of a sweep and of a look that finds nothing, medians; the peak of this process's memory in MB."""
    taken = []
    with workload.opened(url) as app:
        app.move_time(BEGAN + timedelta(hours=2, minutes=59))
        look = timed(app.sweeper.run_once, LOOKS)
        for turn in range(TURNS):
            app.move_time(RINGS + APART * turn + timedelta(minutes=1))
            began = perf_counter()
            swept = app.sweeper.run_once()
            taken.append(perf_counter() - began)
            assert swept.cases == DUE, f"expected {DUE} due, found {swept.cases}"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"sweep": median(taken), "look": look, "memory": memory}


def timed(work: Callable[[], object], times: int) -> float:
    """Seconds that it takes, median."""
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return median(taken)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sweep"]:
        print(json.dumps(sweep(sys.argv[2])))
    else:
        main([int(each) for each in sys.argv[1:]] or SIZES)
