"""Whoever looks at the measured pages: one client with one connection, that also knows what the processes which serve it have spent."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles

import psycopg

TURNS = 40
"""So often a page is asked for: a person may search in vain a hundred times, and does on two pages."""
ENOUGH = 5_000.0
"""Milliseconds for one page: after them it is not asked any more, but at least ten times."""
SHOWN = (200, 204, 303)
"""Whoever finds the one case that he meant is led to it; nothing new is 204."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A page as somebody got it: milliseconds by the clock and on the processors for each time, bytes as sent, and the page itself.

    `first`: how long it took for the first time.
    """

    first: float
    taken: Sequence[float]
    spent: Sequence[float]
    sent: int
    page: bytes


def p50_p95(milliseconds: Sequence[float]) -> tuple[float, float]:
    """The median, and what one of twenty takes longer than."""
    return median(milliseconds), quantiles(milliseconds, n=20, method="inclusive")[18]


@dataclass(frozen=True, slots=True)
class Client:
    """`server`: the process that is asked; `database`: the address of a PostgreSQL, whose processes are counted too."""

    port: int
    server: int | None = None
    database: str | None = None

    def ask(self, path: str, secret: str, turns: int) -> Measured | None:
        """The page, again and again; None where it is not for this one."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"aftercare-session={secret}; aftercare-language=zh", "Accept-Encoding": "gzip"}
        taken: list[float] = []
        spent: list[float] = []
        body, is_packed, processes = b"", False, self._processes()
        while len(taken) <= turns and (sum(taken) < ENOUGH or len(taken) <= 10):
            if len(taken) == 1:
                processes = self._processes()  # a database has one for each connection: now there are all that it takes
            before, began = _spent(processes), time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body, is_packed = answer.read(), answer.getheader("content-encoding") == "gzip"
            taken.append((time.perf_counter() - began) * 1e3)
            after = _spent(processes)
            spent.append(sum(after[each] - before[each] for each in after if each in before))
            if answer.status in (403, 404):
                return None
            assert answer.status in SHOWN, f"{path}: {answer.status}"
        connection.close()
        return Measured(taken[0], taken[1:], spent[1:], len(body), gzip.decompress(body) if is_packed else body)

    def _processes(self) -> list[int]:
        found = [self.server] if self.server is not None else []
        if self.database is not None:
            with psycopg.connect(self.database.replace("+psycopg", ""), autocommit=True) as connection:
                theirs = "datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                found += [pid for (pid,) in connection.execute(f"SELECT pid FROM pg_stat_activity WHERE {theirs}")]
        return found


def _spent(processes: Iterable[int]) -> dict[int, float]:
    """Milliseconds that each of these has spent on the processors so far, if it has not ended."""
    found = {}
    for each in processes:
        with suppress(OSError):
            # The clock of another process, as clock_getcpuclockid(3) makes its number; Python knows only those of threads.
            found[each] = time.clock_gettime((~each << 3) | 2) * 1e3
    return found
