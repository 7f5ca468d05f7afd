"""Moves over HTTP: how many a second, and how long the slowest of a hundred takes, beside the same framework with hand-written SQL.

`python -m benchmarks.http`. Each server is a process with one worker of uvicorn and 64 threads; ours has its limits set so high that they
do not count. The clients are this process: connections that are kept alive, on bare sockets of asyncio, each making all moves of a case
and then of the next. Servers take turns, and a ratio is the median over their rounds. On two cores clients and server share them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from benchmarks import workload
from benchmarks.callers import Taken, divided, p99
from benchmarks.postgresql import postgresql_urls
from benchmarks.report import show
from engine.runtime.tokens import Wish
from roles.scope import Scope

CLIENTS = (1, 16, 64)
ROUNDS = 5
CASES = 64
"""Cases that are moved in a round, divided among the clients."""
THREADS = 64
Moves = Sequence[tuple[str, str, str]]


def main() -> None:
    """Measure and print each database that can run here."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        compare("SQLite", [f"sqlite:///{Path(folder) / name}.db" for name in ("ours", "floor")])
    with postgresql_urls(2) as urls:
        if urls is None:
            print("http  PostgreSQL skipped: none can run here")
        else:
            compare("PostgreSQL", urls)


def compare(name: str, urls: Sequence[str]) -> None:
    """Both servers on databases of their own, with every number of clients."""
    with ExitStack() as stack:
        apps = {which: stack.enter_context(workload.company(url)) for which, url in zip(("ours", "floor"), urls, strict=True)}
        tokens = {which: app.tokens.make(Wish("worker", "bench", Scope()), by="os:bench").secret for which, app in apps.items()}
        ports = {which: stack.enter_context(serving(which, url)) for which, url in zip(apps, urls, strict=True)}
        for clients in CLIENTS:
            taken: dict[str, Taken] = {which: [] for which in apps}
            for _ in range(ROUNDS):
                for which, app in apps.items():
                    shares = divided(workload.open_cases(app, CASES), clients)
                    taken[which].append(asyncio.run(call(ports[which], tokens[which], shares)))
            tell(name, clients, taken)


def tell(name: str, clients: int, taken: dict[str, Taken]) -> None:
    """Print our moves and our p99 beside the floor's."""
    pairs = list(zip(taken["ours"], taken["floor"], strict=True))
    show("http", f"{clients} clients on {name}, moves vs hand-written SQL", median(ours[0] / floor[0] for ours, floor in pairs), "–")
    show("http", "the same, p99 (lower is better)", median(p99(ours[1]) / p99(floor[1]) for ours, floor in pairs), "–")
    for which, rounds in taken.items():
        slow = median(p99(each) for _, each in rounds) * 1e3
        print(f"      {which}: {median(moves for moves, _ in rounds):.0f} moves per second, p99 {slow:.1f} ms", flush=True)


@contextmanager
def serving(which: str, url: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.http", which, url, str(port)], cwd=Path(__file__).parents[1])
    try:
        while process.poll() is None:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


async def call(port: int, token: str, shares: Sequence[Moves]) -> tuple[float, list[float]]:
    """All clients at once: moves per second, and the seconds of every move."""
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in shares]
    began = perf_counter()
    taken = await asyncio.gather(*(_client(*line, token, moves) for line, moves in zip(lines, shares, strict=True)))
    seconds = perf_counter() - began
    for _, writer in lines:
        writer.close()
    each = [one for of_client in taken for one in of_client]
    return len(each) / seconds, each


async def _client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, moves: Moves) -> list[float]:
    taken = []
    for number, step, minutes in moves:
        body = json.dumps({"data": {"minutes": minutes}})
        began = perf_counter()
        writer.write(
            f"POST /api/v1/cases/{number}/transitions/{step} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer = await reader.readexactly(length)
        taken.append(perf_counter() - began)
        assert head.startswith(b"http/1.1 200"), head + answer
    return taken


def serve(which: str, url: str, port: int) -> None:
    """Be one of the servers."""
    import anyio.to_thread  # noqa: PLC0415  # what only the servers need
    import uvicorn  # noqa: PLC0415
    from fastapi import FastAPI  # noqa: PLC0415

    from benchmarks import http_floor  # noqa: PLC0415
    from engine.runtime.budget import Rate  # noqa: PLC0415
    from web.app import build  # noqa: PLC0415
    from web.limits import USUAL  # noqa: PLC0415

    with workload.opened(url) as application:
        app: FastAPI
        if which == "ours":
            app = build(application, limits=replace(USUAL, per_token=Rate(1e6, 10**6)))
        else:
            app = http_floor.build(url, application.catalog.newest("repair-seven").digest)

        async def admit() -> None:
            anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS

        app.router.on_startup.append(admit)
        uvicorn.run(app, port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main()
