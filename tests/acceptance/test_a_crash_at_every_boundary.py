"""A process killed before or after any statement of an opening or a move leaves all of it or nothing (reliability bar 2).

Through the public service, on both databases. The boundary moves on until the command completes unharmed; every boundary
has a case of its own, so those after the commit are covered too. Repeating the request with its key then has one effect.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Protocol

import pytest

from engine.app import Application
from engine.runtime.service import Answer, Key
from tests.runtime.company import Company, found, granted, settings
from tests.runtime.statements import watched


class Act(Protocol):
    """A command, of which each boundary has one of its own."""

    __name__: str

    def __call__(self, company: Company, turn: int, *, dry_run: bool = False) -> Answer: ...


Rows = dict[str, list[tuple[object, ...]]]
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def open_one(company: Company, turn: int, *, dry_run: bool = False) -> Answer:
    """An opening: it takes a number, claims a unique value and keeps its key."""
    return company.open(imei=f"0010180{turn:08}", key=Key("cli", f"open-{turn}"), dry_run=dry_run)


def move_one(company: Company, turn: int, *, dry_run: bool = False) -> Answer:
    """A move: it changes values and assignee and keeps its key."""
    return company.fire(f"DR26-{turn + 1:04}", "take", "rui", expect=1, key=Key("cli", f"move-{turn}"), dry_run=dry_run)


WHOLE: dict[Act, dict[str, int]] = {
    open_one: {"cases": 1, "history": 1, "personal": 2, "claims": 1, "requests": 1},
    move_one: {"history": 1, "requests": 1},
}
"""How many rows each table gains when the command was carried out."""


class Boundary:
    """Counts what it is told of, once armed, and ends the process at the one it stands for."""

    def __init__(self, place: int) -> None:
        self.left = place
        self.armed = False

    def passed(self, _: str) -> None:
        self.left -= self.armed
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def survives(url: str, act: Act, place: int) -> bool:
    """Whether a process that carries out the command gets past its end, with death waiting at this boundary."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            boundary = Boundary(place)
            with watched(boundary.passed, boundary.passed):
                company = Company(Application.open(settings(url)))
                granted(act(company, place, dry_run=True))  # definition and staff are in memory: from here on it is the move itself
                boundary.armed = True
                granted(act(company, place))
                boundary.passed("done, but nobody has heard of it")
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(ended) == 0
    return True


def growth(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows each table has gained, where it has."""
    return {name: len(rows) - len(before[name]) for name, rows in after.items() if len(rows) != len(before[name])}


@pytest.mark.parametrize(("act", "least"), [(open_one, 12), (move_one, 6)], ids=["open", "move"])
def test_every_boundary(database_url: str, act: Act, least: int) -> None:
    found(database_url)
    with working(database_url) as company:
        company.opened(imei="001019000000000")  # DR26-0001; from here on the counter exists
        before = prepared(company, act, 1)
    kept: list[bool] = []
    for place in count(1):
        unharmed = survives(database_url, act, place)
        with working(database_url) as company:
            kept.append(is_kept(company, act, place, before))
            if unharmed:
                company.prove()  # the case of every boundary, once
                break
            before = prepared(company, act, place + 1)
    covered = len(kept) - 1
    print(f"{act.__name__} on {database_url.partition(':')[0]}: {covered} boundaries, kept from {kept.index(True) + 1} on")
    assert covered >= least
    assert kept == sorted(kept)  # once it is kept, no later crash can take it away
    assert kept[-1]


@contextmanager
def working(url: str) -> Iterator[Company]:
    """The company as a program has it open that outlives its crash."""
    with Application.open(settings(url)) as app:
        yield Company(app)


def prepared(company: Company, act: Act, turn: int) -> Rows:
    """All rows, with the case in place that the command needs."""
    if act is move_one:
        company.opened(imei=f"0010190{turn:08}")
    return company.tables()


def is_kept(company: Company, act: Act, turn: int, before: Rows) -> bool:
    """Whether everything was written, or else nothing; the repeated request has one effect either way."""
    after = company.tables()
    kept = growth(before, after) == WHOLE[act]
    assert kept or after == before
    assert granted(act(company, turn)).repeated == kept
    assert growth(before, company.tables()) == WHOLE[act]
    return kept
