"""Catch-up: nobody swept for a week, and twenty thousand timers have rung meanwhile.

`python -m benchmarks.catch_up [TIMERS]` prints how quickly they are dealt with, how late the latest was noticed by the simulated clock,
and how many messages were written and told. Of each case both rungs were missed: the first is merged into the second.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks import workload
from benchmarks.population import populate
from benchmarks.postgresql import postgresql_urls
from benchmarks.sweep import BEGAN

TIMERS = 20_000
DOWNTIME = timedelta(days=7)


def main(timers: int) -> None:
    """Measure and print each database that can run here."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        catch_up("SQLite", f"sqlite:///{Path(folder) / 'late.db'}", timers)
    with postgresql_urls(1) as urls:
        if urls is None:
            print("      catch-up on PostgreSQL skipped: none can run here")
        else:
            catch_up("PostgreSQL", urls[0], timers)


def catch_up(name: str, url: str, timers: int) -> None:
    """Let a week pass in which nobody works, then sweep and tell."""
    with workload.company(url, simulated=True) as app:
        populate(app, openings(timers))
        app.move_time(BEGAN + DOWNTIME)
        began = perf_counter()
        swept = app.sweeper.run_once()
        reached = perf_counter()
        relayed = app.relay.run_once()
        told = perf_counter()
    assert swept.cases == relayed.told == timers
    sweeping, telling = reached - began, told - reached
    print(f"      {name}, catch-up after {DOWNTIME.days} days of {swept.cases:,} timers, {swept.rungs:,} rungs:")
    print(f"      swept in {sweeping:.1f} s, {swept.cases / sweeping:.0f} a second; noticed {swept.latest} late at worst")
    print(f"      {relayed.told:,} messages told in {telling:.1f} s, {relayed.told / telling:.0f} a second", flush=True)


def openings(timers: int) -> Iterator[datetime]:
    """Instants of one working morning."""
    for place in range(timers):
        yield BEGAN + timedelta(hours=2) * place / timers


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMERS)
