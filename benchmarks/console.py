"""Pages of the screen among very many cases: how long each takes at p95, for those who look at it, and how many bytes it sends.

`python -m benchmarks.console [CASES [TURNS]]` takes the house of the browser tests, opens twenty shops more, copies its cases into them
until there are so many – a third of them open, each with its timers – and serves it by `aftercare serve` on a database of each kind. One
client asks for every page so often. Beside it the same framework sends the very same page and does nothing else.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from starlette.testclient import TestClient

from benchmarks.console_client import TURNS, Client, Measured, p50_p95
from benchmarks.console_floor import serving_floor
from benchmarks.console_pages import Addresses
from benchmarks.crowded import crowd
from benchmarks.postgresql import postgresql_urls
from engine.app import Application
from engine.settings import Settings
from engine.store import accounts
from tests.browser.house import found
from tests.process import SHANGHAI
from tests.rig.served import Served
from tests.runtime.statements import watched
from tests.web.centre import UNHINDERED
from web.app import build

SIZE = 100_000
WANTED = 100.0
"""Milliseconds at p95."""
MOST_SENT = 30_000
"""Bytes of a page as it is sent."""
PEOPLE: Mapping[str, str] = {"front desk": "amy", "repair": "tom", "supervisor": "mia", "headquarters": "max", "administrator": "abe"}
"""Who looks: the first three at their shop, the others at everything."""
_HEAD = f"{'':<28} {'':<14} {'first':>6} {'p50':>7} {'p95':>7} {'cpu50':>7} {'cpu95':>7} {'floor':>6} {'sql':>4} {'kB':>6}"


def main(size: int, turns: int) -> None:
    """Measure and print each database that can run here."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        missed = measure("SQLite", f"sqlite:///{Path(folder) / 'house.db'}", size, turns, Path(folder))
        with postgresql_urls(1) as urls:
            if urls is None:
                print("      console on PostgreSQL skipped: none can run here")
            else:
                missed += measure("PostgreSQL", urls[0], size, turns, Path(folder))
    print(
        f"      {len(missed)} pages miss {WANTED:.0f} ms or {MOST_SENT // 1000} kB" + "".join(f"\n      ✗ {each}" for each in missed),
        flush=True,
    )


def measure(name: str, url: str, size: int, turns: int, folder: Path) -> list[str]:
    """Every page for everybody on one database; those that miss."""
    found(url)
    with watched(_statements.append), Application.open(Settings(url, "zh", SHANGHAI, (), ())) as app:
        addresses = Addresses(app)
        addresses |= crowd(app, size)
        asked = [(who, page, path, signed_in(app, person, page)) for page, path in addresses.pages() for who, person in PEOPLE.items()]
        counted = {(who, page): _count(client, path, secret) for client in [_inside(app)] for who, page, path, secret in asked}
    missed, shown = [], set()
    print(
        f"      {name}, {size:,} cases: milliseconds by the clock and on the processors, statements, kB as sent\n      {_HEAD}", flush=True
    )
    with serving(url, folder / f"{name}.log") as served, serving_floor() as floor:
        client = Client(served.port, served.process.pid, url if name == "PostgreSQL" else None)
        for who, page, path, secret in asked:
            ours = client.ask(path, secret, turns)
            if ours is None:
                continue
            shown.add(page)
            theirs = Client(floor.port).ask(floor.holding(ours.page), "", turns=10)
            assert theirs is not None
            is_well = p50_p95(ours.taken)[1] < WANTED and ours.sent < MOST_SENT
            told = f"{_told(ours)} {p50_p95(theirs.taken)[1]:>6.1f} {counted[who, page]:>4} {ours.sent / 1000:>6.1f}"
            print(f"      {'✓' if is_well else '✗'} {page:<26} {who:<14} {told}", flush=True)
            if not is_well:
                missed.append(f"{name}: {page}, {who}: {p50_p95(ours.taken)[1]:.0f} ms, {ours.sent / 1000:.1f} kB")
    unseen = {page for _, page, _, _ in asked} - shown
    assert not unseen, f"nobody is shown {unseen}"
    return missed


_statements: list[str] = []


def _inside(app: Application) -> TestClient:
    return TestClient(build(app, limits=UNHINDERED), "http://127.0.0.1", follow_redirects=False, client=("127.0.0.1", 1))


def _count(client: TestClient, path: str, secret: str) -> int:
    """How many statements the page takes, once it was shown before."""
    for _ in range(2):
        _statements.clear()
        client.get(path, headers={"Cookie": f"aftercare-session={secret}"})
    return sum(not each.startswith(("BEGIN", "COMMIT", "ROLLBACK")) for each in _statements)


def _told(measured: Measured) -> str:
    times = (measured.first, *p50_p95(measured.taken), *p50_p95(measured.spent))
    return f"{times[0]:>6.0f} " + " ".join(f"{each:>7.1f}" for each in times[1:])


def signed_in(app: Application, person: str, page: str) -> str:
    """The secret of a session that has begun: one for each page, since a session may ask only so often."""
    secret, now = f"bench {person} {page}", app.time.now()
    session = accounts.Session(sha256(secret.encode()).hexdigest(), person, now, now, now.replace(year=now.year + 1), None, "bench")
    with app.database.write() as connection:
        accounts.begin(connection, session)
    return secret


@contextmanager
def serving(url: str, log: Path) -> Iterator[Served]:
    """`aftercare serve` on the database, in a process of its own."""
    served = Served(url, log)
    try:
        yield served
    finally:
        served.end()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE, int(sys.argv[2]) if len(sys.argv) > 2 else TURNS)
