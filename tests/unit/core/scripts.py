"""Scripts: a case of the bench with clocks of every kind, on which random things happen after random times, and its naive model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from engine.core.case import Case
from engine.core.clock import due_of, elapsed
from engine.core.command import Command, Comment, Correct, Elapse, Fire, OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.effect import ArmTimer, CancelTimer, Notify
from engine.core.event import Event, Moved, TimerLapsed
from engine.core.run import ClockRun
from tests.process import Walk
from tests.unit.core.bench import bench
from tests.unit.core.naive import Data, Entry, Naive, Point, Spec, instant, minute

CLOCKS = """
  strict:  {title: 总时, runs_in: all, limit: 3d, ladder: [50%, due]}
  repair:  {title: 维修, runs_in: [working, missing], pauses: missing, limit: 8wh, ladder: [75%, due, due + 1h]}
  fresh:   {title: 每次, runs_in: [working, asking], restart: on_entry, limit: 6h, ladder: [50%, due]}
  idle:    {title: 闲置, runs_in: all, pauses: missing, restart: any_step, limit: 2d, ladder: [1d, due]}
  report:  {title: 通报, runs_in: all, restart: [remark, back], limit: [{when: urgent, then: 4h}, {else: 12h}], ladder: [due - 6h, due]}
  rushed:  {title: 加急, runs_in: [waiting, working], when: urgent, limit: 10h, ladder: [5h, due]}
  hurried: {title: 加急, runs_in: working, when: urgent, restart: on_entry, limit: 9h, ladder: [due]}
  whole:   {title: 周期, until: finish, pauses: [missing, asking], restart: on_entry, limit: 2wd, ladder: [50%, due]}
  first:   {title: 响应, until: take, limit: 3wh, ladder: [due]}
  graded:  {title: 定级, runs_in: [working, missing], pauses: missing, limit: {field: level, is: {high: 5h, low: 20h}}, ladder: [75%, due]}
  law:     {title: 法定, runs_in: [waiting, working, missing], pauses: missing, limit: 5d, legal: true, source: [CON3], ladder: [2d, due]}
  promise: {title: 承诺, runs_in: all, pauses: missing, limit: 30h, due: promised, ladder: [50%, due - 6h, due]}
  sale:    {title: 三包, runs_in: all, from: bought, limit: 12d, ladder: [50%, due]}
