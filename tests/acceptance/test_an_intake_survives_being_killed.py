"""An intake killed at random moments and repeated with the same file ends with every ticket once (reliability bar 1).

What was acknowledged before each kill is there afterwards, and at most the one row in hand besides.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback

import psycopg
import pytest
from sqlalchemy import select

from engine.app import Application
from engine.runtime.caller import Caller
from engine.runtime.intake import Intake, take_in
from engine.runtime.sheet import Sheet
from engine.store import cases
from engine.store.record import Provenance
from engine.store.schema import cases as case_rows
from engine.store.verification import verify
from tests.acceptance.repair_centre import WORKFLOW, found, tickets
from tests.rig.report import store_of
from tests.runtime.company import settings

INTEGRATION = Caller(Provenance("import", "os:tester"), None)
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def send(url: str, sheet: Sheet, acknowledge: int | None = None) -> Intake:
    """Take the sheet in as a program of its own does; a byte down the pipe acknowledges each row."""
    with Application.open(settings(url)) as app:

        def told(_done: int, _total: int) -> None:
            if acknowledge is not None:
                os.write(acknowledge, b".")

        return take_in(app.cases, app.catalog.newest(WORKFLOW), "receive", sheet, INTEGRATION, progress=told)


def killed_after(url: str, sheet: Sheet, rows: int, moment: float) -> int:
    """Send the sheet in another process and kill it this many seconds after so many rows; how many rows it had acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            send(url, sheet, writing)
            signal.pause()  # a quick one is killed all the same
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    acknowledged = 0
    while acknowledged < rows and (more := os.read(reading, rows - acknowledged)):
        acknowledged += len(more)
    until = time.perf_counter() + moment
    while time.perf_counter() < until:
        pass
    os.kill(child, signal.SIGKILL)
    _, ended = os.waitpid(child, 0)
    while more := os.read(reading, 4096):
        acknowledged += len(more)
    os.close(reading)
    assert os.WIFSIGNALED(ended), "the intake failed; what went wrong is printed above"
    return acknowledged


def gone(url: str) -> None:
    """Wait until a server has noticed the death of its client: it may still have committed what it had been sent."""
    if store_of(url) == "postgresql":
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
            while server.execute(OTHERS).fetchone() != (0,):
                pass


def stored(url: str) -> int:
    """How many cases there are."""
    gone(url)
    with Application.open(settings(url)) as app, app.database.read() as reader:
        return sum(each.cases for each in cases.by_state(reader))


def endure(url: str, count: int, kills: int) -> None:
    """Found, send, kill, send again … and look at what came of it."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    found(url)
    sheet = tickets(count)
    before = 0
    # Not among the last rows, so that hardly any is killed when it has ended.
    for rows in sorted(chance.sample(range(1, count - count // 4), kills)):
        acknowledged = killed_after(url, sheet, rows, chance.uniform(0, 0.01))
        # A run that is killed where the one before was may not even have come to what that one had stored.
        least, most = max(acknowledged, before), max(acknowledged + 1, before)
        before = stored(url)
        assert least <= before <= most, f"seed {seed}"
    intake = send(url, sheet)
    assert (len(intake.opened), len(intake.repeated), intake.rejected) == (count - before, before, ()), f"seed {seed}"
    with Application.open(settings(url)) as app:
        with app.database.read() as reader:
            rows_now = reader.connection.execute(select(case_rows.c.number, case_rows.c.reference)).fetchall()
        verified = list(verify(app.database))
    assert len({reference for _, reference in rows_now}) == len(rows_now) == count
    assert sorted(int(number.rpartition("-")[2]) for number, _ in rows_now) == list(range(1, count + 1))
    assert [each.case for each in verified if each.findings or each.entries != 1] == []
    assert len(verified) == count
    print(f"{url.partition(':')[0]}: {kills} kills, {count} tickets, {before} before the last run; lost 0, double 0 (seed {seed})")


@pytest.mark.reliability
def test_a_thousand_tickets_come_in_once_through_six_kills(database_url: str) -> None:
    endure(database_url, 1_000, 6)


@pytest.mark.full
def test_two_thousand_tickets_come_in_once_through_fifty_kills(database_url: str) -> None:
    endure(database_url, 2_000, 50)
