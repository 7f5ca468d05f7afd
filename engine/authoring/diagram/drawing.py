"""What there is to draw of a process: states by phase, steps with whoever may take them, clocks – from the definition alone.

Everything is in words already. Must not know where anything will stand, nor in which form it is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.diagram.condition import in_words
from engine.core.authority import titled
from engine.core.choosing import ByCases, BySwitch, Chosen
from engine.core.compiled import STAY, ClockRule, CompiledDefinition, CompiledStep
from engine.core.machine import BIRTH
from engine.definition.phase import PHASES
from engine.label import Label, joined, listed, verbatim

FEW = 3
"""Up to so many states, a step of `anywhere` and a clock are drawn at each – unless these are all that are open."""

END = "end"
"""The band of the final states; no phase has this name."""

_NO_PHASE = Label("办理中", "open")
_ENDS = Label("结束", "end")
_ANY = Label("任一未结状态", "any open state")
_ANY_BUT = Label("任一未结状态，除{states}", "any open state but {states}")
_ANY_OF = Label("{states}", "{states}")
_ELSE = Label("否则", "otherwise")

WAITS = {
    "customer": Label("等客户", "waits for the customer"),
    "parts": Label("等备件", "waits for parts"),
    "third-party": Label("等第三方", "waits for a third party"),
}
OUTCOMES = {"success": Label("成功", "success"), "failure": Label("未成功", "failure"), "abandoned": Label("放弃", "abandoned")}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock where it counts, or stands (`is_paused`)."""

    id: str
    title: Label
    limit: Label
    """How long, or until when."""
    is_legal: bool
    is_paused: bool = False
    where: Label | None = None
    """The states in which it counts, where these are too many to show it at each."""
    pauses: Label | None = None
    """Those in which it stands, if any; only with `where`."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state."""

    id: str
    title: Label
    waits_on: Label | None
    outcome: str | None
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step leads, and when; `target` is None where the case stays."""

    target: str | None
    when: Label | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step out of one state, out of many – drawn once –, or into the process."""

    id: str
    title: Label
    sources: tuple[str, ...]
    """The states it leads out of; for a start `core.machine.BIRTH` alone."""
    out_of: Label | None
    """These states in words, where the step is drawn once for many."""
    who: Label
    when: Label | None
    """An automatic step: as soon as this holds."""
    clocks: tuple[Label, ...]
    """The clocks of which a rung performs it."""
    opens: tuple[Label, ...]
    """The children it may open."""
    signatures: Label | None
    ways: tuple[Way, ...]

    @property
    def is_start(self) -> bool:
        """Whether it opens a case."""
        return self.sources == (BIRTH,)

    @property
    def stays(self) -> bool:
        """Whether it never leads to another state."""
        return all(way.target is None for way in self.ways)


