"""A definition that takes note: the same process, whose choices and guard lines write down what they answer while a decision is made.

Deciding is pure, so a decision made again by the watched definition is the one that was made, and nothing has to be evaluated twice
by rules of its own. Knows where in a document choices and lines stand, not what of them is worth covering (`coverage`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from engine.core.choosing import ByCases, BySwitch, Chosen, Fixed
from engine.core.compiled import Approvals, ChildRule, ClockRule, CompiledDefinition, CompiledState, CompiledStep, GuardRule
from engine.core.compiling.computed import place_of
from engine.core.expression import Environment
from engine.core.kind import Value
from engine.core.problem import Path
from engine.core.telling import NoticeRule

T = TypeVar("T")


@dataclass(slots=True)
class Notes:
    """What was answered so far, by the places of branches (`branches_of`) and of lines of `requires`."""

    chosen: set[Path] = field(default_factory=set)
    met: set[Path] = field(default_factory=set)
    unmet: set[Path] = field(default_factory=set)

    def clear(self) -> None:
        """Forget all of it."""
        for answers in (self.chosen, self.met, self.unmet):
            answers.clear()


class Visitor(Protocol):
    """What is done with each choice and each guard line; gives what is to stand in its place."""

    def choice(self, path: Path, rule: Chosen[T]) -> Chosen[T]:
        """A choice; a value that is always the same is none."""

    def line(self, path: Path, rule: GuardRule) -> GuardRule:
        """A line of `requires`."""


def branches_of(path: Path, rule: Chosen[T]) -> Mapping[Path, T]:
    """The place of each branch of a choice → what comes out of it; nothing for a value that is always the same."""
    if isinstance(rule, BySwitch):
        return {(*path, "is", choice): value for choice, value in rule.cases.items()}
    if isinstance(rule, Fixed):
        return {}
    found: dict[Path, T] = {(*path, index): value for index, (_, value) in enumerate(rule.branches)}
    if rule.otherwise is not None:
        found[(*path, len(rule.branches))] = rule.otherwise
    return found


def watched(definition: CompiledDefinition, notes: Notes) -> CompiledDefinition:
    """The same definition, which writes into `notes` while it decides."""
    return rebuilt(definition, _Watcher(notes))


def rebuilt(definition: CompiledDefinition, visitor: Visitor) -> CompiledDefinition:
    """The definition with each choice and each guard line exchanged for what the visitor makes of it."""
    known: dict[Path, CompiledStep] = {}  # a step of `anywhere` stands in many states

    def step_of(step: CompiledStep) -> CompiledStep:
        if step.path not in known:
            known[step.path] = _step(step, visitor)
        return known[step.path]

    return replace(
        definition,
        starts={name: step_of(step) for name, step in definition.starts.items()},
        states={name: _state(state, step_of) for name, state in definition.states.items()},
        computed=tuple((name, visitor.choice(place_of(name), rule)) for name, rule in definition.computed),
        clocks={name: _clock(rule, visitor) for name, rule in definition.clocks.items()},
    )


def _state(state: CompiledState, step_of: Callable[[CompiledStep], CompiledStep]) -> CompiledState:
    steps = {name: step_of(step) for name, step in state.steps.items()}
    return replace(state, steps=steps, automatic=tuple(steps[step.id] for step in state.automatic))


def _step(step: CompiledStep, visitor: Visitor) -> CompiledStep:
    path = step.path
    return replace(
        step,
        requires=tuple(visitor.line((*path, "requires", index), line) for index, line in enumerate(step.requires)),
        sets=tuple((name, visitor.choice((*path, "set", *name.split(".")), rule)) for name, rule in step.sets),
        assign=None if step.assign is None else visitor.choice((*path, "assign"), step.assign),
        to=visitor.choice((*path, "to"), step.to),
        notify=tuple(_notice(rule, (*path, "notify", index), visitor) for index, rule in enumerate(step.notify)),
        starts=tuple(_child(rule, visitor) for rule in step.starts),
        approvals=None if step.approvals is None else _approvals(step.approvals, (*path, "approvals"), visitor),
    )


def _notice(rule: NoticeRule, path: Path, visitor: Visitor) -> NoticeRule:
    return replace(rule, template=visitor.choice((*path, "template"), rule.template))


def _child(rule: ChildRule, visitor: Visitor) -> ChildRule:
    return replace(rule, values=tuple((name, visitor.choice((*rule.path, "with", name), chosen)) for name, chosen in rule.values))


def _approvals(approvals: Approvals, path: Path, visitor: Visitor) -> Approvals:
    return replace(approvals, at_least=visitor.choice((*path, "at_least"), approvals.at_least))


def _clock(rule: ClockRule, visitor: Visitor) -> ClockRule:
    ladder = tuple(rung if rung.notice is None else replace(rung, notice=_notice(rung.notice, rung.path, visitor)) for rung in rule.ladder)
    return replace(rule, limit=None if rule.limit is None else visitor.choice((*rule.path, "limit"), rule.limit), ladder=ladder)


class _Watcher:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def choice(self, path: Path, rule: Chosen[T]) -> Chosen[T]:
        if isinstance(rule, ByCases):
            return _Cases(rule.branches, rule.otherwise, path=path, notes=self._notes)
        return _Switch(rule.field, rule.cases, path=path, notes=self._notes) if isinstance(rule, BySwitch) else rule

    def line(self, path: Path, rule: GuardRule) -> GuardRule:
        evaluate, notes = rule.that.evaluate, self._notes

        def noting(environment: Environment) -> Value | None:
            answer = evaluate(environment)
            (notes.met if answer is True else notes.unmet).add(path)
            return answer

        return replace(rule, that=replace(rule.that, evaluate=noting))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cases(ByCases[T]):
    path: Path
    notes: Notes

    def applying(self, environment: Environment) -> tuple[T, ...]:
        found = ByCases.applying(self, environment)
        if len(found) == 1:
            hits = (index for index, (when, _) in enumerate(self.branches) if when.evaluate(environment) is True)
            self.notes.chosen.add((*self.path, next(hits, len(self.branches))))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Switch(BySwitch[T]):
    path: Path
    notes: Notes

    def applying(self, environment: Environment) -> tuple[T, ...]:
        found = BySwitch.applying(self, environment)
        if found:
            self.notes.chosen.add((*self.path, "is", str(environment.data[self.field])))
        return found
