"""Guards: every line of `requires` is evaluated, never stopping at the first; each unmet one explains itself."""

from __future__ import annotations

from collections.abc import Collection

from engine.core.compiled import CompiledDefinition, CompiledStep, GuardRule
from engine.core.decision import Check, Reason
from engine.core.expression import Environment


def unmet(
    definition: CompiledDefinition, step: CompiledStep, environment: Environment, unreadable: Collection[str] = ()
) -> tuple[Reason, ...]:
    """A reason for each line that is false or missing.

    Lines that read a field of `unreadable` – its value was refused, or is not yet known – are left out: their verdict
    would speak of a value nobody gave.
    """
    return tuple(
        _reason(rule, environment)
        for rule in step.requires
        if rule.that.evaluate(environment) is not True and not (unreadable and definition.reads(rule.that) & set(unreadable))
    )


def lines(definition: CompiledDefinition, step: CompiledStep, environment: Environment, unknown: Collection[str]) -> tuple[Check, ...]:
    """Every line, with the values that decided it; one that reads a field of `unknown` has no verdict."""
    return tuple(_line(definition, rule, environment, frozenset(unknown)) for rule in step.requires)


def _line(definition: CompiledDefinition, rule: GuardRule, environment: Environment, unknown: frozenset[str]) -> Check:
    if definition.reads(rule.that) & unknown:
        return Check("guard", rule.say, None, subject=rule.that.text)
    holds = rule.that.evaluate(environment) is True
    reason = None if holds else _reason(rule, environment)
    values = reason.values if reason is not None else rule.that.explain(environment)[0]
    return Check("guard", rule.say, holds, reason, values, subject=rule.that.text)


def _reason(rule: GuardRule, environment: Environment) -> Reason:
    values, missing = rule.that.explain(environment)
    return Reason("guard_unmet", rule.say, subject=rule.that.text, values=values, missing=missing)