@dataclass(frozen=True, slots=True)
class Band:
    """The states of one phase, in the order of the document."""

    phase: str
    title: Label
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A process, ready to be drawn."""

    workflow: str
    version: int
    title: Label
    bands: tuple[Band, ...]
    nodes: Mapping[str, Node]
    steps: tuple[Step, ...]
    """Starts first, then those of each state, then those of many."""
    clocks: tuple[Clock, ...]
    """Those that count in many states."""

    def leaving(self, state: str) -> Iterator[Step]:
        """The steps that are drawn at this state."""
        return (step for step in self.steps if step.sources == (state,) and step.out_of is None)

    @property
    def spanning(self) -> tuple[Step, ...]:
        """The steps that are drawn once for many states."""
        return tuple(step for step in self.steps if step.out_of is not None)


def draw(definition: CompiledDefinition) -> Drawing:
    """The drawing of a process."""
    return Drawing(
        definition.workflow,
        definition.version,
        definition.title,
        tuple(_bands(definition)),
        {name: _node(definition, name) for name in definition.states},
        tuple(_steps(definition)),
        tuple(
            _clock(definition, rule, where=_spread(definition, rule.states))
            for rule in definition.clocks.values()
            if _are_many(definition, rule.states)
        ),
    )


def _bands(definition: CompiledDefinition) -> Iterator[Band]:
    phases: dict[str | None, list[str]] = {}
    for name in _open(definition):
        phases.setdefault(definition.states[name].phase, []).append(name)
    for phase, states in phases.items():
        yield Band(phase or "", PHASES[phase] if phase is not None else _NO_PHASE, tuple(states))
    ends = tuple(state.id for state in definition.states.values() if state.outcome is not None)
    if ends:
        yield Band(END, _ENDS, ends)


def _node(definition: CompiledDefinition, name: str) -> Node:
    state = definition.states[name]
    clocks = [rule for rule in definition.clocks.values() if name in rule.states and not _are_many(definition, rule.states)]
    shown = tuple(_clock(definition, rule, is_paused=name in rule.pauses) for rule in clocks)
    return Node(name, state.title, WAITS[state.waits_on] if state.waits_on is not None else None, state.outcome, shown)


def _open(definition: CompiledDefinition) -> list[str]:
    return [name for name, state in definition.states.items() if state.outcome is None]


def _are_many(definition: CompiledDefinition, states: Collection[str]) -> bool:
    return len(states) > FEW or (len(states) > 1 and set(states) == set(_open(definition)))


def _clock(definition: CompiledDefinition, rule: ClockRule, *, is_paused: bool = False, where: Label | None = None) -> Clock:
    pauses = listed(definition.states[name].title for name in definition.states if name in rule.pauses)
    return Clock(rule.id, rule.title, _limit(definition, rule), rule.legal, is_paused, where, pauses if rule.pauses and where else None)


def _limit(definition: CompiledDefinition, rule: ClockRule) -> Label:
    if rule.limit is None and rule.due is not None:
        return Label("至“{field}”", "until “{field}”").fill(field=definition.fields[rule.due].title)
    lengths = dict.fromkeys(in_words(each) for each in rule.limit.values()) if rule.limit is not None else ()
    return _either(lengths)


def _steps(definition: CompiledDefinition) -> Iterator[Step]:
    for start in definition.starts.values():
        yield _step(definition, start, (BIRTH,))
    spanning: dict[str, list[str]] = {}
    for name, state in definition.states.items():
        for step in state.steps.values():
            if step.path[:1] == ("anywhere",):
                spanning.setdefault(step.id, []).append(name)
            else:
                yield _step(definition, step, (name,))
    for name, sources in spanning.items():
        step = definition.states[sources[0]].steps[name]
        if _are_many(definition, sources):
            yield _step(definition, step, tuple(sources), _spread(definition, sources))
        else:
            yield from (_step(definition, step, (source,)) for source in sources)


def _step(definition: CompiledDefinition, step: CompiledStep, sources: tuple[str, ...], out_of: Label | None = None) -> Step:
    fired = tuple(rule.title for rule in definition.clocks.values() if any(rung.fire == step.id for rung in rule.ladder))
    opens = tuple(dict.fromkeys(definition.aliases[child.alias].title for child in step.starts))
    signatures = Label("{n} 人会签", "{n} to sign").fill(n=_numbers(step.approvals.at_least)) if step.approvals is not None else None
    return Step(
        step.id,
        step.title,
        sources,
        out_of,
        listed(titled(definition, right.name) for right in step.by),
        in_words(step.when) if step.when is not None else None,
        fired,
        opens,
        signatures,
        tuple(_ways(definition, step, sources)),
    )


def _ways(definition: CompiledDefinition, step: CompiledStep, sources: Sequence[str]) -> Iterator[Way]:
    """One for each target; where the target is chosen, with all the cases in which it is."""
    cases: dict[str | None, list[Label]] = {}
    for target, when in _cases(definition, step):
        stays = target == STAY or (len(sources) == 1 and target == sources[0])
        cases.setdefault(None if stays else target, []).append(when)
    for name, conditions in cases.items():
        yield Way(name, _either(conditions) if len(cases) > 1 else None)


def _cases(definition: CompiledDefinition, step: CompiledStep) -> list[tuple[str, Label]]:
    rule = step.to
    if isinstance(rule, ByCases):
        last = [(rule.otherwise, _ELSE)] if rule.otherwise is not None else []
        return [*((target, in_words(when)) for when, target in rule.branches), *last]
    if isinstance(rule, BySwitch):
        titles = definition.fields[rule.field].choices or {}
        return [(target, titles.get(choice, verbatim(choice))) for choice, target in rule.cases.items()]
    return [(rule.value, verbatim(""))]


def _spread(definition: CompiledDefinition, states: Iterable[str]) -> Label:
    """Many states in as few words as possible."""
    chosen, still_open = set(states), _open(definition)
    others = [name for name in still_open if name not in chosen]
    if not chosen <= set(still_open) or len(others) >= len(chosen):
        return _ANY_OF.fill(states=_titles(definition, [name for name in definition.states if name in chosen]))
    return _ANY_BUT.fill(states=_titles(definition, others)) if others else _ANY


def _titles(definition: CompiledDefinition, states: Iterable[str]) -> Label:
    return listed(definition.states[name].title for name in states)


def _numbers(chosen: Chosen[int]) -> str:
    return " / ".join(dict.fromkeys(map(str, chosen.values())))


def _either(labels: Iterable[Label]) -> Label:
    return joined(labels, verbatim(" / "))
