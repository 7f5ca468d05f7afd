"""A timer against a transition of the same instant: the reminder stands before the move, or there is none (reliability bar 15).

All cases fall due at once. One thread sweeps them, oldest first, while others close, pause or pass them on, newest first and in any
order; where they meet, each has its own outcome. Nothing is dated after the close, nothing crashes on a timer that vanished.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from engine.app import Application
from engine.core.command import Fire
from engine.core.decision import Refused
from engine.core.event import Moved, RungFired
from engine.runtime.sweeper import Swept
from tests.postgresql import patient
from tests.rig.desk import Desk
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import caller, granted, settings

MOVES: Mapping[str, tuple[str, Mapping[str, str]]] = {"finish": ("rui", {}), "wait": ("rui", {}), "pass_on": ("cai", {"repairer": "ren"})}
STOPS = frozenset({"finish", "wait"})
"""After these the clock does not run."""


def race(url: str, races: int, told: Tell) -> None:
    run = Run(15, store_of(url), seed=random.randrange(2**32))
    chance = random.Random(run.seed)
    with Application.open(settings(url)) as app:
        desk = Desk(app)
        numbers = [desk.receive("repair") for _ in range(races)]
        for number in numbers:
            granted(desk.fire(number, "take", "rui"))
        desk.at("17:00")
        moves = {number: chance.choice(sorted(MOVES)) for number in numbers}
        swept, refused = at_once(url, numbers, moves, chance)
        assert refused == []
        split = Counter(outcome(desk, number, moves[number]) for number in numbers)
        desk.at("17:04")
        desk.work()  # what the moves did not stop is still there
        desk.prove()
    seen = look(url)
    lost = sum(split[move, "none"] for move in MOVES if move not in STOPS)
    run.figures = {**{f"{move}_{what}": number for (move, what), number in sorted(split.items())}, "lost": lost}
    told(run, races, len(seen.violations) + lost)
    assert seen.violations == (), run.seed
    assert lost == 0, run.seed
    assert sum(split.values()) == races
    assert sum(each.rungs for each in swept) == 2 * sum(number for (_, what), number in split.items() if what != "none")


def at_once(url: str, numbers: list[str], moves: Mapping[str, str], chance: random.Random) -> tuple[list[Swept], list[Refused]]:
    """Two programs, each with one who moves and a sweeper, let go when the first of them has done an eighth."""
    barrier, begun = Barrier(2), Event()
    backwards, shuffled = numbers[::-1][::2], numbers[::-1][1::2]
    chance.shuffle(shuffled)

    def sweep(desk: Desk) -> list[Swept]:
        assert begun.wait(30)
        return [desk.sweep() for _ in range(3)]

    def move(desk: Desk, mine: list[str]) -> list[Refused]:
        barrier.wait(30)
        answers = []
        for place, number in enumerate(mine):
            person, data = MOVES[moves[number]]
            wish = Fire(moves[number], data)
            answers.append(desk.app.cases.handle(number, wish, caller(person)))
            if place == len(mine) // 8:
                begun.set()
        return [answer for answer in answers if isinstance(answer, Refused)]

    with ThreadPoolExecutor(4) as pool, Application.open(settings(url)) as one, Application.open(settings(url)) as other:
        sweeps = [pool.submit(sweep, Desk(app)) for app in (one, other)]
        moved = [pool.submit(move, Desk(app), mine) for app, mine in ((one, backwards), (other, shuffled))]
        return [swept for each in sweeps for swept in each.result()], [refused for each in moved for refused in each.result()]


def outcome(desk: Desk, number: str, move: str) -> tuple[str, str]:
    """The move and whether the reminders came before it, after it or not at all; it is before or none for one that stops the clock."""
    events = [entry.event for entry in desk.history(number)][2:]
    [place] = [place for place, event in enumerate(events) if isinstance(event, Moved)]
    before = [event for event in events[:place] if isinstance(event, RungFired)]
    after = [event for event in events[place:] if isinstance(event, RungFired)]
    assert len(before) + len(after) in (0, 2)
    assert not (before and after)
    assert not (after and move in STOPS)
    return move, "before" if before else "after" if after else "none"


@pytest.mark.reliability
def test_three_hundred_races(desk_url: str, told: Tell) -> None:
    race(patient(desk_url), 300, told)


@pytest.mark.full
def test_five_thousand_races(desk_url: str, told: Tell) -> None:
    race(patient(desk_url), 5_000, told)
