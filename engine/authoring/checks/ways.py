"""Ways through a process, with what is known of its yes-or-no and choice fields on each: which steps are open, and where they lead.

A way that this offers may still be impossible; one that it does not offer is. Every answer is remembered, since many walks ask the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.authoring.checks.reading import Reading, readings
from engine.authoring.proof.known import Fact, Known, learned, outcome_of
from engine.core.choosing import ByCases, BySwitch, Fixed
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.core.expression import Expression
from engine.core.expression.term import Constant
from engine.core.problem import Path

_FOLLOWED = frozenset({"boolean", "choice"})


class Ways:
    """The ways of one definition."""

    def __init__(self, definition: CompiledDefinition) -> None:
        self.definition = definition
        self._steps = {name: tuple(state.steps.values()) for name, state in definition.states.items()}
        self._readings: dict[Path, tuple[Reading, ...]] = {}
        self._onward: dict[tuple[str, Known], tuple[tuple[CompiledStep, tuple[tuple[str, Known], ...]], ...]] = {}

    def onward(self, state: str, known: Known) -> tuple[tuple[CompiledStep, tuple[tuple[str, Known], ...]], ...]:
        """Each step that may be open in a state, with the states it may lead to and what is known there."""
        key = (state, known)
        if key not in self._onward:
            self._onward[key] = tuple(
                (step, tuple(self.leaving(state, step, known))) for step in self._steps[state] if _is_open(step, known)
            )
        return self._onward[key]

    def readings(self, step: CompiledStep) -> tuple[Reading, ...]:
        """The places of a step that read fields."""
        if step.path not in self._readings:
            self._readings[step.path] = tuple(readings(step))
        return self._readings[step.path]

    def leaving(self, state: str, step: CompiledStep, known: Known) -> Iterator[tuple[str, Known]]:
        """(the state a step leads to, what is known there) for each of its ways."""
        for target, after in self._targets(step, self.after(step, known)):
            yield state if target == STAY else target, after

    def after(self, step: CompiledStep, known: Known) -> Known:
        """What is known when form, guards and `set` are through."""
        known = self.holding((line.that for line in step.requires), forgotten(known, step.form.names))
        for name, rule in step.sets:
            known = forgotten(known, frozenset({name}))
            if isinstance(rule, Fixed) and isinstance(rule.value.tree, Constant):
                known = self._put(known, (name, rule.value.tree.value, True))
        for name in step.clears:
            known = self._put(known, (name, None, True))
        return known

    def holding(self, conditions: Iterable[Expression], known: Known, outcome: bool = True) -> Known:
        """What is known besides when conditions have an outcome."""
        for condition in conditions:
            for fact in learned(condition.tree, outcome):
                known = self._put(known, fact)
        return known

    def _targets(self, step: CompiledStep, known: Known) -> Iterator[tuple[str, Known]]:
        if isinstance(step.to, Fixed):
            yield step.to.value, known
        elif isinstance(step.to, BySwitch):
            for choice, target in step.to.cases.items():
                if (step.to.field, choice, False) not in known and not any(
                    name == step.to.field and is_so and value != choice for name, value, is_so in known
                ):
                    yield target, self._put(known, (step.to.field, choice, True))
        elif isinstance(step.to, ByCases):
            answers = [outcome_of(when.tree, known) for when, _ in step.to.branches]
            for answer, (when, target) in zip(answers, step.to.branches, strict=True):
                if answer is not False:
                    yield target, self.holding([when], known)
            if step.to.otherwise is not None and True not in answers:
                yield step.to.otherwise, self.holding((when for when, _ in step.to.branches), known, outcome=False)

    def _put(self, known: Known, fact: Fact) -> Known:
        name, _, is_so = fact
        # A calculated field changes with what it is calculated from.
        if name not in self.definition.kinds or self.definition.kinds[name].name not in _FOLLOWED or name in self.definition.depends:
            return known
        if is_so:
            return forgotten(known, frozenset({name})) | {fact}
        return known if any(each == name and so for each, _, so in known) else known | {fact}


def forgotten(known: Known, names: frozenset[str]) -> Known:
    """Without what was known of fields that are filled anew."""
    return frozenset(each for each in known if each[0] not in names) if names else known


def _is_open(step: CompiledStep, known: Known) -> bool:
    """Whether what is known leaves the step possible; of what its form asks nothing is known yet."""
    if step.when is not None and outcome_of(step.when.tree, known) is False:
        return False
    left = forgotten(known, step.form.names)
    return all(outcome_of(line.that.tree, left) is not False for line in step.requires)
