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
from engine.core.command import Fire, Undo
from engine.core.decision import Reason, Refused
from engine.errors import Unknown
from engine.runtime.answer import Granted
from engine.runtime.caller import Caller
from engine.store.record import Provenance
from engine.timing.deadline import point
from roles.actor import ADMINISTRATOR, INTEGRATION, Grant


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
    lent: int = 0
    """How many of them were done for somebody who was away."""
    undone: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    unseen: int = 0
    """Wishes of people for whom there is no such case: it lies in another shop."""
    rungs: int = 0
    """Rungs of ladders that were reached."""


WRONG_CLICK = "inspect"
"""The step at which a button is pressed too early now and then, and taken back at once."""


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
        of_departments = {role: held for role, held in self._holders.items() if role not in (ADMINISTRATOR, INTEGRATION)}
        self._strangers = sorted({person for held in of_departments.values() for person, _ in held})
        """Whoever may try what is not his to do."""

    def work(self, numbers: list[str], until: datetime, diary: Diary, new_day: Callable[[datetime], None]) -> None:
        """Carry the cases on until an instant; `new_day` is told the beginning of each day that is reached."""
        due: list[tuple[datetime, str]] = []
        for number in numbers:
            self._plan(due, number, self._app.time.now())
        day = None
        while due and due[0][0] < until:
            instant, number = heapq.heappop(due)
            if (today := instant.astimezone(self._zone).date()) != day:
                day = today
                new_day(instant)
                self._app.watch.run_once()
            self._pass_time(instant, diary)
            for next_one in self._act(number, diary):
                self._plan(due, next_one, instant)
        self._pass_time(until, diary)
        self._app.watch.run_once()

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

    def _act(self, number: str, diary: Diary) -> list[str]:
        """One act on a case; those that go on from here: the case itself, what it opened, and its parent if it has ended now."""
        case = self._case(number)
        habit = self._habits[case.workflow].get(case.state)
        if habit is None:
            return []
        offered = [act for act in habit.acts if act.when(case, self._today())]
        act = self._chance.choices(offered, [act.weight for act in offered])[0]
        command = Fire(act.step, act.fill(self._chance, case, self._today()), act.reason)
        if self._chance.random() < 0.05:
            stranger = self._chance.choice(self._strangers)
            return [number, *(self._attempt(case, command, stranger, diary) or ())]
        for person in self._candidates(act, case):
            family = self._attempt(case, command, person, diary)
            if family is not None:
                return [number, *family]
        return [number]

    def _attempt(self, case: Case, command: Fire, person: str, diary: Diary) -> list[str] | None:
        """None when it was refused; else whom else of its family it concerns."""
        try:
            answer = self._app.cases.handle(case.number, command, Caller(Provenance("cli", "os:demo"), person))
        except Unknown:
            diary.unseen += 1
            return None
        if isinstance(answer, Refused):
            diary.refusals.append(Refusal(case.number, person, command.transition, answer.reasons))
            return None
        diary.moves += 1
        diary.lent += _is_lent(answer, command)
        if command.transition == WRONG_CLICK and self._chance.random() < 0.05:
            self._take_back(case.number, person, diary)
        has_ended = answer.case is not None and answer.case.outcome is not None
        parents = [case.parent.number] if case.parent is not None and has_ended else []
        return [*(child for _, child in answer.outcome.opened), *parents]

    def _take_back(self, number: str, person: str, diary: Diary) -> None:
        self._app.move_time(self._app.time.now() + timedelta(minutes=2))
        answer = self._app.cases.handle(number, Undo("点错按钮，老化测试还没做完"), Caller(Provenance("cli", "os:demo"), person))
        diary.undone += isinstance(answer, Granted)

    def _candidates(self, act: Act, case: Case) -> list[str]:
        roster, now = self._app.directory.roster(), self._app.time.now()
        holder = case.data.get(act.who)
        if isinstance(holder, str):
            return [holder] if roster.is_present(holder, now) else list(roster.deputies(holder, None, now))
        lineage = self._lineages[case.unit] if case.unit is not None else ()
        people = [person for person, grant in self._holders.get(act.who, ()) if grant.covers(lineage) and roster.is_present(person, now)]
        self._chance.shuffle(people)
        return people[:3]

    def _today(self) -> date:
        return self._app.time.now().astimezone(self._zone).date()

    def _case(self, number: str) -> Case:
        with self._app.database.read() as reader:
            record = reader.case(number)
        assert record is not None
        return record.case


def _is_lent(answer: Granted, command: Fire) -> bool:
    performed = answer.case.performed if answer.case is not None else ()
    return any(each.step == command.transition and each.on_behalf_of is not None for each in performed[-1:])
