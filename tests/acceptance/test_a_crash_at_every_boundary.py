"""A process killed before or after any statement of an opening or a move leaves all of it or nothing (reliability bar 2).

Through the public service, on both databases. The boundary moves on until the command completes unharmed; every boundary
has a case of its own, so those after the commit are covered too. Repeating the request with its key then has one effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Protocol

import pytest

from engine.app import Application
from engine.runtime.answer import Answer
from engine.runtime.caller import Key
from tests.rig.boundary import survives
from tests.runtime.company import Company, found, granted, settings


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


def growth(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows each table has gained, where it has."""
    return {name: len(rows) - len(before[name]) for name, rows in after.items() if len(rows) != len(before[name])}


@pytest.mark.reliability
@pytest.mark.parametrize(("act", "least"), [(open_one, 12), (move_one, 6)], ids=["open", "move"])
def test_every_boundary(database_url: str, act: Act, least: int) -> None:
    found(database_url)
    with working(database_url) as company:
        company.opened(imei="001019000000000")  # DR26-0001; from here on the counter exists
        before = prepared(company, act, 1)
    kept: list[bool] = []
    for place in count(1):
        unharmed = survives(database_url, partial(act, turn=place, dry_run=True), partial(act, turn=place), place)
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
