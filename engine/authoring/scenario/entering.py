"""Enters a story in the middle: a case that stands where the story says, as if it had just come there – if it could have come there.

The way there is looked for among all steps, whatever their conditions; what every way fills must be given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.authoring.checks.data import filled_in
from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.expecting import Miss
from engine.authoring.scenario.props import props_of
from engine.authoring.scenario.stage import Stage
from engine.core.calculation import filled, recompute
from engine.core.case import Case
from engine.core.clock import Situation, clock_changes, timers
from engine.core.command import Correct
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.conclusion import SYSTEM
from engine.core.decision import Accepted, Reason
from engine.core.event import Event, Moved, Opened
from engine.core.evolve import evolve, replay
from engine.core.facts import Facts
from engine.core.form import Ask, Form
from engine.core.kind import Value
from engine.core.perform import Before, environment_of, unit_after
from engine.core.run import ClockChange
from engine.definition.scenario import StartingIn
from engine.label import Label, listed, verbatim

SOMEBODY = "somebody"
"""Who has performed what the story does not say by whom."""


@dataclass(frozen=True, slots=True)
class Way:
    """One step of the way into a state; `source` is None for a start. `number`: which of the steps of the story it performs, if any."""

    source: str | None
    step: CompiledStep
    number: int | None


def enter(stage: Stage, starting: StartingIn, unit: str | None, *, checked: bool) -> tuple[Miss, ...]:
    """Put the case on the stage, or tell why it cannot stand there. `checked`: also whether all is given that would be filled there."""
    definition = stage.definition
    performed = [(each, SOMEBODY) if isinstance(each, str) else next(iter(each.items())) for each in starting.done]
    done = [step for step, _ in performed]
    way = way_to(definition, starting.state, done)
    if way is None:
        return (_unreachable(definition, starting.state, done),)
    strange = [name for name in starting.fields if name not in definition.fields]
    if strange:  # told of a variant that has them no more
        sentence = Label("没有字段：{fields}", "there are no fields {fields}").fill(fields=listed(map(verbatim, strange)))
        return (Miss(("fields",), sentence),)
    missing = _missing(definition, starting) if checked else []
    if missing:
        sentence = Label(
            "“{state}”状态下必有的字段应全部给出，缺少：{fields}", "expected all that is surely filled in “{state}”, found no {fields}"
        )
        return (Miss(("fields",), sentence.fill(state=starting.state, fields=listed(map(verbatim, missing)))),)
    faults = _put(stage, starting, unit, way, [by for _, by in performed])
    return tuple(Miss(("fields",), each.sentence) for each in faults)


def way_to(definition: CompiledDefinition, state: str, done: Sequence[str]) -> tuple[Way, ...] | None:
    """A shortest way into a state that performs these steps in this order, others between them; None if there is none."""
    waiting = deque(_onwards(None, definition.starts.values(), done, 0, ()))
    seen: set[tuple[str, int]] = set()
    while waiting:
        here, number, way = waiting.popleft()
        if here == state and number == len(done):
            return way
        if (here, number) not in seen:
            seen.add((here, number))
            waiting += _onwards(here, definition.states[here].steps.values(), done, number, way)
    return None


def _onwards(
    source: str | None, steps: Iterable[CompiledStep], done: Sequence[str], number: int, way: tuple[Way, ...]
) -> Iterator[tuple[str, int, tuple[Way, ...]]]:
    """Where each step leads, how many steps of the story are performed then, and the way there."""
    for step in steps:
        performs = number < len(done) and done[number] == step.id
        further = (*way, Way(source, step, number if performs else None))
        for target in dict.fromkeys(step.to.values()):
            yield source if target == STAY and source is not None else target, number + performs, further


def _unreachable(definition: CompiledDefinition, state: str, done: Sequence[str]) -> Miss:
    """The first of the steps after which there is no way any more, or the state itself."""
    reached = next((length for length in range(len(done), 0, -1) if _performs(definition, done[:length])), 0)
    before = " → ".join(done[:reached])
    if reached < len(done):
        sentence = Label("“{step}”不可能执行", "“{step}” can never be performed")
        if before:
            sentence = Label("“{step}”不可能在 {before} 之后执行", "“{step}” can never be performed after {before}")
        return Miss(("done", reached), sentence.fill(step=done[reached], before=before))
    sentence = Label("无法到达“{state}”", "no way leads to “{state}”")
    if before:
        sentence = Label("依次执行 {before} 之后无法到达“{state}”", "no way leads to “{state}” after {before}")
    return Miss(("state",), sentence.fill(state=state, before=before))


def _performs(definition: CompiledDefinition, done: Sequence[str]) -> bool:
    return any(way_to(definition, state, done) is not None for state in definition.states)


def _missing(definition: CompiledDefinition, starting: StartingIn) -> list[str]:
    filled = filled_in(definition)[starting.state]
    return [name for name, rule in definition.fields.items() if name in filled and not rule.computed and name not in starting.fields]


def _put(stage: Stage, starting: StartingIn, unit: str | None, way: tuple[Way, ...], performers: Sequence[str]) -> tuple[Reason, ...]:
    """The case on the stage; what is wrong with its fields."""
    definition, props = stage.definition, props_of(stage.definition, starting.fields)
    stage.archive.take(props)
    facts = stage.facts(definition, None, Correct(props.data, ""), SYSTEM)
    form = Form(tuple(Ask.of(definition.fields[name], optional=True) for name in props.data))
    values, faults = form.fill(props.data, {}, facts, facts.lineage(unit), 1)
    data = filled(values)
    unit = unit_after(data, unit)
    blank = Before("", "", unit, data, starting.assignee, (), 1)
    faults += recompute(definition, data, environment_of(definition, blank, facts, frozenset(), data))
    if faults:
        return faults
    who = [SOMEBODY if each.number is None else performers[each.number] for each in way]
    events: tuple[Event, ...] = (_opened(stage, starting, unit, data, way[0], who[0], facts),)
    for each, by in zip(way[1:], who[1:], strict=True):
        if each.number is not None:
            events += (_moved(definition, replay(events), each, by, facts),)
    case = replay(events)
    standing = Standing(definition, case, entered=len(events))
    stage.place(standing, Accepted(case, events, timers(definition, case, facts.calendars)))
    return ()


def _opened(stage: Stage, starting: StartingIn, unit: str | None, data: Mapping[str, Value], way: Way, by: str, facts: Facts) -> Opened:
    definition = stage.definition
    opened = Opened(
        at=facts.now,
        actor=by,
        on_behalf_of=None,
        reason=None,
        id=stage.new_id(),
        number=stage.new_number(facts.now, unit),
        workflow=definition.workflow,
        digest=definition.digest,
        unit=unit,
        start=way.step.id,
        to=starting.state,
        outcome=definition.states[starting.state].outcome,
        changes=data,
        assignee=starting.assignee,
    )
    return replace(opened, clocks=_clocks(definition, evolve(None, opened), way.step.id, facts))


def _moved(definition: CompiledDefinition, case: Case, way: Way, by: str, facts: Facts) -> Moved:
    """A step of which only is known that it was performed."""
    return Moved(
        at=facts.now,
        actor=by,
        on_behalf_of=None,
        reason=None,
        step=way.step.id,
        source=way.source or case.state,
        to=case.state,
        entered=False,
        outcome=case.outcome,
        changes={},
        assignee=case.assignee,
        unit=case.unit,
        clocks=_clocks(definition, case, way.step.id, facts),
    )


def _clocks(definition: CompiledDefinition, case: Case, step: str, facts: Facts) -> tuple[ClockChange, ...]:
    """What becomes of the clocks; one whose limit cannot be told is left alone, and the first step will say so."""
    is_open = case.outcome is None
    situation = Situation(case.state, is_open, step, case.seq > 1 and is_open, facts.now)
    environment = environment_of(definition, Before.of(case), facts, frozenset(), case.data)
    return clock_changes(definition, case.clocks, situation, environment, facts.calendars)[0]
