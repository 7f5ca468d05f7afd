"""A PostgreSQL that syncs every commit, for the benchmarks: the tests' server on a folder of its own, with durability on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql import Server, Unavailable


@contextmanager
def postgresql_urls() -> Iterator[tuple[str, str] | None]:
    """The addresses of two empty databases, or None where no server can run."""
    server = Server(Path(sys.prefix).resolve() / "var" / "bench", durable=True)
    try:
        server.enter()
    except Unavailable:
        yield None
        return
    try:
        with server.database() as ours, server.database() as theirs:
            yield ours, theirs
    finally:
        server.leave()
