"""Whatever is done and undone, the case is what its twin is, which never made the undone steps, as if time had only passed.

The twin makes the same wishes at the same instants, without those that are taken back. Clocks of the law count the time between too,
so they are never due later than the twin's. No rung is ever reached twice in one cycle, and no number of a cycle is used again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.case import Case
from engine.core.command import Command, Elapse, Fire, OpenCase, Undo
from engine.core.decide import decide
from engine.core.decision import Accepted
from engine.core.effect import ArmTimer, CancelTimer
from engine.core.event import Event, RungFired
from engine.core.evolve import replay
from engine.core.undoing import rewound
from tests.process import Walk, definition, stored

DOCUMENT = definition("""
calendar: desk-hours
undo: 10m
fields:
  days: {type: integer, title: 天数}
  since: {type: datetime, title: 自}
  until: {type: datetime, title: 至}
  tries: {type: integer, title: 次数}
start:
  open: {title: 受理, by: desk, asks: [days, since?, until?], to: new}
states:
  new:
    title: 新建
    transitions:
      take: {title: 接单, by: desk, set: {tries: times(take) + times(back)}, assign: actor, to: busy}
      skip: {title: 跳过, by: desk, to: waiting}
  busy:
    title: 在修
    transitions:
      wait: {title: 待件, by: desk, to: waiting}
      back: {title: 退回, by: desk, assign: nobody, to: new}
      finish: {title: 完工, by: desk, to: done}
  waiting:
    title: 待件
    waits_on: parts
    transitions:
      arrive: {title: 到件, by: desk, to: busy}
  done: {title: 完成, final: success, transitions: {again: {title: 重开, by: desk, to: busy}}}
anywhere:
  mend: {title: 改期, by: desk, in: [new, busy, waiting], asks: [days, since?, until?], to: stay}
clocks:
  never:
    title: 甲
    runs_in: [new, busy]
    limit: days * 1wd
    ladder:
      - {at: 50%, tell: boss, template: due-soon}
      - {at: due, tell: boss, template: overdue, every: 2h, times: 3}
  entry:
    title: 乙
    runs_in: [busy]
    restart: on_entry
    limit: 3h
    ladder: [{at: due - 1h, tell: boss, template: due-soon}, {at: due, tell: boss, template: overdue}]
  idle: {title: 丙, runs_in: all, restart: any_step, limit: 5h, ladder: [{at: due, tell: boss, template: overdue, every: 1h, times: 2}]}
  again: {title: 丁, runs_in: all, restart: [take], pauses: waiting, limit: 1d, ladder: [{at: 75%, tell: boss, template: due-soon}]}
  whole: {title: 戊, until: [finish], limit: 4d, ladder: [{at: due, tell: boss, template: overdue}]}
  given: {title: 己, runs_in: all, from: since, due: until, limit: 2d, ladder: [{at: due, tell: boss, template: overdue}]}
  legal:
    title: 庚
    runs_in: all
    pauses: [new, waiting]
    legal: true
    source: [law]
    limit: 2d
    ladder: [{at: due, tell: boss, template: overdue}]
""")
LEGAL = {name for name, rule in DOCUMENT.clocks.items() if rule.legal}
MOMENTS = [None, "2026-09-28 11:00", "2026-09-30 18:00", "2026-10-03 09:00"]
DEED = st.tuples(
    st.sampled_from([0, 1, 30, 120, 300, 1000, 3000]),  # minutes that pass before
    st.integers(0, 3),  # which of the steps that are there
    st.integers(1, 4),
    st.sampled_from(MOMENTS),
    st.sampled_from(MOMENTS),
    st.none() | st.integers(0, 9),  # after so many minutes it is taken back
)
SCRIPTS = st.lists(DEED, min_size=1, max_size=10)
Deed = tuple[int, int, int, str | None, str | None, int | None]


class Course:
    """One case on its way, with nothing checked but what is compared here: a Walk would look at everything each time."""

    def __init__(self) -> None:
        self.facts = Walk(DOCUMENT).facts("dan")
        self.current: Case | None = None
        self.events: list[Event] = []
        self.timers: dict[str, ArmTimer] = {}

    @property
    def case(self) -> Case:
        assert self.current is not None
        return self.current

    def wish(self, command: Command) -> None:
        """What must be granted."""
        facts = replace(self.facts, rewind=rewound(self.events)) if isinstance(command, Undo) else self.facts
        decision = decide(DOCUMENT, self.current, command, facts)
        assert isinstance(decision, Accepted), decision
        self.current = decision.case
        self.events += decision.events
        for effect in decision.effects:
            if isinstance(effect, ArmTimer):
                self.timers[effect.clock] = effect
            elif isinstance(effect, CancelTimer):
                self.timers.pop(effect.clock, None)

    def pass_on(self, now: datetime) -> None:
        """Let time pass until this instant, and see what rings by then."""
        self.facts = replace(self.facts, now=now)
        if any(timer.fires_at is not None and timer.fires_at <= now for timer in self.timers.values()):
            self.wish(Elapse())


def play(script: list[Deed]) -> tuple[Course, Course]:
    """The case with all that is done and undone, and its twin."""
    real, twin = Course(), Course()
    for course in (real, twin):
        course.wish(OpenCase("open", {"days": 2}))
    now = real.case.last_at
    for gap, choice, days, since, until, undone in script:
        now += timedelta(minutes=gap)
        for course in (real, twin):
            course.pass_on(now)
        steps = list(DOCUMENT.states[real.case.state].steps)
        step = steps[choice % len(steps)]
        deed = Fire(step, {"days": days, "since": since, "until": until} if step == "mend" else {})
        real.wish(deed)
        if undone is None:
            twin.wish(deed)
        else:
            now += timedelta(minutes=undone)
            for course in (real, twin):
                course.pass_on(now)
            real.wish(Undo("点错"))
            real.pass_on(now)
        compare(real, twin)
    return real, twin


def seen(case: Case) -> tuple[object, ...]:
    """What a case is, but for what the history alone knows."""
    return case.state, case.outcome, case.data, case.assignee, case.visit, case.entered_at, case.ended_at, case.unit


def compare(real: Course, twin: Course) -> None:
    """The case is its twin, with the same deadlines; of its rungs none is left that the twin has reached."""
    assert seen(real.case) == seen(twin.case)
    for name in DOCUMENT.clocks:
        mine, theirs = real.case.clocks.get(name), twin.case.clocks.get(name)
        if theirs is None:
            assert mine is None or mine.cycle == 0, name
            continue
        assert mine is not None
        assert mine.standing == theirs.standing, name
        assert all(mine.fired.get(rung, 0) >= count for rung, count in theirs.fired.items()), name
        due = [None if (timer := course.timers.get(name)) is None else timer.due_at for course in (real, twin)]
        if name not in LEGAL:
            assert due[0] == due[1], name
        elif due[0] is not None and due[1] is not None:
            assert due[0] <= due[1], name


def what_is_undone_leaves_no_trace(script: list[Deed]) -> None:
    real, _ = play(script)
    keys = [(each.clock, each.cycle, each.rung, each.repetition) for each in real.events if isinstance(each, RungFired)]
    assert len(keys) == len(set(keys))
    assert replay(stored(real.events, DOCUMENT)) == real.case


@given(SCRIPTS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_undone_leaves_no_trace(script: list[Deed]) -> None:
    what_is_undone_leaves_no_trace(script)


@pytest.mark.full
@given(SCRIPTS)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
def test_ever_more_of_what_is_undone_leaves_no_trace(script: list[Deed]) -> None:
    what_is_undone_leaves_no_trace(script)
