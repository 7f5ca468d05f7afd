"""Lets the team work: takes the cases in the order in which they fall due and does the next act, in simulated working time.

Everything goes through the public service, refusals included: now and then somebody tries what is not his to do.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from demo.act import Act, Habit
from engine.app import Application
from engine.core.case import Case
from engine.core.command import Fire
from engine.core.decision import Reason, Refused
from engine.runtime.service import Caller, Granted
from engine.store.record import Provenance

OPENS, CLOSES = 9, 18
"""The hours of the shop, on every day of the demonstration."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that happened."""

    number: str
    person: str
    step: str
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Diary:
    """What the days brought."""

    moves: int = 0
    refusals: list[Refusal] = field(default_factory=list)


class Team:
    """The demonstration team at work on one database."""

    def __init__(self, app: Application, habits: Mapping[str, Mapping[str, Habit]], chance: Random) -> None:
        self._app = app
        self._habits = habits
        self._chance = chance
        self._zone = app.settings.zone
        roster = app.directory.roster()
        self._holders: dict[str, list[str]] = {}
        for person in roster.people:
            for grant in roster.actor(person, app.time.now()).grants:
                self._holders.setdefault(grant.role, []).append(person)

    def work(self, numbers: list[str], until: datetime, new_day: Callable[[datetime], None]) -> Diary:
        """Carry the cases on until an instant; `new_day` is told the beginning of each day that is reached."""
        diary = Diary()
        due: list[tuple[datetime, str]] = []
        for number in numbers:
            self._plan(due, number, self._app.time.now())
        day = None
        while due and due[0][0] < until:
            instant, number = heapq.heappop(due)
            if (today := instant.astimezone(self._zone).date()) != day:
                day = today
                new_day(instant)
            self._app.move_time(max(instant, self._app.time.now()))
            if self._act(number, diary):
                self._plan(due, number, instant)
        self._app.move_time(until)
        return diary

    def _plan(self, due: list[tuple[datetime, str]], number: str, now: datetime) -> None:
        case = self._case(number)
        habit = self._habits[case.workflow].get(case.state)
        if habit is not None:
            heapq.heappush(due, (self._later(now, self._chance.uniform(*habit.hours)), number))

    def _later(self, now: datetime, hours: float) -> datetime:
        """So many hours of the shop later."""
        local = now.astimezone(self._zone)
        while True:
            closing = local.replace(hour=CLOSES, minute=0, second=0, microsecond=0)
            left = max((closing - local) / timedelta(hours=1), 0.0)
            if hours <= left:
                return (local + timedelta(hours=hours)).replace(microsecond=0)
            hours -= left
            local = (closing + timedelta(days=1)).replace(hour=OPENS)

    def _act(self, number: str, diary: Diary) -> bool:
        """One act on a case; False when it has come to rest."""
        case = self._case(number)
        habit = self._habits[case.workflow].get(case.state)
        if habit is None:
            return False
        act = self._chance.choices(habit.acts, [act.weight for act in habit.acts])[0]
        command = Fire(act.step, act.fill(self._chance, case, self._today()), act.reason)
        if self._chance.random() < 0.05:
            self._attempt(case, command, self._chance.choice(sorted(self._app.directory.roster().people)), diary)
            return True
        for person in self._candidates(act, case):
            if self._attempt(case, command, person, diary):
                break
        return True

    def _attempt(self, case: Case, command: Fire, person: str, diary: Diary) -> bool:
        answer = self._app.cases.handle(case.number, command, Caller(Provenance("cli", "os:demo"), person))
        if isinstance(answer, Refused):
            diary.refusals.append(Refusal(case.number, person, command.transition, answer.reasons))
        else:
            diary.moves += 1
        return isinstance(answer, Granted)

    def _candidates(self, act: Act, case: Case) -> list[str]:
        holder = case.data.get(act.who)
        if isinstance(holder, str):
            return [holder]
        people = list(self._holders.get(act.who, ()))
        self._chance.shuffle(people)
        return people[:3]

    def _today(self) -> date:
        return self._app.time.now().astimezone(self._zone).date()

    def _case(self, number: str) -> Case:
        with self._app.database.read() as reader:
            record = reader.case(number)
        assert record is not None
        return record.case
