"""The workers of a server do what is due; what they did stands in the log, and a defect is written down instead of ending the server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

from tests.rig.desk import found, local, open_desk
from web.logs import log_to
from web.workers import Workers

PATIENCE = 30
"""Seconds for which a test waits for what must come."""


def written_until(stream: io.StringIO, holds: Callable[[str], bool]) -> list[dict[str, object]]:
    """The log, once it holds."""
    began = perf_counter()
    while not holds(stream.getvalue()):
        assert perf_counter() - began < PATIENCE, stream.getvalue()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_what_is_due_is_done_and_a_defect_is_survived(sqlite_url: str) -> None:
    now, stream = datetime.now(UTC), io.StringIO()
    found(sqlite_url, simulated=False, now=now)
    with open_desk(sqlite_url) as desk:
        number = desk.receive("by_promise", promised=local(now - timedelta(hours=1)))
        workers = Workers(desk.app, log_to(stream), every=0.05)
        workers.start()
        lines = written_until(stream, lambda text: '"swept"' in text and '"relayed"' in text)
        with desk.app.database.write() as connection:
            connection.exec_driver_sql("UPDATE meta SET value = 'nonsense' WHERE key = 'beat'")
        defect = written_until(stream, lambda text: '"defect"' in text)[-1]
        workers.stop()
        workers.join()

        assert number not in stream.getvalue()
        assert [each.number for each in desk.ledger()] == [number, number]
    (swept,) = (line for line in lines if line["event"] == "swept")
    (relayed,) = (line for line in lines if line["event"] == "relayed")
    assert (swept["cases"], swept["rungs"]) == (1, 2)
    assert relayed["told"] == 1
    assert (defect["who"], defect["level"]) == ("workers", "error")
