"""`aftercare serve` as a process of its own: it answers, it works, and when it is asked to stop, what was begun is done first.

A request is made slow by a lock that somebody else holds on what it must write.
"""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psycopg
import pytest

from engine.app import Application
from engine.core.command import OpenCase
from engine.runtime.tokens import Wish
from roles.scope import WHOLE
from tests.postgresql import patient
from tests.rig.served import PATIENCE, Served
from tests.runtime.company import TICKET, WORKFLOW, caller, found, granted, open_company, settings

pytestmark = pytest.mark.reliability
TAKE = "/api/v1/cases/{number}/transitions/take"


def until(holds: Callable[[], object]) -> None:
    """Wait until it holds."""
    began = perf_counter()
    while not holds():
        assert perf_counter() - began < PATIENCE


@pytest.fixture
def number_and_token(database_url: str) -> tuple[str, str]:
    """A company on real time with one case, and the token of somebody who may take it."""
    found(database_url, simulated=False, now=datetime.now(UTC))
    with Application.open(settings(database_url)) as app:
        opened = granted(app.cases.open(WORKFLOW, OpenCase("receive", TICKET), caller("cai")))
        return opened.outcome.number, app.tokens.make(Wish("rui", "测试", WHOLE), by="os:tester").secret


@pytest.fixture
def serving(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers of it; those that still run at the end are killed."""
    started: list[Served] = []

    def start(*more: str) -> Served:
        started.append(Served(patient(database_url), tmp_path / f"log-{len(started)}", *more))
        return started[-1]

    yield start
    for each in started:
        each.end()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else holds what a step must write."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.rollback()
            other.close()
    else:
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as server:
            server.execute("SELECT 1 FROM cases FOR UPDATE")
            yield


@contextmanager
def slow_step(server: Served, number: str, token: str) -> Iterator[tuple[Future[tuple[int, bytes]], AbstractContextManager[None]]]:
    """A step on its way that waits for a lock, and what lets it go."""
    lock = held(server.url)
    lock.__enter__()
    with ThreadPoolExecutor(1) as caller_thread:
        answer = caller_thread.submit(server.ask, TAKE.format(number=number), token, method="POST", body="{}")
        until(lambda: server.in_flight() == 1)
        yield answer, lock


def test_it_answers_and_works(serving: Callable[..., Served], number_and_token: tuple[str, str]) -> None:
    number, token = number_and_token
    server = serving()

    until(lambda: server.health() == "ok")  # its workers have worked
    assert server.ask("/readyz") == (200, b'{"ready":true}')
    assert "with workers" in server.line
    assert server.ask(TAKE.format(number=number), token, method="POST", body="{}")[0] == 200
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(PATIENCE) == 0
    assert [line["event"] for line in server.lines()] == ["started", "request", "stopping", "stopped"]


def test_what_was_begun_is_done_before_it_stops(serving: Callable[..., Served], number_and_token: tuple[str, str]) -> None:
    number, token = number_and_token
    server = serving()
    until(lambda: server.health() == "ok")

    with slow_step(server, number, token) as (answer, lock):
        server.process.send_signal(signal.SIGTERM)
        until(server.refuses)
        was_waiting = not answer.done()
        lock.__exit__(None, None, None)
        status, body = answer.result(PATIENCE)

    assert was_waiting
    assert (status, json.loads(body)["number"]) == (200, number)
    assert server.process.wait(PATIENCE) == 0
    assert server.has_written("stopped")
    with Application.open(settings(server.url)) as app:
        assert app.views.case(number).case.state == "repairing"


def test_a_second_signal_stops_at_once_and_leaves_everything_or_nothing(
    serving: Callable[..., Served], number_and_token: tuple[str, str]
) -> None:
    number, token = number_and_token
    server = serving("--no-work")

    with slow_step(server, number, token) as (answer, lock):
        server.process.send_signal(signal.SIGTERM)
        until(server.refuses)
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(PATIENCE)
        lock.__exit__(None, None, None)

    assert code == 1
    assert isinstance(answer.exception(), ConnectionError)
    assert "without workers" in server.line
    with open_company(server.url) as company:  # proven when it closes; a server of its own may carry the step out all the same
        assert company.case(number).state in ("received", "repairing")


def test_several_processes_serve_one_database(serving: Callable[..., Served], number_and_token: tuple[str, str], database_url: str) -> None:
    number, token = number_and_token
    servers = [serving(), serving()]
    key = {"Idempotency-Key": "take-1"}

    with ThreadPoolExecutor(8) as callers, held(database_url):
        asked = [callers.submit(each.ask, TAKE.format(number=number), token, method="POST", body="{}", headers=key) for each in servers * 4]
        until(lambda: sum(each.in_flight() for each in servers) == len(asked))
    answers = {each.result(PATIENCE) for each in asked}

    assert [status for status, _ in answers] == [200]
    for each in servers:
        each.process.send_signal(signal.SIGTERM)
    assert [each.process.wait(PATIENCE) for each in servers] == [0, 0]
