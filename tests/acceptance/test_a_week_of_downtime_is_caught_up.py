"""After a week in which no worker was there every timer is dealt with, oldest first, by the policy of its rung (reliability bar 11).

20 000 timers on 1 000 cases, a tenth of them closed meanwhile and one clock of twenty with three rungs overdue; in full a million,
and 20 000 by two workers on a server, for which the quick form has 4 000. The clock of the tests stands still while workers work,
so that what falls due meanwhile is not seen here.
"""

from __future__ import annotations

import resource
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

import pytest

from engine.app import Application
from engine.store.database import Database
from engine.store.firings import Firing, ledger
from tests.postgresql import patient
from tests.rig.child import Child
from tests.rig.crowd import DOWN_UNTIL, MORNING, Expected, differences, document, gather
from tests.rig.desk import Desk, OwnClock, found, going_by
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import START, settings

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def work(url: str) -> dict[str, object]:
    """What one worker does when it comes back: sweep and relay at night, and relay again in the morning."""
    began, before = perf_counter(), peak_rss()
    with Application.open(settings(url)) as app:
        clock = OwnClock(DOWN_UNTIL, timedelta(milliseconds=1))
        desk = Desk(going_by(app, clock))
        swept = desk.sweep()
        took = perf_counter() - began
        assert desk.app.relay.run_once().told == 0  # it is night
        clock.at = MORNING
        told = desk.app.relay.run_once().told
    late = swept.latest.total_seconds() / 3600
    took_in_all, grown = perf_counter() - began, peak_rss() - before
    return {"rungs": swept.rungs, "told": told, "sweep_s": took, "all_s": took_in_all, "grown_mb": grown, "late_h": late}


def peak_rss() -> float:
    """In MB, of this process and of the one that it was copied from."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def endure(url: str, timers: int, workers: int, told: Tell) -> None:
    """Found, gather, come back with so many workers, and look at what came of it."""
    run = Run(11, store_of(url))
    found(url, document=document())
    with Application.open(settings(url)) as app:
        crowd = gather(Desk(app), timers)
        app.move_time(DOWN_UNTIL)
    did = [each.ended() for each in [Child.at(lambda: work(url)) for _ in range(workers)]]
    lines = ledger_of(url)
    wrong = differences(list(crowd.expected()), as_expected(lines))
    seen = look(url)
    rungs = sum(each["rungs"] for each in did)
    run.figures = {
        "workers": workers,
        "timers": crowd.timers,
        "timers_per_s": round(rungs / max(each["sweep_s"] for each in did)),
        "worst_lateness_h": round(max(each["late_h"] for each in did), 1),
        "messages": seen.told,
        "records": seen.records,
        "catch_up_s": round(max(each["all_s"] for each in did), 1),
        "rss_growth_mb": round(max(each["grown_mb"] for each in did)),
    }
    told(run, round(rungs), len(wrong) + len(seen.violations))
    assert wrong[:3] == []
    assert seen.violations[:3] == ()
    assert rungs == len(lines)
    assert all(each.fired_at >= DOWN_UNTIL for each in lines)
    assert sum(each["told"] for each in did) == seen.told == sum(each.result == "told" for each in lines)
    if workers == 1:
        opened = [crowd.open[number] for number in dict.fromkeys(each.number for each in lines)]
        assert opened == sorted(opened)  # the cases had their turn by their oldest timer


def ledger_of(url: str) -> list[Firing]:
    """Every line of the ledger, oldest first."""
    database = Database.open(url)
    with database.read() as reader:
        lines = ledger(reader, since=START, limit=10**9)
    database.close()
    return lines


def as_expected(lines: Sequence[Firing]) -> list[Expected]:
    """The ledger, as what is expected is written."""
    return [Expected(each.number, each.clock, each.rung, each.due_at, each.result, each.into) for each in lines]


@pytest.mark.reliability
def test_one_worker_catches_up_with_20_000_timers_on_a_file(sqlite_url: str, told: Tell) -> None:
    endure(sqlite_url, 20_000, 1, told)


@pytest.mark.reliability
def test_two_workers_catch_up_with_4_000_timers_on_a_server(postgresql_url: str, told: Tell) -> None:
    endure(patient(postgresql_url), 4_000, 2, told)


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2])
def test_20_000_timers(database_url: str, workers: int, told: Tell) -> None:
    endure(database_url, 20_000, workers, told)


@pytest.mark.full
def test_one_worker_catches_up_with_a_million_timers_on_a_file(sqlite_url: str, told: Tell) -> None:
    endure(sqlite_url, 1_000_000, 1, told)


@pytest.mark.full
def test_two_workers_catch_up_with_a_million_timers_on_a_server(postgresql_url: str, told: Tell) -> None:
    endure(postgresql_url, 1_000_000, 2, told)
