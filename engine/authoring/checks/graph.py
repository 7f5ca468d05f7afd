"""Checks the graph of states: every state can be reached, and every case can come to an end.

Works on where steps may lead, not on whether their conditions can hold (that is the guard family).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.problem import Problem
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
    ways = _shortest_ways(entries, edges)
    finals = frozenset(name for name, state in definition.states.items() if state.outcome is not None)
    problems = [_unreachable(name) for name in definition.states if name not in ways]
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
    ending = _leading_to(finals, edges)
    problems.extend(_trap(name, ways[name]) for name in definition.states if name in ways and name not in ending)
    return (*problems, *_left_behind(definition, edges))


def _shortest_ways(
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


def _unreachable(name: str) -> Problem:
    return Problem(
        "unreachable-state",
        ("states", name),
        Label("没有步骤通往状态“{name}”", "no step leads to state “{name}”").fill(name=name),
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
    ways = _shortest_ways([("…", name) for _, name in received], edges, lambda state: phases[state] != "return")
    sentence = Label(
        "可不经“归还”阶段到达终态“{name}”（{way}）：客户的物品会留在店里",
        "the end “{name}” can be reached without the phase “return” ({way}): the customer's property stays in the house",
    )
    return tuple(
        Problem("device-left-behind", ("states", name), sentence.fill(name=name, way=" → ".join(ways[name][1:])), of_key=True)
        for name, state in definition.states.items()
        if state.outcome is not None and name in ways
    )
