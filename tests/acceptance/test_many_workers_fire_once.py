"""However many workers serve one database – threads, processes, some of them killed –, every occurrence fires once and none early.

What is due says the clock of the database (reliability bar 12): on PostgreSQL the server's, whatever the clock of the process says; a
file has the clock of its machine, which all its workers share.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import perf_counter

import pytest

from engine.app import Application
from tests.acceptance.test_a_week_of_downtime_is_caught_up import as_expected, ledger_of
from tests.postgresql import patient
from tests.rig.child import Child
from tests.rig.crowd import MORNING, Crowd, differences, document, gather
from tests.rig.desk import Desk, found
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.rig.server_clock import let_the_server_run
from tests.runtime.company import settings

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def prepared(url: str, timers: int) -> Crowd:
    """A crowd, all of whose rungs are due."""
    found(url, document=document())
    with Application.open(settings(url)) as app:
        crowd = gather(Desk(app), timers)
        app.move_time(MORNING)
    return crowd


def work(url: str, begin: Callable[[], object] = lambda: None) -> Mapping[str, object]:
    """What a worker does: sweep and relay until it has found nothing."""
    with Application.open(settings(url)) as app:
        desk = Desk(app)
        begin()
        rungs = told = 0
        while True:
            swept, relayed = desk.work()
            rungs, told = rungs + swept.rungs, told + relayed.told
            if not swept.cases and relayed.is_idle:
                return {"rungs": rungs, "told": told}


def judged(url: str, crowd: Crowd, run: Run, rungs: float | None, told: Tell) -> None:
    """Every rung is there once, as it must be; `rungs` is how many the workers say they fired, if all of them lived to say it."""
    wrong = differences(list(crowd.expected()), as_expected(ledger_of(url)))
    seen = look(url)
    fired = sum(seen.results.values())
    run.figures |= {"messages": seen.told}
    told(run, fired, len(wrong) + len(seen.violations))
    assert wrong[:3] == []
    assert seen.violations[:3] == ()
    assert rungs is None or rungs == fired


@pytest.mark.reliability
def test_threads_share_the_work(database_url: str, told: Tell) -> None:
    run, url = Run(12, store_of(database_url), figures={"workers": "4 threads"}), patient(database_url)
    crowd = prepared(url, 600)
    barrier = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        did = list(pool.map(lambda _: work(url, barrier.wait), range(4)))
    judged(url, crowd, run, sum(float(str(each["rungs"])) for each in did), told)


@pytest.mark.reliability
def test_processes_share_the_work(database_url: str, told: Tell) -> None:
    processes(patient(database_url), 2, 2_000, told)


@pytest.mark.full
def test_four_processes_share_20_000_timers(database_url: str, told: Tell) -> None:
    processes(patient(database_url), 4, 20_000, told)


def processes(url: str, workers: int, timers: int, told: Tell) -> None:
    run = Run(12, store_of(url), figures={"workers": f"{workers} processes"})
    crowd = prepared(url, timers)
    children = [Child.at(lambda: work(url)) for _ in range(workers)]
    judged(url, crowd, run, sum(each.ended()["rungs"] for each in children), told)


@pytest.mark.full
def test_workers_are_killed_and_followed_by_others(database_url: str, told: Tell) -> None:
    run = Run(12, store_of(database_url), seed=random.randrange(2**32), figures={"workers": "2 processes, killed again and again"})
    chance = random.Random(run.seed)
    crowd = prepared(database_url, 20_000)
    working = [Child.at(lambda: work(database_url)) for _ in range(2)]
    while len(ledger_of(database_url)) < len(list(crowd.expected())):
        until = perf_counter() + chance.uniform(0.05, 0.3)
        while perf_counter() < until:
            pass
        run.faults += 1
        first, *others = working
        first.kill()
        first.survived()
        working = [*others, Child.at(lambda: work(database_url))]
    for each in working:
        each.survived()
    work(database_url)
    judged(database_url, crowd, run, None, told)


def test_the_server_says_what_is_due(postgresql_url: str) -> None:
    found(postgresql_url, simulated=False, now=datetime.now(UTC))
    let_the_server_run(postgresql_url, "3 days")
    with Application.open(settings(postgresql_url)) as app:  # by the clock of this process it is due in two days
        desk = Desk(app)
        due = desk.receive("by_promise", promised=minute(timedelta(days=2)))
        not_due = desk.receive("by_promise", promised=minute(timedelta(days=4)))
        desk.sweep()
        assert sorted(desk.reached(due)) == [("due", "told"), ("due-1h", "merged")]
        assert desk.reached(not_due) == []
        desk.prove()


def test_a_process_whose_clock_is_fast_fires_nothing_early(postgresql_url: str) -> None:
    found(postgresql_url, simulated=False, now=datetime.now(UTC) - timedelta(days=1))
    let_the_server_run(postgresql_url, "-5 minutes")
    with Application.open(settings(postgresql_url)) as app:
        desk = Desk(app)
        number = desk.receive("by_promise", promised=minute(-timedelta(minutes=2)))  # past for us, but not for the server
        desk.sweep()
        assert desk.reached(number) == [("due-1h", "merged")]  # it lay before the case
    let_the_server_run(postgresql_url, "0 minutes")
    with Application.open(settings(postgresql_url)) as app:
        Desk(app).sweep()
        assert Desk(app).reached(number)[-1] == ("due", "told")
    assert look(postgresql_url, finished=False).violations == ()


def minute(away: timedelta) -> str:
    """The minute so far from now, in the time of the company."""
    return f"{(datetime.now(UTC) + away).astimezone(settings('').zone):%Y-%m-%d %H:%M}"
