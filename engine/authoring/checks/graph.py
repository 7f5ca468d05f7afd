"""Checks the graph of states: every state can be reached, and every case can come to an end.

Works on where steps may lead, not on whether their conditions can hold (that is the guard family).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.problem import Path, Problem
from engine.label import Label

Edges = Mapping[str, tuple[tuple[str, str], ...]]
"""state → (step, state it leads to); steps that stay are left out."""


def edges_of(definition: CompiledDefinition) -> Edges:
    """Where each state's steps may lead."""
    return {
        name: tuple((step.id, target) for step in state.steps.values() for target in _targets(step))
        for name, state in definition.states.items()
    }


def _targets(step: CompiledStep) -> tuple[str, ...]:
    return tuple(target for target in step.to.values() if target != STAY)


def check_graph(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """Unreachable states, traps with the shortest way in, no end at all, and devices that stay in the house."""
    edges = edges_of(definition)
    entries = [(step.id, target) for step in definition.starts.values() for target in step.to.values()]
    ways = shortest_ways(entries, edges)
    finals = frozenset(name for name, state in definition.states.items() if state.outcome is not None)
    problems = [_unreachable(name) for name in _beginnings([name for name in definition.states if name not in ways], edges)]
    if not finals:
        sentence = Label("没有终态：工单永远无法结束", "no state is final: a case could never end")
        return (
            *problems,
            Problem(
                "no-final-state",
                ("states",),
                sentence,
                Label("为一个状态写明 final: success。", "Give a state “final: success”."),
                of_key=True,
            ),
        )
    dead = _dead(definition)
    edges = {name: tuple(edge for edge in steps if (name, edge[0]) not in dead) for name, steps in edges.items()}
    ending = _leading_to(finals, edges)
    problems.extend(_trap(name, ways[name]) for name in _endings([name for name in ways if name not in ending], edges))
    told = frozenset(each for each in dead if each[0] in ending)
    return (*problems, *_never_performed(definition, told), *_left_behind(definition, edges))


def _dead(definition: CompiledDefinition) -> frozenset[tuple[str, str]]:
    """(state, step) for each step that only a clock performs, in a state where no clock that fires it runs."""
    fired = {
        (state, rung.fire)
        for rule in definition.clocks.values()
        for rung in rule.ladder
        if rung.fire is not None
        for state in rule.states - rule.pauses
    }
    return frozenset(
        (name, step.id)
        for name, state in definition.states.items()
        for step in state.steps.values()
        if step.when is None and {right.kind for right in step.by} == {"system"} and (name, step.id) not in fired
    )


def _never_performed(definition: CompiledDefinition, dead: frozenset[tuple[str, str]]) -> Iterator[Problem]:
    places: dict[Path, list[str]] = {}
    for name, step in sorted(dead):
        places.setdefault(definition.states[name].steps[step].path, []).append(name)
    for path, states in places.items():
        sentence = Label("在“{states}”没有时限触发它：永不执行", "in “{states}” no clock that fires it runs: it is never performed there")
        way_out = Label("让触发它的时限在该状态计时，或去掉这个状态。", "Let the clock that fires it run there, or leave the state out.")
        yield Problem("dead-transition", path, sentence.fill(states=", ".join(states)), way_out, of_key=True)


def shortest_ways(
    entries: Iterable[tuple[str, str]], edges: Edges, passable: Callable[[str], bool] = lambda _: True
) -> dict[str, tuple[str, ...]]:
    """state → the shortest chain of steps that leads into it; breadth first, so the first way found is the shortest."""
    ways: dict[str, tuple[str, ...]] = {}
    queue: deque[tuple[str, tuple[str, ...]]] = deque((target, (step,)) for step, target in entries)
    while queue:
        state, way = queue.popleft()
        if state in ways or not passable(state):
            continue
        ways[state] = way
        queue.extend((target, (*way, step)) for step, target in edges[state])
    return ways


def _leading_to(finals: frozenset[str], edges: Edges) -> frozenset[str]:
    ending = set(finals)
    grown = True
    while grown:
        more = {state for state, steps in edges.items() if state not in ending and any(target in ending for _, target in steps)}
        ending |= more
        grown = bool(more)
    return frozenset(ending)


def _beginnings(states: Sequence[str], edges: Edges) -> Iterator[str]:
    """Of states that nothing leads to, those from which the others are reached: one of each circle. The rest is no mistake of its own."""
    reached = _reached(states, edges)
    told: list[str] = []
    for name in states:
        if all(other in reached[name] for other in states if name in reached[other]) and not any(name in reached[each] for each in told):
            told.append(name)
            yield name


def _endings(states: Sequence[str], edges: Edges) -> Iterator[str]:
    """Of states without an end, those in which all ways stop: one of each circle. What only leads there is no mistake of its own."""
    reached = _reached(states, edges)
    told: list[str] = []
    for name in states:
        if all(name in reached[other] for other in reached[name]) and not any(name in reached[each] for each in told):
            told.append(name)
            yield name


def _reached(states: Sequence[str], edges: Edges) -> Mapping[str, frozenset[str]]:
    """state → these states that can be reached from it, itself included."""
    return {name: frozenset(shortest_ways([("", name)], edges)) & frozenset(states) for name in states}


def _unreachable(name: str) -> Problem:
    return Problem(
        "unreachable-state",
        ("states", name),
        Label("没有路径通往状态“{name}”", "no way leads to state “{name}”").fill(name=name),
        Label("让某个步骤的 to 指向它，或删除它。", "Let the “to” of some step name it, or delete it."),
        of_key=True,
    )


def _trap(name: str, way: tuple[str, ...]) -> Problem:
    sentence = Label("工单进入“{name}”后无法结束；最短路径：{way}", "a case that enters “{name}” can never end; the shortest way in: {way}")
    return Problem(
        "trap-state",
        ("states", name),
        sentence.fill(name=name, way=" → ".join(way)),
        Label("加一个通往终态的步骤，或写明 final。", "Add a step that leads on to a final state, or make it “final”."),
        of_key=True,
    )


def _left_behind(definition: CompiledDefinition, edges: Edges) -> tuple[Problem, ...]:
    """Ends that a received device can reach without passing a state of the phase `return`."""
    phases = {name: state.phase for name, state in definition.states.items()}
    if definition.subject is None or "return" not in phases.values():
        return ()
    received = [((), name) for name, phase in phases.items() if phase == "receive"]
    ways = shortest_ways([("…", name) for _, name in received], edges, lambda state: phases[state] != "return")
    sentence = Label(
        "可不经“归还”阶段到达终态“{name}”（{way}）：客户的物品会留在店里",
        "the end “{name}” can be reached without the phase “return” ({way}): the customer's property stays in the house",
    )
    return tuple(
        Problem("device-left-behind", ("states", name), sentence.fill(name=name, way=" → ".join(ways[name][1:])), of_key=True)
        for name, state in definition.states.items()
        if state.outcome is not None and name in ways
    )
