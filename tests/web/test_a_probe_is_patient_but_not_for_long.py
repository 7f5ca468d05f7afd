"""A probe looks once for all who ask, keeps what it saw for a while, and leaves whoever asks with something else when a look hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from web.probe import Probe


@contextmanager
def hanging() -> Iterator[Event]:
    """What a look waits for; let go at the end in any case."""
    gate = Event()
    try:
        yield gate
    finally:
        gate.set()


def test_what_was_seen_is_kept() -> None:
    seen = iter(range(9))
    kept, fleeting = Probe(lambda: next(seen), 3600), Probe(lambda: next(seen), 0, 60)

    assert [kept.wait(-1), kept.wait(-1), asyncio.run(kept.ask(-1))] == [0, 0, 0]
    assert fleeting.wait(-1) == 1


def test_a_look_that_hangs_keeps_nobody() -> None:
    with hanging() as gate:
        probe = Probe(lambda: gate.wait() and 1, 0, patience=0.01)

        assert [probe.wait(-1), asyncio.run(probe.ask(-1))] == [-1, -1]


def test_many_who_ask_meanwhile_share_one_look() -> None:
    looks: list[int] = []
    with hanging() as gate:

        def look() -> bool:
            looks.append(1)
            return gate.wait()

        probe = Probe(look, 3600, patience=60)

        async def ask_together() -> list[bool]:
            asking = [asyncio.ensure_future(probe.ask(False)) for _ in range(5)]
            await asyncio.sleep(0)
            gate.set()
            return list(await asyncio.gather(*asking))

        assert asyncio.run(ask_together()) == [True] * 5
    assert looks == [1]
