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
from engine.timing.deadline import point
from roles.actor import Grant


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
    rungs: int = 0
    """Rungs of ladders that were reached."""


class Team:
    """The demonstration team at work on one database."""

    def __init__(self, app: Application, habits: Mapping[str, Mapping[str, Habit]], chance: Random) -> None:
        self._app = app
        self._habits = habits
        self._chance = chance
        self._zone = app.settings.zone
        roster = app.directory.roster()
        self._lineages = roster.lineages
        self._holders: dict[str, list[tuple[str, Grant]]] = {}
        for person in roster.people:
            for grant in roster.actor(person, app.time.now()).grants:
                self._holders.setdefault(grant.role, []).append((person, grant))

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
            self._pass_time(instant, diary)
            if self._act(number, diary):
                self._plan(due, number, instant)
        self._pass_time(until, diary)
        return diary

    def _pass_time(self, until: datetime, diary: Diary) -> None:
        """Let time pass as it would with a worker running: every timer is dealt with when it rings."""
        while (rings_at := self._app.sweeper.next_at()) is not None and rings_at <= until:
            self._app.move_time(max(rings_at, self._app.time.now()))
            diary.rungs += self._app.sweeper.run_once().rungs
            self._app.relay.run_once()
        self._app.move_time(max(until, self._app.time.now()))
        self._app.relay.run_once()

    def _plan(self, due: list[tuple[datetime, str]], number: str, now: datetime) -> None:
        case = self._case(number)
        habit = self._habits[case.workflow].get(case.state)
        if habit is not None:
            heapq.heappush(due, (self._later(case, now, self._chance.uniform(*habit.hours)), number))

    def _later(self, case: Case, now: datetime, hours: float) -> datetime:
        """So many hours of the department later."""
        definition = self._app.catalog.by_digest(case.digest)
        assert definition.calendar is not None
        calendar = self._app.catalog.calendars(definition, case.edition)[definition.calendar]
        later = point(now, timedelta(hours=hours), working=True, calendar=calendar)
        assert later is not None
        return later.replace(microsecond=0)

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
        lineage = self._lineages[case.unit] if case.unit is not None else ()
        people = [person for person, grant in self._holders.get(act.who, ()) if grant.covers(lineage)]
        self._chance.shuffle(people)
        return people[:3]

    def _today(self) -> date:
        return self._app.time.now().astimezone(self._zone).date()

    def _case(self, number: str) -> Case:
        with self._app.database.read() as reader:
            record = reader.case(number)
        assert record is not None
        return record.case
