"""Reopening, reassigning, correcting and commenting send nothing that was not due (reliability bar 17); random scripts against a model.

The model knows only hours on the wall: `repair` runs eight hours a cycle, stands while the case waits for parts or is closed, and
begins anew when the case is reopened.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.rig.desk import Desk, open_desk
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import granted

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    with open_desk(desk_url) as desk:
        yield desk


def idle(desk: Desk) -> bool:
    """Whether sweeper and relay find nothing to do."""
    swept, relayed = desk.work()
    return (swept.cases, swept.rungs) == (0, 0) and relayed.is_idle


def test_edits_send_nothing(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "rui"))
    desk.at("12:00")
    for person in ("ren", "rui", "ren"):
        granted(desk.fire(number, "pass_on", "cai", repairer=person))
        granted(desk.comment(number, "sun"))
        granted(desk.correct(number, "sun", customer_name="测试客户乙"))
        granted(desk.correct(number, "sun", customer_name="测试客户甲"))
    assert idle(desk)

    desk.at("13:00")
    desk.work()
    assert (desk.rungs("ren"), desk.rungs("rui")) == (["50%"], [])
    granted(desk.fire(number, "pass_on", "cai", repairer="rui"))
    assert idle(desk)  # who takes over is not told of what is past


def test_a_case_reopened_long_after_its_deadline_is_not_overdue_at_once(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "drop", "cai"))
    desk.at("2026-10-20 10:00")
    granted(desk.fire(number, "reopen", "cai", reason="客户要求"))
    assert idle(desk)
    desk.at("2026-10-20 14:00")
    desk.work()

    assert desk.reached(number) == [("50%", "told")]


def test_an_overdue_case_closed_and_reopened_reminds_by_its_new_cycle(desk: Desk) -> None:
    number = desk.receive("repair")
    desk.at("17:00")
    desk.work()
    granted(desk.fire(number, "drop", "cai"))
    desk.at("19:00")
    granted(desk.fire(number, "reopen", "cai", reason="客户要求"))
    assert idle(desk)
    desk.at("2026-09-29 08:00")
    desk.work()

    assert [(each.cycle, each.rung, each.result) for each in desk.ledger()] == [
        (1, "50%", "told"),
        (1, "due", "told"),
        (2, "50%", "merged"),
        (2, "due", "told"),
    ]


def test_a_new_promise_moves_the_reminders_and_what_was_told_stays_told(desk: Desk) -> None:
    number = desk.receive("by_promise", promised="2026-09-28 12:00")
    desk.at("11:00")
    desk.work()
    granted(desk.fire(number, "promise", "cai", promised="2026-09-28 18:00"))
    assert idle(desk)
    desk.at("12:00")
    assert idle(desk)
    desk.at("18:00")
    desk.work()

    assert desk.rungs("rui") == ["due-1h", "due"]


def test_a_pause_moves_the_deadline_by_its_length(desk: Desk) -> None:
    number = desk.receive("repair")
    granted(desk.fire(number, "take", "rui"))
    desk.at("12:00")
    granted(desk.fire(number, "wait", "rui"))
    desk.at("15:30")
    assert idle(desk)
    granted(desk.fire(number, "go_on", "cai"))
    assert idle(desk)
    desk.at("16:29")
    assert idle(desk)
    desk.at("16:30")
    desk.work()

    assert desk.reached(number) == [("50%", "told")]


def test_a_step_of_the_clock_happens_once(desk: Desk) -> None:
    number = desk.receive("expiry")
    desk.at("2026-09-30 11:00")
    assert desk.work()[0].rungs == 1
    assert desk.case(number).state == "closed"
    assert desk.rungs("cai") == ["-"]
    granted(desk.fire(number, "reopen", "cai", reason="客户要求"))
    assert idle(desk)


@dataclass(slots=True)
class Model:
    """A case by its script. Until it is due its own hours count; what comes after that is an instant, pauses or not."""

    state: str
    counted: timedelta = timedelta()
    due_at: datetime | None = None
    cycle: int = 1
    fired: set[tuple[int, str, int]] = field(default_factory=set)

    def pass_by(self, length: timedelta, now: datetime) -> None:
        """The time until now, in which the case stood where it stands."""
        if self.state not in ("received", "repairing"):
            return
        self.counted += length
        if self.due_at is None and self.counted >= 8 * HOUR:
            self.due_at = now - (self.counted - 8 * HOUR)
        if self.counted >= 4 * HOUR:
            self.fired.add((self.cycle, "50%", 1))
        if self.due_at is not None:
            self.fired.add((self.cycle, "due", 1))
            self.fired |= {(self.cycle, "due+1d", day) for day in (1, 2, 3) if now >= self.due_at + day * 24 * HOUR}

    def reopen(self) -> None:
        """A new cycle."""
        self.cycle, self.counted, self.due_at = self.cycle + 1, timedelta(), None


STEPS = {
    "received": [("take", "rui", "repairing"), ("drop", "cai", "closed")],
    "repairing": [("wait", "rui", "waiting"), ("finish", "rui", "closed"), ("release", "rui", "repairing")],
    "waiting": [("go_on", "cai", "repairing")],
    "closed": [("reopen", "cai", "received")],
}


def script(desk: Desk, chance: random.Random, length: int) -> tuple[str, Model]:
    """Random steps with random waits between them, on the hour or off it; the workers are always there in time."""
    number, model = desk.receive("repair"), Model("received")
    for _ in range(length):
        wait = timedelta(minutes=chance.choice([0, 17, 60, 120, 240, 300, 480, 1500]))
        desk.app.move_time(desk.app.time.now() + wait)
        model.pass_by(wait, desk.app.time.now())
        desk.work()
        step, person, state = chance.choice(STEPS[model.state])
        granted(desk.fire(number, step, person, reason="客户要求" if step == "reopen" else None))
        if step == "reopen":
            model.reopen()
        model.state = state
        if chance.random() < 0.2:
            granted(desk.comment(number, "sun"))
    return number, model


def fired(desk: Desk, number: str) -> set[tuple[int, str, int]]:
    return {(each.cycle, each.rung, each.repetition) for each in desk.ledger() if each.number == number}


def endure(desk: Desk, url: str, scripts: int, told: Tell, seed: int) -> None:
    """So many scripts; each case must have fired exactly what the model says."""
    run = Run(17, store_of(url), seed=seed)
    chance = random.Random(run.seed)
    mismatches, reminders = [], 0
    for _ in range(scripts):
        number, model = script(desk, chance, 8)
        found = fired(desk, number)
        reminders += len(found)
        if found != model.fired:
            mismatches.append((number, model, found))
    seen = look(url, finished=False)
    run.figures = {"rungs_per_case": round(reminders / scripts, 2), "told": seen.told}
    told(run, scripts, len(mismatches) + len(seen.violations))
    assert mismatches == [], run.seed
    assert seen.violations == (), run.seed


@pytest.mark.reliability
def test_scripts_at_random(desk: Desk, desk_url: str, told: Tell) -> None:
    endure(desk, desk_url, 12, told, 17)  # what stands before a merge does the same each time; the long run does anew


@pytest.mark.full
def test_many_scripts_at_random(desk: Desk, desk_url: str, told: Tell) -> None:
    endure(desk, desk_url, 1_000, told, random.randrange(2**32))