"""
"""Each rung tells; `due + 1h` comes three times."""

_DUE, _HALF, _MOST, _BEFORE = Point("due", "due"), Point("50%", 50), Point("75%", 75), Point("due-6h", "due", -6)
_ALL = "waiting working missing asking"


def _is_urgent(data: Data) -> bool:
    return data.get("urgent") is True


def _report(data: Data) -> tuple[int, str] | None:
    return None if "urgent" not in data else (4 if data["urgent"] else 12, "h")


def _graded(data: Data) -> tuple[int, str] | None:
    return {"high": (5, "h"), "low": (20, "h")}.get(data.get("level", ""))


SPECS = {
    "strict": Spec(_ALL, lambda _: (3, "d"), rungs=(_HALF, _DUE)),
    "repair": Spec("working missing", lambda _: (8, "wh"), "missing", rungs=(_MOST, _DUE, Point("due+1h", "due", 1, 3))),
    "fresh": Spec("working asking", lambda _: (6, "h"), restart="on_entry", rungs=(_HALF, _DUE)),
    "idle": Spec(_ALL, lambda _: (2, "d"), "missing", restart="any_step", rungs=(Point("1d", (1, "d")), _DUE)),
    "report": Spec(_ALL, _report, restart="remark back", rungs=(_BEFORE, _DUE)),
    "rushed": Spec("waiting working", lambda _: (10, "h"), when=_is_urgent, rungs=(Point("5h", (5, "h")), _DUE)),
    "hurried": Spec("working", lambda _: (9, "h"), restart="on_entry", when=_is_urgent, rungs=(_DUE,)),
    "whole": Spec(_ALL, lambda _: (2, "wd"), "missing asking", "finish", "on_entry", rungs=(_HALF, _DUE)),
    "first": Spec(_ALL, lambda _: (3, "wh"), until="take", rungs=(_DUE,)),
    "graded": Spec("working missing", _graded, "missing", rungs=(_MOST, _DUE)),
    "law": Spec("waiting working missing", lambda _: (5, "d"), "missing", legal=True, rungs=(Point("2d", (2, "d")), _DUE)),
    "promise": Spec(_ALL, lambda _: (30, "h"), "missing", due="promised", rungs=(_HALF, _BEFORE, _DUE)),
    "sale": Spec(_ALL, lambda _: (12, "d"), start="bought", rungs=(_HALF, _DUE)),
}
"""The same clocks in the words of the model."""

VALUES: dict[str, Sequence[Any]] = {
    "note": ("在修", "已告知"),
    "urgent": (True, False, ""),
    "level": ("high", "low", ""),
    "promised": ("2026-09-27", "2026-09-30", "2026-10-08", "2026-11-01", ""),
    "bought": ("2026-09-12", "2026-09-21", "2026-09-28", "2026-10-06", ""),
}

Script = Sequence[tuple[int, int, int]]
"""Wishes: minutes since the one before, which one, with what value."""

_GAPS = st.one_of(st.sampled_from((0, 1, 30, 60, 240, 480, 1440, 2880, 4320, 10080)), st.integers(0, 3000))
SCRIPTS = st.lists(st.tuples(_GAPS, st.integers(0, 400), st.integers(0, 60)), min_size=3, max_size=20)


@cache
def process() -> CompiledDefinition:
    """The bench with these clocks."""

    def rungs(found: re.Match[str]) -> str:
        more = ", every: 1h, times: 3"
        written = (f"{{at: {at}, tell: boss, template: overdue{more if at == 'due + 1h' else ''}}}" for at in found[1].split(", "))
        return f"ladder: [{', '.join(written)}]"

    return bench(re.sub(r"ladder: \[([^]]*)\]", rungs, CLOCKS))


@dataclass
class Stage:
    """A case on its way, and the models that read what happens to it."""

    now: datetime = field(default_factory=lambda: instant(570))
    walk: Walk = field(default_factory=lambda: Walk(process()))
    events: list[Event] = field(default_factory=list)
    timers: dict[str, ArmTimer] = field(default_factory=dict)
    models: dict[str, Naive] = field(default_factory=lambda: {name: Naive(spec) for name, spec in SPECS.items()})
    told: list[Notify] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.walk.case

    def open(self) -> None:
        """Open the case."""
        assert self._wish(OpenCase("open", {"urgent": False}), "dan")
        self._enter(None)

    def look(self) -> None:
        """Somebody looks what is due."""
        assert self._wish(Elapse(), "system")

    def pass_on(self, until: datetime) -> None:
        """Time passes, and whatever is due is looked at in its minute."""
        since = minute(self.now)
        while (fires := [each.fires_at for each in self.timers.values() if each.fires_at is not None]) and min(fires) <= until:
            self.now = max(min(fires), self.now)
            self.look()
            assert not isinstance(self.events[-1], TimerLapsed), "a timer rang for nothing"
        self.now = until
        for model in self.models.values():
            model.pass_until(minute(until), since)

    def act(self, choice: int, value: int) -> None:
        """A wish of a person, granted or refused; it tells nobody."""
        before = self.case
        command, by = self._command(choice, value)
        if self._wish(command, by):
            assert self.told == []
            if not isinstance(command, Comment):
                self._enter(before)

    def check(self) -> None:
        """Every clock is what its model says."""
        for name, model in self.models.items():
            run = self.case.clocks.get(name)
            assert (0 if run is None else run.cycle) == model.cycle, name
            if run is not None:
                self._check_run(name, run, model)

    def _check_run(self, name: str, run: ClockRun, model: Naive) -> None:
        rule, calendar = self.walk.definition.clocks[name], self.walk.definition.calendars["desk-hours"]
        due = due_of(rule, run, calendar)
        assert run.standing == {"run": "running", "pause": "paused", "ended": "ended"}.get(model.kind, "stopped"), name
        assert minute(run.start) == model.start, name
        assert elapsed(run, calendar, self.now) / timedelta(minutes=1) == model.elapsed(minute(self.now)), name
        assert (None if due is None else minute(due.at)) == model.due(), name

    def _wish(self, command: Command, by: str) -> bool:
        # Not Walk.decide: it replays the whole history each time.
        self.walk.now = self.now
        decision = decide(self.walk.definition, self.walk.current, command, self.walk.facts(by))
        if not isinstance(decision, Accepted):
            return False
        self.walk.current = decision.case
        self.events += decision.events
        self.told = [effect for effect in decision.effects if isinstance(effect, Notify)]
        for effect in decision.effects:
            if isinstance(effect, ArmTimer):
                self.timers[effect.clock] = effect
            elif isinstance(effect, CancelTimer):
                self.timers.pop(effect.clock, None)
        return True

    def _enter(self, before: Case | None) -> None:
        event = self.events[-1]
        step = event.step if isinstance(event, Moved) else None
        reopens = before is not None and before.state == "done" != self.case.state
        for model in self.models.values():
            model.enter(Entry(minute(self.now), step, self.case.state, dict(self.case.data), reopens))

    def _command(self, choice: int, value: int) -> tuple[Command, str]:
        if choice % 7 == 0:
            name = ("urgent", "level", "promised", "note")[value % 4]
            return Correct({name: VALUES[name][value % len(VALUES[name])]}, "录入有误"), "bea"
        if choice % 7 == 1:
            return Comment("客户来电"), "tom"
        steps = [*self.walk.definition.states[self.case.state].steps.values()]
        steps = [step for step in steps if all(ask.field.id in VALUES for ask in step.form.asks)]
        steps += [step for step in steps if not step.form.asks] * 3  # moves are wished for oftener than notes
        step = steps[choice % len(steps)]
        data = {ask.field.id: VALUES[ask.field.id][value % len(VALUES[ask.field.id])] for ask in step.form.asks}
        return Fire(step.id, data), "bea" if self.case.state == "done" else "tom"
