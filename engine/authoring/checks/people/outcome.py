"""The outcomes of a step: where it may lead, and what it may put into the person fields, as far as its conditions tie the two together.

What is chosen by the same conditions, or by the same field, is chosen together; everything else is taken to be independent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from engine.core.choosing import ByCases, BySwitch, Chosen
from engine.core.compiled import CompiledStep
from engine.core.expression import Expression


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a step may end: the target, and what is set."""

    to: str
    sets: tuple[tuple[str, Expression], ...]


def outcomes(step: CompiledStep, fields: Collection[str]) -> Iterator[Outcome]:
    """Every way in which the step may end; of what it sets only these fields matter."""
    sets = [(name, rule) for name, rule in step.sets if name in fields]
    deciders = list(dict.fromkeys(_decider(rule) for rule in (step.to, *(rule for _, rule in sets))))
    sizes = {_decider(rule): len(rule.values()) for rule in (step.to, *(rule for _, rule in sets))}
    seen: set[tuple[object, ...]] = set()
    for choice in product(*(range(sizes[decider]) for decider in deciders)):
        chosen = dict(zip(deciders, choice, strict=True))
        to = step.to.values()[chosen[_decider(step.to)]]
        given = tuple((name, rule.values()[chosen[_decider(rule)]]) for name, rule in sets)
        told = (to, *(value.text for _, value in given))
        if told not in seen:
            seen.add(told)
            yield Outcome(to, given)


def _decider(rule: Chosen[str] | Chosen[Expression]) -> tuple[object, ...]:
    """What a choice depends on: rules with the same answer choose together."""
    if isinstance(rule, ByCases):
        return (*(when.text for when, _ in rule.branches), rule.otherwise is not None)
    return (rule.field, *rule.cases) if isinstance(rule, BySwitch) else ()
