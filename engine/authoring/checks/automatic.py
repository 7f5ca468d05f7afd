"""Checks that automatic steps come to rest. Works on where they lead; whether two of them can apply at once is a question of `guard`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.expression.term import StepFact, leaves
from engine.core.problem import Problem
from engine.label import Label


def check_automatic(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """Automatic moves that never come to rest."""
    return tuple(dict.fromkeys(_endless(definition)))


def _endless(definition: CompiledDefinition) -> Iterator[Problem]:
    moves = {name: [(step, target) for step in state.automatic for target in step.to.values()] for name, state in definition.states.items()}
    told: set[frozenset[str]] = set()
    for name, found in moves.items():
        for step, target in found:
            if target == STAY:
                if _changes_nothing(definition, step):
                    yield _problem(step, (name, name))
            elif (way := _way(moves, target, name)) is not None and frozenset(way) not in told:
                told.add(frozenset(way))
                yield _problem(step, (name, *way))


def _changes_nothing(definition: CompiledDefinition, step: CompiledStep) -> bool:
    """Whether a step that stays leaves everything that its condition reads as it is, so that it would be performed again and again."""
    if step.when is None or step.starts or step.assign is not None:
        return False
    written = {name.partition(".")[0] for name, _ in step.sets}.union(step.clears)
    asks_itself = any(isinstance(leaf, StepFact) and leaf.step == step.id for leaf in leaves(step.when.tree))
    return not asks_itself and not definition.reads(step.when) & written


def _way(moves: dict[str, list[tuple[CompiledStep, str]]], origin: str, end: str) -> tuple[str, ...] | None:
    """The shortest chain of states from one to another by automatic steps, both included."""
    ways: list[tuple[str, ...]] = [(origin,)]
    seen: set[str] = set()
    for way in ways:  # grows while it is walked
        if way[-1] == end:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, target) for _, target in moves[way[-1]] if target != STAY]
    return None


def _problem(step: CompiledStep, states: tuple[str, ...]) -> Problem:
    sentence = Label("自动步骤没有尽头：{states}", "automatic steps without an end: {states}").fill(states=" → ".join(states))
    way_out = Label("让其中一步由人执行。", "Let a person perform one of these steps.")
    return Problem("automatic-endless", (*step.path, "to"), sentence, way_out)
