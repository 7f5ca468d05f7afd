"""Many timers on few cases: a document of twenty clocks whose ladders are late in every way, and what is to become of each rung.

What is expected is computed here with hours on the wall and nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from engine.core.command import Fire
from tests.rig.desk import Desk
from tests.runtime.company import START, caller, granted

CLOCKS = 20
HOURS = tuple(3 + 8 * place for place in range(CLOCKS))
"""The limit of each clock: due across seven days."""
LATE = (*("merge",) * 6, "send", "merge", "merge", "skip")
"""How a clock's rungs are late, in turn."""
STEEP = 7
"""The clock with three rungs, an hour apart: one of twenty."""
RUNGS = ("due", "due+1h", "due+2h")
HOUR = timedelta(hours=1)
DOWN_UNTIL = START + timedelta(days=8, hours=-6)
"""Three in the night, when everything has been due for hours and everybody sleeps."""
MORNING = DOWN_UNTIL + timedelta(hours=5)


_HEAD = """
workflow: desk-watch
version: 1
title: {zh: 柜台受理, en: Desk}
owner: desk-supervisor
organisation: desk
calendar: waking
number: "DW{yy}-{seq:06}"
fields:
  watch: {type: text, title: {zh: 时限, en: Watch}}
start:
  receive: {title: {zh: 受理, en: Receive}, by: desk-clerk, asks: watch, to: received}
states:
  received:
    title: {zh: 已受理, en: Received}
    transitions:
      drop: {title: {zh: 撤单, en: Drop}, by: desk-clerk, to: closed}
  closed: {title: {zh: 已结案, en: Closed}, final: success}
clocks:
"""


@cache
def document() -> str:
    """The workflow with all its clocks."""
    return _HEAD + "".join(map(_clock, range(CLOCKS)))


def _clock(place: int) -> str:
    points = ("due", "due + 1h", "due + 2h") if place == STEEP else ("due",)
    ladder = ", ".join(f"{{at: {point}, tell: desk-repairer, template: overdue, late: {LATE[place % len(LATE)]}}}" for point in points)
    return f"  {_name(place)}: {{title: {{zh: 时限, en: Limit}}, runs_in: received, limit: {HOURS[place]}h, ladder: [{ladder}]}}\n"


def _name(place: int) -> str:
    return f"limit_{place:02}"


@dataclass(frozen=True, slots=True)
class Expected:
    """One rung of an open case and what is to become of it when all of them are noticed together."""

    number: str
    clock: str
    rung: str
    due_at: datetime
    result: str
    into: str | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """The cases by their numbers, those still open with the instant of their opening."""

    open: dict[str, datetime]
    closed: frozenset[str]

    @property
    def timers(self) -> int:
        """How many timers were armed in all."""
        return CLOCKS * (len(self.open) + len(self.closed))

    def expected(self) -> Iterator[Expected]:
        """Every rung that must fire, once."""
        for number, opened_at in self.open.items():
            yield from _of_one(number, opened_at)


def _of_one(number: str, opened_at: datetime) -> Iterator[Expected]:
    rungs = [
        (opened_at + HOURS[place] * HOUR + later * HOUR, _name(place), rung, LATE[place % len(LATE)])
        for place in range(CLOCKS)
        for later, rung in enumerate(RUNGS if place == STEEP else RUNGS[:1])
    ]
    last = max(rung for rung in rungs if rung[3] != "skip")
    for due_at, clock, rung, late in rungs:
        result = {"send": "told", "skip": "skipped", "merge": "told" if (due_at, clock, rung) == last[:3] else "merged"}[late]
        yield Expected(number, clock, rung, due_at, result, f"{last[1]}/{last[2]}#1" if result == "merged" else None)


def gather(desk: Desk, timers: int) -> Crowd:
    """Open cases with so many timers, a few every minute; a tenth is closed in the middle of the week, while no worker is there."""
    opened: dict[str, datetime] = {}
    for place in range(timers // CLOCKS):
        if place and place % (timers // CLOCKS // 60 + 1) == 0:
            desk.app.move_time(desk.app.time.now() + timedelta(minutes=1))
        opened[desk.receive("none")] = desk.app.time.now()
    desk.app.move_time(START + timedelta(days=3))
    closed = frozenset(list(opened)[::10])
    for number in closed:
        granted(desk.app.cases.handle(number, Fire("drop", {}), caller("cai")))
        del opened[number]
    return Crowd(opened, closed)


def differences(expected: Sequence[Expected], ledger: Sequence[Expected]) -> list[str]:
    """What is lost, too much or not as it must be."""
    wanted, found = set(expected), set(ledger)
    return [*(f"not so: {each}" for each in wanted - found), *(f"but so: {each}" for each in found - wanted)]
