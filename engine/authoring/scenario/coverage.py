"""Coverage: what the scenarios of a process have shown of it, and what not, read from the decisions that were made in them.

A pure function of a compiled definition and of traces. Knows neither scenario files nor how coverage is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.authoring.scenario.goal import Family, Goal, Key, goals_of
from engine.authoring.scenario.trace import Trace
from engine.authoring.scenario.watching import Notes, watched
from engine.core.command import Fire, OpenCase
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.decide import decide
from engine.core.decision import Accepted, Reason
from engine.core.event import Event, Moved, Opened, RungFired
from engine.core.machine import BIRTH
from engine.core.problem import Path

Edge = tuple[str, str, str]
"""Where a case stood – `core.machine.BIRTH` before its opening –, the step, where it stood after it."""

_FIRED = frozenset({"told", "performed"})


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """From 0 to 100; of nothing, all is covered."""
        return 100 * self.covered / self.total if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is to cover in a process, and what of it was covered."""

    workflow: str
    goals: tuple[Goal, ...]
    covered: frozenset[Key]
    transitions: Mapping[Edge, int]
    """Every way from one state to the next – a step that stays leads to where it is – and how often it was gone; 0: never."""

    @property
    def states(self) -> Mapping[str, bool]:
        """Every state, and whether a case has entered it."""
        return {str(goal.path[1]): goal.key in self.covered for goal in self.goals if goal.family == "states"}

    @property
    def missing(self) -> tuple[Goal, ...]:
        """What no scenario shows, by family, in the order of the document."""
        return tuple(goal for goal in self.goals if goal.key not in self.covered)

    def only(self, is_wanted: Callable[[Path], bool]) -> Coverage:
        """The same of what stands at these places alone."""
        return replace(self, goals=tuple(goal for goal in self.goals if is_wanted(goal.path)))

    def share(self, *families: Family) -> Share:
        """How much of these families is covered; of all, if none is named."""
        goals = [goal for goal in self.goals if not families or goal.family in families]
        return Share(sum(goal.key in self.covered for goal in goals), len(goals))


def coverage(definition: CompiledDefinition, traces: Iterable[Trace]) -> Coverage:
    """The coverage of a process by these decisions; those of cases of other processes are passed over."""
    covered: set[Key] = set()
    gone: Counter[Edge] = Counter()
    notes = Notes()
    watching = watched(definition, notes)
    for trace in traces:
        if trace.definition.workflow == definition.workflow:
            notes.clear()
            covered.update(_answers(watching, notes, trace))
            for event in trace.decision.events if isinstance(trace.decision, Accepted) else ():
                covered.update(_events(definition, event))
                gone.update(_gone(event))
    return Coverage(definition.workflow, goals_of(definition), frozenset(covered), {edge: gone[edge] for edge in _edges(definition)})


def _answers(watching: CompiledDefinition, notes: Notes, trace: Trace) -> Iterator[Key]:
    """What choices and guard lines answered, and for what the wish was refused."""
    decision = decide(watching, trace.before, trace.command, trace.facts)
    if isinstance(decision, Accepted):
        step = _asked_for(watching, trace)
        if step is not None and step.event is not None and step.event.name == trace.event:
            yield "transitions", (*step.path, "event")
        performed = {key[1] for event in decision.events for key in _events(watching, event) if key[0] == "transitions"}
        yield from (("choices", path) for path in notes.chosen)
        # A signature asks the same lines; only who performs the step shows it performed.
        yield from (("met", path) for path in notes.met if path[:-2] in performed)
        yield from (("unmet", path) for path in notes.unmet)  # of steps that the system could not perform
        return
    step = _asked_for(watching, trace)
    if step is not None:
        for reason in decision.reasons:
            yield from _refusal(step, reason)


def _asked_for(definition: CompiledDefinition, trace: Trace) -> CompiledStep | None:
    if isinstance(trace.command, OpenCase):
        return definition.starts.get(trace.command.start)
    if isinstance(trace.command, Fire) and trace.before is not None:
        return definition.states[trace.before.state].steps.get(trace.command.transition)
    return None


def _refusal(step: CompiledStep, reason: Reason) -> Iterator[Key]:
    if reason.code in ("not_authorised", "separation_of_duties"):
        yield reason.code, step.path
    elif reason.code == "guard_unmet":
        for index, line in enumerate(step.requires):
            if (line.that.text, line.say) == (reason.subject, reason.sentence):
                yield "unmet", (*step.path, "requires", index)


def _events(definition: CompiledDefinition, event: Event) -> Iterator[Key]:
    if isinstance(event, Opened):
        yield "transitions", definition.starts[event.start].path
        yield "states", event.to
    elif isinstance(event, Moved):
        yield "transitions", definition.states[event.source].steps[event.step].path
        if event.entered:
            yield "states", event.to
    elif isinstance(event, RungFired) and event.result in _FIRED:
        yield "rungs", event.clock, event.rung


def _gone(event: Event) -> Iterator[Edge]:
    if isinstance(event, Opened):
        yield BIRTH, event.start, event.to
    elif isinstance(event, Moved):
        yield event.source, event.step, event.to


def _edges(definition: CompiledDefinition) -> Iterator[Edge]:
    for start in definition.starts.values():
        yield from ((BIRTH, start.id, target) for target in start.to.values())
    for name, state in definition.states.items():
        for step in state.steps.values():
            yield from ((name, step.id, name if target == STAY else target) for target in step.to.values())
