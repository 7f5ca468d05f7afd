"""A PostgreSQL that syncs every commit, for the benchmarks: the tests' server on a folder of its own, with durability on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.postgresql import Server, Unavailable


@contextmanager
def postgresql_urls(count: int) -> Iterator[list[str] | None]:
    """The addresses of so many empty databases, or None where no server can run."""
    server = Server(Path(sys.prefix).resolve() / "var" / "bench", durable=True)
    try:
        server.enter()
    except Unavailable:
        yield None
        return
    try:
        with ExitStack() as databases:
            yield [databases.enter_context(server.database()) for _ in range(count)]
    finally:
        server.leave()
