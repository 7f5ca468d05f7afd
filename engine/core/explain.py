"""Options: each step of a case as one actor sees it now – allowed, or every reason why not, and what it will ask for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.authority import admit, separate
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.form import Ask
from engine.core.guard import unmet
from engine.core.perform import Before, environment_of
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Option:
    """One step. `conditions` are the sentences that depend on the form and are therefore still open."""

    step: str
    title: Label
    allowed: bool
    reasons: tuple[Reason, ...]
    asks: tuple[Ask, ...]
    shows: tuple[str, ...]
    needs_reason: bool
    conditions: tuple[Label, ...]


def options(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[Option, ...]:
    """Every step of the present state, in the order of the document."""
    return tuple(_option(definition, case, step, facts) for step in definition.states[case.state].steps.values())


def _option(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> Option:
    lineage = facts.lineage(case.unit)
    before = Before.of(case)
    acting, reasons = admit(definition, step, case.data, case.assignee, facts, lineage)
    asked = frozenset(ask.field.id for ask in step.form.asks)
    known = {name: value for name, value in case.data.items() if name not in asked}
    reasons += separate(definition, step, known, case.performed, case.assignee, facts)
    # What the form will fill is not known yet: those lines are conditions, not refusals.
    reasons += unmet(definition, step, environment_of(definition, before, facts, acting, case.data), asked)
    conditions = tuple(rule.say for rule in step.requires if definition.reads(rule.that) & asked)
    return Option(step.id, step.title, not reasons, reasons, step.form.asks, step.shows, step.reason_required, conditions)
